"""Finds values that a name calls secret: assignments, configuration, markup, speaking flags, SQL and prose."""

import re
from collections.abc import Iterable, Iterator

from schemas import Severity
from secassist.detectors._secret.checks import (
    entropy,
    is_digest,
    is_dotted_name,
    is_gibberish,
    is_identifier,
    is_path,
    is_scrambled,
    looks_random,
    safe_hint,
)
from secassist.detectors._secret.expressions import is_expression, is_own_name
from secassist.detectors._secret.hit import Hit
from secassist.detectors._secret.names import PASSWORD_WORDS, belongs_only, is_credential, names_a_thing, places_of

_QUOTED = (
    r"(?:[rbufLRNE@$]{0,2}\"(?P<d>(?:[^\"\\\n]|\\.){1,400}+)\"|"
    r"[rbufLRNE@$]{0,2}'(?P<s>(?:[^'\\\n]|\\.){1,400}+)'|`(?P<b>[^`\n]{1,400}+)`|"
    r"\\{1,3}[\"'](?P<e>[^\"'\\\n]{1,400}+)\\{1,3}[\"']|&(?:quot|\#34|\#39|apos);(?P<h>[^\n]{1,100}?)&(?:quot|\#34|\#39|apos);)"
)
_BLANKS = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""All of `\\s` one by one: a set with a category in it takes half as long again to ask."""
_BARE = (
    rf"(?P<u>[^{_BLANKS}\"'`<>,;(){{}}\[\]|\\，。；、：！？（）【】「」]"
    rf"[^{_BLANKS}\"'`<>,;|\\，。；、（）【】「」]{{2,300}})"
)
_NAME_TAIL = r"(?:[A-Za-z0-9_]|[.\-](?=[A-Za-z0-9_])){0,40}+[\"'\]\\]{0,3}+(?:\)|\[\w{0,20}\])?"
_TYPE = (
    r"(?::\s{0,3}(?:str(?:ing)?|String|bytes|&(?:'static )?str|Optional\[str\])|"
    r"\s(?:string|String|varchar|[aA]s [sS]tring|\{ ?get;[^{}\n]{0,30}\}))?"
)
"""What kind of value the name holds; or C#'s accessors."""
_SIGN = r"(?:===?|!==?|:==?|\?=|=>|->|:=|\+=|=|%3[dD]|:|：|＝|是|(?:已|被|统一)?(?:设置?|改|修改|重置|变更|更新)?[为成][:：]?)"
_SPACE = r"[ \t]{0,12}+"
_MADE = (
    r"(?:(?:(?:\w{1,24}+(?:\.|::|->)){0,3}+(?=\w{2,30}+\()(?i:md5|sha1|sha2|sha256|bcrypt|crypt|password|old_password|make|hash|"
    r"hashSync|hashpw|encode|encrypt|make_password|generate_password_hash|password_hash|hash_password|SecretStr|SecretString|"
    r"Secret|String|NewString|str|bytes|b64encode|btoa|utf8|from|fromString|GetBytes)|\[\]byte)\(\s{0,8}(?=[bu@]?[\"']))?"
)
"""A call that makes a hash, bytes or a guarded string of the value."""
_MASK = r"(?:\[[\w .\-]{1,60}:[^\[\]\n]{0,4}\*{4}[^\[\]\n]{0,4}\])?"
"""What redaction leaves: a value behind it is read, so that a forged one hides nothing."""

