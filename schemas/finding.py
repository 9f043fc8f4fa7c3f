"""Finding: a weakness in code, a secret or personal data at a place; what is secret is never in it."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.evidence import Confidence, Evidence, Severity
from schemas.noun import Noun


class FindingKind(StrEnum):
    """What was found."""

    WEAKNESS = "weakness"
    SECRET = "secret"  # noqa: S105 - a kind, not a password
    PERSONAL_DATA = "personal_data"


class Judgement(StrEnum):
    """What the judge made of a candidate; only REAL counts as a finding to act on; REFUTED is one that code disproved."""

    REAL = "real"
    PLACEHOLDER = "placeholder"
    TEST = "test"
    ENCRYPTED = "encrypted"
    NOT_SENSITIVE = "not_sensitive"
    REFUTED = "refuted"
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


SHORTEST_SHOWN = 16
"""Below this length a mask shows nothing of the value."""


class SecretTrace(Noun):
    """All that is kept of a found value: mask (at most 4 + 4 characters, none under 16), keyed hash, length, charset.

    Anything wider is refused, so that no caller can keep more of a value by mistake.
    """

    mask: Annotated[str, Field(pattern=r"^[^\n]{0,4}(\*{4}|\.{3})[^\n]{0,4}$")]
    hmac: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    length: int = Field(ge=0)
    charset: Annotated[str, Field(pattern=r"^[a-z0-9]{0,16}$")] = ""

    @model_validator(mode="after")
    def _shows_nothing_of_a_short_value(self) -> Self:
        if self.length < SHORTEST_SHOWN and self.mask.strip("*."):
            raise ValueError(f"a value of fewer than {SHORTEST_SHOWN} characters is masked whole")
        return self


class Check(Noun):
    """One oracle's answer about a proposed fix."""

    name: str
    passed: bool
    detail: str = ""


class Fix(Noun):
    """A proposed change: lines `start_line`..`end_line` of the file become `replacement`; `checks` say who re-checked it.

    `diff` is the change as people read it, secrets masked; `before` and `after` are digests of the file's bytes. Where
    `masked` is set, a secret stood in `replacement` and is not there any more: the text cannot be put in as it is.
    """

    start_line: int = Field(ge=1)
    end_line: int = Field(ge=1)
    replacement: str
    explanation: str = ""
    by: str = "model"
    checks: tuple[Check, ...] = ()
    diff: str = ""
    before: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    after: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    masked: bool = False

    @property
    def accepted(self) -> bool:
        """Whether others than its author re-checked it, and all of them passed."""
        return bool(self.checks) and all(check.passed for check in self.checks)


class Silence(Noun):
    """A comment in the code that silences a finding: its line in the file, and the reason that it gives, redacted."""

    line: int = Field(ge=1)
    reason: str


class Finding(Noun):
    """`rule` is the stable name of what fired ("B602", "aws-access-key"); `cwe` like "CWE-78" or "" for personal data.

    `also` are the other rules, and their CWE ids, that saw the same thing at this place: any of them silences it.
    `silenced` and `standing` (beside a baseline) are of the scan that tells of it, and are not stored.
    """

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
    also: tuple[str, ...] = ()
    secret: SecretTrace | None = None
    rationale: str = ""
    fix: Fix | None = None
    silenced: Silence | None = None
    standing: Literal["", "new", "unchanged", "absent"] = ""
