"""Finds values that a name calls secret: assignments, configuration, markup, speaking flags, SQL and prose."""

import re
from collections.abc import Iterable, Iterator

from schemas import Severity
from secassist.detectors._secret.checks import (
    entropy,
    is_digest,
    is_dotted_name,
    is_identifier,
    is_path,
    is_reference_id,
    is_scrambled,
    looks_random,
    safe_hint,
)
from secassist.detectors._secret.hit import Hit
from secassist.detectors._secret.names import LOOSE_WORDS, PASSWORD_WORDS, belongs_only, names_a_thing, numbers_a_thing
from secassist.detectors._secret.services import services

_QUOTED = (
    r"(?:[rbufLR@$]{0,2}\"(?P<d>(?:[^\"\\\n]|\\.){1,400}+)\"|"
    r"[rbufLR@$]{0,2}'(?P<s>(?:[^'\\\n]|\\.){1,400}+)'|`(?P<b>[^`\n]{1,400}+)`|"
    r"\\{1,3}[\"'](?P<e>[^\"'\\\n]{1,400}+)\\{1,3}[\"']|&(?:quot|\#34|\#39|apos);(?P<h>[^\n]{1,100}?)&(?:quot|\#34|\#39|apos);)"
)
_BARE = r"(?P<u>[^\s\"'`<>,;(){}\[\]|\\，。；、：！？（）【】「」][^\s\"'`<>,;|\\，。；、（）【】「」]{2,300})"
_NAME_TAIL = r"(?:[A-Za-z0-9_]|[.\-](?=[A-Za-z0-9_])){0,40}+[\"'\]\\]{0,3}+\)?"
_TYPE = r"(?::\s{0,3}(?:str(?:ing)?|String|bytes|&(?:'static )?str|Optional\[str\])|\s(?:string|String|varchar))?"
_SIGN = (
    r"(?:===?|!==?|:==?|=>|->|:=|\+=|=|%3[dD]|:|：|＝|是|(?:已|被|统一)?(?:设置?|改|修改|重置|变更|更新)?[为成]|"
    r"(?<=\) )(?:or|\|\||\?\?)(?= ))"
)
_SPACE = r"[ \t]{0,12}+"
_MASK = r"(?:\[[\w .\-]{1,60}:[^\[\]\n]{0,4}\*{4}[^\[\]\n]{0,4}\])?"
"""What redaction leaves: a value behind it is read, so that a forged one hides nothing."""

ASSIGNED = re.compile(
    rf"{_NAME_TAIL}(?: [kK](?:ey|EY)| (?:for|of) [\w.\-]{{1,30}})?{_TYPE}{_SPACE}{_SIGN}{_SPACE}\(?{_MASK}(?:{_QUOTED}|{_BARE})"
)
"""Matched where a name word ends: the rest of the name, a sign, and a quoted or bare value."""
ARGUMENT = re.compile(rf"{_NAME_TAIL}{_SPACE},{_SPACE}{_QUOTED}")
CALL = re.compile(rf"\w{{0,30}}+\(\s{{0,4}}+{_QUOTED}\s{{0,4}}\)")
_CONTENT = r"(?:<!\[CDATA\[(?P<d>[^<>\n\]]{1,300}+)\]\]>|(?P<u>[^<>\n]{1,300}+))</"
MARKUP = re.compile(rf"[\w.:\-]{{0,40}}+(?: [^<>\n]{{0,80}}+)?>{_CONTENT}")
ELEMENT = re.compile(rf"[\w.\-]{{0,40}}+[\"'](?: [^<>\n]{{0,80}}+)?>{_CONTENT}")
"""An element whose attribute is the name."""
PROPERTY = re.compile(r"[\w .\-]{0,40}+</key>\s{0,40}+<string>(?P<u>[^<>\n]{1,300}+)</")
"""The pairs of property lists."""
ATTRIBUTE = re.compile(r"[\w.\-]{0,40}+[\"']\s{1,4}+value\s{0,2}+=\s{0,2}+[\"'](?P<u>[^\"'\n]{1,300}+)[\"']")
FLAG = re.compile(rf"[\w\-]{{0,30}}+(?:{_SPACE}={_SPACE}|[ \t]{{1,12}}+)(?:{_QUOTED}|{_BARE})")
SQL = re.compile(
    r"(?:word|WORD)?(?: [\"']?\w{1,40}[\"']? (?:by|as|BY|AS))?[ \t]{1,3}(?:(?:password|PASSWORD)[ \t]{1,3})?"
    rf"(?:{_QUOTED}|{_BARE})"
)
"""After IDENTIFIED BY, IDENTIFIED WITH (a plug-in BY), and LOGIN PASS."""
_WORD_START = r"(?<![A-Za-z0-9_/+\-.~])"
LOOSE = re.compile(
    rf"(?:[_\-.]?|(?:(?!\*{{4}})[^\n]){{0,24}}?{_WORD_START})"
    r"(?P<u>[A-Za-z0-9][A-Za-z0-9_/+\-.~]{15,400}+={0,2})(?![A-Za-z0-9_/+\-])"
)
"""Matched where a name word ends: a long word joined to it, or begun a little later on the line."""
SERVICE = re.compile(
    rf"(?:[_\-]?|[\w .\-\"'\]:=>]{{0,36}}?{_WORD_START})(?P<u>[A-Za-z0-9][A-Za-z0-9_\-]{{15,200}}+={{0,2}})(?![\w/+.@(])"
)
"""Matched where the name of a service ends: the rest of a name, perhaps a sign, and a long word."""