ASSIGNED = re.compile(
    rf"{_NAME_TAIL}(?: [kK](?:ey|EY)| (?:for|of) (?:the |our |my )?[\w.\-]{{1,30}})?{_TYPE}{_SPACE}{_SIGN}{_SPACE}"
    rf"\(?{_MADE}{_MASK}(?:{_QUOTED}|{_BARE})"
)
"""Matched where a name word ends: the rest of the name, a sign, and a quoted or bare value."""
UNCLOSED = re.compile(
    rf"{_NAME_TAIL}{_SPACE}{_SIGN}{_SPACE}\(?{_MASK}(?:\\{{0,3}}[\"'])(?P<d>[^\"'\s\\]{{8,200}}+)\\{{0,3}}$",
    re.MULTILINE,
)
"""The same with a quote that nobody closes: a record that was cut."""
ARGUMENT = re.compile(rf"{_NAME_TAIL}{_SPACE},{_SPACE}{_QUOTED}")
_ASKED = re.compile(
    r"(?:env|environ|config|conf|settings?|secrets?|get|propert(?:y|ies))\(\s{0,4}[\"'][\w.\-]{0,40}$", re.IGNORECASE
)
_ALL_OF_IT = re.compile(r"[\w.\-]{0,40}+[\"']\s{0,4}\)")
"""A name that a setting is asked for by, and nothing else: what follows the call is not its value."""
CALL = re.compile(rf"\w{{0,30}}+\(\s{{0,4}}+{_QUOTED}\s{{0,4}}\)")
DEFAULT = re.compile(rf"{_NAME_TAIL}{_SPACE}(?:\|\||\?\?|\?:|or){_SPACE}\(?{_QUOTED}")
"""What stands in where a setting is not there."""
PAIR = re.compile(rf"[\w.\-]{{0,40}}+[\"']?,?\s{{1,40}}+[\"']?[vV]alue[\"']?{_SPACE}[:=]{_SPACE}(?:{_QUOTED}|{_BARE})")
"""A name and a value that are fields of one entry."""
BARE_SETTING = re.compile(rf"[\w.\-]{{0,40}}+[ \t]{{1,12}}+(?:[05-9] )?{_BARE}[ \t]*$", re.MULTILINE)
"""A line of a name and a value, without a sign."""
_CONTENT = r"(?:<!\[CDATA\[(?P<d>[^<>\n\]]{1,300}+)\]\]>|(?P<u>[^<>\n]{1,300}+))</"
MARKUP = re.compile(rf"[\w.:\-]{{0,40}}+(?: [^<>\n]{{0,80}}+)?>{_CONTENT}")
ELEMENT = re.compile(rf"[\w.\-]{{0,40}}+[\"'](?: [^<>\n]{{0,80}}+)?>(?:\s{{0,40}}<[vV]alue>)?{_CONTENT}")
"""An element whose attribute is the name."""
PROPERTY = re.compile(
    r"[\w .\-]{0,40}+</(?:key|[nN]ame)>\s{0,40}+<(?:string|[vV]alue)>(?P<u>[^<>\n]{1,300}+)</|"
    r"[\w.\-]{0,40}+&gt;(?P<s>[^&<>\n]{1,300}+)&lt;/"
)
"""The pairs of property lists and of Java's settings; an element that is escaped."""
ATTRIBUTE = re.compile(r"[\w.\-]{0,40}+[\"']\s{1,4}+value\s{0,2}+=\s{0,2}+[\"'](?P<u>[^\"'\n]{1,300}+)[\"']")
FLAG = re.compile(rf"[\w\-]{{0,30}}+(?:{_SPACE}={_SPACE}|[ \t]{{1,12}}+)(?:{_QUOTED}|{_BARE})")
SQL = re.compile(
    r"(?:word|WORD)?(?: [\"']?\w{1,40}[\"']? (?:by|as|BY|AS))?[ \t]{1,3}(?:(?:password|PASSWORD)[ \t]{1,3})?"
    rf"(?:{_QUOTED}|{_BARE})"
)
"""After IDENTIFIED BY, IDENTIFIED WITH (a plug-in BY), and LOGIN PASS."""
_SAID_VALUE = (
    r"(?!https?:|\d{4}-\d\d-\d\d|\d{1,3}(?:\.\d{1,3}){3})"
    r"(?P<u>(?=[A-Za-z.'_\-]{0,60}[^A-Za-z.'_\-\s])[!#-&(-;=?-~]{6,100}|[a-z]{7,40}(?![\w\-.]\w))"
)
SAID = re.compile(
    r"(?:word)?(?:(?: (?:for|of|on|to) [\w.\-]{1,40})? (?:is|was|to)(?: now)? {1,2}|(?<=[码令]) {1,2})[\"'“‘]?"
    rf"{_SAID_VALUE}"
)
"""In prose: "the new password is ...", "reset his pw to ...", "密码 ..."; the value holds a digit or sign, or is no word."""
BESIDE = re.compile(rf"(?:word)?:?[ \t]{{1,2}}{_SAID_VALUE}")
"""In prose, behind the name of an account: "login demo and password ..."."""
_ACCOUNT = re.compile(
    r"(?:user(?: ?name)?|login|account|用户名?|账号)[ :=]{1,3}[\"'`]?[\w.@\\\-]{2,40}[\"'`]?"
    r"(?:,|;|/| /)?(?: and| with| und)?(?: the)? $"
)
SPOKEN = re.compile(rf"\w{{0,20}}+[ \t]{{1,3}}{_QUOTED}")
_SETS = re.compile(r"[ \t]{0,24}+(?:(?:ENV|ARG|setenv|export|set) )?[\w.\-]{0,40}$")
_ENVIRONMENT = re.compile(r"[ \t]{0,24}(?:ENV|ARG|setenv) ")
_GRANTS = re.compile(r"\b(?:user|role|login|grant|alter|create)\b", re.IGNORECASE)
_JOINTS = re.compile(r"[._\-]")
_DEFINES = re.compile(r"(?:define|env|environ\.get|fetch|setProperty|put|putenv)\(\s{0,4}[\"'][\w.\-]{0,60}$")
"""Calls whose second argument is the value of the first, whatever it looks like."""
_FLAG_START = re.compile(r"[\"']?--?[\w\-.]{0,60}$")
_QUOTED_FLAG = re.compile(r"[\"']--?[\w\-.]{0,60}$")
_PAIR_START = re.compile(r"(?:id|user(?:[ _]?name)?|login|account|账号|用户名|帐号|계정|아이디) ?[/|:,(] ?$")
_PAIR = re.compile(rf"[^{_BLANKS}/:|,]{{2,60}}+[/:|,](?=.)")
"""`id/password: name/value`: what stands before the value."""
_REFERENCE = re.compile(r"\$\{[A-Za-z0-9_]{0,60}$")
"""Before a name: `${NAME:-default}` of shells and Compose; `${NAME:?message}` holds no value."""
_PROTOCOL = re.compile(r"HTTPS?/\d")
_DIRECTORY_NAME = re.compile(r"(?<![a-z0-9])(?:old)?pwd[\"']?\]?$")
"""`PWD` and `OLDPWD` name the working directory in shells and in sudo's log lines, not a password."""
_CALL = re.compile(r"^[A-Za-z_][\w.]{0,80}(?:\(|(?<=[a-z])\{)")
_MAIL_WORD = re.compile(r"[a-z]{4}(?: [a-z]{4}){3}$")
"""A password that a mail provider makes for one program."""
_PLAIN_WORD = re.compile(r"^[A-Za-z_][A-Za-z_.\-]{0,400}$")
_PATH = re.compile(r"^(?:\.{0,2}/|[A-Za-z]:\\|https?://|~/)")
_NEXT_FIELD = re.compile(
    r"&(?:amp;)?(?:lt|gt|quot|apos|nbsp|\#\d{1,4})(?:;|$)|&(?:amp;)?[\w.\-\[\]%]{1,60}=|%26[\w.]{1,60}%3[dD]|\\[nrt]?$"
)
"""Where the value of a query or form ends."""
_QUOTE_NEAR = re.compile(r"[^\"'`>\n]{0,90}[\"'`>]")
_REST = re.compile(r"[\w.\-]{0,40}")
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
    for name_start, name_end in places_of(words, lowered):
        if name_start < done or not is_credential(lowered, name_start, name_end):
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


