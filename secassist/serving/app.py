"""The HTTP API: POST alerts, GET a job with its verdict, GET figures; what is answered 202 is on disk."""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar, get_args

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from secassist.config import Settings
from secassist.errors import BusyError, SecassistError, StoreError
from secassist.pipeline import Pipeline
from secassist.queueing.intake import Wish
from secassist.serving.gathering import Gathering, Taken
from secassist.serving.guarding import Door, Held, Share
from secassist.serving.reading import LONGEST_KEY, BodyError, fit_key
from secassist.serving.tallying import Tally
from secassist.store import Counts, Job, JobState, Priority

JOB_DIGITS = 32
LOOKING_THREADS = 4
"""Reads of the database at a time; the others wait, and the clients that store do not wait for them."""
COUNTED_SECONDS = 5.0
"""For how long counts are told again; counting all that is done takes half a second per million."""
AWAY_SECONDS = 5
"""When to ask again while the database is away."""
LONGEST_SOURCE = 64
LINGER_SECONDS, LINGER_BYTES = 2.0, 4 * 2**20
"""What is still read of a body that was refused, so that a client that only sends gets to hear of it."""
ASKING = ("authorization", "host", "origin")
"""Headers by which a client is let in."""
LANGUAGES = get_args(Settings.model_fields["language"].annotation)
KEPT = "the accepted alerts are queued; send only the rejected ones again, corrected"

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """`body` bytes of one request, which is to arrive within `body_seconds`; `held` bytes of all of them together.

    What is held has to be masked and stored while its clients wait: 16 MiB of alerts are less than a minute of it.
    """

    body: int = 8 * 2**20
    body_seconds: float = 30.0
    held: int = 16 * 2**20


class RefusedError(Exception):
    """A request that ends here, by status and what to do about it; `after` says when to come back (seconds)."""

    def __init__(self, status: int, detail: str, after: float = 0.0) -> None:
        super().__init__(detail)
        self.status, self.detail, self.after = status, detail, after


