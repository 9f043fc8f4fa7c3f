"""Looks for many short keys in one array at once: each key is eight units of a value packed into one number."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

UNIT = 8
"""Units of 8, 6 or 4 bits that make a key."""
CROWD = 16
"""Values that may share a key before another part of them is tried."""
NARROW = 6
"""Units of 8 bits that the narrowest key taken from a value's eight, that of base64 text, holds whole."""
MOST = 64
"""Values that share a key and differ in length; the ones after them are left out, which bounds the work at a place."""
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2**64 divided by the golden ratio: Knuth, The Art of Computer Programming 3, 6.4."""

Keys = NDArray[np.uint64]
Numbers = NDArray[np.int64]


class Anchors:
    """Keys and the number of a value that each belongs to."""

    def __init__(self, keys: Keys, owners: Numbers) -> None:
        order = np.argsort(keys, kind="stable")
        self._keys, self._owners = keys[order], owners[order]
        bits = min(22, max(12, len(keys).bit_length() + 4))
        self._shift = np.uint64(64 - bits)
        self._filter = np.zeros(1 << bits, dtype=np.bool_)
        self._filter[self._slots(self._keys)] = True
        _, counts = np.unique(self._keys, return_counts=True)
        self.left_out = int(np.maximum(counts - MOST, 0).sum())

    def _slots(self, keys: Keys) -> Keys:
        with np.errstate(over="ignore"):
            return (keys * _SPREAD) >> self._shift

    def matches(self, windows: Keys) -> Iterator[tuple[int, int]]:
        """(position, value) wherever a window equals a key; the caller looks at all of the text that the value would take."""
        places = np.flatnonzero(self._filter[self._slots(windows)])
        lows = np.searchsorted(self._keys, windows[places], "left")
        highs = np.searchsorted(self._keys, windows[places], "right")
        for index in np.flatnonzero(highs > lows):
            low = int(lows[index])
            for owner in self._owners[low : min(int(highs[index]), low + MOST)]:
                yield int(places[index]), int(owner)


def packed(units: NDArray[np.uint8], bits: int) -> Keys:
    """At each place the 8 units from there on as one number, the first one highest; empty if there are fewer."""
    if len(units) < UNIT:
        return np.zeros(0, dtype=np.uint64)
    made = units.astype(np.uint64)
    for step in (1, 2, 4):
        made = (made[:-step] << np.uint64(bits * step)) | made[step:]
    return made


def chosen_offsets(values: Sequence[bytes]) -> Numbers:
    """Where in each value (of 8 bytes or more) its key is taken from: the start, or a part that fewer others share."""
    lengths = np.array([len(value) for value in values], dtype=np.int64)
    offsets = np.zeros(len(values), dtype=np.int64)
    for other in ((lengths - UNIT) // 2, lengths - UNIT):
        keys = [value[at : at + NARROW] for value, at in zip(values, offsets.tolist(), strict=True)]
        _, index, counts = np.unique(np.array(keys, dtype="S8"), return_inverse=True, return_counts=True)
        offsets = np.where(counts[index] > CROWD, other, offsets)
    return offsets
