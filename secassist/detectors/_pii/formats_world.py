"""Formats of numbers that every country has, of the USA, and the first of Canada, Brazil and Australia: data only."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

from schemas import Severity
from secassist.detectors._pii.rules import CARD_WORDS, PHONE_WORDS, TELEPHONE_WORDS, Edges, Rule, always, near

_H, _LOW = Severity.HIGH, Severity.LOW
_SSN = "ssn|social security|social sec|social"
_PASSPORT = "passport|travel document"
_LOCAL_PHONE = (
    r"0?[2-9]\d\d[ \-.]?\d{3}[ \-.]?\d{2}[ \-.]?\d{2}|0\d{2,5}[ \-./]\d{3,4}[ \-.]?\d{3,4}|0\d(?:[ .\-]\d\d){4}|0[1-9]\d{8,10}|"
    r"[689]\d{7}|[6-9]\d{9}|0[ \-]?\(?[2-9]\d\d\)?[ \-]?\d{3}[ \-]?(?:\d\d[ \-]?\d\d|\d{4})|0\d{4}[ ]\d{6}|[6-9]\d{4}[ \-]\d{5}|"
    r"\(?\d\d\)?[ ]?9?\d{4}-\d{4}"
)
"""National shapes without a country code: with their 0 or without, in the groups that people write."""
_GROUPED_PHONE = (
    r"0\d-\d{4}-\d{4}|8[ \-]?\(?\d{3}\)?[ \-]?\d{3}[ \-]?\d\d[ \-]?\d\d|[5-9]\d\d(?:[ ]\d\d){3}|"
    r"[1-9]\d\d[ ]\d{3}[ ]\d{3}|[2-9]\d(?:[ ]\d\d){3}|[23689]\d{3}[ ]\d{4}|[1-9]\d[ ]\d{4}[ ]\d{4}"
)
"""Groups that other numbers have too."""
_LONE_PHONE = (
    r"0[2-9]\d\d[ \-.]?\d{3}[ \-.]?\d{2}[ \-.]?\d{2}|[2-9]\d\d[ \-.]\d{3}[ \-.]?\d{2}[ \-.]?\d{2}|0\d{2,5}[ \-./]\d{3,4}[ \-.]?\d{3,4}|"
    r"0\d(?:[ .\-]\d\d){4}|0[1-9]\d{8,10}|0[ \-]?\(?[2-9]\d\d\)?[ \-]?\d{3}[ \-]?(?:\d\d[ \-]?\d\d|\d{4})"
)
"""Those that count on a line of their own: with a leading 0, or in groups."""

RULES: tuple[Rule, ...] = (
    always("CREDIT_CARD", r"(?:[1-6]\d{3}(?:[ \-]\d{4}){2}[ \-]\d{1,7}|3[47]\d\d[ \-]\d{6}[ \-]\d{5}|3[0689]\d\d[ \-]\d{6}[ \-]\d{4})",
           "credit_card", CARD_WORDS, severity=_H, inner=True),
    always("CREDIT_CARD", r"[1-6]\d{11,18}", "credit_card", CARD_WORDS, severity=_H, inner=True, unsigned=True),
    always("CRYPTO", r"[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[qpzry9x8gf2tvdw0s3jn54khce6mua7l]{38,59}", "crypto",
           "wallet|bitcoin|btc", sure=True, strong=True, severity=_LOW),
    always("CRYPTO", r"[DLMT][1-9A-HJ-NP-Za-km-z]{32,33}|ltc1[qpzry9x8gf2tvdw0s3jn54khce6mua7l]{38,59}", "crypto", "wallet|tron|litecoin|dogecoin", sure=True,
           strong=True, severity=_LOW),
    near("CRYPTO", "wallet|ethereum|erc20|erc-20|metamask|usdt", r"0x[0-9a-fA-F]{40}", alone=False, severity=_LOW),
    always("phone", r"\+\d(?:[ \-.()]{0,2}\d){7,16}", "e164", PHONE_WORDS, trim=True),
    always("phone", r"(?:\+?1[ \-.])?(?:\([2-9]\d\d\)[ \-.]?|[2-9]\d\d[\-.])[2-9]\d\d[\-. ]\d{4}", "", PHONE_WORDS, inner=True),
    always("phone", r"07[1-57-9]\d\d \d{6}", "", PHONE_WORDS),
    near("phone", PHONE_WORDS, _LOCAL_PHONE, alone=False),
    near("phone", TELEPHONE_WORDS, _GROUPED_PHONE, alone=False),
    near("phone", PHONE_WORDS, _LONE_PHONE),
    near("phone", "phone|tel|call|fax|mobile", r"[2-9]\d\d-\d{4}", alone=False, edges=Edges.GROUP),
    always("US_SSN", r"\d{3}-\d\d-\d{4}", "us_ssn", _SSN, severity=_H),
    near("US_SSN", "ssn|social security|social sec", r"\d{9}|\d{3}-\d\d-\d{4}|\d{3} \d\d \d{4}|\d{3}\.\d\d\.\d{4}", "us_ssn", sure=True, severity=_H),
    near("US_SSN", "ssn|social security", r"\d{3}-\d\d-\d{4}", alone=False, severity=_H),
    always("US_ITIN", r"9\d\d-\d\d-\d{4}", "us_itin", "itin|tax|taxpayer", severity=_H),
    near("US_ITIN", "itin|taxpayer|tax id", r"9\d\d[ \-]?\d\d[ \-]?\d{4}", "us_itin", sure=True, severity=_H),
    near("US_MBI", "mbi|medicare|beneficiary|patient",
         r"(?i)[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d\d"),
    near("ABA_ROUTING_NUMBER", "routing|aba|rtn|wire transfer", r"\d{4}-?\d{4}-?\d", "aba", sure=True),
    near("US_BANK_NUMBER", "bank account|account number|account no|acct|checking|savings|bank|iban", r"\d{8,17}", alone=False),
    near("US_DRIVER_LICENSE", "driver|license|licence|dl number|permit", r"[A-Z]\d{3,13}|[A-Z]{2}\d{3,7}|\d{7,12}", alone=False),
    near("US_PASSPORT", _PASSPORT, r"[A-Z]\d{8}|\d{9}", alone=False),
    near("passport", "passport|reisepass", r"[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}", alone=False),
    near("passport", f"{_PASSPORT}|passeport|pasaporte|passaporte|paszport|pasaport", r"[A-Z]\d{7,8}[A-Z]?|[A-Z]{2}\d{6,7}[A-Z]?|[A-Z]{3}\d{5,6}|\d\d[A-Z]{2}\d{5}", alone=False),
    near("IMEI", "imei", r"\d\d-?\d{6}-?\d{6}-?\d", "luhn", alone=False, severity=_LOW),
    near("IMSI", "imsi", r"[2-7]\d{13,14}", alone=False, severity=_LOW),
    near("MEDICAL_LICENSE", "dea|medical license|certificate|prescri", r"[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}", "dea", sure=True),
    near("US_NPI", "npi|national provider|provider number|provider identifier", r"[12]\d{3}[ \-]?\d{3}[ \-]?\d{3}", "us_npi", alone=False, sure=True),
    near("CA_SIN", "sin|social insurance|nas|assurance sociale", r"\d{3}[ \-]\d{3}[ \-]\d{3}|\d{9}", "ca.sin", sure=True, severity=_H),
    always("BR_CPF", r"\d{3}\.\d{3}\.\d{3}-\d\d", "br_cpf", "cpf", sure=True, strong=True, severity=_H),
    near("BR_CPF", "cpf", r"\d{11}", "br_cpf", alone=False, sure=True, severity=_H),
    always("BR_CNPJ", r"\d\d\.\d{3}\.\d{3}/\d{4}-\d\d", "br.cnpj", "cnpj", sure=True, strong=True),
    near("BR_CNPJ", "cnpj", r"\d{14}", "br.cnpj", sure=True),
    near("AU_TFN", "tfn|tax file", r"\d{3} ?\d{3} ?\d{3}", "au.tfn", sure=True),
    near("AU_ABN", "abn|business number", r"\d\d ?\d{3} ?\d{3} ?\d{3}", "au.abn", sure=True),
    near("AU_ACN", "acn|company number", r"\d{3} ?\d{3} ?\d{3}", "au.acn", sure=True),
    near("AU_MEDICARE", "medicare", r"[2-6]\d{3} ?\d{5} ?\d", "au_medicare", sure=True),
)  # fmt: skip
