"""One set of type names for all tools: what each calls its findings, mapped by the words of the name, first rule first."""

import re
from typing import Final

from benchmarks.sensitive.logs import PERSONAL, SECRET

OTHER: Final = "other"
"""A name that no rule knows; the page lists such names."""
NO_SECRET: Final = "no secret"
"""What a secret scanner says about something that is none, such as an address of a machine."""

_SECRETS: Final = (
    (NO_SECRET, "public ip", "ipv4", "ipv6"),
    ("private_key", "private key", "pem", "jwk", "age identity", "age secret", "ssh key", "putty", "pkcs"),
    ("jwt", "jwt", "json web token"),
    ("token", "webhook"),
    (
        "url_credentials",
        *(
            "connection string",
            "connection uri",
            "uri",
            "url",
            "basic auth",
            "basic authentication",
            "odbc",
            "jdbc",
            "dsn",
        ),
        *("curl auth user", "curl user", "auth user", "netrc", "credentials in"),
    ),
    (
        "cloud_key",
        *(
            "cloud key",
            "aws",
            "amazon",
            "azure",
            "gcp",
            "google",
            "alibaba",
            "aliyun",
            "tencent",
            "huawei",
            "baidu",
            "digitalocean",
        ),
        *("digital ocean", "ibm cloud", "ibm cos", "softlayer", "oci", "oracle cloud", "volcengine"),
    ),
    ("password", "password", "passwd", "passphrase", "pwd", "pass", "credential", "psexec"),
    ("token", ""),
)
_PERSONAL: Final = (
    ("email", "email", "mail"),
    ("ip_address", "ip", "ipv4", "ipv6", "ip address"),
    ("mac_address", "mac", "mac address"),
    ("url", "url", "uri", "domain"),
    ("uuid", "uuid", "guid"),
    ("date_of_birth", "birth", "dob", "birthday", "birthdate"),
    ("date_time", "date time", "date", "time"),
    ("crypto", "crypto", "wallet", "bitcoin", "btc"),
    ("iban", "iban"),
    ("medical_licence", "medical license", "medical licence", "npi", "lanr", "bsnr", "doctor"),
    ("health_id", "mbi", "nhs", "medicare", "health", "ihi", "insurance"),
    ("medical_record", "medical record", "mrn", "medical", "patient", "hospital"),
    ("driver_license", "driver", "driving", "drivers", "fuehrerschein"),
    ("passport", "passport", "permit", "travel"),
    ("license_plate", "plate", "vehicle", "kfz", "car registration"),
    (
        "organisation_id",
        *(
            "social credit",
            "uscc",
            "abn",
            "acn",
            "uen",
            "gstin",
            "brn",
            "organisationsnummer",
            "organisation",
            "organization",
        ),
        *("vat", "handelsregister", "company", "business", "credit code", "kvk", "siren", "siret", "lei"),
    ),
    ("national_id", "id card", "identity card", "resident card", "sin", "pan"),
    ("bank_card", "bank card", "credit card", "payment card", "debit card", "card", "card number"),
    ("bank_account", "bank account", "routing", "bank", "account", "swift", "bic", "sort code"),
    ("phone", "phone", "mobile", "landline", "telephone", "msisdn", "fax"),
    ("address", "address", "postcode", "postal", "zip", "plz", "street"),
    ("person", "person", "name", "person name"),
    (
        "national_id",
        *(
            "id",
            "ssn",
            "itin",
            "nino",
            "aadhaar",
            "cpf",
            "tin",
            "pesel",
            "nif",
            "nie",
            "dni",
            "rrn",
            "frn",
            "tfn",
            "nric",
            "nin",
            "traffic register",
        ),
        *(
            "fin",
            "tnin",
            "nir",
            "fiscal",
            "identity",
            "national",
            "tax",
            "resident",
            "social security",
            "voter",
            "insee",
        ),
        *("personnummer", "curp", "rfc", "my number", "snils", "inn", "personal identity", "identification", "citizen"),
    ),
)


def canonical(kind: str, name: str) -> str:
    """Our name for what a tool or a label calls `name`: the first rule of whose phrases one stands in it, word by word."""
    words = f" {' '.join(_words(name))} "
    for found, *phrases in _SECRETS if kind == SECRET else _PERSONAL:
        if any(not phrase or f" {phrase} " in words for phrase in phrases):
            return found
    return OTHER


def types(kind: str) -> tuple[str, ...]:
    """Every name of a kind, once, in the order of the rules."""
    rules = _SECRETS if kind == SECRET else _PERSONAL
    found = dict.fromkeys(name for name, *_ in rules)
    return tuple(name for name in found if name != NO_SECRET)


def _words(name: str) -> list[str]:
    """Lower-case words of "US_SSN", "aws-access-key", "PhoneNumber" or "JSON Web Token"."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.findall(r"[a-z0-9]+", spaced.lower())


__all__ = ["NO_SECRET", "OTHER", "PERSONAL", "SECRET", "canonical", "types"]
