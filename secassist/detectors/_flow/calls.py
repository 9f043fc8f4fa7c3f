"""What calls give back: sources, cleaners, containers, functions of the same file, and everything else."""

import re
from typing import Final

from secassist.detectors._flow import fold, removed, several
from secassist.detectors._flow.containers import changed, read
from secassist.detectors._flow.expressions import CLASSES
from secassist.detectors._flow.library import RUNS, Library
from secassist.detectors._flow.names import ADDRESS_HEADS, ADDRESS_KEPT, WAITS
from secassist.detectors._flow.rules import Called
from secassist.detectors._flow.script import RENAMES, required
from secassist.detectors._flow.sinks import MADE_AT
from secassist.detectors._flow.texts import formatted
from secassist.detectors._flow.value import (
    GUESSED,
    HARMLESS,
    NOBODY,
    OPEN,
    REQUEST,
    UNKNOWN,
    Value,
    constant,
    join,
    replace,
    text,
)
from secassist.parsing.forms import Form

DEEPEST: Final = 2
"""Calls that are gone into: a called function and what it calls."""
_STOPS: Final = re.compile(
    r"(?i)^(?:is_?(?!oformat)[A-Zn_]\w*|has_?[A-Z_]\w*|len|length|size|count|strlen|sizeof|hash\w*|md5|sha\d+\w*|checksum|compare\w*|verify\w*|"
    r"check\w*|validat\w*|sanitiz\w*|sanitis\w*|whitelist\w*|allowlist\w*|indexOf|lastIndexOf|find_all|exists|isset|empty|"
    r"hexdigest|digest|equals\w*|contains\w*|startsWith|endsWith|startswith|endswith|matches|test|parseInt|parseFloat|Number|"
    r"ord|id|typeof|instanceof|nextInt|random|next|hashCode|compareTo|authenticate\w*|authorize\w*|query_one|fetch\w*|"
    r"execute\w*|save|delete|update|insert|getId|print\w*|sleep|time|now|mkdir|close|commit|rowcount|status\w*)$"
)
_PASSES: Final = re.compile(
    r"(?i)^(?:get\w*|to_?\w*|as_?\w*|encode\w*|decode\w*|str|string|trim|strip|lstrip|rstrip|replace\w*|substr\w*|slice|split|join|"
    r"concat|lower|upper|format\w*|append|read\w*|text|value|values|first|last|next(?:Element|Token)?|pop|unquote\w*|unescape\w*|parse\w*|"
    r"dup|clone|copy|valueOf|charAt|repeat|reverse|title|capitalize|sprintf|map|filter|from\w*|ltrim|rtrim|stripslashes|"
    r"strval|implode|explode|b64\w*|base64\w*|bytes|quote|items|keys|openStream|loads|reversed|isoformat|ofNullable|orElse\w*)$"
)
_READS: Final = frozenset({"Read", "ReadFull"})
"""Calls of Go that fill what they are given."""
_UNPACKS: Final = frozenset({"Decode", "Unmarshal"})
"""Calls of Go that put what they read into their last argument."""
_PURE: Final = re.compile(
    r"(?i)^(?:(?:std_?|urlsafe_?)?b(?:16|32|64)_?(?:de|en)code|(?:de|en)codeBase64(?:String)?|getBytes|encode|decode|trim|"
    r"get(?:Url|Mime)?(?:De|En)coder|unquote(?:_plus)?|str|bytes|toString|toLowerCase|toUpperCase|lower|upper|reversed|"
    r"toCharArray|replace(?:All|First)?|substring|isoformat|l?r?strip|join|basename|dirname|compile|dumps|substitute|reduce|map)$"
)
"""Calls whose result is decided by what they are given and called on, and by nothing else."""
_PATHS: Final = ("Paths.get", "Path.of", "String.valueOf")
"""Functions that put together what they are given, and read nothing else."""
_OPENS: Final = frozenset(
    {"decodeURIComponent", "decodeURI", "unescape", "urldecode", "rawurldecode", "html_entity_decode", "stripslashes"}
    | {"htmlspecialchars_decode", "base64_decode", "json_decode", "atob"}
)
"""Calls that take back what made a text harmless."""
_LASTING: Final = frozenset({"all", "guess", "far", "ours"})
_FORMATS: Final = frozenset(
    {"format", "Sprintf", "sprintf", "Format", "vsprintf", "String.format", "strconv", "format_map"}
)


