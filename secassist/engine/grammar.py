"""Grammar: which tokens may come next so that the text stays a valid JSON document of a schema."""

import json
from collections import OrderedDict
from typing import Any

import numpy as np

from secassist.errors import BackendError

Mask = np.ndarray[Any, np.dtype[np.bool_]]
CACHE_SIZE = 256


class GrammarCompiler:
    """Compiles JSON Schemas for one tokenizer; a compiled grammar is kept and copied, least recently used ones go."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self.vocabulary = int(tokenizer.vocab_size)
        self._fresh: OrderedDict[str, Any] = OrderedDict()

    @classmethod
    def of(cls, hf_tokenizer: Any) -> "GrammarCompiler":
        """For a fast tokenizer of transformers."""
        import llguidance.hf

        return cls(llguidance.hf.from_tokenizer(hf_tokenizer))

    @classmethod
    def from_json(cls, tokenizer: str, stop: int) -> "GrammarCompiler":
        """For the text of a tokenizer.json whose token `stop` ends an answer."""
        from llguidance import LLTokenizer

        return cls(LLTokenizer(tokenizer, eos_token=stop))

    def matcher(self, schema: dict[str, Any]) -> "Matcher":
        """A fresh matcher at the start of a document; raises BackendError for a schema it cannot enforce."""
        from llguidance import LLMatcher

        key = json.dumps(schema, sort_keys=False)
        fresh = self._fresh.get(key)
        if fresh is None:
            grammar = LLMatcher.grammar_from_json_schema(key, defaults={"whitespace_flexible": False})
            fresh = self._fresh[key] = LLMatcher(self._tokenizer, grammar)
            if len(self._fresh) > CACHE_SIZE:
                self._fresh.popitem(last=False)
        self._fresh.move_to_end(key)
        if fresh.is_error():
            raise BackendError(f"the output schema cannot be enforced: {fresh.get_error()}")
        return Matcher(fresh.deep_copy(), self.vocabulary)


class Matcher:
    """The state of one sequence within its grammar."""

    def __init__(self, inner: Any, vocabulary: int) -> None:
        self._inner = inner
        self._vocabulary = vocabulary

    def forced(self) -> list[int]:
        """Tokens that must come next because the grammar leaves no choice; already consumed when returned."""
        tokens = list(self._inner.compute_ff_tokens())
        if tokens:
            self.consume(tokens)
        return tokens

    def allowed(self) -> Mask:
        """One flag per token of the vocabulary."""
        packed = np.frombuffer(self._inner.compute_bitmask(), dtype=np.uint8)
        return np.unpackbits(packed, bitorder="little")[: self._vocabulary].astype(bool)

    def accepts(self, token: int) -> bool:
        """Whether this token may come next: a hundredth of the cost of asking for all of them."""
        return bool(self._inner.validate_tokens([token]) == 1)

    def consume(self, tokens: list[int]) -> None:
        """Moves on; raises BackendError when a token was not allowed."""
        if not self._inner.consume_tokens(tokens):
            raise BackendError(f"the grammar refused a token: {self._inner.get_error()}")

    def copy(self) -> "Matcher":
        """An independent matcher in the same state."""
        return Matcher(self._inner.deep_copy(), self._vocabulary)

    def finished(self) -> bool:
        """Whether the document is complete and nothing may follow."""
        return bool(self._inner.is_stopped())
