"""What a condition says about the values it asks for: which names are harmless where it holds and where it does not."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from secassist.detectors._flow import removed
from secassist.detectors._flow.arguments import holds
from secassist.detectors._flow.rules import Called, Compiled
from secassist.detectors._flow.value import Value
from secassist.parsing.forms import Form

Made = dict[str, frozenset[str]]
"""Dotted path of a value -> the kinds of sink it is harmless in."""
_ALL: Final = frozenset({"all"})
_TRUSTED: Final = frozenset({"all", "guess"})
"""By a name or by what a check looks like, which proves nothing."""
_SAME: Final = frozenset({"==", "===", "eq"})
_OTHER: Final = frozenset({"!=", "!==", "<>", "ne"})
_MEMBER: Final = re.compile(
    r"(?i)^(?:in_array|array_key_exists|contains|containskey|includes|has|hasownproperty|indexof|isset|any|"
    r"member\?|include\?|key\?|exists|containsvalue|tryGetValue|binarySearch|equals|equalsignorecase|slices\.contains)$"
)
_NUMERIC: Final = re.compile(
    r"(?i)^(?:is_?numeric|is_?int(?:eger)?|is_float|is_bool|isnan|isinteger|isdigits?|isdecimal|isalnum|isalpha|"
    r"ctype_(?:digit|alnum|alpha)|isidentifier|try_?parse|is_?valid\w*|is_?safe\w*|is_?allowed\w*|is_?white\w*|check\w*valid\w*|"
    r"validate\w*|is_uuid|isuuid)$"
)
_ALLOWED: Final = re.compile(r"(?i)allow|white_?list|permit|valid|known|safe")
"""How a list of what may be given is called."""
_FILES: Final = re.compile(r"(?i)(?:^|[.:])(?:files?|directory|fs|fsp|path)$")
"""Whose `exists` asks for files."""
_NUMBERS: Final = re.compile(
    r"(?i)^(?:is_?numeric|is_?int(?:eger)?|is_float|is_bool|isdigits?|isdecimal|isalnum|isalpha|ctype_(?:digit|alnum|alpha)|"
    r"isidentifier|is_uuid)$"
)
"""Those whose meaning is the language's."""
_LETTERS: Final = frozenset({"isLetterOrDigit", "isDigit", "isLetter", "isAlphabetic"})
_PATTERN: Final = re.compile(r"(?i)^(?:preg_match|match|fullmatch|matches|test|matchstring|ismatch|search|match\?)$")
_STARTS: Final = re.compile(
    r"(?i)^(?:startswith|hasprefix|start_with\?|str_starts_with|is_relative_to|commonpath|strncmp)$"
)
_COMPARES: Final = frozenset(
    {"strcmp", "strcasecmp", "stricmp", "_stricmp", "wcscmp", "compareTo", "compareToIgnoreCase"}
)
"""Calls that say 0, which is no, where two texts are the same."""
_DOTS: Final = re.compile(r"^(?:\.\.[/\\]?|[/\\]\.\.|[/\\]|\.\.?/)$")
_HOST_OF: Final = frozenset({"parse_url", "hostname", "host", "origin"})
"""What takes the host out of an address."""
_NO_MARKUP: Final = re.compile(r"\[[^\]^]{0,40}<[^\]]{0,40}\]$|<$")
_OPEN_PATTERN: Final = re.compile(r"(?<!\\)\.(?:[*+]|\{\d*,\})|\[\^|\\S|\\D|\\W")


def weigh(form: Form | None, rules: Compiled, evaluate: Callable[[Form], Value]) -> tuple[Made, Made]:
    """(harmless where it holds, harmless where it does not)."""
    if form is None:
        return {}, {}
    if form.kind == "op":
        return _operation(form, rules, evaluate)
    if form.kind == "call":
        return _call(form, rules, evaluate), _refused(form, rules, evaluate)
    if form.kind == "index" and form.base is not None and form.parts:  # if ALLOWED[x]
        return _looked_up(form.parts[0], form.base, evaluate), {}
    if form.kind == "attr" and form.text in {"netloc", "scheme", "hostname"}:
        return {}, dict.fromkeys(_address(form), frozenset({"url"}))
    if form.kind == "assign" and form.base is not None:
        yes, no = weigh(form.base, rules, evaluate)
        names = [part.path for part in form.parts]
        return {**yes, **{name: kinds for name in names for kinds in yes.values()}}, no
    return {}, {}


