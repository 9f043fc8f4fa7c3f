"""A worker's process: its log, its warnings and its end tell no secret, whichever handlers it sets up."""

import subprocess
import sys

from secassist import bootstrap
from tests.canary.canaries import MAKERS, Search, make, sent
from tests.canary.conftest import unseen

SPEAK = """
import logging, sys, warnings
import workers.app
from celery.utils.log import get_task_logger
workers.app.app.log.setup(loglevel="DEBUG")
text = sys.stdin.read()
get_task_logger("any").error("Task raised %r", ValueError(text))
for line in text.splitlines():
    logging.getLogger("celery.worker").warning("args %s", [line])
    warnings.warn(line)
raise RuntimeError(text[:20000])
"""


def test_a_worker_tells_no_secret() -> None:
    items = sent(make(len(MAKERS)))
    text = "\n".join(item.text for item in items)
    command = [sys.executable, "-W", "always", "-c", SPEAK]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=120, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "Task raised ValueError" in said
    assert said.count("args [") == len(items)
    assert "RuntimeError" in said
    assert not Search(items)(said.encode()) - unseen(items, bootstrap.redactor())
