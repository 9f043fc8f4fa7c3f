"""The baseline: what it recognises again, what it does not, and what it never says."""

import json
from pathlib import Path

import pytest

from schemas import CodeUnit, Evidence, Finding, FindingKind, Judgement, Place, SecretTrace, Severity
from secassist.errors import UsageError
from secassist.scanning.baseline import NAME, Baseline, Spot, counts, is_one, is_part, key_of, load

VALUE = "invented-Value-4711-xyz"


def unit(body: str) -> CodeUnit:
    return CodeUnit(source="code", path="a.py", body=body)


def secret(body: str, value: str = VALUE) -> tuple[Finding, CodeUnit]:
    start = body.index(value)
    number = body.count("\n", 0, start) + 1
    place = Place(path="a.py", start_line=number, end_line=number, start=start, end=start + len(value))
    shown = body.split("\n")[number - 1].replace(value, "[password:****]")
    found = Finding(
        kind=FindingKind.SECRET,
        rule="password",
        message="m",
        place=place,
        severity=Severity.HIGH,
        confidence=0.9,
        evidence=(Evidence(line=number, quote=shown.strip(), redacted=True),),
        secret=SecretTrace(mask="****", hmac="", length=len(value)),
    )
    return found, unit(body)


def key(body: str, value: str = VALUE) -> str:
    found, subject = secret(body, value)
    return key_of(found, subject.text)


def test_a_key_stays_when_lines_and_spaces_move():
    assert key(f'p = "{VALUE}"') == key(f'\n\n   p =  "{VALUE}"\n')


def test_a_key_changes_with_the_line_and_with_the_value():
    other = "invented-Value-4712-xyz"
    assert key(f'p = "{VALUE}"') != key(f'q = "{VALUE}"')
    assert key(f'p = "{VALUE}"') != key(f'p = "{other}"', other)


def made(tmp_path: Path, *spots: Spot) -> Baseline:
    found = [secret(f'p = "{VALUE}"')[0]] * len(spots)
    return Baseline(tmp_path).updated(spots, found, [spot.path for spot in spots], None)


def test_what_is_known_is_known_as_often_as_it_was(tmp_path):
    one = Spot("a.py", "k1")
    base = made(tmp_path, one)
    assert base.old([one, one, Spot("a.py", "k2")], ["a.py"]) == [True, False, False]


def test_a_renamed_file_keeps_its_findings_but_a_copy_is_new(tmp_path):
    base = made(tmp_path, Spot("old.py", "k1"))
    assert base.old([Spot("new.py", "k1")], ["new.py"]) == [True]
    assert base.old([Spot("new.py", "k1"), Spot("newer.py", "k1")], ["new.py", "newer.py"]) == [True, False]
    assert base.old([Spot("copy.py", "k1")], ["old.py", "copy.py"]) == [False]


def test_saved_and_loaded_it_is_sorted_and_the_same(tmp_path):
    spots = [Spot(f"f{n}.py", f"k{n}") for n in range(20)]
    path = tmp_path / ".secassist-baseline.json"
    made(tmp_path, *spots).save(path)
    assert load(path).old(spots, []) == [True] * 20
    rows = json.loads(path.read_text())["findings"]
    assert rows == sorted(rows, key=lambda row: row["fingerprint"])
    again = load(path)
    again.save(path)
    assert json.loads(path.read_text())["findings"] == rows
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_it_holds_no_value_line_or_path(tmp_path):
    path = tmp_path / "b.json"
    made(tmp_path, Spot("deep/secret_name.py", key(f'p = "{VALUE}"'))).save(path)
    text = path.read_text()
    assert not any(word in text for word in (VALUE, VALUE[:6], "secret_name", "deep", 'p = "'))


def test_two_baselines_share_no_hash(tmp_path):
    spot = Spot("a.py", "k")
    first, second = (set(made(tmp_path, spot).known) for _ in range(2))
    assert not first & second


def test_an_update_of_a_part_keeps_the_rest_that_is_still_there(tmp_path):
    a, b, gone = Spot("a.py", "1"), Spot("b.py", "2"), Spot("gone.py", "3")
    base = made(tmp_path, a, b, gone).updated([], [], ["a.py"], ["a.py", "b.py"])
    assert base.old([a, b, gone], ["a.py", "b.py", "gone.py"]) == [False, True, False]


def test_what_is_gone_from_a_file_that_was_scanned_is_named(tmp_path):
    a, b, c = Spot("a.py", "1"), Spot("a.py", "2"), Spot("b.py", "3")
    path = tmp_path / "b.json"
    made(tmp_path, a, b, c).save(path)
    assert load(path).gone([b], ["a.py", "new.py"]) == [("a.py", "secret", "password")]
    assert load(path).gone([a, b], ["a.py", "b.py"]) == [("b.py", "secret", "password")]


def test_a_baseline_of_old_says_nothing_of_kinds(tmp_path):
    path = tmp_path / "b.json"
    made(tmp_path, Spot("a.py", "1")).save(path)
    path.write_text(path.read_text().replace('"kind": "secret",', ""))
    assert load(path).old([Spot("a.py", "1")], ["a.py"]) == [True]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"version": 2}', '{"version": 1}', "[" * 100_000, '{"version": 1, "salt": 3, "findings": []}'],
)
def test_what_is_no_baseline_is_refused(tmp_path, text):
    path = tmp_path / "b.json"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"b\.json"):
        load(path)
    with pytest.raises(UsageError, match="no such baseline"):
        load(tmp_path / "none.json")


def test_only_what_is_to_be_acted_on_is_held():
    found, _ = secret(f'p = "{VALUE}"')
    assert counts(found)
    assert not counts(found.model_copy(update={"judgement": Judgement.PLACEHOLDER}))


def test_a_baseline_is_known_by_name_and_form(tmp_path: Path) -> None:
    path = tmp_path / NAME
    row = {"fingerprint": "0" * 32, "moved": "1" * 32, "path": "2" * 32, "kind": "secret", "rule": "api-key"}
    kept = {"version": 1, "salt": "00" * 16, "findings": [row]}
    path.write_text(json.dumps(kept))
    assert is_one(path)
    assert not is_one(path.rename(tmp_path / "other.json"))
    for changed in ({"moved": "Tr7!vQx9mK2pZ4"}, {"rule": "a b"}):
        path.write_text(json.dumps({**kept, "findings": [{**row, **changed}]}))
        assert not is_one(path)
    assert not is_one(tmp_path / "none" / NAME)


class TestPartsOfCommits:
    LINES = (
        "{",
        ' "findings": [',
        f'   "fingerprint": "{"0a" * 16}",',
        '   "kind": "secret",',
        '   "rule": "B105"',
        "  }",
        " ],",
        f' "salt": "{"5e" * 16}",',
        ' "version": 1',
        "}",
        "",
    )

    def test_lines_of_a_baseline_hold_nothing_to_search(self) -> None:
        assert is_part("a/.secassist-baseline.json", self.LINES)
        assert is_part(".secassist-baseline.json", self.LINES[2:5])

    def test_anything_else_in_it_or_another_name_is_searched(self) -> None:
        assert not is_part(".secassist-baseline.json", (*self.LINES, ' "token": "tk-owl-3f9a"'))
        assert not is_part(".secassist-baseline.json", (f'   "password": "{"0a" * 16}"',))
        assert not is_part("settings.json", self.LINES)
