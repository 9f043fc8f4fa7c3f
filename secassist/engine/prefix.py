"""PrefixCache: keys and values of prompt beginnings that several prompts share, in blocks, bounded and evicted by use."""

import hashlib
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import partial

from torch import Tensor

BLOCK = 16
"""Tokens of a block."""
COUNTED = 1 << 16
"""Beginnings that are counted at a time."""
TWICE = 2
"""A block is worth keeping when this many prompts begin with it."""


class PrefixCache:
    """A block's key is the digest of its adapter and of all tokens up to its end, so that it stands for one state only.

    A block is kept from the second prompt on that begins with it: what no other prompt shares costs nothing. Blocks in
    use by running prompts are held and not evicted; of the others the least recently used go first.
    """

    def __init__(self, limit: int, block: int = BLOCK) -> None:
        self.block = block
        self.limit = limit
        self.size = 0
        self.spared = 0
        self._kept: OrderedDict[bytes, Tensor] = OrderedDict()
        self._held: dict[bytes, int] = {}
        self._counts: OrderedDict[bytes, int] = OrderedDict()

    def keys(self, adapter: str, tokens: list[int]) -> list[bytes]:
        """One key per whole block; the last token never belongs to one, since its logits are always wanted."""
        whole = (len(tokens) - 1) // self.block if tokens else 0
        running = hashlib.blake2b(adapter.encode(), digest_size=16)
        found = []
        for number in range(whole):
            running.update(array("q", tokens[number * self.block : (number + 1) * self.block]).tobytes())
            found.append(running.copy().digest())
        return found

    def expect(self, keys: list[bytes]) -> None:
        """Counts a prompt that waits."""
        for key in keys:
            self._counts[key] = self._counts.pop(key, 0) + 1
        while len(self._counts) > COUNTED:
            self._counts.popitem(last=False)

    def shared(self, keys: list[bytes]) -> int:
        """How many leading blocks other prompts begin with, too."""
        return next((n for n, key in enumerate(keys) if self._counts.get(key, 0) < TWICE), len(keys))

    def known(self, keys: list[bytes]) -> int:
        """How many leading blocks are kept."""
        return next((n for n, key in enumerate(keys) if key not in self._kept), len(keys))

    def find(self, keys: list[bytes]) -> list[Tensor]:
        """The kept leading blocks, each (layers, 2, key heads, block, head)."""
        found = keys[: self.known(keys)]
        for key in found:
            self._kept.move_to_end(key)
        self.spared += len(found) * self.block
        return [self._kept[key] for key in found]

    def wanted(self, keys: list[bytes]) -> Iterator[tuple[int, int, Callable[[Tensor], None]]]:
        """Where the shared blocks that are not kept yet lie (start, end), and how to keep each."""
        for number, key in enumerate(keys[: self.shared(keys)]):
            if key not in self._kept:
                yield number * self.block, (number + 1) * self.block, partial(self._keep, key)

    def hold(self, keys: list[bytes]) -> None:
        """Protects blocks from eviction while a prompt that begins with them runs."""
        for key in keys:
            self._held[key] = self._held.get(key, 0) + 1

    def release(self, keys: list[bytes]) -> None:
        """Ends one `hold`."""
        for key in keys:
            left = self._held.get(key, 0) - 1
            if left > 0:
                self._held[key] = left
            else:
                self._held.pop(key, None)

    def _keep(self, key: bytes, block: Tensor) -> None:
        cost = block.numel() * block.element_size()
        if self._make_room(cost):
            self._kept[key] = block
            self.size += cost

    def _make_room(self, cost: int) -> bool:
        free = [key for key in self._kept if key not in self._held] if self.size + cost > self.limit else []
        for key in free:
            if self.size + cost <= self.limit:
                break
            block = self._kept.pop(key)
            self.size -= block.numel() * block.element_size()
        return self.size + cost <= self.limit
