"""What fills log lines and is neither secret nor personal: times, counters, digests, identifiers, masks, placeholders."""

import base64
from collections.abc import Callable
from random import Random
from typing import Final

from benchmarks.sensitive import check_digits
from benchmarks.sensitive.check_digits import words
from benchmarks.sensitive.credentials import ALNUM, HEX, URLSAFE, chars, uuid
from benchmarks.sensitive.names import FAMILY, GIVEN, MOBILES, REGIONS, SURNAMES
from benchmarks.sensitive.people import digits

Make = Callable[[Random], str]

_MONTHS: Final = words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
_HOSTS: Final = words("web-01 web-02 db-primary api-gw-3 ip-10-2-14-7 k8s-node-11 mail01 batch-7 edge-sh-02 his-app-01")
_SERVICES: Final = words("billing checkout accounts ledger gateway search notifier scheduler order-center user-center")
_PODS: Final = words("api worker ingress-nginx coredns payment-svc report-job")


def _pick(*choices: str) -> Make:
    return lambda random: random.choice(choices)


def _hex(count: int) -> Make:
    return lambda random: chars(random, count, HEX)


def _clock(random: Random) -> str:
    return f"{random.randint(0, 23):02d}:{random.randint(0, 59):02d}:{random.randint(0, 59):02d}"


def _day(random: Random) -> str:
    return f"2026-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"


def _iso(random: Random) -> str:
    return f"{_day(random)}T{_clock(random)}.{digits(random, 3)}Z"


def _syslog(random: Random) -> str:
    return f"{random.choice(_MONTHS)} {random.randint(1, 28):2d} {_clock(random)}"


def _clf(random: Random) -> str:
    return f"{random.randint(1, 28):02d}/{random.choice(_MONTHS)}/2026:{_clock(random)} +0000"


def _ip(random: Random) -> str:
    return f"{random.choice(('10', '172', '192'))}.{random.randint(0, 255)}.{random.randint(0, 255)}.{random.randint(1, 254)}"


def _epoch(random: Random) -> str:
    return str(random.randint(1_760_000_000, 1_795_000_000))


def _millis(random: Random) -> str:
    return _epoch(random) + digits(random, 3)


def _nanos(random: Random) -> str:
    return _epoch(random) + digits(random, 9)


def _luhn_id(random: Random) -> str:
    """Sixteen digits that pass Luhn's test by chance, as one in ten does."""
    body = random.choice(("2026", "4000", "5210", "6228", "9010")) + digits(random, 11)
    return body + check_digits.luhn(body)


def _long_id(random: Random) -> str:
    """A snowflake identifier: 18 or 19 digits."""
    return random.choice(("17", "18", "13", "15")) + digits(random, random.choice((16, 17)))


def _order(random: Random) -> str:
    """Date, time and a running number: 20 digits."""
    return f"2026{random.randint(1, 12):02d}{random.randint(1, 28):02d}{_clock(random).replace(':', '')}{digits(random, 6)}"


def _order18(random: Random) -> str:
    """Eighteen digits that hold a date where an identity number holds one, but with a wrong check digit."""
    body = (
        f"110105{random.randint(1960, 2005)}{random.randint(1, 12):02d}{random.randint(1, 28):02d}{digits(random, 3)}"
    )
    right = check_digits.resident_card(body)
    return body + random.choice([d for d in "0123456789" if d != right])


def _version(random: Random) -> str:
    return f"{random.randint(0, 12)}.{random.randint(0, 40)}.{random.randint(0, 20)}"


def _image(random: Random) -> str:
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    return "data:image/png;base64," + base64.b64encode(head + random.randbytes(random.randint(40, 90))).decode()


def _public_key(random: Random) -> str:
    body = b"\x00\x00\x00\x07ssh-rsa\x00\x00\x00\x03\x01\x00\x01" + random.randbytes(150)
    return "ssh-rsa " + base64.b64encode(body).decode()


def _public_pem(random: Random) -> str:
    lines = [base64.b64encode(random.randbytes(48)).decode() for _ in range(3)]
    name = random.choice(("PUBLIC KEY", "CERTIFICATE"))
    return "\n".join([f"-----BEGIN {name}-----", *lines, f"-----END {name}-----"])


def _masked_phone(random: Random) -> str:
    return f"{random.choice(MOBILES)}****{digits(random, 4)}"


def _masked_resident(random: Random) -> str:
    region = random.choice(REGIONS)[0]
    return random.choice((f"{region}********{digits(random, 4)}", f"{region[:3]}***********{digits(random, 3)}X"))


def _masked_card(random: Random) -> str:
    return random.choice(
        (f"**** **** **** {digits(random, 4)}", f"6222****{digits(random, 4)}", f"XXXX-XXXX-XXXX-{digits(random, 4)}")
    )


def _masked_name(random: Random) -> str:
    return random.choice(SURNAMES) + random.choice(("*", "**", "某", "某某"))


def _masked_email(random: Random) -> str:
    return f"{random.choice(GIVEN)[0].lower()}***{random.choice(FAMILY)[-1].lower()}@***.com"


