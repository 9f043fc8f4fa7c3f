"""The search for known values: every occurrence, in bounded time."""

import base64
import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from secassist.redacting.anchors import MOST
from secassist.redacting.known import Known

VALUE = st.text(st.sampled_from("ab1-é中😀"), min_size=8, max_size=30)


def spans(values: dict[str, str], text: str) -> set[tuple[int, int]]:
    return {(hit.start, hit.end) for hit in Known(values).hits(text)}


@settings(max_examples=150, deadline=None)
@given(st.lists(VALUE, min_size=1, max_size=6), st.lists(st.text(max_size=12) | VALUE, max_size=6))
def test_it_finds_what_a_plain_search_finds(values: list[str], parts: list[str]) -> None:
    text = "".join([*parts, values[0]])
    expected = {(at, at + len(value)) for value in values for at in range(len(text)) if text.startswith(value, at)}
    found = {(h.start, h.end) for h in Known(dict.fromkeys(values, "x")).hits(text) if text[h.start : h.end] == h.value}
    assert found == expected


@settings(max_examples=150, deadline=None)
@given(VALUE, st.binary(max_size=9), st.binary(max_size=9))
def test_it_finds_a_value_in_any_base64(value: str, before: bytes, after: bytes) -> None:
    text = base64.b64encode(before + value.encode() + after).decode()
    hits = list(Known({value: "x"}).hits(f"<<{text}>>"))
    assert hits
    assert all(hit.encoded for hit in hits)
    first, last = hits[0].start - 2, hits[0].end - 2
    bits = 8 * len(before), 8 * (len(before) + len(value.encode()))
    assert (first, last) == (bits[0] // 6, -(-bits[1] // 6))


@settings(max_examples=80, deadline=None)
@given(VALUE, st.integers(0, 40), st.sampled_from("0123456789abcXYZ+/"))
def test_a_value_with_one_other_character_is_not_found(value: str, at: int, sign: str) -> None:
    code = base64.b64encode(value.encode()).decode().rstrip("=")
    at %= len(code) - 1
    if code[at] != sign:
        assert not spans({value: "x"}, code[:at] + sign + code[at + 1 :])


def test_values_that_begin_alike_are_told_apart() -> None:
    drawn = random.Random(3)
    values = {f"eyJhbGciOiJIUzI1NiJ9.{drawn.getrandbits(200):050x}.end": "jwt" for _ in range(3000)}
    known = Known(values)
    assert known.left_out == 0
    wanted = list(values)[1500]
    began = time.process_time()
    hits = list(known.hits(f"x{wanted} " + "eyJhbGciOiJIUzI1NiJ9.000000000000000 " * 3000))
    assert [hit.value for hit in hits] == [wanted]
    assert time.process_time() - began < 2


def test_values_that_nothing_tells_apart_are_bounded_and_told() -> None:
    values = {"a" * length: "x" for length in range(8, 8 + MOST + 30)}
    known = Known(values)
    assert known.left_out == 30
    assert {hit.start for hit in known.hits("b" + "a" * 50)} >= set(range(1, 30))


def test_reading_is_linear() -> None:
    values = {f"user{number:05}@corp-mail.org": "email" for number in range(20_000)}
    known = Known(values)
    text = "2026-03-01 user-agent aXb3 /path?x=%41 deadbeef0123456789 " * 4000

    def seconds(times: int) -> float:
        began = time.process_time()
        assert not list(known.hits(text * times))
        return time.process_time() - began

    seconds(1)
    assert seconds(4) < 10 * max(seconds(1), 0.02)


def test_many_values_with_one_beginning_are_all_found_in_base64() -> None:
    """Cards of one bank begin alike: their keys must be taken from where they differ."""
    draw = random.Random(4)
    values = [f"622848{draw.randrange(10**13):013d}" for _ in range(400)]
    known = Known(dict.fromkeys(values, "bank_card"))
    for value in (values[0], values[199], values[399]):
        for lead in ("", "a", "ab"):
            text = base64.b64encode(f"{lead}{value} paid".encode()).decode()
            assert any(hit.value == value for hit in known.hits(text)), (value, lead)


def test_consecutive_numbers_are_all_found_in_every_spelling() -> None:
    """Their keys differ in nothing, so that the text at the place must say which one it is."""
    values = [f"62284804025648{number:05d}" for number in range(700)]
    known = Known(dict.fromkeys(values, "bank_card"))
    assert known.left_out == 0
    for value in values[::7]:
        for lead in ("", "a", "ab"):
            text = f"{lead}{value} paid"
            for spelled in (text, text.encode().hex(), base64.b64encode(text.encode()).decode()):
                assert [hit.value for hit in known.hits(spelled)] == [value], (value, spelled)


def test_a_text_of_one_shared_beginning_costs_little() -> None:
    values = [f"62284804025648{number:05d}" for number in range(700)]
    known = Known(dict.fromkeys(values, "bank_card"))
    text = base64.b64encode(b"62284804025648" * 20_000).decode()
    began = time.process_time()
    assert not list(known.hits(text))
    assert time.process_time() - began < 10