SAID = re.compile(
    r"(?:word)?(?:(?: (?:for|of|on|to) [\w.\-]{1,40})? (?:is|was)(?: now)? {1,2}|(?<=[码令]) {1,2})[\"'“‘]?"
    r"(?!https?:|\d{4}-\d\d-\d\d|\d{1,3}(?:\.\d{1,3}){3})(?P<u>(?=[A-Za-z.'_\-]{0,60}[^A-Za-z.'_\-\s])[!#-&(-;=?-~]{6,100})"
)
"""In prose: "the new password is ...", "pw for wiki is ...", "密码 ..."; the value has a digit or a sign in it."""
SPOKEN = re.compile(rf"\w{{0,20}}+[ \t]{{1,3}}{_QUOTED}")
_NO_CREDENTIAL = re.compile(
    r"pass(?:port|ed|es|ing|eng|age|iv|ion|thr|by|ag|ov|able)|(?:com|by|sur|tres|en|mini)pass|pass(?:lib|py)|secretar|token(?:iz|is)|psych|"
    r"author(?!i)|(?:mon|tur|hoc|joc|don|whis)key|key(?:w|b|e|f|str|no)|accessi|accesso|privatel"
)
_WHOLE_WORDS = {"pw": ("rd",), "psk": (), "psw": ("d", "rd", "ord")}
"""Words that count alone or with these endings only."""

