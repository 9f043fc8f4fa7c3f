"""The scripted backend: the shipped stand-in that the tests of everything else rely on."""

import pytest

from secassist.backends.base import Completion
from secassist.backends.scripted import ScriptedBackend
from tests.backends.samples import request


def test_a_list_is_answered_in_order() -> None:
    backend = ScriptedBackend(["a", Completion("b", "length")])
    answers = backend.complete([request("1"), request("2")])
    assert [(answer.text, answer.finish) for answer in answers] == [("a", "stop"), ("b", "length")]


def test_a_function_sees_the_request() -> None:
    backend = ScriptedBackend(lambda asked: asked.prompt.user.upper())
    assert backend.complete([request("abc")])[0].text == "ABC"
    assert [asked.prompt.user for asked in backend.seen] == ["abc"]


def test_a_list_that_runs_out_is_loud() -> None:
    with pytest.raises(StopIteration):
        ScriptedBackend([]).complete([request()])


def test_its_lineage_is_fixed() -> None:
    one, two = ScriptedBackend([]), ScriptedBackend(["x"])
    assert one.identity("triage") == two.identity("triage")
    assert one.identity("triage") != one.identity("review")