def _patterns(text: str, lowered: str, start: int, end: int) -> Iterator[tuple[re.Pattern[str], bool]]:
    before = text[max(0, start - 40) : start].rpartition(" ")[2].rpartition("\n")[2]
    if _FLAG_START.match(before):
        yield FLAG, True
    yield ASSIGNED, False
    yield UNCLOSED, False
    if "<" in before:
        yield MARKUP, True
    if "=" in before or ">" in before:
        yield ELEMENT, True
    if ">" in before or before.endswith("&lt;"):
        yield PROPERTY, True
    if lowered.startswith("identif", start) or lowered.endswith(("login ", "with ", "encrypted "), 0, start):
        yield SQL, True
    if lowered.endswith(("set", "set_", "with", "with_", ".", "string "), 0, start) or text.startswith(
        "PASSWORD(", start
    ):
        yield CALL, False
    yield ATTRIBUTE, True
    yield DEFAULT, False
    yield PAIR, True
    if _SETS.match(text, _line_start(text, start), start):
        yield BARE_SETTING, True
    if lowered[start : end + 1].rstrip(" \t") not in ("pass", "identified by", "identified with"):
        yield SPOKEN, False
    if not (lowered[start : end + 4] == "pass to " and lowered.endswith(("to ", "'d "), 0, start)):
        yield SAID, False
    if _ACCOUNT.search(lowered, max(0, start - 70), start):
        yield BESIDE, True
    if not (_ALL_OF_IT.match(text, end) and _ASKED.search(text, max(0, start - 80), start)):
        yield ARGUMENT, False


