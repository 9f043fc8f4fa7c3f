"""E-mail files and mailboxes as alerts: who, by which way, what it says, where its links really lead, what is attached."""

import hashlib
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from pathlib import Path

from schemas import Alert, Field, Subject
from secassist.errors import SourceError
from secassist.sources._bytes import decode, is_binary, shown, suffix, visible, whole
from secassist.sources._html import Page, read_html
from secassist.sources._moments import moment
from secassist.sources._recognise import shortened
from secassist.sources.base import Limits, Rejected, Skipped

_HEADER = re.compile(rb"^(?:From |[A-Za-z][A-Za-z0-9-]{0,60}:[ \t])", re.MULTILINE)
_NEEDED = tuple(
    re.compile(rb"^" + name + rb":[ \t]", re.MULTILINE | re.IGNORECASE) for name in (b"from", b"subject|to|date")
)
_NEXT = re.compile(rb"\n\r?\n(From [^\n]{1,200} \d\d:\d\d[^\n]{1,40}\r?\n)(?=[A-Za-z][A-Za-z0-9-]{0,60}:)")
"""Before each further mail of a mailbox (mbox, RFC 4155): a blank line, then sender and time, then a header."""
_URL = re.compile(r"""(?:https?|ftp|hxxps?)://[^\s<>"'\\^`{|}\x00-\x1f]{1,2000}""", re.IGNORECASE)
_AUTH = re.compile(r"\b(spf|dkim|dmarc|arc)\s{0,4}=\s{0,4}(\w{1,20})", re.IGNORECASE)
_PLAIN_HEADERS = (
    "From",
    "Reply-To",
    "Return-Path",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "X-Mailer",
    "X-Originating-IP",
)
_MOST_LINES = 1_000_000
_MOST_PARTS = 100
_MOST_LINKS = 200
_MOST_HEADER = 8_000


