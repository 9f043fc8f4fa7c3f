"""What the tagger reads becomes findings of the analyzer `sensitive`, without a question to the model."""

from collections.abc import Callable
from pathlib import Path

import pytest

from schemas import Analysis, Document, FindingKind, Judgement, Lineage
from secassist import bootstrap, plugins
from secassist.analyzers.base import Driver
from secassist.backends.scripted import ScriptedBackend
from secassist.config import read_settings
from secassist.detectors.people import People

KEY = b"k" * 32
Read = Callable[[str], tuple[list[tuple[int, int, str]], int]]


def spots(*values: tuple[str, str], unread: int = 0) -> Read:
    def read(text: str) -> tuple[list[tuple[int, int, str]], int]:
        return [(text.index(value), text.index(value) + len(value), kind) for value, kind in values], unread

    return read


def driver(read: Read) -> Driver:
    detectors = plugins.load_all("detectors") | {"people": People().reading(read, "d")}
    return Driver(ScriptedBackend([]), detectors, KEY)


def analysis(text: str, read: Read) -> Analysis:
    return driver(read).analyze(plugins.load("analyzers", "sensitive"), [Document(source="t", body=text)])[0]


def test_a_name_is_a_finding_that_no_model_was_asked_about() -> None:
    made = analysis("the key is with Orla Penhaligon now", spots(("Orla Penhaligon", "person")))
    (finding,) = made.findings
    assert (finding.rule, finding.kind, finding.judgement) == ("person", FindingKind.PERSONAL_DATA, Judgement.REAL)
    assert finding.by == ("people",) and 0.9 <= finding.confidence < 0.99
    assert "Penhaligon" not in made.model_dump_json()


def test_where_another_detector_points_the_reader_adds_nothing() -> None:
    mail = "orla.penhaligon@corp-mail.org"
    made = analysis(f"write to {mail}", spots((mail[:15], "person")))
    assert [finding.rule for finding in made.findings] == ["email"]


def test_what_was_not_read_is_an_omission() -> None:
    made = analysis("nothing here", spots(unread=12))
    assert [omission.rule for omission in made.omitted if "12 characters" in omission.rule]
    assert analysis("nothing here", spots()).omitted == ()


def lineage(home: Path, **given: object) -> Lineage:
    made = bootstrap.driver(read_settings(home=home, **given), ScriptedBackend([]))
    chosen = plugins.load("analyzers", "sensitive")
    return made.lineage(chosen, made.tools(chosen))


def test_the_lineage_tells_whether_and_what_was_read(tmp_path: Path) -> None:
    with_it, without = lineage(tmp_path), lineage(tmp_path, names="off")
    assert with_it.detectors_digest != without.detectors_digest
    assert with_it == lineage(tmp_path)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Please send the contract to Maria Lopez, 27 Willow Lane, Bristol BS4 2QA.", {"person", "address"}),
        ("麻烦把合同寄给欧阳晓岚，湖南省长沙市岳麓区桃园路88号6栋1203室", {"person", "address"}),
        ("系统连接超时，请稍后重试", set()),
    ],
)
def test_the_bundled_tagger_is_wired(text: str, found: set[str], tmp_path: Path) -> None:
    detector = bootstrap.driver(read_settings(home=tmp_path), ScriptedBackend([])).detectors["people"]
    assert {c.type for c in detector.detect(Document(source="t", body=text)).candidates} == found
