"""Cut answers: what was whole by then stands, and nothing stands before the decision was whole."""

import pytest

from schemas.answers import TechniquesAnswer, TriageAnswer, cut, least

WHOLE = (
    '{"decision":"true_positive","severity":"high","techniques":["T1059"],"lines":[2,3],'
    '"reason":"It runs code from elsewhere.","missing":["who?"]}'
)


def test_every_cut_of_an_answer_gives_what_was_said_by_then_or_nothing():
    whole = TriageAnswer.model_validate_json(WHOLE)
    for end in range(len(WHOLE)):
        found = cut(TriageAnswer, WHOLE[:end])
        decided = '"decision":"true_positive"' in WHOLE[:end]
        assert (found is not None) is decided, WHOLE[:end]
        if found is not None:
            assert found.decision == "true_positive"
            assert found.reason in ("", whole.reason)
            assert set(found.lines) <= set(whole.lines)


@pytest.mark.parametrize(
    "text", ["", "{", "[1", "no", '{"decision":"nonsense","severity":"high"', '{"severity":"high"']
)
def test_what_is_no_answer_gives_nothing(text):
    assert cut(TriageAnswer, text) is None


def test_an_answer_without_a_decision_cannot_be_cut():
    assert cut(TechniquesAnswer, '{"techniques":["T1059"]') is None


def test_the_least_answer_says_only_its_decision():
    assert least(TriageAnswer, "suspicious").reason == ""