class Eml:
    """One mail, one Alert; a mailbox has several."""

    name = "eml"
    summary = "e-mail (.eml) and mailboxes (mbox): headers, authentication results, text, links, attachments"

    def sniff(self, path: Path, head: bytes) -> float:
        """By suffix, or by the headers every mail has."""
        if is_binary(head[:4096]) or not head:
            return 0.0
        top = head.replace(b"\r\n", b"\n").split(b"\n\n")[0]
        looks = bool(_HEADER.match(top)) and all(need.search(top) for need in _NEEDED)
        if suffix(path) in (".eml", ".email"):
            return 0.95 if looks else 0.7
        return 0.88 if looks else 0.0

    def read(self, path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
        """The Alert of each mail, or why it could not be taken apart; the origin in a mailbox is "file:line"."""
        data, origin = whole(path, limits), shown(path)
        if not data.strip():
            yield Skipped(origin, "empty file; nothing to read")
            return
        mails = _mails(data)
        for line, mail in mails:
            place = origin if len(mails) == 1 else f"{origin}:{line}"
            try:
                yield message(mail, place, limits)
            except SourceError as error:
                yield Rejected(place, str(error))


def _mails(data: bytes) -> list[tuple[int, bytes]]:
    """Each mail of a mailbox with the line it begins on; a file that does not begin like a mailbox is one mail."""
    further = [found.start(1) for found in _NEXT.finditer(data)] if data.startswith(b"From ") else []
    starts, line, mails = [0, *further], 1, list[tuple[int, bytes]]()
    for start, end in zip(starts, [*further, len(data)], strict=True):
        mails.append((line, data[start:end]))
        line += data.count(b"\n", start, end)
    return mails


def message(data: bytes, origin: str, limits: Limits | None = None) -> Alert:
    """The Alert of one mail's bytes; raises SourceError for what is no mail, too large, or built to exhaust us."""
    limits = limits or Limits()
    parsed = _parsed(data)
    fields = [*_headers(parsed), *_route(parsed)]
    try:
        fields += _content(parsed, limits)
    except (RecursionError, MessageError, ValueError, LookupError) as error:
        raise SourceError("the parts of the mail cannot be taken apart; save it again as .eml") from error
    named = {field.path: field.value for field in reversed(fields)}
    return Alert(
        source=Eml.name,
        origin=origin,
        title=shortened(named.get("subject", ""), 200) or "mail without subject",
        fields=tuple(fields),
        description=shortened(f"mail from {named.get('from', 'nobody')}", 500),
        observed_at=_date(named.get("date", "")),
    )


def _parsed(data: bytes) -> Message:
    """The parsed mail; what would make the parser slow is refused first."""
    if is_binary(data[:4096]):
        raise SourceError("binary data, not a mail; save it as .eml (RFC 5322 text)")
    if data.count(b"\n") > _MOST_LINES or data.lower().count(b"boundary=") > _MOST_PARTS:
        raise SourceError(
            f"more than {_MOST_LINES} lines or {_MOST_PARTS} nested parts; take the attachments apart first"
        )
    try:
        parsed = BytesParser(policy=compat32).parsebytes(data)
    except (RecursionError, MessageError, ValueError, LookupError) as error:
        raise SourceError("not a mail that can be parsed; save it again as .eml") from error
    if not parsed.keys():
        raise SourceError("holds no mail header; save it again as .eml, or read it as text")
    return parsed


def _headers(mail: Message) -> Iterator[Field]:
    for name in _PLAIN_HEADERS:
        for value in _values(mail, name)[:5]:
            yield Field(path=name.lower().replace("-", "_"), value=_unfolded(value))


def _values(mail: Message, name: str) -> list[str]:
    """A header's values as they stand, bytes above ASCII decoded as text is."""
    found = (str(value) for key, value in mail.raw_items() if key.lower() == name.lower())
    return [decode(value.encode("utf-8", "surrogateescape")) for value in found]


def _unfolded(value: str) -> str:
    """A header on one line with its encoded words decoded; what cannot be decoded stays as it stands."""
    raw = value[:_MOST_HEADER]
    try:
        parts = decode_header(raw) if "=?" in raw else [(raw, None)]
        text = "".join(_word(part, charset) for part, charset in parts)
    except (MessageError, ValueError, LookupError):
        text = raw
    return " ".join(visible(text).split())


def _word(part: bytes | str, charset: str | None) -> str:
    return part if isinstance(part, str) else _text(part, charset)


def _text(data: bytes, charset: str | None) -> str:
    """Bytes in the charset named, or the one they look like where it is unknown or wrong."""
    if charset and charset.lower() not in ("unknown-8bit", "us-ascii") and charset.replace("-", "").isalnum():
        try:
            return data.decode(charset).replace("\r\n", "\n")
        except (LookupError, ValueError):
            pass
    return decode(data)


def _route(mail: Message) -> Iterator[Field]:
    """How many servers it passed and what they said of its sender."""
    yield Field(path="received_count", value=str(len(_values(mail, "Received"))))
    told = [
        _unfolded(value) for name in ("Authentication-Results", "Received-SPF") for value in mail.get_all(name, [])[:5]
    ]
    for value in told:
        yield Field(path="authentication_results", value=value)
    seen = {kind.lower(): result.lower() for value in reversed(told) for kind, result in reversed(_AUTH.findall(value))}
    for kind in ("spf", "dkim", "dmarc"):
        yield Field(path=f"auth.{kind}", value=seen.get(kind, "none"))


def _content(mail: Message, limits: Limits) -> Iterator[Field]:
    """Body, links and attachments; HTML alone is read as text, HTML beside text gives its links and its text too."""
    plain, pages, attached = list[str](), list[Page](), list[Field]()
    for part in mail.walk():
        if part.is_multipart():
            continue
        data = _payload(part)
        kind = part.get_content_type()
        if part.get_filename() or part.get_content_disposition() == "attachment" or not kind.startswith("text/"):
            attached += _attachment(part, data, kind)
        elif kind == "text/html":
            pages.append(read_html(visible(_text(data, part.get_content_charset()))))
        else:
            plain.append(visible(_text(data, part.get_content_charset())))
    text = "\n".join(plain)
    if sum(map(len, plain)) + sum(len(page.text) for page in pages) > limits.record_bytes:
        raise SourceError(f"text of more than {limits.record_bytes} characters; raise limits.record_bytes")
    yield Field(path="body", value=(text if text.strip() else "\n".join(page.text for page in pages)).strip("\n"))
    if text.strip() and pages:
        yield Field(path="body_html", value="\n".join(page.text for page in pages))
    yield from _links(text, pages)
    yield from attached


def _payload(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _links(text: str, pages: list[Page]) -> Iterator[Field]:
    """Each link once: `urls.text` is what the reader sees, `urls.href` where it leads."""
    pairs = [pair for page in pages for pair in page.links]
    pairs += [("", found) for found in _URL.findall(text)]
    pairs += [("", found) for page in pages for found in _URL.findall(page.text) if not pairs]
    once = list(dict.fromkeys((shown_as, visible(target)[:2000]) for shown_as, target in pairs if target))
    for shown_as, target in once[:_MOST_LINKS]:
        if shown_as:
            yield Field(path="urls.text", value=shown_as)
        yield Field(path="urls.href", value=target)
    if len(once) > _MOST_LINKS:
        yield Field(path="urls.left_out", value=str(len(once) - _MOST_LINKS))


def _attachment(part: Message, data: bytes, kind: str) -> Iterator[Field]:
    yield Field(path="attachments.name", value=_unfolded(part.get_filename() or "") or "unnamed")
    yield Field(path="attachments.type", value=visible(kind))
    yield Field(path="attachments.size", value=str(len(data)))
    yield Field(path="attachments.sha256", value=hashlib.sha256(data).hexdigest())


def _date(value: str) -> str:
    try:
        return moment(parsedate_to_datetime(value).isoformat())
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


PLUGIN = Eml()
