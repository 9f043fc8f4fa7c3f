"""What is wrong with the arguments of a command is said without the secrets in them."""

from typing import Any

import pytest

from tests.canary.canaries import MAKERS, make, sent
from tests.canary.conftest import Stage, unseen

WORDS: tuple[tuple[str, ...], ...] = (
    ("{}",),
    ("list", "{}"),
    ("show", "0123456789ab", "{}"),
    ("scan", "--{}"),
    ("scan", "/not/there/{}"),
    ("list", "--limit", "{}"),
    ("export", "--format", "{}"),
    ("advise", "--", "{}"),
    ("fix", "--fast", "--", "{}"),
    ("vault", "show", "--", "{}"),
    ("jobs", "show", "--", "{}"),
)


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_wrong_arguments_are_not_echoed(stage: Any, words: tuple[str, ...]) -> None:
    from secassist import bootstrap

    items = [item for item in sent(make(len(MAKERS))) if item.shape == "plain"]
    played: Stage = stage(items)
    for item in items:
        if not item.canary.value.isdigit():
            assert played(*(word.format(item.text) for word in words)).code == 2
    missed = unseen(items, bootstrap.redactor())
    assert not {name: left for name, owners in played.leaks().items() if (left := owners - missed)}


@pytest.mark.parametrize("number", ["6228480402564890018", "4000960057441989"])
def test_digits_that_may_be_the_beginning_of_an_id_are_not_echoed(stage: Any, number: str) -> None:
    played: Stage = stage([])
    for words in (("show", number), ("advise", number), ("fix", "--fast", number)):
        ran = played(*words)
        assert (ran.code, number in ran.out + ran.err) == (2, False)
