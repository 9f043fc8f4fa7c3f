"""Follows request data through the assignments of one file, line by line, and what has cleaned it on the way."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

import re
from dataclasses import dataclass

SOURCES = {
    "php": r"\$_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES|SESSION)\b|php://input|\bgetallheaders\s*\(",
    "javascript": r"\breq(?:uest)?\.(?:query|params?|body|headers|cookies|url|originalUrl|files?|get|header)\b|\bctx\.(?:query|request|params)\b|\blocation\b|document\.(?:URL|documentURI|referrer|cookie)|window\.name|process\.argv|event\.data|\burl\.parse\s*\(|searchParams|\$\([^)\n]{0,60}\)\.val\(\)",
    "java": r"\.(?:getParameter(?:Values|Map)?|getHeaders?|getQueryString|getCookies|getInputStream|getReader|getRequestURI|getPathInfo|getPart)\s*\(|@(?:RequestParam|PathVariable|RequestBody|RequestHeader)\b|System\.getenv\s*\(|readLine\s*\(",
    "csharp": r"\bRequest\b(?:\.(?:QueryString|Form|Params|Cookies|Headers|Query|Path|Url|RawUrl))?|Console\.ReadLine|\.Text\b|\[From(?:Query|Body|Route)\]",
    "go": r"\.(?:FormValue|PostFormValue|UserAgent|Referer|Cookies?|PathValue)\s*\(|\.URL\b|\.(?:Form|PostForm|Header|Body|Host|RequestURI)\b|\bos\.(?:Args|Getenv)\b|mux\.Vars\s*\(|c\.(?:Query|Param|PostForm)\s*\(",
    "python": r"\b(?:flask\.)?request\.(?:args|form|values|json|data|cookies|headers|files|GET|POST|COOKIES|META|body|path|get_json|query_string|url|full_path|view_args)\b|\bsys\.argv\b|\binput\s*\(|os\.environ|self\.get_(?:query_|body_)?argument\s*\(",
    "ruby": r"\bparams\b|\brequest\.|\bcookies\b|\bgets\b|ARGV",
    "c": r"\b(?:gets|fgets|fgetws|recv|recvfrom|read|fread|fscanf|scanf|wscanf|getenv|getline|GetEnvironmentVariable[AW]?)\s*\(|\bargv\b|GETENV\s*\(",
}  # fmt: skip
"""Per language, what an outsider decides about."""

_READERS = {
    "php": r"\b(?:fgets|fread|file_get_contents|stream_get_contents|shell_exec|popen|system|exec|unserialize)\s*\(|`",
    "c": SOURCES["c"],
}
"""What gives data from outside to the name that it is assigned to, without its arguments being that data."""

_CLEANERS = {
    "any": r"\(\s*(?:int|integer|float|double|bool|boolean)\s*\)|\b(?:intval|floatval|settype|is_numeric|ctype_\w+|parseInt|parseFloat|Number|Integer\.parseInt|Integer\.valueOf|Long\.parseLong|UUID\.fromString|strconv\.\w+|int\.Parse|int\.TryParse|Convert\.ToInt32|int|float|atoi|strtol)\s*\(|FILTER_(?:VALIDATE|SANITIZE_NUMBER)\w+|\b(?:sanitiz|whitelist|allowlist|validat)\w*\s*\(|\.to_i\b|\bhash\w*\s*\(|\+=?\s*0(?:\.0)?\s*;|preg_replace\s*\(\s*[\"']/?\[\^|\?\s*[\"'][^\"']{0,60}[\"']\s*:\s*[\"'][^\"']{0,60}[\"']|secure_filename|shlex\.quote|\btype\s*=\s*(?:int|float|bool)\b|(?<![.\w$])(?!ARGV|ENV|REQUEST|PARAMS)[A-Z][A-Z0-9_]{2,40}\.get\s*\(",
    "sql": r"real_escape_string|pg_escape|addslashes|quoteIdent|sqlstring\.escape|\.escape\s*\(|quote\s*\(",
    "html": r"htmlspecialchars|htmlentities|strip_tags|escapeHtml|escape_html|html\.EscapeString|HtmlEncode|encodeForHTML|DOMPurify|markupsafe|\bescape\s*\(|encodeURIComponent|rawurlencode|urlencode|http_build_query|template\.HTMLEscape|textContent|FILTER_SANITIZE_(?:SPECIAL|FULL|STRING)\w*|json_encode",
    "shell": r"escapeshell(?:arg|cmd)|shell-quote|shellescape|Shellwords",
    "path": r"\bbasename\s*\(|filepath\.Base|path\.basename|getFileName|GetFileName|realpath|normpath|filepath\.(?:Clean|Rel)|getCanonicalPath",
    "url": r"urlencode|encodeURIComponent|url_for|QueryEscape|PathEscape|is_safe_url|IsLocalUrl|url_has_allowed",
    "ldap": r"ldap_escape|escape_filter_chars|encodeForLDAP|FILTER_SANITIZE_EMAIL",
}  # fmt: skip
_ASSIGNED = re.compile(
    r"(?P<names>(?:[$@*&]{0,2}[A-Za-z_]\w{0,60}(?:\[[^\]\n]{0,40}\]|(?:\.|->)\w{1,60}){0,3}\s{0,3},\s{0,3}){0,4}"
    r"[$@*&]{0,2}[A-Za-z_]\w{0,60}(?:\[[^\]\n]{0,40}\]|(?:\.|->)\w{1,60}){0,3})\s{0,4}(?P<sign>[.+]?=|:=)(?![=>~])(?P<value>[^\n]*)"
)
_LOOP = re.compile(
    r"\bfor(?:each)?\b[^\n]{0,20}?\(?\s*(?:(?:var|let|const|final|auto)\s+)?(?P<a>[$\w]{1,60})[^\n]{0,40}?\b(?:in|of|as|range|:)\s(?P<b>[^\n]{1,200})"
)
_FILLED = re.compile(
    r"\b(?:fgets|fgetws|recv|recvfrom|read|fread|scanf|fscanf|wscanf|strcpy|strncpy|strcat|strncat|sprintf|snprintf|memcpy|memmove|wcscpy|wcscat|wcsncat)\s*\((?P<args>[^;\n]{0,300})"
)
_GUARD = re.compile(
    r"\b(?:if|unless|while)\b[^\n]{0,200}?(?:preg_match|in_array|is_numeric|ctype_\w+|\.test|\.matches|\.match|re\.match|includes|contains|indexOf|HasPrefix|hasOwnProperty|filter_var|has)\s*\((?P<args>[^\n]{0,200})"
)
_NAME = re.compile(r"[$@]?[A-Za-z_]\w{0,60}")
_NAMES = {"php": re.compile(r"\$\w{1,60}")}
"""What a variable looks like, where it is not just a word: in PHP, text inside strings must not pass for one."""
FAMILIES = {"typescript": "javascript", "cpp": "c", "objective_c": "c", "kotlin": "java"}
MOST_NAMES = 200
"""Names followed at once; beyond, new ones are not taken in, so that hostile files stay cheap."""

Held = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Flow:
    """For each line (0-based) the names that hold request data after it, and the classes each was cleaned for."""

    source: re.Pattern[str]
    name: re.Pattern[str]
    after: tuple[Held, ...]

    def reaches(self, line: int, text: str, kind: str) -> bool:
        """Whether request data, not cleaned for this kind of sink, is named in this text of that line."""
        cleaned = _cleaned(text)
        if kind in cleaned or "any" in cleaned:
            return False
        if self.source.search(text):
            return True
        held = self.after[line]
        return any(not held.get(name, _ANY) & {kind, "any"} for name in self.name.findall(text))


def follow(lines: list[str], language: str) -> Flow:
    """Reads the lines once, in order; `lines` are without ordinary strings and comments."""
    reader = _Reader(FAMILIES.get(language, language))
    held: Held = {}
    after, opened = [], False
    for line in lines:
        change = reader.change(line[:2000], held)
        if opened:  # a branch: what it makes harmless may be harmful on the other path
            change = {name: kinds for name, kinds in change.items() if name not in held or kinds <= held[name]}
        opened = line.rstrip().endswith(("{", ":", "else"))
        if change and len(held) < MOST_NAMES:
            held = {**held, **change}
        after.append(held)
    return Flow(reader.source, reader.name, tuple(after))


class _Reader:
    """What one line changes, by the rules of one family of languages."""

    def __init__(self, family: str) -> None:
        never = "(?!)"
        self.source = re.compile(SOURCES.get(family, never))
        self.entry = re.compile(f"{self.source.pattern}|{_READERS.get(family, never)}")
        self.name = _NAMES.get(family, _NAME)
        self.fills = family == "c"

    def change(self, line: str, held: Held) -> Held:
        """The names that this line gives data to, or cleans."""
        if not held and not self.entry.search(line):
            return {}
        guard = _GUARD.search(line)
        if guard and held:
            return {name: held[name] | _ANY for name in self.name.findall(guard["args"]) if name in held}
        filled = _FILLED.search(line) if self.fills else None
        if filled and (self.entry.search(line) or any(name in held for name in self.name.findall(filled["args"]))):
            return dict.fromkeys(self.name.findall(filled["args"])[:2], frozenset())
        loop = _LOOP.search(line)
        if loop:
            return self._assign(loop["a"], loop["b"], "", held)
        assigned = _ASSIGNED.search(line)
        return self._assign(assigned["names"], assigned["value"], assigned["sign"], held) if assigned else {}

    def _assign(self, targets: str, value: str, sign: str, held: Held) -> Held:
        names = self.name.findall(targets)
        used = [held[name] for name in self.name.findall(value) if name in held]
        cleaned = _cleaned(sign + value)
        if self.entry.search(value):
            return dict.fromkeys(names, cleaned)
        if used:
            return dict.fromkeys(names, frozenset.intersection(*used) | cleaned)
        if sign == ".=" or "[" in targets or (sign == "+=" and not cleaned):
            return {}  # something was added; what was there stays
        return {name: _ANY for name in names if name in held}


_ANY = frozenset({"any"})
_CLEANER_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _CLEANERS.items()}


def _cleaned(text: str) -> frozenset[str]:
    return frozenset(kind for kind, pattern in _CLEANER_PATTERNS.items() if pattern.search(text))
