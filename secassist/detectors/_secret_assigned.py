"""Finds values that a name calls secret: assignments, configuration, markup, speaking flags and HTTP headers."""

import base64
import binascii
import re
from collections.abc import Iterator

from schemas import Severity
from secassist.detectors._secret_checks import (
    entropy,
    is_digest,
    is_dotted_name,
    is_identifier,
    is_path,
    is_reference_id,
    looks_random,
    safe_hint,
)
from secassist.detectors._secret_hit import Hit
from secassist.detectors._secret_rules import LOOSE_WORDS, NAME_WORDS, PASSWORD_WORDS

_QUOTED = (
    r"(?:[rbufLR@$]{0,2}\"(?P<d>(?:[^\"\\\n]|\\.){1,400})\"|"
    r"[rbufLR@$]{0,2}'(?P<s>(?:[^'\\\n]|\\.){1,400})'|`(?P<b>[^`\n]{1,400})`)"
)
_BARE = r"(?P<u>[^\s\"'`<>,;(){}\[\]|\\][^\s\"'`<>,;|\\，。；、（）【】「」]{2,300})"
_NAME_TAIL = r"[\w.\-]{0,40}[\"'\]\\]{0,3}\)?"
_TYPE = r"(?::\s{0,3}(?:str(?:ing)?|String|bytes|&(?:'static )?str|Optional\[str\])|\s(?:string|String|varchar))?"
_SIGN = r"(?:===?|!==?|:==?|=>|->|:=|\+=|=|:|：|＝|是|为)"
_SPACE = r"[ \t]{0,12}"

ASSIGNED = re.compile(rf"{_NAME_TAIL}{_TYPE}{_SPACE}{_SIGN}{_SPACE}\(?(?:{_QUOTED}|{_BARE})")
"""Matched where a name word ends: the rest of the name, a sign, and a quoted or bare value."""
ARGUMENT = re.compile(rf"{_NAME_TAIL}{_SPACE},{_SPACE}{_QUOTED}")
MARKUP = re.compile(r"[\w.:\-]{0,40}(?: [^<>\n]{0,80})?>(?P<u>[^<>\n]{1,300})</")
ATTRIBUTE = re.compile(r"[\w.\-]{0,40}[\"']\s{1,4}value\s{0,2}=\s{0,2}[\"'](?P<u>[^\"'\n]{1,300})[\"']")
FLAG = re.compile(rf"[\w\-]{{0,30}}(?:{_SPACE}=|[ \t]{{1,3}}){_SPACE}(?:{_QUOTED}|{_BARE})")
LOOSE = re.compile(
    r"(?:(?!\*{4})[^\n]){0,24}?(?<![A-Za-z0-9])(?P<u>[A-Za-z0-9][A-Za-z0-9_/+\-.=~]{15,200})(?![A-Za-z0-9_/+\-])"
)

SAID = re.compile(
    r"(?:word)?(?:(?: (?:for|of|on|to) [\w.\-]{1,40})? (?:is|was)(?: now)? {1,2}|(?<=[码令]) {1,2})[\"'“‘]?"
    r"(?!https?:|\d{4}-\d\d-\d\d|\d{1,3}(?:\.\d{1,3}){3})(?P<u>(?=[A-Za-z.'_\-]{0,60}[^A-Za-z.'_\-\s])[!#-&(-;=?-~]{6,100})"
)
"""In prose: "the new password is ...", "pw for wiki is ...", "密码 ..."; the value has a digit or a sign in it."""
SPOKEN = re.compile(rf"[\w]{{0,20}}[ \t]{{1,3}}{_QUOTED}")
_NO_PASSWORD = re.compile(r"pass(?:port|ed|es|ing|eng|age|iv|ion|thr|by|ag|ov)|(?:com|by|sur|tres|en)pass")

_HEADERS = (
    ("bearer-token", "earer ", r"earer +(?P<u>[A-Za-z0-9_\-.=+/~]{16,2000})"),
    ("basic-auth", "asic ", r"asic +(?P<u>[A-Za-z0-9+/]{8,400}={0,2})(?![A-Za-z0-9+/])"),
    ("password", "密码错误", r"密码错误[^\n]{0,60}?输入 ?[=:：] ?(?P<u>[^\s,;，；]{3,100})"),
    (
        "password",
        "ConvertTo-SecureString",
        r"ConvertTo-SecureString +(?:-String +)?[\"'](?P<u>[^\"'\n]{2,120})[\"']",
    ),
)
_HEADER_PATTERNS = tuple((name, literal, re.compile(pattern)) for name, literal, pattern in _HEADERS)
_FLAG_START = re.compile(r"[\"']?--?[\w\-.]*$")
_PROTOCOL = re.compile(r"HTTPS?/\d")
_DIRECTORY_NAME = re.compile(r"(?<![a-z0-9])(?:old)?pwd[\"']?\]?$")
"""`PWD` and `OLDPWD` name the working directory in shells and in sudo's log lines, not a password."""
_CALL = re.compile(r"^[A-Za-z_][\w.]{0,80}\(")
_PLAIN_WORD = re.compile(r"^[A-Za-z_][A-Za-z_.\-]*$")
_PATH = re.compile(r"^(?:\.{0,2}/|[A-Za-z]:\\|https?://|~/)")
_TYPES = (
    ("aws", "aws-secret-key"),
    ("client", "client-secret"),
    ("api", "api-key"),
    ("token", "token"),
    ("auth", "token"),
    ("secret", "secret"),
)


