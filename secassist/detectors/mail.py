"""Signs of phishing and malware in a mail: its sender, where its links really lead, what is attached, how it urges."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from schemas import Alert, Severity, Subject, SubjectKind
from secassist.detectors.base import Detection, Signal

_BODY_CHARS = 200_000
_LINKS = 200
_ADDRESS = re.compile(r"[\w.+'=-]{1,128}@([A-Za-z0-9.-]{1,255})")
_HOST_IN_TEXT = re.compile(r"(?i)\b(?:https?://)?((?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24})\b")
_RUNS = re.compile(
    r"(?i)\.(?:exe|scr|com|pif|bat|cmd|vbs?|vbe|jse?|wsf|wsh|hta|ps1|msi|msix|jar|lnk|cpl|dll|reg|chm"
    r"|application|gadget|iso|img|vhdx?|one"
    r"|url|appx|xll|sct|library-ms|search-ms)$"
)
_MACROS = re.compile(r"(?i)\.(?:doc|dot|xls|xlt|ppt|pot|pps)[mb]$|\.(?:xlam|ppam|xlsb|slk|iqy|rtf)$")
_TWO_ENDINGS = re.compile(
    r"(?i)\.(?:pdf|docx?|xlsx?|txt|jpe?g|png|gif|zip|html?|mp[34])\s{0,99}\.(?:exe|scr|com|pif|bat|cmd|vbs|js|hta|lnk|html?|iso)$"
)
_PAGE = re.compile(r"(?i)\.(?:s?html?|svg|xhtml|mht(?:ml)?)$")
_URGENT = re.compile(
    r"(?i)\b(?:urgent(?:ly)?|immediate(?:ly)? (?:action|attention|response)|act now|within (?:24|48|72) hours?"
    r"|final (?:notice|warning)"
    r"|last (?:warning|chance|reminder)|will be (?:suspended|closed|deleted|terminated|deactivated|limited"
    r"|locked)|has been (?:suspended"
    r"|limited|locked|compromised|restricted|placed on hold)|expire[sd]? (?:today|soon|in)|avoid (?:suspension"
    r"|interruption|closure)"
    r"|unusual (?:sign-?in|activity)|suspicious (?:activity|login)|overdue|unpaid invoice|failure to)|紧急|立即|马上"
    r"|尽快处理|账(?:户|号)(?:将被|已被|异常)|24小时内|逾期"
)
_CREDENTIALS = re.compile(
    r"(?i)\b(?:(?:verify|confirm|validate|update|re-?activate|restore|unlock|review) (?:your |the )?(?:account"
    r"|identity|password|billing|payment"
    r"|information|details|mailbox|e-?mail|card|bank)|(?:enter|provide|submit|send)(?: us)? your (?:password"
    r"|pin|credentials|card|account"
    r"|bank|social security|ssn|details)|password (?:expire|expir|reset|has expired)|sign in to (?:your"
    r"|continue)|log ?in (?:here|below|now|to)"
    r"|click (?:here|below|the link|this link) (?:to|and) (?:verify|confirm|update|restore|unlock|log|sign"
    r"|keep|view)|mailbox (?:is )?"
    r"(?:full|quota|storage)|one-time (?:code|password)|seed phrase|wallet)|验证您的|确认您的(?:账|身份|密码)|输入(?:您的)?密码"
    r"|点击(?:此处|下方|链接)|邮箱(?:容量|升级|将停用)"
)
_MONEY = re.compile(
    r"(?i)\b(?:gift ?cards?|wire transfer|change of bank|new bank (?:details|account)|million (?:dollars|us ?d"
    r"|usd|euro|pounds)|next of kin"
    r"|beneficiary|inheritance|lottery|winning number|bitcoin|btc wallet|recorded you|your webcam|western "
    r"union|moneygram|risk[- ]free"
    r"|100% free|no obligation|earn \$|work from home|viagra|cialis|weight loss|lose (?:weight|\d+)|mortgage"
    r"|refinanc\w+|debt|casino"
    r"|free (?:trial|quote|offer|membership|report|info(?:rmation)?|gift)|act now|call now|order now|guarantee[ds]?"
    r"|bulk e-?mail"
    r"|credit (?:card debt|report|repair)|million e-?mail|financial freedom|extra income|work at home|adults? only|xxx"
    r"|this is not spam|remove me|increase your|no prescription|investment opportunity|strictly confidential"
    r"|unsubscribe|opt[- ]?out|be removed|removal instructions|limited "
    r"time|money[- ]back|toner)\b|发票|中奖|汇款|代开"
)
_TRANSFER = re.compile(
    r"(?i)\b(?:(?:update|change)[a-z]{0,2} (?:my|our|the) (?:direct deposit|bank(?:ing)? (?:details|information|account)"
    r"|payroll|account details)|new (?:bank|account|payment) (?:details|instructions|information)"
    r"|(?:buy|purchase|get|pick up) (?:some |a few |several )?(?:\w{1,12} )?gift ?cards?"
    r"|process (?:a|this|the) (?:wire|payment|transfer)"
    r"|wire (?:the|this|a) (?:payment|funds|amount|money)|are you (?:at your desk|available|in the office)"
    r"|keep (?:this|it) (?:confidential|between us)|i am in a meeting)\b"
    r"|更(?:改|换|新)(?:收款|银行|付款)(?:账户|账号|信息)|(?:马上|立即|尽快)(?:付款|转账|打款|汇款)|购买.{0,8}(?:礼品卡|购物卡)|新的?收款账(?:户|号)|工资补贴|保密.{0,12}(?:转账|付款)"
)
"""What false bosses and false suppliers write."""
_OFFICE = re.compile(
    r"(?i)\b(?:security (?:team|alert|center|department)|account (?:team|service|support)|help ?desk|it (?:support|department)"
    r"|customer (?:service|support)|payroll|ceo|chief executive|administrator|mail(?:box)? (?:admin|team))\b"
    r"|系统管理员|管理员|安全中心|客服|人力资源|财务部|董事长|总经理"
)
"""Names of offices that do not write from free mailboxes."""
_FORM = re.compile(r"(?i)<\s?form\b|<\s?input\b[^>]{0,200}type\s{0,2}=\s{0,2}[\"']?password")
_REMOTE_IMAGE = re.compile(r"(?i)<\s?img\b[^>]{0,400}src\s{0,2}=\s{0,2}[\"']?https?://")
_BRANDS = (
    "paypal apple microsoft office365 outlook google gmail amazon netflix facebook instagram linkedin dropbox "
    "docusign adobe dhl fedex ups "
    "usps chase wellsfargo bankofamerica citibank hsbc santander ebay alipay wechat taobao binance coinbase"
)
_SHORTENERS = (
    " bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly rb.gy s.id tiny.cc shorturl.at t.ly "
)
_FREE = (
    " gmail.com outlook.com hotmail.com yahoo.com aol.com proton.me protonmail.com mail.ru qq.com 163.com gmx.com "
    "icloud.com yandex.com "
)
_LOOKALIKE = str.maketrans("01345", "oleas")


@dataclass
class _Mail:
    sender: str = ""
    reply_to: str = ""
    return_path: str = ""
    subject: str = ""
    lines: dict[str, int] = field(default_factory=dict)
    texts: list[tuple[str, int]] = field(default_factory=list)
    links: list[tuple[str, str, int]] = field(default_factory=list)
    attachments: list[tuple[str, int]] = field(default_factory=list)
    failed: list[tuple[str, int]] = field(default_factory=list)


class MailSigns:
    """Looks at alerts that are mails: of source `eml`, or with the fields from, subject and body."""

    name = "mail"
    version = "2"
    summary = "Phishing signs in mail: senders that differ, misleading links, dangerous attachments, pressure"
    kinds = frozenset({SubjectKind.ALERT})

    def detect(self, subject: Subject) -> Detection:
        """Signals in a fixed order; nothing for an alert that is no mail."""
        if not isinstance(subject, Alert) or not _is_mail(subject):
            return Detection()
        mail = _read(subject)
        found = (_sender_signs(mail), _link_signs(mail), _attachment_signs(mail), _text_signs(mail))
        return Detection(tuple(signal for group in found for signal in group))


def _is_mail(alert: Alert) -> bool:
    names = {item.path for item in alert.fields}
    return alert.source == "eml" or {"from", "subject", "body"} <= names


def _read(alert: Alert) -> _Mail:
    mail = _Mail()
    shown, pending = "", False
    for line, item in alert.placed():
        name = item.path.lower()
        mail.lines.setdefault(name, line)
        if name in ("from", "reply_to", "return_path", "subject"):
            setattr(mail, "sender" if name == "from" else name, item.value)
        elif name in ("body", "body_html"):
            mail.texts.append((item.value[:_BODY_CHARS], line))
        elif name == "urls.text" or (name.startswith("urls") and name != "urls.href" and not pending):
            shown, pending = item.value, True
        elif name.startswith("urls") and len(mail.links) < _LINKS:
            mail.links.append((shown, item.value, line))
            shown, pending = "", False
        elif name.startswith("attachments") and not name.endswith(("size", "sha256")):
            mail.attachments.append((item.value[:300], line))
        elif name.startswith("auth.") and item.value.lower() in ("fail", "softfail", "permerror", "none"):
            mail.failed.append((f"{name[5:]}={item.value.lower()}", line))
    return mail


def _domain(header: str) -> str:
    found = _ADDRESS.findall(header)
    return found[-1].lower().strip(".") if found else ""


def _site(host: str) -> str:
    """The part of a host name that is registered: two labels, or three under a two-letter ending with a short second label."""
    labels = host.lower().strip(".").split(".")
    three = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if three else labels[-2:])


def _sender_signs(mail: _Mail) -> Iterator[Signal]:
    sender, reply, back = _domain(mail.sender), _domain(mail.reply_to), _domain(mail.return_path)
    at = mail.lines.get("from", 1)
    if sender and reply and _site(sender) != _site(reply):
        free = f" {reply} " in _FREE
        severity = Severity.MEDIUM if free else Severity.LOW
        lines = (at, mail.lines.get("reply_to", at))
        yield _sign(
            "reply-to", f"Replies go to {reply}, the sender is {sender}", severity, lines, ("T1566",), noteworthy=free
        )
    if sender and back and _site(sender) != _site(back):
        lines = (at, mail.lines.get("return_path", at))
        yield _sign(
            "return-path", f"The return path is {back}, the sender {sender}", Severity.LOW, lines, (), noteworthy=False
        )
    name = mail.sender.partition("<")[0].strip(" \"'")
    inner = _domain(name)
    if inner and sender and _site(inner) != _site(sender):
        yield _sign(
            "display-name", f"The shown name holds an address of {inner}", Severity.MEDIUM, (at,), ("T1566", "T1656")
        )
    if borrowed := _borrowed(name, sender):
        yield _sign("display-office", borrowed, Severity.MEDIUM, (at,), ("T1566", "T1656"))
    if sender and (odd := _odd_host(sender)):
        yield _sign("sender-lookalike", f"The sender's domain {odd}", Severity.MEDIUM, (at,), ("T1566", "T1656"))
    hard = [(text, line) for text, line in mail.failed if text.endswith("=fail")]
    if hard:
        texts = ", ".join(text for text, _ in hard)
        yield _sign(
            "auth-failed", f"Sender checks failed: {texts}", Severity.MEDIUM, [n for _, n in hard], ("T1566", "T1672")
        )
    elif mail.failed:
        texts = ", ".join(text for text, _ in mail.failed)
        yield _sign(
            "auth-weak",
            f"Sender checks are weak: {texts}",
            Severity.LOW,
            [n for _, n in mail.failed],
            (),
            noteworthy=False,
        )


def _borrowed(name: str, sender: str) -> str:
    """Why the shown name does not fit the sender's domain, or ""."""
    if not sender:
        return ""
    words = set(re.split(r"[^a-z0-9]+", name.lower()))
    main = _site(sender).partition(".")[0]
    for brand in _BRANDS.split():
        if brand in words and brand not in main and f" {sender} " in _FREE:
            return f"The shown name is that of {brand}, the sender a free mailbox"
    if f" {sender} " in _FREE and _OFFICE.search(name):
        return "The shown name is that of an office, the sender a free mailbox"
    return ""


