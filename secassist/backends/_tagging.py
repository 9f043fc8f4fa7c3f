"""Tagger: finds people's names and addresses with a tag head on a LoRA-tuned language model, in this process.

Its folder holds the merged weights, so that it does not depend on the base model that it once was tuned from; the
causal mask is taken off.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safetensors import SafetensorError

from secassist import registry
from secassist.backends._tag_text import (
    ORDINARY,
    Span,
    Unit,
    Window,
    is_han,
    is_ordinary,
    pieces,
    spans,
    units,
    windows,
    written_in,
)
from secassist.errors import ModelError

__all__ = ["Card", "Span", "Tagger", "bundled", "identity"]

BATCH_POSITIONS = 3072
"""Positions (padding included) that are computed at once; bounds memory to some 30 MB."""
CARD, HEAD = "tagger.json", "head.safetensors"
_CACHED_UNITS = 20_000
Rows = tuple[int, ...]
"""Rows of a unit in the table: character, left pair or word, right pair, shape."""


@dataclass(frozen=True)
class Card:
    """What a tagger folder says of itself: `types` in the order of the head.

    `pieces` are characters, pairs, words and shapes that have a row of their own in the table, in this order from row 1
    (row 0: any other); `ordinary` are words and pairs of ordinary text, which share a row where they have none of their
    own; `thresholds` are beliefs by "type:language" from which a span counts as found; one that has none is unfit.
    """

    types: tuple[str, ...]
    pieces: tuple[str, ...]
    ordinary: str = ""
    thresholds: Mapping[str, float] = field(default_factory=dict)


def bundled() -> Path:
    """The folder of the tagger that is shipped."""
    return registry.BUNDLED / "taggers" / "people"


def identity(folder: Path) -> str:
    """SHA-256 over weights, tokenizer and card; raises ModelError when one is missing or could run code."""
    weights = registry.base(str(folder))
    try:
        own = hashlib.sha256((folder / CARD).read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"{folder}: no tagger here ({CARD}: {error.strerror})") from error
    return hashlib.sha256(f"{weights.digest}\0{own}".encode()).hexdigest()


class Tagger:
    """Stateless after loading; `tag` may be called by one thread at a time."""

    def __init__(self, card: Card, model: Any, reader: "Reader", tensors: Mapping[str, Any]) -> None:
        self.card = card
        self.model = model
        self.reader = reader
        self.tensors = tensors

    @classmethod
    def load(cls, folder: Path) -> "Tagger":
        """Reads a tagger folder; raises ModelError when something is missing or damaged."""
        card = read_card(folder)
        weights = registry.base(str(folder))
        tensors = _tensors(folder / HEAD)
        return cls(card, load_encoder(weights.folder).eval(), Reader(weights.folder, card), tensors)

    def tag(self, texts: Sequence[str], threads: int | None = None) -> list[list[Span]]:
        """The spans of each text, by place; linear in the characters. `threads`: torch threads (default: as they are)."""
        import torch

        if threads:
            torch.set_num_threads(threads)
        cut = [units(text) for text in texts]
        rows = [self.reader.rows(found) for found in cut]
        odds: list[list[Any]] = [[None] * len(found) for found in cut]
        parts = [w for number, found in enumerate(cut) for w in windows(number, found, self.reader.encode)]
        parts.sort(key=lambda window: len(window.tokens))
        for batch in _batches(parts):
            for window, found_odds in zip(batch, self._odds(batch, rows), strict=True):
                for unit in window.owned:
                    odds[window.text][unit] = found_odds[unit - window.first]
        types = self.card.types
        made = (spans(text, found, chances, types) for text, found, chances in zip(texts, cut, odds, strict=True))
        return [
            [span for span in several if not is_ordinary(text[span.start : span.end], span.type, self.reader.ordinary)]
            for text, several in zip(texts, made, strict=True)
        ]

    def found(self, text: str, tagged: Sequence[Span]) -> list[Span]:
        """Of the spans of a text those that reach the threshold of their type and language."""
        least = self.card.thresholds
        keys = (f"{span.type}:{written_in(text[span.start : span.end])}" for span in tagged)
        return [s for s, key in zip(tagged, keys, strict=True) if s.probability >= least.get(key, math.inf)]

    def _odds(self, batch: Sequence[Window], rows: Sequence[Sequence[Rows]]) -> list[list[list[float]]]:
        """Tag probabilities of each window's units."""
        import torch

        tokens, table, mask = self.reader.tensors(batch, rows)
        with torch.inference_mode():
            states = read(self.model, tokens, table, mask, self.tensors)
            scores = torch.nn.functional.linear(states, self.tensors["head.weight"], self.tensors["head.bias"])
            odds = scores.softmax(-1)
        return [odds[i, list(window.ends)].tolist() for i, window in enumerate(batch)]


