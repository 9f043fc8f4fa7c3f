"""The case: one stored analysis, or several, with their inputs, what kind of input that is, and what it names."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas import Alert, Analysis, FindingKind, Judgement, Line, LogWindow, Severity, Subject
from secassist.detectors.base import Signal
from secassist.errors import UsageError
from secassist.investigating.entities import MOST_LINES, RAW, Entity, found
from secassist.investigating.spoken import makes_account
from secassist.knowledge import attack
from secassist.sources._moments import in_line
from secassist.sources._recognise import observed_at
from secassist.store import Store, StoredSubject

Detect = Callable[[Alert | LogWindow], Sequence[Signal]]
"""What code finds in an input; the techniques of these are in play."""
CAN_BE = ("triage", "sensitive")
"""Analyzers whose analyses can be investigated: verdicts, and secrets that a scan found."""

_BY_FIELD: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("mail", r"^(?:return_path|message_id|auth\.(?:spf|dkim|dmarc)|email\..+)$"),
        ("web", r"(?:^|\.)(?:http\.|http_method|url\.(?:path|query|original)|cs-uri|request_uri)"),
        (
            "process",
            r"(?:^|\.)(?:command_?line|process\.(?:executable|args|name)|newprocessname|image|cmdline|command)$",
        ),
        ("dns", r"(?:^|\.)dns\.|(?:^|\.)(?:queryname|qname)$"),
        ("network", r"(?:^|\.)(?:dest_ip|destination\.ip|dst_ip|destination_ip|destinationip|dstip)$"),
        ("file", r"(?:^|\.)(?:targetfilename|file\.(?:path|hash\..+))$"),
        ("logon", r"(?:^|\.)(?:logontype|ipaddress|signineventid|authenticationprotocol|conditionalaccessstatus)$"),
        ("service", r"(?:^|\.)(?:imagepath|servicefilename|taskname)$"),
        ("kubernetes", r"(?:^|\.)objectref\."),
    )
)
"""What kind of input a record is, told by the names of its fields."""
_BY_TEXT: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            "cloud",
            r"\b[a-z0-9-]+\.amazonaws\.com\b|\bprotopayload\.|\bmicrosoft\.(?:compute|authorization|storage|keyvault)/",
        ),
        (
            "logon",
            r"\b(?:failed password|accepted (?:password|publickey)|sign[_-]?in|log(?:ged )?on fail|consolelogin|mfa)\b",
        ),
        ("web", r'"(?:get|post|put|head|delete|options|patch) /'),
        ("windows", r"\b[a-z]:\\|\.exe\b|\bhk(?:lm|cu|ey_)|\bmicrosoft-windows-|^event\.system\.|%comspec%"),
        ("linux", r"(?:^|[\s\"'=])/(?:usr|bin|etc|tmp|var|home|opt|dev|proc|root)/|\bsshd\[|\bsudo\b|\bbash -"),
        ("process", r"\bcommand=|\bexecve\b"),
    )
)
_REFUSED = re.compile(
    r"\b4625\b|\b(?:log-?on|log-?in|sign-?in|password)[ _]fail|\bfailed (?:log|sign|password)", re.IGNORECASE
)
"""An alert about a log-on that failed: nobody did anything after it."""
OPEN = (Judgement.REAL, Judgement.UNSURE)
YEARS = range(1970, 9999)
"""Of events; with times outside, as an alert may claim them, no period around can be reckoned."""
NEAR = 7.0
"""Score of `attack.suggest` from which a title's words are more than a coincidence; looked at on forty titles of ours."""
_LONGEST_TEXT = 200_000


@dataclass(frozen=True)
class Member:
    """One analysis of a case with the input it is about; `telling` are the lines that its verdict or a detector cites."""

    analysis: Analysis
    subject: StoredSubject
    lines: tuple[Line, ...]
    entities: tuple[Entity, ...]
    signals: tuple[Signal, ...] = ()
    telling: frozenset[int] = frozenset()
    observed: str = ""
    """The event's time, "" where the input does not tell it."""

    @property
    def when(self) -> str:
        """The event's time where the input tells it, else the analysis' (ISO 8601)."""
        return self.observed or self.analysis.created_at


@dataclass(frozen=True)
class Investigated:
    """What is investigated: the first member keeps the answers; kinds, techniques and tactics are those of all.

    `hinted` are techniques that only the words of an alert's title point to.
    """

    members: tuple[Member, ...]
    kinds: frozenset[str]
    techniques: tuple[str, ...]
    hinted: tuple[str, ...] = ()

    @property
    def lead(self) -> Member:
        """The one whose verdict is asked about."""
        return self.members[0]

    @property
    def tactics(self) -> frozenset[str]:
        """Of its techniques."""
        return frozenset(tactic for technique in self.techniques for tactic in attack.tactics(technique))

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Of all members, each once, the lead's first."""
        known: dict[tuple[str, str], Entity] = {}
        for member in self.members:
            for entity in member.entities:
                known.setdefault((entity.kind, entity.key[1]), entity)
        return tuple(known.values())

    @property
    def observed(self) -> tuple[datetime, datetime] | None:
        """The first and the last time of its events, None where none tells its time."""
        times = sorted(time for member in self.members if (time := instant(member.observed)))
        return (times[0], times[-1]) if times else None


