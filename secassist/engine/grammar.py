"""Grammar: which tokens may come next so that the text stays a valid JSON document of a schema."""

import json
from collections import OrderedDict
from typing import Any

import numpy as np

from secassist.errors import BackendError

Mask = np.ndarray[Any, np.dtype[np.bool_]]
CACHE_SIZE = 256


class GrammarCompiler:
    """Compiles JSON Schemas for one tokenizer; compiled grammars are kept, least recently used ones go."""

    def __init__(self, hf_tokenizer: Any) -> None:
        import llguidance.hf

        self._tokenizer = llguidance.hf.from_tokenizer(hf_tokenizer)
        self.vocabulary = int(self._tokenizer.vocab_size)
        self._texts: OrderedDict[str, str] = OrderedDict()

    def matcher(self, schema: dict[str, Any]) -> "Matcher":
        """A fresh matcher at the start of a document; raises BackendError for a schema it cannot enforce."""
        from llguidance import LLMatcher

        key = json.dumps(schema, sort_keys=False)
        grammar = self._texts.get(key)
        if grammar is None:
            grammar = LLMatcher.grammar_from_json_schema(key, defaults={"whitespace_flexible": False})
            self._texts[key] = grammar
            if len(self._texts) > CACHE_SIZE:
                self._texts.popitem(last=False)
        self._texts.move_to_end(key)
        inner = LLMatcher(self._tokenizer, grammar)
        if inner.is_error():
            raise BackendError(f"the output schema cannot be enforced: {inner.get_error()}")
        return Matcher(inner, self.vocabulary)


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
