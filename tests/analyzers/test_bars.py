"""How probable a weakness must be to be told depends on what code saw; probabilities stay what they were."""

import pytest

from schemas import CodeUnit
from secassist import plugins
from secassist.analyzers import _bars, review
from secassist.analyzers.base import Evidenced, Question
from secassist.backends.scripted import ScriptedBackend
from secassist.registry import Calibration
from tests.analyzers.scripts import analyzer, decided, driver

ROOM = {name: plugins.load("detectors", name) for name in ("python_static", "code_flow", "code_context")}
FOLLOWED = "import os\n\ndef listing(path):\n    return os.system('ls ' + path)\n"
QUIET = "def add(a, b):\n    return a + b\n"
CONSTANT = "def listing(cursor):\n    cursor.execute('select a from b')\n"
OPEN = "def read(path):\n    with open(path) as file:\n        return file.read()\n"
SCANNED = "import requests\n\ndef get(url):\n    return requests.get('https://example.org/a')\n"


def _question(body: str, path: str) -> Question:
    house = driver(ScriptedBackend(decided), ROOM)
    item: Evidenced = house.detect(
        analyzer("review"), CodeUnit(source="code", origin="test", title=path, path=path, body=body)
    )
    (question,) = analyzer("review").ask(item, house.tools(analyzer("review")))
    return question


@pytest.mark.parametrize(
    ("body", "path", "least"),
    [
        (FOLLOWED, "a.py", 0.5),
        (SCANNED, "a.py", _bars.SCANNER_ALONE),
        (OPEN, "a.py", _bars.OPEN_UNSAID),
        (CONSTANT, "a.py", _bars.HARMLESS["python"]),
        (QUIET, "a.py", _bars.NOTHING_SEEN["python"]),
        ("package a\n\nfunc add(a int, b int) int {\n\treturn a + b\n}\n", "a.go", 0.5),
        ("SELECT a FROM b;\n", "a.sql", 0.5),
    ],
)
def test_the_threshold_of_a_unit(body: str, path: str, least: float) -> None:
    question = _question(body, path)
    assert question.calibration is not None and question.calibration.bad_above == least


def test_the_probability_is_not_touched_and_the_decision_follows_the_threshold() -> None:
    plain, quiet = Calibration(), _question(QUIET, "a.py").calibration
    assert quiet is not None
    odds = {"vulnerable": 0.53, "safe": 0.47, "unsure": 0.0}
    assert review.score(odds, quiet) == review.score(odds, plain) == pytest.approx(0.53)
    judge = analyzer("review")
    assert judge.decide(odds, plain) == "vulnerable"
    assert judge.decide(odds, quiet) == "safe"
    assert judge.decide(odds | {"vulnerable": 0.6, "safe": 0.4}, quiet) == "vulnerable"


def test_a_stricter_calibration_is_kept() -> None:
    assert _bars.raised(Calibration(bad_above=0.9), "flow: NONE", [], "python").bad_above == 0.9
