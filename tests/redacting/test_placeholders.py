"""Names: the same for the same value under one key, never one for two values, and bounded in number."""

import pytest

from secassist.redacting.placeholders import LONGEST_NAME, PLACEHOLDER, Entry, Names, label
from tests.redacting.runs import KEY, MAIL, OTHER_KEY, PASSWORD, redact


def test_a_name_is_type_and_keyed_hash() -> None:
    name = Names(KEY).name("aws-access-key", "x", "x")
    assert PLACEHOLDER.fullmatch(name)
    assert name.startswith("<AWS_ACCESS_KEY_")


def test_the_same_value_has_the_same_name_in_every_file_under_one_key() -> None:
    first, second = redact(f"a {MAIL} b\n"), redact(f"{MAIL} is another file, from {MAIL}\n")
    (name,) = {entry.name for entry in first.entries}
    assert first.text == f"a {name} b\n"
    assert second.text == f"{name} is another file, from {name}\n"
    assert redact(f"a {MAIL} b\n", key=OTHER_KEY).text != first.text
    assert Names(KEY).key_id != Names(OTHER_KEY).key_id


@pytest.mark.parametrize("reverse", [False, True])
def test_values_that_share_a_short_hash_both_get_longer_names_in_any_order(
    monkeypatch: pytest.MonkeyPatch, reverse: bool
) -> None:
    monkeypatch.setattr("secassist.redacting.placeholders.LENGTHS", (1, 12, 16))
    values = [f"value-{number:04}" for number in range(40)]
    if reverse:
        values.reverse()
    names = Names(KEY)
    names.foresee((value, "email") for value in values)
    given = {value: names.name("email", value, value) for value in values}
    assert len(set(given.values())) == 40
    assert len({len(name) for name in given.values()}) > 1, "some share one digit, some do not"
    assert {value: names.name("email", value, value) for value in values} == given
    again = Names(KEY)
    again.foresee((value, "email") for value in sorted(values))
    assert {value: again.name("email", value, value) for value in sorted(values)} == given


def test_what_nobody_foresaw_gets_a_longer_name_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secassist.redacting.placeholders.LENGTHS", (1, 2, 16))
    names = Names(KEY)
    given = [names.name("email", f"v{number}", f"v{number}") for number in range(300)]
    assert len(set(given)) == 300


def test_spellings_of_one_value_share_its_hash() -> None:
    names = Names(KEY)
    plain = names.name("email", MAIL, MAIL)
    encoded = names.name("email", "YWxpY2U", MAIL, encoded=True)
    escaped, number = names.name("email", "alice%40", MAIL), names.name("email", MAIL, MAIL, quoted=True)
    assert len({plain, encoded, escaped, number}) == 4
    assert all(name.startswith(plain[:-1] + "_") for name in (encoded, escaped, number))
    assert names.name("email", MAIL, MAIL) == plain


def test_the_first_spelling_of_a_value_gets_the_plain_name_unless_it_is_an_encoding() -> None:
    names = Names(KEY)
    assert names.name("phone", "138", "138", quoted=True).count("_") == 1
    assert names.name("email", "YWxpY2U", MAIL, encoded=True).count("_") == 2
    assert names.name("email", MAIL, MAIL).count("_") == 1


def test_names_that_stand_in_the_input_are_given_to_no_value() -> None:
    plain = Names(KEY).name("email", MAIL, MAIL)
    names = Names(KEY)
    names.block([plain])
    other = names.name("email", MAIL, MAIL)
    assert other != plain
    assert other.startswith(plain[:-1])


def test_beyond_the_limit_names_are_long_and_nothing_is_remembered() -> None:
    told: list[Entry] = []
    names = Names(KEY, limit=10, found=told.append)
    given = [names.name("email", f"user{number}", f"user{number}") for number in range(50)]
    assert len(set(given)) == 50
    assert len(names) == 10
    assert [names.name("email", f"user{number}", f"user{number}") for number in range(50)] == given
    assert {entry.name for entry in told} == set(given)


def test_names_of_an_earlier_run_are_kept() -> None:
    names = Names(KEY)
    names.learn(Entry("<EMAIL_0123456789ab>", MAIL))
    longer = names.name("email", MAIL, MAIL)
    names = Names(KEY)
    names.learn(Entry(longer, "somebody-else@corp-mail.org"))
    assert names.name("email", MAIL, MAIL) != longer


def test_labels_are_words() -> None:
    assert label("aws-access-key") == "AWS_ACCESS_KEY"
    assert label("US_SSN") == "US_SSN"
    assert label("2fa") == "FA"
    assert label("身份证") == "VALUE"
    longest = label("-".join(["x" * 40] * 20))
    assert PLACEHOLDER.fullmatch(f"<{longest}_{'0' * 16}_{'0' * 16}>")
    assert len(longest) + 36 <= LONGEST_NAME


def test_an_access_key_does_not_pass_for_a_name() -> None:
    assert not PLACEHOLDER.search("<AKIA" + "Q3EGRWTZ5YB7KDNM_0123abcd>")
    assert not PLACEHOLDER.search(f"<X_{'0' * 32}>")
    done = redact("secret=<AKIA" + "Q3EGRWTZ5YB7KDNM_0123abcd>\n")
    assert "Q3EGRWTZ5YB7" not in done.text


def test_repr_holds_no_value() -> None:
    assert PASSWORD not in repr(Entry("<X_01234567>", PASSWORD, value=PASSWORD))
