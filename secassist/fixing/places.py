"""From a stored finding to the file it was found in, on disk, and to its lines in what the file is now."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from schemas import Analysis, CodeUnit, Finding, Subject
from secassist.fixing import moved
from secassist.fixing.base import FixError, Wanted
from secassist.fixing.files import Page, read
from secassist.sources._languages import language as language_of

Reading = Callable[[Path], Iterator[Subject]]
"""All subjects of a file, as the scan read them."""
Earlier = Callable[[Page], list[tuple[str, Page]]]
"""Fixes that were applied to a file, the oldest first: "ID:NUMBER" of the finding, and what the file was before."""
Ids = Callable[[Subject], set[str]]
"""The ids under which a subject may have been analysed: as it is, and with its secrets covered."""


_PART = re.compile(r":\d{1,9}$")
"""Where a part of a file begins, behind its place."""


@dataclass(frozen=True)
class Placed:
    """A finding with its file."""

    page: Page
    wanted: Wanted


def numbered(analysis: Analysis, number: int | None) -> tuple[int, Finding]:
    """The finding of this number (from 0), or the only one. Raises FixError naming those that there are."""
    found = analysis.findings
    if number is None and len(found) == 1:
        return 0, found[0]
    if number is not None and 0 <= number < len(found):
        return number, found[number]
    shown = ", ".join(f"{at}: {f.rule} line {f.place.start_line}" for at, f in enumerate(found[:20]))
    missing = "" if number is None else f"no finding {number}; it "
    raise FixError(f"analysis {analysis.id[:12]} has {missing}{_has(len(found), bool(missing))}: {shown or 'none'}")


def _has(count: int, after: bool) -> str:
    counted = f"{count} finding{'' if count == 1 else 's'}"
    return f"has {counted}" if after else f"{counted}, say which"


def placed(
    analysis: Analysis, finding: Finding, part_of_change: bool, reading: Reading, ids: Ids, earlier: Earlier
) -> Placed:
    """The file as it is now, and the finding's lines in it.

    `part_of_change`: what was analysed was part of a diff, so that only the finding's own lines can be compared.
    Raises FixError when the file is gone, in an archive, another one, or when the lines are gone or cannot be told apart.
    """
    if "!" in finding.place.path and not Path(finding.place.path).exists():
        raise FixError(f"{finding.place.path}: stands in an archive; unpack it and scan the folder")
    paths = [path for path in (Path(finding.place.path), Path("/") / finding.place.path) if path.is_file()]
    if not paths:
        raise FixError(f"{finding.place.path}: is not there; run this in the folder where the scan was run")
    for path in paths:
        above = _above(analysis, path, reading, ids)
        if above is not None:
            page = read(path)
            return Placed(page, _wanted(finding, page, above if _counts_from_part(analysis, finding) else 0))
    path = paths[0] if part_of_change else _scanned(analysis, paths)
    page = read(path)
    lines, fixes = page.text.split("\n"), earlier(page)
    number = next(at for at, one in enumerate(analysis.findings) if one is finding)
    if any(name == f"{analysis.id}:{number}" for name, _ in fixes):
        raise FixError(f"{path}: was changed since the scan by a fix of this very finding; --undo takes it back")
    try:
        here = part_of_change and moved.stands(finding, lines)
        shift = (
            0
            if here
            else moved.shift(finding, analysis.findings, lines, [before.text.split("\n") for _, before in fixes])
        )
    except FixError as error:
        raise FixError(f"{path}: {error}") from error
    return Placed(page, _wanted(finding, page, shift))


def _scanned(analysis: Analysis, paths: list[Path]) -> Path:
    """The one that the scan read, whatever it holds by now."""
    origin = Path(_PART.sub("", analysis.origin)).absolute()
    for path in paths:
        if path.absolute() == origin:
            return path
    raise FixError(f"{paths[0]}: was changed since the scan, or scanned from another folder; scan it again")


def _counts_from_part(analysis: Analysis, finding: Finding) -> bool:
    """Whether its lines are those of the part that was analysed, as analyses of old have them."""
    quoted = finding.evidence[0].line if finding.evidence else 0
    return analysis.analyzer == "sensitive" and finding.place.start_line == quoted


def _above(analysis: Analysis, path: Path, reading: Reading, ids: Ids) -> int | None:
    """Lines of the file above what was analysed; None where the file holds no such subject any more."""
    for subject in reading(path):
        if analysis.subject_id in ids(subject):
            return subject.start_line - 1 if isinstance(subject, CodeUnit) else 0
    return None


def _wanted(finding: Finding, page: Page, shift: int) -> Wanted:
    total = page.text.count("\n") + 1
    first, last = finding.place.start_line + shift, finding.place.end_line + shift
    if last > total:
        raise FixError(f"{page.path}: has no line {last}; scan it again")
    name = language_of(PurePath(page.path), page.text[:256])
    return Wanted(finding.place.path, name, page.text, first, last, finding.cwe, finding.rule)
