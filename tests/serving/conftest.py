"""A real server on a port of its own, in a thread; only the model is scripted."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from secassist.pipeline import Pipeline
from secassist.queueing.intake import Intake
from secassist.serving import guarding
from secassist.serving.app import Desk, Limits
from secassist.serving.gathering import Gathering
from secassist.serving.guarding import Door
from secassist.serving.listening import Address, configured

TOKEN = "an-invented-token-of-the-tests"
Start = Callable[..., httpx.Client]


@contextmanager
def serving(pipeline: Pipeline, *, token: str = TOKEN, high_water: int = 0, limits: Limits) -> Iterator[str]:
    """The URL of a server that ends with the block."""
    listener = guarding.bound("127.0.0.1", 0, guarded=bool(token))
    address = Address(listener)
    with Gathering(Intake(pipeline, high_water)) as gathering:
        desk = Desk(pipeline, gathering, Door(token), limits)
        server = uvicorn.Server(configured(desk.application(), address))
        thread = threading.Thread(target=lambda: server.run(sockets=[listener]))
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield address.url
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def start(pipeline: Pipeline) -> Iterator[Start]:
    """Starts a server and gives a client of it, which names the token."""
    with ExitStack() as stack:

        def started(limits: Limits | None = None, **more: Any) -> httpx.Client:
            url = stack.enter_context(serving(pipeline, limits=limits or Limits(), **more))
            headers = {"authorization": f"Bearer {more.get('token', TOKEN) or 'none'}"}
            return stack.enter_context(httpx.Client(base_url=url, headers=headers, timeout=30.0, trust_env=False))

        yield started


@pytest.fixture
def client(start: Start) -> httpx.Client:
    return start()
