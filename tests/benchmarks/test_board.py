"""From items and answers to figures, goals and the page; adapters are run as they are."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.sensitive import board, items, logs, naming, ours, page, run, yardsticks
from benchmarks.sensitive.items import Item, Span
from benchmarks.sensitive.logs import PERSONAL, SECRET
from benchmarks.sensitive.page import About
from benchmarks.sensitive.throughput import Speed
from benchmarks.sensitive.yardsticks import Answer, Yardstick

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = {kind: frozenset(naming.types(kind)) for kind in (SECRET, PERSONAL)}


@pytest.fixture(scope="module")
def drawn() -> list[Item]:
    return items.draw(logs.SEED, None, ["logs"], limit=120)


def answer(name: str, found: list[list[Span]], **more) -> Answer:
    return Answer(name, "1", **({"claims": CLAIMS, "found": tuple(found)} | more))


def goal_words(goals: list[board.Goal]) -> dict[tuple[str, str], bool | None]:
    return {(goal.what, goal.where): goal.met for goal in goals}


def test_who_says_exactly_the_labels_meets_every_goal(drawn):
    made = board.make(drawn, [answer(ours.DETECTORS, [list(item.spans) for item in drawn])])
    row = next(row for row in made.rows if row.language == "all" and row.kind == PERSONAL)
    assert (row.places.precision.value, row.places.recall.value, row.typed.f1.value) == (1.0, 1.0, 1.0)
    assert row.flagged.value == 0.0
    assert all(goal.met for goal in board.goals(made, None))


def test_who_says_nothing_meets_none_but_that_of_clean_texts(drawn):
    made = board.make(drawn, [answer(ours.ANALYZER, [[] for _ in drawn])])
    goals = goal_words(board.goals(made, None))
    assert goals["personal data", "logs, English"] is False
    assert goals["clean texts flagged", "logs"] is True
    assert made.rows[0].places.f1.value == 0.0


def test_who_flags_every_text_is_told_so(drawn):
    said = [[Span(0, len(item.text), "token", SECRET, "token")] for item in drawn]
    made = board.make(drawn, [answer(ours.DETECTORS, said)])
    (rate,) = [rate for _, _, rate in made.either]
    assert (rate.value, rate.part, rate.whole) == (1.0, rate.whole, sum(not item.spans for item in drawn))


def test_a_tool_of_one_kind_has_no_row_for_the_other(drawn):
    only = answer("presidio", [[] for _ in drawn], claims={PERSONAL: frozenset({"phone"})})
    made = board.make(drawn, [only])
    assert {row.kind for row in made.rows} == {PERSONAL}
    claimed = next(row.claimed for row in made.rows if row.language == "all")
    assert claimed.recall.whole == sum(span.type == "phone" for item in drawn for span in item.spans)


def test_the_page_holds_goals_tools_that_failed_and_nothing_of_the_machine(drawn):
    good = answer(ours.DETECTORS, [list(item.spans) for item in drawn])
    bad = Answer("presidio", "9", {PERSONAL: frozenset()}, problem="does not install here (status 1)")
    made = board.make(drawn, [good, bad])
    speed = Speed(3, 6_000_000, 5, {"secrets": 1.0, "both": 2.0, "detect-secrets": 4.0})
    text = page.render(drawn, [good, bad], made, speed, About("2026-01-01", 1, 120, run.COMMAND))
    assert "does not install here (status 1)" in text
    assert "| both | 3.00 | 2.00 |" in text
    assert "**NOT met**" in text
    assert "at most 120 items" in text
    assert str(ROOT) not in text
    assert all(item.text not in text for item in drawn)


def test_a_yardstick_that_cannot_be_set_up_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    yardstick = Yardstick("x", "no-such-package", "0", "protocol.py", PERSONAL)
    got = yardsticks.ask(yardstick, [], tmp_path / "file")
    assert got.problem.startswith("does not run here")
    assert not got.speaks_of(PERSONAL)


def test_an_adapter_answers_every_item_and_keeps_noise_out(tmp_path):
    script = tmp_path / "adapter.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(yardsticks.TOOLS)!r})\n"
        "from protocol import occurrences, serve\n"
        "def find(items):\n"
        "    for item in items:\n"
        "        print('noise')\n"
        "        yield [(*place, 'PHONE', 1.0) for place in occurrences(item['text'], '42', 2)]\n"
        "serve('1.0', ['PHONE'], find)\n"
    )
    rows = [{"id": "a", "text": "42\n7 42 42", "language": "en"}, {"id": "b", "text": "none", "language": "zh"}]
    done = subprocess.run(
        [sys.executable, str(script)],
        input="\n".join(map(json.dumps, rows)),
        capture_output=True,
        text=True,
        check=True,
    )
    head, first, second = map(json.loads, done.stdout.splitlines())
    assert (head["version"], head["claims"]) == ("1.0", ["PHONE"])
    assert first == {"id": "a", "found": [[5, 7, "PHONE", 1.0], [8, 10, "PHONE", 1.0]]}
    assert second["found"] == [[0, 4, "PHONE", 1.0]]


def test_errors_of_fresh_shapes_are_not_dumped(drawn, tmp_path):
    run._dump(tmp_path / "errors.jsonl", drawn, [answer("x", [[] for _ in drawn])])
    told = [json.loads(line)["id"] for line in (tmp_path / "errors.jsonl").read_text(encoding="utf-8").splitlines()]
    assert set(told) == {item.id for item in drawn if item.spans and not item.fresh}
    assert any(item.fresh and item.spans for item in drawn)


def test_rows_of_the_labelled_data_become_items(tmp_path):
    label = {"spans": [{"start": 0, "end": 9, "type": "US_SSN"}], "scope": ["US_SSN"]}
    common = {"task": "S2", "input": "123456789", "group": "g", "language": "tr"}
    rows = [
        common | {"id": "a", "label": label, "split": "test"},
        common | {"id": "b", "label": label, "split": "train"},
    ]
    (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (got,) = items.draw(1, tmp_path, ["S2"])
    assert (got.id, got.language, got.scope) == ("a", "other", frozenset({"national_id"}))
    assert got.spans[0].type == "national_id"


def test_the_product_never_imports_its_benchmarks():
    for path in [path for room in ("secassist", "schemas", "workers") for path in (ROOT / room).rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        if "benchmarks" in text:
            names = [n for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom) for n in [node.module]]
            assert not any((name or "").startswith("benchmarks") for name in names), path
