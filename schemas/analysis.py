"""Analysis: the record of one run, with the digest of everything that shaped its outcome."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from schemas.citation import CitedAnswer
from schemas.finding import Finding
from schemas.noun import Noun, digest
from schemas.remediation import Remediation
from schemas.report import Report
from schemas.subject import SubjectKind
from schemas.verdict import Verdict

WITHOUT_MODEL = "rules"
"""The name that a lineage gives instead of a model's where none was asked."""


class State(StrEnum):
    """How a run ended; only OK carries an outcome that was validated. None of the others ever means harmless."""

    OK = "ok"
    QUARANTINED = "quarantined"
    TRUNCATED = "truncated"
    REFUSED = "refused"
    UNFIT = "unfit"
    FAILED = "failed"


class Omission(Noun):
    """What was not shown to the model and by which rule; `lines` are 1-based line numbers as "from-to"."""

    rule: str
    lines: str
    detail: str = ""


class Timings(Noun):
    """Seconds spent; not part of the outcome and never compared."""

    detect: float = 0.0
    model: float = 0.0
    total: float = 0.0


class Lineage(Noun):
    """Everything that the outcome depends on, by digest; two runs with equal lineage give equal outcomes.

    `code` is the version of secassist, for what shapes a prompt or an outcome without being a file of its own.
    """

    template: str
    template_digest: str
    output_schema: str
    schema_digest: str
    model: str
    model_digest: str
    adapter: str = ""
    adapter_digest: str = ""
    decoding_digest: str = ""
    detectors_digest: str = ""
    code: str = ""


class Analysis(Noun):
    """One run. `id` is the digest of subject, analyzer, lineage and language, so the same run is the same row.

    `derived_from` is the id of the analysis whose verdict was carried over, because its subject differs from this one in
    nothing but time and numbering; "" where this one was judged itself.
    """

    id: str = ""
    analyzer: str
    subject_id: str
    subject_kind: SubjectKind
    origin: str = ""
    title: str = ""
    language: str = "en"
    lineage: Lineage
    state: State
    verdict: Verdict | None = None
    findings: tuple[Finding, ...] = ()
    remediation: Remediation | None = None
    report: Report | None = None
    answer: CitedAnswer | None = None
    omitted: tuple[Omission, ...] = ()
    raw: str = Field(default="", description="The model's text, kept only when it was quarantined, and redacted.")
    error: str = ""
    created_at: str = ""
    derived_from: str = ""
    timings: Timings = Timings()

    @model_validator(mode="after")
    def _identify(self) -> Self:
        key = [self.subject_id, self.analyzer, self.language, self.lineage.model_dump(mode="json")]
        object.__setattr__(self, "id", digest(key))
        return self