def _aws_example(_random: Random) -> str:
    """The key that the provider's own documentation prints."""
    return "AK" + "IAIOSFODNN7" + "EXAMPLE"


def _aws_example_secret(_random: Random) -> str:
    return "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCY" + "EXAMPLEKEY"


def _vault_cipher(random: Random) -> str:
    return "vault:v1:" + base64.b64encode(random.randbytes(42)).decode()


def _jasypt(random: Random) -> str:
    return f"ENC({base64.b64encode(random.randbytes(32)).decode()})"


def _sealed(random: Random) -> str:
    return "AgB" + base64.b64encode(random.randbytes(120)).decode()


def _message_id(random: Random) -> str:
    return f"<{digits(random, 14)}.{chars(random, 10, HEX).upper()}@mail-{random.randint(1, 9)}.internal>"


MAKERS: Final[dict[str, Make]] = {
    "iso": _iso,
    "ts": lambda random: f"{_day(random)} {_clock(random)},{digits(random, 3)}",
    "ts_dot": lambda random: f"{_day(random)} {_clock(random)}.{digits(random, 3)}",
    "day": _day,
    "clock": _clock,
    "syslog": _syslog,
    "clf": _clf,
    "ip": _ip,
    "ip6": lambda random: "fd" + ":".join(chars(random, 4, HEX) for _ in range(4)),
    "mac": lambda random: ":".join(chars(random, 2, HEX) for _ in range(6)),
    "host": lambda random: random.choice(_HOSTS),
    "svc": lambda random: random.choice(_SERVICES),
    "pod": lambda random: (
        f"{random.choice(_PODS)}-{chars(random, 9, HEX)}-{chars(random, 5, '24567bcdfghjklmnpqrstvwxz')}"
    ),
    "login": _pick("admin", "deploy", "svc-batch", "root", "oracle", "ops02", "u100245", "jenkins", "app_rw"),
    "epoch": _epoch,
    "ms": _millis,
    "ns": _nanos,
    "int": lambda random: str(random.randint(1, 9_999)),
    "big": lambda random: str(random.randint(10**9, 10**11)),
    "pid": lambda random: str(random.randint(300, 65_000)),
    "port": lambda random: str(random.randint(1_024, 65_000)),
    "float": lambda random: f"{random.randint(0, 900)}.{digits(random, 3)}",
    "amount": lambda random: f"{random.randint(1, 9_000)}.{digits(random, 2)}",
    "uuid": uuid,
    "guid": lambda random: "{" + uuid(random).upper() + "}",
    "trace": _hex(32),
    "span": _hex(16),
    "sha1": _hex(40),
    "sha256": _hex(64),
    "md5": _hex(32),
    "short": _hex(7),
    "luhn_id": _luhn_id,
    "long_id": _long_id,
    "order": _order,
    "order18": _order18,
    "waybill": lambda random: random.choice(("SF", "YT", "JD", "ZTO")) + digits(random, 13),
    "digits10": lambda random: random.choice("2345678") + digits(random, 9),
    "digits11": lambda random: "1" + random.choice("3589") + digits(random, 9),
    "digits8": lambda random: digits(random, 8),
    "version": _version,
    "image": _image,
    "public_key": _public_key,
    "public_pem": _public_pem,
    "etag": lambda random: f'"{chars(random, 32, HEX)}"',
    "nonce": lambda random: chars(random, 16, ALNUM),
    "openid": lambda random: "o" + chars(random, 27, URLSAFE),
    "reqid": lambda random: chars(random, 22, ALNUM),
    "integrity": lambda random: "sha512-" + base64.b64encode(random.randbytes(64)).decode(),
    "digest64": lambda random: base64.b64encode(random.randbytes(32)).decode(),
    "masked_phone": _masked_phone,
    "masked_rid": _masked_resident,
    "masked_card": _masked_card,
    "masked_name": _masked_name,
    "masked_email": _masked_email,
    "masked_secret": _pick(
        "********", "******", "[REDACTED]", "[FILTERED]", "<redacted>", "***", "xxxxxxxx", "(hidden)"
    ),
    "placeholder": _pick(
        "<your-password>", "YOUR_API_KEY_HERE", "your-secret-here", "<password>", "xxxxxxxxxxxx", "<REPLACE_ME>"
    ),
    "placeholder_cn": _pick("请填写密码", "你的密码", "<此处填写密钥>", "您的AppSecret", "xxxxxx"),
    "variable": _pick(
        "${DB_PASSWORD}", "$DB_PASS", "{{ vault_db_password }}", "%DB_PASSWORD%", "${{ secrets.DB_PASSWORD }}"
    ),
    "aws_example": _aws_example,
    "aws_example_secret": _aws_example_secret,
    "vault_cipher": _vault_cipher,
    "jasypt": _jasypt,
    "sealed": _sealed,
    "message_id": _message_id,
    "hotline": _pick("400-820-8820", "95588", "12306", "400-700-9800", "10086", "95017"),
    "meter": lambda random: f"0x{chars(random, 16, HEX)}",
    "seat": lambda random: f"{random.randint(1, 40)}{random.choice('ABCDEF')}",
}
"""Slot of a shape to the function that fills it."""
