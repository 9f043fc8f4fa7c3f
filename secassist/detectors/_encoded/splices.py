"""Undoing of splices: text cut up with carets, backticks, quotes, concatenation, formats, reversal and variables."""

import re
from collections.abc import Iterator

_STRING = r"(?:'[^']{0,2000}'|\"[^\"]{0,2000}\")"
_JOINED = re.compile(rf"{_STRING}(?:\s{{0,3}}[+&.]\s{{0,3}}{_STRING})+")
_ONE_STRING = re.compile(_STRING)
_FORMAT = re.compile(
    rf"['\"]((?:\{{\d{{1,2}}\}}){{2,}})['\"]\s{{0,3}}\)?\s{{0,3}}-f\s{{0,3}}\(?({_STRING}(?:\s{{0,2}},\s{{0,2}}{_STRING})*)",
    re.I,
)
_PLACE = re.compile(r"\{(\d{1,2})\}")
_CARET = re.compile(r"\^(?=[A-Za-z0-9\"'/\\.:-])")
_BACKTICK = re.compile(r"(?<=[A-Za-z-])`(?=[A-Za-z-])")
_REVERSES = re.compile(
    r"(?i)\[\s{0,3}-1\s{0,3}\.\.|\[array\]::reverse|\|\s{0,3}rev\b|strreverse|reverse\s{0,2}\(|\[::-1\]|righttoleft|strrev\("
)
_REVERSED_ECHO = re.compile(r"(?i)\becho\s+(?:-\w+\s+)?([^|;&'\"]{4,2000})\|\s{0,3}rev\b")
_EMPTY_QUOTES = re.compile(r"(?<=\w)(?:''|\"\"|\$@|\$\*|\\)(?=\w)|(?<=\w)'(\w)'(?=\w)|(?<=\w)\"(\w)\"(?=\w)")
_IFS = re.compile(r"\$\{?IFS\}?(?:\$\d)?")
_BRACES = re.compile(r"\{([\w./-]{1,60}(?:,[\w./:-]{1,120}){1,8})\}")
_BATCH_SET = re.compile(r"(?i)\bset\s+\"?(\w{1,32})=([^&|\r\n\"]{0,400})")
_SHELL_SET = re.compile(
    r"(?:^|[;&\s])(\w{1,32})=([^\s;&|\"'$]{1,200}|'[^']{0,200}'|\"[^\"$]{0,200}\")(?=\s{0,3}[;&\n])"
)
_POWERSHELL_SET = re.compile(rf"\$(\w{{1,32}})\s{{0,3}}=\s{{0,3}}({_STRING})")
_BATCH_USE = re.compile(
    r"%(\w{1,32})(?::~(-?\d{1,3})(?:,(-?\d{1,3}))?)?%|!(\w{1,32})(?::~(-?\d{1,3})(?:,(-?\d{1,3}))?)?!"
)
_SHELL_USE = re.compile(r"\$\{?(\w{1,32})(?::(\d{1,3}):(\d{1,3}))?\}?")
_INDEXED = re.compile(r"(?i)\$(?:env:)?(\w{1,32})\[([\d,\s]{1,80})\](?:\s{0,2}-join\s{0,2}(?:''|\"\"))?")
_DEFAULTS = {
    "comspec": r"C:\WINDOWS\system32\cmd.exe",
    "windir": r"C:\WINDOWS",
    "systemroot": r"C:\WINDOWS",
    "programfiles": r"C:\Program Files",
    "commonprogramfiles": r"C:\Program Files\Common Files",
    "programdata": r"C:\ProgramData",
    "allusersprofile": r"C:\ProgramData",
    "public": r"C:\Users\Public",
    "pathext": ".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC",
    "os": "Windows_NT",
    "pshome": r"C:\Windows\System32\WindowsPowerShell\v1.0",
    "shellid": "Microsoft.PowerShell",
    "verbosepreference": "SilentlyContinue",
    "path": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "home": "/root",
    "pwd": "/",
    "shell": "/bin/bash",
}
"""Values of variables on a stock installation, which splicers cut letters out of."""


def concatenated(text: str) -> Iterator[str]:
    """String literals joined by +, & or . become one literal."""
    if _JOINED.search(text):
        yield _JOINED.sub(_join, text)


