"""Formats of numbers in Asia outside China: data only."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

from schemas import Severity
from secassist.detectors._pii_rules import Rule, always, near

_H = Severity.HIGH
_BIRTH = r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"

RULES: tuple[Rule, ...] = (
    near("JP_MY_NUMBER", "my number|mynumber|individual number|マイナンバー|個人番号", r"\d{4}[ \-]?\d{4}[ \-]?\d{4}", "jp_my_number",
         alone=False, sure=True, severity=_H),
    always("IN_PAN", r"[A-Z]{3}[ABCFGHLJPTK][A-Z]\d{4}[A-Z]", "", "pan|permanent account"),
    near("IN_AADHAAR", "aadhaar|aadhar|uidai|आधार", r"[2-9]\d{3}[ \-:]?\d{4}[ \-:]?\d{4}", "verhoeff", sure=True, severity=_H),
    always("IN_GSTIN", r"\d\d[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]", "in_gstin", "gst"),
    near("IN_PASSPORT", "passport|travel document", r"[A-PR-WY][1-9]\d{6}"),
    near("IN_VOTER", "voter|vote|epic|elector", r"(?i)[A-Z]{3}\d{7}"),
    near("IN_VEHICLE_REGISTRATION", "vehicle|registration|rto|plate", r"[A-Z]{2}\d{1,2}[A-Z]{1,3}\d{4}"),
    near("SG_NRIC_FIN", "nric|fin|singapore|passport", r"[STFGM]\d{7}[A-Z]", "sg_nric", sure=True),
    near("SG_UEN", "uen|entity number", r"\d{8,9}[A-Z]|[TSR]\d\d[A-Z]{2}\d{4}[A-Z]"),
    always("KR_RRN", _BIRTH + r"-[1-4]\d{6}", "kr_rrn", "rrn|주민|resident", severity=_H),
    near("KR_RRN", "rrn|주민|resident registration", _BIRTH + r"[1-4]\d{6}", "kr_rrn", sure=True, severity=_H),
    always("KR_FRN", _BIRTH + r"-[5-8]\d{6}", "kr_rrn", "frn|외국인|foreigner", severity=_H),
    near("KR_FRN", "frn|외국인|foreigner", _BIRTH + r"[5-8]\d{6}", "kr_rrn", sure=True, severity=_H),
    near("KR_BRN", "brn|사업자|business registration", r"\d{3}-?\d\d-?\d{5}", "kr_brn", sure=True),
    near("KR_DRIVER_LICENSE", "driver|license|면허", r"(?:1[1-9]|2[0-68])[ \-]?\d\d[ \-]?\d{6}[ \-]?\d\d"),
    near("KR_PASSPORT", "passport|여권", r"[MSROD]\d{8}|[MSROD]\d{3}[A-Z]\d{4}", alone=False),
    near("TH_TNIN", "tnin|thai|national id|ประชาชน", r"[1-8]\d{12}", "th_id", sure=True),
    near("TR_NATIONAL_ID", "kimlik|tckn|tc no|turkish|tc|kişi", r"[1-9]\d{10}", "tr_id", sure=True),
    near("PH_TIN", "tin|bir|tax", r"\d{3}-?\d{3}-?\d{3}(?:-?\d{3})?", alone=False),
)  # fmt: skip