_FLAG_START = re.compile(r"[\"']?--?[\w\-.]{0,60}$")
_PAIR_START = re.compile(r"(?:id|user(?:[ _]?name)?|login|account|账号|用户名|帐号|계정|아이디) ?[/|:,(] ?$")
_PAIR = re.compile(r"[^\s/:|,]{2,60}[/:|,](?=.)")
"""`id/password: name/value`: what stands before the value."""
_PROTOCOL = re.compile(r"HTTPS?/\d")
_DIRECTORY_NAME = re.compile(r"(?<![a-z0-9])(?:old)?pwd[\"']?\]?$")
"""`PWD` and `OLDPWD` name the working directory in shells and in sudo's log lines, not a password."""
_CALL = re.compile(r"^[A-Za-z_][\w.]{0,80}(?:\(|(?<=[a-z])\{)")
_PLAIN_WORD = re.compile(r"^[A-Za-z_][A-Za-z_.\-]{0,400}$")
_PATH = re.compile(r"^(?:\.{0,2}/|[A-Za-z]:\\|https?://|~/)")
_NEXT_FIELD = re.compile(
    r"&(?:amp;)?(?:lt|gt|quot|apos|nbsp|\#\d{1,4})(?:;|$)|&(?:amp;)?[\w.\-\[\]%]{1,60}=|%26[\w.]{1,60}%3[dD]|\\[nrt]?$"
)
"""Where the value of a query or form ends."""
_QUOTE_NEAR = re.compile(r"[^\"'`>\n]{0,90}[\"'`>]")
_SETTING = re.compile(r"[A-Za-z_]{2,30}=-?[\d.]{1,30}$|\w{1,60}=[A-Za-z_]{1,60}$")
_WORDY = re.compile(r"[a-z_]{3}\w{0,60}+(?:\.[A-Za-z_]\w{0,60}+){1,8}$|[A-Z]{2,10}-\d\.\d")
"""Modules and their members; names of licences."""
_OBJECT_ID = re.compile(
    r"(?:req|evt|cus|ch|py|pi|in|ii|sub|si|msg|acct|price|prod|run|thread|asst|file|batch|chatcmpl|resp|user|usr|org|proj|inv|txn|"
    r"card|src|seti|job|wh|step|call|item|team)[_-][A-Za-z0-9]{8,64}$"
)
"""Numbers of things that say of what."""
_FILE_NAME = re.compile(
    r"\.(?:gz|zip|tgz|tar|bz2|xz|json|log|txt|csv|png|jpe?g|gif|svg|pdf|html?|js|css|xml|ya?ml|parquet|bin|jar|whl|deb|rpm|pem)$"
)
_SAME_WORD = re.compile(r"[a-z]{1,20}[./]")
"""What goes on with the word that the name was found in, as in "oauthlib.x" and "licenses/x"."""
_REST = re.compile(r"[\w.\-]{0,40}")
_PUBLIC_BEFORE = re.compile(r"(?:ssh-[a-z0-9]{3,10}|nistp\d{3}) $|;base64,$|(?:sha|md)\d{1,3}[:\-=] ?$", re.IGNORECASE)
"""Public keys, images and digests say so right before the value."""
_JOINED_NAMES = re.compile(
    r"(?:(?:private|access|secret|client|api|auth|key|token|tok)[\-_=]){1,4}|[A-Za-z_]{1,30}=", re.IGNORECASE
)
_NAMED_GUID = re.compile(
    r"[\w]{0,12}[\-=:\"' ]{1,4}(?<![\w])(?P<u>[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?![\w-])"
)
_STRONG_WORDS = ("token", "secret", "private", "license")
"""After these a GUID is more likely the credential than the id of a thing."""
_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")
_TYPES = (
    ("aws", "aws-secret-key"),
    ("client", "client-secret"),
    ("api", "api-key"),
    ("token", "token"),
    ("auth", "token"),
    ("secret", "secret"),
)


def assigned_hits(text: str, lowered: str, words: Iterable[str], bare: bool) -> Iterator[Hit]:
    """Values after one of the name words; `bare`: unquoted ones count (in configuration, logs and prose, not in code)."""
    done = -1
    for name_start, name_end in _names(lowered, words):
        if name_start < done or not _is_name(lowered, name_start, name_end):
            continue
        if not bare and not _QUOTE_NEAR.match(text, name_end):
            continue
        for pattern, flag in _patterns(text, lowered, name_start, name_end):
            match = pattern.match(text, name_end)
            hit = match and _assigned(text, lowered, (name_start, name_end), match, bare or flag)
            if hit:
                done = hit.end
                yield hit
                break


def _is_name(lowered: str, start: int, end: int) -> bool:
    """Whether the name word stands for a credential here: no "passport", no "pw" inside another word."""
    endings = _WHOLE_WORDS.get(lowered[start:end])
    if endings is not None:
        rest = re.match("[a-z]{0,4}", lowered[end : end + 4])
        return not lowered[max(0, start - 1) : start].isalpha() and (not rest or rest[0] in ("", *endings))
    return not _NO_CREDENTIAL.search(lowered[max(0, start - 4) : end + 6])


