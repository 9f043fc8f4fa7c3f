"""Plain: any Hugging Face model through its own code, one sequence at a time; for shapes we have no pass of ours for."""

import copy
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from secassist.engine.attention import Feed
from secassist.engine.prefix import PrefixCache


@dataclass
class _Read:
    """What an encoder has read of a prompt; `memory` once it is whole."""

    tokens: list[int] = field(default_factory=list)
    memory: Any = None


class Plain:
    """Implements Runner; an encoder-decoder model reads the prompt with its encoder."""

    guesses = False

    def __init__(self, model: Any, slots: int, context: int) -> None:
        self.slots = slots
        self.context = context
        self.prefixes = PrefixCache(0)
        self._model = model
        self._caches: dict[int, Any] = {}
        self._read: dict[int, _Read] = {}

    def knows(self, adapter: str) -> bool:
        """Adapters are merged into models of their own here."""
        return adapter == ""

    def reserve(self, length: int) -> None:
        """Nothing to do: each cache grows as it is filled."""

    def begin(self, slot: int, keys: list[bytes]) -> int:  # noqa: ARG002 - the contract's signature
        """Forgets who had the slot."""
        self._caches.pop(slot, None)
        self._read.pop(slot, None)
        return 0

    def remember(self, slot: int, keys: list[bytes]) -> None:
        """Keeps nothing."""

    def copy(self, source: int, target: int, length: int) -> None:  # noqa: ARG002
        """A deep copy of the cache."""
        for held in (self._caches, self._read):
            if source in held:
                held[target] = copy.deepcopy(held[source])

    @torch.inference_mode()
    def step(self, feeds: list[Feed]) -> Tensor:
        """One pass per feed."""
        rows = [row for feed in feeds for row in self._one(feed)]
        return torch.stack(rows) if rows else torch.empty(0, 0)

    def _one(self, feed: Feed) -> list[Tensor]:
        """The logits that a feed asks for."""
        if self._model.config.is_encoder_decoder:
            return self._translated(feed)
        out = self._model(input_ids=self._ids(feed.tokens), past_key_values=self._caches.get(feed.slot), use_cache=True)
        self._caches[feed.slot] = out.past_key_values
        return [out.logits[0, place].float().cpu() for place in feed.asks]

    def _translated(self, feed: Feed) -> list[Tensor]:
        """The prompt part of a feed is gathered for the encoder, the rest goes to the decoder."""
        read = self._read.setdefault(feed.slot, _Read())
        read.tokens += feed.tokens[: feed.prompted]
        answer = feed.tokens[feed.prompted :]
        if not answer and not feed.asks:
            return []
        shift = feed.prompted
        past = self._caches.get(feed.slot)
        if read.memory is None:
            read.memory = self._model.get_encoder()(input_ids=self._ids(read.tokens))
            answer, shift, past = [self._model.config.decoder_start_token_id, *answer], shift - 1, None
        out = self._model(
            encoder_outputs=read.memory, decoder_input_ids=self._ids(answer), past_key_values=past, use_cache=True
        )
        self._caches[feed.slot] = out.past_key_values
        return [out.logits[0, place - shift].float().cpu() for place in feed.asks]

    def _ids(self, tokens: list[int]) -> Tensor:
        return torch.tensor([tokens], device=self._model.device)
