"""Decoder: one pass of a Llama-shaped model over the new tokens of many sequences, packed without padding."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import rms_norm, silu

from secassist.engine.attention import Attend, Feed, OneByOne, Together, rotated
from secassist.engine.matrices import Matrix, Precision, dtype, pack
from secassist.engine.prefix import PrefixCache
from secassist.engine.weights import PARTS, Bank, Change, Layer, Low, Weights

BUCKET = 256
"""Slots grow by this many tokens."""


@dataclass(frozen=True)
class Room:
    """How much may be held: sequences at a time and tokens of each, bytes of their keys and values, of shared
    beginnings, and of merged adapters. Fewer slots are made where the bytes do not allow them at full length.
    """

    slots: int
    context: int = 8192
    bytes: int = 4 << 30
    prefix_bytes: int = 256 << 20
    merged_bytes: int = 1 << 30


class _Layer:
    """A layer with its matrices packed."""

    def __init__(self, layer: Layer, precision: Precision, device: torch.device) -> None:
        self._device = device
        self.norms = {"qkv": layer.first_norm.to(device), "gate_up": layer.second_norm.to(device)}
        self.bias = None if layer.bias is None else layer.bias.to(device)
        self.query_norm = None if layer.query_norm is None else layer.query_norm.to(device)
        self.key_norm = None if layer.key_norm is None else layer.key_norm.to(device)
        self.banks = {part: Bank(self.normed(part, layer.matrices[part].to(device)), precision) for part in PARTS}

    def normed(self, part: str, matrix: Tensor) -> Tensor:
        """The matrix with the weights of the norm before it folded in, so that norming is one pass less."""
        return matrix * self.norms[part] if part in self.norms else matrix

    def add(self, adapter: str, change: Change, number: int, merge: bool) -> None:
        """Makes an adapter's change of this layer known."""
        for part in PARTS:
            low = change.get((number, part))
            folded = Low(self.normed(part, low.down.to(self._device)), low.up.to(self._device)) if low else None
            self.banks[part].add(adapter, folded, merge)