@dataclass
class Desk:
    """Answers requests; wired by `listening`."""

    pipeline: Pipeline
    gathering: Gathering
    door: Door
    limits: Limits = field(default_factory=Limits)
    language: str = "en"
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self._held = Held(self.limits.held)
        self._looking = ThreadPoolExecutor(LOOKING_THREADS, "looking")
        self._counts: Counts | None = None
        self._counted = -math.inf

    def application(self) -> Starlette:
        """The routes."""
        routes = [
            Route("/v1/alerts", self._counting(self._post), methods=["POST"]),
            Route("/v1/jobs/{id}", self._guarded(self._job), methods=["GET"]),
            Route("/metrics", self._guarded(self._metrics), methods=["GET"]),
            Route("/healthz", self._alive, methods=["GET"]),
            Route("/readyz", self._ready, methods=["GET"]),
        ]
        made = Starlette(routes=routes, exception_handlers={HTTPException: _unrouted})
        made.router.redirect_slashes = False
        return made

    # what every route shares

    def _guarded(self, answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            try:
                if not self.door.opens(*(request.headers.get(name, "") for name in ASKING)):
                    raise RefusedError(401, "name the token: Authorization: Bearer ...")
                return await answer(request)
            except RefusedError as error:
                await _linger(request)
                return problem(error.status, error.detail, error.after)
            except StoreError as error:
                log.warning("%s", error)
                return problem(
                    503, "the database is out of reach; nothing was changed that was not answered", AWAY_SECONDS
                )
            except SecassistError as error:
                return problem(400, self.pipeline.redactor(str(error)))

        return guarded

    def _counting(self, answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        guarded = self._guarded(answer)

        async def counting(request: Request) -> Response:
            try:
                made = await guarded(request)
            except ClientDisconnect:
                made = problem(400, "the client went away")  # nobody reads it; the figures do
            self.tally.answered(made.status_code)
            return made

        return counting

    # alerts

    async def _post(self, request: Request) -> Response:
        wish = self._wish(request.query_params, request.headers.get("idempotency-key", ""))
        with self._held.share() as share:
            body = await self._body(request, share)
            self.tally.received(len(body))
            try:
                taken = await asyncio.wrap_future(self.gathering.take(body, wish))
            except BusyError as error:
                raise RefusedError(429, str(error), error.retry_after) from error
            except BodyError as error:
                raise RefusedError(413 if "more than" in str(error) else 400, str(error)) from error
        new = sum(submitted.new for _, submitted in taken.accepted)
        self.tally.alerts(queued=new, duplicate=len(taken.accepted) - new, rejected=len(taken.rejected))
        return _answer(taken)

    def _wish(self, asked: Mapping[str, str], key: str) -> Wish:
        unknown = sorted(set(asked) - {"priority", "source", "language"})
        if unknown:
            raise RefusedError(400, "there are the parameters priority, source and language")
        if not fit_key(key):
            raise RefusedError(400, f"an Idempotency-Key has at most {LONGEST_KEY} printable characters")
        language, source = asked.get("language", self.language), asked.get("source", "")
        if language not in LANGUAGES:
            raise RefusedError(400, f"a language is one of {', '.join(LANGUAGES)}")
        if len(source) > LONGEST_SOURCE or not source.isprintable():
            raise RefusedError(400, f"a source has at most {LONGEST_SOURCE} printable characters")
        try:
            priority = Priority[asked.get("priority", "normal").upper()]
        except KeyError:
            raise RefusedError(400, "a priority is high, normal or low") from None
        return Wish(kind="triage", language=language, priority=priority, source=source, key=key)

    async def _body(self, request: Request, share: Share) -> bytes:
        """The whole of it, within its limits of size and time, whatever its headers say."""
        declared = request.headers.get("content-length", "")
        parts: list[bytes] = []
        try:
            if declared.isdigit() and int(declared) > self.limits.body:
                raise self._too_large()
            async with asyncio.timeout(self.limits.body_seconds):
                async for part in request.stream():
                    parts.append(part)
                    if share.size + len(part) > self.limits.body:
                        raise self._too_large()
                    if not share.grow(len(part)):
                        raise RefusedError(429, "too much is being sent at once; try again", 1.0)
        except TimeoutError:
            raise RefusedError(408, f"the body did not arrive within {self.limits.body_seconds:g} s") from None
        return b"".join(parts)

    def _too_large(self) -> RefusedError:
        return RefusedError(413, f"the body is larger than {self.limits.body} bytes; send several smaller ones")

    # jobs and figures

    async def _job(self, request: Request) -> Response:
        id_ = request.path_params["id"].lower()
        if len(id_) != JOB_DIGITS or set(id_) - set("0123456789abcdef"):
            raise RefusedError(404, f"a job is named by {JOB_DIGITS} hex digits")
        told = await self._look(lambda: self._told(id_))
        if told is None:
            raise RefusedError(404, "there is no such job")
        return JSONResponse(told)

    def _told(self, id_: str) -> dict[str, Any] | None:
        job = self.pipeline.store.jobs.find(id_)
        if job is None:
            return None
        found = self.pipeline.store.find_analysis(job.analysis_id) if job.state is JobState.DONE else None
        return {**_shown(job), "analysis": found and found.model_dump(mode="json")}

    async def _metrics(self, _request: Request) -> Response:
        counts: Counts | None = None
        try:
            counts = await self._look(self._count)
        except StoreError as error:
            log.warning("%s", error)
        return PlainTextResponse(self.tally.text(counts), media_type="text/plain; version=0.0.4; charset=utf-8")

    def _count(self) -> Counts:
        now = time.monotonic()
        if self._counts is None or now - self._counted > COUNTED_SECONDS:
            self._counts, self._counted = self.pipeline.store.jobs.counts(), now
        return self._counts

    async def _look(self, read: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._looking, read)

    async def _alive(self, _request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def _ready(self, _request: Request) -> Response:
        try:
            await self._look(self._count)
        except StoreError as error:
            log.warning("%s", error)
            return problem(503, "the database is out of reach", AWAY_SECONDS)
        return PlainTextResponse("ok\n")


async def _linger(request: Request) -> None:
    """Reads on for a moment; a connection that is closed with something unread is reset, and the answer lost."""
    size = 0
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > LINGER_BYTES:
                    return
    except (TimeoutError, ClientDisconnect, RuntimeError):
        return


async def _unrouted(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return problem(status, "there are POST /v1/alerts, GET /v1/jobs/ID, GET /metrics, GET /healthz and GET /readyz")


def problem(status: int, detail: str, after: float = 0.0) -> Response:
    """An error as RFC 9457 has it; the connection ends with it, for the rest of a body may still be coming."""
    headers = {"content-type": "application/problem+json", "connection": "close"}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    if after:
        headers["retry-after"] = str(math.ceil(after))
    return JSONResponse({"status": status, "detail": detail}, status, headers=headers)


def _answer(taken: Taken) -> Response:
    accepted = [
        {"index": number, "job": each.job.id, "subject": each.job.subject_id, "duplicate": not each.new}
        for number, each in taken.accepted
    ]
    rejected = [{"index": number, "reason": reason} for number, reason in taken.rejected]
    said: dict[str, Any] = {"accepted": accepted, "rejected": rejected}
    if rejected:
        return JSONResponse({**said, "detail": KEPT if accepted else "nothing was accepted"}, 400)
    headers = {"location": f"/v1/jobs/{accepted[0]['job']}"} if len(accepted) == 1 else {}
    return JSONResponse(said, 202, headers=headers)


def _shown(job: Job) -> dict[str, Any]:
    """Without the token of its lease; times are milliseconds since 1970 UTC."""
    return {name: value for name, value in asdict(job).items() if name != "lease_token"}
