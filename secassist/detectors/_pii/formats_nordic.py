"""Formats of numbers in the Nordic and Baltic countries: data only."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

from schemas import Severity
from secassist.detectors._pii.rules import Rule, always, near

_H, _LOW = Severity.HIGH, Severity.LOW
_BIRTH = r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d"
_PERSON_SE = "personnummer|personnr|personal identity|samordningsnummer|pnr"

RULES: tuple[Rule, ...] = (
    always("SE_PERSONNUMMER", r"(?:19|20)\d{6}-\d{4}", "se.personnummer", _PERSON_SE, sure=True, severity=_H),
    near("SE_PERSONNUMMER", _PERSON_SE, r"\d{6}(?:\d\d)?-?\d{4}", "se.personnummer", alone=False, sure=True, severity=_H),
    near("SE_PERSONNUMMER", _PERSON_SE, r"\d{6}-\d{4}", "se.personnummer", sure=True, severity=_H),
    near("SE_ORGANISATIONSNUMMER", "organisationsnummer|org.nr|orgnr|orgnummer|org.nummer|företag|company identity", r"\d{6}-?\d{4}",
         "luhn", sure=True),
    near("NO_NATIONAL_ID", "fødselsnummer|fodselsnummer|fødselsnr|fodselsnr|personnummer|personnr|d-nummer|national identity", r"[0-7]\d[0-9]\d{3}[ ]?\d{5}",
         "no.fodselsnummer", alone=False, sure=True, severity=_H),
    near("NO_ORGANISATION_ID", "organisasjonsnummer|orgnr|org.nr|foretak", r"[89]\d\d ?\d{3} ?\d{3}", "no.orgnr", alone=False, sure=True, severity=_LOW),
    near("NO_BANK_ACCOUNT", "kontonummer|kontonr|konto|bankkonto", r"\d{4}[. ]?\d\d[. ]?\d{5}", "no.kontonr", alone=False, sure=True),
    near("DK_CPR_NATIONAL_ID", "cpr|personnummer", _BIRTH + r"-?\d{4}", "dk.cpr", alone=False, severity=_H),
    near("DK_COMPANY_CVR", "cvr", r"\d{8}", "dk.cvr", alone=False, sure=True, severity=_LOW),
    always("FI_PERSONAL_IDENTITY_CODE", r"\d{6}[+\-A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]", "fi_hetu", "hetu|henkilötunnus", sure=True),
    near("FI_BUSINESS_ID", "y-tunnus|business id|yritystunnus", r"\d{7}-\d", "fi.ytunnus", alone=False, sure=True, severity=_LOW),
    near("IS_NATIONAL_ID", "kennitala|kt", r"\d{6}-?\d{4}", "is_.kennitala", alone=False, sure=True, severity=_H),
    near("EE_NATIONAL_ID", "isikukood|personal code|estonian id", r"[1-8]\d{10}", "ee.ik", alone=False, sure=True, severity=_H),
    near("LV_NATIONAL_ID", "personas kods|personal code|latvian id", r"\d{6}-?\d{5}", "lv.pvn", alone=False, sure=True, severity=_H),
    near("LT_NATIONAL_ID", "asmens kodas|personal code|lithuanian id", r"[3-6]\d{10}", "lt.asmens", alone=False, sure=True, severity=_H),
)  # fmt: skip
