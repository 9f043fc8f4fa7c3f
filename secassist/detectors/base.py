"""The contract of a detector: a subject in, signals out; deterministic, linear in its input, without network."""

import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from schemas import FindingKind, Floor, Place, Severity, Subject, SubjectKind
from secassist.errors import DetectorError, SecassistError


@dataclass(frozen=True)
class Signal:
    """One fact proved by code.

    `rule` is a stable name ("sigma:win-encoded-powershell", "B602", "aws-access-key"); `message` one sentence in English;
    `lines` 1-based line numbers of the subject; `decoded` plain text that the detector uncovered (untrusted);
    `techniques` ATT&CK ids; `floor` is set only where the fact alone settles the least verdict;
    `noteworthy` False means context (an IOC, a log template), True means it speaks for something bad.
    """

    rule: str
    message: str
    severity: Severity = Severity.INFO
    lines: tuple[int, ...] = ()
    techniques: tuple[str, ...] = ()
    cwe: str = ""
    decoded: str = ""
    floor: Floor | None = None
    noteworthy: bool = True


@dataclass(frozen=True)
class Candidate:
    """A place that may be a finding and that a judge decides on.

    `place.start`/`place.end` are character offsets in `Subject.text`. `value` is the found secret or personal datum in
    clear: it is kept out of repr, lives in memory only and is never stored, logged or raised. `certain` means structure
    and checksum settle it, so that no model is asked. `type` is the public name of what it is ("aws-access-key",
    "id_number", "phone", "CWE-78"). `safe_hint` says why code believes it harmless ("placeholder word", "" if it does not).
    `also` are other rules, and their CWE ids, that saw the same.
    """

    kind: FindingKind
    rule: str
    type: str
    message: str
    place: Place
    severity: Severity
    value: str = field(default="", repr=False)
    cwe: str = ""
    certain: bool = False
    safe_hint: str = ""
    by: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Detection:
    """All that one detector says about one subject."""

    signals: tuple[Signal, ...] = ()
    candidates: tuple[Candidate, ...] = ()


class Detector(Protocol):
    """A plug-in `secassist/detectors/<name>.py` ends with `PLUGIN = ItsDetector()`; it must be stateless and thread-safe."""

    name: str
    """The file name."""
    version: str
    """Raised whenever the same input may give another answer; part of every Analysis' lineage."""
    summary: str
    """One line for the README."""
    kinds: frozenset[SubjectKind]
    """The kinds of subject it looks at."""

    def detect(self, subject: Subject) -> Detection:
        """What it finds. Raises DetectorError when it cannot run on this subject; never anything else."""
        ...


def detection(detector: Detector, subject: Subject) -> Detection:
    """What a detector finds. Raises DetectorError whatever goes wrong in it: a subject that trips it ends no scan of others.

    What was wrong is told by its kind and place alone, since its text may quote the subject.
    """
    try:
        return detector.detect(subject)
    except SecassistError:
        raise
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        said = f"internal error: {type(error).__name__} at {Path(last.filename).name}:{last.lineno}; please report it"
        raise DetectorError(said) from error
