"""Which strings are personal data of which kind: data only; check digits are in `_pii_checks`, the engine in `_pii_scan`.

Type names are those of public benchmarks: lower case for what every country has and for China (email, phone, id_number,
bank_card ...), upper case with a country code for the rest (US_SSN, UK_NHS ...).
"""
# ruff: noqa: E501 - a pattern is easier to check in one piece

import re
from dataclasses import dataclass

from schemas import Severity


@dataclass(frozen=True)
class PiiRule:
    """One format. Patterns are bounded and carry their own boundaries, since Chinese text has none.

    `check`: name in `_pii_checks` that must hold ("" for none). `always`: shape and check are enough, no context asked;
    otherwise one of `context` (lower case) must stand near, or the value alone on its line. `sure`: then it is certain.
    """

    type: str
    pattern: re.Pattern[str]
    check: str = ""
    context: tuple[str, ...] = ()
    always: bool = False
    sure: bool = False
    alone: bool = True
    severity: Severity = Severity.MEDIUM


_L = r"(?<![A-Za-z0-9_])(?<![A-Za-z0-9][.\-])"
_R = r"(?![A-Za-z0-9_])(?![.\-][A-Za-z0-9])"


def _always(
    name: str, pattern: str, check: str = "", context: str = "", sure: bool = True, severity: Severity = Severity.MEDIUM
) -> PiiRule:
    return PiiRule(
        name, re.compile(pattern), check, tuple(context.split("|")) if context else (), True, sure, True, severity
    )


def _near(name: str, context: str, pattern: str, check: str = "", alone: bool = True, flags: int = 0) -> PiiRule:
    bounded = re.compile(f"{_L}(?:{pattern}){_R}", flags)
    return PiiRule(name, bounded, check, tuple(context.split("|")), False, bool(check), alone, Severity.MEDIUM)


_PHONE_WORDS = "phone|tel|mobile|call|cell|fax|whatsapp|contact|sms|handy|móvil|portable|电话|手机|联系|号码|座机|热线|传真|客服|cep|gsm"
_ID_WORDS = "身份证|证件|id card|id number|identity|实名|公民|idcard|id_card|id_no"
_CARD_WORDS = "银行卡|卡号|信用卡|储蓄卡|账号|帐号|账户|card|account|开户|转账|打钱|还款"

