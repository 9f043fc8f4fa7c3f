"""Evidence: a line of the input, quoted word for word, and how bad (Severity) or how sure (Confidence) something is."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.noun import Noun

Confidence = Annotated[float, Field(ge=0.0, le=1.0)]
"""Belief between 0 and 1; calibrated where the adapter carries a calibration."""


class Severity(StrEnum):
    """Harm if true; the words of SARIF, OCSF and ECS tools. Ordered by `rank`."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info up to 4 for critical."""
        return list(Severity).index(self)


class Evidence(Noun):
    """One cited line: `quote` stands verbatim in line `line` (1-based) of the subject.

    `field` names the record field the line belongs to ("" for plain text); `by` is "model" or a detector's name;
    `redacted` marks a quote in which a secret was replaced by its mask, the one case where it differs from the input.
    """

    line: int = Field(ge=1)
    quote: str
    field: str = ""
    note: str = ""
    by: str = "model"
    redacted: bool = False
