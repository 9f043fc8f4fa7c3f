"""The baseline: which findings were there before, as salted hashes; of a found value it tells no more than 12 bits.

A fingerprint is made of rule, squeezed and redacted line, path and the running number of equals in a file: it stays when
lines move. A second hash without the path recognises the finding in a file that was renamed.
"""

import hashlib
import json
import os
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schemas import Finding, FindingKind, Judgement
from secassist.errors import UsageError

NAME = ".secassist-baseline.json"
"""What a baseline is called in README and examples."""
VERSION = 1
_SALT_BYTES = 16
_VALUE_BITS = 12
"""Of a found value only so much goes into a fingerprint: a changed secret is new in 4095 of 4096 cases, and somebody who
tries all values against the file learns no more than which one in 4096 it may be."""
_MOST_BYTES = 64 * 1024 * 1024
_HASH = re.compile(r"[0-9a-f]{32}")
_RULE = re.compile(r"[\w.-]{1,80}")
_LINE = re.compile(
    rf'\s{{0,8}}(?:[\[\]{{}}]{{0,2}}|"findings": \[|"(?:fingerprint|moved|path|salt)": "{_HASH.pattern}"|'
    rf'"kind": "[a-z_]{{1,20}}"|"rule": "{_RULE.pattern}"|"version": \d{{1,3}}),?'
)
"""A line of a baseline, as `save` writes it."""


@dataclass(frozen=True)
class Spot:
    """A finding as a baseline sees it: where (a path relative to the baseline's folder) and the `key_of` it."""

    path: str
    key: str


@dataclass
class Baseline:
    """What is known, by fingerprint; `folder` is where the file lies, so that paths mean the same on every machine."""

    folder: Path
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(_SALT_BYTES))
    known: dict[str, dict[str, str]] = field(default_factory=dict)

    def relative(self, path: str) -> str:
        """An absolute path as the fingerprint spells it."""
        return Path(os.path.relpath(path, self.folder)).as_posix()

    def old(self, spots: Sequence[Spot], living: Iterable[str]) -> list[bool]:
        """Which of a whole scan's spots are known; `living` are the relative paths of files that are there now.

        What is not known at its place is known if an equal line was in a file that is gone now (a rename), once each.
        """
        prints = self._prints(spots)
        found = [mark in self.known for mark in prints]
        alive = {self._hash("path", path) for path in (*living, *(spot.path for spot in spots))}
        gone = Counter(row["moved"] for row in self.known.values() if row["path"] not in alive)
        for at, spot in enumerate(spots):
            moved = "" if found[at] else self._hash("moved", spot.key)
            if moved and gone[moved] > 0:
                gone[moved] -= 1
                found[at] = True
        return found

    def gone(self, spots: Sequence[Spot], scanned: Iterable[str]) -> list[tuple[str, str, str]]:
        """(path, kind, rule) of what is known about scanned files and stands in them no more."""
        here, paths = set(self._prints(spots)), {self._hash("path", path): path for path in scanned}
        rows = (row for mark, row in sorted(self.known.items()) if mark not in here)
        return [(paths[row["path"]], row["kind"], row["rule"]) for row in rows if row["path"] in paths]

    def updated(
        self, spots: Sequence[Spot], findings: Sequence[Finding], scanned: Iterable[str], living: Iterable[str] | None
    ) -> "Baseline":
        """A baseline of these, and of what is known about files that were not scanned (those of `living`, if known).

        Kind and rule of the `findings`, one per spot, stand beside each so that people can read a change of the file.
        """
        looked_at = {self._hash("path", path) for path in scanned}
        alive = None if living is None else {self._hash("path", path) for path in living}
        others = {
            mark: row
            for mark, row in self.known.items()
            if row["path"] not in looked_at and (alive is None or row["path"] in alive)
        }
        made = Baseline(self.folder, self.salt, others)
        for mark, spot, finding in zip(self._prints(spots), spots, findings, strict=True):
            moved, path = self._hash("moved", spot.key), self._hash("path", spot.path)
            made.known[mark] = {"moved": moved, "path": path, "kind": finding.kind.value, "rule": finding.rule}
        return made

    def _prints(self, spots: Sequence[Spot]) -> list[str]:
        seen: Counter[Spot] = Counter()
        marks = list[str]()
        for spot in spots:
            seen[spot] += 1
            marks.append(self._hash("finding", spot.key, spot.path, str(seen[spot])))
        return marks

    def _hash(self, *parts: str) -> str:
        text = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, key=self.salt, digest_size=16).hexdigest()

    def save(self, path: Path) -> None:
        """Writes it sorted, whole or not at all."""
        rows = [{"fingerprint": mark, **row} for mark, row in sorted(self.known.items())]
        text = json.dumps({"version": VERSION, "salt": self.salt.hex(), "findings": rows}, indent=1, sort_keys=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.new")
        try:
            draft.write_text(f"{text}\n", encoding="utf-8")
            draft.replace(path)
        except OSError as error:
            raise UsageError(f"{path}: the baseline cannot be written ({error.strerror})") from error


def load(path: Path) -> Baseline:
    """Raises UsageError when there is none, or when it is not one."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UsageError(f"{path}: larger than any baseline; make it anew with --update-baseline")
        read: Any = json.loads(path.read_text(encoding="utf-8"))
        if read["version"] != VERSION:
            raise UsageError(f"{path}: a baseline of another version; make it anew with --update-baseline")
        rows = {str(row["fingerprint"]): _row(row) for row in read["findings"]}
        return Baseline(path.absolute().parent, bytes.fromhex(read["salt"])[:64], rows)
    except FileNotFoundError as error:
        raise UsageError(f"{path}: no such baseline; make it with --update-baseline") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(f"{path}: not a baseline; make it anew with --update-baseline") from error


def is_one(path: Path) -> bool:
    """Whether the file has the name of a baseline and holds nothing but hashes and names of rules."""
    if path.name != NAME:
        return False
    try:
        rows = load(path).known
    except UsageError:
        return False
    hashes = (text for mark, row in rows.items() for text in (mark, row["moved"], row["path"]))
    return all(map(_HASH.fullmatch, hashes)) and all(_RULE.fullmatch(row["rule"]) for row in rows.values())


def is_part(path: str, lines: Iterable[str]) -> bool:
    """Whether lines that a commit added to a file are those of a baseline, which hold hashes and names of rules only."""
    return path.rpartition("/")[2] == NAME and all(map(_LINE.fullmatch, lines))


def _row(read: Any) -> dict[str, str]:
    """Baselines of old do not say what kind of finding it was."""
    kind = FindingKind(read.get("kind", FindingKind.WEAKNESS))
    return {"kind": kind.value, **{name: str(read[name]) for name in ("moved", "path", "rule")}}


def key_of(finding: Finding, text: str) -> str:
    """What stays of a finding in a text when its line moves: kind, rule, redacted quotes, and 12 bits of its value."""
    quotes = [" ".join(each.quote.split()) for each in finding.evidence]
    parts = [finding.kind.value, finding.rule, *quotes, _value_bits(finding, text)]
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _value_bits(finding: Finding, text: str) -> str:
    place = finding.place
    if finding.secret is None or place.start is None or place.end is None:
        return ""
    value = text[place.start : place.end].encode("utf-8", "surrogatepass")
    return str(int.from_bytes(hashlib.sha256(value).digest()[:8], "big") % (1 << _VALUE_BITS))


def counts(finding: Finding) -> bool:
    """Whether a finding is one that a baseline holds: what is harmless needs no remembering."""
    return finding.judgement in (Judgement.REAL, Judgement.UNSURE)