def _holder(form: Form) -> Form | None:
    """The name that a call is made on, `w` of `w.Header().Set(...)` too."""
    base = form.base
    if base is not None and base.kind == "call" and base.text in {"Header", "headers"}:
        base = base.base
    return base if base is not None and base.kind == "name" else None


class Calls(Library):
    """The part of the engine that knows calls."""

    def of_new(self, form: Form) -> Value:
        if form.text.startswith("map[") and all(form.keys):  # a literal of Go
            return self.of_map(form)
        if form.text.startswith("[]") and not any(form.keys):
            return self.of_list(form)
        return self.call(form, Called(self.resolved(form.path), form.text.rpartition(".")[2], "", new=True), None)

    def of_call(self, form: Form) -> Value:
        receiver = self.value(form.base) if form.base is not None else None
        dotted = form.base.path if form.base is not None else ""
        if (made := self.made_callee(form)) is not None:
            return self.call(form, made, None)
        self.chosen_call(form)
        if module := required(form.base):
            return self.call(form, Called(f"{module}.{form.text}", form.text, module, new=False), receiver)
        if form.base is not None and form.base.kind == "string":  # a method of a literal, not a function of this name
            return self.call(form, Called(f"literal.{form.text}", form.text, "literal", new=False), receiver)
        if receiver is not None and receiver.kind:
            dotted = f"{dotted} {receiver.kind}"
        path = self.resolved(form.path)
        renamed = form.base is None and path != form.path and self.program.language in RENAMES
        last = path.rpartition(".")[2] if renamed else form.text
        return self.call(form, Called(path, last, dotted, new=False), receiver)

    def call(self, form: Form, called: Called, receiver: Value | None) -> Value:
        """What a call gives back, after its sinks and checks."""
        self.waiting += called.last in WAITS
        given = [self.value(part) for part in form.parts]
        self.waiting -= called.last in WAITS
        if joins := self.joins(called, given):
            given = [given[0], *(one.cleaned("path") if "dotless" in one.clean else one for one in given[1:])]
        fetches = self.inspect(form, called, given, receiver)
        elsewhere = fetches and any(value.whole.level == REQUEST for value in given)
        found = self.result(form, called, given, receiver, elsewhere=elsewhere).less("unslashed")
        self.lent(form, given)
        if called.last in _FORMATS:
            self.put_together(form.line, found)
        if kinds := self.cleaned_if(form, called, given, receiver):
            found = replace(found, clean=found.clean | kinds)
            if called.last == "settype":
                self.store(form.parts[0], given[0].cleaned(*kinds))
        if safe := self.hardened(form, called, given, receiver):
            held = found.level < REQUEST or called.last == "SAXSource"  # which brings its parser along
            found = replace(found, clean=found.clean | safe) if held else found
            holder = _holder(form)
            if receiver is not None and holder is not None:
                known = self.env.get(holder.text, receiver)
                self.env[holder.text] = replace(known, clean=known.clean | safe)
        if gone := removed.gone(form, given, self.quiet, self.capitals):
            found = replace(found, clean=removed.kinds(found.clean | gone))
        found = self.cleaned_by(called, found, receiver)
        if joins:
            found = found.cleaned("joined")
        if self.rules.names.find(called):
            found = found.cleaned(f"{MADE_AT}{form.line}")
        if self.program.language == "csharp":
            self.of_sharp(form, given)
            return self.initialised(found, form) if form.body else found
        for member in form.body:
            self.value(member)
        if self.program.language == "go" and called.new and form.keys and all(form.keys):
            return replace(found, members=dict(zip(form.keys, given, strict=True)))
        return found

    def cleaned_by(self, called: Called, found: Value, receiver: Value | None) -> Value:
        """A result, harmless in what the call cleans for and no longer in what it takes back."""
        if called.last in _OPENS or called.path == "JSON.parse":
            found = replace(found, clean=found.clean & _LASTING)
        for row in self.rules.cleaners.find(called):
            if "path" in self.rules.rules.cleaners[row][0] and receiver is not None:
                self.kept_below |= {mark for mark in receiver.clean if mark.startswith(MADE_AT)}
            kinds = frozenset(self.rules.rules.cleaners[row][0].split())
            certain = found.clean - {"guess"} if "all" in kinds else found.clean
            found = replace(found, const=found.const, clean=certain | kinds)
        return found

    def lent(self, form: Form, given: list[Value]) -> None:
        """A container that was given away may hold something else afterwards."""
        for part, value in zip(form.parts, given, strict=True):
            if form.text in _READS and part.kind == "name" and (value.known or value.members):
                self.env[part.text] = GUESSED
            elif part.kind == "name" and value.members and (now := self.env.get(part.text)) is value:
                self.env[part.text] = now.cleaned("guess")

    def result(
        self, form: Form, called: Called, given: list[Value], receiver: Value | None, *, elsewhere: bool
    ) -> Value:
        """What a call gives back, before it is cleaned; `elsewhere`: what stands in a file or database, or a program says."""
        for row in self.rules.fills.find(called):
            place = int(self.rules.filled[row])
            if place < len(form.parts):
                self.store(form.parts[place], self.outside(form.line, called.path))
            given_back = bool(self.rules.calls.find(called))
            return self.outside(form.line, called.path) if given_back else NOBODY
        known = receiver is not None and receiver.level == REQUEST  # and keeps what is known of it
        outer = not known and self.rules.source.search(f"{called.path}()") is not None
        if not elsewhere and (outer or self.rules.calls.find(called)):
            return self.outside(form.line, called.path)
        own = self.of_own(form, called, given, receiver) if self.capitals else None
        if own is not None or (own := self.taken_off(form, called, given, receiver)) is not None:
            return own
        if len(given) > 1 and self.rules.copies.find(called):
            self.store(form.parts[0], text(given))
            return given[0]
        local = self.local(form, called, receiver)
        if local is not None and self.can_enter(local):
            return self.enter(local, given, receiver, form)
        answers = self.passed_on(form, called, given, None if elsewhere else receiver, elsewhere=elsewhere)
        if (made := self.promised(called, given) or self.made_of(called, answers)) is not None:
            return made
        if receiver is not None and form.base is not None and (not form.text[:1].isupper() or self.capitals):
            new = changed(called.last, receiver, given, form.keys)
            if new is not None:
                self.store(form.base, new)
                return self.given_back(called, given, new)
        found = read(called.last, receiver, given)
        if found is not None and not called.path.endswith(_PATHS):
            return found
        if (record := self.recorded(form, called, given, receiver)) is not None:
            return record
        if called.new:
            return replace(join(given) if given else HARMLESS, kind=called.last, const=UNKNOWN, function=None)
        module = form.base is not None and form.base.kind == "name" and form.base.text in self.program.imports
        module = module or self.is_class(form.base)
        said = self.fetched(called) if elsewhere else self.foreign(called, given, None if module else receiver)
        return self.answered(said, answers)

    def fetched(self, called: Called) -> Value:
        """What a call fetched: who chose what is fetched does not thereby decide what it says."""
        return replace(NOBODY, clean=frozenset({"far"}), kind=self.told_kind(called))

    def passed_on(
        self, form: Form, called: Called, given: list[Value], receiver: Value | None, *, elsewhere: bool
    ) -> list[Value]:
        """Functions that a call is given are gone through; gives what they give back."""
        answers, told = list[Value](), self.told(form, called, given)
        handler = self.rules.handler.search(called.last) is not None
        for value in given:
            if value.function is not None and self.can_enter(value.function):
                answers += self.callback(value.function, receiver, [] if elsewhere else given, told, handler=handler)
        return answers

    def of_own(self, form: Form, called: Called, given: list[Value], receiver: Value | None) -> Value | None:
        """What calls give back that the language itself has, or that fill what they are given."""
        if self.program.language == "csharp":
            return self.as_text(form, receiver)
        if form.path == "append" and given:
            return several.extended(given[0], given[1:], form.keys[1:])
        if called.last == "Scan":
            for part, value in zip(form.parts, given, strict=True):
                if part.kind == "cast" and not value.level and "all" not in value.clean:
                    self.store(part, replace(NOBODY, kind=value.kind))
        if called.last in _UNPACKS and given:
            packed = receiver if called.last == "Decode" else given[0]
            if packed is not None and packed.level == REQUEST:
                self.store(form.parts[-1], packed)
            return GUESSED
        return None

    def foreign(self, called: Called, given: list[Value], receiver: Value | None) -> Value:
        """A function that is not ours: its result holds what it was given, unless its name says otherwise."""
        if self.rules.stops.find(called):
            return GUESSED
        if called.last in _FORMATS and (given or receiver):
            if receiver is not None and (isinstance(receiver.const, str) or receiver.built):
                return formatted(receiver, given)
            if given:
                return formatted(given[0], given[1:])
        if receiver is not None and receiver.known:
            folded = fold.method(called.last, receiver.const, [value.const for value in given])
            if folded is not UNKNOWN:
                return constant(folded)
        if (plain := self.of_language(called, given, receiver)) is not None:
            return plain
        if _STOPS.match(called.last):
            return GUESSED
        values = [value.whole for value in given if value.function is None]
        if receiver is not None:
            listed = receiver.members is not None and all(key == "*" or key.isdigit() for key in receiver.members)
            values.append(
                receiver
                if receiver.level == REQUEST or receiver.members is None
                else receiver.whole
                if listed
                else replace(receiver, members=None)
            )
        worst = join(values) if values else NOBODY
        if values and (_PURE.match(called.last) or called.path.endswith(_PATHS)) and not worst.level:
            return replace(GUESSED if "guess" in worst.clean else HARMLESS, before=worst.before)
        level = max(worst.level, OPEN)
        head = called.last in ADDRESS_HEADS and bool(given) and (called.last == "split" or given[0].const == 0)
        if called.last not in ADDRESS_KEPT and not head:
            worst = worst.less("self")
        clean = worst.clean if _PASSES.match(called.last) or called.new else worst.clean | {"far"}
        ours = self.capitals and (receiver is None or receiver.known or (not receiver.level and bool(receiver.members)))
        named = ours or self.program.language in CLASSES
        if named and all(not value.level or "ours" in value.clean for value in values):
            clean |= {"ours"}
        return Value(
            level, UNKNOWN, clean, worst.built, worst.before, self.told_kind(called), None, worst.line, worst.source
        )

    def told_kind(self, called: Called) -> str:
        """What a result came from, which in Python tells what is called on it."""
        return called.path if self.program.language == "python" else ""

    def local(self, form: Form, called: Called, receiver: Value | None) -> Form | None:
        """The function of this file that is called."""
        functions = self.program.functions
        if called.new:
            names = ("__init__", "__construct", "constructor", called.last, "initialize")
            return next(
                (functions[f"{called.last}.{name}"] for name in names if f"{called.last}.{name}" in functions), None
            )
        bound = self.env.get(form.text) if form.base is None else None
        if bound is not None and bound.function is not None:
            return bound.function
        if (
            receiver is not None
            and receiver.function is not None
            and form.base is not None
            and (form.base.kind != "name" or form.text in RUNS)
        ):
            return receiver.function
        if form.base is None:
            return functions.get(form.text) or self.maker(form.text)
        kind = (receiver.kind if receiver else "").rpartition(".")[2]
        if f"{kind}.{form.text}" in functions:
            return functions[f"{kind}.{form.text}"]
        if form.base.text in {"this", "self", "$this", "cls", "static", "parent"}:
            return functions.get(form.text)
        return functions.get(f"{form.base.text}.{form.text}")

    def can_enter(self, function: Form) -> bool:
        """Whether the call is not too deep and not a recursion."""
        return len(self.stack) <= DEEPEST and function not in self.stack and not self.spent()

    def enter(self, function: Form, given: list[Value], receiver: Value | None, form: Form) -> Value:
        """Goes through a called function with these arguments."""
        kept, returns, early = self.env, self.returns, getattr(self, "left_early", [])
        inner = {name: value for name, value in kept.items() if name in self.shared} if function.text else dict(kept)
        this = receiver if receiver is not None and receiver.kind != "list" else kept.get("self") or kept.get("this")
        self.env, self.returns = inner, []
        creates = form.kind == "new" or function.text in {"__init__", "__construct", "constructor"}
        own = Value(members={}, kind=form.text.rpartition(".")[2]) if creates else this or NOBODY
        for name in ("this", "self", "$this"):
            inner[name] = own
        self.bare_fields(inner, own)
        params = [param for param in function.parts if param.text not in {"self", "cls"}]
        named = {key: value for key, value in zip(form.keys, given, strict=False) if key and key not in "*&"}
        placed = [value for key, value in zip(form.keys, given, strict=False) if not key or key in "*&"]
        for place, param in enumerate(params):
            default = self.value(param.base) if param.base is not None else NOBODY
            one = placed[place] if place < len(placed) else default
            one = self.rest(placed[place:], named) if "..." in param.keys else named.get(param.text, one)
            self.bind_param(param, one)
        start = dict(inner)
        self.stack.append(function)
        self.block(function.body)
        self.stack.pop()
        selves = [now for name in ("this", "self", "$this") if (now := self.env.get(name)) and now.members]
        made = next((now for now in selves if now is not own), selves[0] if selves else HARMLESS)
        found = made if creates else join([value for _, value in self.returns]) if self.returns else GUESSED
        self.kept_fields(form, start, kept, made)
        self.env, self.returns = kept, returns
        if hasattr(self, "left_early"):
            self.left_early = early
        if (
            not creates
            and form.base is not None
            and form.base.kind == "name"
            and made.members
            and receiver is not None
            and receiver.kind == made.kind
        ):
            self.env[form.base.text] = made
        return found

    def callback(
        self, function: Form, receiver: Value | None, given: list[Value], told: Value | None, *, handler: bool
    ) -> list[Value]:
        """A function passed on: it is given parts of what it was passed on with, texts of requests as a handler.

        `told` is what its first parameter gets, if that is known. Gives what the function gives back.
        """
        source = [
            value
            for value in (receiver, *given)
            if value is not None and value.function is None and value.level == REQUEST
        ]
        kept, returns = self.env, self.returns
        self.env, self.returns = dict(kept), []
        for param in function.parts:
            request = bool(param.keys) and any(self.rules.request.search(key) for key in param.keys)
            request = request or (handler and param.keys[:1] == ("string",))
            value = (
                self.outside(param.line, param.text)
                if request
                else join(source).member("")
                if source and not self.rules.source.search(param.text + ".")
                else NOBODY
            )
            value, told = told or value, None
            self.env.pop(param.text, None)
            if value.level == REQUEST or not self.rules.source.search(param.text):
                self.bind_param(param, value)
        self.stack.append(function)
        self.block(function.body)
        self.stack.pop()
        answers = [value for _, value in self.returns]
        self.env, self.returns = {name: value for name, value in self.env.items() if name in kept}, returns
        return answers
