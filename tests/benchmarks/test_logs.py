"""The log-shaped set: what it must hold, that a seed decides it, and that its labels stand where the values are."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import pytest

import benchmarks.sensitive
from benchmarks.sensitive import check_digits, credentials, items, logs, naming, noise, people
from benchmarks.sensitive.logs import PERSONAL, SECRET, LogLine

FOLDER = Path(next(iter(benchmarks.sensitive.__path__)))


@cache
def lines() -> tuple[LogLine, ...]:
    return tuple(logs.generate())


def test_it_is_large_two_languages_and_half_negative():
    count = Counter((line.shape.language, bool(line.shape.negative)) for line in lines())
    assert len(lines()) >= 2_400
    assert 0.4 < sum(n for (language, _), n in count.items() if language == "zh") / len(lines()) < 0.6
    assert 0.48 < sum(n for (_, negative), n in count.items() if negative) / len(lines()) < 0.56
    assert all(count[language, negative] > 400 for language in ("en", "zh") for negative in (True, False))


def test_no_line_and_no_id_stands_twice():
    assert len({line.text for line in lines()}) == len(lines())
    assert len({line.id for line in lines()}) == len(lines())


def test_the_seed_decides_everything():
    again, fresh = list(logs.generate()), list(logs.generate(seed=7))
    assert again == list(lines())
    assert [line.id for line in fresh] == [line.id for line in again]
    assert sum(a.text == b.text for a, b in zip(again, fresh, strict=True)) == 0


def test_negative_lines_have_no_mark_and_all_others_have_one():
    for line in lines():
        assert bool(line.marks) != bool(line.shape.negative), line.id


def test_marks_lie_in_the_text_in_order_and_apart():
    for line in lines():
        ends = 0
        for mark in line.marks:
            assert ends <= mark.start < mark.end <= len(line.text)
            ends = mark.end


@pytest.mark.parametrize(
    ("kind", "type_", "pattern"),
    [
        (PERSONAL, "email", r"[a-zB0-9._+%-]+(@|%40)[a-z0-9.-]+"),
        (SECRET, "private_key", r"(?s)-----BEGIN .*-----END .*-----|MII[A-Za-z0-9+/=]+"),
        (SECRET, "jwt", r"ey[\w-]+\.ey[\w-]+\.[\w-]+"),
        (PERSONAL, "bank_card", r"[0-9 -]{15,24}"),
    ],
)
def test_a_mark_holds_what_its_type_says(kind, type_, pattern):
    found = [line.text[m.start : m.end] for line in lines() for m in line.marks if (m.kind, m.type) == (kind, type_)]
    assert found
    assert all(re.fullmatch(pattern, value) for value in found)


def test_invented_numbers_pass_their_checks():
    random = Random(3)
    for _ in range(50):
        card = re.sub(r"\D", "", people.card(random))
        assert check_digits.luhn(card[:-1]) == card[-1]
        resident = people.resident_card(random)
        assert check_digits.resident_card(resident[:-1]) == resident[-1]
        iban = people.iban(random).replace(" ", "")
        assert check_digits.iban(iban[:2], iban[4:]) == iban[2:4]


def test_negatives_hold_numbers_that_pass_luhn_and_numbers_that_only_look_like_identity_cards():
    random = Random(3)
    assert all(check_digits.luhn(n[:-1]) == n[-1] for n in (noise.MAKERS["luhn_id"](random) for _ in range(20)))
    assert all(
        check_digits.resident_card(n[:-1]) != n[-1] for n in (noise.MAKERS["order18"](random) for _ in range(20))
    )


def test_every_slot_is_used_and_has_one_meaning():
    slots = [*people.SLOTS, *credentials.SLOTS, *noise.MAKERS]
    used = set(re.findall(r"<<([a-z0-9_]+)", "".join(shape.template for shape in logs.shapes())))
    assert len(set(slots)) == len(slots)
    assert used <= set(slots)
    assert (set(people.SLOTS) | set(credentials.SLOTS)) - used == set()


def test_an_unknown_slot_is_refused():
    with pytest.raises(KeyError):
        logs.fill("a=<<nothing>>", Random(0))


def test_a_spelling_is_marked_as_it_stands():
    text, (mark,) = logs.fill("to=<<email|url>>&x=1", Random(0))
    assert text[mark.start : mark.end] == text.removeprefix("to=").removesuffix("&x=1")
    assert "%40" in text


def test_types_are_those_that_tools_are_mapped_to():
    for kind, slots in ((SECRET, credentials.SLOTS), (PERSONAL, people.SLOTS)):
        assert {name for name, _ in slots.values()} <= set(naming.types(kind))


def test_both_fresh_and_open_shapes_are_many():
    fresh = {item.group for item in items.of_logs(lines()) if item.fresh}
    assert 80 < len(fresh) < len(logs.shapes()) - 80


def test_no_file_holds_a_value_in_the_shape_of_a_provider():
    live = re.compile(
        r"AKIA[A-Z2-7]{12}|gh[pos]_\w{20}|xox[bp]-\d|sk_live_\w{9}|glpat-\w{9}|AIza[\w-]{20}|BEGIN \w* ?PRIVATE"
    )
    files = [path for path in FOLDER.rglob("*") if path.suffix in (".py", ".txt")]
    assert len(files) > 15
    assert [path.name for path in files if live.search(path.read_text(encoding="utf-8"))] == []
