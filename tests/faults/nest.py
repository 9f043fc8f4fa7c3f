"""Nest: one process that has loaded everything and forks workers off, so that a killed worker is replaced in no time.

It is told on its standard input, one JSON object a line, what to fork, and says on its output who lives and who died.
"""

import gc
import importlib
import json
import os
import selectors
import signal
import sys
import traceback
from contextlib import suppress
from typing import Any, NoReturn

TICK = 0.02


def main() -> NoReturn:
    """Forks until its input ends; then ends its children."""
    from tests.faults.stub import warm

    warm()
    gc.freeze()
    say({"ready": os.getpid()})
    living: set[int] = set()
    selector = selectors.DefaultSelector()
    os.set_blocking(0, False)
    selector.register(0, selectors.EVENT_READ)
    waiting = b""
    while True:
        if selector.select(TICK):
            read = os.read(0, 1 << 16)
            if not read:
                break
            *lines, waiting = (waiting + read).split(b"\n")
            living |= {fork(json.loads(line)) for line in lines}
        reap(living)
    for pid in living:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    os._exit(0)  # what was loaded need not be taken apart


def fork(spec: dict[str, Any]) -> int:
    """A child that runs `module:function` of the specification with it."""
    pid = os.fork()
    if pid:
        say({"born": pid, "ticket": spec["ticket"]})
        return pid
    code = 1
    try:
        os.setpgid(0, 0)
        null, log = os.open(os.devnull, os.O_RDONLY), os.open(spec["log"], os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        for source, target in ((null, 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        os.environ.update(spec.get("environment", {}))
        module, _, function = spec["run"].partition(":")
        code = int(getattr(importlib.import_module(module), function)(spec) or 0)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def reap(living: set[int]) -> None:
    """Says who died, and how."""
    while living:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        living.discard(pid)
        say({"died": pid, "code": os.waitstatus_to_exitcode(status)})


def say(told: dict[str, Any]) -> None:
    """One line."""
    os.write(1, json.dumps(told).encode() + b"\n")


if __name__ == "__main__":
    main()
