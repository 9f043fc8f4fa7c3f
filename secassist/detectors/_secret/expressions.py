"""Tells what a program computes, declares or calls by name from a value that is written down: `tokens[0]`, `SecretStr`."""

import re

from secassist.detectors._secret.checks import is_identifier, looks_random

_COMPARED = re.compile(r"[=!<>]=")
_OPENED = re.compile(r"[*&!\-]{0,2}(?P<head>(?:[A-Za-z0-9_.$]|\?\.){1,80}+)(?:[\[({]|\){1,4}[.\[\w])")
"""A name, and what is looked up in it or called; or the end of brackets that stand around the sign."""
_EQUALS = re.compile(r"[A-Za-z_][\w.]{0,60}[=!]=\w")
_GENERIC = re.compile(r"<[A-Z]\w{0,40}[,>&\[<]")
_SCOPED = re.compile(r"[\w.$]{1,80}(?:->|::|-$)")
_NAMED = re.compile(r"[\-!*&]?[A-Za-z_$][\w$.]{2,80}$")
_CMDLET = re.compile(
    r"(?:Add|Convert(?:From|To)?|Export|Get|Import|Invoke|New|Out|Read|Select|Set|Unprotect)-[A-Z][A-Za-z]{2,40}$"
)
"""A command of PowerShell, whose arguments follow."""
_COUNTED = re.compile(r"_\d{1,2}(?=_|$)")
_HUMPS = re.compile(r"[A-Za-z][a-z]+(?:[A-Z][a-z]+){1,6}$")
_CREDENTIAL = re.compile(r"pass|pwd|token|secret|credential|key|auth", re.IGNORECASE)
_PROSE = re.compile(r"[ \t]{1,3}(?:[A-Za-z]{1,30}+(?![\w:=@/])|[`(\"'])")
_ASIDE = re.compile(r"(?: [\w,'.\-]{1,30}){0,12}\)")
"""How words in brackets end."""
_COMMENT = re.compile(r"\s{0,40}(?:[*#%;]|//|--|[:@]param|\"\"\"|''')")
"""What a line of documentation begins with."""
_OPERATED = re.compile(r" {1,3}(?:[+*/%&?=]|- |\|\||if |or |and |is |in |else |not )")
_ONE_OF_MANY = re.compile(r"[\w)\]], {0,3}[\w.]{0,30}$")
"""Before a name: other names that get their values in the same line."""
_WORD_LIST = """
    via from with flag await async not new function lambda typeof yield if else when the and or is be must should for to
"""
_WORDS = frozenset(_WORD_LIST.split())
_RULES = re.compile(
    r"(?:required|nullable|sometimes|confirmed|present|string)(?:\|[a-z_]{2,30}(?::[\w,.]{1,40})?){1,12}$"
)
"""What a form's field must be, as frameworks write it."""
_PARTS = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")
_CREDENTIAL_NAMES = """
    password passwd pwd token secret credential credentials key psk apikey
    passwort kennwort schlüssel geheim senha chave secreta secreto clave contraseña passe clé secrète parola chiave segreta
    wachtwoord sleutel heslo hasło пароль ключ токен
"""
_CREDENTIAL_PARTS = frozenset(_CREDENTIAL_NAMES.split())
_SHAPED_PART = re.compile(r"[^\W\d_]{1,30}\d{0,4}$|\d{1,3}$")
_TITLE = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ]{1,20}$")
_TITLE_GOES_ON = re.compile(r"(?: [^\W\d_]{1,20}[,.!?]?){1,12}[ \t]{0,4}(?:\r?\n|$)")
"""How a text ends that users are shown: words alone up to the end of the line."""


def is_expression(text: str, start: int, end: int, name: tuple[int, int]) -> bool:
    """Whether the unquoted `text[start:end]` is code, or prose goes on there; `name`: where the credential's word stands."""
    before = text[name[1] : start]
    value, after = text[start:end], text[end : end + 60]
    if _COMPARED.search(before) or value.startswith((":", "x:", "0x")) or _EQUALS.match(value) or _GENERIC.match(after):
        return True
    if (value.isalpha() and before.endswith("->")) or (value.isdigit() and len(value) < 4):
        return True
    if before.endswith("(") and value.isalpha() and _ASIDE.match(after):
        return True
    if _CMDLET.match(value) or (_TITLE.match(value) and _TITLE_GOES_ON.match(text, end, end + 200)):
        return True
    opened = _OPENED.match(value)
    if opened and _is_name(opened["head"]):
        return True
    if _SCOPED.match(value) and (not value.endswith("-") or after.startswith(">")):
        return True
    if _HUMPS.match(value) and (before[-1:].isspace() or _CREDENTIAL.search(value)):
        return is_identifier(value)
    if value.isalpha() and (_is_spoken(text, start, name, after) or _is_computed(text, start, name, after)):
        return True
    return _calls_by_name(value)


def _is_name(head: str) -> bool:
    return not looks_random(head) and ((len(head) <= 3 and head == head.lower()) or "." in head or is_identifier(head))


def _calls_by_name(value: str) -> bool:
    """Whether it is a variable that its own name calls a credential: `user_password`, `config.token`, `token_ids_0`."""
    plain = _COUNTED.sub("", value).replace("?.", ".")
    if not _NAMED.match(plain) or not ("_" in plain or "." in plain):
        return False
    if "." not in plain and any(map(str.isdigit, plain)):
        return False
    return _CREDENTIAL.search(plain) is not None and is_identifier(plain)


def _is_spoken(text: str, start: int, name: tuple[int, int], after: str) -> bool:
    """Whether a sentence begins here, `first pass: determine the length`, or a string ends that says what is what."""
    word, before = re.split(r"\W", text[start : start + 20], maxsplit=1)[0], text[name[1] : start]
    if word.lower() in _WORDS:
        return True
    if before.endswith(":"):
        return after[:1] in ("'", '"') or before[:-1].endswith(" ")
    if not before.rstrip().endswith(":") or not _PROSE.match(after):
        return False
    far = max(0, name[0] - 100)
    passes = text[name[0] : name[1] + 1].lower() == "pass:"
    return passes or _COMMENT.match(text, text.rfind("\n", far, name[0]) + 1 or far) is not None


def _is_computed(text: str, start: int, name: tuple[int, int], after: str) -> bool:
    """Whether a word is a variable: `user, password = auth`, `a = pw = b = None`, `pw = left + right`."""
    if not text[name[1] : start].endswith("= "):
        return False
    return _OPERATED.match(after) is not None or _ONE_OF_MANY.search(text, max(0, name[0] - 40), name[0]) is not None


def is_own_name(value: str, chosen: bool) -> bool:
    """Whether a quoted value names a credential rather than being one: `user_password`, `TLS-PSK-NULL`, `required|min:8`.

    `chosen`: people choose such values, and put digits into them.
    """
    if _RULES.match(value):
        return True
    if len(value) > 80 or (chosen and any(map(str.isdigit, value))):
        return False
    parts = [part for part in _PARTS.split(value) if part]
    lower = [part.lower() for part in parts]
    return len(parts) > 1 and not _CREDENTIAL_PARTS.isdisjoint(lower) and all(map(_SHAPED_PART.match, lower))
