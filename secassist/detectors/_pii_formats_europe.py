"""Formats of numbers in Europe: data only."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

from schemas import Severity
from secassist.detectors._pii_rules import Rule, always, near

_H = Severity.HIGH
_NINO = r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]"
_PASSPORT = "passport|travel document"

RULES: tuple[Rule, ...] = (
    near("UK_NHS", "nhs|national health|health service", r"\d{3}[ \-]?\d{3}[ \-]?\d{4}", "nhs", sure=True),
    always("UK_NINO", _NINO, "uk_nino", "nino|national insurance|ni number", severity=_H),
    near("UK_NINO", "nino|national insurance|ni number", rf"(?i){_NINO}", "uk_nino", sure=True, severity=_H),
    near("UK_PASSPORT", _PASSPORT, r"(?i)[A-Z]{2}\d{7}", alone=False),
    always("UK_DRIVING_LICENCE", r"(?i)[A-Z9]{5}\d[0156]\d[0-3]\d\d[A-Z9]{2}[A-Z0-9]\d?[A-Z]{2}", "", "driving|licence"),
    near("ES_NIF", "nif|dni|documento nacional|identificación|identidad|spain", r"(?i)\d{7,8}-?[A-Z]", "es_nif", sure=True),
    near("ES_NIE", "nie|extranjero|identificación|identidad", r"(?i)[XYZ]\d{7,8}-?[A-Z]", "es_nif", sure=True),
    near("ES_PASSPORT", "pasaporte|passport", r"(?i)[A-Z]{3}\d{6}"),
    always("IT_FISCAL_CODE", r"(?i)[A-Z]{6}\d\d[ABCDEHLMPRST]\d\d[A-Z]\d{3}[A-Z]", "it_fiscal", "codice fiscale|fiscal",
           sure=True, strong=True, severity=_H),
    near("IT_DRIVER_LICENSE", "patente|license|licence", r"U1[BCDFGHJKLMNPRSTUWXYZ0-9]{7}[A-Z]|[A-Z]{2}\d{7}[A-Z]"),
    near("DE_TAX_ID", "steuer|idnr|tin|tax", r"[1-9]\d ?\d{3} ?\d{3} ?\d{3}", "de_tax_id", sure=True, severity=_H),
    near("DE_TAX_NUMBER", "steuernummer|steuer-nr|steuernr|st.-nr", r"\d{2,3}/\d{3}/\d{4,5}|\d{13}", alone=False),
    near("DE_ID_CARD", "personalausweis|ausweis|id card|reisepass", r"[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}\d?", "de_id_card",
         sure=True),
    near("DE_SOCIAL_SECURITY", "sozialversicherung|rentenversicherung|sv-nummer|versicherungsnummer",
         r"\d\d(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d[A-Z]\d{3}", "de_pension", sure=True, severity=_H),
    near("DE_HEALTH_INSURANCE", "krankenversicher|versichertennummer|krankenkasse|kvnr|gesundheitskarte|health insurance", r"[A-Z]\d{9}",
         "de_health", sure=True, severity=_H),
    near("DE_LANR", "lanr|arztnummer|vertragsarzt", r"\d{9}", "de_lanr", alone=False, sure=True),
    near("IT_IDENTITY_CARD", "carta d'identità|carta di identità|carta identità|documento d'identità|identity card", r"C[A-Z]\d{5}[A-Z]{2}|[A-Z]{2}\d{7}",
         alone=False),
    near("IT_PASSPORT", "passaporto", r"[A-Z]{2}\d{7}", alone=False),
    near("DE_FUEHRERSCHEIN", "führerschein|fuehrerschein", r"[A-Z0-9]\d{2}[A-Z0-9]{6}\d[A-Z0-9]", alone=False),
    always("FR_NIR", r"[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d", "fr_nir",
           "sécurité sociale|securite sociale|nir|insee", severity=_H),
    always("FI_PERSONAL_IDENTITY_CODE", r"\d{6}[+\-A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]", "fi_hetu", "hetu|henkilötunnus", sure=True),
    near("PL_PESEL", "pesel", r"\d{11}", "pl_pesel", sure=True),
    near("NL_BSN", "bsn|burgerservice|sofi", r"\d{9}", "nl_bsn", alone=False, sure=True),
    near("SE_ORGANISATIONSNUMMER", "organisationsnummer|org.nr|orgnr|orgnummer|org.nummer|personnummer|företag|company identity",
         r"\d{6}-?\d{4}", "luhn", sure=True),
)  # fmt: skip
