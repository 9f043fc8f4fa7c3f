"""The code scoreboard counts a pair only when both sides are right, and a finding of another weakness not as the same."""

import json
from pathlib import Path

from benchmarks.code import page
from benchmarks.code.items import Item, families, items
from benchmarks.code.scanners import ours

_BAD = "<?php\n$a = $_GET['a'];\nmysql_query('SELECT b FROM c WHERE d=' . $a);"
_GOOD = "<?php\n$a = (int) $_GET['a'];\nmysql_query('SELECT b FROM c WHERE d=' . $a);"


def _item(name: str, text: str, *, bad: bool, cwe: str = "CWE-89", pair: str = "") -> Item:
    return Item(name, "made", "php", "php", text, bad, (cwe,), name, pair)


def test_cwe_numbers_of_one_weakness_are_one_family() -> None:
    assert families(("CWE-95",)) == families(("CWE-94",)) != families(("CWE-89",))
    assert families(("CWE-77777", "nonsense")) == {78777}


def test_a_finding_of_another_weakness_counts_as_any_but_not_as_the_same() -> None:
    item = _item("a", _BAD, bad=False, cwe="CWE-79")
    answer = ours([item])[0]
    assert page.any_finding(answer)(item)
    assert not page.same_weakness(answer)(item)


def test_the_page_counts_pairs_and_what_the_judge_takes_away() -> None:
    drawn = [_item(f"p{n} {side}", text, bad=bad, pair=f"p{n}") for n in range(2)
             for side, text, bad in (("before", _BAD, True), ("after", _GOOD if n else _BAD, False))]  # fmt: skip
    drawn += [_item(f"s{n}", _BAD if n % 2 else _GOOD, bad=bool(n % 2)) for n in range(40)]
    said = {item.id: (item.id != "p0 after", 0.9 if item.bad else 0.1) for item in drawn}
    product = page.Product(ours([])[0], said)
    text = page.render(drawn, ours(drawn), product, page.About("today", "test", "command", "", 2))
    assert "| php | code_flow | 40 | +1.00 [+1.00, +1.00] (1.00 - 0.00)" in text
    assert "| made | php | 2 | code_flow | 1 | 1 |" in text
    assert "| code_flow | all | 1 | 1 (100%) | 22 | 0 (0%) |" in text


def test_rows_become_texts_whose_file_names_say_nothing(tmp_path: Path) -> None:
    row = {
        "id": "x-bad",
        "task": "C1",
        "language": "cpp",
        "input": "int a;",
        "label": {"vulnerable": True},
        "split": "test",
    }
    (tmp_path / "made.test.jsonl").write_text(json.dumps(row) + "\n")
    (found,) = items(tmp_path, "test")
    assert (found.language, found.dialect, found.name, found.bad) == ("c", "cpp", "unit.cpp", True)