def _assigned(text: str, lowered: str, name: tuple[int, int], match: re.Match[str], bare: bool) -> Hit | None:
    group = next(key for key, value in match.groupdict().items() if value is not None)
    if group == "u" and not bare:
        return None
    start, end = match.span(group)
    if group == "u":
        if _REFERENCE.search(text, max(0, name[0] - 64), name[0]):
            if text[start] == "?":
                return None
            start += text[start] in "-=+"
        end = _trim(text, start, end)
    if _PAIR_START.search(lowered, max(0, name[0] - 12), name[0]) and (pair := _PAIR.match(text, start, end)):
        start = pair.end()
    line_start = max(0, name[0] - 24, lowered.rfind("\n", max(0, name[0] - 24), name[0]) + 1)
    value, called = text[start:end], lowered[line_start : match.start(group)]
    chosen = any(word in called for word in PASSWORD_WORDS)
    if not _plausible(value, chosen, quoted=group != "u") or (not chosen and is_digest(value, called)):
        return None
    if match.re in (SAID, BESIDE) and _PLAIN_WORD.match(value) and not is_gibberish(value):
        return None
    if _is_mere_word(value) and _wants_more(text, name, match, group):
        return None
    if group == "u" and is_expression(text, start, end, name):
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


def _line_start(text: str, position: int) -> int:
    """Where the line begins, or a place too far before to be the beginning of a setting."""
    far = max(0, position - 100)
    return text.rfind("\n", far, position) + 1 or far


def _is_mere_word(value: str) -> bool:
    return (value.islower() or _PLAIN_WORD.match(value) is not None) and _JOINTS.sub("", value).isalpha()


def _wants_more(text: str, name: tuple[int, int], match: re.Match[str], group: str) -> bool:
    """Whether a mere word proves nothing where it stands."""
    if is_gibberish(match[group]):
        return False
    if match.re is BARE_SETTING:
        return not _ENVIRONMENT.match(text, _line_start(text, name[0]))
    if is_scrambled(match[group]) and not is_identifier(match[group]):
        return False
    if match.re is SQL:
        return group == "u" or not _GRANTS.search(text, max(0, name[0] - 200), name[0])
    if match.re is not ARGUMENT or _QUOTED_FLAG.search(text, max(0, name[0] - 40), name[0]):
        return False
    return not _DEFINES.search(text, max(0, name[0] - 80), name[0])


def _hint(text: str, lowered: str, name: tuple[int, int], value: str, chosen: bool) -> str:
    """Why the value is harmless: by what it is, by what it is a part of, by what its name says of it."""
    rest = _REST.match(text, name[1])
    if rest and rest[0].strip("_-.").lower() == value.lower():
        return "a name, not a value"
    if rest and belongs_only(rest[0]):
        return "names something that belongs to a credential"
    if names_a_thing(lowered[max(0, name[0] - 30) : name[1]]):
        return "public or a mere name"
    hint = safe_hint(value)
    if hint:
        return hint
    if text.startswith(("...", "…"), text.find(value, name[1]) + len(value)):
        return "cut short"
    if is_own_name(value, chosen):
        return "a name, not a value"
    if is_path(value) and not is_scrambled(value) and len(re.findall(r"[\\/]", value)) > 1:
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
        or (_CALL.match(value) and not (chosen and looks_random(value)))
        or (value.startswith(("=", "//", "--", "(" if not chosen else "=")) and not (quoted and looks_random(value)))
    ):
        return False
    if _PROTOCOL.match(value) or (not quoted and not chosen and is_dotted_name(value)):
        return False
    if " " in value.strip() and not (chosen and (looks_random(value) or _MAIL_WORD.match(value))):
        return False
    if not chosen and ((_PATH.match(value) and not is_scrambled(value)) or _PLAIN_WORD.match(value.strip())):
        return quoted and (bool(safe_hint(value)) or is_gibberish(value))
    return quoted or not _PLAIN_WORD.match(value) or (chosen and "." not in value and "_" not in value)
