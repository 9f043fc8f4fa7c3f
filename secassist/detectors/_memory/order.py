"""What comes too late or too early in a C function: use after free, a check after use, a lock that stays or is taken twice."""

import re
from dataclasses import dataclass, field
from typing import Final

from secassist.detectors._memory.walking import ASKING, Survey, bare, inside, is_nothing, path_of
from secassist.parsing.forms import Form

MOST_STEPS: Final = 20_000
"""Expressions of one function that are looked at."""
MOST_KEPT: Final = 100
"""Pointers and locks of which something is remembered at one place."""
_FREES: Final = frozenset(
    [
        "free",
        "kfree",
        "vfree",
        "kvfree",
        "kzfree",
        "kfree_sensitive",
        "g_free",
        "av_free",
        "xfree",
        "efree",
        "gdFree",
        "OPENSSL_free",
        "CRYPTO_free",
        "delete",
        "delete[]",
        "kfree_skb",
    ]
)
_GIVES_UP: Final = re.compile(r"(?:\w{1,40}_)?(?:free|destroy|buf_release)")
_ASSIGNING: Final = re.compile(
    r"[A-Z0-9_]{2,60}|\w{0,60}for_each\w{0,60}|\w{0,40}(?:safe_?free|free_?(?:and|safe))\w{0,40}"
)
_HARMLESS: Final = re.compile(
    r"(?i)assert|expect|is_err|ptr_err|free|trace|forget|unregister|poison|leak|ignore|remove|erase"
)
"""Calls that are told of an address without following it."""
_HINTS: Final = frozenset({"likely", "unlikely", "__builtin_expect", "LIKELY", "UNLIKELY"})
_LEAVES: Final = frozenset({"exit", "abort", "_exit", "longjmp", "__assert_fail", "panic", "BUG", "unreachable"})
_LOCKS: Final = re.compile(
    r"(?:pthread_(?:mutex|spin)_lock|mutex_lock(?:_nested)?|(?:raw_)?(?:spin|read|write)_lock(?:_bh|_irq|_irqsave)?|"
    r"stdThreadLockAcquire|EnterCriticalSection|down_(?:read|write))"
)
_UNLOCKS: Final = re.compile(
    r"(?:pthread_(?:mutex|spin)_unlock|mutex_unlock|(?:raw_)?(?:spin|read|write)_unlock(?:_bh|_irq|_irqrestore)?|"
    r"stdThreadLockRelease|LeaveCriticalSection|up_(?:read|write)|downgrade_write)"
)


@dataclass(slots=True)
class _Now:
    """Paths at one place of a function: where they were followed, freed or locked (a line each)."""

    used: dict[str, int] = field(default_factory=dict)
    freed: dict[str, int] = field(default_factory=dict)
    locked: dict[str, int] = field(default_factory=dict)

    def copy(self) -> "_Now":
        """An independent copy."""
        return _Now(dict(self.used), dict(self.freed), dict(self.locked))

    def forget(self, path: str) -> None:
        """A path has another value from here on, and so has what is reached through it."""
        for known in (self.used, self.freed):
            for one in [one for one in known if one == path or one.startswith((path + ".", path + "["))]:
                del known[one]

    def clear(self) -> None:
        """Nothing is known: control may come from elsewhere."""
        self.used, self.freed, self.locked = {}, {}, {}


def _both(ends: list[_Now]) -> _Now:
    """What holds on every way."""
    first, *rest = ends
    made = first.copy()
    for other in rest:
        made.used = {path: line for path, line in made.used.items() if path in other.used}
        made.freed = {path: line for path, line in made.freed.items() if path in other.freed}
        made.locked = {path: line for path, line in made.locked.items() if path in other.locked}
    return made


