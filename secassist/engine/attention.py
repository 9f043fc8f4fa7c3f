"""Attention over a slab of keys and values: each slot holds one sequence, each feed brings some new tokens of one."""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

NEGLIGIBLE = float("-inf")


@dataclass(frozen=True)
class Feed:
    """New tokens of the sequence in `slot`, the first at position `start`, the first `prompted` of them of its prompt.

    `asks` are the places in `tokens` after which logits are wanted.
    """

    slot: int
    adapter: str
    start: int
    tokens: list[int]
    asks: tuple[int, ...] = ()
    prompted: int = 0

    @property
    def end(self) -> int:
        """The position after the last token."""
        return self.start + len(self.tokens)


class Attend(Protocol):
    """A way to attend, made once for a step and called for each layer.

    `query` (rows, heads, head) stands in the order of the feeds; `keys` and `values` (slots, key heads, length, head)
    hold the new tokens already. Returns (rows, heads, head).
    """

    def __call__(self, query: Tensor, keys: Tensor, values: Tensor) -> Tensor: ...


def rotated(states: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    """Rotary embedding of (rows, heads, head) by (rows, 1, head / 2)."""
    first, second = states.chunk(2, dim=-1)
    return torch.cat([first * cosines - second * sines, second * cosines + first * sines], dim=-1)


class OneByOne:
    """Each feed against its own slot: no padding is computed. Best where a call is cheap, on CPUs."""

    def __init__(self, feeds: list[Feed], device: torch.device, dtype: torch.dtype, groups: int) -> None:
        self._groups = groups
        self._plans = []
        row = 0
        for feed in feeds:
            count = len(feed.tokens)
            mask = _mask(feed.start, count, groups, device, dtype) if feed.start and count > 1 else None
            self._plans.append((row, row + count, feed.slot, feed.end, feed.start == 0 and count > 1, mask))
            row += count

    def __call__(self, query: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        out = torch.empty_like(query)
        for start, end, slot, length, causal, mask in self._plans:
            mine = query[start:end]
            keys_, values_ = keys[slot : slot + 1, :, :length], values[slot : slot + 1, :, :length]
            if causal:
                told = scaled_dot_product_attention(
                    mine.transpose(0, 1)[None], keys_, values_, is_causal=True, enable_gqa=self._groups > 1
                )
                out[start:end] = told[0].transpose(0, 1)
            else:
                told = scaled_dot_product_attention(fold(mine, self._groups)[None], keys_, values_, attn_mask=mask)
                out[start:end] = unfold(told[0], self._groups)
        return out


class Together:
    """All feeds in one padded product. Best where calls are dear and width is cheap, on GPUs."""

    def __init__(self, feeds: list[Feed], device: torch.device, dtype: torch.dtype, groups: int) -> None:
        self._groups = groups
        self._width = max(len(feed.tokens) for feed in feeds)
        self._length = max(feed.end for feed in feeds)
        self._slots = torch.tensor([feed.slot for feed in feeds], device=device)
        place = [row * self._width + n for row, feed in enumerate(feeds) for n in range(len(feed.tokens))]
        self._places = torch.tensor(place, device=device)
        mask = torch.full((len(feeds), self._width, self._length), NEGLIGIBLE, dtype=dtype)
        for row, feed in enumerate(feeds):
            mask[row, :, : feed.start + 1] = 0.0
            count = len(feed.tokens)
            mask[row, :count, feed.start : feed.end] = _triangle(count, dtype)
        self._mask = mask.repeat(1, groups, 1)[:, None].to(device)

    def __call__(self, query: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        _, heads, size = query.shape
        padded = query.new_zeros(len(self._slots) * self._width, heads, size)
        padded[self._places] = query
        folded = torch.stack([fold(rows, self._groups) for rows in padded.view(-1, self._width, heads, size)])
        told = scaled_dot_product_attention(
            folded,
            keys[self._slots, :, : self._length],
            values[self._slots, :, : self._length],
            attn_mask=self._mask,
        )
        rows = told.view(len(told), -1, self._groups, self._width, size).permute(0, 3, 1, 2, 4)
        return rows.reshape(-1, heads, size)[self._places]


def fold(query: Tensor, groups: int) -> Tensor:
    """(rows, heads, head) -> (key heads, groups * rows, head): the heads that share a key head become rows of it."""
    rows, heads, size = query.shape
    return query.view(rows, heads // groups, groups, size).permute(1, 2, 0, 3).reshape(heads // groups, -1, size)


def unfold(told: Tensor, groups: int) -> Tensor:
    """The inverse of `fold`."""
    key_heads, _, size = told.shape
    return told.view(key_heads, groups, -1, size).permute(2, 0, 1, 3).reshape(-1, key_heads * groups, size)


def _mask(start: int, count: int, groups: int, device: torch.device, dtype: torch.dtype) -> Tensor:
    """(groups * count, start + count), 0 where a new token may look: all that came before, and itself."""
    mask = torch.zeros(count, start + count, dtype=dtype)
    mask[:, start:] = _triangle(count, dtype)
    return mask.repeat(groups, 1).to(device)


def _triangle(count: int, dtype: torch.dtype) -> Tensor:
    return torch.full((count, count), NEGLIGIBLE, dtype=dtype).triu_(1)
