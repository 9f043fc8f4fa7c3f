"""The use case: pieces in, findings out; what is known is looked up, what is new is read, judged and remembered."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Protocol

from schemas import Analysis, CodeUnit, Finding, Silence, State, Subject
from secassist.analyzers import review
from secassist.analyzers.base import Analyzer, Driver
from secassist.detectors.base import Detection
from secassist.errors import DetectorError, SourceError
from secassist.masking import Redactor
from secassist.masking.texts import Hidden
from secassist.scanning.baseline import counts, key_of
from secassist.scanning.detecting import Read, Readers, Wanted
from secassist.scanning.index import Entry, Index, Kept
from secassist.scanning.once import told_once
from secassist.scanning.pieces import Commits, Piece, Scope, digest_of
from secassist.sources.base import Limits, Rejected
from secassist.store import Gathering

ANALYZERS = ("review", "sensitive")
TOGETHER = "semgrep"
"""Takes seconds to start, so it is asked about whole batches, which are larger then."""
_LARGE_BATCH = 384
_BATCH = 48
"""Pieces judged and saved together; what an interruption loses."""
_LOOKED_UP = 512
"""Pieces looked up in index and store together."""
Progress = Callable[[int, int], None]
"""Called with pieces done and bytes read since the last call."""


class Judge(Protocol):
    """What is needed of a pipeline."""

    driver: Driver
    limits: Limits

    @property
    def analyzers(self) -> Mapping[str, Analyzer]: ...
    @property
    def redactor(self) -> Redactor: ...
    def conceal(self, subject: Subject) -> Subject: ...
    def analyze(self, analyzer: str, subjects: Sequence[Subject], language: str = "en") -> Iterator[Analysis]: ...


@dataclass(frozen=True)
class Noted:
    """A finding with what a baseline needs to recognise it: the absolute path of its file, and its key."""

    finding: Finding
    path: str
    key: str


@dataclass
class Outcome:
    """What is to be told of one piece; analyses that found nothing are counted, not held.

    `silenced` are findings that comments in the code answer for, each analysis with those of it.
    `faults` are comments without effect whatever was found, `idle` those that cover nothing of it.
    """

    number: int
    analyses: list[tuple[Analysis, list[Noted]]] = field(default_factory=list)
    quiet: int = 0
    left: tuple[Rejected, ...] = ()
    silenced: list[Analysis] = field(default_factory=list)
    faults: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    reused: bool = False


@dataclass
class Scan:
    """One scan. `store` is what the judge writes to.

    `redactor` makes, in a worker, what conceals texts; it has to be a function of a module.
    `together` is how the detector TOGETHER looks at many texts in one go.
    `everything` holds analyses that found nothing too; `today` decides which suppressions have expired.
    `sealing` says that found values are kept sealed: what was scanned while they were not is read again.
    """

    judge: Judge
    store: Gathering
    index: Index
    redactor: Callable[[], Redactor]
    analyzers: Sequence[str] = ANALYZERS
    language: str = "en"
    jobs: int = 1
    everything: bool = False
    today: date = field(default_factory=date.today)
    together: Callable[[Sequence[Subject]], Mapping[str, Detection]] | None = None
    sealing: bool = False

    def run(self, scope: Scope, progress: Progress = lambda _done, _bytes: None) -> Iterator[Outcome]:
        """An outcome per piece, known ones first; `number` is the piece's place in the scope."""
        lineage, fresh = self._lineage(), list[tuple[int, Piece]]()
        numbered = iter(enumerate(scope.pieces))
        while part := list(islice(numbered, _LOOKED_UP)):
            entries = [self.index.find(piece.key, piece.stamp, lineage) for _, piece in part]
            stored = self._stored(filter(None, entries))
            told = list[tuple[Piece, Entry]]()
            for (number, piece), entry in zip(part, entries, strict=True):
                known = entry and self._recalled(number, piece, entry, stored)
                if entry and known:
                    told.append((piece, entry))
                    progress(1, piece.task.size)
                    yield known
                else:
                    digest = self.index.digest(piece.key, lineage)
                    fresh.append((number, replace(piece, task=replace(piece.task, known=digest))))
            self._settle(told)
        if fresh:
            yield from self._judged(scope, fresh, lineage, progress)

    def _lineage(self) -> str:
        """All that an outcome depends on beside the piece itself; the working directory shapes the paths that are shown."""
        driver = self.judge.driver
        lines = (driver.lineage(chosen, driver.tools(chosen)).model_dump_json() for chosen in self._chosen())
        more = ["sealing"] if self.sealing else []  # nothing, so that all that was scanned without it stays known
        return digest_of([*self.analyzers, *lines, self.language, repr(self.judge.limits), os.getcwd(), *more])  # noqa: PTH109

    def _chosen(self) -> list[Analyzer]:
        return [self.judge.analyzers[name] for name in self.analyzers]

    def _judged(
        self, scope: Scope, fresh: list[tuple[int, Piece]], lineage: str, progress: Progress
    ) -> Iterator[Outcome]:
        names = {name for chosen in self._chosen() for name in chosen.detectors} & self.judge.driver.detectors.keys()
        asked = tuple(sorted(names | {"personal_data", "secrets"}))
        wanted = Wanted(asked, self.judge.limits, self.redactor, self.judge.driver.key)
        numbers = [number for number, _ in fresh]
        with Readers(wanted, self.jobs, len(fresh)) as readers:
            pieces, twins = _twice(_opened(scope, [piece for _, piece in fresh]))
            reads = readers.read(piece.task for piece in pieces)
            together = zip(numbers, twins, reads, strict=True)
            while batch := _some(together, _LARGE_BATCH if self.together else _BATCH):
                yield from self._batch(batch, lineage, readers)
                progress(len(batch), sum(piece.task.size for _, piece, _ in batch))

    def _batch(self, batch: Sequence[tuple[int, Piece, Read]], lineage: str, readers: Readers) -> Iterator[Outcome]:
        rows, outcomes, told = [], list[Outcome](), list[tuple[Piece, Entry]]()
        todo = list[tuple[int, Piece, Read]]()
        entries = [
            self.index.find_by_digest(piece.key, read.digest, lineage) if read.known else None
            for _, piece, read in batch
        ]
        stored = self._stored(filter(None, entries))
        for (number, piece, read), entry in zip(batch, entries, strict=True):
            known = entry and self._recalled(number, piece, entry, stored)
            if entry and known:
                rows.append((piece.key, piece.stamp, read.digest, lineage, entry))
                outcomes.append(known)
                told.append((piece, entry))
            else:  # where the store has forgotten what the index knows, all is to be done again
                again = readers.read([replace(piece.task, known="")]) if read.known else iter([read])
                todo.append((number, piece, next(again)))
        for (number, piece, read), (analyses, more) in zip(todo, self._analyzed([r for *_, r in todo]), strict=True):
            left = (*(item for item in read.items if isinstance(item, Rejected)), *more)
            kept = tuple(_kept(analysis, subject) for analysis, subject in analyses)
            entry = Entry(kept, left, read.suppressions)
            whole = all(analysis.state in (State.OK, State.UNFIT) for analysis, _ in analyses) and not more
            if whole:  # what failed is tried again
                rows.append((piece.key, piece.stamp, read.digest, lineage, entry))
            outcomes.append(self._outcome(number, piece, entry, [analysis for analysis, _ in analyses]))
            told.append((piece, entry))
        self.store.flush()
        self._settle(told)
        self.index.save(rows)  # never ahead of the store: it names analyses that are there
        yield from outcomes

    def _settle(self, told: Sequence[tuple[Piece, Entry]]) -> None:
        """What was stored of other contents of these files is history; commits are events, and stay as they are."""
        files = [(piece, entry) for piece, entry in told if not piece.key.startswith("commit:")]
        for whole in (True, False):
            read = {
                digest_of([piece.where]): [kept.id for kept in entry.kept]
                for piece, entry in files
                if whole is not piece.key.startswith("blob:")
            }
            if read:
                self.store.settle(read, self.analyzers, whole=whole)

    def _analyzed(self, reads: Sequence[Read]) -> list[tuple[list[tuple[Analysis, Subject]], list[Rejected]]]:
        """Per read its analyses with their subjects, and what could not be judged."""
        for read in reads:
            for name, id_, said in read.answers:
                learn = getattr(self.judge.driver.detectors.get(name), "learn", None)
                if learn:
                    learn(id_, said)
            texts = {item.id: item.text for item in read.items if not isinstance(item, Rejected)}
            for id_, hidden in read.hidden:
                self._recall(texts[id_], hidden)
        self._look_together(reads)
        found: list[tuple[list[tuple[Analysis, Subject]], list[Rejected]]] = [([], []) for _ in reads]
        for analyzer in self.analyzers:
            asked = [(at, item) for at, read in enumerate(reads) for item in read.items if _suits(analyzer, item)]
            subjects = [item for _, item in asked if not isinstance(item, Rejected)]
            for (at, _), subject, made in zip(asked, subjects, self._each(analyzer, subjects), strict=True):
                if isinstance(made, Rejected):
                    found[at][1].append(made)
                else:
                    found[at][0].append((made, subject))
        return found

    def _look_together(self, reads: Sequence[Read]) -> None:
        """Asks the detector that looks at many texts at once about all code, covered as a reviewer will see it."""
        learn = getattr(self.judge.driver.detectors.get(TOGETHER), "learn", None)
        if learn is None or not self.together or "review" not in self.analyzers:
            return
        code = [item for read in reads for item in read.items if isinstance(item, CodeUnit) and _suits("review", item)]
        try:
            for id_, said in self.together([self.judge.conceal(unit) for unit in code]).items():
                learn(id_, said)
        except (SourceError, DetectorError):  # whoever judges asks again, one by one, and says so
            return

    def _recall(self, text: str, hidden: list[Hidden]) -> None:
        """Hands the judge what a worker found hidden in a text."""
        learn = getattr(self.judge.redactor, "learn", None)
        if learn:
            learn(text, hidden)

    def _each(self, analyzer: str, subjects: Sequence[Subject]) -> Iterator[Analysis | Rejected]:
        """All at once; one by one where one of them cannot be searched for secrets, which is then left out."""
        try:
            yield from list(self.judge.analyze(analyzer, subjects, self.language))
        except SourceError:
            for subject in subjects:
                try:
                    yield from list(self.judge.analyze(analyzer, [subject], self.language))
                except SourceError as error:
                    yield Rejected(subject.origin, str(error))

    def _wanted(self, entry: Entry) -> list[Kept]:
        """Of an entry what is to be told; the rest is only counted."""
        return [kept for kept in entry.kept if kept.noteworthy or self.everything]

    def _stored(self, entries: Iterable[Entry]) -> Mapping[str, Analysis]:
        """The analyses of several entries in one go."""
        ids = [kept.id for entry in entries for kept in self._wanted(entry)]
        return self.store.find_analyses(ids) if ids else {}

    def _recalled(self, number: int, piece: Piece, entry: Entry, stored: Mapping[str, Analysis]) -> Outcome | None:
        """The outcome of last time, or None where the store has forgotten part of it."""
        wanted = self._wanted(entry)
        if any(kept.id not in stored for kept in wanted):
            return None
        analyses = [stored[kept.id].model_copy(update={"origin": kept.origin}) for kept in wanted]
        outcome = self._outcome(number, piece, Entry(tuple(wanted), entry.left, entry.suppressions), analyses)
        outcome.quiet += len(entry.kept) - len(wanted)
        outcome.reused = True
        return outcome

    def _outcome(self, number: int, piece: Piece, entry: Entry, analyses: Sequence[Analysis]) -> Outcome:
        """Findings in lines of the file, less those that are suppressed or not asked about."""
        outcome = Outcome(number, left=entry.left)
        faults = [(each, each.fault(self.today)) for each in entry.suppressions]
        active = [each for each, fault in faults if not fault]
        outcome.faults = tuple(f"{piece.name}:{each.line}: suppression {fault}" for each, fault in faults if fault)
        placed = [
            [in_file(finding, kept.first, analysis.analyzer) for finding in analysis.findings]
            for analysis, kept in zip(analyses, entry.kept, strict=True)
        ]
        seen = [finding for findings in placed for finding in findings]
        for analysis, kept, findings in zip(analyses, entry.kept, told_once(placed), strict=True):
            noted, silenced = list[Noted](), list[Finding]()
            for finding, key in zip(findings, kept.keys or [""] * len(findings), strict=True):
                if finding is None or not _asked(finding, piece.lines):
                    continue
                comment = next((each for each in active if each.covers(finding)), None)
                if comment is not None:
                    why = Silence(line=comment.line, reason=comment.reason)
                    silenced.append(finding.model_copy(update={"silenced": why}))
                else:
                    noted.append(Noted(finding, _place(piece, finding), key))
            if silenced:
                outcome.silenced.append(analysis.model_copy(update={"findings": tuple(silenced), "verdict": None}))
            if kept.noteworthy or self.everything:
                told = with_findings(analysis, noted)
                if self.everything or _says_something(told):
                    outcome.analyses.append((told, noted))
                    continue
            outcome.quiet += 1
        if active and self._saw_all(piece, entry, analyses):
            idle = [(each.line, each.idle(seen)) for each in active]
            outcome.idle = tuple(f"{piece.name}:{line}: suppression {why}" for line, why in idle if why)
        return outcome

    def _saw_all(self, piece: Piece, entry: Entry, analyses: Sequence[Analysis]) -> bool:
        """Whether a finding that is not there would be, so that a comment about it can be called idle."""
        settled = all(analysis.state in (State.OK, State.UNFIT) and not analysis.error for analysis in analyses)
        return piece.lines is None and not entry.left and settled and set(self.analyzers) == set(ANALYZERS)


