"""What C expressions are worth and what they do to memory: reading, writing, arithmetic."""

from dataclasses import replace
from typing import Final

from secassist.detectors._memory.state import INF, Block, Known, Number, Pointer, State, type_bytes, type_range
from secassist.parsing.forms import Form

_LIMITS: Final = {
    "INT_MAX": 2**31 - 1, "INT_MIN": -(2**31), "UINT_MAX": 2**32 - 1, "CHAR_MAX": 127, "CHAR_MIN": -128, "SHRT_MAX": 32767,
    "SHRT_MIN": -32768, "LLONG_MAX": 2**63 - 1, "LLONG_MIN": -(2**63), "LONG_MAX": 2**63 - 1, "LONG_MIN": -(2**63),
    "UCHAR_MAX": 255, "SIZE_MAX": 2**64 - 1, "UINT64_MAX": 2**64 - 1, "INT64_MAX": 2**63 - 1, "INT64_MIN": -(2**63),
}  # fmt: skip


class Values:
    """Expressions; statements are added in `_memory/engine`."""

    most = 20_000
    """Expressions of one function that are worked out."""

    def __init__(self) -> None:
        self.now = State()
        self.early: list[State] = []
        self.found: set[tuple[str, int]] = set()
        self.steps = 0
        self.count = 0

    def report(self, rule: str, line: int) -> None:
        """Keeps a report."""
        self.found.add((rule, line))

    def block(self, block: Block) -> int:
        """The number of a new piece of memory."""
        self.count += 1
        self.now.blocks[self.count] = block
        return self.count

    def value(self, form: Form | None) -> Known:
        """What an expression is worth."""
        if form is None:
            return None
        self.steps += 1
        if self.steps > self.most:
            return None
        read = getattr(self, f"of_{form.kind}", None)
        if read is not None:
            found: Known = read(form)
            return found
        for part in (*form.parts, *form.body, *([form.base] if form.base is not None else [])):
            self.value(part)
        return None

    def of_number(self, form: Form) -> Known:
        try:
            number = int(form.text, 0) if form.text.isdigit() or form.text[:2] in {"0x", "0X"} else float(form.text)
        except ValueError:
            return None
        return Number(number, number)

    def of_const(self, form: Form) -> Known:
        return Pointer(null="yes") if form.text == "null" else Number(1, 1) if form.text == "true" else Number(0, 0)

    def of_string(self, form: Form) -> Known:
        return Pointer(self.block(Block("static", len(form.text) + 1, len(form.text))))

    def of_name(self, form: Form) -> Known:
        if form.text in _LIMITS:
            return Number(_LIMITS[form.text], _LIMITS[form.text])
        if form.text in {"NULL", "nullptr"}:
            return Pointer(null="yes")
        if form.text in self.now.unset:
            self.report("uninitialised", form.line)
            self.now.unset -= {form.text}
        return self.now.names.get(form.text)

    def of_sizeof(self, form: Form) -> Known:
        if form.base is None:
            return Number(size := type_bytes(form.text), size)
        inner = form.base
        if inner.kind == "name" and isinstance(target := self.now.names.get(inner.text), Pointer) and target.block:
            block = self.now.blocks[target.block]
            if "[]" in self.now.types.get(inner.text, "") and block.size < INF:
                return Number(block.size, block.size)
        kind = self.now.types.get(inner.text, inner.text)
        return Number(size := type_bytes(kind), size)

    def of_cast(self, form: Form) -> Known:
        if form.text == "&":
            return self.address(form.parts[0])
        if form.text == "*":
            target = self.value(form.parts[0])
            if isinstance(target, Pointer):
                self.touch(target, Number(0, 0), self.item(form.parts[0]), form.line, write=False)
            return None
        value = self.value(form.parts[0]) if form.parts else None
        limits = type_range(form.text)
        if isinstance(value, Number) and limits and value.real and type_bytes(form.text) < 4:
            source = form.parts[0]
            wide = type_bytes(self.now.types.get(source.text, "int")) > type_bytes(form.text)
            if source.kind == "name" and wide and (value.lo < limits[0] or value.hi > limits[1]):
                self.report("number-cut", form.line)
            return Number(max(value.lo, limits[0]), min(value.hi, limits[1]), value.outside)
        return value

    def address(self, form: Form) -> Known:
        """&x: the name counts as set from then on."""
        self.filled(form)
        if form.kind == "name":
            self.now.unset -= {form.text}
            known = self.now.names.get(form.text)
            if isinstance(known, Pointer) and "[]" in self.now.types.get(form.text, ""):
                return known
            kind = self.now.types.get(form.text)
            place = "static" if kind is None or "static" in kind.split() else "stack"
            return Pointer(self.block(Block(place, type_bytes(kind or ""))))
        if form.kind == "index":
            base, index = self.value(form.base), self.value(form.parts[0]) if form.parts else None
            if isinstance(base, Pointer) and isinstance(index, Number):
                return self.moved(base, index, self.item(form.base))
        else:
            self.value(form)
        return None

    def moved(self, pointer: Pointer, by: Number, item: int) -> Pointer:
        """A pointer some items further."""
        return replace(
            pointer, lo=pointer.lo + by.lo * item, hi=pointer.hi + by.hi * item, outside=pointer.outside or by.outside
        )

    def item(self, form: Form | None) -> int:
        """Bytes of what a pointer expression points to."""
        kind = self.now.types.get(form.path, "") if form is not None else ""
        return type_bytes(kind.replace("[]", "").removesuffix("*")) if kind else 1

    def of_ternary(self, form: Form) -> Known:
        self.value(form.base)
        values = [self.value(part) for part in form.parts]
        return values[0] if values and all(value == values[0] for value in values) else None

    def of_op(self, form: Form) -> Known:
        if form.text in {"&&", "||"}:
            return self.logical(form)
        if form.text == ">>":  # a stream of C++ fills what stands on its right
            for part in form.parts[1:]:
                self.filled(part)
                self.now.unset -= {part.path}
        values = [self.value(part) for part in form.parts]
        if not values:  # in code that does not parse
            return None
        if len(values) == 1:
            one = values[0]
            return Number(-one.hi, -one.lo, one.outside) if form.text == "-" and isinstance(one, Number) else None
        if len(values) != 2:
            first = values[0]
            for other in values[1:]:
                first = self.combined(form, form.text, first, other)
            return first
        return self.combined(form, form.text, values[0], values[1])

    def logical(self, form: Form) -> Known:
        """`p && *p`: what stands further right is only asked where the left holds."""
        before = self.now.copy()
        for part in form.parts:
            self.value(part)
            self.refine(part, form.text == "&&")
        before.unset &= self.now.unset
        self.now = before
        return None

    def refine(self, form: Form | None, holds: bool) -> None:
        """What a condition says about names."""
        raise NotImplementedError

    def combined(self, form: Form, sign: str, left: Known, right: Known) -> Known:
        """The result of an operator on two values."""
        if isinstance(left, Pointer) and isinstance(right, Number) and sign in {"+", "-"}:
            by = right if sign == "+" else Number(-right.hi, -right.lo, right.outside)
            return self.moved(left, by, self.item(form.parts[0]))
        if sign in {"/", "%"} and isinstance(right, Number) and right.real and right.lo <= 0 <= right.hi:
            self.report("division-by-zero", form.line)
            return None
        if not isinstance(left, Number) or not isinstance(right, Number):
            return None
        return _arithmetic(sign, left, right)

    def overflow(self, form: Form, sign: str, value: Known, kind: str) -> None:
        """A sum, difference or product that an integer type does not hold."""
        limits = type_range(kind)
        if not isinstance(value, Number) or not limits or not value.real:
            return
        if value.hi > limits[1] and sign in {"+", "*", "+="}:
            self.report("number-overflow", form.line)
        elif value.lo < limits[0] and sign in {"-", "*", "-="}:
            self.report("number-underflow", form.line)

    def of_assign(self, form: Form) -> Known:
        target = form.parts[0] if form.parts else None
        if target is None:
            return self.value(form.base)
        kind = form.keys[0] if form.keys else ""
        if kind:
            self.now.types[target.text] = kind + ("[]" if form.body else "")
        if form.body:
            return self.array(form, target, kind)
        if form.base is None:
            self.now.names[target.text] = None
            plain = type_range(kind) is not None or "*" in kind or kind in {"double", "float"}
            words = set(kind.replace("{", " { ").split())
            if plain and not {"static", "struct", "union", "{"} & words and "<" not in kind and "::" not in kind:
                self.now.unset |= {target.text}
            return None
        value = self.value(form.base)
        if len(form.text) > 1 and form.text[0] in "+-*/%":
            value = self.combined(form, form.text[0], self.value(target), value)
        self.now.unset -= {target.text}
        wide = self.now.types.get(target.text, "")
        operator = form.text if len(form.text) > 1 else form.base.text if form.base.kind == "op" else ""
        inner = form.base.parts[0] if form.base.kind == "cast" and form.base.parts else form.base
        operator = operator or (inner.text if inner.kind == "op" else "")
        self.overflow(form, operator, value, wide)
        if value is None and isinstance(self.now.names.get(target.text), Pointer) and "*" not in wide:
            value = None
        self.store(target, value, form)
        return value

    def array(self, form: Form, target: Form, kind: str) -> Known:
        """`char buffer[10] = ""`."""
        count = self.value(form.body[0])
        item = type_bytes(kind)
        size = count.hi * item if isinstance(count, Number) and count.exact else INF
        length: float = -1
        if form.base is not None:
            given = self.value(form.base)
            length = 0
            if isinstance(given, Pointer) and given.block:
                length = max(self.now.blocks[given.block].length, 0) * item
        place = "static" if "static" in kind.split() else "stack"
        fresh = (
            form.base is None
            and place == "stack"
            and (type_range(kind) is not None or "*" in kind or kind in {"double", "float"})
        )
        made = Pointer(self.block(Block(place, size, length, item, line=form.line, fresh=fresh)))
        self.now.names[target.text] = made
        return made

    def store(self, target: Form, value: Known, form: Form) -> None:
        """Writes to a name or through a pointer."""
        if target.kind == "name":
            local = target.text in self.now.types
            self.now.names[target.text] = value if local else None
            if not local and isinstance(value, Pointer) and value.block:
                self.now.blocks[value.block] = replace(self.now.blocks[value.block], kept=True, fresh=False)
            return
        self.filled(target)
        if target.kind == "index":
            base, index = self.value(target.base), self.value(target.parts[0]) if target.parts else None
            if isinstance(base, Pointer):
                item = self.item(target.base)
                if isinstance(index, Number):
                    self.touch(base, index, item, form.line, write=True)
                else:
                    self.touch(base, Number(0, 0), item, form.line, write=True, known=False)
                self.ended(base, index, item, value)
        elif target.kind in {"attr", "cast"}:
            inner = target.base if target.kind == "attr" else target.parts[0]
            base = self.value(inner)
            arrow = target.kind == "cast" or "*" in self.now.types.get(inner.path if inner else "", "")
            if isinstance(base, Pointer) and arrow:
                self.touch(base, Number(0, 0), 1, form.line, write=True)
        if isinstance(value, Pointer) and value.block:  # kept in a place that is not followed
            self.now.blocks[value.block] = replace(self.now.blocks[value.block], kept=True, fresh=False)

    def ended(self, base: Pointer, index: Known, item: int, value: Known) -> None:
        """`text[n] = 0` ends a text there."""
        if value not in {Number(0, 0), None} or not base.block or base.lo or base.hi:
            return
        block = self.now.blocks[base.block]
        if isinstance(index, Number) and index.exact and block.length > index.lo * item:
            self.now.blocks[base.block] = replace(block, length=index.lo * item)

    def of_index(self, form: Form) -> Known:
        base, index = self.value(form.base), self.value(form.parts[0]) if form.parts else None
        if isinstance(base, Pointer):
            at = index if isinstance(index, Number) else Number(0, 0)
            self.touch(base, at, self.item(form.base), form.line, write=False, known=isinstance(index, Number))
            if base.outside and not isinstance(index, Pointer):
                return base if form.base is not None and form.base.text == "argv" else None
        return None

    def of_attr(self, form: Form) -> Known:
        base = self.value(form.base)
        if isinstance(base, Pointer) and form.base is not None and "*" in self.now.types.get(form.base.path, ""):
            self.touch(base, Number(0, 0), 1, form.line, write=False, whole=False)
        return self.now.names.get(form.path)

    def filled(self, form: Form | None) -> None:
        """What an expression is a part of is written to, or may be."""
        for _ in range(20):
            if form is None or form.kind == "name":
                break
            form = form.base or (form.parts[0] if form.kind == "cast" and form.parts else None)
        held = self.now.names.get(form.text) if form is not None else None
        if isinstance(held, Pointer) and held.block and self.now.blocks[held.block].fresh:
            self.now.blocks[held.block] = replace(self.now.blocks[held.block], fresh=False)

    def touch(
        self,
        pointer: Pointer,
        index: Number,
        item: int,
        line: int,
        *,
        write: bool,
        known: bool = True,
        whole: bool = True,
    ) -> None:
        """An access through a pointer: is it one, was it freed, is it inside, was it set? `whole`: not a member of it."""
        if pointer.null in {"yes", "maybe"}:
            unasked = "unchecked-allocation" if pointer.block else "unchecked-result"
            self.report("null-pointer" if pointer.null == "yes" else unasked, line)
        if not pointer.block:
            return
        block = self.now.blocks[pointer.block]
        if block.freed:
            self.report("use-after-free", line)
        if block.fresh:
            self.now.blocks[pointer.block] = block = replace(block, fresh=False)
            if not write and whole:
                self.report("uninitialised", line)
        if not known:
            return
        lo, hi = pointer.lo + index.lo * item, pointer.hi + index.hi * item + item
        chosen = index.outside or pointer.outside
        if (hi > block.size and (index.exact or chosen or index.hi < INF)) and block.size < INF:
            self.report(("stack" if block.kind == "stack" else "heap") + "-overflow" if write else "read-beyond", line)
        elif lo < 0 and (index.exact or chosen or pointer.lo < 0):
            self.report("write-before" if write else "read-before", line)

    def of_new(self, form: Form) -> Known:
        count = self.value(form.parts[0]) if form.parts and form.keys[:1] == ("[]",) else None
        for part in form.parts:
            self.value(part)
        many = form.keys[:1] == ("[]",)
        if many and isinstance(count, Number) and count.outside and count.hi > 1_000_000:
            self.report("allocation-size", form.line)
        size = count.hi * type_bytes(form.text) if isinstance(count, Number) and count.exact else INF
        return Pointer(self.block(Block("new[]" if many else "new", size if many else INF, line=form.line)))


def _arithmetic(sign: str, left: Number, right: Number) -> Known:
    outside = left.outside or right.outside
    if sign == "+":
        return Number(left.lo + right.lo, left.hi + right.hi, outside)
    if sign == "-":
        return Number(left.lo - right.hi, left.hi - right.lo, outside)
    if sign == "*":
        ends = [a * b if 0 not in (a, b) else 0 for a in (left.lo, left.hi) for b in (right.lo, right.hi)]
        return Number(min(ends), max(ends), outside)
    if sign == "/" and right.exact and right.lo > 0:
        return Number(left.lo // right.lo, left.hi // right.lo, outside)
    if sign == "%" and right.exact and right.lo > 0:
        return Number(0 if left.lo >= 0 else 1 - right.lo, right.lo - 1, outside=False)
    return None
