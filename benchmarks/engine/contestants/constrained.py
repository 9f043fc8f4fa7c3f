"""Constrained: `transformers.generate` with a grammar as logits processor, as its documentation shows it."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.engine.contestants.base import Setup
from benchmarks.engine.contestants.plain import Plain
from benchmarks.engine.workload import Ask


class Constrained(Plain):
    """Every answer is valid the first time, unless it is cut at the limit; so nothing is asked twice."""

    def __init__(self, setup: Setup) -> None:
        import llguidance.hf

        super().__init__(setup)
        self._vocabulary = llguidance.hf.from_tokenizer(self.tokenizer)

    def tries(self) -> int:
        """Once."""
        return 1

    def options(self, asks: Sequence[Ask]) -> dict[str, Any]:
        """The grammars of this batch."""
        return {"logits_processor": [_Grammars([self._matcher(ask) for ask in asks])]}

    def _matcher(self, ask: Ask) -> Any:
        from llguidance import LLMatcher

        text = json.dumps(ask.schema)
        return LLMatcher(
            self._vocabulary, LLMatcher.grammar_from_json_schema(text, defaults={"whitespace_flexible": False})
        )


class _Grammars:
    """Forbids, row by row, every token its grammar does not allow next."""

    def __init__(self, matchers: list[Any]) -> None:
        self._matchers = matchers
        self._begun = False

    def __call__(self, tokens: Any, scores: Any) -> Any:
        import torch

        for row, matcher in enumerate(self._matchers):
            if matcher.is_stopped():
                continue
            if self._begun:
                matcher.consume_token(int(tokens[row, -1]))
            packed = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
            allowed = np.unpackbits(packed, bitorder="little")[: scores.shape[1]].astype(bool)
            scores[row].masked_fill_(~torch.from_numpy(allowed), float("-inf"))
        self._begun = True
        return scores
