"""What is known of numbers, pointers and the memory behind them while a C function is followed."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

INF: Final = math.inf
_SIZES: Final = {
    "char": 1, "int8_t": 1, "uint8_t": 1, "bool": 1, "short": 2, "int16_t": 2, "uint16_t": 2, "int": 4, "unsigned": 4,
    "float": 4, "int32_t": 4, "uint32_t": 4, "wchar_t": 4, "long": 8, "double": 8, "int64_t": 8, "uint64_t": 8,
    "size_t": 8, "ssize_t": 8, "time_t": 8,
}  # fmt: skip
STRUCT_BYTES: Final = 8
"""What a type of unknown size is taken to be; only quotients of it matter."""
_WORDS: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Number:
    """An interval; `outside` where an outsider chooses in it (or chance does), so that its ends are really reached."""

    lo: float
    hi: float
    outside: bool = False

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.lo == self.hi

    @property
    def real(self) -> bool:
        """Whether its ends are worth a report."""
        return self.outside or self.exact


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where it points: a block (0 is none known) and an offset in bytes; `null` is "no", "yes" or "maybe"."""

    block: int = 0
    lo: float = 0
    hi: float = 0
    null: str = "no"
    outside: bool = False


Known = Number | Pointer | None


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of memory. `kind`: stack, static, malloc, new, new[], file. `size` in bytes, `length` of the text in it in
    bytes without its end; INF or -1 where not known. `outside`: an outsider's text is in it. `fresh`: nothing was
    ever written there."""

    kind: str
    size: float = INF
    length: float = -1
    item: int = 1
    freed: bool = False
    outside: bool = False
    line: int = 0
    kept: bool = False
    fresh: bool = False


@dataclass(slots=True)
class State:
    """Names and blocks at one place of a function."""

    names: dict[str, Known] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    blocks: dict[int, Block] = field(default_factory=dict)
    unset: frozenset[str] = frozenset()

    def copy(self) -> "State":
        """An independent copy."""
        return State(dict(self.names), dict(self.types), dict(self.blocks), self.unset)


def type_bytes(kind: str) -> int:
    """Bytes of a type by its name."""
    if "*" in kind:
        return 8
    known = [_SIZES[word] for word in _WORDS.findall(kind) if word in _SIZES]
    if kind.count("long") == 1 and "int" in kind.split():
        return 8
    return known[-1] if known else STRUCT_BYTES


def type_range(kind: str) -> tuple[float, float] | None:
    """The numbers an integer type holds, None for other types."""
    words = set(_WORDS.findall(kind))
    if "*" in kind or not words & set(_SIZES) or words & {"float", "double", "bool"}:
        return None
    bits = 8 * type_bytes(kind)
    if words & {"unsigned", "size_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t"}:
        return 0, 2**bits - 1
    return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1


def joined(ends: Iterable[State]) -> State:
    """What holds of all of these."""
    states = list(ends)
    if len(states) == 1:
        return states[0]
    first, *rest = states
    made = first.copy()
    for name in {name for state in states for name in state.names}:
        values = [state.names.get(name) for state in states]
        made.names[name] = values[0] if all(value == values[0] for value in values) else _either(values)
    for state in rest:
        made.types |= state.types
        made.unset &= state.unset
    for number in {number for state in states for number in state.blocks}:
        blocks = [state.blocks[number] for state in states if number in state.blocks]
        one = blocks[0]
        if len(blocks) == len(states) and (one.kept or not one.freed) and all(block is one for block in blocks):
            made.blocks[number] = one
            continue
        made.blocks[number] = replace(
            one,
            freed=all(block.freed for block in blocks) and len(blocks) == len(states),
            length=one.length if all(block.length == one.length for block in blocks) else -1,
            outside=any(block.outside for block in blocks),
            fresh=all(block.fresh for block in blocks),
            kept=any(block.kept or block.freed for block in blocks),
        )
    return made


def _either(values: list[Known]) -> Known:
    numbers = [value for value in values if isinstance(value, Number)]
    if len(numbers) == len(values):
        exact = all(number.real for number in numbers) and any(number.outside for number in numbers)
        return Number(min(n.lo for n in numbers), max(n.hi for n in numbers), exact)
    pointers = [value for value in values if isinstance(value, Pointer)]
    if len(pointers) == len(values) and len({p.block for p in pointers if p.null != "yes"}) <= 1:
        one = next((p for p in pointers if p.null != "yes"), pointers[0])
        nulls = {p.null for p in pointers}
        return replace(
            one,
            lo=min(p.lo for p in pointers),
            hi=max(p.hi for p in pointers),
            null=nulls.pop() if len(nulls) == 1 else "unknown",
        )
    return None