def _operation(form: Form, rules: Compiled, evaluate: Callable[[Form], Value]) -> tuple[Made, Made]:
    sign, parts = form.text, form.parts
    if sign in {"!", "not"} and parts:
        yes, no = weigh(parts[0], rules, evaluate)
        return no, yes
    if sign in {"&&", "and"}:
        each = [weigh(part, rules, evaluate) for part in parts]
        return _both(yes for yes, _ in each), _either(no for _, no in each)
    if sign in {"||", "or"}:
        each = [weigh(part, rules, evaluate) for part in parts]
        return _either(yes for yes, _ in each), _both(no for _, no in each)
    if len(parts) != 2:
        return {}, {}
    left, right = parts
    if sign in _SAME or sign in _OTHER:
        made, other = _equal(left, right, rules, evaluate)
        return (made, other) if sign in _SAME else (other, made)
    if sign in {"in", "not in", "=~"}:
        made = _asked(left, evaluate(right))
        dots = _both([_dots_in(left, right, rules, evaluate), _holds_one(left, right, evaluate)])
        made |= _below(left, right)
        return (made, dots) if sign in {"in", "=~"} else (dots, made)
    if sign in {"<", "<=", ">", ">=", "instanceof", "is"}:
        return _compared(form, rules, evaluate)
    return {}, {}


def _holds_one(left: Form, right: Form, evaluate: Callable[[Form], Value]) -> Made:
    """What is known of x where `"<" in x` says no."""
    one = evaluate(left).const if right.path and left.kind == "string" else None
    one = "\\" if one == "\\\\" else one
    return {right.path: frozenset({f"-{one}"})} if isinstance(one, str) and len(one) == 1 else {}


def _below(left: Form, right: Form) -> Made:
    """`root in file.parents`: the file lies below the folder."""
    if right.kind != "attr" or right.text != "parents" or right.base is None or not right.base.path or not left.path:
        return {}
    return {right.base.path: frozenset({"path", "start"})}


def _address(form: Form) -> list[str]:
    """What was taken apart, `x` of `urlparse(x).netloc`; the part itself where it has a name."""
    taken = form.base
    if taken is not None and taken.kind == "call":
        return [part.path for part in taken.parts[:1] if part.path]
    return [form.path] if form.path else []


def _equal(left: Form, right: Form, rules: Compiled, evaluate: Callable[[Form], Value]) -> tuple[Made, Made]:
    for one, other in ((left, right), (right, left)):
        if one.kind == "call" and one.text == "dirname" and one.parts and evaluate(other).level == 0:
            return {one.parts[0].path: frozenset({"path"} if evaluate(other).known else {"path", "guess"})}, {}
        below = other.kind == "op" and other.text == "-" and len(other.parts) == 1  # -1
        if (other.kind in {"const", "number"} or below) and one.kind in {"call", "op", "assign"}:
            yes, no = weigh(one, rules, evaluate)
            if below:
                return no, yes
            if other.text == "0" and one.text in {"strpos", "stripos"}:
                return _started(one, evaluate), {}
            negative = other.text in {"false", "0", "null"}
            if other.text == "0" and one.text == "indexOf":
                return yes, no
            return (no, yes) if negative else (yes, no)
        if other.kind not in {"const", "number"} or other.text not in {"null", "false"}:
            value = evaluate(other)
            if value.level == 0 and one.path:
                return {one.path: _ALL if value.known else _TRUSTED}, {}
    return {}, {}


def _compared(form: Form, rules: Compiled, evaluate: Callable[[Form], Value]) -> tuple[Made, Made]:
    """`x.indexOf(".." ) < 0`, `list.indexOf(x) > -1`, `x instanceof Number`."""
    left, right = form.parts
    if left.kind == "call" and right.kind in {"number", "op"}:
        yes, no = weigh(left, rules, evaluate)
        return (no, yes) if form.text.startswith("<") else (yes, no)
    return {}, {}


def _call(form: Form, rules: Compiled, evaluate: Callable[[Form], Value]) -> Made:
    called = Called(form.path, form.text, form.base.path if form.base else "", new=False)
    for row in rules.guards.find(called):
        kinds = frozenset(rules.rules.guards[row][0].split())
        return {part.path: kinds for part in form.parts[:2] if part.path}
    for row in rules.cleans_if.find(called):
        if all(holds(one, form, [evaluate(part) for part in form.parts], None) for one in rules.cleaned_if[row]):
            kinds = frozenset(rules.rules.cleans_if[row][0].split())
            return {part.path: kinds for part in form.parts[:1] if part.path}
    args = [part for part in form.parts if part.kind not in {"const", "number"}]
    if form.text == "allMatch" and form.base is not None and form.base.text == "chars" and form.base.base is not None:
        only = any(one.text in _LETTERS for part in form.parts for one in part.parts)
        return {form.base.base.path: _ALL} if only and form.base.base.path else {}
    if _NUMERIC.match(form.text):
        asked = args[:1] or ([form.base] if form.base else [])
        kinds = _ALL if _NUMBERS.match(form.text) else _TRUSTED
        return {one.path: kinds for one in asked if one is not None and one.path}
    if _PATTERN.match(form.text):
        return _matched(form, evaluate)
    if _STARTS.match(form.text):
        return _started(form, evaluate)
    if _MEMBER.match(form.text):
        return _member(form, evaluate)
    return {}


