"""Formats of numbers in China, Hong Kong, Macau and Taiwan: data only."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

from schemas import Severity
from secassist.detectors._pii.rules import CARD_WORDS, ID_WORDS, PHONE_WORDS, Edges, Rule, always, near

_BIRTH = r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID = rf"[1-9]\d{{5}}[ \-]?{_BIRTH}[ \-]?\d{{3}}[0-9Xx]"
_CARD_NEAR = "银行卡|卡号|信用卡|储蓄卡|账号|帐号|开户|还款|这个卡|的卡"
_N, _H = Edges.NUMBER, Severity.HIGH

RULES: tuple[Rule, ...] = (
    always("id_number", _ID, "cn_id", ID_WORDS, sure=True, strong=True, edges=_N, severity=_H),
    near("id_number", ID_WORDS, _ID, "cn_id_shape", alone=False, edges=_N, severity=_H),
    near("id_number", ID_WORDS, r"[1-8]\d{14}", "cn_id_old", alone=False, edges=_N, severity=_H),
    always("phone", r"(?:(?:\+|00)86[ \-]?|\(\+?86\) ?|86[ \-]?)?1[3-9]\d(?:\d{8}|[ \-]\d{4}[ \-]\d{4}|[ \-]\d{8})", "",
           PHONE_WORDS, edges=_N, inner=True, unsigned=True),
    always("phone", r"(?:(?:\+|00)86[ \-]?)?(?:\(0\d{2,3}\) ?|0(?:10|2\d|[3-9]\d\d)-)[2-8]\d{6,7}(?:-\d{1,5})?", "",
           PHONE_WORDS, edges=_N, inner=True),
    near("phone", "电话|座机|传真|tel|fax", r"0(?:10|2\d|[3-9]\d\d)[ ]?[2-8]\d{6,7}", alone=False, edges=_N),
    always("bank_card", r"62\d{2}(?:[ \-]\d{4}){3}(?:[ \-]?\d{1,3})?", "cn_card", CARD_WORDS, edges=_N, severity=_H, inner=True),
    always("bank_card", r"62\d{14,17}", "cn_card", CARD_WORDS, edges=_N, severity=_H, inner=True, unsigned=True),
    near("bank_card", _CARD_NEAR, r"[3-9]\d{3}(?:\d{9,15}|(?:[ \-]\d{4}){3}(?:[ \-]?\d{1,3})?)", alone=False, edges=_N,
         severity=_H),
    near("bank_account", "账号|帐号|账户|开户|对公|收款", r"\d{9,12}|\d{20,30}", alone=False, edges=_N, severity=_H),
    near("bank_account", "开户账|开户帐|开户行账|对公账|收款账|收款帐|付款账|付款帐|银行账|银行帐|汇款账|结算账", r"\d{13,19}", alone=False,
         edges=_N, severity=_H),
    near("passport", "护照|passport|签证|出入境|旅客|通行证", r"(?i)[EGDSPHKM]\d{8}|E[A-HJ-NP-Z]\d{7}|1[45]\d{7}", alone=False,
         edges=_N, sure=True),
    near("travel_permit", "通行证|港澳|回乡证|台胞证|入台证|往来台湾|permit",
         r"[HMhm]\d{8}(?:\d\d)?|[CWcw](?:\d|[A-HJ-NP-Z])\d{7}|[LTlt]\d{8}", alone=False, edges=_N, sure=True),
    near("travel_permit", "台胞证|台湾居民来往|台湾通行证", r"\d{8}(?:\d\d)?", alone=False, edges=_N),
    always("HK_ID", r"[A-Z]{1,2}\d{6}\([0-9A]\)", "hk_id", "hkid|hong kong|香港|身份证|identity card", severity=_H),
    near("HK_ID", "hkid|hong kong id|香港身份证|香港居民", r"[A-Z]{1,2}\d{6}[0-9A]", "hk_id", alone=False, sure=True, severity=_H),
    near("MO_ID", "澳门|macau|macao|bir", r"[157]\d{6}\(\d\)|[157]/\d{6}/\d", alone=False, sure=True, severity=_H),
    near("TW_ID", "台湾|臺灣|身分證|身分证|身份证|taiwan|national id|id number", r"[A-Z][1289]\d{8}", "tw_id", alone=False,
         sure=True, severity=_H),
    always("social_credit_code", r"[159ANY][1-9][1-6]\d{5}[0-9A-HJ-NPQRTUWXY]{10}", "cn_credit_code",
           "信用代码|税号|统一社会|纳税人识别号|uscc|credit code", unsigned=True),
    near("social_credit_code", "信用代码|税号|统一社会|纳税人识别号|uscc", r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}",
         "cn_credit_code", alone=False, sure=True),
    near("qq", "qq|扣扣", r"[1-9]\d{4,11}", alone=False, severity=Severity.LOW),
)  # fmt: skip