def _odd_host(host: str) -> str:
    """Why a host name is made to mislead, or ""."""
    if "xn--" in host or not host.isascii():
        return f"{host} is spelled with other alphabets"
    labels = re.split(r"[.-]", host.translate(_LOOKALIKE).replace("rn", "m").replace("vv", "w"))
    main = _site(host).partition(".")[0]
    for brand in _BRANDS.split():
        if brand in labels and main != brand and not main.startswith(f"{brand}."):
            return f"{host} borrows the name {brand}"
    return ""


def _host(url: str) -> str:
    try:
        return (urlsplit(url if "//" in url else f"//{url}").hostname or "").lower()
    except ValueError:
        return ""


def _link_signs(mail: _Mail) -> Iterator[Signal]:
    told: set[str] = set()
    for shown, target, line in mail.links:
        for rule, message, severity in _link_faults(shown, target):
            if rule not in told:
                told.add(rule)
                yield _sign(rule, message, severity, (line,), ("T1566.002",), noteworthy=severity is not Severity.INFO)


def _link_faults(shown: str, target: str) -> Iterator[tuple[str, str, Severity]]:
    host = _host(target)
    if not host:
        return
    looks = _HOST_IN_TEXT.fullmatch(shown.strip().partition("/")[0]) or _HOST_IN_TEXT.match(shown.strip())
    if (
        looks
        and "." in looks.group(1)
        and _site(looks.group(1)) != _site(host)
        and not shown.strip().endswith((".pdf", ".html"))
    ):
        yield "link-mismatch", f"A link reads {looks.group(1).lower()} and leads to {host}", Severity.HIGH
    if _is_address(host):
        yield "link-address", f"A link leads to the bare address {host}", Severity.MEDIUM
    elif odd := _odd_host(host):
        yield "link-lookalike", f"A link leads to a host that misleads: {odd}", Severity.MEDIUM
    if f" {host} " in _SHORTENERS:
        yield "link-shortened", f"A link is hidden behind {host}", Severity.INFO
    authority = target.partition("//")[2].partition("/")[0]
    if "@" in authority:
        yield "link-user-part", "A link has a user part that looks like a host", Severity.MEDIUM
    if target.lower().startswith(("javascript:", "data:", "file:", "vbscript:")):
        yield "link-scheme", "A link runs code or opens a file", Severity.HIGH


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.isdigit() or host.startswith("0x")
    return True


