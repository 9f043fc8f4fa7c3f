"""The commands over models: what serves, what was refused and why, and one command back."""

import json
from pathlib import Path

import pytest

from secassist import registry
from secassist.cli._run import Exit
from secassist.registry import Shelf
from tests.cli.conftest import Commands
from tests.evaluation.builders import row, write

BUNDLED = registry.BUNDLED / "adapters" / "triage"
pytestmark = pytest.mark.skipif(not BUNDLED.exists(), reason="no bundled model yet")


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    """The bundled triage adapter, marked as useless."""
    folder = tmp_path / "candidate"
    folder.mkdir()
    for path in BUNDLED.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "calibration.json").write_text('{"fit": false, "note": "AUC 0.51"}', encoding="utf-8")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [row(f"a-{n}", "T1", input={"event": {"n": n}}, label={"verdict": "benign"}, split="test") for n in range(3)]
    return write(tmp_path / "rows.jsonl", rows)


def listed(secassist: Commands) -> dict[tuple[str, str], str]:
    ran = secassist("models", "list", "--json")
    assert ran.code == 0
    rows = [json.loads(line) for line in ran.out.splitlines()]
    return {(one["name"], one["state"]): one["digest"] for one in rows}


def promoted(home: Path, folder: Path) -> str:
    shelf = Shelf(home)
    version = shelf.add("triage", folder, {"base": registry.base("bundled").digest})
    shelf.promote(version, "ann")
    return version.digest


def test_the_bundled_set_is_listed_as_live(secassist: Commands) -> None:
    found = listed(secassist)
    assert found["triage", "live"] == registry.at(BUNDLED).digest
    assert found["base", "live"] == registry.base("bundled").digest
    assert not [state for _, state in found if state != "live"]


def test_a_refusal_says_which_check_failed_and_keeps_the_candidate(
    secassist: Commands, candidate: Path, data: Path
) -> None:
    ran = secassist("models", "promote", candidate, "triage", "--data", data)
    assert ran.code == Exit.FINDINGS
    assert "FAIL calibration: AUC 0.51" in ran.out
    assert "refused: calibration" in ran.err
    digest = registry.at(candidate).digest
    assert listed(secassist)["triage", "candidate"] == digest
    assert listed(secassist)["triage", "live"] == registry.at(BUNDLED).digest
    shown = json.loads(secassist("models", "show", "triage", digest[:12]).out)
    failed = [check["name"] for check in shown["manifest"]["report"]["checks"] if not check["passed"]]
    assert failed == ["calibration"]
    assert shown["state"] == "candidate"


def test_a_dry_run_keeps_nothing(secassist: Commands, candidate: Path, data: Path) -> None:
    assert secassist("models", "promote", candidate, "triage", "--data", data, "--dry-run").code == Exit.FINDINGS
    assert not Shelf(secassist.home).versions()


def test_one_command_goes_back_and_the_audit_knows_of_both(secassist: Commands, candidate: Path) -> None:
    digest = promoted(secassist.home, candidate)
    assert listed(secassist)["triage", "live"] == digest
    assert json.loads(secassist("models", "show", "triage").out)["changes"][0]["after"] == digest
    ran = secassist("models", "rollback", "triage")
    assert ran.code == 0
    assert "-> bundled" in ran.err
    assert listed(secassist)["triage", "live"] == registry.at(BUNDLED).digest
    assert listed(secassist)["triage", "retired"] == digest
    audit = secassist("vault", "log").out
    assert "ann" in audit
    assert audit.index("promote") < audit.index("rollback")


def test_nothing_to_go_back_to(secassist: Commands) -> None:
    ran = secassist("models", "rollback", "triage")
    assert ran.code == Exit.USAGE
    assert "nothing was promoted" in ran.err


def test_what_nothing_measures_cannot_be_promoted(secassist: Commands, candidate: Path, data: Path) -> None:
    ran = secassist("models", "promote", candidate, "report", "--data", data)
    assert ran.code == Exit.USAGE
    assert "no labelled task measures report" in ran.err


@pytest.mark.parametrize("text", ["T1", "T1:auc", "T1:auc=high"])
def test_a_floor_is_spelled_out(secassist: Commands, candidate: Path, data: Path, text: str) -> None:
    ran = secassist("models", "promote", candidate, "triage", "--data", data, "--floor", text)
    assert ran.code == Exit.USAGE
    assert "TASK:MEASURE=VALUE" in ran.err


def test_the_tagger_is_listed_and_shown(secassist: Commands) -> None:
    digest = listed(secassist)["tagger", "live"]
    for name in ("tagger", "base", "triage"):
        ran = secassist("models", "show", name)
        assert (ran.code, json.loads(ran.out)["name"]) == (0, name)
    assert json.loads(secassist("models", "show", "tagger").out)["digest"] == digest
    assert secassist("models", "show", "base", "bundled").code == Exit.USAGE


@pytest.mark.parametrize(
    "words",
    [("show", "triagee"), ("rollback", "triagee"), ("compare", "triagee", "live", "bundled", "--data", ".")],
)
def test_an_analyzer_that_there_is_not(secassist: Commands, words: tuple[str, ...]) -> None:
    ran = secassist("models", *words)
    assert ran.code == Exit.USAGE
    assert "'triagee'; did you mean triage? there are: " in ran.err
    assert "sensitive" in ran.err
