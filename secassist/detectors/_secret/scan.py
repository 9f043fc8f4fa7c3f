"""Finds credentials whose own format gives them away: provider prefixes, key blocks, and passwords inside URLs."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial

from schemas import Severity
from secassist.detectors._secret.checks import (
    CHECKS,
    doubtful,
    entropy,
    has_run,
    is_monotonous,
    is_worded,
    looks_random,
    safe_hint,
)
from secassist.detectors._secret.hit import Hit
from secassist.detectors._secret.rules import SecretRule

LEAST_ENTROPY = 2.5
"""Bits per character of what a provider generates, at least."""
KEY_BLOCK_LIMIT = 24_000
"""Characters looked at for the end of a private key block; an 8192-bit RSA key takes 6,400."""

_BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_END = re.compile(r"-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_KEY_LINE = r"[^\n]{0,60}?(?<![A-Za-z0-9+/=])[A-Za-z0-9+/=]{40,100}+"
"""Base64 of a usual line length, behind what a log or a comment writes before it."""
_MATERIAL = re.compile(rf"[^\n]{{0,8}}\n{_KEY_LINE}")
_MATERIAL_LINE = re.compile(rf"{_KEY_LINE}[^\n]{{0,8}}\n")
_PREAMBLE = re.compile(
    r"(?:[^\n]{0,8}\n[^\n:A-Za-z]{0,40}(?:[A-Z][A-Za-z-]{2,20}: [^\n]{0,60})?){1,4}"
    rf"(?=[^\n]{{0,8}}\n{_KEY_LINE})"
)
_URL = re.compile(r":/{1,2}([^\s:/\"'<>]{0,80}):([^\s/\"'<>]{1,200})@(?=[\w.\[\-$%{])")
_URL_TOKEN = re.compile(r"://([A-Za-z0-9_\-]{20,200})@(?![\w.\-]{0,60}(?:sentry|ingest))[\w.\-]")
"""A token in the place of user and password; the keys by which programs report their errors to Sentry are public."""
_NETWORK_DSN = re.compile(r"(?:^|[\s\"'`=(/])[\w.\-]{1,60}:(?P<u>[^\s:\"'`/]{3,100})@$")
"""What stands before `tcp(host)` in the data source names of Go's MySQL driver."""
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "example.")
_ESCAPE = re.compile(r"(?:\\[nrtbfv]|%[0-9A-Fa-f]{2}|\[[0-9;]{1,8}m|\\u00[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2})$")
"""What ends in a letter or digit and still is no part of the word after it: escapes of strings, URLs and terminals."""


@dataclass(frozen=True)
class _Value:
    """What a value says of itself wherever it stands: a hint, a hint that weighs less, and whether it is settled."""

    hint: str = ""
    doubt: str = ""
    settled: bool = False


def provider_hits(text: str, rules: Iterable[SecretRule]) -> Iterator[Hit]:
    """Every match of these rules, boundaries and checksums tested; a value that stands there often is judged once."""
    for rule in rules:
        judge = cache(partial(_judged, rule))
        for match in _matches(rule, text) if rule.literals else rule.pattern.finditer(text):
            start, end = match.span(1 if match.lastindex else 0)
            if _is_whole(text, start, end, bool(match.lastindex)) and (judged := judge(text[start:end])):
                hint = judged.hint or _shown_in_part(text, end) or judged.doubt
                yield Hit(start, end, rule.type, text[start:end], 0, rule.severity, judged.settled and not hint, hint)


def _matches(rule: SecretRule, text: str) -> Iterator[re.Match[str]]:
    """Where one of the literals stands."""
    for literal in rule.literals:
        position = text.find(literal)
        while position >= 0:
            match = _back(rule, text, position) if rule.back else rule.pattern.match(text, position)
            if match:
                yield match
            position = text.find(literal, max(position + 1, match.end() if match else 0))


def _back(rule: SecretRule, text: str, position: int) -> re.Match[str] | None:
    """The match that begins as many characters before the literal as the rule says."""
    starts = range(position - rule.back, position - rule.back + rule.slack + 1)
    tries = (rule.pattern.match(text, start) for start in starts if start >= 0)
    return next(filter(None, tries), None)


def _is_whole(text: str, start: int, end: int, inside: bool) -> bool:
    """Whether the value is no part of a longer word; `inside`: the format itself says what stands before it."""
    if not inside and _continues(text, start):
        return False
    return not (end < len(text) and _joins(text[end]) and _joins(text[end - 1]))