def instant(text: str) -> datetime | None:
    """An aware time of the years in YEARS, or None for what is none."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo and read.year in YEARS else None


def in_order(when: str) -> float:
    """What times are sorted by, whatever zone they are told in; those that are none come first."""
    made = instant(when)
    return made.timestamp() if made else 0.0


def opened(store: Store, analyses: Iterable[Analysis], detect: Detect) -> Investigated:
    """The case of these analyses, each once. Raises UsageError for one that cannot be investigated."""
    wanted = {analysis.id: analysis for analysis in analyses}
    members = tuple(_member(store, analysis, detect) for analysis in wanted.values())
    techniques = techniques_of(members)
    hinted = tuple(each for each in _hinted(members) if each not in techniques)
    return Investigated(members, kinds_of(members), techniques, hinted)


def _member(store: Store, analysis: Analysis, detect: Detect) -> Member:
    short = analysis.id[:12]
    if analysis.remediation is not None:
        raise UsageError(f"{short} is advice; investigate what it is about: {analysis.remediation.about[:12]}")
    secrets = tuple(_secrets(analysis))
    if analysis.analyzer not in CAN_BE or (analysis.verdict is None and not secrets):
        what = (
            f"{short} is a {analysis.analyzer} of a {analysis.subject_kind.replace('_', ' ')} without verdict or secret"
        )
        able = "triaged alerts, log windows and e-mail can be investigated, and secrets that a scan found"
        raise UsageError(f"{what}; {able}")
    subject = store.find_subject(analysis.subject_id)
    kept = subject.kept if subject else None
    if subject is None or (kept is None and not secrets):
        raise UsageError(f"the input of {short} was purged; there is nothing left to investigate")
    signals = tuple(signal for signal in (detect(kept) if kept else ()) if signal.noteworthy)
    verdict, lines = analysis.verdict, kept.lines if kept else ()
    telling = {evidence.line for evidence in verdict.evidence} if verdict else set()
    telling |= {number for signal in signals for number in signal.lines}
    when = _observed(kept, telling, instant(analysis.created_at))
    return Member(analysis, subject, lines, (*secrets, *found(lines, telling)), signals, frozenset(telling), when)


def _observed(kept: Alert | LogWindow | Subject | None, telling: Collection[int], before: datetime | None) -> str:
    """The time of the record, or of the first line of a log that is cited and tells one, else of its first line that does.

    Times without a year are reckoned from the analysis.
    """
    if isinstance(kept, Alert):
        if when := kept.observed_at or observed_at(kept.fields, before):
            return when
        lines = [line for line in kept.lines if line.field.lower() in RAW]
    else:
        lines = list(kept.lines[:MOST_LINES]) if isinstance(kept, LogWindow) else []
    ordered = sorted(lines, key=lambda line: line.number not in telling)
    return next((when for line in ordered if (when := in_line(line.text, before))), "")


def _secrets(analysis: Analysis) -> Iterator[Entity]:
    """Of findings that are real or may be, by their masks and keyed hashes."""
    for finding in analysis.findings:
        if finding.secret and finding.kind is FindingKind.SECRET and finding.judgement in OPEN:
            place = finding.place
            yield Entity("secret", finding.secret.mask, (place.start_line,), finding.rule, True, finding.secret.hmac)


def techniques_of(members: Iterable[Member]) -> tuple[str, ...]:
    """Those that code proves, those of the verdicts, those that the alerts name."""
    named: dict[str, None] = {}
    for member in members:
        verdict, kept = member.analysis.verdict, member.subject.kept
        grave = [signal for signal in member.signals if signal.severity.rank >= Severity.MEDIUM.rank] or member.signals
        told = tuple(technique for signal in grave for technique in signal.techniques)
        told += (*(verdict.techniques if verdict else ()), *(kept.techniques[:8] if isinstance(kept, Alert) else ()))
        named |= dict.fromkeys(technique for technique in told if attack.exists(technique))
    return tuple(named)


def _hinted(members: Iterable[Member]) -> Iterator[str]:
    """The best candidates for each alert's title, which the sender's product gave it; mail is titled by the sender."""
    for member in members:
        kept = member.subject.kept
        if any(entity.kind == "changed" for entity in member.entities) and _made_account(member):
            yield "T1136"
        near = attack.suggest(kept.title, 3) if isinstance(kept, Alert) and kept.source != "eml" else []
        yield from (technique for technique, score in near if score >= NEAR and score == near[0][1])


def _made_account(member: Member) -> bool:
    return any(
        makes_account(line.text) or (line.text.strip() == "4720" and "event" in line.field.lower())
        for line in member.lines[:MOST_LINES]
    )


def kinds_of(members: Iterable[Member]) -> frozenset[str]:
    """What the inputs are, in the words of `secassist.knowledge.questions.INPUTS`."""
    kinds = set[str]()
    for member in members:
        fields = {line.field.lower() for line in member.lines}
        kinds |= {kind for kind, pattern in _BY_FIELD if any(map(pattern.search, fields))}
        text = "\n".join(f"{line.field} {line.text}" for line in member.lines)[:_LONGEST_TEXT]
        kinds |= {kind for kind, pattern in _BY_TEXT if pattern.search(text)}
        if any(entity.kind == "secret" for entity in member.entities):
            kinds.add("secret")
        if isinstance(member.subject.kept, LogWindow):
            kinds.add("log")
        elif _REFUSED.search(text):
            kinds.add("refused")
    return frozenset(kinds - {"process", "logon", "web"} if "mail" in kinds else kinds)
