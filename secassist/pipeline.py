"""The use cases: ingest what users have, analyze it, advise on it, report about it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from schemas import (
    Alert,
    Analysis,
    Case,
    CodeUnit,
    Disposition,
    Document,
    Judgement,
    LogWindow,
    State,
    Subject,
    canonical_json,
)
from secassist.analyzers.base import Analyzer, Driver
from secassist.analyzers.remediate import describe
from secassist.detectors.base import Candidate, Detector
from secassist.errors import DetectorError, SourceError
from secassist.redaction import redact_subject
from secassist.sources._choose import choose, walk
from secassist.sources.base import Limits, Rejected, Source
from secassist.store import Store

Progress = Callable[[int, int], None]
"""Called with the number of subjects done and the number known so far."""
BATCH = 16
"""Subjects analysed together."""


def _quiet(_done: int, _total: int) -> None:
    """Reports nothing."""


@dataclass
class Pipeline:
    """Everything wired; made by `bootstrap`. `secrets` finds what must be masked before anything is kept."""

    driver: Driver
    analyzers: Mapping[str, Analyzer]
    sources: Mapping[str, Source]
    secrets: Detector
    store: Store
    limits: Limits = field(default_factory=Limits)

    def read(self, paths: Iterable[Path], source: str | None = None) -> Iterator[Subject | Rejected]:
        """Every subject below the paths; what cannot be read is a Rejected, and the rest goes on."""
        for path in paths:
            for item in walk(path) if path.is_dir() else [path]:
                if isinstance(item, Rejected):
                    yield item
                else:
                    yield from self._read_file(item, source)

    def _read_file(self, path: Path, source: str | None) -> Iterator[Subject | Rejected]:
        try:
            self._refuse_large(path)
            reader = self.sources[source] if source else choose(path, self.sources)
            yield from reader.read(path, self.limits)
        except SourceError as error:
            yield Rejected(str(path), str(error))

    def _refuse_large(self, path: Path) -> None:
        size = path.stat().st_size if path.is_file() else 0
        if size > self.limits.file_bytes:
            least = -(-size // 2**20)
            raise SourceError(
                f"{size} bytes are more than is read at once; split it or set SECASSIST_FILE_MEGABYTES={least}"
            )

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
            return Rejected(item.origin, str(error))

    def conceal(self, subject: Subject) -> Subject:
        """The subject with every secret that code finds replaced by its type and mask.

        Raises SourceError when it cannot be searched: what could not be searched is not kept.
        """
        found = self._search(subject)
        return redact_subject(subject, found) if found else subject

    def _search(self, subject: Subject) -> list[Candidate]:
        try:
            return [c for c in self.secrets.detect(subject).candidates if not c.safe_hint]
        except DetectorError as error:
            raise SourceError(f"{subject.origin}: cannot be searched for secrets and is not kept: {error}") from error

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
            known = [self.store.find_analysis(self.driver.plan(chosen, s, language).id) for s in part]
            fresh = [s for s, analysis in zip(part, known, strict=True) if analysis is None]
            made = {a.subject_id: a for a in self.driver.analyze(chosen, _distinct(fresh), language)} if fresh else {}
            for subject, analysis in zip(part, known, strict=True):
                found = analysis or self._keep(subject, made[subject.id])
                yield found.model_copy(update={"origin": subject.origin})
            progress(min(start + BATCH, len(subjects)), len(subjects))

    def _keep(self, subject: Subject, analysis: Analysis) -> Analysis:
        self.store.add_subject(subject, kept=self.conceal(subject))
        return self.store.add_analysis(analysis)

    def advise(self, analyses: Sequence[Analysis], language: str = "en") -> Iterator[Analysis]:
        """A remediation for each analysis that found something to act on."""
        contexts = [context for context in map(_advice_context, analyses) if context]
        documents = [_as_document(context, "remediate") for context in contexts]
        yield from self._with_contexts("remediate", documents, contexts, language)

    def report(self, since: datetime, until: datetime, title: str, language: str = "en", limit: int = 200) -> Analysis:
        """A stored report about everything analysed in [since, until)."""
        facts = self.store.facts(since, until)
        context = {"facts": facts.model_dump(mode="json"), "title": title}
        document = _as_document(context, "report")
        made = next(self._with_contexts("report", [document], [context], language))
        if made.report is None:
            return made
        cases = self._with_advice(self.store.cases(since, until, limit))
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


def suited(subject: Subject) -> tuple[str, ...]:
    """The analyzers that a scan runs on a subject."""
    if isinstance(subject, Alert | LogWindow):
        return ("triage",)
    return ("review", "sensitive") if isinstance(subject, CodeUnit) else ("sensitive",)


def to_act_on(analysis: Analysis) -> bool:
    """Whether an analysis asks somebody to do something."""
    bad = analysis.verdict is not None and analysis.verdict.disposition.is_bad
    return bad or any(finding.judgement is Judgement.REAL for finding in analysis.findings)


def _distinct(subjects: Sequence[Subject]) -> list[Subject]:
    return list({subject.id: subject for subject in subjects}.values())


def _as_document(context: Mapping[str, Any], name: str) -> Document:
    title = str(context.get("title", ""))
    return Document(source=name, origin=str(context.get("about", "")), title=title, body=canonical_json(dict(context)))


def _advice_context(analysis: Analysis) -> dict[str, Any] | None:
    """What the remediation question needs to know of an analysis, or None when there is nothing to act on."""
    if analysis.state not in (State.OK, State.UNFIT) or not to_act_on(analysis):
        return None
    real = [finding for finding in analysis.findings if finding.judgement is Judgement.REAL]
    worst = max(real, key=lambda f: (f.severity.rank, f.confidence), default=None)
    verdict = analysis.verdict
    if worst is not None:
        text = describe(f"{worst.kind}", str(worst.severity), (), f"{worst.cwe} {worst.rule}".strip(), worst.message)
        return _context(analysis, text, [], [worst.cwe] if worst.cwe else [], [_kind_word(worst.kind.value)])
    if verdict is None or verdict.disposition is Disposition.NOT_EVALUABLE:
        return None
    text = describe(str(verdict.disposition), str(verdict.severity), verdict.techniques, "", verdict.rationale)
    return _context(analysis, text, list(verdict.techniques), [], _kinds(analysis))


def _context(analysis: Analysis, text: str, techniques: list[str], cwe: list[str], kinds: list[str]) -> dict[str, Any]:
    return {
        "about": analysis.id,
        "title": analysis.title,
        "finding": text,
        "techniques": techniques,
        "cwe": cwe,
        "kinds": kinds,
    }


def _kind_word(kind: str) -> str:
    return "code" if kind == "weakness" else kind


def _kinds(analysis: Analysis) -> list[str]:
    """Playbook words for where an alert comes from, by its source and title."""
    text = f"{analysis.origin} {analysis.title}".lower()
    words = {
        "mail": (".eml", "mail", "phish"),
        "web": ("http", "web", "access"),
        "cloud": ("cloudtrail", "aws", "azure", "gcp", "okta"),
        "linux": ("ssh", "auth", "sudo", "linux"),
        "windows": ("windows", "powershell", "sysmon", "evtx"),
    }
    found = [kind for kind, hints in words.items() if any(hint in text for hint in hints)]
    return found or ["endpoint"]