def _patterns(text: str, lowered: str, start: int, end: int) -> Iterator[tuple[re.Pattern[str], bool]]:
    before = text[max(0, start - 40) : start].rpartition(" ")[2].rpartition("\n")[2]
    if _FLAG_START.match(before):
        yield FLAG, True
    yield ASSIGNED, False
    if "<" in before:
        yield MARKUP, True
    if "=" in before or ">" in before:
        yield ELEMENT, True
        yield PROPERTY, True
    if lowered.startswith("identif", start) or lowered.endswith(("login ", "with ", "encrypted "), 0, start):
        yield SQL, True
    if lowered.endswith(("set", "set_", "with", "with_"), 0, start):
        yield CALL, False
    yield ATTRIBUTE, True
    if lowered[start : end + 1].rstrip(" \t") not in ("pass", "identified by", "identified with"):
        yield SPOKEN, False
    yield SAID, False
    yield ARGUMENT, False


def _assigned(text: str, lowered: str, name: tuple[int, int], match: re.Match[str], bare: bool) -> Hit | None:
    group = next(key for key, value in match.groupdict().items() if value is not None)
    if group == "u" and not bare:
        return None
    start, end = match.span(group)
    if group == "u":
        end = _trim(text, start, end)
    if _PAIR_START.search(lowered, max(0, name[0] - 12), name[0]) and (pair := _PAIR.match(text, start, end)):
        start = pair.end()
    line_start = max(0, name[0] - 24, lowered.rfind("\n", max(0, name[0] - 24), name[0]) + 1)
    value, called = text[start:end], lowered[line_start : match.start(group)]
    chosen = any(word in called for word in PASSWORD_WORDS)
    if not _plausible(value, chosen, quoted=group != "u") or (not chosen and is_digest(value, called)):
        return None
    if (
        match.re in (ARGUMENT, SQL)
        and (value.islower() or _PLAIN_WORD.match(value))
        and value.replace("_", "").isalpha()
        and not is_scrambled(value)
    ):
        return None
    if lowered[name[0] : name[1] + 1] == "pass_" and _PLAIN_WORD.match(value):
        return None
    if is_path(value) and _DIRECTORY_NAME.search(called.rstrip("=: \t\"'")):
        return None
    hint = _hint(text, lowered, name, value, chosen)
    kind = "password" if chosen else next((t for word, t in _TYPES if word in called), "secret")
    if kind == "aws-secret-key" and len(value) != 40:
        kind = "secret"
    return Hit(start, end, kind, value, 2, Severity.HIGH if chosen else Severity.MEDIUM, hint=hint)


def _hint(text: str, lowered: str, name: tuple[int, int], value: str, chosen: bool) -> str:
    """Why the value is harmless: by what it is, by what it is a part of, by what its name says of it."""
    rest = _REST.match(text, name[1])
    if rest and belongs_only(rest[0]):
        return "names something that belongs to a credential"
    if names_a_thing(lowered[max(0, name[0] - 30) : name[1]]):
        return "public or a mere name"
    hint = safe_hint(value)
    if hint:
        return hint
    if text.startswith(("...", "…"), text.find(value, name[1]) + len(value)):
        return "cut short"
    if is_path(value) and len(re.findall(r"[\\/]", value)) > 1:
        return "file path"
    return "low entropy" if not chosen and entropy(value) < 2.5 else ""


def _trim(text: str, start: int, end: int) -> int:
    field = _NEXT_FIELD.search(text, start, end)
    end = field.start() if field else end
    while end > start + 1 and text[end - 1] in ".,:)]}。，）":
        end -= 1
    return end


def _plausible(value: str, chosen: bool, quoted: bool) -> bool:
    """Whether this can be a value at all, placeholder or not, rather than code or prose."""
    if (
        len(value.strip()) < (3 if chosen else 8)
        or _CALL.match(value)
        or value.startswith(("=", "//", "--", "(" if not chosen else "="))
    ):
        return False
    if _PROTOCOL.match(value) or (not quoted and not chosen and is_dotted_name(value)):
        return False
    if " " in value.strip() and not (chosen and looks_random(value)):
        return False
    if not chosen and (_PATH.match(value) or _PLAIN_WORD.match(value.strip())):
        return bool(safe_hint(value)) if quoted else False
    return quoted or not _PLAIN_WORD.match(value) or (chosen and "." not in value and "_" not in value)


