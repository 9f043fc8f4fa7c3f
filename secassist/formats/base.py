"""The contract of an output format: analyses or a report in, text out; it reads nothing else and writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from schemas import Analysis, Report, Severity


@dataclass(frozen=True)
class Look:
    """What a format for people is told of its reader; such a format is a dataclass with a field `look`.

    `columns` is the width of the terminal, 0 where there is none. With `least`, milder rows are left out. `numbers` gives
    by analysis id what its findings are counted as, where they are not all that are stored. With `unsettled`, what code
    disproved or the judge found harmless is only counted. `names` are those of techniques by id.
    """

    columns: int = 0
    least: Severity | None = None
    numbers: Mapping[str, Sequence[int]] = field(default_factory=dict)
    unsettled: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    def of(self, id_: str, count: int) -> tuple[int, ...]:
        """The numbers of the findings of an analysis, from 0."""
        return tuple(self.numbers.get(id_, range(count)))

    def technique(self, id_: str) -> str:
        """ "T1490 Inhibit System Recovery", or the id alone where no name is known."""
        return f"{id_} {self.names.get(id_, '')}".rstrip()


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
