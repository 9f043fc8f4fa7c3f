"""Follows the numbers of a Go function, and how long its slices and arrays are, as `_memory` does in C."""

from dataclasses import dataclass
from typing import Final

from secassist.detectors._memory.engine import Memory
from secassist.detectors._memory.state import INF, Known, Number, State, joined
from secassist.detectors._memory.walking import inside, walk
from secassist.parsing.forms import Form

_BITS: Final = {
    "int": 64, "int8": 8, "int16": 16, "int32": 32, "int64": 64, "rune": 32, "uint": 64, "uint8": 8, "uint16": 16,
    "uint32": 32, "uint64": 64, "byte": 8, "uintptr": 64,
}  # fmt: skip
_LIMITS: Final = {
    **{f"MaxInt{bits or ''}": 2 ** ((bits or 64) - 1) - 1 for bits in (0, 8, 16, 32, 64)},
    **{f"MinInt{bits or ''}": -(2 ** ((bits or 64) - 1)) for bits in (0, 8, 16, 32, 64)},
    **{f"MaxUint{bits or ''}": 2 ** (bits or 64) - 1 for bits in (0, 8, 16, 32, 64)},
}
_RANDOM: Final = {
    "Int": 2**63 - 1, "Int63": 2**63 - 1, "Int64": 2**63 - 1, "Int31": 2**31 - 1, "Int32": 2**31 - 1,
    "Uint32": 2**32 - 1, "Uint64": 2**64 - 1,
}  # fmt: skip
_BELOW: Final = frozenset({"Intn", "Int31n", "Int63n", "IntN", "Int32N", "Int64N"})
_NEVER_RETURN: Final = frozenset(
    {"panic", "Exit", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Goexit", "FailNow"}
)
_ENCRYPTERS: Final = frozenset({"NewCTR", "NewOFB", "NewCFBEncrypter", "NewCBCEncrypter"})
_LENGTH: Final = Number(0, INF)


@dataclass(frozen=True, slots=True)
class Slice:
    """How long a slice or array is and may grow to in place; `fixed` where it holds what the program spells out."""

    length: Number
    room: Number
    fixed: bool = False


def limits(kind: str) -> tuple[float, float] | None:
    """The numbers that an integer type holds, None for other types."""
    bits = _BITS.get(kind)
    if bits is None:
        return None
    return (0, 2**bits - 1) if kind.startswith(("u", "b")) else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


class Numbers(Memory):
    """One function; `run` once. `fixed`: numbers of the file by name. Reports are (rule, line)."""

    def __init__(self, fixed: dict[str, Number]) -> None:
        super().__init__()
        self.fixed = fixed
        self.counters: set[str] = set()
        self.straight = False

    def run(self, function: Form) -> list[tuple[str, int]]:
        """What is wrong in the function, in the order of lines."""
        for param in function.parts:
            self.declare(param.text, param.keys[0] if param.keys else "")
        self.statements(function.body)
        return sorted(self.found, key=lambda one: one[1])

    def declare(self, name: str, kind: str) -> None:
        """A name of this type, of whose value nothing is known."""
        self.now.types[name] = kind
        held = limits(kind)
        self.now.names[name] = Number(*held) if held else None
        self.keep(name, None)

    def keep(self, path: str, long: Slice | None) -> None:
        """Keeps among the numbers how long this slice is, so that branches are joined alike."""
        self.now.names[f"len {path}"] = long.length if long else None
        self.now.names[f"cap {path}"] = long.room if long else None
        self.now.names[f"fixed {path}"] = Number(1, 1) if long and long.fixed else None

    def kept(self, path: str) -> Slice | None:
        """How long this slice is, where that is known."""
        length, room = self.now.names.get(f"len {path}"), self.now.names.get(f"cap {path}")
        if not isinstance(length, Number) or not isinstance(room, Number):
            return None
        return Slice(length, room, self.now.names.get(f"fixed {path}") is not None)

    def leave(self, value: Known) -> None:
        """Nothing is to be given back in Go."""

    def bounded(self, form: Form) -> None:
        """How often a loop runs is no matter here."""

    def plain(self, form: Form) -> str:
        self.value(form)
        return "return" if form.kind == "call" and form.text in _NEVER_RETURN else ""

    # statements

    def do_loop(self, form: Form) -> str:
        kept, self.straight = self.straight, not _leaves(form)
        if form.text == "each":
            self.walked(form)
            form = Form("loop", form.line, form.end, "while", body=form.body)
        left = super().do_loop(form)
        self.straight = kept
        return left

    def walked(self, form: Form) -> None:
        """The names that a range gives: the places of a slice, the numbers below one."""
        held, below = self.slice(form.base), self.value(form.base)
        count = held.length if held is not None else below if isinstance(below, Number) else _LENGTH
        for place, target in enumerate(form.parts):
            self.declare(target.text, "")
            if not place and count.hi >= 1 and (held is not None or isinstance(below, Number) or len(form.parts) > 1):
                self.counters.add(target.text)
                self.now.names[target.text] = Number(0, count.hi - 1, count.exact and self.straight)

    def widened(self, value: Known, form: Form) -> Known:
        for target in form.parts:
            self.keep(target.path, None)
        found = super().widened(value, form)
        if isinstance(found, Number) and form.base is not None and form.base.text == "1":
            self.counters |= {target.text for target in form.parts}
            return Number(found.lo, found.hi, self.straight)
        return found

    def do_switch(self, form: Form) -> str:
        other, kept, ends = self.now.copy(), self.early, list[tuple[State, str]]()
        self.early = []
        for case in form.body:
            self.now = other.copy()
            label = case.parts[0] if len(case.parts) == 1 else None
            if label is not None and form.base is None:
                if self.truth(label) is False:
                    continue
                self.refine(label, True)
            elif label is not None and form.base is not None:
                asked, value = self.value(form.base), self.value(label)
                if isinstance(asked, Number) and isinstance(value, Number) and not asked.lo <= value.lo <= asked.hi:
                    continue
                self.limit(form.base, "==", label)
            left = self.statements(case.body)
            ends.append((self.now, "" if left == "break" else left))
            if label is not None and form.base is None:
                self.now = other
                self.refine(label, False)
        if all(case.parts for case in form.body):
            ends.append((other, ""))
        left = self.merge(ends) if ends else ""
        self.now = joined([self.now, *self.early])
        self.early = kept
        return left

    def limit(self, form: Form, sign: str, other: Form) -> None:
        """`int64(x) > other` speaks of x where nothing of it is cut."""
        if form.kind == "call" and form.path in _BITS and len(form.parts) == 1:
            held, value = limits(form.path), self.now.names.get(form.parts[0].path)
            if held is not None and isinstance(value, Number) and held[0] <= value.lo and value.hi <= held[1]:
                form = form.parts[0]
        super().limit(form, sign, other)

    # values

    def of_function(self, _form: Form) -> Known:
        return None  # followed on its own

    def of_name(self, form: Form) -> Known:
        return self.now.names[form.text] if form.text in self.now.names else self.fixed.get(form.text)

    def of_string(self, _form: Form) -> Known:
        return None

    def of_const(self, _form: Form) -> Known:
        return None

    def of_attr(self, form: Form) -> Known:
        if form.path.startswith("math.") and form.text in _LIMITS:
            return Number(_LIMITS[form.text], _LIMITS[form.text])
        self.value(form.base)
        return self.now.names.get(form.path)

    def of_cast(self, form: Form) -> Known:
        inner = form.parts[0] if form.parts else None
        self.value(inner)
        if form.text == "&" and inner is not None:
            self.now.names[inner.path] = None
            self.keep(inner.path, None)
        return None

    def of_op(self, form: Form) -> Known:
        if form.text in {"&&", "||"}:
            return self.logical(form)
        values = [self.value(part) for part in form.parts]
        if len(values) == 2 and isinstance(values[0], Number) and isinstance(values[1], Number):
            left, right = values[0], values[1]
            if form.text == "&" and right.exact and right.lo >= 0:
                return Number(0, min(right.lo, left.hi) if left.lo >= 0 else right.lo, left.outside)
            if form.text == ">>" and right.exact and 0 <= right.lo < 64 and left.lo >= 0 and left.hi < INF:
                return Number(int(left.lo) >> int(right.lo), int(left.hi) >> int(right.lo), left.outside)
            if form.text == "<<" and left.exact and right.exact and left.lo >= 0 and 0 <= right.lo < 64:
                return Number(int(left.lo) << int(right.lo), int(left.lo) << int(right.lo))
        if len(values) == 2:
            return self.combined(form, form.text, values[0], values[1])
        one = values[0]
        return Number(-one.hi, -one.lo, one.outside) if form.text == "-" and isinstance(one, Number) else None

    def of_list(self, form: Form) -> Known:
        values = [self.value(part) for part in form.parts]
        return values[0] if len(values) == 1 else None

    def of_assign(self, form: Form) -> Known:
        base = form.base
        given = list(base.parts) if base is not None and base.kind == "list" else [base] if base is not None else []
        kind = form.keys[0] if form.keys else ""
        if not given:
            for target in form.parts:
                self.declare(target.text, kind)
                if held := limits(kind):
                    self.now.names[target.text] = Number(0, 0) if held else None
                self.keep(target.text, self.empty(kind))
            return None
        values = [(self.value(one), self.slice(one)) for one in given]
        for place, target in enumerate(form.parts):
            value, long = values[place] if place < len(values) else (None, None)
            if len(form.text) > 1 and form.text[0] in "+-*/%":
                value = self.combined(form, form.text[0], self.value(target), value)
            self.put(target, value, long, kind)
        return values[0][0]

    def put(self, target: Form, value: Known, long: Slice | None, kind: str) -> None:
        """Writes to a name, a member or an item."""
        if target.kind == "index":
            self.of_index(target)
            return
        if target.kind not in {"name", "attr"}:
            self.value(target)
            return
        if kind:
            self.now.types[target.path] = kind
        held = limits(self.now.types.get(target.path, ""))
        self.now.names[target.path] = value if value is not None or not held else Number(*held)
        self.keep(target.path, long)

    def empty(self, kind: str) -> Slice | None:
        """What `var x kind` holds."""
        if kind.startswith("[]"):
            return Slice(Number(0, 0), Number(0, 0))
        size = kind[1:].partition("]")[0]
        if kind.startswith("[") and size.isdigit():
            return Slice(count := Number(int(size), int(size)), count, fixed=True)
        return None

    def of_index(self, form: Form) -> Known:
        held, index = self.slice(form.base), self.value(form.parts[0]) if form.parts else None
        self.value(form.base)
        if held is not None and isinstance(index, Number) and index.real:
            beyond = index.hi < INF and index.hi >= held.length.hi and held.length.exact
            if beyond or (index.exact and index.lo < 0):
                self.report("index-beyond-end", form.line)
        return None

    def of_slice(self, form: Form) -> Known:
        self.slice(form)
        return None

    def slice(self, form: Form | None) -> Slice | None:
        """How long what an expression gives is, where that is known."""
        if form is None:
            return None
        if form.kind in {"name", "attr"}:
            return self.kept(form.path)
        if form.kind == "slice":
            return self.cut(form)
        if form.kind == "new" and form.text.startswith("[") and not any(form.keys):
            plain = all(part.kind in {"number", "string"} for part in form.parts)
            size = form.text[1:].partition("]")[0]
            count = int(size) if size.isdigit() else len(form.parts)
            return Slice(Number(count, count), Number(count, count), plain)
        if form.kind == "call" and form.text == "make" and form.parts and form.parts[0].kind == "other":
            sizes = [self.value(part) for part in form.parts[1:]]
            length, room = (sizes[0], sizes[-1]) if sizes else (None, None)
            if isinstance(length, Number) and not length.outside:
                return Slice(length, room if isinstance(room, Number) else _LENGTH, fixed=True)
        if form.kind == "call" and form.text == "append" and form.parts and "*" not in form.keys:
            held = self.slice(form.parts[0])
            if held is not None and held.length.exact:
                longer = held.length.lo + len(form.parts) - 1
                return Slice(Number(longer, longer), Number(longer, INF))
        return None

    def cut(self, form: Form) -> Slice | None:
        """`x[a:b]`"""
        held = self.slice(form.base)
        first, last = self.value(form.parts[0]), self.value(form.parts[1]) if len(form.parts) > 1 else None
        if held is None or not isinstance(first, Number):
            return None
        if len(form.parts) == 1:
            last = held.length
        if not isinstance(last, Number):
            return None
        beyond = last.real and last.hi < INF and last.hi > held.room.hi
        if (beyond and held.room.exact) or (first.exact and last.exact and first.lo > last.lo):
            self.report("index-beyond-end", form.line)
            return None
        if not (first.exact and last.exact):
            return None
        room = held.room.lo - first.lo if held.room.exact else INF
        return Slice(Number(last.lo - first.lo, last.lo - first.lo), Number(max(room, 0), room), held.fixed)

    # calls

    def of_call(self, form: Form) -> Known:
        given = [self.value(part) for part in form.parts]
        held = [self.slice(part) for part in form.parts]
        if form.base is not None and form.base.kind != "name":
            self.value(form.base)
        if form.path in _BITS and len(given) == 1:
            return self.converted(form, given[0])
        if form.text in {"len", "cap"} and held[:1]:
            known = held[0]
            return (known.length if form.text == "len" else known.room) if known is not None else _LENGTH
        package = form.base.text if form.base is not None and form.base.kind == "name" else ""
        if form.text in _ENCRYPTERS and package == "cipher" and len(held) > 1 and held[1] is not None and held[1].fixed:
            self.report("no-salt", form.line)
        if form.text == "Seal" and len(held) == 4 and held[1] is not None and held[1].fixed:
            self.report("no-salt", form.line)
        for part in form.parts:  # which may be filled
            name = part.base if part.kind == "slice" else part
            if name is not None and name.path:
                self.now.names[f"fixed {name.path}"] = None
        return self.counted(form, package, given)

    def converted(self, form: Form, value: Known) -> Known:
        """`int32(x)` keeps what fits. A number that is held below the limit was thought of, whatever is below 0."""
        held = limits(form.path)
        if held is None or not isinstance(value, Number):
            return Number(*held) if held else None
        if value.lo < held[0] or value.hi > held[1]:
            counted = any(one.text in self.counters for one in inside(form.parts[0]))
            thought = value.hi <= held[1] and not value.exact
            if value.real and not (counted or thought) and form.parts[0].kind not in {"number", "string"}:
                self.report("number-cut", form.line)
            return Number(*held)
        return value

    def counted(self, form: Form, package: str, given: list[Known]) -> Known:
        """What functions of the library give that read or draw numbers."""
        if package == "strconv" and form.text == "Atoi":
            return Number(-(2**63), 2**63 - 1, outside=True)
        if package == "strconv" and form.text in {"ParseInt", "ParseUint"} and len(given) == 3:
            size = given[2]
            bits = int(size.lo) if isinstance(size, Number) and size.exact and 0 < size.lo < 64 else 64
            return Number(0, 2**bits - 1, outside=True) if form.text == "ParseUint" else _signed(bits)
        if package == "rand" and form.text in _RANDOM and not given:
            return Number(0, _RANDOM[form.text], outside=True)
        if package == "rand" and form.text in _BELOW and given and isinstance(given[0], Number):
            return Number(0, given[0].hi - 1, outside=True)
        if form.text in {"min", "max"} and not package and given and all(isinstance(one, Number) for one in given):
            ends = [one for one in given if isinstance(one, Number)]
            choose = min if form.text == "min" else max
            lo, hi = choose(one.lo for one in ends), choose(one.hi for one in ends)
            return Number(lo, hi, any(one.outside for one in ends))
        return None


def _signed(bits: int) -> Number:
    return Number(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1, outside=True)


def _leaves(loop: Form) -> bool:
    """Whether a loop may end before its condition says so, or leave out a part of a round."""
    return any(
        one.kind in {"return", "break", "continue", "raise"} or (one.kind == "call" and one.text in _NEVER_RETURN)
        for one in walk(loop)
    )
