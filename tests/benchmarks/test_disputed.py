"""What is set aside as disputed: by the text, the label and what others say, alike for all tools."""

from dataclasses import replace

import pytest

from benchmarks.sensitive import disputed, ours, taught
from benchmarks.sensitive.disputed import AGREED, DENIED, KEY_LINE, NO_CREDENTIAL, PLACEHOLDER, SILENT
from benchmarks.sensitive.items import Item, Span
from benchmarks.sensitive.logs import SECRET
from benchmarks.sensitive.yardsticks import Answer

VALUE = "q7Rw2Zt9" + "Xk4Lm8Vb3Nc6Hd1G"


def item(text: str, *values: str, name: str = "Key", type_: str = "token") -> Item:
    spans = tuple(Span(at := text.index(v), at + len(v), type_, SECRET, name) for v in values)
    return Item("i", "S1", "en", text, spans, frozenset(), "g")


def place(text: str, value: str) -> Span:
    return Span(text.index(value), text.index(value) + len(value), "token", SECRET)


def answer(name: str, *found: list[Span]) -> Answer:
    return Answer(name, "1", ours.claims(), tuple(found))


def test_lines_of_one_key_are_one_place_and_two_keys_are_two():
    one = "-----BEGIN PRIVATE KEY-----\n// QUJDREVG\n// R0hJSktM\n-----END PRIVATE KEY-----"
    two = one.replace("QUJDREVG", "TU5PUFFS").replace("R0hJSktM", "U1RVVldY")
    lines = [line.removeprefix("// ") for line in one.splitlines()]
    made, why = disputed.settled(item(one, *lines, type_="private_key"))
    assert [one[s.start : s.end] for s in made.spans] == [one]
    assert why == {KEY_LINE: 3}
    made, _ = disputed.settled(item(f"{one}\n{two}", one, two, type_="private_key"))
    assert len(made.spans) == 2


@pytest.mark.parametrize(
    ("text", "value", "name", "why"),
    [
        ("https://bob.okta.com", "bob.okta.com", "Okta Domain", NO_CREDENTIAL),
        ("sl_user = 'bob77'", "bob77", "softlayer", NO_CREDENTIAL),
        ("postgresql://bob:Falcon88x@db7:5433", "db7:5433", "Postgres", NO_CREDENTIAL),
        ("postgresql://bob:Falcon88x@db7:5433", "bob", "Postgres", NO_CREDENTIAL),
        ("postgresql://bob:Falcon88x@db7:5433", "Falcon88x", "Postgres", ""),
        ("Uid=x;Pwd=myPassword", "myPassword", "ODBC", PLACEHOLDER),
        ("token = abcdef123456abcdef123456", "abcdef123456abcdef123456", "Key", PLACEHOLDER),
        ("ftp://bob:password@host", "password", "FTP", PLACEHOLDER),
        ("key=$KEY", "$KEY", "Key", PLACEHOLDER),
        (f"key={VALUE}", VALUE, "Key", ""),
        ("password=Falcon88x", "Falcon88x", "Password", ""),
    ],
)
def test_doubtful_labels_are_left_open(text: str, value: str, name: str, why: str):
    made, said = disputed.settled(item(text, value, name=name))
    assert said == ({why: 1} if why else {})
    assert len(made.open) == bool(why) and len(made.spans) == (not why)


def test_what_labels_are_silent_on_and_what_two_makers_say_is_set_aside():
    labelled = item(f"a {VALUE} b OtherSecret9 c", VALUE)
    clean = item(f"x {VALUE} y Mine4711 z")
    mine = answer(
        "mine",
        [place(labelled.text, VALUE), place(labelled.text, "OtherSecret9")],
        [place(clean.text, VALUE), place(clean.text, "Mine4711")],
    )
    same = answer("mine, otherwise", [], [place(clean.text, "Mine4711")])
    other = answer("other", [], [place(clean.text, VALUE)])
    found = {each.tool: each for each in disputed.settle([labelled, clean], [mine, same, other])}
    assert found["mine"].aside == {SILENT: 1, AGREED: 1}
    assert (found["mine"].places.precision.part, found["mine"].places.precision.whole) == (1, 2)
    assert (found["mine"].flagged.part, found["mine"].flagged.whole) == (1, 1)
    assert found["other"].flagged.part == 0
    assert disputed.settle([], [mine]) == []


@pytest.mark.parametrize(
    ("denied", "name", "why"),
    [
        ("clickhouse-cloud-api-secret-key", "random-token", DENIED),
        ("GitHub Client ID", "github-token", ""),
        ("github-fine-grained-pat", "Github Classic Token", ""),
        ("generic-api-key", "password", ""),
        ("", "random-token", ""),
    ],
)
def test_a_label_that_denies_one_type_says_nothing_of_another(denied: str, name: str, why: str):
    text = f"key = {VALUE}"
    row = replace(item(text), denied=denied)
    (made,) = disputed.settle([row], [answer("mine", [replace(place(text, VALUE), name=name)])])
    assert made.aside == ({why: 1} if why else {}) and made.flagged.value == (not why)


def test_a_label_of_a_harmless_value_says_nothing_of_what_stands_beside_it():
    text = f"id = app-77 key = {VALUE}"
    row = replace(item(text), harmless=(place(text, "app-77"),))
    (made,) = disputed.settle([row], [answer("mine", [place(text, VALUE), place(text, "app-77")])])
    assert made.aside == {DENIED: 1} and made.flagged.value == 1


def test_what_labels_allow_is_counted_with_them_as_they_are_and_without_what_is_disputed():
    sound, host = f"key = {VALUE}", "https://bob.okta.com"
    rows = [item(sound, VALUE), item(host, "bob.okta.com", name="Okta Domain"), item(sound)]
    found = taught.measure(rows, answer(ours.DETECTORS, [place(sound, VALUE)], [], [place(sound, VALUE)]))
    assert found is not None
    assert (found.places.recall.part, found.places.recall.whole) == (1, 2)
    assert (found.settled.places.recall.part, found.settled.places.recall.whole) == (1, 1)
    assert (found.flagged.part, found.flagged.whole) == (1, 1)
    assert taught.measure([], answer(ours.DETECTORS)) is None
