"""What expressions are worth: names, members, operators, texts put together, choices."""

from collections.abc import Callable
from typing import Any, Final

from secassist.detectors._flow import fold, several
from secassist.detectors._flow.asked import Asked
from secassist.detectors._flow.guards import Made, weigh
from secassist.detectors._flow.names import (
    ADDRESS,
    ADDRESS_PARTS,
    ENDS,
    NUMERIC_TYPES,
    OWN_PART,
    OWNED,
    names_given,
    serves,
    told,
)
from secassist.detectors._flow.rules import Compiled
from secassist.detectors._flow.sinks import Sinks
from secassist.detectors._flow.texts import formatted, logical
from secassist.detectors._flow.value import (
    FIXED,
    GUESSED,
    HARMLESS,
    NOBODY,
    REQUEST,
    UNKNOWN,
    UNSET,
    Value,
    constant,
    join,
    replace,
    text,
)
from secassist.parsing.forms import Form, Program

Env = dict[str, Value]
MOST_NAMES: Final = 400
"""Names at one place up to which what was found out about members is forgotten when their holder changes."""
MOST_STEPS: Final = 150_000
"""Expressions of one file that are worked out."""
_PACKAGES: Final = frozenset({"java", "javax", "org", "com", "net", "io", "jakarta"})
_OVERLOADED: Final = frozenset({"python", "ruby", "cpp", "csharp"})
"""Languages in which `a * b` and `a % b` need not be numbers."""
_OWN_NAMES: Final = frozenset({"__file__", "__name__", "__version__", "__dirname", "__filename"})
_PLAIN: Final = frozenset({"Locale", "StandardCharsets", "XPathConstants", "TimeUnit", "StandardOpenOption", "Level"})
"""Classes of Java's library that hold constants only."""
CLASSES: Final = frozenset({"java", "python"})
"""Languages in which names that begin with a capital are classes."""