def with_findings(analysis: Analysis, noted: Sequence[Noted]) -> Analysis:
    """The analysis with these findings only; its verdict goes where it may rest on one that went."""
    findings = tuple(each.finding for each in noted)
    verdict = analysis.verdict if len(findings) == len(analysis.findings) else None
    return analysis.model_copy(update={"findings": findings, "verdict": verdict})


def in_file(finding: Finding, first: int, analyzer: str) -> Finding:
    """The finding at its line in the file, where a subject begins at line `first` and the analyzer counted from 1.

    Analyses of old did; those of today name lines of the file already.
    """
    place, cited = finding.place, finding.evidence[0].line if finding.evidence else 0
    if first == 1 or analyzer != "sensitive" or place.start_line != cited:
        return finding
    moved = {"start_line": place.start_line + first - 1, "end_line": place.end_line + first - 1}
    return finding.model_copy(update={"place": place.model_copy(update=moved)})


def _opened(scope: Scope, fresh: Sequence[Piece]) -> Iterable[Piece]:
    """The fresh pieces with what they hold; commits are read only now."""
    if isinstance(scope.pieces, Commits):
        return scope.pieces.unread([piece.stamp for piece in fresh]) if fresh else ()
    return fresh


def _some(together: Iterator[tuple[int, Piece, Read]], most: int) -> list[tuple[int, Piece, Read]]:
    """The next batch; pieces that hold nothing to judge cost little, and more of them go together."""
    batch, full = list[tuple[int, Piece, Read]](), 0
    for each in together:
        batch.append(each)
        full += any(not isinstance(item, Rejected) for item in each[2].items)
        if full >= most or len(batch) >= _LOOKED_UP:
            break
    return batch


