"""Formats of numbers in Africa and the Middle East: data only."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

from schemas import Severity
from secassist.detectors._pii.rules import Rule, always, near

_H, _LOW = Severity.HIGH, Severity.LOW

RULES: tuple[Rule, ...] = (
    near("ZA_ID_NUMBER", "south africa|rsa id|za id|sa id|national id|identity number|id number|permanent resident", r"\d{13}", "za_id", sure=True),
    near("ZA_INCOME_TAX_NUMBER", "income tax|tax number|tax reference|tax ref|sars", r"[01239]\d{3}/?\d{3}/?\d{3}", "za.tin", alone=False, sure=True),
    near("ZA_VAT_NUMBER", "vat|value added tax", r"4\d{9}", "luhn", alone=False, sure=True, severity=_LOW),
    near("ZA_DRIVER_LICENSE", "driver's|driving licence|driving license|driver licence|driver license|drivers", r"\d{8,10}[A-Z]{2}|\d{10}[0-9A-Z][A-Z]", alone=False),
    near("ZA_TRAFFIC_REGISTER_NUMBER", "traffic register|trn", r"\d{7}[A-Z0-9]{6}", alone=False),
    near("NG_NIN", "nin|national identification|nimc", r"\d{11}|\d{4}[ \-]\d{3}[ \-]\d{4}", alone=False, severity=_H),
    near("NG_BANK_VERIFICATION", "bvn|bank verification", r"22\d{9}", alone=False, severity=_H),
    near("KE_TAX_PIN", "kra|pin|taxpayer", r"[AP]\d{9}[A-Z]", "ke.pin", alone=False),
    near("KE_NATIONAL_ID", "kenyan id|kenya id|huduma namba|maisha namba", r"\d{7,9}", alone=False),
    always("GH_NATIONAL_ID", r"GHA-\d{9}-\d", "", "ghana|ghana card", severity=_H),
    near("TZ_NATIONAL_ID", "nida|tanzania", r"(?:19|20)\d{6}-?\d{5}-?\d{5}-?\d\d", alone=False, severity=_H),
    near("UG_NATIONAL_ID", "nin|uganda|national id", r"C[FM]\d{8}[A-Z0-9]{4}", alone=False, severity=_H),
    near("MA_NATIONAL_ID", "cin|cnie|carte nationale", r"[A-Z]{1,2}\d{5,6}", alone=False),
    near("MU_NATIONAL_ID", "mauritius|national id|nic", r"[A-Z]\d{12}[0-9A-Z]", "mu.nid", sure=True, severity=_H),
    near("EG_NATIONAL_ID", "egypt|national id|الرقم القومي|رقم قومي|بطاقة", r"[23]\d{13}", "eg_id", alone=False, sure=True, severity=_H),
    near("SA_NATIONAL_ID", "saudi id|iqama|national id|الهوية|هوية|إقامة", r"[12]\d{9}", "luhn", alone=False, sure=True, severity=_H),
    always("AE_EMIRATES_ID", r"784-(?:19|20)\d\d-\d{7}-\d", "luhn", "emirates|الهوية", sure=True, severity=_H),
    near("AE_EMIRATES_ID", "emirates id|emirates|eida|uae id|الهوية", r"784[ \-]?(?:19|20)\d\d[ \-]?\d{7}[ \-]?\d", alone=False, severity=_H),
    near("IL_NATIONAL_ID", "teudat zehut|israeli id|תעודת זהות|מספר זהות|ת.ז", r"\d{8}-?\d", "il.idnr", alone=False, sure=True, severity=_H),
    near("QA_NATIONAL_ID", "qid|qatar id", r"[23]\d{10}", alone=False, severity=_H),
    near("KW_NATIONAL_ID", "civil id|kuwait", r"[123]\d{11}", "kw_civil", alone=False, sure=True, severity=_H),
    near("IR_NATIONAL_ID", "کد ملی|کدملی|iranian|melli", r"\d{3}-?\d{6}-?\d", "ir_code", alone=False, sure=True, severity=_H),
)  # fmt: skip
