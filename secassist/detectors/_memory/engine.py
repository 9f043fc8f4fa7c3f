"""Follows numbers and pointers through a C function: lengths against sizes, what was freed, what may be nothing."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from secassist.detectors._memory import library
from secassist.detectors._memory.state import INF, Block, Known, Number, Pointer, State, joined
from secassist.detectors._memory.values import Values
from secassist.parsing.forms import Form

_FLIPPED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
_NEGATED: Final = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "==": "!=", "!=": "=="}
_READS: Final = re.compile(r"(?i)(?:w?print\w*|puts|strlen|wcslen|free)$")
"""Calls that do not fill what they are given."""


class Memory(Values):
    """One function; `run` once. Reports are (rule, line)."""

    def run(self, function: Form) -> list[tuple[str, int]]:
        """What is wrong in the function, in the order of lines."""
        for param in function.parts:
            kind = param.keys[0] if param.keys else ""
            self.now.types[param.text] = kind
            self.now.names[param.text] = None
            if function.text == "main" and "*" in kind:
                self.now.names[param.text] = Pointer(self.block(Block("param", outside=True)), outside=True)
        left = self.statements(function.body)
        if left != "return":
            self.leave(None)
        return sorted(self.found, key=lambda one: one[1])

    def statements(self, forms: Iterable[Form]) -> str:
        """Statements in order, until one of them leaves: "" went on."""
        for form in forms:
            if self.steps > self.most:
                return "return"
            read = getattr(self, f"do_{form.kind}", None)
            left = str(read(form)) if read else self.plain(form)
            if left:
                return left
        return ""

    def plain(self, form: Form) -> str:
        """An expression that stands for itself."""
        self.value(form)
        return (
            "return"
            if form.kind == "call" and form.text in {"exit", "abort", "_exit", "longjmp", "__assert_fail"}
            else ""
        )

    def of_call(self, form: Form) -> Known:
        return library.call(self, form)

    def do_block(self, form: Form) -> str:
        return self.statements(form.body)

    def do_if(self, form: Form) -> str:
        said = self.truth(form.base)
        self.value(form.base)
        before = self.now.copy()
        ends: list[tuple[State, str]] = []
        for holds, body in ((True, form.body), (False, form.orelse)):
            if said is not None and said is not holds:
                continue
            self.now = before.copy()
            self.refine(form.base, holds)
            left = self.statements(body)
            ends.append((self.now, left))
        return self.merge(ends)

    def merge(self, ends: list[tuple[State, str]]) -> str:
        """After a branching."""
        self.early += [state for state, left in ends if left == "break"]
        open_ = [state for state, left in ends if not left]
        if not open_:
            return "return" if all(left == "return" for _, left in ends) else "break"
        self.now = joined(open_)
        return ""

    def do_loop(self, form: Form) -> str:
        kept, self.early = self.early, []
        before = self.now.copy()
        if form.text != "do":
            self.widen(form)
            self.bounded(form)
            self.value(form.base)
            self.refine(form.base, True)
        left = self.statements(form.body)
        ends = [*self.early, *([self.now] if left != "return" else [])]
        if form.text != "do":
            after = before.copy()
            after.unset = self.now.unset
            ends.append(after)
        self.now = joined(ends) if ends else before
        if form.text != "do" and left != "return":
            self.widen(form)
            self.refine(form.base, False)
        self.early = kept
        return "return" if left == "return" and form.text == "do" and not ends[:-1] and not self.early else ""

    def widen(self, form: Form) -> None:
        """What a loop changes is not known in it, except that what is only added to does not shrink."""
        stack, steps = list(form.body), 0
        while stack and steps < 4_000:
            one = stack.pop()
            steps += 1
            if one.kind == "call" and not _READS.match(one.text):
                for part in one.parts:
                    self.filled(part)
            elif one.kind == "assign":
                for target in one.parts:
                    if target.kind != "name":
                        self.filled(target)
                    if target.kind == "name" and target.text in self.now.names:
                        self.now.names[target.text] = self.widened(self.now.names[target.text], one)
            stack += [*one.parts, *one.body, *one.orelse, *([one.base] if one.base is not None else [])]

    def widened(self, value: Known, form: Form) -> Known:
        """A number after any number of such assignments."""
        if (
            isinstance(value, Number)
            and form.text in {"+=", "-="}
            and form.base is not None
            and form.base.kind == "number"
        ):
            return Number(value.lo, INF) if form.text == "+=" else Number(-INF, value.hi)
        return None

    def bounded(self, form: Form) -> None:
        """A loop as long as an outsider says."""
        if (
            form.base is None
            or form.base.kind != "op"
            or form.base.text not in {"<", "<=", "!="}
            or len(form.base.parts) != 2
        ):
            return
        bound = self.value(form.base.parts[1])
        if isinstance(bound, Number) and bound.outside and bound.hi > 1_000_000:
            self.report("unbounded-loop", form.line)

    def do_switch(self, form: Form) -> str:
        value = self.value(form.base)
        before, kept, ends = self.now.copy(), self.early, list[tuple[State, str]]()
        self.early = []
        cases = list(form.body)
        for case in cases:
            labels = [self.value(part) for part in case.parts]
            if isinstance(value, Number) and value.exact and labels and not any(label == value for label in labels):
                continue
            self.now = before.copy()
            left = self.statements(case.body)
            ends.append((self.now, "" if left == "break" else left))
        if all(case.parts for case in cases):
            ends.append((before, ""))
        left = self.merge(ends) if ends else ""
        self.now = joined([self.now, *self.early])
        self.early = kept
        return left

    def do_try(self, form: Form) -> str:
        before = self.now.copy()
        ends = [(self.now, self.statements(form.body))]
        ends[0] = (self.now, ends[0][1])
        for handler in form.orelse:
            self.now = before.copy()
            ends.append((self.now, self.statements(handler.body)))
        return self.merge([(state, left) for state, left in ends])

    def do_return(self, form: Form) -> str:
        value = self.value(form.base) if form.base is not None else None
        if isinstance(value, Pointer) and value.block:
            block = self.now.blocks[value.block]
            if block.kind == "stack" and value.null == "no":
                self.report("stack-address-returned", form.line)
        self.leave(value)
        return "return"

    def do_break(self, _form: Form) -> str:
        return "break"

    def do_continue(self, _form: Form) -> str:
        return "break"

    def do_function(self, _form: Form) -> str:
        return ""

    def leave(self, value: Known) -> None:
        """At the end of the function: what was taken and neither given back nor kept elsewhere."""
        held = value.block if isinstance(value, Pointer) else 0
        pointed = {p.block for p in self.now.names.values() if isinstance(p, Pointer) and p.null != "yes"}
        for number, block in self.now.blocks.items():
            if (
                block.kind in {"malloc", "new", "new[]", "file"}
                and not (block.freed or block.kept)
                and number != held
                and number in pointed
            ):
                self.report("file-leak" if block.kind == "file" else "memory-leak", block.line)

    # conditions

    def truth(self, form: Form | None) -> bool | None:
        """Whether a condition surely holds or surely does not."""
        if form is None:
            return None
        if form.kind in {"number", "const"}:
            return form.text not in {"0", "false", "null"}
        if form.kind == "op" and form.text in {"!", "&&", "||"}:
            said = [self.truth(part) for part in form.parts]
            if form.text == "!":
                return None if said[0] is None else not said[0]
            ends = form.text == "||"
            return ends if ends in said else None if None in said else not ends
        if form.kind == "op" and len(form.parts) == 2 and form.text in _NEGATED:
            left, right = (self.value(part) for part in form.parts)
            if isinstance(left, Number) and isinstance(right, Number) and not (left.outside or right.outside):
                return _compared(form.text, left, right)
        return None

    def refine(self, form: Form | None, holds: bool) -> None:
        """What a condition says about names where it holds or does not."""
        if form is None:
            return
        if form.kind == "op" and form.text in {"!", "not"}:
            self.refine(form.parts[0], not holds)
        elif form.kind == "op" and form.text in {"&&", "and", "||", "or"}:
            if holds == (form.text in {"&&", "and"}):
                for part in form.parts:
                    self.refine(part, holds)
        elif form.kind == "op" and len(form.parts) == 2 and form.text in _NEGATED:
            sign = form.text if holds else _NEGATED[form.text]
            self.limit(form.parts[0], sign, form.parts[1])
            if form.parts[0].kind != "assign":  # which would be carried out again, and what was just learnt be lost
                self.limit(form.parts[1], _FLIPPED[sign], form.parts[0])
        elif form.kind == "assign" and form.parts:
            self.refine(form.parts[0], holds)
        elif form.kind in {"name", "attr"}:
            self.nothing(form, not holds)

    def nothing(self, form: Form, is_null: bool) -> None:
        """A pointer was asked whether it is one; a number whether it is 0."""
        value = self.now.names.get(form.path)
        if isinstance(value, Pointer):
            self.now.names[form.path] = replace(value, null="yes" if is_null else "no")
        elif isinstance(value, Number) and not is_null:
            self.now.names[form.path] = _without_zero(value)

    def limit(self, form: Form, sign: str, other: Form) -> None:
        """`form sign other` holds."""
        inner = form
        while inner.kind == "cast" and inner.parts:
            inner = inner.parts[0]
        if inner.kind == "call" and inner.text in {"abs", "labs", "fabs", "llabs", "fabsf"} and inner.parts:
            self.limit_size(inner.parts[0], sign, self.value(other))
            return
        if inner.kind == "assign" and inner.parts:
            inner = inner.parts[0]
        value, bound = self.now.names.get(inner.path), self.value(other)
        if (other.kind == "const" and other.text == "null") or (isinstance(value, Pointer) and bound == Number(0, 0)):
            if sign in {"==", "!="}:
                self.nothing(inner, sign == "==")
            return
        if isinstance(value, Number) and bound is None and value.outside and not sign.startswith("!"):
            self.now.names[inner.path] = replace(value, outside=False)  # held against something that is not known here
        if isinstance(value, Number) and isinstance(bound, Number):
            self.now.names[inner.path] = _limited(value, sign, bound)

    def limit_size(self, form: Form, sign: str, bound: Known) -> None:
        """abs(x) < bound, abs(x) > bound."""
        value = self.now.names.get(form.path)
        if isinstance(value, Number) and isinstance(bound, Number):
            if sign in {"<", "<="}:
                self.now.names[form.path] = Number(max(value.lo, -bound.hi), min(value.hi, bound.hi), outside=False)
            else:
                self.now.names[form.path] = _without_zero(value)


def _compared(sign: str, left: Number, right: Number) -> bool | None:
    if sign in {"==", "!="}:
        if left.exact and right.exact:
            return (left.lo == right.lo) == (sign == "==")
        return None
    if sign in {">", ">="}:
        left, right, sign = right, left, "<" if sign == ">" else "<="
    if left.hi < right.lo or (sign == "<=" and left.hi == right.lo):
        return True
    if left.lo > right.hi or (sign == "<" and left.lo == right.hi):
        return False
    return None


def _limited(value: Number, sign: str, bound: Number) -> Number:
    lo, hi = value.lo, value.hi
    if sign == "<":
        hi = min(hi, bound.hi - 1)
    elif sign == "<=":
        hi = min(hi, bound.hi)
    elif sign == ">":
        lo = max(lo, bound.lo + 1)
    elif sign == ">=":
        lo = max(lo, bound.lo)
    elif sign == "==":
        return bound
    elif bound == Number(0, 0):
        return _without_zero(value)
    return Number(lo, max(lo, hi), value.outside)


def _without_zero(value: Number) -> Number:
    if value.lo == 0:
        return Number(1, max(1, value.hi), value.outside)
    if value.lo < 0 < value.hi:
        return Number(value.lo, value.hi, outside=False)
    return value


def check(function: Form) -> list[tuple[str, int]]:
    """What is wrong with memory in one function: (rule, line), each once."""
    return Memory().run(function)