def _twice(pieces: Iterable[Piece]) -> tuple[Iterator[Piece], Iterator[Piece]]:
    """Two readers of one stream; what lies between them is a few chunks of tasks."""
    from itertools import tee

    first, second = tee(pieces)
    return first, second


def _suits(analyzer: str, item: Subject | Rejected) -> bool:
    if isinstance(item, Rejected):
        return False
    if analyzer == "review":
        return isinstance(item, CodeUnit) and review.is_program(item)
    return True


def _says_something(analysis: Analysis) -> bool:
    bad = analysis.verdict is not None and analysis.verdict.disposition.is_bad
    return bool(analysis.findings) or bad or analysis.state not in (State.OK, State.UNFIT) or bool(analysis.error)


def _kept(analysis: Analysis, subject: Subject) -> Kept:
    first = subject.start_line if isinstance(subject, CodeUnit) else 1
    text = subject.text  # once: of some subjects it is made anew each time
    keys = tuple(key_of(finding, text) if counts(finding) else "" for finding in analysis.findings)
    return Kept(analysis.id, analysis.origin, first, keys, _says_something(analysis))


def _asked(finding: Finding, lines: Sequence[tuple[int, int]] | None) -> bool:
    place = finding.place
    return lines is None or any(first <= place.end_line and place.start_line <= last for first, last in lines)


def _place(piece: Piece, finding: Finding) -> str:
    """The absolute path of a finding's file, with the member's name where it stands in an archive."""
    if piece.key.startswith("commit:"):
        return str(Path(piece.where) / finding.place.path)
    _, mark, member = finding.place.path.partition("!")
    return f"{piece.where}{mark}{member}"
