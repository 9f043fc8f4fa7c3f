"""Check digits against numbers that the standards and authorities print as examples."""

import pytest

from benchmarks.sensitive import check_digits


@pytest.mark.parametrize(
    ("function", "body", "expected"),
    [
        (check_digits.luhn, "7992739871", "3"),
        (check_digits.resident_card, "11010519491231002", "X"),
        (check_digits.social_credit, "91350100M000100Y4", "3"),
        (check_digits.aadhaar, "236", "3"),
        (check_digits.german_tax, "8609574271", "9"),
        (check_digits.french_social, "2550814168025", "38"),
        (check_digits.brazilian, "111444777", "35"),
        (check_digits.japanese, "12345678901", "8"),
        (check_digits.spanish, "12345678", "Z"),
        (check_digits.italian, "RSSMRA85T10A562", "S"),
        (check_digits.routing, "02100002", "1"),
    ],
)
def test_printed_examples_have_their_check_digit(function, body, expected):
    assert function(body) == expected


@pytest.mark.parametrize("number", ["GB29NWBK60161331926819", "DE89370400440532013000", "NL91ABNA0417164300"])
def test_printed_ibans_have_their_check_digits(number):
    assert check_digits.iban(number[:2], number[4:]) == number[2:4]
