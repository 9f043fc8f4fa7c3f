"""Every way to fail that carries input with it: broken files, models, templates, databases, logs and threads."""

import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from secassist import bootstrap, logs, plugins, templates
from secassist.backends.base import Request
from secassist.errors import BackendError, DetectorError, TemplateError
from secassist.masking import Redactor
from tests.canary.canaries import MAKERS, Sent, make, sent
from tests.canary.conftest import Stage, unseen
from tests.canary.world import write, write_broken


def caused(text: str) -> BaseException:
    error = RuntimeError(f"while reading {text}")
    error.__cause__ = OSError(f"lost {text}")
    error.add_note(f"it said {text}")
    return error


Raise = Callable[[str], BaseException]
FAILURES: dict[str, Raise] = {
    "the backend is away": lambda text: BackendError(f"no answer to {text}"),
    "nobody thought of it": lambda text: ValueError(f"cannot digest {text}"),
    "a key is not there": KeyError,
    "it was interrupted": KeyboardInterrupt,
    "a cause and a note": caused,
}


@pytest.fixture
def items() -> list[Sent]:
    """One canary of each kind, in three of its spellings, so that every spelling meets every failure."""
    found = sent(make(len(MAKERS)))
    return [item for at, item in enumerate(found) if at % 5 in (0, 1 + at // 5 % 4, 1 + (at // 5 + 1) % 4)]


@pytest.fixture
def played(stage: Any, items: list[Sent], monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """With tracebacks asked for, and every record of every library written to a file."""
    monkeypatch.setenv("SECASSIST_TRACEBACK", "1")
    made: Stage = stage(items)
    with everything_logged(made.out / "debug.log"):
        yield made
    missed = unseen(items, bootstrap.redactor())
    assert not {name: left for name, owners in made.leaks().items() if (left := owners - missed)}


@contextmanager
def everything_logged(path: Path) -> Iterator[None]:
    handler, root = logging.FileHandler(path), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
        root.setLevel(level)


def test_files_that_break(played: Stage, items: list[Sent], monkeypatch: pytest.MonkeyPatch) -> None:
    """Phones are left out: in a broken encoding no word beside one can be read that says what it is."""
    monkeypatch.setenv("SECASSIST_FILE_MEGABYTES", "1")
    items = [item for item in items if item.canary.kind != "phone"]
    for path in write_broken(played.folder / "in", items):
        for command in ("triage", "scan"):
            assert played(command, path, "--json").code in (0, 2, 3)


@pytest.mark.parametrize("how", sorted(FAILURES))
def test_models_that_fail(played: Stage, items: list[Sent], how: str) -> None:
    heard: list[str] = []

    def fail(request: Request) -> str:
        heard.append(request.prompt.user)
        raise FAILURES[how](request.prompt.user)

    played.secassist.script = fail
    inputs = write(played.folder / "in", items)
    for command, folder in (("triage", "alerts"), ("scan", "documents")):
        assert played(command, inputs / folder).code in (4, 130)
    assert len(heard) == 2


def test_templates_that_fail(played: Stage, items: list[Sent], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Any, values: Any, **_more: Any) -> Any:
        raise TemplateError(f"no such value in {values}")

    monkeypatch.setattr(templates.Template, "render", fail)
    inputs = write(played.folder / "in", items)
    assert played("triage", inputs / "alerts").code == 2
    assert played("scan", inputs / "documents").code == 2


def test_a_search_that_fails_keeps_nothing(played: Stage, items: list[Sent], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Any, subject: Any) -> Any:
        raise DetectorError(f"cannot read {subject.text}")

    monkeypatch.setattr(type(plugins.load("detectors", "secrets")), "detect", refuse)
    inputs = write(played.folder / "in", items)
    ran = played("triage", inputs / "alerts", "--json")
    assert (ran.code, "withheld" in ran.err) == (3, True)


@pytest.mark.parametrize("table", ["subjects", "analyses", "findings", "rejections"])
def test_databases_that_fail(played: Stage, items: list[Sent], table: str) -> None:
    inputs = write(played.folder / "in", items)
    played("list")
    engine = sa.create_engine(f"sqlite:///{played.secassist.home}/secassist.db")
    with engine.begin() as connection:
        words = f"CREATE TRIGGER no BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END"
        connection.exec_driver_sql(words)
    engine.dispose()
    (inputs / "alerts" / "x.json").write_text('{"a": ' + items[0].text)
    codes = {played(*words).code for words in (("triage", inputs / "alerts"), ("scan", inputs / "documents"))}
    assert (4 in codes) is (table != "rejections")  # of which one that is refused counts as known already


def test_statements_that_are_echoed(played: Stage, items: list[Sent], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("sqlalchemy.engine"), "level", logging.DEBUG)
    inputs = write(played.folder / "in", items)
    played("triage", inputs / "alerts")
    assert "INSERT INTO analyses" in (played.out / "debug.log").read_text()


def test_logs_warnings_and_hooks(played: Stage, items: list[Sent], capsys: pytest.CaptureFixture[str]) -> None:
    redactor, said = bootstrap.redactor(), "\n".join(item.text for item in items)
    with logs.guarded(redactor), warnings.catch_warnings():
        warnings.simplefilter("always")
        for item in items:
            speak(item.text, redactor)
        speak(said, redactor)
    told = capsys.readouterr()
    played.keep(told.out + told.err)
    assert "UserWarning" in told.err
    assert "RuntimeError" in told.err
    assert "in Thread" in told.err


def speak(text: str, redactor: Redactor) -> None:
    """One text through each of the process's own sinks."""
    log = logging.getLogger("somebody.else")
    log.warning("seen %s and %r", text, {"a": text})
    log.info("too few %s %s", text)  # noqa: PLE1206 - that is what is tried
    log.error(text, stack_info=True)
    warnings.warn(text, stacklevel=1)
    try:
        raise caused(text)
    except RuntimeError as error:
        log.exception("failed on %s", text)
        sys.excepthook(type(error), error, error.__traceback__)
        sys.unraisablehook(Unraisable(error))
    thread = threading.Thread(target=thrown, args=(text,))
    thread.start()
    thread.join()


def thrown(text: str) -> None:
    secret_local = text
    raise RuntimeError(secret_local)


class Unraisable:
    """What Python hands to its hook when a destructor fails."""

    def __init__(self, error: BaseException) -> None:
        self.exc_value, self.exc_type, self.exc_traceback = error, type(error), error.__traceback__
        self.err_msg, self.object = None, None