RULES: tuple[PiiRule, ...] = (
    _always("email", r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.){1,8}(?:[A-Za-z]{2,24}|xn--[A-Za-z0-9\-]{2,40})(?![A-Za-z0-9])"),
    # China
    _always("id_number", r"(?<![0-9A-Za-z])[1-8]\d{5}[ \-]?(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ \-]?\d{3}[0-9Xx](?![0-9])", "cn_id", _ID_WORDS, severity=Severity.HIGH),
    PiiRule("id_number", re.compile(r"(?<![0-9A-Za-z])[1-8]\d{5}[ \-]?(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ \-]?\d{3}[0-9Xx](?![0-9])"), "cn_id_shape", tuple(_ID_WORDS.split("|")), False, True, True, Severity.HIGH),
    _always("phone", r"(?<![0-9A-Za-z])(?<!\d[.\-])(?:(?:\+|00)?86[ \-]?)?1[3-9]\d(?:\d{8}|[ \-]\d{4}[ \-]\d{4}|[ \-]\d{8})(?![0-9])(?![a-fA-F][0-9])(?!\.\d)", "", _PHONE_WORDS, sure=False),
    _always("phone", r"(?<![0-9A-Za-z])(?<!\d[.\-])(?:\(0\d{2,3}\) ?|（0\d{2,3}）|0(?:10|2\d|[3-9]\d\d)-)[2-8]\d{6,7}(?:-\d{1,5}|转\d{1,5})?(?![0-9A-Za-z])(?!-\d)", "", _PHONE_WORDS, sure=False),
    _always("bank_card", r"(?<![0-9A-Za-z])(?<!\d[.\-])62\d{2}(?:\d{12,15}|(?:[ \-]\d{4}){3}(?:[ \-]?\d{1,3})?)(?![0-9])", "luhn", _CARD_WORDS, severity=Severity.HIGH),
    PiiRule("bank_card", re.compile(r"(?<![0-9A-Za-z])(?<!\d[.\-])[3-9]\d{3}(?:\d{9,15}|(?:[ \-]\d{4}){3}(?:[ \-]?\d{1,3})?)(?![0-9])"), "", ("银行卡", "卡号", "信用卡", "储蓄卡", "账号", "帐号", "开户", "还款", "这个卡", "的卡"), False, False, False, Severity.HIGH),
    _always("license_plate", r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Z][ ·•・]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])", "", "车牌|车辆|牌照|停车|车主|plate"),
    _always("license_plate", r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][ ·•・]?[A-Z0-9]{5,6}(?![A-Za-z0-9])", "", "车牌|车辆|牌照|停车|车主", sure=False),
    PiiRule("passport", re.compile(r"(?<![0-9A-Za-z])(?:[EGDSPHKMegdsphkm]\d{8}|[Ee][A-HJ-NP-Za-hj-np-z]\d{7}|1[45]\d{7})(?![0-9])"), "", ("护照", "passport", "签证", "出入境", "旅客", "通行证"), False, True, False),
    _always("social_credit_code", rf"{_L}[0-9A-HJ-NPQRTUWXY]{{2}}\d{{6}}[0-9A-HJ-NPQRTUWXY]{{10}}{_R}", "cn_credit_code", "信用代码|税号|统一社会|uscc"),
    PiiRule("qq", re.compile(r"(?<![0-9A-Za-z])[1-9]\d{4,11}(?![0-9A-Za-z])"), "", ("qq", "扣扣"), False, False, False, Severity.LOW),
    PiiRule("wechat", re.compile(r"(?<![0-9A-Za-z])[A-Za-z][A-Za-z0-9_\-]{5,19}(?![0-9A-Za-z])"), "", ("微信号", "wechat id", "微信:", "微信："), False, False, False, Severity.LOW),
    # everywhere
    _always("CREDIT_CARD", rf"{_L}(?:[1-6]\d{{3}}(?:[ \-]?\d{{4}}){{2}}[ \-]?\d{{1,7}}|3[47]\d\d[ \-]?\d{{6}}[ \-]?\d{{5}}|3[0689]\d\d[ \-]?\d{{6}}[ \-]?\d{{4}}){_R}", "credit_card", _CARD_WORDS, severity=Severity.HIGH),
    _always("IBAN_CODE", r"(?<![A-Za-z0-9])[A-Z]{2}\d\d(?:[ \-]?[A-Z0-9]{4}){2,7}(?:[ \-]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])", "iban", "iban|account", severity=Severity.HIGH),
    _always("CRYPTO", r"(?<![A-Za-z0-9])(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[qpzry9x8gf2tvdw0s3jn54khce6mua7l]{38,58})(?![A-Za-z0-9])", "crypto", "wallet|bitcoin|btc", severity=Severity.LOW),
    _always("phone", r"(?<![0-9A-Za-z+])\+[1-9]\d{0,2}(?:[ \-.]?\(?\d{1,4}\)?){2,5}\d(?![0-9A-Za-z])(?!\.\d)", "e164", _PHONE_WORDS, sure=False),
    _always("phone", rf"{_L}(?:1[ \-.])?(?:\([2-9]\d\d\)[ \-.]?|[2-9]\d\d[\-.])[2-9]\d\d[\-. ]\d{{4}}(?: ?(?:x|ext\.?) ?\d{{1,5}})?{_R}", "", _PHONE_WORDS, sure=False),
    _near("phone", _PHONE_WORDS, r"0?[2-9]\d\d[ \-.]?\d{3}[ \-.]?\d{2}[ \-.]?\d{2}|0\d{2,5}[ \-./]\d{3,4}[ \-.]?\d{3,4}|0\d(?:[ .]\d\d){4}|0[1-9]\d{8,10}|[689]\d{7}|[6-9]\d{9}"),
    _always("US_SSN", rf"{_L}\d{{3}}-\d\d-\d{{4}}{_R}", "us_ssn", "ssn|social security|social", sure=False, severity=Severity.HIGH),
    _near("US_SSN", "ssn|social security|social sec", r"\d{3}[ .\-]?\d\d[ .\-]?\d{4}", "us_ssn"),
    _near("US_SSN", "ssn|social security", r"\d{3}-\d\d-\d{4}", alone=False),
    _near("passport", "passport|reisepass", r"[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}", alone=False),
    _always("US_ITIN", rf"{_L}9\d\d-\d\d-\d{{4}}{_R}", "us_itin", "itin|tax|taxpayer", sure=False, severity=Severity.HIGH),
    _near("US_ITIN", "itin|taxpayer|tax id", r"9\d\d[ \-]?\d\d[ \-]?\d{4}", "us_itin"),
    _near("US_MBI", "mbi|medicare|beneficiary|patient", r"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d\d", flags=re.IGNORECASE),
    _near("ABA_ROUTING_NUMBER", "routing|aba|rtn|wire transfer", r"\d{4}-?\d{4}-?\d", "aba"),
    _near("US_BANK_NUMBER", "bank account|account number|account no|acct|checking|savings|bank", r"\d{8,17}", alone=False),
    _near("US_DRIVER_LICENSE", "driver|license|licence|dl number|permit", r"[A-Z]\d{3,13}|[A-Z]{2}\d{3,7}|\d{7,12}", alone=False),
    _near("US_PASSPORT", "passport|travel document", r"[A-Z]\d{8}|\d{9}", alone=False),
    _near("MEDICAL_LICENSE", "dea|medical license|certificate|prescri", r"[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}", "dea"),
    _near("UK_NHS", "nhs|national health|health service", r"\d{3}[ \-]?\d{3}[ \-]?\d{4}", "nhs"),
    _always("UK_NINO", rf"{_L}(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]{_R}", "", "nino|national insurance|ni number", sure=False),
    _near("UK_NINO", "nino|national insurance|ni number", r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]", flags=re.IGNORECASE),
    _near("UK_PASSPORT", "passport|travel document", r"[A-Z]{2}\d{7}", alone=False, flags=re.IGNORECASE),
    _always("UK_DRIVING_LICENCE", rf"{_L}[A-Z9]{{5}}\d[0156]\d[0-3]\d\d[A-Z9]{{2}}[A-Z0-9]\d?[A-Z]{{2}}{_R}", "", "driving|licence", sure=False),
    _near("UK_POSTCODE", "postcode|post code|address|london|street|road|uk|england", r"GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d[0-9ABEHMNPRV-Y]?|\d[A-HJKPSTUW]) ?\d[ABD-HJLNP-UW-Z]{2}"),
    _near("UK_VEHICLE_REGISTRATION", "vehicle|registration|plate|car|reg number|number plate", r"[A-HJ-PR-Y][A-HJ-PR-Y](?:0[1-9]|[1-7]\d)[ \-]?[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y]\d{1,3}[ \-]?[A-HJ-PR-Y]{3}", flags=re.IGNORECASE),
    _near("CA_SIN", "sin|social insurance|nas|assurance sociale", r"\d{3}[ \-]\d{3}[ \-]\d{3}|\d{9}", "ca_sin"),
    _near("AU_TFN", "tfn|tax file", r"\d{3} ?\d{3} ?\d{3}", "au_tfn"),
    _near("AU_ABN", "abn|business number", r"\d\d ?\d{3} ?\d{3} ?\d{3}", "au_abn"),
    _near("AU_ACN", "acn|company number", r"\d{3} ?\d{3} ?\d{3}", "au_acn"),
    _near("AU_MEDICARE", "medicare", r"[2-6]\d{3} ?\d{5} ?\d", "au_medicare"),
    _near("ES_NIF", "nif|dni|documento nacional|identificación|identidad|spain", r"\d{7,8}-?[A-Z]", "es_nif"),
    _near("ES_NIE", "nie|extranjero|identificación|identidad", r"[XYZ]\d{7,8}-?[A-Z]", "es_nif"),
    _near("ES_PASSPORT", "pasaporte|passport", r"[A-Z]{3}\d{6}", flags=re.IGNORECASE),
    _always("IT_FISCAL_CODE", rf"{_L}(?i:[A-Z]{{6}}\d\d[ABCDEHLMPRST]\d\d[A-Z]\d{{3}}[A-Z]){_R}", "it_fiscal", "codice fiscale|fiscal"),
    _near("IT_DRIVER_LICENSE", "patente|license|licence", r"U1[BCDFGHJKLMNPRSTUWXYZ0-9]{7}[A-Z]|[A-Z]{2}\d{7}[A-Z]"),
    _near("DE_TAX_ID", "steuer|idnr|tin|tax", r"[1-9]\d ?\d{3} ?\d{3} ?\d{3}", "de_tax_id"),
    _near("DE_ID_CARD", "personalausweis|ausweis|id card|reisepass", r"[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}\d?", "de_id_card"),
    _near("DE_SOCIAL_SECURITY", "sozialversicherung|rentenversicherung|sv-nummer|versicherungsnummer", r"\d\d(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d[A-Z]\d{3}"),
    _always("FR_NIR", rf"{_L}[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{{3}} ?\d{{3}} ?\d\d{_R}", "fr_nir", "sécurité sociale|nir|insee"),
    _always("FI_PERSONAL_IDENTITY_CODE", rf"{_L}\d{{6}}[+\-A-FU-Y]\d{{3}}[0-9A-FHJ-NPR-Y]{_R}", "fi_hetu", "hetu|henkilötunnus"),
    _near("PL_PESEL", "pesel", r"\d{11}", "pl_pesel"),
    _near("NL_BSN", "bsn|burgerservice|sofi", r"\d{9}", "nl_bsn", alone=False),
    _near("SE_ORGANISATIONSNUMMER", "organisationsnummer|org.nr|orgnr|org.nummer|personnummer", r"\d{6}-?\d{4}", "luhn"),
    _always("IN_PAN", rf"{_L}[A-Z]{{3}}[ABCFGHLJPTK][A-Z]\d{{4}}[A-Z]{_R}", "", "pan|permanent account", sure=False),
    _near("IN_AADHAAR", "aadhaar|aadhar|uidai|आधार", r"[2-9]\d{3}[ \-:]?\d{4}[ \-:]?\d{4}", "verhoeff"),
    _always("IN_GSTIN", rf"{_L}\d\d[A-Z]{{5}}\d{{4}}[A-Z][1-9A-Z]Z[0-9A-Z]{_R}", "in_gstin", "gst", sure=False),
    _near("IN_PASSPORT", "passport|travel document", r"[A-PR-WY][1-9]\d{6}"),
    _near("IN_VOTER", "voter|epic|elector", r"[A-Z]{3}\d{7}", flags=re.IGNORECASE),
    _near("IN_VEHICLE_REGISTRATION", "vehicle|registration|rto|plate", r"[A-Z]{2}\d{1,2}[A-Z]{1,3}\d{4}"),
    _near("SG_NRIC_FIN", "nric|fin|singapore|passport", r"[STFGM]\d{7}[A-Z]", "sg_nric"),
    _near("SG_UEN", "uen|entity number", r"\d{8,9}[A-Z]|[TSR]\d\d[A-Z]{2}\d{4}[A-Z]"),
    _always("KR_RRN", rf"{_L}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[1-4]\d{{6}}{_R}", "kr_rrn", "rrn|주민|resident", sure=False, severity=Severity.HIGH),
    _near("KR_RRN", "rrn|주민|resident registration", r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[1-4]\d{6}", "kr_rrn"),
    _always("KR_FRN", rf"{_L}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[5-8]\d{{6}}{_R}", "kr_rrn", "frn|외국인|foreigner", sure=False, severity=Severity.HIGH),
    _near("KR_FRN", "frn|외국인|foreigner", r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[5-8]\d{6}", "kr_rrn"),
    _near("KR_BRN", "brn|사업자|business registration", r"\d{3}-?\d\d-?\d{5}", "kr_brn"),
    _near("KR_DRIVER_LICENSE", "driver|license|면허", r"(?:1[1-9]|2[0-68])[ \-]?\d\d[ \-]?\d{6}[ \-]?\d\d"),
    _near("TH_TNIN", "tnin|thai|national id|ประชาชน", r"[1-8]\d{12}", "th_id"),
    _near("TR_NATIONAL_ID", "kimlik|tckn|tc no|turkish|tc ", r"[1-9]\d{10}", "tr_id"),
    _near("ZA_ID_NUMBER", "south africa|rsa id|za id|sa id|national id|identity number|id number", r"\d{13}", "za_id"),
    _near("PH_TIN", "tin|bir|tax", r"\d{3}-?\d{3}-?\d{3}(?:-?\d{3})?", alone=False),
    _always("BR_CPF", rf"{_L}\d{{3}}\.\d{{3}}\.\d{{3}}-\d\d{_R}", "br_cpf", "cpf"),
    _near("IBAN_CODE", "iban", r"[A-Za-z]{2}\d\d(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?", "iban"),
    _near("DATE_OF_BIRTH", "born|birth|dob|d.o.b|birthday|出生|生日|geboren|né le|nacimiento", r"(?:19|20)\d\d[\-/.年](?:0?[1-9]|1[0-2])[\-/.月](?:0?[1-9]|[12]\d|3[01])日?|(?:0?[1-9]|[12]\d|3[01])[\-/. ](?:0?[1-9]|1[0-2]|[A-Z][a-z]{2,8})[\-/. ,]{1,2}(?:19|20)\d\d|(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/(?:19|20)?\d\d|[A-Z][a-z]{2,8} \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d", alone=False),
)  # fmt: skip

IP_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9:.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:/\d{1,2})?(?![A-Za-z0-9])(?!\.\d)|(?<![A-Za-z0-9:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{0,4})(?:/\d{1,3})?(?![A-Za-z0-9:])(?!\.\d)"
)
"""IPv4 or what may be IPv6; the standard library decides."""