class Decoder:
    """Implements Runner. Not thread-safe: the engine calls it from one thread at a time."""

    guesses = True

    def __init__(
        self,
        weights: Weights,
        room: Room,
        precision: Precision = "fp32",
        device: str = "cpu",
        gather: bool | None = None,
    ) -> None:
        self.shape = weights.shape
        self.context = min(weights.shape.context, room.context)
        self.room = room
        self._device = torch.device(device)
        self._precision = precision
        self._dtype = dtype(precision)
        self.slots = max(1, min(room.slots, room.bytes // (self.context * self._token_bytes())))
        self._attend = Together if (self._device.type != "cpu" if gather is None else gather) else OneByOne
        self._embedding = weights.embedding.to(self._device)
        self._layers = [_Layer(layer, precision, self._device) for layer in weights.layers]
        self._output: Matrix = pack((weights.output * weights.norm).to(self._device), precision)
        angles = torch.outer(torch.arange(self.context, dtype=torch.float32), weights.frequencies)
        self._cosines = (angles.cos() * self.shape.scaling).to(self._device, self._dtype)[:, None]
        self._sines = (angles.sin() * self.shape.scaling).to(self._device, self._dtype)[:, None]
        self._matrix_bytes = sum(m.numel() * 4 for layer in weights.layers for m in layer.matrices.values())
        self._merged = 0
        self._known = {""}
        self._length = 0
        self._keys: list[Tensor] = []
        self._values: list[Tensor] = []
        self.prefixes = PrefixCache(room.prefix_bytes)

    def add_adapter(self, name: str, change: Change) -> None:
        """Makes an adapter's weights known: merged while all merged copies together stay within the room."""
        merge = (self._merged + 1) * self._matrix_bytes <= self.room.merged_bytes
        self._merged += merge
        for number, layer in enumerate(self._layers):
            layer.add(name, change, number, merge)
        self._known.add(name)

    def knows(self, adapter: str) -> bool:
        """Whether this adapter was added ("" is the bare base)."""
        return adapter in self._known

    def reserve(self, length: int) -> None:
        """Makes slots long enough."""
        if length <= self._length:
            return
        size = min(self.context, -(-length // BUCKET) * BUCKET)
        self._keys = [self._grown(slab, size) for slab in self._keys] or self._slabs(size)
        self._values = [self._grown(slab, size) for slab in self._values] or self._slabs(size)
        self._length = size

    def begin(self, slot: int, keys: list[bytes]) -> int:
        """Copies what is kept of a prompt with these block keys into the slot; returns how many tokens that spares."""
        blocks = self.prefixes.find(keys)
        length = len(blocks) * self.prefixes.block
        if blocks:
            joined = torch.cat(blocks, dim=3)
            for number, (key, value) in enumerate(joined):
                self._keys[number][slot, :, :length] = key
                self._values[number][slot, :, :length] = value
        return length

    def remember(self, slot: int, keys: list[bytes]) -> None:
        """Keeps the blocks of a computed prompt that other prompts begin with, too."""
        for start, end, keep in self.prefixes.wanted(keys):
            layers = [
                torch.stack([self._keys[n][slot, :, start:end], self._values[n][slot, :, start:end]])
                for n in range(self.shape.layers)
            ]
            keep(torch.stack(layers))

    def copy(self, source: int, target: int, length: int) -> None:
        """Makes one slot hold what another holds."""
        for slab in (*self._keys, *self._values):
            slab[target, :, :length] = slab[source, :, :length]

    @torch.inference_mode()
    def step(self, feeds: list[Feed]) -> Tensor:
        """Logits (places asked for, vocabulary) in fp32 on the CPU."""
        order = sorted(range(len(feeds)), key=lambda n: feeds[n].adapter)
        rows = self._pass([feeds[n] for n in order])
        first, row = [0] * len(feeds), 0
        for n in order:
            first[n] = row
            row += len(feeds[n].tokens)
        asked = [first[n] + place for n, feed in enumerate(feeds) for place in feed.asks]
        chosen = torch.tensor(asked, dtype=torch.long, device=self._device)
        return self._output(self._level(rows[chosen])).float().cpu()

    def _pass(self, feeds: list[Feed]) -> Tensor:
        """Hidden states (rows, hidden) after the last layer, rows in the order of the feeds."""
        tokens = np.concatenate([np.asarray(feed.tokens, dtype=np.int64) for feed in feeds])
        positions = np.concatenate([np.arange(feed.start, feed.end) for feed in feeds])
        slots = np.repeat([feed.slot for feed in feeds], [len(feed.tokens) for feed in feeds])
        place = torch.from_numpy(positions).to(self._device)
        slot = torch.from_numpy(slots).to(self._device)
        turn = (self._cosines[place], self._sines[place])
        groups = self.shape.heads // self.shape.key_heads
        attend: Attend = self._attend(feeds, self._device, self._dtype, groups)
        spans = _spans(feeds)
        rows = self._embedding[torch.from_numpy(tokens).to(self._device)]
        for number, layer in enumerate(self._layers):
            query = self._query(layer, number, rows, spans, turn, (slot, place))
            told = attend(query, self._keys[number], self._values[number])
            rows = rows + layer.banks["o"](told.flatten(1), spans)
            gate, up = layer.banks["gate_up"](self._level(rows), spans).chunk(2, dim=-1)
            rows = rows + layer.banks["down"](silu(gate).mul_(up), spans)
        return rows

    def _query(
        self,
        layer: _Layer,
        number: int,
        rows: Tensor,
        spans: list[tuple[str, int, int]],
        turn: tuple[Tensor, Tensor],
        where: tuple[Tensor, Tensor],
    ) -> Tensor:
        """Queries (rows, heads, head); new keys and values go into the slab at `where` (slots, positions)."""
        shape = self.shape
        joined = layer.banks["qkv"](self._level(rows), spans)
        if layer.bias is not None:
            joined = joined + layer.bias
        joined = joined.view(len(rows), -1, shape.head)
        turning = joined[:, : shape.heads + shape.key_heads]
        if layer.query_norm is not None and layer.key_norm is not None:
            query = rms_norm(turning[:, : shape.heads].float(), (shape.head,), layer.query_norm, shape.epsilon)
            key = rms_norm(turning[:, shape.heads :].float(), (shape.head,), layer.key_norm, shape.epsilon)
            turning = torch.cat([query, key], dim=1).to(joined.dtype)
        turned = rotated(turning, *turn)
        self._keys[number].transpose(1, 2)[where] = turned[:, shape.heads :].to(self._dtype)
        self._values[number].transpose(1, 2)[where] = joined[:, shape.heads + shape.key_heads :].to(self._dtype)
        return turned[:, : shape.heads].contiguous()

    def _level(self, rows: Tensor) -> Tensor:
        """Rows at a root mean square of one; the norm's weights are in the matrix that follows."""
        size = torch.linalg.vector_norm(rows, dim=-1, keepdim=True).square_()
        factor: Tensor = size.mul_(1 / self.shape.hidden).add_(self.shape.epsilon).rsqrt_()
        return rows * factor

    def _token_bytes(self) -> int:
        return 2 * self.shape.layers * self.shape.key_heads * self.shape.head * self._dtype.itemsize

    def _slabs(self, size: int) -> list[Tensor]:
        """Zeroed memory that the system hands out only when it is written to."""
        form = (self.slots, self.shape.key_heads, size, self.shape.head)
        if self._device.type != "cpu":
            return [torch.zeros(form, dtype=self._dtype, device=self._device) for _ in range(self.shape.layers)]
        raw = np.int16 if self._dtype.itemsize == 2 else np.float32
        return [torch.from_numpy(np.zeros(form, dtype=raw)).view(self._dtype) for _ in range(self.shape.layers)]

    def _grown(self, slab: Tensor, size: int) -> Tensor:
        wider = slab.new_zeros(*slab.shape[:2], size, slab.shape[3])
        wider[:, :, : slab.shape[2]] = slab
        return wider


def _spans(feeds: list[Feed]) -> list[tuple[str, int, int]]:
    """Runs of rows that share an adapter: (adapter, first row, row after the last)."""
    spans: list[tuple[str, int, int]] = []
    row = 0
    for feed in feeds:
        end = row + len(feed.tokens)
        if spans and spans[-1][0] == feed.adapter:
            spans[-1] = (feed.adapter, spans[-1][1], end)
        else:
            spans.append((feed.adapter, row, end))
        row = end
    return spans
