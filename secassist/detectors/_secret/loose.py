"""Finds random-looking words beside a name that no sign ties to them: near a credential's word, or after a service's."""

import re
from collections.abc import Iterable, Iterator

from schemas import Severity
from secassist.detectors._secret.checks import (
    is_digest,
    is_identifier,
    is_reference_id,
    is_scrambled,
    looks_random,
    safe_hint,
)
from secassist.detectors._secret.hit import Hit
from secassist.detectors._secret.names import LOOSE_WORDS, is_credential, names_a_thing, numbers_a_thing, places_of
from secassist.detectors._secret.services import services

_WORD_START = r"(?<![A-Za-z0-9_/+\-.~])"
LOOSE = re.compile(
    rf"(?:[_\-.]?|(?:(?!\*{{4}})[^\n]){{0,24}}?{_WORD_START})"
    r"(?P<u>[A-Za-z0-9][A-Za-z0-9_/+\-.~]{15,400}+={0,2})(?![A-Za-z0-9_/+\-])"
)
"""Matched where a name word ends: a long word joined to it, or begun a little later on the line."""
ENTRY = re.compile(
    r"[\"']?,?[ \t]{0,4}\n[ \t]{0,40}[\"']?[vV]alue[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?"
    r"(?P<u>[A-Za-z0-9][A-Za-z0-9_/+\-.~]{15,400}+={0,2})(?![A-Za-z0-9_/+\-])"
)
"""The same: a long word that is the value of an entry, on the line after the one that names it."""
SERVICE = re.compile(
    rf"(?:[_\-]?|[\w .\-\"'\]:=>]{{0,36}}?{_WORD_START})(?P<u>[A-Za-z0-9][A-Za-z0-9_\-]{{15,200}}+={{0,2}})(?![\w/+.@(])"
)
"""Matched where the name of a service ends: the rest of a name, perhaps a sign, and a long word."""
_PATH = re.compile(r"^(?:\.{0,2}/|[A-Za-z]:\\|https?://|~/)")
_SETTING = re.compile(r"[A-Za-z_]{2,30}=-?[\d.]{1,30}$|\w{1,60}=[A-Za-z_]{1,60}$")
_FINGERPRINT = re.compile(r"[0-9A-F]{40}$")
"""Of an OpenPGP key, as keys are asked for."""
_WORDY = re.compile(
    r"[a-z_]{3}\w{0,60}+(?:\.[A-Za-z_]\w{0,60}+){1,8}$|[A-Z]{2,10}-\d\.\d|[\w.]{1,60}(?:Private|Public)Key$"
)
"""Modules and their members; names of licences."""
_OBJECT_ID = re.compile(
    r"Iv1\.[0-9a-f]{16}$|(?:req|evt|cus|ch|py|pi|in|ii|sub|si|msg|acct|price|prod|run|thread|asst|file|batch|chatcmpl|resp|user|usr|org|proj|inv|txn|"
    r"card|src|seti|job|wh|step|call|item|team)[_-][A-Za-z0-9]{8,64}$"
)
"""Numbers of things that say of what."""
_FILE_NAME = re.compile(
    r"\.(?:gz|zip|tgz|tar|bz2|xz|json|log|txt|csv|py|rb|go|java|ts|tsx|php|c|h|cpp|rs|png|jpe?g|gif|svg|pdf|html?|js|css|xml|ya?ml|parquet|bin|jar|whl|deb|rpm|pem|dll|exe|so)$"
)
_SNAKE = re.compile(
    r"(?:[A-Za-z]{1,16}+\d{0,5}+[A-Za-z]{0,10}+\d{0,4}+|\d{1,5}+[a-z]{0,2}+)(?:_(?:[A-Za-z]{1,16}+\d{0,5}+[A-Za-z]{0,10}+\d{0,4}+|\d{1,5}+[a-z]{0,2}+)){2,12}$"
)
"""Names of programs with numbers in them: `gcm_camellia256_ctx`."""
_SAME_WORD = re.compile(r"[a-z]{1,20}[./]|\d\.[a-z]")
"""What goes on with the word that the name was found in, as in "oauthlib.x", "oauth2.rfc6749" and "licenses/x"."""
_PUBLIC_BEFORE = re.compile(r"(?:ssh-[a-z0-9]{3,10}|nistp\d{3}) $|;base64,$|(?:sha|md)\d{1,3}[:\-=] ?$", re.IGNORECASE)
"""Public keys, images and digests say so right before the value."""
_JOINED_NAMES = re.compile(
    r"(?:(?:private|access|secret|client|api|auth|key|token|tok)[\-_=]){1,4}|[A-Za-z_]{1,30}=", re.IGNORECASE
)
_ENCRYPTED_BEFORE = ("enc ", "encrypted ", "encrypted: ")
_NAMED_GUID = re.compile(
    r"[\w]{0,12}[\-=:\"' ]{1,4}(?<![\w])(?P<u>[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?![\w-])"
)
_STRONG_WORDS = ("token", "secret", "private", "license")
"""After these a GUID is more likely the credential than the id of a thing."""
_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")


def loose_hits(text: str, lowered: str, words: Iterable[str]) -> Iterator[Hit]:
    """Random-looking words of 16 characters or more within 24 characters of a name word, on the same line."""
    done = -1
    for start, end in places_of(words, lowered):
        named = end >= done and is_credential(lowered, start, end)
        match = (LOOSE.match(text, end) or ENTRY.match(text, end)) if named else None
        span = match and _unnamed(text, *match.span("u"))
        if span and _is_loose_token(text, *span):
            done = span[1]
            yield _loose(text, lowered, *span)
        elif guid := _NAMED_GUID.match(text, end):
            yield _loose(text, lowered, *guid.span("u"), "" if lowered[start:end] in _STRONG_WORDS else "GUID")


def service_hits(text: str, lowered: str, named: Iterable[str]) -> Iterator[Hit]:
    """Words of a service's own shape, random-looking words and GUIDs that its name stands before, in a setting or in prose."""
    for start, end in places_of(named, lowered):
        service = services()[lowered[start:end]]
        if not _is_spelled(text[start:end]) or not _begins_word(text, start):
            continue
        if service.ordinary and not _ends_word(text, end):
            continue
        match = SERVICE.match(text, end)
        if not match:
            continue
        span = _unnamed(text, *match.span("u"))
        value, between = text[slice(*span)], lowered[end : span[0]]
        shaped = service.shape is not None and service.shape.match(value) and looks_random(value)
        if service.ordinary and not (shaped and len(value) > 30) and not any(word in between for word in LOOSE_WORDS):
            continue
        if (shaped and not is_digest(value, between)) or _GUID.match(value) or _is_loose_token(text, *span):
            yield _loose(text, lowered, *span)


def _is_spelled(name: str) -> bool:
    """Whether capitals stand as in names: "eBay", "OpenAI" and "LOB", not "bOOMI", which is a part of something random."""
    return name.islower() or name[0].isupper() or sum(map(str.isupper, name)) == 1


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
    thing = thing or ("encrypted or hashed" if before.endswith(_ENCRYPTED_BEFORE) else "")
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
        or _FINGERPRINT.match(value)
        or _SNAKE.match(value)
        or _OBJECT_ID.match(value)
        or _FILE_NAME.search(value)
        or (_SAME_WORD.match(value) and before[-1:].islower())
        or is_reference_id(value)
        or is_identifier(value)
        or is_digest(value, before.lower())
    )
