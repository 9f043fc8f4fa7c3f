"""Remediation: ordered steps for one verdict or finding, each with its reason."""

from enum import StrEnum

from schemas.noun import Noun


class Phase(StrEnum):
    """The phases of incident handling (NIST SP 800-61) that advice is ordered by."""

    CONTAIN = "contain"
    ERADICATE = "eradicate"
    RECOVER = "recover"
    PREVENT = "prevent"

    @property
    def rank(self) -> int:
        """Order of doing."""
        return list(Phase).index(self)


class Step(Noun):
    """One thing to do and why; `ref` names the playbook entry it came from ("" if the model wrote it)."""

    phase: Phase
    action: str
    reason: str
    ref: str = ""


class Remediation(Noun):
    """Advice for the analysis `about` (an Analysis id); steps stand in the order contain, eradicate, recover, prevent."""

    about: str
    summary: str
    steps: tuple[Step, ...]
