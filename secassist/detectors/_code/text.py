"""Blanks comments, and strings too where asked, in place: offsets and line numbers of the code stay what they are."""

import re
from dataclasses import dataclass

_STRINGS = r"\"(?:[^\"\\\n]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?"
_SLASHES = r"//[^\n]*|/\*(?:.*?\*/|.*)"
_PATTERNS = {
    "slash": re.compile(rf"(?P<c>{_SLASHES})|(?P<s>`(?:[^`\\]|\\.)*`?|{_STRINGS})", re.DOTALL),
    "hash": re.compile(rf"(?P<c>#[^\n]*)|(?P<s>\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z)|{_STRINGS})", re.DOTALL),
    "both": re.compile(rf"(?P<c>{_SLASHES}|#[^\n]*)|(?P<s>{_STRINGS})", re.DOTALL),
}
_STYLES = {"python": "hash", "ruby": "hash", "shell": "hash", "perl": "hash", "php": "both"}
_VISIBLE = re.compile(r"[^\n]")
_FORMATTED = re.compile(r"[fF$][rR@]?$|[rR@][fF$]$")


@dataclass(frozen=True)
class CodeText:
    """`code`: comments blanked. `bare`: ordinary strings blanked too, except those in which variables are written out."""

    code: str
    bare: str


def read_code(text: str, language: str) -> CodeText:
    """Both views of the text, each exactly as long as it; strings and comments are told apart roughly."""
    pattern = _PATTERNS[_STYLES.get(language, "slash")]
    code, bare, position = [], [], 0
    for match in pattern.finditer(text):
        between, token = text[position : match.start()], match[0]
        position = match.end()
        blank = _blank(token)
        code += [between, blank if match["c"] is not None else token]
        keeps = match["s"] is not None and _interpolates(token, between[-2:], language)
        bare += [between, token if keeps else blank]
    rest = text[position:]
    return CodeText("".join([*code, rest]), "".join([*bare, rest]))


def _blank(token: str) -> str:
    """Spaces with the newlines kept; a string keeps its quotes."""
    inner = _VISIBLE.sub(" ", token)
    if token[0] in "\"'`" and len(token) > 1:
        return token[0] + inner[1:-1] + (token[-1] if token[-1] == token[0] else inner[-1])
    return inner


def _interpolates(token: str, before: str, language: str) -> bool:
    if token[0] == "`":
        return language in {"javascript", "typescript"}
    if language in {"php", "ruby"}:
        return token[0] == '"'
    return language in {"python", "csharp"} and _FORMATTED.search(before) is not None
