"""What a finding says, in the words of its reader: detectors speak English and name what they found by its type."""

from schemas import Finding, FindingKind
from secassist.formats import _cwe

_KINDS: dict[str, tuple[str, str]] = {
    "person": ("a person's name", "姓名"),
    "phone": ("a phone number", "电话号码"),
    "email": ("an e-mail address", "电子邮箱"),
    "address": ("a postal address", "住址"),
    "id_number": ("a Chinese resident identity number", "居民身份证号"),
    "passport": ("a passport number", "护照号"),
    "travel_permit": ("a travel permit number", "通行证号"),
    "license_plate": ("a licence plate", "车牌号"),
    "bank_card": ("a bank card number", "银行卡号"),
    "bank_account": ("a bank account number", "银行账号"),
    "qq": ("a QQ number", "QQ 号"),
    "social_credit_code": ("a unified social credit code", "统一社会信用代码"),
    "CREDIT_CARD": ("a payment card number", "支付卡号"),
    "IBAN_CODE": ("an IBAN", "国际银行账号（IBAN）"),
    "IP_ADDRESS": ("an IP address", "IP 地址"),
    "DATE_OF_BIRTH": ("a date of birth", "出生日期"),
    "MEDICAL_LICENSE": ("a medical licence number", "行医执照号"),
    "CRYPTO": ("the address of a wallet", "加密货币钱包地址"),
    "IMEI": ("the number of a device (IMEI)", "设备标识（IMEI）"),
    "IMSI": ("the number of a subscriber (IMSI)", "用户标识（IMSI）"),
    "VIN": ("the number of a vehicle (VIN)", "车辆识别号（VIN）"),
    "secret": ("a secret", "密钥凭据"),
    "password": ("a password", "口令"),
    "url-password": ("a password in an address", "地址中的口令"),
    "api-key": ("an API key", "API 密钥"),
    "token": ("a token", "令牌"),
    "private-key": ("a private key", "私钥"),
    "aws-access-key": ("the id of an AWS access key", "AWS 访问密钥"),
}
_HINT = "; but: "
"""What stands before the reason why a value may be harmless."""
_OF_TYPE = {
    FindingKind.SECRET: "Looks like a secret of type ",
    FindingKind.PERSONAL_DATA: "Looks like personal data of type ",
}


def said(finding: Finding, language: str) -> str:
    """The message; of secrets and personal data with the type in words, and for readers of Chinese in Chinese.

    Of a weakness they get its Chinese name before the detector's sentence, which is English.
    """
    chinese = language.lower().startswith("zh")
    if finding.kind is FindingKind.WEAKNESS:
        name = _cwe.name(finding.cwe, language) if chinese else ""
        return f"{name}：{finding.message}" if name else finding.message
    return _of_type(finding, chinese)


def _of_type(finding: Finding, chinese: bool) -> str:
    start = _OF_TYPE[finding.kind]
    if not finding.message.startswith(start):
        return finding.message
    kind, mark, hint = finding.message.removeprefix(start).partition(_HINT)
    words = _KINDS.get(kind)
    if not chinese:
        return f"Looks like {words[0]}{mark}{hint}" if words else finding.message
    unnamed = "个人信息" if finding.kind is FindingKind.PERSONAL_DATA else "密钥凭据"
    return f"疑似{words[1] if words else f'{unnamed}（{kind}）'}" + (f"；但：{hint}" if hint else "")
