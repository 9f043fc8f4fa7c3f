"""The examples: what expected.json says of them is true of the files, and the detectors find what was planted."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from schemas import Disposition, FindingKind, Severity, Subject
from secassist.detectors.base import Candidate
from secassist.knowledge import attack, cwe
from secassist.plugins import load_all
from secassist.sources._choose import choose, walk
from secassist.sources.base import Limits

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
EXPECTED: dict[str, dict[str, Any]] = json.loads((EXAMPLES / "expected.json").read_text("utf-8"))
PAPERWORK = {"README.md", "expected.json"}


@cache
def subjects() -> dict[str, tuple[str, Subject]]:
    """Every subject by its origin below the folder, with the name of the source that was chosen for its file."""
    sources, found = load_all("sources"), {}
    for path in walk(EXAMPLES):
        assert isinstance(path, Path), path
        if path.name not in PAPERWORK:
            source = choose(path, sources)
            for item in source.read(path, Limits()):
                assert isinstance(item, Subject), item
                found[item.origin.removeprefix(f"{EXAMPLES}/")] = (source.name, item)
    return found


@cache
def candidates(origin: str) -> tuple[Candidate, ...]:
    """What the detectors propose there, without what they believe harmless themselves."""
    subject = subjects()[origin][1]
    detectors = (one for one in load_all("detectors").values() if subject.kind in one.kinds)
    return tuple(c for one in detectors for c in one.detect(subject).candidates if not c.safe_hint)


def findings(kind: str) -> list[Any]:
    return [
        pytest.param(origin, found, id=f"{origin}:{found['line']}")
        for origin, wanted in EXPECTED.items()
        for found in wanted.get("findings", ())
        if found.get("kind", "weakness") == kind
    ]


def test_every_subject_is_expected_and_no_other() -> None:
    assert set(EXPECTED) == set(subjects())


@pytest.mark.parametrize("origin", EXPECTED)
def test_what_is_said_of_a_subject_can_be_true(origin: str) -> None:
    wanted, (source, subject) = EXPECTED[origin], subjects()[origin]
    assert (wanted["source"], wanted["kind"]) == (source, subject.kind.value)
    places = [*wanted.get("findings", ()), *wanted.get("harmless", ())]
    numbers = {*wanted.get("lines", ()), *(place["line"] for place in places)}
    assert numbers <= {line.number for line in subject.lines if line.text.strip()}
    for word in (wanted.get("disposition"), *wanted.get("also_right", ())):
        assert word is None or Disposition(word)
    assert all(attack.exists(technique) for technique in wanted.get("techniques", ()))
    assert all(cwe.exists(found["cwe"]) for found in places if "cwe" in found)


@pytest.mark.parametrize(("origin", "found"), findings("weakness"))
def test_planted_weaknesses_are_found_at_their_line_by_their_name(origin: str, found: dict[str, Any]) -> None:
    right = {found["cwe"], *found["also_right"]}
    assert right & {c.cwe for c in candidates(origin) if c.place.start_line == found["line"]}


@pytest.mark.parametrize(("origin", "found"), [*findings("secret"), *findings("personal_data")])
def test_planted_secrets_and_personal_data_are_found_at_their_line(origin: str, found: dict[str, Any]) -> None:
    kinds = {c.kind for c in candidates(origin) if c.place.start_line == found["line"]}
    assert found.get("optional") or FindingKind(found["kind"]) in kinds


@pytest.mark.parametrize("origin", [origin for origin in EXPECTED if origin.startswith("webapp_safe/")])
def test_the_safe_twin_is_quiet(origin: str) -> None:
    grave = [c for c in candidates(origin) if c.severity.rank >= Severity.MEDIUM.rank]
    assert [(c.rule, c.place.start_line) for c in grave] == []


@pytest.mark.parametrize("origin", [origin for origin, wanted in EXPECTED.items() if wanted.get("harmless")])
def test_look_alikes_are_left_alone(origin: str) -> None:
    lines = {place["line"] for place in EXPECTED[origin]["harmless"]}
    grave = [c for c in candidates(origin) if c.severity.rank >= Severity.MEDIUM.rank]
    assert [(c.rule, c.place.start_line) for c in grave if c.place.start_line in lines] == []


@pytest.mark.parametrize("origin", [origin for origin, wanted in EXPECTED.items() if wanted.get("injected")])
def test_an_order_to_the_reader_stands_above_a_floor(origin: str) -> None:
    signals = load_all("detectors")["sigma"].detect(subjects()[origin][1]).signals
    assert any(signal.floor for signal in signals)


@pytest.mark.parametrize(
    "origin",
    [o for o, w in EXPECTED.items() if w.get("disposition") in ("false_positive", "benign_expected")],
)
def test_no_floor_forces_a_wrong_verdict_on_what_is_harmless(origin: str) -> None:
    subject = subjects()[origin][1]
    detectors = (one for one in load_all("detectors").values() if subject.kind in one.kinds)
    assert [s.rule for one in detectors for s in one.detect(subject).signals if s.floor] == []
