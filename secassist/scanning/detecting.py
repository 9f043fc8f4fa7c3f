"""Reading and detecting in worker processes: detectors are pure Python and hold the interpreter, so threads gain nothing.

A worker hands back the subjects and what every detector said about them; the judging process looks those answers up.
"""

import gc
import multiprocessing
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import blake2b, sha256
from pathlib import Path, PurePath
from types import TracebackType
from typing import Any, Self

from schemas import CodeUnit, Subject, SubjectKind
from secassist import plugins
from secassist.detectors.base import Detection, Detector, detection
from secassist.errors import DetectorError, SourceError
from secassist.masking import Redactor
from secassist.masking.texts import Hidden
from secassist.masking.values import Span
from secassist.scanning.suppressing import MARK, Suppression, suppressions
from secassist.sources import _generated
from secassist.sources._bytes import HEAD_BYTES, decode, is_binary, shown, whole
from secassist.sources._choose import read_file
from secassist.sources.base import Limits, Rejected, Skipped

Item = Subject | Rejected
_CHUNK_FILES = 12
_CHUNK_BYTES = 1 << 20
_MOST_EMPTY = 512
_RECORDS = frozenset(
    {"alert_csv", "alert_json", "cloudtrail", "eve", "event_lines", "request", "windows_events", "zeek"}
)
"""Sources that take a text apart, so that only a record's first line is known; a scan needs the line of each value."""
_REMEMBERED = 4_096
"""Answers kept per detector; a batch of subjects is far smaller."""
_COLLECTED_AFTER = 20_000
"""New objects after which the collector looks for circles; trees of code are many objects and few circles."""
_WORTH_A_POOL = 64
"""Files from which starting processes (about 2 s each) pays."""


@dataclass(frozen=True)
class Task:
    """What to read: a file (`below` is its path within what is scanned), or items that were read already.

    `known` is the digest of a content about which everything is known; a file that has it is not looked at further.
    """

    path: Path | None = None
    below: PurePath | None = None
    items: tuple[Item, ...] = ()
    size: int = 0
    generated: bool = False
    known: str = ""


@dataclass
class Read:
    """What became of a task; `answers` are (detector, subject id, what it said), `hidden` (subject id, encoded values)."""

    items: tuple[Item, ...] = ()
    digest: str = ""
    suppressions: tuple[Suppression, ...] = ()
    answers: list[tuple[str, str, Detection]] = field(default_factory=list)
    hidden: list[tuple[str, list[Hidden]]] = field(default_factory=list)
    known: bool = False


@dataclass(frozen=True)
class Wanted:
    """What workers need to know; plug-ins travel by name, and so does the function that makes what conceals texts.

    Under `key`, that of the home, contents get their digests.
    """

    detectors: tuple[str, ...]
    limits: Limits
    redactor: Callable[[], Redactor]
    key: bytes = field(repr=False)


class Remembered:
    """A detector that answers from what a worker said before, and asks itself otherwise; not for threads."""

    def __init__(self, inner: Detector) -> None:
        self._inner = inner
        self._answers: OrderedDict[str, Detection] = OrderedDict()
        self.name, self.version, self.summary = inner.name, inner.version, inner.summary
        self.kinds: frozenset[SubjectKind] = inner.kinds

    def learn(self, subject_id: str, said: Detection) -> None:
        """Keeps an answer, the oldest making room."""
        self._answers[subject_id] = said
        if len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)

    def detect(self, subject: Subject) -> Detection:
        """As the inner one, whose answers depend on nothing but the subject."""
        known = self._answers.get(subject.id)
        if known is None:
            known = self._inner.detect(subject)
            self.learn(subject.id, known)
        return known


class AllRemembered(Mapping[str, Detector]):
    """Detectors by name, each remembering; none is made before it is asked for."""

    def __init__(self, inner: Mapping[str, Detector]) -> None:
        self._inner = inner
        self._made: dict[str, Remembered] = {}

    def __getitem__(self, name: str) -> Remembered:
        if name not in self._made:
            self._made[name] = Remembered(self._inner[name])
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._inner

    def __iter__(self) -> Iterator[str]:
        return iter(self._inner)

    def __len__(self) -> int:
        return len(self._inner)


class Recalled(Redactor):
    """A redactor that knows what a worker found encoded in a text, and asks the inner one otherwise; not for threads."""

    def __init__(self, inner: Redactor) -> None:
        self._inner = inner
        self._hidden: OrderedDict[bytes, list[Hidden]] = OrderedDict()
        self._said: OrderedDict[str, str] = OrderedDict()

    def learn(self, text: str, found: list[Hidden]) -> None:
        """Keeps what is hidden in a text, the oldest making room."""
        self._hidden[_mark(text)] = found
        if len(self._hidden) > _REMEMBERED:
            self._hidden.popitem(last=False)

    def __call__(self, text: str) -> str:
        """Places are told again and again."""
        if text not in self._said:
            self._said[text] = self._inner(text)
            if len(self._said) > _REMEMBERED:
                self._said.popitem(last=False)
        return self._said[text]

    def hidden(self, text: str) -> list[Hidden]:
        """As the inner one."""
        known = self._hidden.get(_mark(text))
        if known is None:
            known = self._inner.hidden(text)
            self.learn(text, known)
        return known

    def spans(self, text: str) -> list[Span]:
        """As the inner one."""
        return self._inner.spans(text)


def _mark(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class Readers:
    """Worker processes, or none where `jobs` is 1 or there is little to do; results come in the order of the tasks."""

    def __init__(self, wanted: Wanted, jobs: int, count: int) -> None:
        self._wanted = wanted
        self._jobs = jobs if count >= _WORTH_A_POOL else 1
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        if self._jobs > 1:
            started = multiprocessing.get_context("spawn")  # a fork would carry the database connection over
            self._pool = ProcessPoolExecutor(
                self._jobs, mp_context=started, initializer=_start, initargs=(self._wanted,)
            )
        else:
            _start(self._wanted)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def read(self, tasks: Iterable[Task]) -> Iterator[Read]:
        """At most a few chunks are under way at any time, so that memory does not grow with the number of tasks."""
        if self._pool is None:
            yield from (_look(task) for task in tasks)
            return
        waiting: deque[Future[list[Read]]] = deque()
        for chunk in _chunks(tasks):
            waiting.append(self._pool.submit(_look_all, chunk))
            if len(waiting) > 2 * self._jobs:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _chunks(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    """Files that hold nothing cost nothing: many of them go together."""
    chunk, size, full = list[Task](), 0, 0
    for task in tasks:
        chunk.append(task)
        size += task.size
        full += bool(task.size)
        if full >= _CHUNK_FILES or size >= _CHUNK_BYTES or len(chunk) >= _MOST_EMPTY:
            yield chunk
            chunk, size, full = [], 0, 0
    if chunk:
        yield chunk


_STATE: dict[str, Any] = {}
"""What a worker loaded when it was started."""


def _start(wanted: Wanted) -> None:
    _STATE["detectors"] = {name: plugins.load("detectors", name) for name in wanted.detectors}
    _STATE["sources"] = plugins.load_all("sources")
    _STATE["by_line"] = {name: source for name, source in _STATE["sources"].items() if name not in _RECORDS}
    _STATE["limits"] = wanted.limits
    _STATE["redactor"] = wanted.redactor()
    _STATE["key"] = sha256(wanted.key).digest()
    gc.freeze()
    gc.set_threshold(_COLLECTED_AFTER)


def _look_all(tasks: Sequence[Task]) -> list[Read]:
    return [_look(task) for task in tasks]


def _look(task: Task) -> Read:
    """Reads, and asks every detector about every subject."""
    found = _read(task) if task.path is not None else Read(task.items, suppressions=_of_items(task.items))
    for item in found.items:
        if not isinstance(item, Rejected):
            found.answers += _answers(item, _STATE["detectors"])
            with suppress(DetectorError):
                found.hidden.append((item.id, _STATE["redactor"].hidden(item.text)))
    return found


def _answers(subject: Subject, detectors: Mapping[str, Detector]) -> Iterator[tuple[str, str, Detection]]:
    for name, detector in detectors.items():
        if subject.kind in detector.kinds:
            with suppress(DetectorError):  # whoever judges asks again and says so
                yield name, subject.id, detection(detector, subject)


def _read(task: Task) -> Read:
    path, limits = task.path or Path(), _STATE["limits"]
    if reason := "" if task.generated else _generated.by_name(task.below or path):
        return Read((Skipped(shown(path), reason),))
    try:
        size = path.stat().st_size
        data = whole(path, limits) if size <= limits.file_bytes else b""
    except (SourceError, OSError):
        data, size = b"", 1
    if not size:
        return Read((Skipped(shown(path), "empty file"),))
    head, digest = data[:HEAD_BYTES], _digest(data)
    if task.known and task.known == digest:
        return Read(digest=digest, known=True)
    if reason := "" if task.generated else _generated.by_content(path.name, head):
        return Read((Skipped(shown(path), reason),), digest)
    sources = _STATE["sources"] if is_binary(head) else _STATE["by_line"]
    items = tuple(read_file(path, sources, limits))
    return Read(tuple(map(_opaque, items)) if is_binary(head) else items, digest, _in_text(data))


def _opaque(item: Item) -> Item:
    """What no source reads because it is binary is left out on purpose."""
    unread = isinstance(item, Rejected) and "no source reads binary data" in item.reason
    return Skipped(item.origin, "binary data") if unread else item


def _digest(data: bytes) -> str:
    """A keyed one, since it is kept: of a plain digest anybody who has the index could try short files until one fits."""
    return blake2b(data, digest_size=16, key=_STATE["key"]).hexdigest() if data else ""


def _in_text(data: bytes) -> tuple[Suppression, ...]:
    return _clean(suppressions(decode(data))) if MARK in data.lower() else ()


def _clean(found: Iterable[Suppression]) -> tuple[Suppression, ...]:
    """With reasons that may be kept: they are text of the input."""
    return tuple(replace(each, reason=_STATE["redactor"](each.reason)) for each in found)


def _of_items(items: Iterable[Item]) -> tuple[Suppression, ...]:
    """From subjects that have no file."""
    units = (item for item in items if not isinstance(item, Rejected))
    return _clean(
        each for unit in units for each in suppressions(unit.text, unit.start_line if isinstance(unit, CodeUnit) else 1)
    )
