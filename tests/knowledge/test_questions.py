"""The questions: enough of them for every tactic, each complete in both languages, faults named when the file is read."""

from pathlib import Path

import pytest
import yaml

from secassist.errors import ConfigError
from secassist.knowledge import attack, questions
from secassist.knowledge.questions import INPUTS, Question

ALL = questions.questions()
TACTICS = sorted({tactic for row in attack.techniques().values() for tactic in row.tactics})
GOOD = {
    "id": "one",
    "weight": 5,
    "general": True,
    "ask": {"en": "Is it?", "zh": "是吗？"},
    "why": {"en": "Because.", "zh": "因为。"},
    "if_yes": {"en": "Yes.", "zh": "是。"},
    "if_no": {"en": "No.", "zh": "否。"},
}


def tactics_of(question: Question) -> set[str]:
    return set(question.tactics) | {tactic for each in question.techniques for tactic in attack.tactics(each)}


def test_there_are_enough_of_them() -> None:
    assert len(ALL) >= 60


@pytest.mark.parametrize("tactic", TACTICS)
def test_every_tactic_has_two(tactic: str) -> None:
    assert len([each for each in ALL if tactic in tactics_of(each)]) >= 2


@pytest.mark.parametrize("kind", sorted(INPUTS - {"refused", "windows"}))
def test_every_kind_of_input_has_one(kind: str) -> None:
    assert any(kind in each.inputs for each in ALL)


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.id)
def test_a_question_can_be_answered_with_yes_or_no(each: Question) -> None:
    assert each.ask["en"].endswith("?") and each.ask["zh"].endswith("？")
    assert all(text.endswith((".", "。")) for name in ("why", "yes", "no") for text in getattr(each, name).values())
    assert len({each.yes["en"], each.no["en"]}) == 2


def test_no_two_ask_the_same() -> None:
    assert len({each.ask["en"] for each in ALL}) == len(ALL)


def test_a_query_asks_about_something_of_the_case() -> None:
    for each in ALL:
        for language, query in each.queries.items():
            fixed = language in ("powershell", "shell", "secassist") or each.id.startswith("web-")
            assert fixed or "{" in query, (each.id, language)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"weight": 11}, "weight is 1 to 10"),
        ({"attack": "maybe"}, "attack is yes or no"),
        ({"ask": {"en": "Is it?"}}, "en and zh"),
        ({"ask": {"en": "", "zh": "是吗？"}}, "0 characters"),
        ({"techniques": ["T9999"], "general": False}, "T9999"),
        ({"general": False}, "general"),
        ({"tactics": ["magic"], "general": False}, "magic"),
        ({"inputs": ["telepathy"], "general": False}, "telepathy"),
        ({"needs": ["aura"]}, "aura"),
        ({"queries": {"kql": "a: {aura}"}}, "aura"),
        ({"queries": {"sql": "select"}}, "sql"),
        ({"search": "nowhere"}, "nowhere"),
        ({"told": [{"answer": "perhaps"}]}, "perhaps"),
        ({"told": [{"answer": "yes", "text": "("}]}, "one"),
        ({"colour": "red"}, "colour"),
        ({"otherwise": "fine"}, "fine"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, change: dict[str, object], told: str) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text(yaml.safe_dump({"searches": {}, "questions": [{**GOOD, **change}]}), "utf-8")
    with pytest.raises(ConfigError, match="question one") as raised:
        questions.read(file)
    assert told in str(raised.value)


def test_yes_and_no_are_words_and_ids_are_given_once(tmp_path: Path) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text(yaml.safe_dump({"questions": [{**GOOD, "attack": False}]}), "utf-8")
    assert questions.read(file)[0].attack == "no"
    file.write_text(yaml.safe_dump({"questions": [GOOD, GOOD]}), "utf-8")
    with pytest.raises(ConfigError, match="more than once: one"):
        questions.read(file)
    file.write_text("[]", "utf-8")
    with pytest.raises(ConfigError, match="list of questions"):
        questions.read(file)