def assigned_hits(text: str, lowered: str, bare: bool) -> Iterator[Hit]:
    """Values after a name word; `bare` says whether unquoted values count (configuration, logs and prose, not code)."""
    done = -1
    for name_start, name_end in _names(lowered, NAME_WORDS):
        if name_start < done or not _is_name(lowered, name_start, name_end):
            continue
        for pattern, flag in _patterns(text, name_start):
            match = pattern.match(text, name_end)
            hit = match and _assigned(text, lowered, name_start, match, bare or flag)
            if hit:
                done = hit.end
                yield hit
                break


def _is_name(lowered: str, start: int, end: int) -> bool:
    """Whether the name word stands for a credential here: no "passport", no "pw" inside another word."""
    if lowered[start:end] == "pw":
        return not lowered[max(0, start - 1) : start].isalpha() and not lowered[end : end + 1].isalpha()
    return not _NO_PASSWORD.search(lowered[max(0, start - 4) : end + 6])


def _patterns(text: str, start: int) -> Iterator[tuple[re.Pattern[str], bool]]:
    before = text[max(0, start - 40) : start].rpartition(" ")[2].rpartition("\n")[2]
    if _FLAG_START.match(before):
        yield FLAG, True
    yield ASSIGNED, False
    if "<" in before:
        yield MARKUP, True
    yield ATTRIBUTE, True
    yield SPOKEN, False
    yield SAID, False
    yield ARGUMENT, False


def _assigned(text: str, lowered: str, name_start: int, match: re.Match[str], bare: bool) -> Hit | None:
    group = next(name for name, value in match.groupdict().items() if value is not None)
    if group == "u" and not bare:
        return None
    start, end = match.span(group)
    if group == "u":
        end = _trim(text, start, end)
    line_start = max(0, name_start - 24, lowered.rfind("\n", max(0, name_start - 24), name_start) + 1)
    value, name = text[start:end], lowered[line_start : match.start(group)]
    chosen = any(word in name for word in PASSWORD_WORDS)
    if not _plausible(value, chosen, quoted=group != "u") or (not chosen and is_digest(value, name)):
        return None
    if is_path(value) and _DIRECTORY_NAME.search(name.rstrip("=: \t\"'")):
        return None
    hint = safe_hint(value) or ("file path" if is_path(value) and len(re.findall(r"[\\/]", value)) > 1 else "")
    if not hint and not chosen and entropy(value) < 2.5:
        hint = "low entropy"
    kind = "password" if chosen else next((t for word, t in _TYPES if word in name), "secret")
    if kind == "aws-secret-key" and len(value) != 40:
        kind = "secret"
    return Hit(start, end, kind, value, 2, Severity.HIGH if chosen else Severity.MEDIUM, hint=hint)


def _trim(text: str, start: int, end: int) -> int:
    while end > start + 1 and text[end - 1] in ".,:)]}。，）":
        end -= 1
    return end


def _plausible(value: str, chosen: bool, quoted: bool) -> bool:
    """Whether this can be a value at all, placeholder or not, rather than code or prose."""
    if len(value.strip()) < (3 if chosen else 8) or _CALL.match(value) or value.startswith(("=", "//", "--")):
        return False
    if _PROTOCOL.match(value) or (not quoted and not chosen and is_dotted_name(value)):
        return False
    if " " in value.strip() and not (chosen and looks_random(value)):
        return False
    if not chosen and (_PATH.match(value) or _PLAIN_WORD.match(value)):
        return bool(safe_hint(value)) if quoted else False
    return quoted or not _PLAIN_WORD.match(value) or (chosen and "." not in value and "_" not in value)


def header_hits(text: str) -> Iterator[Hit]:
    """Bearer and Basic credentials, and plain text that PowerShell is told to keep as a secure string."""
    for name, literal, pattern in _HEADER_PATTERNS:
        position = text.find(literal)
        while position >= 0:
            match = pattern.match(text, position)
            if match and (name != "basic-auth" or _is_basic(match["u"])):
                value = match["u"]
                yield Hit(*match.span("u"), name, value, 1, Severity.HIGH, hint=safe_hint(value))
            position = text.find(literal, max(position + 1, match.end() if match else 0))


def _is_basic(value: str) -> bool:
    try:
        return b":" in base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False


def loose_hits(text: str, lowered: str) -> Iterator[Hit]:
    """Random-looking words of 16 characters or more within 24 characters of a name word, on the same line."""
    done = -1
    for _, end in _names(lowered, LOOSE_WORDS):
        match = LOOSE.match(text, end) if end >= done else None
        if match and _is_loose_token(text, *match.span("u")):
            done = match.end()
            yield Hit(*match.span("u"), "random-token", match["u"], 3, Severity.LOW, hint=safe_hint(match["u"]))


def _is_loose_token(text: str, start: int, end: int) -> bool:
    """Whether a word that only stands near a name is generated: no path, URL, identifier, GUID, resource id or digest."""
    value, before = text[start:end], text[max(0, start - 40) : start]
    if "serial" in before.lower():
        return False
    if not looks_random(value) or before.endswith(("/", "\\", "@", "%")) or text[end : end + 1] in ("\\", "("):
        return False
    return not (
        _PATH.match(value) or is_reference_id(value) or is_identifier(value) or is_digest(value, before.lower())
    )


def _names(lowered: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    found = []
    for word in words:
        position = lowered.find(word)
        while position >= 0:
            found.append((position, position + len(word)))
            position = lowered.find(word, position + len(word))
    return sorted(found)
