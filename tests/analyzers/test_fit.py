"""What is not shown is said: nothing is cut silently, whatever the input."""

from hypothesis import given
from hypothesis import strategies as st

from schemas import Alert, CodeUnit, Field, Line
from secassist.analyzers._fit import LIMITS, fit, ranges
from secassist.analyzers._units import WHOLE, WINDOW, units
from secassist.backends.scripted import ScriptedBackend
from tests.analyzers.scripts import alert, analyzer, answer, driver, window

LONG = st.builds(lambda word, times: word * times, st.text(min_size=1, max_size=9), st.integers(100, 300))
LINES = st.lists(
    st.tuples(st.sampled_from(["", "a.command", "b.guid", "c"]), st.text(max_size=900) | LONG), max_size=30
)


def numbered(pairs: list[tuple[str, str]]) -> list[Line]:
    return [Line(number=n, field=field, text=text) for n, (field, text) in enumerate(pairs, start=1)]


def count(text: str) -> int:
    return len(text) // 4 + 1


def numbers(text: str) -> set[int]:
    parts = [part.split("-") for part in text.split(",") if part]
    return {n for part in parts for n in range(int(part[0]), int(part[-1]) + 1)}


@given(LINES, st.integers(0, 600), st.sets(st.integers(1, 30)))
def test_shown_and_omitted_are_all_lines(pairs: list[tuple[str, str]], budget: int, must: set[int]) -> None:
    lines = numbered(pairs)
    shown, omitted = fit(lines, budget, count, must)
    left_out = set().union(*(numbers(o.lines) for o in omitted if o.rule.startswith("budget")))
    assert {line.number for line in shown} | left_out == {line.number for line in lines}
    assert not {line.number for line in shown} & left_out
    assert [line.number for line in shown] == sorted(line.number for line in shown)


@given(LINES, st.integers(0, 600), st.sets(st.integers(1, 30)))
def test_the_budget_is_kept(pairs: list[tuple[str, str]], budget: int, must: set[int]) -> None:
    shown, _ = fit(numbered(pairs), budget, count, must)
    assert sum(count(line.text) + count(line.field) + 4 for line in shown) <= budget


@given(LINES)
def test_shortened_lines_are_named_and_keep_head_and_tail(pairs: list[tuple[str, str]]) -> None:
    lines = numbered(pairs)
    shown, omitted = fit(lines, 10**9, count)
    named = set().union(*(numbers(omission.lines) for omission in omitted))
    assert named == {line.number for line in lines if len(line.text) > LIMITS[0]}
    for line, original in zip(shown, lines, strict=True):
        if line.number in named:
            assert line.text.startswith(original.text[:400])
            assert line.text.endswith(original.text[-100:])
            assert "characters left out" in line.text
        else:
            assert line == original


def test_flagged_lines_come_first_then_telling_ones() -> None:
    pairs = [("x.guid", "g" * 40), ("x.other", "o" * 40), ("x.command", "c" * 40), ("y.guid", "f" * 40)]
    order = []
    for budget in (20, 40, 60, 80):
        shown, _ = fit(numbered(pairs), budget, count, must={4})
        order.append([line.number for line in shown])
    assert order == [[4], [3, 4], [2, 3, 4], [1, 2, 3, 4]]


@given(st.sets(st.integers(1, 60)))
def test_ranges_say_each_number_once(chosen: set[int]) -> None:
    text = ranges(sorted(chosen))
    assert numbers(text) == chosen
    assert len(text.split(",")) <= max(1, len(chosen))


def test_the_analysis_says_what_was_left_out() -> None:
    body = "\n".join(f"line {number} " + "x" * 200 for number in range(1, 200))
    backend = ScriptedBackend([answer("triage")])
    (analysis,) = driver(backend).analyze(analyzer("triage"), [window(body)])
    (omission,) = analysis.omitted
    rows = [row.split("|")[0] for row in backend.seen[0].prompt.user.splitlines()]
    shown = {int(row) for row in rows if row.isdigit()}
    assert shown | numbers(omission.lines) == set(range(1, 200))
    assert not shown & numbers(omission.lines)


def test_a_short_input_is_shown_whole() -> None:
    (analysis,) = driver([answer("triage")]).analyze(analyzer("triage"), [alert()])
    assert analysis.omitted == ()


def test_text_that_grows_when_it_is_made_visible_stays_within_the_budget() -> None:
    fields = tuple(Field(path=f"f{n}", value="\x00" * 60) for n in range(40))
    backend = ScriptedBackend([answer("triage")])
    made = driver(backend)
    (analysis,) = made.analyze(analyzer("triage"), [Alert(source="s", fields=fields)])
    budget = made.tools(analyzer("triage")).template.matter.input_tokens
    shown = backend.seen[0].prompt.user.split("input:\n")[1]
    assert backend.count_tokens(shown) <= budget
    assert analysis.omitted


@given(st.lists(st.sampled_from(["def f():", "    x = 1", "", "@app.get", "class A:", "func main() {"]), max_size=220))
def test_units_cover_the_code_without_gap_or_overlap(texts: list[str]) -> None:
    unit = CodeUnit(source="s", path="a.py", body="\n".join(texts))
    parts = list(units(unit))
    covered = [number for first, last in parts for number in range(first, last + 1)]
    assert covered == list(range(1, len(unit.lines) + 1))
    assert all(last - first + 1 <= max(WHOLE, WINDOW) for first, last in parts)


def test_a_flagged_line_is_shown_at_least_in_part() -> None:
    """Such as an encoded command: 600 characters of Base64 are some 400 tokens, the budget of triage is 360."""
    shown, _ = fit(
        numbered([("a", "x"), ("process.command_line", "A" * 600)]), 360, lambda text: len(text) * 2 // 3, {2}
    )
    assert 2 in {line.number for line in shown}
