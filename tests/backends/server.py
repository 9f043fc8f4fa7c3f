"""A real HTTP server on the loopback that imitates an OpenAI-compatible one."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Script:
    """What the server does, and what it was asked. `body` overrides the whole answer; `delay` is in seconds; the first `cut`
    questions are heard, and their connections closed without an answer.
    """

    models: Any = field(default_factory=lambda: [{"id": "tiny"}, {"id": "tiny-triage"}])
    body: bytes | None = None
    status: int = 200
    delay: float = 0.0
    cut: int = 0
    text: str = '{"decision":"yes","reason":"why"}'
    tokens: list[tuple[str, dict[str, float]]] | None = None
    message: dict[str, Any] = field(default_factory=dict)
    finish: str = "stop"
    extra: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        choice: dict[str, Any] = {
            "message": {"role": "assistant", "content": self.text, **self.message},
            "finish_reason": self.finish,
        }
        if body.get("logprobs") and self.tokens is not None:
            content = [
                {"token": token, "top_logprobs": [{"token": t, "logprob": p} for t, p in tops.items()]}
                for token, tops in self.tokens
            ]
            choice["logprobs"] = {"content": content}
        usage = {"prompt_tokens": 11, "completion_tokens": 7}
        return {"choices": [choice], "usage": usage, **self.extra}


@contextmanager
def serving(script: Script) -> Iterator[Script]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.reply({"data": script.models}, forced=None if self.path == "/v1/models" else b"wrong path")

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            script.asked.append(body)
            script.headers.append(dict(self.headers))
            if script.cut > 0:
                script.cut -= 1
                self.close_connection = True
                return
            time.sleep(script.delay)
            self.reply(script.answer(body), forced=script.body, status=script.status)

        def reply(self, value: Any, forced: bytes | None, status: int = 200) -> None:
            data = json.dumps(value).encode() if forced is None else forced
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Silent."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
