"""The nouns of secassist: frozen values that every other room speaks in; they import nothing of ours."""

from schemas.analysis import WITHOUT_MODEL, Analysis, Lineage, Omission, State, Timings
from schemas.citation import Citation, CitedAnswer
from schemas.evidence import Confidence, Evidence, Severity
from schemas.finding import Check, Finding, FindingKind, Fix, Judgement, Place, SecretTrace, Silence
from schemas.noun import Noun, canonical_json, digest
from schemas.remediation import Phase, Remediation, Step
from schemas.report import Case, Report, ReportFacts
from schemas.subject import (
    Alert,
    AnySubject,
    CodeUnit,
    Document,
    Field,
    Line,
    LogWindow,
    Subject,
    SubjectKind,
    TextSubject,
)
from schemas.verdict import Disposition, Floor, Verdict

__all__ = [
    "WITHOUT_MODEL",
    "Alert",
    "Analysis",
    "AnySubject",
    "Case",
    "Check",
    "Citation",
    "CitedAnswer",
    "CodeUnit",
    "Confidence",
    "Disposition",
    "Document",
    "Evidence",
    "Field",
    "Finding",
    "FindingKind",
    "Fix",
    "Floor",
    "Judgement",
    "Line",
    "Lineage",
    "LogWindow",
    "Noun",
    "Omission",
    "Phase",
    "Place",
    "Remediation",
    "Report",
    "ReportFacts",
    "SecretTrace",
    "Severity",
    "Silence",
    "State",
    "Step",
    "Subject",
    "SubjectKind",
    "TextSubject",
    "Timings",
    "Verdict",
    "canonical_json",
    "digest",
]
