"""A pipeline whose model is a function of the test, and what puts jobs into its table."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schemas import Alert, Field
from schemas.answers import TriageAnswer
from secassist import bootstrap
from secassist.backends.base import Completion, Request
from secassist.backends.scripted import ScriptedBackend
from secassist.config import Settings
from secassist.pipeline import Pipeline
from secassist.queueing.intake import Intake, Wish
from secassist.store import Job, Submitted

ANSWER = TriageAnswer(
    decision="suspicious", severity="medium", techniques=[], lines=[1], reason="odd", missing=[]
).model_dump_json()
NAMES = ("ana", "bert", "cleo", "dora", "emil", "fritz", "gita", "hugo", "ines", "jana", "karl", "lena", "mats", "nora")


def answer(request: Request) -> Completion:
    return Completion(text=ANSWER, finish="stop", choices=dict.fromkeys(request.choices, 0.1))


def alert(number: int, said: str = "") -> Alert:
    """Alerts of different numbers differ in more than numbering, so that no verdict is carried over."""
    first, second = NAMES[number % len(NAMES)], NAMES[number // len(NAMES) % len(NAMES)]
    fields = (Field(path="user.name", value=f"{first}.{second}"), Field(path="process.name", value=said or "whoami"))
    return Alert(source="alert_json", origin=f"alerts.jsonl:{number}", title="login", fields=fields)


class Model:
    """What the model says: `script`, which a test may change, asked with every request."""

    def __init__(self) -> None:
        self.script: Callable[[Request], Completion] = answer
        self.backend = ScriptedBackend(self._say)

    def _say(self, request: Request) -> Completion:
        return self.script(request)


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def pipeline(tmp_path: Path, model: Model) -> Iterator[Pipeline]:
    made = bootstrap.pipeline(Settings(home=tmp_path / "home"), model.backend)
    yield made
    made.store.close()


@pytest.fixture
def submit(pipeline: Pipeline) -> Callable[..., list[Job]]:
    """Queues alerts, given or by their numbers."""

    def submitted(*items: int | Alert, **more: object) -> list[Job]:
        subjects = [alert(item) if isinstance(item, int) else item for item in items]
        parts = Intake(pipeline).submit(subjects, Wish(**more))  # type: ignore[arg-type]
        return [each.job for part in parts for each in part if isinstance(each, Submitted)]

    return submitted
