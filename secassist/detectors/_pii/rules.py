"""What a format of personal data is, and all of them: data in `formats_*`, check digits in `checks`.

Type names are those of public benchmarks: lower case for what every country has and for China (email, phone, id_number,
bank_card ...), upper case with a country code for the rest (US_SSN, UK_NHS ...).
"""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from schemas import Severity
from secassist.detectors._late import late


class Edges(StrEnum):
    """What may stand beside a value."""

    WORD = "word"
    """Neither letter nor digit nor underscore, nor a dot or hyphen that leads on to one."""
    NUMBER = "number"
    """For text without word boundaries: letters may follow, unless a digit follows them."""
    GROUP = "group"
    """As WORD, and no other group of digits beside it."""


@dataclass(frozen=True)
class Rule:
    """One format. `pattern` is kept to what `shape.kind_pattern` reads, and describes the value without its edges.

    `check`: name of what must hold (see `checks.holds`; "" for none). `words` (lower case): one of them must stand near,
    unless `always`: then shape and check are enough. `sure`: these make it certain, as does a word near by for `always`
    rules. `strong`: so unlikely by chance that it counts even under the name of a counter. `alone`: in a document, a line
    of nothing else counts. `inner`: it may begin within a longer row of groups, or what is
    spelled like its optional beginning may not belong to it. `trim`: groups at its end may not belong. `unsigned`: of
    the numbers that machines count every tenth looks like it, so that plain digits need a word, a person's name, Chinese
    text or other personal data beside them.
    """

    type: str
    pattern: re.Pattern[str] = field(repr=False)
    words: tuple[str, ...] = ()
    check: str = ""
    always: bool = False
    sure: bool = False
    strong: bool = False
    alone: bool = True
    inner: bool = False
    trim: bool = False
    unsigned: bool = False
    edges: Edges = Edges.WORD
    severity: Severity = Severity.MEDIUM


def always(name: str, pattern: str, check: str = "", words: str = "", **more: object) -> Rule:
    """A format that shape and check settle."""
    return replace(near(name, words, pattern, check), always=True, **more)  # type: ignore[arg-type]


def near(name: str, words: str, pattern: str, check: str = "", **more: object) -> Rule:
    """A format that counts beside one of the words only."""
    rule = Rule(name, late(pattern), tuple(words.split("|")) if words else (), check)
    return replace(rule, **more)  # type: ignore[arg-type]


TELEPHONE_WORDS = (
    "phone|tel|mobile|fax|whatsapp|móvil|telepono|telefon|teléfono|téléphone|celular|gsm|msisdn|телефон|тел|моб|τηλέφωνο|τηλ|telefoon|"
    "puhelin|sími|cellulare|tlf|sđt|điện thoại|"
    "โทร|هاتف|جوال|טלפון|फोन|मोबाइल|電話|携帯|手機|전화|휴대폰|핸드폰|연락처|电话|手机|联系|号码|座机|热线|传真|客服|致电|拨打|来电"
)
PHONE_WORDS = f"{TELEPHONE_WORDS}|call|cell|contact|sms|handy|portable|cep|ring|dial"
"""With those that mean other things too: the last call of a traceback, the cell of a table."""
ID_WORDS = "身份证|证件|id card|id number|identity|实名|公民|idcard|id_card|id_no|idno|id no|sfz|居民证"
CARD_WORDS = (
    "银行卡|卡号|信用卡|储蓄卡|借记卡|银联|刷卡|账号|帐号|账户|开户|转账|打钱|还款|card|visa|mastercard|amex|unionpay|maestro|pan|account|"
    "credit|debit|cc|ccnum|cvv|cvc|expiry"
)
