"""The code scoreboard counts a pair only when both sides are right, and a finding of another weakness not as the same."""

import json
from pathlib import Path

from benchmarks.code import page
from benchmarks.code.items import Item, families, items
from benchmarks.code.scanners import Answer, examined, ours

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
    assert "| code_flow | all | any | 1 | 0 (0%) | 1 (100%) | 22 | 0 (0%) | 0 (0%) |" in text
    assert "No text that is labelled vulnerable and was flagged is called safe." in text


def test_what_an_older_version_flagged_and_code_proves_harmless_is_removed_and_a_lost_one_is_named() -> None:
    drawn = [_item(f"s{n}", _GOOD, bad=n == 39) for n in range(40)] + [_item("b", _BAD, bad=True)]
    before = Answer("code_flow before", frozenset("abcd"), {item.id: ("CWE-89",) for item in drawn}, 0.0)
    product = page.Product(
        ours([])[0], {item.id: (item.id == "b", 0.2) for item in drawn}, *examined(drawn), ((0.6, True),)
    )
    text = page.render(drawn, ours(drawn), product, page.About("today", "test", "command", "", 2), [before])
    assert "| code_flow before | all | same | 39 | 39 (100%) | 39 (100%) | 2 | 1 (50%) | 1 (50%) |" in text
    assert "- `s39` (CWE-89): CWE-89: $_GET of line 2, made harmless for every sink (line 3)" in text
    assert "The largest of these at which calibration groups lose nothing is 0.60" in text
    assert "Labelled safe" not in text


def test_a_text_that_is_labelled_safe_and_reached_all_the_same_is_a_question() -> None:
    drawn = [_item(f"s{n}", _BAD, bad=n % 2 == 0) for n in range(40)]
    product = page.Product(ours([])[0], {item.id: (True, 0.9) for item in drawn}, *examined(drawn))
    text = page.render(drawn, ours(drawn), product, page.About("today", "test", "command", "", 2))
    assert "20 texts, by source: made 20." in text
    assert "- `s1`: CWE-89 line 3: a query is run on text that holds request data ($_GET of line 2)" in text


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