def _join(hit: re.Match[str]) -> str:
    return "'" + "".join(part.group()[1:-1] for part in _ONE_STRING.finditer(hit.group())) + "'"


def format_operator(text: str) -> Iterator[str]:
    """PowerShell's '{1}{0}' -f 'b','a' becomes 'ab'."""
    if "-f" in text.lower() and _FORMAT.search(text):
        yield _FORMAT.sub(_format, text)


def _format(hit: re.Match[str]) -> str:
    values = [part.group()[1:-1] for part in _ONE_STRING.finditer(hit.group(2))]
    places = [int(place) for place in _PLACE.findall(hit.group(1))]
    return "'" + "".join(values[place] if place < len(values) else "" for place in places) + "'"


def carets(text: str) -> Iterator[str]:
    """cmd.exe's escape character taken out of words."""
    if len(_CARET.findall(text)) >= 3:
        yield _CARET.sub("", text)


def backticks(text: str) -> Iterator[str]:
    """PowerShell's escape character taken out of words."""
    if len(_BACKTICK.findall(text)) >= 2:
        yield _BACKTICK.sub("", text)


def reversed_text(text: str) -> Iterator[str]:
    """String literals (or what is piped to rev) read backwards, where the line speaks of reversing."""
    if not _REVERSES.search(text):
        return
    for hit in [*_ONE_STRING.finditer(text)][:16]:
        if len(hit.group()) >= 6:
            yield hit.group()[-2:0:-1]
    for hit in [*_REVERSED_ECHO.finditer(text)][:4]:
        yield hit.group(1).strip()[::-1]


def shell_quotes(text: str) -> Iterator[str]:
    """w'h'oami, c\\at, ca$@t, cat${IFS}/etc/passwd and {cat,/etc/passwd} as the shell reads them."""
    plain = _IFS.sub(" ", text)
    plain = _BRACES.sub(lambda hit: hit.group(1).replace(",", " "), plain)
    plain = _EMPTY_QUOTES.sub(lambda hit: hit.group(1) or hit.group(2) or "", plain)
    if plain != text:
        yield plain


def environment(text: str) -> Iterator[str]:
    """Variables set in the same line, and cuttings of them or of stock variables, replaced by their text."""
    if "%" in text or "!" in text:
        known = {name.lower(): value.rstrip() for name, value in _BATCH_SET.findall(text)}
        plain = _BATCH_USE.sub(lambda hit: _cut(hit, known), text)
        if plain != text:
            yield plain
    if "$" in text:
        known = {name.lower(): value.strip("'\"") for name, value in _SHELL_SET.findall(text)}
        known.update((name.lower(), value[1:-1]) for name, value in _POWERSHELL_SET.findall(text))
        plain = _INDEXED.sub(lambda hit: _pick(hit, known), text)
        plain = _SHELL_USE.sub(lambda hit: _slice(hit, known), plain)
        if plain != text:
            yield plain


def _value(name: str, known: dict[str, str], is_cut: bool) -> str | None:
    """A variable set in the text, or a stock one of which only letters are taken."""
    return known.get(name.lower()) or (_DEFAULTS.get(name.lower()) if is_cut else None)


def _cut(hit: re.Match[str], known: dict[str, str]) -> str:
    name, start, length = (hit.group(1), hit.group(2), hit.group(3)) if hit.group(1) else hit.group(4, 5, 6)
    value = _value(name, known, start is not None)
    if value is None:
        return hit.group()
    begin = int(start or 0)
    tail = value[begin:]
    return tail if length is None else tail[: int(length)]


def _slice(hit: re.Match[str], known: dict[str, str]) -> str:
    value = _value(hit.group(1), known, hit.group(2) is not None)
    if value is None:
        return hit.group()
    return value if hit.group(2) is None else value[int(hit.group(2)) :][: int(hit.group(3))]


def _pick(hit: re.Match[str], known: dict[str, str]) -> str:
    value = _value(hit.group(1), known, True)
    if value is None:
        return hit.group()
    places = [int(n) for n in hit.group(2).split(",") if n.strip().isdigit()]
    return "".join(value[place] for place in places if place < len(value))
