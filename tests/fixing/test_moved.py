"""Lines of findings found again: followed through fixes, else by quotes; what is gone or open is refused."""

import pytest

from schemas import Evidence, Finding, Place
from secassist.fixing.base import FixError
from secassist.fixing.moved import MOST_PAIRS, shift, stands
from tests.store.samples import finding

OLD = ["import os", "", "def f(x):", "    run(x)", "", "def g(x):", "    run(x)", "    stop(x)"]


def at(line: int, *quotes: str) -> Finding:
    evidence = tuple(Evidence(line=line + below, quote=quote) for below, quote in enumerate(quotes or ("run(x)",)))
    return finding(place=Place(path="a.py", start_line=line, end_line=line + len(evidence) - 1), evidence=evidence)


def test_a_quote_stands_where_it_is_said_to() -> None:
    assert stands(at(4), OLD) and stands(at(7, "run(x)", "stop(x)"), OLD)
    assert not stands(at(5), OLD) and not stands(at(4, "run(x"), OLD) and not stands(at(99), OLD)


@pytest.mark.parametrize(
    ("line", "new", "wanted"),
    [
        (4, ["# mine", *OLD], 1),
        (7, [*OLD[:3], "    a(x)", "    b(x)", *OLD[4:]], 1),
        (7, [*OLD[:3], "    a(x)", *OLD[4:]], 0),
        (7, ["# a", *OLD[:3], "    a(x)", "    b(x)", *OLD[4:], "# b"], 2),
    ],
)
def test_fixes_are_followed_though_lines_repeat(line: int, new: list[str], wanted: int) -> None:
    assert shift(at(line), [at(line)], new, [OLD]) == wanted


def test_a_line_that_a_fix_of_another_finding_wrote_is_still_the_line() -> None:
    once = ["# a", *OLD[:3], "    a(x)", *OLD[4:]]
    assert shift(at(4), [at(4)], once, [OLD]) == 1
    assert shift(at(4), [at(4)], ["# b", *once[:4], "    b(x)", *once[5:]], [OLD, once]) == 2


def test_the_line_that_a_fix_made_several_of_is_gone_though_another_is_like_it() -> None:
    with pytest.raises(FixError, match="line 4 was changed since the scan"):
        shift(at(4), [at(4)], [*OLD[:3], "    a(x)", "    b(x)", *OLD[4:]], [OLD])


def test_only_what_quotes_the_scan_is_followed() -> None:
    assert shift(at(7, "run(x)", "stop(x)"), [], ["", *OLD], [["other"], OLD]) == 1


def test_quotes_are_looked_for_where_nothing_is_known_of_the_change() -> None:
    both = [at(4), at(7)]
    assert [shift(one, both, ["# mine", *OLD], []) for one in both] == [1, 1]
    whole = at(7, "run(x)", "stop(x)")
    assert shift(whole, [whole], ["# mine", *OLD], []) == 1


@pytest.mark.parametrize(
    ("beside", "new", "told"),
    [
        ([at(4)], ["# mine", *OLD], "which of lines 5, 8"),
        ([at(4), at(7)], ["", *OLD[:3], *OLD[4:]], "which of lines 7"),
        ([at(4)], ["# mine"], "lines are gone"),
    ],
)
def test_what_is_gone_or_open_is_refused(beside: list[Finding], new: list[str], told: str) -> None:
    with pytest.raises(FixError, match=told):
        shift(at(4), beside, new, [])


def test_masks_stand_for_something() -> None:
    quote = 'connect("[secret:Qx****Zw]", "[email:a****b]", 1)'
    for line, known in {
        'connect("Qx7Invented", "a@b.example", 1)': True,
        'connect("Qx7Invented", "a@b.example", 2)': False,
        'connect("", "", 1)': False,
        'connect("Qx7Invented", 1)': False,
    }.items():
        assert stands(at(1, quote), [f"    {line}"]) is known, line


def test_a_quote_that_is_all_mask_is_looked_for_nowhere() -> None:
    one = at(1, "[secret:Qx****Zw]")
    with pytest.raises(FixError, match="too little"):
        shift(one, [one], ["", "Qx7Invented"], [])


def test_a_file_that_is_another_one_altogether_is_not_compared() -> None:
    old = ["run(x)", *(f"a{number}" for number in range(int(MOST_PAIRS**0.5) + 2))]
    new = [f"b{number}" for number in range(len(old))]
    with pytest.raises(FixError, match="changed since"):
        shift(at(1), [at(1)], new, [old])