def _member(form: Form, evaluate: Callable[[Form], Value]) -> Made:
    """`ALLOWED.contains(x)`, `in_array($x, $allowed)`: the container must not be the outsider's own."""
    if form.base is not None and form.text.lower() in {"equals", "equalsignorecase"} and form.parts:
        for one, other in ((form.base, form.parts[0]), (form.parts[0], form.base)):
            if (value := evaluate(other)).level == 0 and one.path:
                return {one.path: _ALL if value.known else _TRUSTED}
        return {}
    if form.base is not None and (form.base.path == "strings" or _FILES.search(form.base.path)):
        return {}
    if form.base is not None and form.base.path == "slices" and len(form.parts) == 2:
        return _asked(form.parts[1], evaluate(form.parts[0]))
    if (
        form.base is None and form.text == "include?" and form.parts
    ):  # %w[a b].include?(x), whose list is not in the tree
        return {form.parts[0].path: _TRUSTED} if form.parts[0].path else {}
    if form.base is not None and form.parts:
        if evaluate(form.base).whole.level < 2 and form.base.kind != "string":
            return _asked(form.parts[0], evaluate(form.base), form.parts[1:])
        return {}
    if len(form.parts) >= 2:
        return _asked(form.parts[0], evaluate(form.parts[1])) or _asked(form.parts[1], evaluate(form.parts[0]))
    return {}


def _asked(asked: Form, container: Value, _rest: Iterable[Form] = ()) -> Made:
    if container.whole.level == 2 or isinstance(container.const, str):
        return {}
    names = [asked.path] if asked.path else []
    if asked.text in _HOST_OF and asked.kind in {"call", "attr"}:  # in_array(parse_url($x, PHP_URL_HOST), $allowed)
        taken = asked if asked.text == "parse_url" else asked.base
        whole = [one.path for one in (taken.parts[:1] if taken is not None else ()) if one.path]
        return dict.fromkeys([*whole, *names], frozenset({"url"}))
    if asked.kind == "call":  # ALLOWED.contains(x.toLowerCase())
        inner = asked.base.parts if asked.base is not None and asked.base.kind == "new" else ()
        names += [one.path for one in (asked.base, *asked.parts, *inner) if one is not None and one.path]
    return dict.fromkeys(names, _ALL if _listed(container) else _TRUSTED)


def _looked_up(asked: Form, container: Form, evaluate: Callable[[Form], Value]) -> Made:
    """`if ALLOWED[x]`: of a map that is seen to hold constants, or is called so."""
    if not asked.path:
        return {}
    if _listed(evaluate(container)):
        return {asked.path: _ALL}
    return {asked.path: _TRUSTED} if _ALLOWED.search(container.path) and evaluate(container).level < 2 else {}


def _listed(container: Value) -> bool:
    """Whether it is seen to hold constants only."""
    members = container.members
    return bool(members) and all(value.known for value in members.values()) if members is not None else False


def _matched(form: Form, evaluate: Callable[[Form], Value]) -> Made:
    """A pattern without wildcards makes harmless what it matches whole; one that is not known is trusted."""
    values = [*form.parts, *([form.base] if form.base else [])]
    pattern = next((v.const for part in values if isinstance((v := evaluate(part)).const, str)), "")
    if _OPEN_PATTERN.search(pattern) or (pattern and not _anchored(pattern, form.text)):
        return {}
    kinds = _ALL if pattern else _TRUSTED
    return {part.path: kinds for part in values if part.path and evaluate(part).level}


def _anchored(pattern: str, name: str) -> bool:
    inner = pattern.strip("/#~").rstrip("imsuxD").strip("/#~")
    ends = name in {"fullmatch", "matches", "IsMatch"} or inner.endswith(("$", "\\z", "\\Z"))
    return ends and (name in {"match", "fullmatch", "matches"} or inner.startswith(("^", "\\A")))


