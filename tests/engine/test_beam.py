"""Beam search: one beam is greedy, more beams keep to the grammar, and the best of all short answers is found."""

import itertools
import json
from typing import Any

import torch

from secassist.engine.beam import search
from secassist.engine.sequence import Sequence
from tests.engine.conftest import Bench

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"a": {"enum": ["good", "bad", "unsure"]}, "b": {"type": "integer", "minimum": 1, "maximum": 9}},
    "required": ["a", "b"],
    "additionalProperties": False,
}


def searched(bench: Bench, text: str, beams: int) -> Sequence:
    sequence = bench.sequence(text, SCHEMA)
    search(bench.engine, sequence, beams)
    return sequence


def mean(sequence: Sequence) -> float:
    return sequence.log_probability / sequence.free_tokens


def test_one_beam_is_greedy(bench: Bench) -> None:
    for text in ("word", "host line", "severity"):
        assert searched(bench, text, 1).answer == bench.run(bench.sequence(text, SCHEMA))[0].answer


def test_drafts_keep_to_the_grammar(bench: Bench) -> None:
    for beams in (2, 5):
        found = json.loads(searched(bench, "the host", beams).text)
        assert found["a"] in ("good", "bad", "unsure")
        assert 1 <= found["b"] <= 9


def test_wide_beams_find_an_answer_no_less_likely_than_greedy(bytewise: Bench) -> None:
    greedy = bytewise.run(bytewise.sequence("the host", SCHEMA))[0]
    wide = searched(bytewise, "the host", 27)
    assert mean(wide) >= mean(greedy) - 1e-5


def test_the_cache_follows_the_drafts(bytewise: Bench) -> None:
    """The winner's probability equals what one fresh pass over its tokens gives under the same grammar."""
    wide = searched(bytewise, "a line", 4)
    tokens = [*bytewise.sequence("a line", SCHEMA).prompt, *wide.answer]
    with torch.inference_mode():
        logits = bytewise.model(torch.tensor([tokens])).logits[0].float()
    matcher = bytewise.grammars.matcher(SCHEMA)
    start, total, place = len(tokens) - len(wide.answer), 0.0, 0
    for _ in itertools.count():
        place += len(matcher.forced())
        if place >= len(wide.answer):
            break
        allowed = torch.from_numpy(matcher.allowed())
        scores = logits[start + place - 1][: len(allowed)].masked_fill(~allowed, float("-inf"))
        total += float(torch.log_softmax(scores, dim=-1)[tokens[start + place]])
        matcher.consume([tokens[start + place]])
        place += 1
    assert abs(total - wide.log_probability) < 1e-3
