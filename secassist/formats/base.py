"""The contract of an output format: analyses or a report in, text out; it reads nothing else and writes nothing."""

from collections.abc import Sequence
from typing import Protocol

from schemas import Analysis, Report


class Format(Protocol):
    """A plug-in `secassist/formats/<name>.py` ends with `PLUGIN = ItsFormat()`."""

    name: str
    """The file name."""
    summary: str
    """One line for `--help` and the README."""
    suffix: str
    """File name suffix with the dot."""

    def analyses(self, analyses: Sequence[Analysis]) -> str:
        """These analyses in this format. All text from inputs is untrusted and escaped for the format."""
        ...

    def report(self, report: Report) -> str:
        """A report in this format. Raises UsageError when the format cannot hold one."""
        ...
