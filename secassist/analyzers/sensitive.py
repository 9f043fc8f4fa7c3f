"""Sensitive: which secrets and personal data stand in a text, and are they real?"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, get_args

from schemas import (
    Alert,
    CodeUnit,
    Evidence,
    Finding,
    FindingKind,
    Judgement,
    LogWindow,
    Omission,
    Place,
    Severity,
    State,
    Subject,
    SubjectKind,
)
from schemas.answers import SensitiveAnswer, grammar
from secassist.analyzers._fit import fit
from secassist.analyzers.base import Evidenced, Question, Reply, Tools
from secassist.detectors.base import Candidate
from secassist.masking import Cover, redact_subject, trace
from secassist.registry import Calibration

CHOICES: tuple[str, ...] = get_args(SensitiveAnswer.model_fields["decision"].annotation)
CONTEXT = 2
"""Lines shown before and after a candidate."""
SHOWN_VALUE = 120
CERTAIN = 0.99
READ = 0.95
"""Confidence in a name or address that the tagger read: the precision that its thresholds are set for."""
READER, UNREAD = "people", "people-unread"
"""The detector that has read what it proposes, and its signal that it did not read everything."""
LIKELY = 0.5
"""From this calibrated probability on a secret is called real, if not from a lower one: a leak that is passed over costs more.

On held-out groups of S1 the threshold of the adapter took 3 right findings of 129 away and none of 5 wrong ones.
"""
_RECORD = re.compile(r"(.+):([1-9]\d{0,8})(?:#\d{1,9})?", re.DOTALL)
"""The origin of a record: its file and the line it begins on, and which of several on that line it is."""
HARMLESS = 0.03
"""Confidence that a value is real which code has a reason to hold harmless."""
HINTED = (
    ("encrypted", Judgement.ENCRYPTED),
    ("test", Judgement.TEST),
    ("example", Judgement.TEST),
    ("documentation", Judgement.TEST),
    ("placeholder", Judgement.PLACEHOLDER),
    ("sequence", Judgement.PLACEHOLDER),
    ("different characters", Judgement.PLACEHOLDER),
    ("repeated", Judgement.PLACEHOLDER),
    ("counting", Judgement.PLACEHOLDER),
    ("fiction", Judgement.TEST),
    ("sample", Judgement.TEST),
)
"""Words of a detector's hint and what they amount to; any other hint (a reference, prose, a GUID) says: not sensitive."""


class Sensitive:
    """One question per candidate that code could not settle; what code is certain of is never asked."""

    name = "sensitive"
    summary = "secrets and personal data in any text"
    kinds = frozenset(SubjectKind)
    detectors = ("personal_data", "secrets", READER)

    def ask(self, item: Evidenced, tools: Tools) -> list[Question]:
        """Each open candidate within its lines; one that code has a reason to hold harmless is not open."""
        open_ = [c for c in item.candidates if not c.certain and not c.safe_hint]
        return [_question(item, candidate, tools) for candidate in open_]

    def decide(self, odds: Mapping[str, float], calibration: Calibration) -> str:
        """Real from the calibrated threshold on, else the likeliest other word."""
        if score(odds, calibration) >= calibration.bad_above:
            return "real"
        return max((choice for choice in CHOICES if choice != "real"), key=lambda choice: odds[choice])

    def combine(self, item: Evidenced, replies: Sequence[Reply], tools: Tools) -> dict[str, Any]:
        """A finding per candidate, with mask and keyed hash in place of the value; unanswered ones stay, unsure."""
        answered = {reply.question.about: reply for reply in replies}
        concealed = _conceal(item.subject, item.candidates)
        cover = Cover(c.value for c in item.candidates if c.value)  # once: a table holds thousands of values
        findings = [
            _finding(c, answered.get(c), concealed, cover, item.subject, tools) for c in _apart(item.candidates)
        ]
        state = State.OK if tools.calibration.fit else State.UNFIT
        return {"findings": tuple(findings), "state": state, **_unread(item, replies)}