class Reader:
    """Units to token ids and rows of the table of pieces."""

    def __init__(self, folder: Path, card: Card) -> None:
        from transformers import AutoTokenizer

        self.tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
        self.card = card
        own = {piece: number for number, piece in enumerate(card.pieces, start=1)}
        self.ordinary = frozenset(card.ordinary.split())
        self.row = dict.fromkeys(self.ordinary, own.get(ORDINARY, 0)) | own
        self._known: dict[str, tuple[int, ...]] = {}

    def encode(self, unit: Unit) -> tuple[int, ...]:
        """Token ids of a unit; never empty. A CJK character is one position."""
        known = self._known.get(unit.text)
        if known is None:
            known = self._encode(unit)
            if len(self._known) < _CACHED_UNITS:
                self._known[unit.text] = known
        return known

    def _encode(self, unit: Unit) -> tuple[int, ...]:
        if is_han(unit):
            return (0,)
        text = unit.text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no text
        made = self.tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"]
        return tuple(made) or (self.tokenizer.unk_token_id or 0,)

    def rows(self, found: Sequence[Unit]) -> list[Rows]:
        """Rows of each unit's pieces; 0 for an unknown one, -1 for none."""
        row = self.row
        return [tuple(row.get(piece, 0) if piece else -1 for piece in four) for four in pieces(found)]

    def tensors(self, batch: Sequence[Window], rows: Sequence[Sequence[Rows]]) -> tuple[Any, Any, Any]:
        """Right-padded: token ids (batch, longest), rows (batch, longest, 4; -1 for none), mask (batch, longest; bool)."""
        import torch

        width = max(len(window.tokens) for window in batch)
        tokens = torch.zeros(len(batch), width, dtype=torch.long)
        table = torch.full((len(batch), width, 4), -1, dtype=torch.long)
        mask = torch.zeros(len(batch), width, dtype=torch.bool)
        for i, window in enumerate(batch):
            tokens[i, : len(window.tokens)] = torch.tensor(window.tokens)
            mask[i, : len(window.tokens)] = True
            mine = rows[window.text][window.first : window.first + len(window.ends)]
            table[i, list(window.ends)] = torch.tensor(mine)
        return tokens, table, mask


def read(model: Any, tokens: Any, rows: Any, mask: Any, tensors: Mapping[str, Any]) -> Any:
    """Hidden states (batch, length, width); every position sees every other one that is not padding.

    The model reads the sum of its token and of the pieces' rows, each lifted to its width by the matrix of its place; a
    CJK character has no token of its own and is read by its pieces alone.
    """
    embedded = model.get_input_embeddings()(tokens) * (rows[..., 0] < 0).unsqueeze(-1)
    for place in range(4):
        looked = tensors["table"][rows[..., place].clamp(min=0)] * (rows[..., place] >= 0).unsqueeze(-1)
        embedded = embedded + looked @ tensors["lift"][place]
    seen = mask[:, None, None, :].expand(-1, 1, mask.shape[1], -1)
    return model(inputs_embeds=embedded, attention_mask=seen, use_cache=False).last_hidden_state


def read_card(folder: Path) -> Card:
    """The card of a tagger folder; raises ModelError when it is none."""
    try:
        raw = json.loads((folder / CARD).read_text(encoding="utf-8"))
        least = {str(key): float(value) for key, value in raw["thresholds"].items()}
        return Card(tuple(raw["types"]), tuple(raw["pieces"]), str(raw["ordinary"]), least)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder}: no tagger here ({CARD}: {error})") from error


def load_encoder(folder: Path) -> Any:
    """The language model without its head, in fp32."""
    import torch
    from transformers import LlamaModel
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    before = logging.get_verbosity()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # the head is left out on purpose
    try:
        return LlamaModel.from_pretrained(
            folder, use_safetensors=True, local_files_only=True, dtype=torch.float32, trust_remote_code=False
        )
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        raise ModelError(f"{folder}: cannot be loaded: {error}") from error
    finally:
        logging.set_verbosity(before)


def _tensors(path: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    try:
        return {name: tensor.float() for name, tensor in load_file(path).items()}
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{path}: cannot be loaded: {error}") from error


def _batches(parts: Sequence[Window]) -> Iterator[list[Window]]:
    """Windows, shortest first, in batches of bounded size."""
    batch: list[Window] = []
    for window in parts:
        if batch and (len(batch) + 1) * len(window.tokens) > BATCH_POSITIONS:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch
