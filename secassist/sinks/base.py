"""The contract of a sink: one message out, or a SinkError that says whether trying again can help."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from schemas import canonical_json
from secassist.errors import SecassistError


class SinkError(SecassistError):
    """A message did not arrive. `hopeless`: this message never will; `wait`: seconds that the target asked for."""

    def __init__(self, message: str, *, hopeless: bool = False, wait: float = 0.0) -> None:
        super().__init__(message)
        self.hopeless = hopeless
        self.wait = wait


@dataclass(frozen=True)
class Message:
    """An event as it is sent. `id` is the same over all tries, so that a receiver can drop what it had before.

    `at` is when it happened: UTC ISO 8601.
    """

    id: str
    kind: str
    at: str
    data: dict[str, Any]

    @property
    def body(self) -> bytes:
        """Canonical JSON, the same bytes for the same event."""
        value = {"id": self.id, "kind": self.kind, "at": self.at, "data": self.data}
        return canonical_json(value).encode("utf-8", "backslashreplace")


@dataclass(frozen=True)
class Place:
    """Where a sink sends to, by its configuration; the fields that its kind does not need are empty.

    `url` of a webhook, `path` of a file, `key` signs (at least 16 bytes), `networks` are otherwise refused addresses that
    are meant ("10.0.0.0/8"), `plain` allows http, `seconds` bound one try as a whole.
    """

    url: str = ""
    path: Path | None = None
    key: bytes = b""
    networks: tuple[str, ...] = ()
    plain: bool = False
    seconds: float = 10.0


class Sink(Protocol):
    """A plug-in `secassist/sinks/<name>.py` ends with `PLUGIN = ItsSink`, called with a Place; cheap to make."""

    def send(self, message: Message) -> None:
        """Returns when the other side has it. Raises SinkError; never anything else."""
        ...


Opener = Callable[[Place], Sink]
"""What PLUGIN is. Raises ConfigError for a Place that can never work."""