def _attachment_signs(mail: _Mail) -> Iterator[Signal]:
    for name, line in mail.attachments:
        if _TWO_ENDINGS.search(name) or "\u202e" in name:
            yield _sign(
                "attachment-disguised",
                f"An attachment hides its type: {name}",
                Severity.HIGH,
                (line,),
                ("T1566.001", "T1036.007"),
            )
        elif _RUNS.search(name):
            yield _sign(
                "attachment-runs",
                f"An attachment that runs: {name}",
                Severity.HIGH,
                (line,),
                ("T1566.001", "T1204.002"),
            )
        elif _MACROS.search(name):
            yield _sign(
                "attachment-macros",
                f"An attachment that can hold macros: {name}",
                Severity.MEDIUM,
                (line,),
                ("T1566.001",),
            )
        elif _PAGE.search(name):
            yield _sign(
                "attachment-page", f"An attached web page: {name}", Severity.MEDIUM, (line,), ("T1566.001", "T1027.006")
            )


def _text_signs(mail: _Mail) -> Iterator[Signal]:
    texts = [(mail.subject, mail.lines.get("subject", 1)), *mail.texts]
    urgent = _find(_URGENT, texts)
    asks = _find(_CREDENTIALS, texts)
    money = _find(_MONEY, texts)
    if urgent and asks:
        yield _sign(
            "pressure-and-credentials",
            "It presses for time and asks for credentials",
            Severity.MEDIUM,
            [*urgent, *asks],
            ("T1566",),
        )
    elif asks:
        yield _sign("credentials", "It asks for credentials or an account check", Severity.LOW, asks, ("T1566",))
    elif urgent:
        yield _sign("pressure", "It presses for time", Severity.LOW, urgent, (), noteworthy=False)
    if money:
        several = len(money) >= 3
        yield _sign(
            "bait",
            f"Words of bulk or advance-fee mail on {len(money)} lines",
            Severity.LOW,
            money,
            ("T1566",) if several else (),
            noteworthy=several,
        )
    asked = _find(_TRANSFER, texts)
    if asked and (urgent or len(asked) > 1 or f" {_domain(mail.reply_to) or _domain(mail.sender)} " in _FREE):
        yield _sign(
            "payment-request", "It asks for money, cards or new bank details", Severity.MEDIUM, asked, ("T1566",)
        )
    if form := _find(_FORM, texts):
        yield _sign("form", "The mail itself holds an input form", Severity.MEDIUM, form, ("T1566",))
    if image := _find(_REMOTE_IMAGE, texts):
        yield _sign("remote-image", "It loads images from the network", Severity.INFO, image, (), noteworthy=False)


def _find(pattern: re.Pattern[str], texts: list[tuple[str, int]]) -> list[int]:
    """Numbers of the lines that match, at most 20."""
    lines: list[int] = []
    for text, first in texts:
        for at, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
            if len(lines) < 20 and pattern.search(line[:4_000]):
                lines.append(first + at)
    return lines


def _sign(
    rule: str,
    message: str,
    severity: Severity,
    lines: list[int] | tuple[int, ...],
    techniques: tuple[str, ...],
    *,
    noteworthy: bool = True,
) -> Signal:
    return Signal(
        rule=f"mail:{rule}",
        message=f"{message}.",
        severity=severity,
        lines=tuple(sorted(set(lines))),
        techniques=techniques,
        noteworthy=noteworthy,
    )


PLUGIN = MailSigns()
