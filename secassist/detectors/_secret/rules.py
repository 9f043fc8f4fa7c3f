"""Which strings are credentials of which provider: reads the tables of formats; the engine is in `_secret/scan`."""

import re
from dataclasses import dataclass
from functools import cache, cached_property

from schemas import Severity
from secassist.detectors._secret.macros import expanded
from secassist.detectors._secret.pack_cloud import CLOUD
from secassist.detectors._secret.pack_code import CODE
from secassist.detectors._secret.pack_talk import TALK
from secassist.detectors._secret.pack_work import WORK

_LITERAL = re.compile(r"(?:[A-Za-z0-9_\-/:~% =\"]|\\[.+|$?])+(?![?*{])")
_BEGINNING = re.compile(r"(\[(?:\\.|[^\]\\])+\])\{(\d+)")


@dataclass(frozen=True)
class SecretRule:
    """One provider's format: a line of a table, whose fields stand two blanks apart.

    `! name` where prefix, length and alphabet settle it (`certain`), `? name` where they do not. `literals`: at least one
    stands in every match (case-sensitive), and the text is read where one stands; `.` for what the pattern begins with, `-`
    for none (all of the text is read). `pattern`: bounded, so linear, with the short names of `_secret/macros`; group 1 is
    the value if there is one. Options: `back=N`: a match begins N characters before the literal; `slack=N`: or up to N
    fewer; `probe=`: RE2 expression that any text with a match contains, sharper than the literals; `check=`: a checksum of
    `_secret/checks`, without which nothing is certain; `only`: nor a finding at all; a severity.
    """

    type: str
    literals: tuple[str, ...]
    source: str
    certain: bool = True
    check: str = ""
    only: bool = False
    severity: Severity = Severity.HIGH
    probe: str = ""
    back: int = 0
    slack: int = 0

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when it is needed first: most formats never are."""
        return re.compile(self.source)


@cache
def rules() -> tuple[SecretRule, ...]:
    """All formats, in the order of the tables."""
    return tuple(read(line) for table in (CLOUD, CODE, TALK, WORK) for line in table.strip().splitlines())


def read(line: str) -> SecretRule:
    """A rule from a line of a table; raises ValueError for a line that is none."""
    name, literals, pattern, *options = line.split("  ")
    trust, _, title = name.partition(" ")
    source = expanded(pattern)
    said = dict(option.partition("=")[::2] for option in options)
    known = {severity.value: severity for severity in Severity}
    severity = next((known[option] for option in options if option in known), None)
    if trust not in ("!", "?") or set(said) - {"back", "slack", "probe", "check", "only", *known}:
        raise ValueError(f"no format: {title}")
    found = () if literals == "-" else (_first(source),) if literals == "." else tuple(literals.split())
    return SecretRule(
        type=title,
        literals=found,
        source=source,
        certain=trust == "!",
        check=said.get("check", ""),
        only="only" in said,
        severity=severity or (Severity.HIGH if trust == "!" else Severity.MEDIUM),
        probe=expanded(said["probe"]) if "probe" in said else _probe(source) if literals == "." else "",
        back=int(said.get("back", 0)),
        slack=int(said.get("slack", 0)),
    )


def _first(source: str) -> str:
    """The characters that a pattern begins with."""
    found = _LITERAL.match(source)
    if not found:
        raise ValueError("a pattern that begins with no literal")
    return re.sub(r"\\(.)", r"\1", found[0])


def _probe(source: str) -> str:
    """The literal that a pattern begins with, and up to twelve of the characters behind it."""
    found = _LITERAL.match(source)
    end = found.end() if found else 0
    after = _BEGINNING.match(source, end)
    return source[:end] + (f"{after[1]}{{{min(int(after[2]), 12)}}}" if after else "")
