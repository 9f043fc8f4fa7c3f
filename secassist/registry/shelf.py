"""The shelf: adapter versions in the user's home, which of them is live, and every change of that; no half of anything.

    HOME/models/<analyzer>/<digest>/   a version: weights, settings, calibration, manifest.json; never changed
    HOME/models/live.json              per analyzer the versions that were made live, newest last, and all changes

A version appears by one rename, a change of what is live by another; a reader sees the state before or after. What a
crash leaves behind is a staging folder, which the next change sweeps away, or a candidate that is not live yet.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from secassist.errors import ModelError, UsageError
from secassist.registry import weights
from secassist.registry.weights import Weights

POINTER = "live.json"
MANIFEST = "manifest.json"
FORMAT = 1
STAGING = ".staging-"
SHORTEST = 6
"""Digits that name a version at least."""
KEPT = ("adapter_config.json", "calibration.json", "training.json")
"""Files of an adapter that are put on the shelf beside its weights."""
State = Literal["candidate", "live", "retired"]


@dataclass(frozen=True)
class Version:
    """An adapter on the shelf; `digest` is that of its weights and settings, `base` of the base it was made for."""

    analyzer: str
    digest: str
    folder: Path
    state: State
    manifest: Mapping[str, Any] = field(repr=False)

    @property
    def base(self) -> str:
        return str(self.manifest.get("base", ""))

    def weights(self) -> Weights:
        """What is loaded; raises ModelError when it is missing or is not what was put there."""
        try:
            found = weights.at(self.folder)
        except (ModelError, OSError) as error:
            raise ModelError(f"{error}; `secassist models rollback {self.analyzer}` serves the one before") from error
        if found.digest != self.digest:
            told = f"{self.folder}: was changed after it was put there"
            raise ModelError(f"{told}; `secassist models rollback {self.analyzer}` serves the one before")
        return Weights(self.analyzer, found.folder, found.digest)


@dataclass(frozen=True)
class Event:
    """A change of what is live; `before` and `after` are digests, "" for the bundled adapter. `at` is UTC ISO 8601."""

    number: int
    at: str
    who: str
    action: Literal["promote", "rollback"]
    analyzer: str
    before: str
    after: str


@dataclass(frozen=True)
class _Pointer:
    stacks: dict[str, list[str]]
    events: list[Event]


class Shelf:
    """The versions of one home. `step` is told of each step of a change (tests stop there)."""

    def __init__(self, home: Path, step: Callable[[str], None] = lambda _: None) -> None:
        self.folder = home / "models"
        self._step = step

    # reading

    def analyzers(self) -> tuple[str, ...]:
        """Those that have a version here."""
        if not self.folder.is_dir():
            return ()
        return tuple(sorted(p.name for p in self.folder.iterdir() if p.is_dir() and not p.name.startswith(".")))

    def live(self, analyzer: str) -> Version | None:
        """The promoted version that serves, None where the bundled one does."""
        stack = self._read().stacks.get(analyzer) or []
        return self._version(analyzer, stack[-1], "live") if stack else None

    def versions(self, analyzer: str | None = None) -> list[Version]:
        """All of them, by analyzer and digest."""
        pointer = self._read()
        found = []
        for name in [analyzer] if analyzer else self.analyzers():
            folders = sorted(p for p in (self.folder / name).glob("*") if (p / MANIFEST).is_file())
            found += [self._version(name, path.name, _state(pointer, name, path.name)) for path in folders]
        return found

    def find(self, analyzer: str, prefix: str) -> Version:
        """By the first digits of its digest; raises UsageError when none or several begin so."""
        found = [version for version in self.versions(analyzer) if version.digest.startswith(prefix.lower())]
        if len(prefix) < SHORTEST or len(found) != 1:
            told = "names several versions" if len(found) > 1 and len(prefix) >= SHORTEST else "names no version"
            raise UsageError(f"{prefix!r} {told} of {analyzer}; `secassist models list` shows them")
        return found[0]

    def events(self) -> tuple[Event, ...]:
        """Every change of what is live, oldest first."""
        return tuple(self._read().events)

    # changing

    def add(self, analyzer: str, source: Path, manifest: Mapping[str, Any]) -> Version:
        """Puts an adapter on the shelf as a candidate, whole or not at all; one that is there gets the new manifest."""
        digest = weights.at(source).digest
        with self._changing():
            place = self.folder / analyzer / digest
            if not place.exists():
                staged = self.folder / f"{STAGING}{digest[:16]}-{os.getpid()}"
                staged.mkdir()
                self._step("staging")
                for path in _files(source):
                    shutil.copyfile(path, staged / path.name)
                _write(staged / MANIFEST, manifest)
                _sync(staged)
                place.parent.mkdir(parents=True, exist_ok=True)
                self._step("staged")
                staged.rename(place)
                _sync_folder(place.parent)
            else:
                _replace(place / MANIFEST, manifest)
            self._step("added")
            return self._version(analyzer, digest, _state(self._read(), analyzer, digest))

    def promote(self, version: Version, who: str) -> Event:
        """Makes a version live for every process that starts from now on."""
        version.weights()
        with self._changing():
            pointer = self._read()
            stack = pointer.stacks.setdefault(version.analyzer, [])
            before = stack[-1] if stack else ""
            if before == version.digest:
                raise UsageError(f"{version.analyzer} {version.digest[:12]} is live already")
            stack.append(version.digest)
            return self._point(pointer, "promote", version.analyzer, (before, version.digest), who)

    def rollback(self, analyzer: str, who: str) -> Event:
        """Makes live what was so before; raises UsageError when that is the bundled adapter already."""
        with self._changing():
            pointer = self._read()
            stack = pointer.stacks.get(analyzer) or []
            if not stack:
                raise UsageError(f"{analyzer}: nothing was promoted; the bundled adapter serves")
            before = stack.pop()
            return self._point(pointer, "rollback", analyzer, (before, stack[-1] if stack else ""), who)

    def _point(
        self,
        pointer: _Pointer,
        action: Literal["promote", "rollback"],
        analyzer: str,
        change: tuple[str, str],
        who: str,
    ) -> Event:
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds")
        event = Event(len(pointer.events) + 1, stamp, who, action, analyzer, *change)
        rows = [asdict(one) for one in (*pointer.events, event)]
        self._step("pointing")
        _replace(self.folder / POINTER, {"format": FORMAT, "stacks": pointer.stacks, "events": rows})
        self._step("pointed")
        return event

    # inside

    def _version(self, analyzer: str, digest: str, state: State) -> Version:
        folder = self.folder / analyzer / digest
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            told = f"{folder}: the version is missing or damaged: {error}"
            raise ModelError(f"{told}; `secassist models rollback {analyzer}` serves the one before") from error
        if not isinstance(manifest, dict):
            raise ModelError(f"{folder / MANIFEST}: holds no JSON object")
        return Version(analyzer, digest, folder, state, manifest)

    def _read(self) -> _Pointer:
        path = self.folder / POINTER
        try:
            row = json.loads(path.read_text(encoding="utf-8"))
            if row["format"] != FORMAT:
                raise ValueError(f"format {row['format']}, not {FORMAT}")
            stacks = {str(name): [str(digest) for digest in stack] for name, stack in row["stacks"].items()}
            return _Pointer(stacks, [Event(**event) for event in row["events"]])
        except FileNotFoundError:
            return _Pointer({}, [])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(
                f"{path}: cannot be read: {error}; without this file the bundled adapters serve"
            ) from error

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One change at a time, whoever makes it; the lock goes with its process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left in self.folder.glob(f"{STAGING}*"):
                shutil.rmtree(left)
            yield


def _state(pointer: _Pointer, analyzer: str, digest: str) -> State:
    stack = pointer.stacks.get(analyzer) or []
    if stack and stack[-1] == digest:
        return "live"
    was = any(event.analyzer == analyzer and event.after == digest for event in pointer.events)
    return "retired" if was else "candidate"


def _files(source: Path) -> list[Path]:
    named = [source / name for name in weights.SETTINGS + KEPT if (source / name).is_file()]
    return [*sorted(source.glob("*.safetensors")), *dict.fromkeys(named)]


def _write(path: Path, row: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(row, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def _replace(path: Path, row: Mapping[str, Any]) -> None:
    """Writes aside, to the disk, then renames."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    _write(aside, row)
    _sync_file(aside)
    aside.replace(path)
    _sync_folder(path.parent)


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        _sync_file(path)
    _sync_folder(folder)


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
