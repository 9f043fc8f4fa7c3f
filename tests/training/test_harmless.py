"""Ordinary code as lessons: units of packages, safe, and none where a detector sees more than a trifle."""

import json
from pathlib import Path

import pytest

from secassist import plugins
from secassist.analyzers.base import Driver
from secassist.backends.scripted import ScriptedBackend
from secassist.errors import UsageError
from secassist.training import harmless
from secassist.training.teaching import Teacher

PLAIN = "def total{n}(amounts):\n    positive = [one for one in amounts if one > {n}]\n    return sum(positive)\n"
WEAK = 'import os\nfrom flask import request\n\n\ndef show():\n    return os.popen("ls " + request.args["d"]).read()\n'


@pytest.fixture(scope="module")
def teacher() -> Teacher:
    driver = Driver(ScriptedBackend([]), plugins.load_all("detectors"), b"training only")
    return Teacher(driver, plugins.load_all("analyzers"), lambda text: len(text) // 4)


def put(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_units_of_packages_are_safe_and_named_by_package(teacher: Teacher, tmp_path: Path) -> None:
    for number in range(4):
        put(tmp_path, f"sums/part{number}.py", PLAIN.format(n=number))
        put(tmp_path, f"pages/part{number}.js", f"function twice{number}(x) {{\n  return 2 * x;\n}}\n")
    found = list(harmless.lessons(teacher, [tmp_path], 40))
    assert {one.group for one in found} == {"harmless:sums", "harmless:pages"}
    assert {one.source for one in found} == {harmless.SOURCE}
    assert all(one.bad is False and json.loads(one.answer)["decision"] == "safe" for one in found)
    assert len(found) == 8
    assert len(list(harmless.lessons(teacher, [tmp_path], 4))) == 4, "shared between the languages"


def test_what_a_detector_speaks_of_is_no_example_of_harmless_code(teacher: Teacher, tmp_path: Path) -> None:
    put(tmp_path, "web/views.py", WEAK)
    put(tmp_path, "web/sums.py", PLAIN.format(n=1))
    (found,) = harmless.lessons(teacher, [tmp_path], 10)
    assert "positive" in found.prompt.user


def test_packed_long_and_test_files_are_passed_over(teacher: Teacher, tmp_path: Path) -> None:
    put(tmp_path, "a/packed.js", "var a=1;" * 100)
    put(tmp_path, "a/tests/sums.py", PLAIN.format(n=1))
    put(tmp_path, "a/long.py", "x = 1\n" * 30_000)
    assert list(harmless.lessons(teacher, [tmp_path], 10)) == []


def test_a_folder_without_code_is_an_error(teacher: Teacher, tmp_path: Path) -> None:
    put(tmp_path, "notes.txt", "nothing")
    with pytest.raises(UsageError, match="no code below"):
        list(harmless.lessons(teacher, [tmp_path], 10))