def loose_hits(text: str, lowered: str, words: Iterable[str]) -> Iterator[Hit]:
    """Random-looking words of 16 characters or more within 24 characters of a name word, on the same line."""
    done = -1
    for start, end in _names(lowered, words):
        match = LOOSE.match(text, end) if end >= done and _is_name(lowered, start, end) else None
        span = match and _unnamed(text, *match.span("u"))
        if span and _is_loose_token(text, *span):
            done = span[1]
            yield _loose(text, lowered, *span)
        elif guid := _NAMED_GUID.match(text, end):
            yield _loose(text, lowered, *guid.span("u"), "" if lowered[start:end] in _STRONG_WORDS else "GUID")


def service_hits(text: str, lowered: str, named: Iterable[str]) -> Iterator[Hit]:
    """Words of a service's own shape, random-looking words and GUIDs that its name stands before, in a setting or in prose."""
    for start, end in _names(lowered, named):
        match = SERVICE.match(text, end) if _begins_word(text, start) else None
        span = match and _unnamed(text, *match.span("u"))
        if not span:
            continue
        service = services()[lowered[start:end]]
        value, between = text[slice(*span)], lowered[end : span[0]]
        shaped = service.shape is not None and service.shape.match(value) and looks_random(value)
        if service.ordinary and not _ends_word(text, end):
            continue
        if service.ordinary and not (shaped and len(value) > 30) and not any(word in between for word in LOOSE_WORDS):
            continue
        if (shaped and not is_digest(value, between)) or _GUID.match(value) or _is_loose_token(text, *span):
            yield _loose(text, lowered, *span)


def _begins_word(text: str, start: int) -> bool:
    """Whether a name is no end of another word: "okta" in "oktaKey" and "myOkta", not in "bookTable"."""
    before = text[start - 1 : start]
    return not (before.isascii() and before.isalpha()) or (before.islower() and text[start].isupper())


def _ends_word(text: str, end: int) -> bool:
    """Whether a name is no beginning of another word: "sumo" in "sumoKey" and "SUMO_ID", not in "sumofall"."""
    after = text[end : end + 1]
    return not (after.isascii() and after.islower()) or text[end - 1].isupper()


def _unnamed(text: str, start: int, end: int) -> tuple[int, int]:
    """The word without the names that are joined to its front, if enough of it is left."""
    name = _JOINED_NAMES.match(text, start, end)
    return (name.end(), end) if name and end - name.end() >= 16 else (start, end)


def _loose(text: str, lowered: str, start: int, end: int, hint: str = "") -> Hit:
    before = lowered[max(0, start - 40) : start]
    thing = "public or a mere name" if names_a_thing(before) or numbers_a_thing(before) else ""
    value = text[start:end]
    return Hit(
        start, end, "random-token", value, 3, Severity.LOW, hint=thing or hint or safe_hint(value, generated=True)
    )


def _is_loose_token(text: str, start: int, end: int) -> bool:
    """Whether a word that only stands near a name is generated: no path, URL, identifier, GUID, resource id or digest."""
    value, before = text[start:end], text[max(0, start - 40) : start]
    if "serial" in before.lower() or _PUBLIC_BEFORE.search(before):
        return False
    if (
        not (looks_random(value) or is_scrambled(value))
        or before.endswith(("/", "\\", "@", "%", "#"))
        or text[end : end + 1] in ("\\", "(")
    ):
        return False
    return not (
        _PATH.match(value)
        or _SETTING.match(value)
        or _WORDY.match(value)
        or _OBJECT_ID.match(value)
        or _FILE_NAME.search(value)
        or (_SAME_WORD.match(value) and before[-1:].islower())
        or is_reference_id(value)
        or is_identifier(value)
        or is_digest(value, before.lower())
    )


def _names(lowered: str, words: Iterable[str]) -> list[tuple[int, int]]:
    found = []
    for word in words:
        position = lowered.find(word)
        while position >= 0:
            found.append((position, position + len(word)))
            position = lowered.find(word, position + len(word))
    return sorted(found)