def _started(form: Form, evaluate: Callable[[Form], Value]) -> Made:
    values = [*([form.base] if form.base and form.base.path != "strings" else []), *form.parts]
    if len(values) < 2:
        return {}
    start = evaluate(values[1]).const
    if start in {"'", '"'}:
        return {values[0].path: frozenset({"quoted"})} if values[0].path else {}
    kinds = {"path", "start"}
    if isinstance(start, str):
        if re.match(r"(?i)^(?:https?:)?//[^/]+/", start):
            kinds |= {"url"}
        elif not start.strip("./\\"):  # which keeps it below nothing
            kinds = {"rooted"} if start == "/" else set()
    asked = values[0]
    if asked.kind == "call" and asked.text in {
        "getCanonicalPath",
        "getCanonicalFile",
        "normalize",
        "realpath",
        "resolve",
    }:
        kinds |= {"norm"}
    inner = [asked.base, *asked.parts] if asked.kind == "call" else [asked]
    return {one.path: frozenset(kinds) for one in inner if one is not None and one.path}


def _refused(form: Form, rules: Compiled, evaluate: Callable[[Form], Value]) -> Made:
    """What a value is harmless for once it was not found to hold something bad."""
    if _rejects(form, evaluate):
        return _dots(form, rules)
    if form.text == "isAbsolute" and form.parts and form.parts[0].path:
        return {form.parts[0].path: frozenset({"relative"})}
    if form.text[:1].isupper() or form.text in {"contains", "includes"}:
        name, gone = removed.refused(form, evaluate)
        if gone:
            return {name: gone}
    for up in ("..", "../", "."):
        if _STARTS.match(form.text) and (name := _started_with(form, evaluate, up)):
            return {name: frozenset({"not up"})}
    if _STARTS.match(form.text) and (name := _started_with(form, evaluate, "/")):
        return {name: frozenset({"relative"})}
    if _STARTS.match(form.text) and (name := _started_with(form, evaluate, "//")):
        return {name: frozenset({"one slash"})}
    if _STARTS.match(form.text) and (name := _started_with(form, evaluate, "/\\")):
        return {name: frozenset({"no slash turned"})}
    if form.text in _COMPARES:
        return _same_text(form, evaluate)
    pattern = evaluate(form.base).const if form.base is not None and form.base.kind == "string" else None
    if form.text in {"test", "exec"} and isinstance(pattern, str) and _NO_MARKUP.match(pattern):
        return {part.path: frozenset({"html", "htmlq"}) for part in form.parts if part.path}
    return {}


def _started_with(form: Form, evaluate: Callable[[Form], Value], start: str) -> str:
    """The name in `strings.HasPrefix(x, "//")`, "" where it is asked for another start."""
    values = [*([form.base] if form.base is not None and form.base.path != "strings" else []), *form.parts]
    return values[0].path if len(values) > 1 and evaluate(values[1]).const == start else ""


def _same_text(form: Form, evaluate: Callable[[Form], Value]) -> Made:
    """`strcmp(x, "a") == 0`, `x.compareTo("a") == 0`."""
    two = [*([form.base] if form.base is not None else []), *form.parts[:2]][:2]
    for one, other in zip(two, reversed(two), strict=True):
        if one.path and evaluate(other).known:
            return {one.path: _ALL}
    return {}


def _rejects(form: Form, evaluate: Callable[[Form], Value]) -> bool:
    if form.text.lower() not in {
        "contains",
        "includes",
        "indexof",
        "include?",
        "strpos",
        "match",
        "search",
        "matches",
        "test",
    }:
        return False
    return any(isinstance(c := evaluate(part).const, str) and ".." in c for part in form.parts[:2])


def _dots(form: Form, rules: Compiled) -> Made:
    """`x.contains("..")` said no."""
    asked = form.base if form.base is not None and form.base.path and form.base.path != "strings" else None
    asked = asked or next((part for part in form.parts if part.path), None)
    return {asked.path: rules.dotless} if asked is not None else {}


def _dots_in(left: Form, right: Form, rules: Compiled, evaluate: Callable[[Form], Value]) -> Made:
    const = evaluate(left).const
    if const in {"'", '"'}:
        inner = right.base if right.kind == "index" else right  # x[1:-1]
        kinds = {"inner"} if right.kind == "index" else {"sqlq", "xpathq"}
        return {inner.path: frozenset(kinds)} if inner is not None and inner.path else {}
    dots = isinstance(const, str) and _DOTS.match(const) and right.path
    return {right.path: rules.dotless} if dots else {}


def _both(each: Iterable[Made]) -> Made:
    found: Made = {}
    for made in each:
        for name, kinds in made.items():
            found[name] = found.get(name, frozenset()) | kinds
    return found


def _either(each: Iterable[Made]) -> Made:
    made = list(each)
    names = set.intersection(*(set(one) for one in made)) if made else set()
    return {name: frozenset.intersection(*(one[name] for one in made)) for name in names}
