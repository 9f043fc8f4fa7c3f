"""Follows request data through the assignments of one file, line by line, and what has cleaned it on the way."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

import re
from dataclasses import dataclass

SOURCES = {
    "php": r"\$_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES|SESSION)\b|php://input|\b(?:fgets|fread|file_get_contents|stream_get_contents|shell_exec|popen|getallheaders|system|exec|unserialize)\s*\(",
    "javascript": r"\breq(?:uest)?\.(?:query|params?|body|headers|cookies|url|originalUrl|files?|get|header)\b|\bctx\.(?:query|request|params)\b|\blocation\b|document\.(?:URL|documentURI|referrer|cookie)|window\.name|process\.argv|event\.data|\burl\.parse\s*\(|searchParams|\$\([^)\n]{0,60}\)\.val\(\)",
    "java": r"\.(?:getParameter(?:Values|Map)?|getHeaders?|getQueryString|getCookies|getInputStream|getReader|getRequestURI|getPathInfo|getPart)\s*\(|@(?:RequestParam|PathVariable|RequestBody|RequestHeader)\b|System\.getenv\s*\(|readLine\s*\(",
    "csharp": r"\bRequest\b(?:\.(?:QueryString|Form|Params|Cookies|Headers|Query|Path|Url|RawUrl))?|Console\.ReadLine|\.Text\b|\[From(?:Query|Body|Route)\]",
    "go": r"\.(?:FormValue|PostFormValue|UserAgent|Referer|Cookies?|PathValue)\s*\(|\.URL\b|\.(?:Form|PostForm|Header|Body|Host|RequestURI)\b|\bos\.(?:Args|Getenv)\b|mux\.Vars\s*\(|c\.(?:Query|Param|PostForm)\s*\(",
    "python": r"\b(?:flask\.)?request\.(?:args|form|values|json|data|cookies|headers|files|GET|POST|COOKIES|META|body|path|get_json|query_string|url|full_path|view_args)\b|\bsys\.argv\b|\binput\s*\(|os\.environ|self\.get_(?:query_|body_)?argument\s*\(",
    "ruby": r"\bparams\b|\brequest\.|\bcookies\b|\bgets\b|ARGV",
    "c": r"\b(?:gets|fgets|fgetws|recv|recvfrom|read|fread|fscanf|scanf|wscanf|getenv|getline|GetEnvironmentVariable[AW]?)\s*\(|\bargv\b|GETENV\s*\(",
}  # fmt: skip
"""Per language, what an outsider decides about."""

_CLEANERS = {
    "any": r"\(\s*(?:int|integer|float|double|bool|boolean)\s*\)|\b(?:intval|floatval|settype|is_numeric|ctype_\w+|parseInt|parseFloat|Number|Integer\.parseInt|Integer\.valueOf|Long\.parseLong|UUID\.fromString|strconv\.\w+|int\.Parse|int\.TryParse|Convert\.ToInt32|int|float|atoi|strtol)\s*\(|FILTER_(?:VALIDATE|SANITIZE_NUMBER)\w+|\b(?:sanitiz|whitelist|allowlist|validat)\w*\s*\(|\.to_i\b|\bhash\w*\s*\(|\+=?\s*0(?:\.0)?\s*;|preg_replace\s*\(\s*[\"']/?\[\^|\?\s*[\"'][^\"']{0,60}[\"']\s*:\s*[\"'][^\"']{0,60}[\"']|secure_filename|shlex\.quote",
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
CLASSES = ("sql", "html", "shell", "path", "url", "ldap", "code")
FAMILIES = {
    "typescript": "javascript",
    "cpp": "c",
    "c++": "c",
    "objective_c": "c",
    "tsx": "javascript",
    "jsx": "javascript",
    "kotlin": "java",
}


@dataclass(frozen=True)
class Flow:
    """For each line (0-based) the names that hold request data there, and the classes each was cleaned for."""

    source: re.Pattern[str]
    before: tuple[dict[str, frozenset[str]], ...]

    def reaches(self, line: int, text: str, kind: str) -> bool:
        """Whether request data, not cleaned for this kind of sink, is named in this text of that line."""
        cleaned = _cleaned(text)
        if kind in cleaned or "any" in cleaned:
            return False
        if self.source.search(text):
            return True
        held = self.before[line]
        return any(name in held and kind not in held[name] and "any" not in held[name] for name in _names(text))


def follow(lines: list[str], language: str) -> Flow:
    """Reads the lines once, in order; `lines` are without ordinary strings and comments."""
    source = re.compile(SOURCES.get(FAMILIES.get(language, language), r"(?!)"))
    held: dict[str, frozenset[str]] = {}
    before = []
    opened = False
    for line in lines:
        change = _change(line[:2000], source, held)
        if opened:  # a branch: what it makes harmless may be harmful on the other path
            change = {name: kinds for name, kinds in change.items() if name not in held or kinds <= held[name]}
        opened = line.rstrip().endswith(("{", ":", "else"))
        if change:
            held = {**held, **change} if len(held) < 200 else held
        before.append(held)
    return Flow(source, tuple(before))


def _change(line: str, source: re.Pattern[str], held: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    if not held and not source.search(line):
        return {}
    guard = _GUARD.search(line)
    if guard and held:
        return {name: held[name] | {"any"} for name in _names(guard["args"]) if name in held}
    filled = _FILLED.search(line)
    if filled and (source.search(line) or any(name in held for name in _names(filled["args"]))):
        return dict.fromkeys(_names(filled["args"])[:2], frozenset())
    loop = _LOOP.search(line)
    pair = (loop["a"], loop["b"], "") if loop else None
    if not pair:
        assigned = _ASSIGNED.search(line)
        pair = (assigned["names"], assigned["value"], assigned["sign"]) if assigned else None
    return _assign(*pair, source, held) if pair else {}


def _assign(
    targets: str, value: str, sign: str, source: re.Pattern[str], held: dict[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    names, used = _names(targets), [held[name] for name in _names(value) if name in held]
    cleaned = _cleaned(sign + value)
    if source.search(value):
        return dict.fromkeys(names, cleaned)
    if used:
        return dict.fromkeys(names, frozenset.intersection(*used) | cleaned)
    if sign in {".=", "+="}:
        return {}
    return {name: frozenset({"any"}) for name in names if name in held}


def _names(text: str) -> list[str]:
    return _NAME.findall(text)


_CLEANER_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _CLEANERS.items()}


def _cleaned(text: str) -> frozenset[str]:
    return frozenset(kind for kind, pattern in _CLEANER_PATTERNS.items() if pattern.search(text))
