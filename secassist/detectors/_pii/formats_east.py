"""Formats of numbers in central, eastern and south-eastern Europe, Turkey and Kazakhstan: data only."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

from schemas import Severity
from secassist.detectors._pii.rules import Rule, always, near

_H, _LOW = Severity.HIGH, Severity.LOW
_CZ = "rodné číslo|rodne cislo|rodného čísla|r.č.|birth number"
_SNILS = "снилс|snils"

RULES: tuple[Rule, ...] = (
    near("PL_PESEL", "pesel", r"\d{11}", "pl.pesel", sure=True),
    near("PL_TAX_ID", "nip", r"\d{3}[ \-]?\d{3}[ \-]?\d\d[ \-]?\d\d|\d{3}-\d\d-\d\d-\d{3}", "pl.nip", alone=False, sure=True),
    near("PL_COMPANY_REGON", "regon", r"\d{9}(?:\d{5})?", "pl.regon", alone=False, sure=True, severity=_LOW),
    near("PL_IDENTITY_CARD", "dowód|dowod|dowodu|identity card|id card", r"[A-Z]{3} ?\d{6}", "pl_id", alone=False, sure=True),
    near("PL_PASSPORT", "paszport", r"[A-Z]{2} ?\d{7}", alone=False),
    near("CZ_NATIONAL_ID", _CZ, r"\d{6}/?\d{3,4}", "cz.rc", alone=False, sure=True, severity=_H),
    near("CZ_NATIONAL_ID", _CZ, r"\d{6}/\d{4}", "cz.rc", sure=True, severity=_H),
    near("CZ_COMPANY_ID", "ičo|ico", r"\d{8}", "cz.dic", alone=False, sure=True, severity=_LOW),
    near("HU_HEALTH_ID", "taj szám|taj-szám|taj", r"\d{3}[ \-]?\d{3}[ \-]?\d{3}", "hu_taj", alone=False, sure=True, severity=_H),
    near("HU_TAX_ID", "adóazonosító|adoazonosito|adóazonosítója", r"8\d{9}", "hu_tax", alone=False, sure=True),
    near("HU_COMPANY_TAX_ID", "adószám|adoszam", r"\d{8}-?[1-5]-?\d\d", "hu_company", alone=False, sure=True, severity=_LOW),
    near("RO_CNP_NATIONAL_ID", "cnp|cod numeric personal", r"[1-9]\d{12}", "ro.cnp", alone=False, sure=True, severity=_H),
    near("RO_COMPANY_CUI", "cui|cif|cod fiscal", r"(?:RO)?[1-9]\d{5,9}", "ro.cui", alone=False, sure=True, severity=_LOW),
    near("BG_EGN_NATIONAL_ID", "egn|егн|единен граждански", r"\d{10}", "bg.egn", alone=False, sure=True, severity=_H),
    near("HR_OIB_NATIONAL_ID", "oib", r"\d{11}", "hr.oib", alone=False, sure=True, severity=_H),
    near("SI_NATIONAL_ID", "emšo|emso", r"\d{13}", "si.emso", alone=False, sure=True, severity=_H),
    near("SI_TAX_ID", "davčna številka|davcna stevilka", r"[1-9]\d{7}", "si.ddv", alone=False, sure=True),
    near("RS_NATIONAL_ID", "jmbg|matični broj|maticni broj|матични број|јмбг|matičen broj", r"\d{13}", "si.emso", alone=False, sure=True, severity=_H),
    near("RS_COMPANY_TAX_ID", "pib|пиб", r"[1-9]\d{8}", "rs.pib", alone=False, sure=True, severity=_LOW),
    near("RU_TAX_ID_INN", "инн|inn|taxpayer", r"\d{10}|\d{12}", "ru.inn", alone=False, sure=True),
    always("RU_SNILS", r"\d{3}-\d{3}-\d{3} \d\d", "ru_snils", _SNILS, sure=True, severity=_H),
    near("RU_SNILS", _SNILS, r"\d{3}-\d{3}-\d{3}[ \-]?\d\d|\d{11}", "ru_snils", alone=False, sure=True, severity=_H),
    near("RU_PASSPORT", "паспорт|серия|russian passport", r"\d\d ?\d\d ?\d{6}", alone=False, severity=_H),
    near("RU_COMPANY_OGRN", "огрн|ogrn|огрнип", r"\d{13}|\d{15}", "ru.ogrn", alone=False, sure=True, severity=_LOW),
    near("UA_TAX_ID", "рнокпп|іпн|ідентифікаційний|rnokpp|податковий номер", r"\d{10}", "ua.rntrc", alone=False, sure=True),
    near("UA_COMPANY_ID", "єдрпоу|едрпоу|edrpou", r"\d{8}", "ua.edrpou", alone=False, sure=True, severity=_LOW),
    near("KZ_NATIONAL_ID", "иин|жсн|iin", r"\d{12}", "kz_iin", alone=False, sure=True, severity=_H),
    near("TR_NATIONAL_ID", "kimlik|tckn|tc no|turkish|tc|kişi", r"[1-9]\d{10}", "tr.tckimlik", sure=True),
    near("TR_TAX_ID", "vkn|vergi", r"\d{10}", "tr.vkn", alone=False, sure=True, severity=_LOW),
)  # fmt: skip