class Order:
    """One function; `run` once. Reports are (rule, line)."""

    def __init__(self, seen: Survey) -> None:
        self.seen = seen
        self.now = _Now()
        self.steps = 0
        self.quiet = False
        self.checked: set[str] = set()
        self.surely: dict[str, int] = {}
        self.found: set[tuple[str, int]] = set()
        self.locals = {name for name, kind in seen.types.items() if "*" in kind}
        self.released = {
            path for form in seen.every if form.kind == "call" and _UNLOCKS.fullmatch(form.text) for path in _lock(form)
        }

    def run(self) -> list[tuple[str, int]]:
        """What is out of order in the function."""
        self.block(self.seen.function.body)
        return sorted(self.found, key=lambda one: one[1])

    def block(self, forms: tuple[Form, ...]) -> bool:
        """Statements in order; says whether they leave. What stands behind a leaving or a label is reached from elsewhere."""
        left = False
        for form in forms:
            if self.steps > MOST_STEPS:
                return True
            if left or form.kind == "name":
                self.now.clear()
                left = False
            left = self.statement(form)
        return left

    def statement(self, form: Form) -> bool:
        """One statement; says whether it leaves."""
        read = getattr(self, f"do_{form.kind}", None)
        if read is not None:
            return bool(read(form))
        self.expression(form)
        self.lock(form)
        return form.kind == "call" and form.text in _LEAVES

    def do_if(self, form: Form) -> bool:
        self.expression(form.base, asks=True)
        before = self.now
        ends, left = list[_Now](), True
        for body in (form.body, form.orelse):
            self.now = before.copy()
            if not self.block(body):
                ends.append(self.now)
                left = False
        self.now = _both(ends) if ends else before
        return left

    def do_loop(self, form: Form) -> bool:
        for path in _changed(form):
            self.now.forget(path)
        self.quiet = True  # the next round is asked about, not this one
        if form.text != "do":
            self.expression(form.base, asks=True)
        self.quiet = False
        before = self.now.copy()
        self.block(form.body)
        if form.text == "do":
            self.expression(form.base)
        self.now = before
        return False

    def do_switch(self, form: Form) -> bool:
        self.expression(form.base)
        before = self.now.copy()
        for path in _changed(form):
            before.forget(path)
        for case in form.body:
            self.now = before.copy()
            self.block(case.body)
        self.now = before
        self.now.locked = {}
        return False

    def do_block(self, form: Form) -> bool:
        return self.block(form.body)

    def do_try(self, form: Form) -> bool:
        self.block(form.body)
        self.now.clear()
        return False

    def do_return(self, form: Form) -> bool:
        self.expression(form.base)
        for path in self.now.locked:
            if path in self.released:
                self.found.add(("lock-kept", form.line))
        return True

    def do_break(self, _form: Form) -> bool:
        return True

    do_continue = do_raise = do_break

    def do_function(self, _form: Form) -> bool:
        return False

    # expressions

    def expression(self, form: Form | None, *, asks: bool = False) -> None:
        """An expression from left to right."""
        self.steps += 1
        if form is None or self.steps > MOST_STEPS or form.kind in {"function", "class", "sizeof"}:
            return
        if form.kind == "assign":
            self.assign(form)
        elif form.kind == "call":
            self.call(form)
        elif form.kind == "op" and form.text in {"&&", "||"}:
            self.chain(form, asks)
        elif form.kind == "ternary":
            self.expression(form.base, asks=True)
            kept = self.now.copy()
            for part in form.parts:
                self.expression(part)
                self.now = kept.copy()
        elif form.kind == "cast" and form.text == "&" and form.parts and form.parts[0].kind == "attr":
            self.expression(self.address(form.parts[0]))
        else:
            self.ask(form, asks)
            self.follow(form)
            for part in (*form.parts, *form.body, *([form.base] if form.base is not None else [])):
                self.expression(part)

    def chain(self, form: Form, asks: bool) -> None:
        """`a && b`: what stands further right may not be run."""
        kept: _Now | None = None
        for part in form.parts:
            self.expression(part, asks=asks)
            kept = kept or self.now.copy()
        self.now = kept or self.now

    def assign(self, form: Form) -> None:
        self.expression(form.base)
        for target in form.parts:
            if target.kind != "name":
                self.follow(target)
                for part in (*target.parts, *([target.base] if target.base is not None else [])):
                    self.expression(part)
            if target.path and target.kind != "cast":
                self.now.forget(target.path)
                self.checked.discard(target.path)

    def call(self, form: Form) -> None:
        """Arguments are followed; what is handed over by address, or to a macro, may be another afterwards."""
        for part in (*form.parts, *([form.base] if form.base is not None else [])):
            self.expression(part)
        gives_up = form.text in _FREES or (len(form.parts) == 1 and bool(_GIVES_UP.fullmatch(form.text)))
        if gives_up and form.parts and (path := path_of(form.parts[-1])):
            self.free(form, path)
            return
        self.hand_over(form)
        for part in form.parts:
            inner = bare(part)
            if ASKING.search(form.text):
                kept, self.quiet = self.quiet, self.quiet or form.text not in _HINTS
                self.ask(inner, True)
                self.quiet = kept
            if inner is not None and inner.kind == "cast" and inner.text == "&" and inner.parts:
                self.now.forget(inner.parts[0].path)
            elif path_of(inner) and _ASSIGNING.fullmatch(form.text):
                self.now.forget(path_of(inner))

    def hand_over(self, form: Form) -> None:
        """A pointer that was freed for certain is given to a function that may follow it."""
        if _ASSIGNING.fullmatch(form.text) or _HARMLESS.search(form.text):
            return
        if any(part.kind == "string" and "%p" in part.text for part in form.parts):
            return
        for path in map(path_of, form.parts):
            if path in self.locals and self.now.freed.get(path, -1) == self.surely.get(path):
                self.found.add(("use-after-free", form.line))
                self.now.forget(path)

    def free(self, form: Form, path: str) -> None:
        if path in self.now.freed and form.text in _FREES:
            self.found.add(("double-free", form.line))
        if len(self.now.freed) < MOST_KEPT:
            self.now.freed[path] = form.line
            if form.text in _FREES:
                self.surely[path] = form.line

    def address(self, form: Form) -> Form | None:
        """What a chain of members begins with: its address is reckoned without following anything, if it is alive."""
        inner: Form | None = form
        while inner is not None and inner.kind == "attr":
            self.follow(inner, marks=False)
            inner = inner.base
        return inner

    def follow(self, form: Form, *, marks: bool = True) -> None:
        """`p->x`, `*p`, `p[i]`: the pointer is followed."""
        if form.kind in {"attr", "index"}:
            inner = form.base
        elif form.kind == "cast" and form.text == "*":
            inner = form.parts[0] if form.parts else None
        else:
            return
        path = path_of(inner)
        if not path:
            return
        if path in self.now.freed and (path in self.locals or "." in path):
            self.found.add(("use-after-free", form.line))
            self.now.forget(path)
        if marks and path in self.locals and path not in self.seen.arrays and len(self.now.used) < MOST_KEPT:
            self.now.used.setdefault(path, form.line)

    def ask(self, form: Form | None, condition: bool) -> None:
        """`!p`, `p == NULL`, and `p` as a condition: too late where it was followed already and never asked before."""
        inner = form
        if inner is None:
            return
        if inner.kind == "op" and inner.text == "!" and inner.parts:
            inner, condition = inner.parts[0], True
        elif inner.kind == "op" and inner.text in {"==", "!="} and len(inner.parts) == 2:
            left, right = inner.parts
            inner, condition = (
                (left, True) if is_nothing(right) else (right, True) if is_nothing(left) else (inner, False)
            )
        if condition and inner.kind == "name" and inner.text in self.locals:
            line = self.now.used.pop(inner.text, 0)
            if line and not self.quiet and inner.text not in self.checked:
                self.found.add(("late-check", line))
            self.checked.add(inner.text)

    def lock(self, form: Form) -> None:
        """Locks that are taken and given back as statements."""
        if form.kind != "call":
            return
        for path in _lock(form):
            if _LOCKS.fullmatch(form.text):
                if path in self.now.locked and not form.text.startswith("read_"):
                    self.found.add(("lock-twice", form.line))
                if len(self.now.locked) < MOST_KEPT:
                    self.now.locked[path] = form.line
            elif _UNLOCKS.fullmatch(form.text):
                self.now.locked.pop(path, None)


def _lock(form: Form) -> list[str]:
    """The lock a call is about, as it is spelled."""
    inner = bare(form.parts[0]) if form.parts else None
    path = inner.path if inner is not None else ""
    return [path] if path else []


def _changed(form: Form) -> set[str]:
    """What is assigned somewhere in a loop or switch, or handed over by address."""
    waiting, found, seen = [form], set[str](), 0
    while waiting and seen < 2_000:
        one = waiting.pop()
        seen += 1
        if one.kind == "assign":
            found |= {target.path for target in one.parts if target.path}
        elif one.kind == "cast" and one.text == "&":
            found |= {part.path for part in one.parts if part.path}
        elif one.kind == "call" and _ASSIGNING.fullmatch(one.text):
            found |= {inner.path for part in one.parts for inner in inside(part) if inner.kind == "name"}
        waiting += [*one.parts, *one.body, *one.orelse, *([one.base] if one.base is not None else [])]
    return found
