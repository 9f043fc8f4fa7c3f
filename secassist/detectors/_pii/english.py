"""Names and postal addresses in English and its neighbours: pairs of capitalised words, and what stands before them."""
# ruff: noqa: E501, SIM905 - a pattern is easier to check in one piece

import re
from collections.abc import Iterator
from itertools import chain

from schemas import Severity
from secassist.detectors._late import late
from secassist.detectors._pii.english_words import FIRST_NAMES, NOT_NAMES, PEOPLE
from secassist.detectors._pii.hints import hint
from secassist.detectors._pii.shape import EDGE, found_at
from secassist.detectors._pii.things import is_a_things
from secassist.detectors._secret.hit import Hit

_CAP = r"(?:Mc|Mac|O['’]|D['’]|Fitz|De|Di|La|Le|Van)?[A-Z][a-zà-öø-ÿ]{1,20}(?:[-'’][A-Z][a-zà-öø-ÿ]{1,20})?"
_MIDDLE = r"(?: [A-Z]\.?| (?:van|von|de|da|del|der|la|le|bin|al|dos|di)(?: (?:der|den|la))?){0,2}"
PAIR = late(rb"A[a?]{1,20}(?:[\-'?]A[a?]{1,20})?(?=\.? (?:A|aa?a? A))")
"""The first of two capitalised words, in the spelling of `shape.kinds`; a short word may stand between them."""
_FULL = late(rf"{_CAP}{_MIDDLE}(?: {_CAP}){{1,2}}")
_AFTER_TITLE = late(rf"\.? ((?:{_CAP}{_MIDDLE} ?){{0,2}}{_CAP})")
_TITLES = frozenset("Mr Mrs Ms Miss Pt Dr Prof Sir Herr Frau Mme Monsieur Señor Señora Sr Sra Signor Signora".split())
_ROLES = frozenset(
    ("Guest", "Passenger", "Patient", "Client", "Customer", "Tenant", "Employee", "Member", "Student", "Visitor")
)
_CUE = late(
    r"(?i:(?<![a-z])(?:my name is|name is|named|full[ _]?name|customer(?: is)?|client(?: is)?|first[ _]?name|last[ _]?name|customer[ _]?name|"
    r"patient|employee|applicant|account holder|cardholder|card holder|contact person|contact|signed by|i am|i'm|dear|sincerely,?|regards,?|"
    r"attn|attention|sold to|bill to|ship to|passenger|author|assignee|owner|manager|reporter|requested by|approved by|"
    r"pt|beneficiary|claimant|inviter|invitee|payee|payer|subscriber|tenant|debtor|insured|policy ?holder|guardian|caller|signatory|requester|name|"
    r"(?:hi|hello|hey|hola)[,.!]?(?: there[,.!]?)? (?:this|it) is|my name's|spoke (?:to|with)|speaking with|call(?:ed)? (?:from|by))"
    r"[\"'\\]{0,4})(?:[ \t]{0,3}[:=]>?[ \t\n\"'\\]{0,6}|[ \t\n\"'\\]{1,5})$"
)
_SIGNED_CUE = late(
    r"(?i:(?<![a-z])(?:titular|intestatario|inhaber(?:in)?|nombre|kunde|kundin|cliente|paciente|empleado|asegurado|guest|member|student|teacher|"
    r"driver|candidate|recipient|consignee|shipper|buyer|seller|borrower|visitor|attendee|next[ _]of[ _]kin|emergency[ _]contact|physician|"
    r"nurse|spouse|worker|staff|person|gecos|displayname|cardholder_name|approver|signer|donor|resident|lessee|landlord)"
    r"[\"'\\]{0,4})[ \t]{0,3}[:=]>?[ \t\"'\\]{0,6}$"
)
"""Words that people are named after, but before a sign only: `driver=Ana Ruiz`, and not `driver Foo Bar`."""
_TOLD_AFTER = late(
    r"[ ,(<]{1,3}(?:(?i:passport)|D\.?O\.?B\b|MRN\b|SSN\b|NHS\b|(?i:date of birth|born\b|aged? \d)|[\w.+%\-]{1,64}+@[\w\-])"
)
"""What stands after people's names: a date of birth, a record's number, a mail address."""
_REVERSED = late(rb"A[a?]{1,20}(?:[\-'?]A[a?]{1,20})?(?=, A[a?]{1,20}[^a?])")
_LAST_FIRST = late(rf"{_CAP}, ({_CAP})(?: [A-Z]\.)?(?![A-Za-z])")
STRUCTURED = (
    ("CN=", late(rf"CN=({_CAP}(?:\\, {_CAP}|{_MIDDLE}(?: {_CAP}){{1,2}}))(?=,(?:OU|CN)=[^\n]{{0,200}}?,DC=)")),
    ("comment=", late(rf"comment=[\"']?({_CAP}{_MIDDLE}(?: {_CAP}){{1,2}})(?=[\"']?, ?shell=)")),
    (":x:", late(rf":x:\d{{1,10}}:\d{{1,10}}:({_CAP}{_MIDDLE}(?: {_CAP}){{1,2}})(?=[,:])")),
)
"""Distinguished names of a directory, log lines of useradd, lines of passwd."""
_PASSPORT = late(r"(?<![\w<])P[A-Z<][A-Z]{3}([A-Z]{2,30}(?:<[A-Z]{1,20}){0,2}<<[A-Z]{1,30}(?:<[A-Z]{1,20}){0,3})(?=<)")
_FILLED = late(r"<<[A-Z]{1,30}<")
"""The line that machines read of passports, and what none of them is without."""
_TICKET = late(r"/[A-Z]{2,20}(?: [A-Z]{2,20})? ?(?:MR|MRS|MS|MISS|MSTR)(?![A-Za-z/])")
_SURNAME = late(r"(?<![\w/.])[A-Z]{2,20}$")
"""Names on tickets, ROE/JANE MRS: what stands behind the stroke, of which a text has few, and before it."""
LONGEST_SURNAME = 24
CUE_REACH = 36
_NAME_CUE = late(r"name(?: is)?[\"'\\]{0,4}[ \t]{0,3}[:=]?[ \t\n\"'\\]{0,6}$", re.IGNORECASE)
_QUALIFIER = late(r"([A-Za-z]{1,24})(?:[_.\-]|(?<=[a-z])(?=N))$")
SPOKEN = tuple(
    (cue, late(rf"{cue}({_CAP})(?=[\s,.;\"'!]|$)"))
    for cue in ("name is ", "I am ", "I'm ", "named ", "called ", "Dear ")
)
_SURE_CUES = ("name is ", "Dear ")
KEYED = late(r"ame[\"'\\]{0,4}[ \t]{0,3}[:=][ \t]{0,3}([\"'\\]{0,5})(?=[A-Za-zÀ-ÿ])")
"""The end of a field called ...name, and what opens its value."""
_WORD = r"[A-Za-zÀ-ÿ](?:['’]?[A-Za-zÀ-ÿ\-]){1,24}"
_KEYED_VALUE = late(rf"{_WORD}(?: (?:{_WORD}|[A-Za-z]\.?)){{0,3}}(?=[\"'\\,;&|\n}}<\t]|$)")
_PLAIN_VALUE = late(r"[A-ZÀ-Þ][A-Za-zà-ÿ'’\-]{1,24}(?=[\s,;&|}<]|$)")
_CAMEL = late(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SINGLE = frozenset("first last given family middle maiden sur surname firstname lastname forename fore".split())
_NO_VALUES = frozenset(
    "null none undefined nil true false string str text varchar char unknown test empty name required optional value default".split()
)


def name_hits(text: str, spelled: bytes) -> Iterator[Hit]:
    """Titles, introductions and labels first; then known first names followed by another capitalised word."""
    done = 0
    for pair in PAIR.finditer(spelled):
        start = pair.start() - EDGE
        if start >= done and spelled[pair.start() - 1 : pair.start()] not in b"0Aa_":
            hit = _pair_hit(text, start, pair.end() - EDGE)
            if hit:
                done = hit.end
                yield hit
    yield from _reversed_hits(text, spelled)
    yield from _structured_hits(text)
    yield from _spoken_hits(text)
    yield from _keyed_hits(text)


def _reversed_hits(text: str, spelled: bytes) -> Iterator[Hit]:
    """`employee="Roe, Jane"`: after a label of people only, or a plain name's where the first name is known."""
    for pair in _REVERSED.finditer(spelled):
        start = pair.start() - EDGE
        match = _LAST_FIRST.match(text, start) if spelled[pair.start() - 1 : pair.start()] not in b"0Aa_" else None
        before = text[max(0, start - CUE_REACH) : start]
        if not match or not before.rstrip(" \t\"'\\").endswith((":", "=")) or _names_a_thing(before):
            continue
        labelled = _SIGNED_CUE.search(before) or (_CUE.search(before) and not _NAME_CUE.search(before))
        if (
            (labelled or match[1] in FIRST_NAMES)
            and (labelled or _CUE.search(before))
            and not is_no_name(match[0].replace(",", ""))
        ):
            yield Hit(*match.span(), "person", match[0], 2, Severity.LOW, hint=hint("person", match[0]))


def _structured_hits(text: str) -> Iterator[Hit]:
    passports = _PASSPORT.finditer(text) if _FILLED.search(text) else ()
    for match in chain(passports, *(found_at(text, literal, pattern) for literal, pattern in STRUCTURED)):
        if not is_no_name(match[1]):
            yield Hit(*match.span(1), "person", match[1], 2, Severity.LOW)
    for ticket in _TICKET.finditer(text) if "/" in text else ():
        surname = _SURNAME.search(text, max(0, ticket.start() - LONGEST_SURNAME), ticket.start())
        if surname and not is_no_name(surname[0] + ticket[0]):
            yield Hit(surname.start(), ticket.end(), "person", surname[0] + ticket[0], 2, Severity.LOW)


def _pair_hit(text: str, start: int, end: int) -> Hit | None:
    """A name that begins with these words, if a title, a label or the first name itself says so."""
    first = text[start:end]
    if first in _TITLES:
        titled = _AFTER_TITLE.match(text, end)
        return _person(titled.start(1), titled[1].rstrip(), 1) if titled else None
    full = _FULL.match(text, start) if first not in NOT_NAMES and first not in _ROLES else None
    if not full:
        return None
    before = text[max(0, start - CUE_REACH) : start]
    if _CUE.search(before) or _SIGNED_CUE.search(before):
        return None if _names_a_thing(before) else _person(start, full[0], 2)
    if _TOLD_AFTER.match(text, full.end()):
        return _person(start, full[0], 2)
    if (
        first in FIRST_NAMES
        and not text[full.end() : full.end() + 1].isalpha()
        and text[full.end() : full.end() + 1] != "("
        and not is_a_things(text, start, full.end())
    ):
        return _person(start, full[0], 3)
    return None


def _person(start: int, value: str, rank: int) -> Hit | None:
    """A hit for a name none of whose words is a thing's; a third word that is one is left out."""
    words = value.split(" ")
    if len(words) > 2 and words[-1] in NOT_NAMES:
        words.pop()
    if not NOT_NAMES.isdisjoint(words):
        return None
    value = " ".join(words)
    return Hit(start, start + len(value), "person", value, rank, Severity.LOW, hint=hint("person", value))


def _names_a_thing(before: str) -> bool:
    """Whether this ends with a field like `rule.name`, `className` or `vendor_name`."""
    label = _NAME_CUE.search(before)
    if not label:
        return False
    at = label.start()
    qualifier = _QUALIFIER.search(before[:at] + before[at : at + 1] * (before[at] == "N"))
    return qualifier is not None and qualifier[1].lower() not in PEOPLE


def _spoken_hits(text: str) -> Iterator[Hit]:
    """Single names: any after "name is" and "Dear", known ones after weaker words."""
    for cue, pattern in SPOKEN:
        for match in found_at(text, cue, pattern):
            sure = cue in _SURE_CUES and match[1] not in NOT_NAMES
            if (sure or match[1] in FIRST_NAMES) and not text[match.start() - 1 : match.start()].isalpha():
                yield Hit(*match.span(1), "person", match[1], 3, Severity.LOW)


def _keyed_hits(text: str) -> Iterator[Hit]:
    """Names in any case under fields that name people: `"first_name": "jane"`, `customerName=JANE ROE`."""
    for match in found_at(text, "ame", KEYED):
        parts = [part.lower() for part in _CAMEL.findall(text[max(0, match.start() - 24) : match.start() + 3])]
        qualifier = parts[-2] if parts[-1:] == ["name"] and len(parts) > 1 else parts[-1]
        single = qualifier in _SINGLE
        if single or qualifier in PEOPLE:
            value = (_KEYED_VALUE if match[1] else _PLAIN_VALUE).match(text, match.end())
            if value and (single or " " in value[0]) and not is_no_name(value[0]):
                yield Hit(*value.span(), "person", value[0], 2, Severity.LOW, hint=hint("person", value[0]))


def is_no_name(value: str) -> bool:
    """Whether one of the words is a thing's, or says that there is none."""
    return any(word.lower() in _NO_VALUES or word.capitalize() in NOT_NAMES for word in value.split(" "))
