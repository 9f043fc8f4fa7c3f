"""A file that data flow did not go through to its end says so, with a model and without."""

from typing import Any

import pytest

from schemas import CodeUnit, State
from secassist import plugins
from secassist.backends.scripted import ScriptedBackend
from secassist.detectors._flow import expressions
from secassist.scanning.rules import NoModel, Rules
from tests.analyzers.scripts import KEY, analyzer, decided, driver

ROOM: dict[str, Any] = {
    name: plugins.load("detectors", name) for name in ("python_static", "code_flow", "code_context")
}
LONG = "def f(a):\n" + "".join(f"    b{n} = a + {n}\n" for n in range(60))
NOTE = "code_flow: the file is too large: a part of it was not gone through"


def _unit(body: str) -> CodeUnit:
    return CodeUnit(source="code", origin="test", title="a.py", path="a.py", body=body)


def test_it_is_told_beside_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "MOST_STEPS", 50)
    asked = driver(ScriptedBackend(decided), ROOM)
    fast = Rules(NoModel(), ROOM, KEY)
    for house in (asked, fast):
        (analysis,) = house.analyze(analyzer("review"), [_unit(LONG)])
        assert analysis.state is State.OK and analysis.error == NOTE
        (whole,) = house.analyze(analyzer("review"), [_unit("def f(a):\n    return a\n")])
        assert not whole.error
