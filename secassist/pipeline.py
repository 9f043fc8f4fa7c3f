"""The use cases: ingest what users have, analyze it, advise on it, report about it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from schemas import (
    Alert,
    Analysis,
    Case,
    CodeUnit,
    Document,
    Floor,
    Judgement,
    LogWindow,
    Subject,
    canonical_json,
    digest,
)
from secassist import correcting
from secassist.analyzers import review
from secassist.analyzers._advising import advice_context
from secassist.analyzers._asking.gathering import gathered
from secassist.analyzers.base import Analyzer, Driver, Evidenced
from secassist.errors import SourceError
from secassist.likeness.answering import Answers
from secassist.masking import Concealer, Redactor, keyed
from secassist.sources._bytes import shown
from secassist.sources._choose import read_file, walk
from secassist.sources.base import Limits, Rejected, Skipped, Source
from secassist.store import SealedValue, Store, fingerprint
from secassist.vault import Sealer

Progress = Callable[[int, int], None]
"""Called with the number of subjects done and the number known so far."""
BATCH = 16
"""Subjects analysed together."""
CARRIED = frozenset({"triage"})
"""Analyzers whose outcome is a verdict with quotes and nothing else, so that it can be carried over."""


def _quiet(_done: int, _total: int) -> None:
    """Reports nothing."""


def _wanted(_file: Path, _folder: Path) -> str:
    """Leaves nothing out."""
    return ""


@dataclass
class Pipeline:
    """Everything wired; made by `bootstrap`. `concealer` masks what must not be kept.

    `sealer` is there when found values are to be kept sealed. `answers` carries verdicts over to like subjects for
    `answer`, and with `reuse` for `analyze` too.
    """

    driver: Driver
    analyzers: Mapping[str, Analyzer]
    sources: Mapping[str, Source]
    concealer: Concealer
    store: Store
    limits: Limits = field(default_factory=Limits)
    sealer: Sealer | None = None
    answers: Answers | None = None
    reuse: bool = False

    @property
    def redactor(self) -> Redactor:
        """Masks texts that are no subject."""
        return self.concealer.redactor

    def read(
        self, paths: Iterable[Path], source: str | None = None, unwanted: Callable[[Path, Path], str] = _wanted
    ) -> Iterator[Subject | Rejected]:
        """Every subject below the paths; what cannot be read is a Rejected, and the rest goes on.

        `unwanted` says of a file and the folder that was named why it is left out, or "".
        """
        for path in paths:
            for item in walk(path) if path.is_dir() else [path]:
                if isinstance(item, Rejected):
                    yield self._told(item)
                elif path.is_dir() and (reason := unwanted(item, path)):
                    yield self._told(Skipped(shown(item), reason))
                else:
                    yield from map(self._told, read_file(item, self.sources, self.limits, source or ""))

    def _told(self, item: Subject | Rejected) -> Subject | Rejected:
        """Reasons and places are talked about, so they may not quote a secret."""
        path, sign, line = item.origin.rpartition(":")
        known = line.replace("#", "", 1).isdigit() and path != ""
        origin = self._clean(path) + sign + line if known else self._clean(item.origin)
        if isinstance(item, Rejected):
            return replace(item, origin=origin, reason=self.redactor(item.reason))
        return item if origin == item.origin else item.model_copy(update={"origin": origin})

    @cached_property
    def _clean(self) -> Callable[[str], str]:
        """The redactor for names of files, of which each comes with every line of it."""
        return lru_cache(maxsize=256)(self.redactor)

    def ingest(self, items: Iterable[Subject | Rejected]) -> Iterator[Subject | Rejected]:
        """Stores each subject (its secrets masked) and each rejection once, and hands them on as they were read."""
        for item in items:
            kept = self._kept(item)
            if isinstance(kept, Rejected):
                self.store.add_rejection(kept.origin, kept.reason)
                yield kept
            else:
                self.store.add_subject(kept)
                yield item

    def _kept(self, item: Subject | Rejected) -> Subject | Rejected:
        try:
            return item if isinstance(item, Rejected) else self.conceal(item)
        except SourceError as error:
            return Rejected(self.redactor(item.origin), self.redactor(str(error)))

    def conceal(self, subject: Subject) -> Subject:
        """The subject without what must not be kept; raises SourceError when it cannot be searched for that."""
        return self.concealer.conceal(subject)

    def judge(self, analyzer: str, subjects: Sequence[Subject], language: str = "en") -> list[Analysis]:
        """Analyses without storing anything: what evaluation runs, by the same calls that `analyze` makes."""
        return self.driver.analyze(self.analyzers[analyzer], self._prepared(analyzer, subjects), language)

    def _prepared(self, analyzer: str, subjects: Sequence[Subject]) -> list[Subject]:
        """What an analyzer gets to see: only the search for secrets sees secrets."""
        return list(subjects) if analyzer == "sensitive" else [self.conceal(subject) for subject in subjects]

    def analyze(
        self, analyzer: str, subjects: Sequence[Subject], language: str = "en", progress: Progress = _quiet
    ) -> Iterator[Analysis]:
        """One stored Analysis per subject, in order; one that was made before under the same lineage is not made again."""
        chosen = self.analyzers[analyzer]
        for start in range(0, len(subjects), BATCH):
            part = self._prepared(analyzer, subjects[start : start + BATCH])
            ids = [self.kept_as(analyzer, subject) for subject in part]
            kept = [s.model_copy(update={"id": id_}) for s, id_ in zip(part, ids, strict=True)]
            known = [self.store.find_analysis(self.driver.plan(chosen, s, language).id) for s in kept]
            fresh = [s for s, analysis in zip(part, known, strict=True) if analysis is None]
            make = self._answered if self.reuse else self._made
            made = {a.subject_id: a for a in make(chosen, _distinct(fresh), language)} if fresh else {}
            for subject, id_, analysis in zip(part, ids, known, strict=True):
                found = analysis or self._keep(subject, id_, made[subject.id])
                self._seal(subject, found)
                yield found.model_copy(update={"origin": self._clean(subject.origin)})
            progress(min(start + BATCH, len(subjects)), len(subjects))

    def answer(
        self, analyzer: str, subjects: Sequence[Subject], language: str = "en", *, concealed: bool = False
    ) -> list[Analysis]:
        """One Analysis per subject, in order, of which none is stored; like subjects share an answer if `answers` is set.

        `concealed` says that they come from `conceal` or the store, and need not be searched for secrets again.
        """
        prepared = subjects if concealed else self._prepared(analyzer, subjects)
        return self._answered(self.analyzers[analyzer], prepared, language)

    def _answered(self, chosen: Analyzer, subjects: Sequence[Subject], language: str) -> list[Analysis]:
        """New analyses: derived where a verdict about a like subject is kept, made by the model where none is.

        Detectors look at each subject once: the same findings decide whether a verdict fits and stand in a question.
        """
        if self.answers is None or chosen.name not in CARRIED:
            return self._made(chosen, subjects, language)
        lineage = self.driver.lineage(chosen, self.driver.tools(chosen))
        with self.concealer.scrubbing(subjects):
            found = {s.id: self.driver.detect(chosen, s, language) for s in _distinct(subjects)}
            return self.answers.answer(
                subjects,
                plan=lambda subject: self.driver.plan(chosen, subject, language, lineage),
                facts=lambda subject: proved(found[subject.id]),
                ask=lambda part: self.driver.conclude(chosen, [found[subject.id] for subject in part]),
            )

    def _made(self, chosen: Analyzer, subjects: Sequence[Subject], language: str) -> list[Analysis]:
        """New analyses, all by the model."""
        with self.concealer.scrubbing(subjects):
            return self.driver.analyze(chosen, subjects, language)

    def kept_as(self, analyzer: str, subject: Subject) -> str:
        """The id under which a subject is stored with an analysis.

        A keyed one where the search for secrets saw what is not stored: of a plain digest anybody who has the database
        could try short values until it fits.
        """
        hides = analyzer == "sensitive" and (isinstance(subject, Document) or self.concealer.finds_something(subject))
        return keyed(f"subject {subject.id}", self.driver.key) if hides else subject.id

    def _keep(self, subject: Subject, id_: str, analysis: Analysis) -> Analysis:
        self.store.add_subject(subject.model_copy(update={"id": id_}), kept=self.conceal(subject))
        return self.store.add_analysis(self.fit_to_keep(subject, id_, analysis))

    def fit_to_keep(self, subject: Subject, id_: str, analysis: Analysis) -> Analysis:
        """An analysis from `answer` under the id that its subject is stored by, without what stood encoded in that."""
        return _about(id_, self.concealer.cover(subject, analysis))

    def _seal(self, subject: Subject, analysis: Analysis) -> None:
        """Keeps the values behind an analysis sealed, where that was asked for."""
        if self.sealer is not None:
            self.store.vault.add(self.sealed(subject, analysis))

    def sealed(self, subject: Subject, analysis: Analysis) -> tuple[SealedValue, ...]:
        """The values behind the findings of an analysis, as it is stored; none where nothing is kept sealed."""
        if self.sealer is None:
            return ()
        values = [(n, f, self.concealer.value(subject, f)) for n, f in enumerate(analysis.findings)]
        return tuple(
            SealedValue(analysis.id, number, fingerprint(f), *self.sealer.seal(value, fingerprint(f)))
            for number, f, value in values
            if value
        )

    def advise(self, analyses: Sequence[Analysis], language: str = "en") -> Iterator[Analysis]:
        """A remediation for each analysis that found something to act on."""
        contexts = [context for context in map(advice_context, filter(to_act_on, analyses)) if context]
        documents = [_as_document(context, "remediate") for context in contexts]
        yield from self._with_contexts("remediate", documents, contexts, language)

    def ask(
        self, question: str, documents: Sequence[Subject], top: int = 3, language: str = "en", refused: str = ""
    ) -> Analysis:
        """A stored answer made of sentences of these documents; `refused` says why none is given.

        The model chooses them where one was made for it, be it an adapter or a server's; else the ranker does.
        """
        asked = self.redactor(question)
        found = (
            {"candidates": [], "chosen": [], "documents": 0, "abroad": 0}
            if refused
            else gathered(asked, documents, self.conceal, top)
        )
        backend = self.driver.backend
        model = backend.name == "server" or not backend.wants_examples("ask")
        context = {"title": asked, "about": "", "top": top, "model": model, "refused": refused, **found}
        return next(self._with_contexts("ask", [_as_document(context, "ask")], [context], language))

    def report(self, since: datetime, until: datetime, title: str, language: str = "en", limit: int = 200) -> Analysis:
        """A stored report about everything analysed in [since, until)."""
        facts = self.store.facts(since, until)
        context = {"facts": facts.model_dump(mode="json"), "title": title}
        document = _as_document(context, "report")
        made = next(self._with_contexts("report", [document], [context], language))
        if made.report is None:
            return made
        cases = self._with_advice(self.store.cases(since, until, limit))
        cases = correcting.held_cases(cases, language, correcting.corrections(self.store))
        return made.model_copy(update={"report": made.report.model_copy(update={"cases": cases})})

    def _with_advice(self, cases: Sequence[Case]) -> tuple[Case, ...]:
        """The cases with the remediation that was stored about each, if any."""
        stored = (analysis.remediation for analysis in self.store.analyses(analyzer="remediate"))
        advice = {found.about: found for found in stored if found}
        return tuple(c.model_copy(update={"remediation": advice.get(c.analysis_id)}) for c in cases)

    def _with_contexts(
        self, analyzer: str, documents: Sequence[Document], contexts: Sequence[Mapping[str, Any]], language: str
    ) -> Iterator[Analysis]:
        chosen = self.analyzers[analyzer]
        for document, context in zip(documents, contexts, strict=True):
            known = self.store.find_analysis(self.driver.plan(chosen, document, language).id)
            if known is None:
                self.store.add_subject(document)
                known = self.store.add_analysis(self.driver.analyze(chosen, [document], language, [context])[0])
            yield known


def proved(item: Evidenced) -> str:
    """A digest of what code found out about a subject: rules, lines, floors, techniques, what stood encoded."""
    signals = [
        [s.rule, s.severity, list(s.lines), list(s.techniques), s.cwe, s.decoded, s.noteworthy, _least(s.floor)]
        for s in item.signals
    ]
    return digest([signals, [[c.rule, c.place.start_line] for c in item.candidates], list(item.failures)])


def _least(floor: Floor | None) -> list[str]:
    return [floor.disposition, floor.severity, floor.by] if floor else []


def _about(id_: str, analysis: Analysis) -> Analysis:
    """The analysis under another id of its subject, from which its own follows."""
    if analysis.subject_id == id_:
        return analysis
    values = {name: getattr(analysis, name) for name in Analysis.model_fields if name != "id"}
    return Analysis(**{**values, "subject_id": id_})


def suited(subject: Subject) -> tuple[str, ...]:
    """The analyzers that a subject is meant for."""
    if isinstance(subject, Alert | LogWindow):
        return ("triage",)
    return ("review", "sensitive") if isinstance(subject, CodeUnit) and review.is_program(subject) else ("sensitive",)


def to_act_on(analysis: Analysis) -> bool:
    """Whether an analysis asks somebody to do something."""
    bad = analysis.verdict is not None and analysis.verdict.disposition.is_bad
    return bad or any(finding.judgement is Judgement.REAL for finding in analysis.findings)


def _distinct(subjects: Sequence[Subject]) -> list[Subject]:
    return list({subject.id: subject for subject in subjects}.values())


def _as_document(context: Mapping[str, Any], name: str) -> Document:
    title = str(context.get("title", ""))
    return Document(source=name, origin=str(context.get("about", "")), title=title, body=canonical_json(dict(context)))
