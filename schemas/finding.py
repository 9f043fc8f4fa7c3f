"""Finding: a weakness in code, a secret or personal data at a place; what is secret is never in it."""

from enum import StrEnum

from pydantic import Field

from schemas.evidence import Confidence, Evidence, Severity
from schemas.noun import Noun


class FindingKind(StrEnum):
    """What was found."""

    WEAKNESS = "weakness"
    SECRET = "secret"  # noqa: S105 - a kind, not a password
    PERSONAL_DATA = "personal_data"


class Judgement(StrEnum):
    """What the judge made of a candidate; only REAL counts as a finding to act on."""

    REAL = "real"
    PLACEHOLDER = "placeholder"
    TEST = "test"
    ENCRYPTED = "encrypted"
    NOT_SENSITIVE = "not_sensitive"
    UNSURE = "unsure"


class Place(Noun):
    """Where: lines and columns are 1-based, the end column is exclusive; `start`/`end` are character offsets in the text."""

    path: str
    start_line: int = Field(ge=1)
    end_line: int = Field(ge=1)
    start_column: int = Field(default=1, ge=1)
    end_column: int = Field(default=1, ge=1)
    start: int | None = None
    end: int | None = None


class SecretTrace(Noun):
    """All that is kept of a found value: mask (at most 4 + 4 characters, none under 16), keyed hash, length, charset."""

    mask: str
    hmac: str = ""
    length: int
    charset: str = ""


class Check(Noun):
    """One oracle's answer about a proposed fix."""

    name: str
    passed: bool
    detail: str = ""


class Fix(Noun):
    """A proposed change: lines `start_line`..`end_line` of the file become `replacement`; `checks` say who re-checked it."""

    start_line: int = Field(ge=1)
    end_line: int = Field(ge=1)
    replacement: str
    explanation: str = ""
    by: str = "model"
    checks: tuple[Check, ...] = ()


class Finding(Noun):
    """`rule` is the stable name of what fired ("B602", "aws-access-key"); `cwe` like "CWE-78" or "" for personal data."""

    kind: FindingKind
    rule: str
    message: str
    place: Place
    severity: Severity
    confidence: Confidence
    judgement: Judgement = Judgement.REAL
    cwe: str = ""
    evidence: tuple[Evidence, ...] = ()
    by: tuple[str, ...] = ()
    secret: SecretTrace | None = None
    rationale: str = ""
    fix: Fix | None = None
