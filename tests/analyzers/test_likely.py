"""A model chooses among weaknesses of which the code shows a trace, what scanners named first."""

import numpy as np
import pytest

from secassist.analyzers._likely import CHOICES, MEMORY, TRACES, likely, possible, spelled
from secassist.analyzers._proofs import family
from secassist.knowledge import cwe as weaknesses
from secassist.registry import Calibration
from secassist.registry.ranker import BUCKETS, Ranker, features

ADD = "def add(a, b):\n    return a + b"
PARSE = "DocumentBuilderFactory f = DocumentBuilderFactory.newInstance(); f.newDocumentBuilder().parse(in);"


@pytest.mark.parametrize(
    ("cwe", "code", "language", "can"),
    [
        ("CWE-78", ADD, "python", False),
        ("CWE-78", "subprocess.run(x)", "python", True),
        ("CWE-95", "eval(x)", "python", True),
        ("CWE-122", PARSE, "java", False),
        ("CWE-122", "memcpy(a, b, n);", "c", True),
        ("CWE-122", "unsafe { ptr::read(p) }", "csharp", True),
        ("CWE-122", "x = y", "", True),
        ("CWE-611", PARSE, "java", True),
        ("CWE-330", PARSE, "java", False),
        ("CWE-862", ADD, "python", True),
    ],
)
def test_a_weakness_leaves_traces(cwe: str, code: str, language: str, can: bool) -> None:
    assert possible(cwe, code, language) is can


@pytest.mark.parametrize("cwe", [*TRACES, *sorted(MEMORY)])
def test_a_trace_is_looked_for_of_weaknesses_that_can_be_named(cwe: str) -> None:
    assert weaknesses.exists(cwe)
    assert cwe in MEMORY or family(cwe) == cwe, "it is looked up by its family"


def test_names_are_cut_into_words() -> None:
    assert spelled("newDocumentBuilder().parse_all(x)").split() == [
        "new",
        "Document",
        "Builder()",
        ".",
        "parse",
        "all(x)",
    ]


def ranker(*order: str) -> Calibration:
    """A calibration whose ranker puts these labels first, in this order, whatever it reads."""
    bias = np.array([-float(place) for place in range(len(order))], np.float32)
    return Calibration(
        ranker=Ranker(order, np.zeros((len(order), BUCKETS), np.float32), bias, np.ones(BUCKETS, np.float32))
    )


def test_the_likeliest_that_are_possible_are_offered_after_what_scanners_named() -> None:
    known = ranker("CWE-122", "CWE-78", "CWE-611", "CWE-862", "CWE-20", "CWE-352")
    assert features(PARSE)
    near = likely(PARSE, "java", ["CWE-755", "", "CWE-611"], known)
    assert near[:2] == ("CWE-755", "CWE-611")
    assert not {"CWE-122", "CWE-78"} & set(near)
    assert len(near) == 2 + CHOICES - 1


def test_without_a_ranker_any_may_be_named() -> None:
    assert likely(PARSE, "java", ["CWE-611"], Calibration()) == ()