def _judged(rule: SecretRule, value: str) -> _Value | None:
    """What is to be thought of a value of this format, or None where it is no finding at all."""
    if is_worded(value) and not looks_random(value):
        return None
    if rule.only and not CHECKS[rule.check](value):
        return None
    if hint := safe_hint(value, generated=True):
        return _Value(hint)
    if has_run(value[:400]):
        return _Value(doubt="sequence or repetition")
    if is_monotonous(value, LEAST_ENTROPY):
        return _Value(doubt="low entropy")
    return _Value(
        settled=rule.certain and not doubtful(value) and (rule.only or not rule.check or CHECKS[rule.check](value))
    )


def _shown_in_part(text: str, end: int) -> str:
    """Whether dots or signs stand for the rest of the value."""
    return "cut short" if text.startswith(("...", "…", "***", "###"), end) else ""


def _continues(text: str, start: int) -> bool:
    """Whether what stands before makes the token a part of a longer word."""
    before = text[start - 1 : start]
    if before == "-":
        return start > 1 and _joins(text[start - 2])
    return bool(before) and _joins(before) and not _ESCAPE.search(text, max(0, start - 10), start)


def _joins(char: str) -> bool:
    """Whether the character would make the token a longer word; Chinese text around a token does not."""
    return char.isascii() and char.isalnum()


def key_block_hits(text: str) -> Iterator[Hit]:
    """Private key blocks from BEGIN to END, real newlines or escaped ones; a lone BEGIN or END is no certain finding.

    Where a log or a window cuts a block in two, the part with BEGIN and the part with END are found, each for itself.
    """
    position = 0
    while begin := _BEGIN.search(text, position):
        yield from _tails(text, position, begin.start())
        limit = begin.end() + KEY_BLOCK_LIMIT
        following = text.find("-----BEGIN", begin.end(), limit)
        end = _END.search(text, begin.end(), limit if following < 0 else following)
        position = end.end() if end else _material_end(text, begin.end())
        yield _key_block(text, begin.start(), position, begin.end(), whole=end is not None)
    yield from _tails(text, position, len(text))


def _tails(text: str, start: int, stop: int) -> Iterator[Hit]:
    """Ends of blocks whose beginning is not there, with the lines of key material before them."""
    done = start
    for end in _END.finditer(text, start, stop):
        first = line = text.rfind("\n", done, end.start()) + 1 or done
        while line > max(done, end.start() - KEY_BLOCK_LIMIT):
            line = text.rfind("\n", done, line - 1) + 1 or done
            if not _MATERIAL_LINE.match(text, line, first):
                break
            first = line
        done = end.end()
        yield _key_block(text, first, done, first, whole=False)


def _key_block(text: str, start: int, end: int, body_start: int, whole: bool) -> Hit:
    value = text[start:end]
    body = re.sub(r"\\[nr]|[^A-Za-z0-9+/=]", "", text[body_start:end])
    hint = "" if len(body) >= 48 and entropy(body) > 3.5 else "no key material"
    certain = whole and not hint and "ENCRYPTED" not in value[:200]
    return Hit(start, end, "private-key", value, 0, Severity.CRITICAL, certain, hint)


def _material_end(text: str, start: int) -> int:
    """Where the base64 lines after a BEGIN without an END stop; headers of old formats may stand before them."""
    preamble = _PREAMBLE.match(text, start)
    end = begin = preamble.end() if preamble else start
    while (line := _MATERIAL.match(text, end)) and end - start < KEY_BLOCK_LIMIT:
        end = line.end()
    return end if end > begin else start


def network_hits(text: str, literal: str) -> Iterator[Hit]:
    """Passwords in `user:password@tcp(host:port)/name`; `literal`: what stands behind the password."""
    position = text.find(literal)
    while position >= 0:
        match = _NETWORK_DSN.search(text, max(0, position - 170), position + 1)
        if match:
            value = match["u"]
            yield Hit(*match.span("u"), "url-password", value, 1, Severity.HIGH, hint=safe_hint(value))
        position = text.find(literal, position + 1)


def url_hits(text: str) -> Iterator[Hit]:
    """Passwords in URLs and connection strings (`scheme://user:password@host`), and where a path lost one of the slashes."""
    position = text.find(":/")
    while position >= 0:
        match = _URL.match(text, position)
        if match:
            value = match[2]
            hint = safe_hint(value) or ("same as the user name" if value == match[1] else "")
            local = text[match.end() : match.end() + 12].startswith(_LOCAL_HOSTS)
            severity = Severity.MEDIUM if local else Severity.HIGH
            yield Hit(match.start(2), match.end(2), "url-password", value, 1, severity, hint=hint)
        elif (token := _URL_TOKEN.match(text, position)) and looks_random(token[1]):
            yield Hit(
                *token.span(1), "url-password", token[1], 1, Severity.HIGH, hint=safe_hint(token[1], generated=True)
            )
        position = text.find(":/", position + 2)
