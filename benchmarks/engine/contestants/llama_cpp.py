"""llama.cpp's server: one process per analyzer with merged weights, token ids in, its own JSON-schema grammar."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from benchmarks.engine.contestants.base import Answer, Setup, Unavailable
from benchmarks.engine.workload import Ask

SLOTS = 32
"""Most sequences decoded together: 64 were as fast, 8 a third slower, measured on two cores with one thread."""
SLOT_TOKENS = 1024
"""Room of one slot: the longest prompt of the workload and its answer."""
START_SECONDS = 60.0
OPEN = httpx.Limits(max_connections=256, max_keepalive_connections=256)
VARIANTS: dict[str, dict[str, str]] = {
    "": {"fa": "off", "kv": "f32", "weights": "f32"},
    "f16kv": {"fa": "off", "kv": "f16", "weights": "f32"},
    "fa": {"fa": "on", "kv": "f16", "weights": "f32"},
    "q8_0": {"fa": "off", "kv": "f16", "weights": "q8_0"},
}


class Server:
    """One llama.cpp server with one model; `room` is the context of one slot in tokens."""

    def __init__(self, setup: Setup, weights: Path, slots: int, options: dict[str, str], room: int) -> None:
        self.port = _free_port()
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}", timeout=1800.0, trust_env=False, limits=OPEN
        )
        self._log = (setup.work / f"llama-server-{self.port}.log").open("wb")
        binary, threads = find_server(setup.llama_server), str(setup.threads)
        command = [
            *(binary, "-m", str(weights), "--host", "127.0.0.1", "--port", str(self.port), "--offline"),
            *("-t", threads, "-tb", threads, "-np", str(slots), "-c", str(slots * room), "-cb"),
            *("-fa", options["fa"], "-ctk", options["kv"], "-ctv", options["kv"]),
            *("-b", "2048", "-ub", options.get("ub", "256"), "-cram", "0", "--no-webui"),
        ]
        try:
            self._start(command)
        except Unavailable:
            # Some virtual machines announce AMX and then refuse it, and repacked 8-bit weights use it unasked.
            self._start([*command, "--no-repack"])

    def _start(self, command: list[str]) -> None:
        self.process = subprocess.Popen(
            command, stdout=self._log, stderr=subprocess.STDOUT, env=_environment(command[command.index("-t") + 1])
        )
        self._await()

    def _await(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise Unavailable(f"llama-server stopped with code {self.process.returncode}; see {self._log.name}")
            try:
                if self.client.get("/health").status_code == httpx.codes.OK:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        self.process.terminate()
        raise Unavailable(f"llama-server was not ready after {START_SECONDS:.0f} s; see {self._log.name}")

    def ask(self, ask: Ask, began: float) -> Answer:
        """One request, greedy; the time includes the way there and back."""
        body: dict[str, Any] = {
            "prompt": ask.ids,
            "n_predict": ask.limit,
            "json_schema": ask.schema,
            "temperature": 0.0,
            "samplers": ["temperature"],
            "cache_prompt": True,
            "return_tokens": True,
            "response_fields": ["content", "tokens", "tokens_predicted", "stop_type"],
        }
        reply = self.client.post("/completion", json=body)
        reply.raise_for_status()
        found = reply.json()
        ids = tuple(found.get("tokens") or ())
        if found.get("stop_type") == "eos":
            ids = ids[:-1]
        return Answer(found["content"], time.monotonic() - began, len(ids) or found["tokens_predicted"], ids)

    def close(self) -> None:
        """Stops the process."""
        self.client.close()
        self.process.terminate()
        self.process.wait(timeout=20)
        self._log.close()


class LlamaCpp:
    """All requests of an analyzer go to its server at once; analyzers take turns, so that the threads are not shared."""

    side_by_side = True

    def __init__(self, setup: Setup) -> None:
        options = VARIANTS[setup.variant] | {k: str(v) for k, v in setup.settings.items() if k in ("fa", "kv", "ub")}
        self._slots = int(setup.settings.get("slots", min(SLOTS, setup.waiting)))
        self._servers: dict[str, Server] = {}
        room = int(setup.settings.get("room", SLOT_TOKENS))
        for name in setup.analyzers:
            folder = Path(setup.model) if setup.model else setup.work / "models" / name
            if not setup.model or not self._servers:
                self._servers[name] = Server(setup, folder / f"{options['weights']}.gguf", self._slots, options, room)
            else:
                self._servers[name] = next(iter(self._servers.values()))

    def complete(self, asks: Sequence[Ask]) -> list[Answer]:
        """As many in flight as wait."""
        began = time.monotonic()
        answers: dict[int, Answer] = {}
        with ThreadPoolExecutor(max_workers=min(len(asks), 2 * self._slots)) as pool:
            for name in dict.fromkeys(ask.analyzer for ask in asks):
                rows = [row for row, ask in enumerate(asks) if ask.analyzer == name]
                server = self._servers[name]
                found = pool.map(lambda row, to=server: to.ask(asks[row], began), rows)
                answers |= dict(zip(rows, found, strict=True))
        return [answers[row] for row in range(len(asks))]

    def processes(self) -> tuple[int, ...]:
        """The servers; the client is not counted."""
        return tuple({server.process.pid for server in self._servers.values()})

    def close(self) -> None:
        """Stops every server."""
        for server in {id(s): s for s in self._servers.values()}.values():
            server.close()


def find_server(given: str) -> str:
    """Path of the binary: the option, LLAMA_SERVER, or the PATH; raises Unavailable when there is none."""
    named = given or os.environ.get("LLAMA_SERVER", "")
    found = named if named and Path(named).is_file() else shutil.which("llama-server")
    if not found:
        missing = f"{named} is not there" if named else "no llama-server; name it with --llama-server or LLAMA_SERVER"
        raise Unavailable(missing)
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(threads: str) -> dict[str, str]:
    """With the same limits as torch has, for a build that calls a matrix library."""
    return {**os.environ, **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), threads)}
