"""The hooks of a process: what they clean, what they leave, and that they go as they came."""

import logging
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest

from secassist import logs

SECRET = "Zq7-invented-value"


def hide(text: str) -> str:
    return text.replace(SECRET, "[gone]")


@pytest.fixture
def records() -> Iterator[list[str]]:
    """What a handler with a format of its own writes."""
    said: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(self.format(record))

    handler = Keep()
    log = logging.getLogger("tests.somebody")
    log.addHandler(handler)
    with logs.guarded(hide):
        yield said
    log.removeHandler(handler)


def test_a_record_is_clean_before_any_handler_sees_it(records: list[str]) -> None:
    logging.getLogger("tests.somebody").warning("seen %s and %r", SECRET, [SECRET])
    assert records == ["seen [gone] and ['[gone]']"]


def test_a_record_that_does_not_fit_says_so_and_no_more(records: list[str]) -> None:
    logging.getLogger("tests.somebody").warning("%s %s", SECRET)  # noqa: PLE1206 - that is what is tried
    assert records == ["tests.somebody: a record whose arguments do not fit its message"]


def test_a_traceback_names_places_but_no_source_and_no_locals(records: list[str]) -> None:
    local = SECRET

    def fail(argument: str) -> None:
        raise KeyError(f"not {argument}")

    try:
        fail(local)
    except KeyError:
        logging.getLogger("tests.somebody").exception("failed")
    (told,) = records
    assert "KeyError: 'not [gone]'" in told
    assert "in fail" in told
    assert "raise KeyError" not in told
    assert "argument" not in told


def test_causes_notes_and_groups_are_told_clean() -> None:
    inner = ValueError(SECRET)
    inner.add_note(f"said {SECRET}")
    error = ExceptionGroup("several", [inner])
    error.__cause__ = OSError(SECRET)
    told = logs.told(error, hide)
    assert SECRET not in told
    assert told.count("[gone]") == 3
    assert "ValueError" in told
    assert "OSError" in told


def test_uncaught_errors_warnings_and_threads(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise RuntimeError(SECRET)

    with logs.guarded(hide), warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"beware of {SECRET}", stacklevel=1)
        sys.excepthook(RuntimeError, RuntimeError(SECRET), None)
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    said = capsys.readouterr().err
    assert SECRET not in said
    assert said.count("[gone]") == 3


def test_a_thread_that_ends_itself_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    with logs.guarded(hide):
        thread = threading.Thread(target=sys.exit)
        thread.start()
        thread.join()
    assert capsys.readouterr().err == ""


def test_everything_is_put_back() -> None:
    before = (
        logging.getLogRecordFactory(),
        logging.raiseExceptions,
        sys.excepthook,
        sys.unraisablehook,
        threading.excepthook,
        warnings.showwarning,
    )
    with logs.guarded(hide):
        assert logging.getLogRecordFactory() is not before[0]
    after = (
        logging.getLogRecordFactory(),
        logging.raiseExceptions,
        sys.excepthook,
        sys.unraisablehook,
        threading.excepthook,
        warnings.showwarning,
    )
    assert after == before
