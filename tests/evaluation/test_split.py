"""The split: stable for ever, by group, and the same one that training uses."""

from collections import Counter

from secassist.evaluation.split import Part, only, part
from secassist.folds import fold, held_out
from tests.evaluation.builders import example


def test_folds_do_not_move():
    assert [fold(f"group-{n}") for n in range(8)] == [2, 8, 1, 8, 8, 1, 5, 6]


def test_folds_are_about_even():
    counts = Counter(fold(f"group-{n}") for n in range(5000))
    assert set(counts) == set(range(10))
    assert min(counts.values()) > 400


def test_a_salt_gives_another_split():
    assert [fold(f"g{n}", salt="a") for n in range(30)] != [fold(f"g{n}", salt="b") for n in range(30)]


def test_parts_follow_groups_and_the_marked_test_rows():
    made = [example("C1", f"i{n}", group=f"g{n}", split="train") for n in range(300)]
    parts = {e.group: part(e) for e in made}
    for found in made:
        expected = {0: Part.DEVELOPMENT, 1: Part.CALIBRATION}.get(fold(found.group), Part.TRAIN)
        assert parts[found.group] is expected
    assert all(part(example("C1", group=f"g{n}", split="test")) is Part.DEVELOPMENT for n in range(50))


def test_what_training_may_use_is_never_scored():
    for n in range(300):
        found = part(example("T3", group=f"g{n}"))
        assert held_out(f"g{n}") is (found is not Part.TRAIN)


def test_only_keeps_the_order():
    made = [example("T3", f"i{n}", group=f"g{n}") for n in range(100)]
    halves = [list(only(made, wanted)) for wanted in Part]
    assert sorted(e.id for half in halves for e in half) == sorted(e.id for e in made)
    order = [e.id for e in made]
    assert all([order.index(e.id) for e in half] == sorted(order.index(e.id) for e in half) for half in halves)