class Expressions(Sinks):
    """The part of the engine that works out expressions; calls are added in `_flow/calls`, statements in `_flow/engine`."""

    def __init__(self, program: Program, rules: Compiled) -> None:
        super().__init__(program, rules)
        self.env: Env = {}
        self.shared: Env = {}
        self.at: Env = {}
        self.met: list[Form] = []
        self.stack: list[Form] = []
        self.returns: list[tuple[int, Value]] = []
        self.steps = 0
        self.given_names: frozenset[str] | None = None
        self.reads: dict[str, Callable[[Any, Form], Value]] = {}
        self.asked = Asked(program)
        self.serves = serves(program)
        self.capitals = program.language in {"go", "csharp"}
        """Whether names of methods begin with a capital letter."""
        self.captured: dict[int, Env] = {}

    # the parts that statements give

    def block(self, forms: Any) -> str:
        """Statements in order."""
        raise NotImplementedError

    def bind_param(self, param: Form, value: Value) -> None:
        """Gives a parameter a value."""
        raise NotImplementedError

    def spent(self) -> bool:
        """Whether the budget of this file is used up."""
        return self.steps > MOST_STEPS

    def outside(self, line: int, source: str) -> Value:
        """A value that an outsider decides."""
        if not self.silent:
            self.entries.setdefault(line, source[:80])
        own = self.program.language == "go" and ADDRESS.search(source) is not None
        return Value(REQUEST, clean=frozenset({"self"}) if own else frozenset(), line=line, source=source[:80])

    def quiet(self, form: Form) -> Value:
        """A value, without reports."""
        self.silent += 1
        try:
            return self.value(form)
        finally:
            self.silent -= 1

    def value(self, form: Form | None) -> Value:
        """What an expression is worth."""
        if form is None:
            return HARMLESS
        self.steps += 1
        if self.spent():
            return GUESSED
        reads = self.reads.get(form.kind)
        if reads is None:
            reads = self.reads[form.kind] = getattr(type(self), f"of_{form.kind}", type(self).of_other)
        found: Value = reads(self, form)
        if form.path and form.kind in {"attr", "index", "name"}:
            self.at[form.path] = found
        return found

    def of_other(self, form: Form) -> Value:
        if self.program.language == "go" and len(form.parts) == 2 and several.is_slice_type(form.parts[0]):  # []byte(x)
            return self.value(form.parts[1])
        found = [self.value(part) for part in form.parts]
        if form.base is not None:
            found.append(self.value(form.base))
        if form.body or form.orelse:
            self.block((*form.body, *form.orelse))
        if not found:
            return GUESSED
        worst = join(found)
        return replace(worst, const=UNKNOWN, members=None) if worst.known or worst.members is not None else worst

    def of_assign(self, form: Form) -> Value:
        value = self.value(form.base)
        self.asked.note(form)
        if form.base is None:
            value = replace(NOBODY if form.text == "each" else HARMLESS, kind=form.keys[0] if form.keys else "")
        if form.text == "each":
            value = value.member("")
        elif len(form.text) > 1 and form.text[-1] == "=" and form.parts and not value.function:
            value = self.combined(form.text[:-1], [self.value(form.parts[0]), value])
        if form.keys and form.keys[0].strip().lower() in NUMERIC_TYPES:
            value = value.cleaned("all")
        elif form.keys and form.keys[0] and not value.kind and value.function is None:
            value = replace(value, kind=form.keys[0])
        for target, part in zip(form.parts, several.each(form, value, self.program.language), strict=True):
            self.store(target, part)
        for target in form.parts:
            self.assigned(target, value, form)
        return value

    def assigned(self, target: Form, value: Value, form: Form) -> None:
        """Sinks that are assigned to."""
        path = target.path or target.text
        for rule, pattern in self.rules.assigned:
            if pattern.search(path):
                self.sink(rule, value, form.line, form.end, "")
                if rule == "trust-boundary" and target.kind == "index":
                    self.sink(rule, self.quiet(target.parts[0]) if target.parts else value, form.line, form.end, "")
        if value.known or value.built or value.function:
            for rule, pattern, said in self.rules.set_to:
                if pattern.search(path) and said.search(told(value)):
                    self.report(rule, form.line, form.end)

    def store(self, target: Form, value: Value) -> None:
        """Puts a value under a name, an attribute, an index or the names of a pattern."""
        if target.kind == "name":
            self.env[target.text] = value
            self.asked.forget(target.text)
            if len(self.env) <= MOST_NAMES:
                below = (f"{target.text}.", f"{target.text}[")
                for path in [one for one in self.env if one.startswith(below)]:
                    del self.env[path]
        elif target.kind in {"pattern", "list", "map"}:
            keys = target.keys if target.kind == "pattern" else tuple(map(str, range(len(target.parts))))
            for part, key in zip(target.parts, keys, strict=False):
                source = self.member_source(value, key, part)
                self.store(part, source)
        elif target.kind in {"attr", "index"} and target.base is not None:
            self.env.pop(target.path, None)
            key = target.text if target.kind == "attr" else self.key(target.parts)
            holder = self.value(target.base)
            self.store(target.base, holder.holding(key, value)) if target.base.kind != "call" else None
        elif target.kind in {"cast", "op"} and target.parts:  # *p, (char *)(p + n)
            self.store(target.parts[0], value)

    def member_source(self, value: Value, key: str, part: Form) -> Value:
        """A field taken out of a value by a pattern."""
        found = value.member(key)
        return self.outside(part.line, key) if found.level == REQUEST and not found.line else found

    def key(self, parts: tuple[Form, ...]) -> str:
        """A constant key, "" where it is none."""
        value = self.value(parts[0]) if parts else HARMLESS
        return fold.spelled_low(value.const) if value.known and isinstance(value.const, int) else (
            value.const if isinstance(value.const, str) else "")  # fmt: skip

    def of_name(self, form: Form) -> Value:
        found = self.env.get(form.text) or self.shared.get(form.text)
        if found is not None:
            return found
        if self.rules.source.search(form.path):
            return self.outside(form.line, form.path)
        function = self.program.functions.get(form.text)
        if function is not None:
            return Value(function=function)
        if form.text in _OWN_NAMES:
            return HARMLESS
        plain = form.text.lstrip("_$@:.")
        if plain.isupper():
            return GUESSED
        fixed = form.text.startswith(":") or form.text in self.program.imports
        named = plain[:1].isupper() or plain in _PACKAGES  # a class, the start of a package's name
        if fixed or (named and self.program.language in CLASSES):
            return HARMLESS
        return UNSET if self.unset(form.text) else NOBODY

    def unset(self, name: str) -> bool:
        """Whether nothing in a whole PHP page gives this variable a value: outside of functions it is null there.

        A page is what reads a request by itself; where files are included, or names made at run time, nobody knows.
        """
        if self.program.language != "php" or not name.startswith("$") or self.stack or not self.entries:
            return False
        if self.given_names is None:
            self.given_names = names_given(self.program)
        return "*" not in self.given_names and name not in self.given_names

    def of_attr(self, form: Form) -> Value:
        if (found := self.env.get(form.path)) is not None:
            return found
        base, root = self.value(form.base), form.path.partition(".")[0]
        if (
            base.level < REQUEST
            and not (base.members and form.text in base.members)
            and self.rules.source.search(path := self.resolved(form.path))
            and not (path.startswith("self.") and not self.serves and OWN_PART.match(path))
        ):
            return self.outside(form.line, form.path)
        package = self.capitals and form.path.count(".") == 1 and root not in self.env and root[:1] != "?"
        package = package and (self.program.language == "go" or OWNED.search(root) is not None)
        if (
            base is HARMLESS
            and self.program.language == "java"
            and form.base is not None
            and form.base.text[:1].islower()
        ):
            return HARMLESS  # a class of a package that is spelled out
        if base is HARMLESS and self.program.language == "java" and form.base is not None and form.base.text in _PLAIN:
            return HARMLESS
        fixed = form.text[:1].isupper() and (base.level == FIXED or package)
        fixed = fixed and not (base.members and form.text in base.members)
        if fixed or form.text == "Length" or form.text.isupper() or root == "$wpdb":  # WordPress's names of tables
            return GUESSED
        named = root in _PACKAGES if self.program.language == "java" else root in self.program.imports
        if base is HARMLESS and named and self.program.language in CLASSES:  # a part of a package or module
            return HARMLESS
        return base.member(form.text).less("self" if form.text in ADDRESS_PARTS else "")

    def of_index(self, form: Form) -> Value:
        if (found := self.env.get(form.path)) is not None and not form.path.endswith("[]"):
            return found
        base = self.value(form.base)
        key = self.key(form.parts)
        if base.level < REQUEST and base.members is None and self.rules.source.search(self.resolved(form.path)):
            return self.outside(form.line, form.path)
        if isinstance(base.const, str) and len(form.parts) == 1:
            index = self.value(form.parts[0]).const
            return (
                constant(found_) if (found_ := fold.method("charAt", base.const, [index])) is not UNKNOWN else HARMLESS
            )
        part = base.member(key).less("unslashed")
        return part if key == "0" else part.less("self")

    def of_slice(self, form: Form) -> Value:
        base, start = self.value(form.base), self.value(form.parts[0])
        return several.sliced(base, start, self.value(form.parts[1]) if len(form.parts) > 1 else None)

    def resolved(self, path: str) -> str:
        """A dotted path with what its first name was imported as."""
        first, dot, rest = path.partition(".")
        full = self.program.imports.get(first)
        return f"{full}{dot}{rest}" if full and first not in self.env else path

    def of_string(self, form: Form) -> Value:
        return constant(form.text)

    def of_number(self, form: Form) -> Value:
        try:
            return constant(
                int(form.text, 0) if "." not in form.text and "e" not in form.text.lower() else float(form.text)
            )
        except ValueError:
            return HARMLESS

    def of_const(self, form: Form) -> Value:
        return constant({"true": True, "false": False}.get(form.text))

    def of_join(self, form: Form) -> Value:
        return self.put_together(form.line, text(self.value(part) for part in form.parts))

    def of_op(self, form: Form) -> Value:
        values = [self.value(part) for part in form.parts] or [HARMLESS]  # none in code that does not parse
        if len(values) == 1:
            if form.text in {"!", "not"}:
                said = fold.truth(values[0].const)
                return constant(not said) if said is not None else HARMLESS
            if form.text == "<-":  # what comes out of a channel
                return values[0].whole
            if form.text == "-" and isinstance(values[0].const, int | float):
                return constant(-values[0].const)
            return HARMLESS
        if form.text == "<<" and values[0].kind.startswith("page"):
            return join(values)
        return self.put_together(form.line, self.combined(form.text, values))

    def combined(self, sign: str, values: list[Value]) -> Value:
        """Operands under an operator."""
        if sign in {"||", "or", "??", "&&", "and"}:
            return logical(sign, values)
        first = values[0]
        for other in values[1:]:
            found = fold.operation(sign, first.const, other.const)
            if found is not UNKNOWN:
                first = constant(found)
            elif sign in {"+", ".", "<<"} and not (sign == "+" and self.program.language == "php"):
                first = replace(text([first, other]), kind=first.kind)
            elif sign == "/" and self.program.language == "python" and REQUEST in (first.level, other.level):
                first = replace(text([first, constant("/"), other]), kind="Path")
            elif sign == "%" and (isinstance(first.const, str) or first.built):
                members = list(other.members.values()) if other.members else [other]
                first = formatted(first, members)
            elif sign in fold.COMPARISONS:
                first = HARMLESS
            else:
                kinds = ("all", "guess") if self.program.language in _OVERLOADED else ("all",)
                first = replace(join([first, other]), const=UNKNOWN).cleaned(*kinds)
        return first

    def of_ternary(self, form: Form) -> Value:
        said = fold.truth(self.value(form.base).const)
        if said is not None and len(form.parts) == 2:
            return self.value(form.parts[0 if said else 1])
        return join(self.branches(form))

    def of_switch(self, form: Form) -> Value:
        """The value of PHP's `match`: of the case that a constant chooses, or of any."""
        if self.program.language != "php":
            return self.of_other(form)
        value, before, found = self.value(form.base), dict(self.env), list[Value]()
        for case in form.body:
            labels = [self.value(part) for part in case.parts]
            known = bool(labels) and value.known and all(label.known for label in labels)
            if known and all(label.const != value.const for label in labels):
                continue
            if value.const is True and len(labels) == 1:
                self.make(weigh(case.parts[0], self.rules, self.quiet)[0])
            found.append(self.value(case.body[-1]) if case.body else HARMLESS)
            self.env = dict(before)
            if known:
                break
        return join(found)

    def branches(self, form: Form) -> list[Value]:
        """Both sides of a choice, each under what the condition says."""
        made = weigh(self.asked.spelled(form.base), self.rules, self.quiet)
        found = []
        for part, harmless_ in zip(form.parts, made, strict=False):
            before = dict(self.env)
            self.make(harmless_)
            found.append(self.value(part))
            self.env = before
        return found

    def make(self, made: Made) -> None:
        """Values that a condition found harmless."""
        raise NotImplementedError

    def of_pair(self, form: Form) -> Value:
        return self.value(form.base)

    def of_cast(self, form: Form) -> Value:
        found = join([self.value(part) for part in form.parts])
        kind = form.text.strip("()* ").lower()
        return found.cleaned("all") if kind in NUMERIC_TYPES and "*" not in form.text else found

    def of_sizeof(self, _form: Form) -> Value:
        return HARMLESS

    def of_function(self, form: Form) -> Value:
        if not form.text:
            self.met.append(form)
            self.captured[id(form)] = self.asked.fixed(self.env)
        return Value(function=form)

    def of_page(self, form: Form) -> Value:
        self.page = (self.page + form.text)[-2_000:]
        return HARMLESS

    def never_returns(self, form: Form) -> bool:
        """Whether a call ends the function."""
        return form.path in ENDS or self.resolved(form.path) in ENDS