def _apart(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates without those of the reader that touch one of another detector."""
    others = [(c.place.start or 0, c.place.end or 0) for c in candidates if c.by != READER]
    starts, ends = sorted(start for start, _ in others), sorted(end for _, end in others)

    def free(place: Place) -> bool:
        return bisect_left(starts, place.end or 0) == bisect_right(ends, place.start or 0)

    return [c for c in candidates if c.by != READER or free(c.place)]


def _unread(item: Evidenced, replies: Sequence[Reply]) -> dict[str, Any]:
    """What was left out, where the reader left something out."""
    notes = tuple(Omission(rule=signal.message, lines="") for signal in item.signals if signal.rule == UNREAD)
    asked = (omission for reply in replies for omission in reply.question.omitted)
    return {"omitted": tuple(dict.fromkeys((*asked, *notes)))} if notes else {}


def score(odds: Mapping[str, float], calibration: Calibration) -> float:
    """Calibrated probability that the value is real."""
    return calibration.probability(odds["real"])


def _question(item: Evidenced, candidate: Candidate, tools: Tools) -> Question:
    place = candidate.place
    near = range(place.start_line - CONTEXT, place.end_line + CONTEXT + 1)
    window = [line for line in item.subject.lines[max(0, near.start - 1) : near.stop - 1] if line.number in near]
    must = set(range(place.start_line, place.end_line + 1))
    lines, omitted = fit(window, tools.template.matter.input_tokens, tools.count, must)
    values = {
        "language": item.language,
        "type": candidate.type,
        "shape": shape(candidate.value),
        "hint": candidate.safe_hint,
        "value": candidate.value[:SHOWN_VALUE],
        "lines": lines,
    }
    if len(candidate.value) > SHOWN_VALUE:
        omitted += (Omission(rule=f"value over {SHOWN_VALUE} characters: its head", lines=str(place.start_line)),)
    known = lowered(tools.calibration, candidate)
    harmless = partial(harmless_enough, calibration=known)
    return Question(values, grammar(SensitiveAnswer), CHOICES, omitted, candidate, harmless, calibration=known)


def lowered(known: Calibration, candidate: Candidate) -> Calibration:
    """The calibration with the threshold of a candidate: `LIKELY` at most for a secret; probabilities are left as they are."""
    secret = candidate.kind is FindingKind.SECRET
    return replace(known, bad_above=min(known.bad_above, LIKELY)) if secret else known


def harmless_enough(odds: Mapping[str, float], choice: str, calibration: Calibration) -> bool:
    """Whether a candidate is so probably no secret that nobody will want to read why."""
    return choice != "real" and score(odds, calibration) <= calibration.benign_below


def shape(value: str) -> str:
    """Length, kinds of characters and Shannon entropy (bits per character) of a value, in words."""
    kinds = [
        name
        for name, found in (
            ("digits", any(c.isdigit() for c in value)),
            ("lower", any(c.islower() for c in value)),
            ("upper", any(c.isupper() for c in value)),
            ("symbols", any(not c.isalnum() for c in value)),
            ("words", any(len(part) > 3 and part.isalpha() for part in value.replace("_", "-").split("-"))),
        )
        if found
    ]
    counts = Counter(value)
    entropy = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values()) if value else 0.0
    return f"length {len(value)}; {' '.join(kinds)}; entropy {entropy:.1f}"


def hinted(hint: str) -> Judgement:
    """What a detector's reason to hold a value harmless amounts to."""
    return next((judgement for word, judgement in HINTED if word in hint), Judgement.NOT_SENSITIVE)


def _conceal(subject: Subject, candidates: Sequence[Candidate]) -> list[str]:
    """The subject's lines with every candidate's value masked, wherever it stands."""
    return [line.text for line in redact_subject(subject, candidates).lines]


def _finding(
    candidate: Candidate, reply: Reply | None, concealed: list[str], cover: Cover, subject: Subject, tools: Tools
) -> Finding:
    judgement, confidence, rationale, severity = _judge(candidate, reply, tools)
    number = candidate.place.start_line
    quote = concealed[number - 1].strip()[:400] if number <= len(concealed) else ""
    return Finding(
        kind=candidate.kind,
        rule=candidate.type,
        message=candidate.message,
        place=_in_file(candidate.place, subject),
        severity=severity,
        confidence=confidence,
        judgement=judgement,
        cwe=candidate.cwe or ("CWE-798" if candidate.kind is FindingKind.SECRET else ""),
        evidence=(Evidence(line=number, quote=quote, by=candidate.by or "code", redacted=True),),
        by=(candidate.by or candidate.rule,),
        secret=trace(candidate.value, tools.key),
        rationale=cover(rationale),
    )


def _in_file(place: Place, subject: Subject) -> Place:
    """The place in the file, where the subject is a part of one; offsets stay those of the text that was searched.

    Of a record only the line is known on which it begins.
    """
    if isinstance(subject, Alert):
        begin = _RECORD.fullmatch(place.path)
        return place if begin is None else _whole_line(place, begin[1], int(begin[2]))
    above = subject.start_line - 1 if isinstance(subject, CodeUnit | LogWindow) else 0
    path = place.path or subject.origin
    if isinstance(subject, LogWindow):
        path = path.removesuffix(f":{subject.start_line}")
    moved = {"start_line": place.start_line + above, "end_line": place.end_line + above}
    return place.model_copy(update={"path": path, **moved})


def _whole_line(place: Place, path: str, line: int) -> Place:
    moved = {"path": path, "start_line": line, "end_line": line, "start_column": 1, "end_column": 1}
    return place.model_copy(update=moved)


def _judge(candidate: Candidate, reply: Reply | None, tools: Tools) -> tuple[Judgement, float, str, Severity]:
    if candidate.safe_hint:
        return hinted(candidate.safe_hint), HARMLESS, f"harmless by code: {candidate.safe_hint}", Severity.INFO
    if candidate.by == READER:
        return Judgement.REAL, READ, "read as a name or an address", candidate.severity
    if candidate.certain:
        return Judgement.REAL, CERTAIN, "structure and checksum settle it", candidate.severity
    if reply is None or reply.answer is None or not tools.calibration.fit:
        return Judgement.UNSURE, 0.5, "not judged", candidate.severity
    real = score(reply.odds, tools.calibration) if reply.odds else 0.5
    judgement = Judgement(reply.answer.decision)
    severity = candidate.severity if judgement is Judgement.REAL else Severity.INFO
    return judgement, real, reply.answer.reason, severity


PLUGIN = Sensitive()
