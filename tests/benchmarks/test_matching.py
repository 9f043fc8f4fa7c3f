"""The matching rule: what is right, what is wrong, and what counts as neither."""

from benchmarks.sensitive import matching, naming
from benchmarks.sensitive.items import Item, Span
from benchmarks.sensitive.logs import PERSONAL, SECRET
from benchmarks.sensitive.matching import Tally


def item(*spans: Span, scope: frozenset[str] = frozenset()) -> Item:
    return Item("i", "logs", "en", "x" * 200, spans, scope, "g")


def secret(start: int, end: int, type_: str = "token", score: float = 1.0) -> Span:
    return Span(start, end, type_, SECRET, type_, score)


def datum(start: int, end: int, type_: str = "phone", score: float = 1.0) -> Span:
    return Span(start, end, type_, PERSONAL, type_, score)


def tally(truth: list[Span], said: list[Span], kind: str = SECRET, **more) -> Tally:
    return matching.places(matching.match(item(*truth, **more), said, kind))


def test_half_of_the_shorter_is_enough_and_less_is_not():
    assert tally([secret(0, 10)], [secret(5, 40)]) == Tally(1, 1, 1, 1)
    assert tally([secret(0, 10)], [secret(6, 40)]) == Tally(1, 0, 1, 0)


def test_one_finding_over_everything_answers_for_one_place_only():
    assert tally([secret(0, 10), secret(20, 40)], [secret(0, 100)]) == Tally(2, 1, 1, 1)


def test_a_second_finding_on_a_found_place_is_neither_right_nor_wrong():
    assert tally([secret(0, 40)], [secret(0, 40), secret(0, 20), secret(30, 40)]) == Tally(1, 1, 1, 1)


def test_the_same_wrong_place_counts_once_and_another_one_too():
    said = [secret(50, 70), secret(51, 70), secret(90, 99)]
    assert tally([secret(0, 10)], said) == Tally(1, 0, 2, 0)


def test_findings_of_the_other_kind_are_not_looked_at():
    assert tally([secret(0, 10)], [datum(0, 10), datum(50, 60)]) == Tally(1, 0, 0, 0)


def test_a_type_nobody_annotated_is_right_where_it_meets_a_place_and_never_wrong():
    scope = frozenset({"phone"})
    said = [datum(0, 11, "url"), datum(50, 60, "url")]
    assert tally([datum(0, 11)], said, PERSONAL, scope=scope) == Tally(1, 1, 1, 1)
    assert tally([], [datum(50, 60, "url"), datum(70, 80)], PERSONAL, scope=scope) == Tally(0, 0, 1, 0)


def test_without_a_scope_every_finding_counts():
    assert tally([], [datum(50, 60, "url")], PERSONAL) == Tally(0, 0, 1, 0)


def test_what_is_said_to_be_no_secret_is_not_counted():
    assert tally([], [secret(50, 60, naming.NO_SECRET)]) == Tally(0, 0, 0, 0)


def test_claims_leave_out_other_places_and_what_meets_them_but_no_wrong_finding():
    found = matching.match(
        item(datum(0, 9, "person"), datum(20, 31)), [datum(0, 9), datum(20, 31), datum(50, 60)], PERSONAL
    )
    assert matching.places(found) == Tally(2, 2, 3, 2)
    assert matching.places(found, {"phone"}) == Tally(1, 1, 2, 1)


def test_a_datum_must_be_called_what_it_is():
    one = item(datum(0, 11, "phone"), datum(20, 38, "national_id"))
    said = [datum(0, 11, "bank_account"), datum(20, 38, "national_id")]
    assert matching.personal_types(one, said) == {
        "phone": Tally(1, 0, 0, 0),
        "bank_account": Tally(0, 0, 1, 0),
        "national_id": Tally(1, 1, 1, 1),
    }


def test_a_secret_is_found_under_any_name_and_precision_goes_by_the_name():
    found = matching.match(item(secret(0, 10, "jwt")), [secret(0, 10, "token"), secret(50, 60, "jwt")], SECRET)
    assert matching.secret_types(found) == {"jwt": Tally(1, 1, 1, 0), "token": Tally(0, 0, 1, 1)}


def test_missed_and_wrong_are_told():
    found = matching.match(item(secret(0, 10), secret(20, 30)), [secret(0, 10), secret(50, 60)], SECRET)
    assert [(span.start, span.end) for span in found.missed] == [(20, 30)]
    assert [(span.start, span.end) for span in found.wrong] == [(50, 60)]


def test_lines_of_a_key_within_one_finding_are_counted_beside_the_rule():
    lines = [secret(0, 10, "private_key"), secret(12, 20, "private_key"), secret(30, 40, "private_key"), secret(22, 28)]
    found = matching.match(item(*lines), [secret(0, 30, "private_key")], SECRET)
    assert len(found.pairs) == 1 and matching.within_blocks(found) == 1
