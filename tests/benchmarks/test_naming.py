"""Names of tools and labels in our terms."""

import pytest

from benchmarks.sensitive import naming
from benchmarks.sensitive.logs import PERSONAL, SECRET


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        (SECRET, "AWS Access Key", "cloud_key"),
        (SECRET, "aws-secret-access-key", "cloud_key"),
        (SECRET, "PEM Private Key", "private_key"),
        (SECRET, "private-key", "private_key"),
        (SECRET, "JSON Web Token", "jwt"),
        (SECRET, "Credentials in PostgreSQL Connection URI", "url_credentials"),
        (SECRET, "Basic Auth Credentials", "url_credentials"),
        (SECRET, "SQL Password", "password"),
        (SECRET, "Slack Token", "token"),
        (SECRET, "NewRelic Credentials", "token"),
        (SECRET, "Public IP (ipv4)", naming.NO_SECRET),
        (PERSONAL, "EMAIL_ADDRESS", "email"),
        (PERSONAL, "IP_ADDRESS", "ip_address"),
        (PERSONAL, "address", "address"),
        (PERSONAL, "CREDIT_CARD", "bank_card"),
        (PERSONAL, "DE_ID_CARD", "national_id"),
        (PERSONAL, "id_number", "national_id"),
        (PERSONAL, "US_SSN", "national_id"),
        (PERSONAL, "US_PASSPORT", "passport"),
        (PERSONAL, "UK_VEHICLE_REGISTRATION", "license_plate"),
        (PERSONAL, "DATE_OF_BIRTH", "date_of_birth"),
        (PERSONAL, "DATE_TIME", "date_time"),
        (PERSONAL, "PhoneNumber", "phone"),
        (PERSONAL, "unified-social-credit-code", "organisation_id"),
        (PERSONAL, "SOMETHING_NEW", naming.OTHER),
    ],
)
def test_names_are_mapped_by_their_words(kind, name, expected):
    assert naming.canonical(kind, name) == expected


@pytest.mark.parametrize("kind", [SECRET, PERSONAL])
def test_our_own_names_map_to_themselves(kind):
    for name in naming.types(kind):
        assert naming.canonical(kind, name) == name
