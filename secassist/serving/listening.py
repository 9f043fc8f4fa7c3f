"""The server: who connects and says nothing is let go, what is in hand is finished before it ends."""

import asyncio
import logging
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from secassist.config import Settings
from secassist.errors import UsageError
from secassist.pipeline import Pipeline
from secassist.queueing.intake import Intake
from secassist.serving.app import Desk, Limits
from secassist.serving.gathering import Gathering
from secassist.serving.guarding import Door

HEAD_SECONDS = 10.0
"""In which the head of a request is to arrive, from the connection or the last answer on."""
ANSWER_SECONDS = 90.0
"""For a request from its head to the end of its answer, a client that does not read included."""
ENDING_SECONDS = 60.0
"""For what is in hand when the server is told to end."""
CONNECTIONS = 512
HEAD_BYTES = 16 * 1024

log = logging.getLogger(__name__)


class Impatient(H11Protocol):
    """uvicorn waits for ever for a head that comes byte by byte; this does not."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Starts the clock."""
        super().connection_made(transport)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stops it."""
        if self._late is not None:
            self._late.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Starts it anew, for the next request on the connection."""
        super().on_response_complete()
        self._expect()

    def _expect(self) -> None:
        if self._late is not None:
            self._late.cancel()
        self._late = self.loop.call_later(HEAD_SECONDS, self._let_go)

    def _let_go(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()


def within(seconds: float, app: ASGIApp) -> ASGIApp:
    """The same application, given up for a request after so many seconds."""

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(seconds):
                await app(scope, receive, send)
        except TimeoutError:
            log.warning("a request took longer than %g s and was given up", seconds)

    return limited


@dataclass(frozen=True)
class Address:
    """A socket that listens already, and the files of certificate and key where it is to speak TLS."""

    listener: socket.socket
    certificate: Path | None = None
    private_key: Path | None = None

    @property
    def url(self) -> str:
        """Where clients reach it."""
        host, port = self.listener.getsockname()[:2]
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def serve(
    pipeline: Pipeline,
    settings: Settings,
    intake: Intake,
    door: Door,
    address: Address,
    limits: Limits,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serves until SIGTERM or SIGINT; returns when what was in hand is answered and stored. `ready` is called at start."""
    with Gathering(intake) as gathering:
        desk = Desk(pipeline, gathering, door, limits, settings.language)
        server = uvicorn.Server(_loaded(configured(within(ANSWER_SECONDS, desk.application()), address)))
        _end_well()
        ready()
        server.run(sockets=[address.listener])


def configured(app: ASGIApp, address: Address) -> uvicorn.Config:
    """Nothing of uvicorn's that is not asked for: no reloading, no proxies' headers, no websockets, no access log."""
    more: dict[str, Any] = {"ssl_certfile": address.certificate, "ssl_keyfile": address.private_key}
    return uvicorn.Config(
        app,
        http=Impatient,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=int(ENDING_SECONDS),
        h11_max_incomplete_event_size=HEAD_BYTES,
        **(more if address.certificate else {}),
    )


def _loaded(config: uvicorn.Config) -> uvicorn.Config:
    """With its certificate read. Raises UsageError for one that cannot be used."""
    try:
        config.load()
    except OSError as error:  # errors of TLS are some of these
        raise UsageError(f"{config.ssl_certfile}: cannot be used with that key: {error.strerror or error}") from error
    return config


def _end_well() -> None:
    """uvicorn raises the signal that ended it once more, by which the process would end as if it had been killed."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
