"""Containers that change in place: lists, maps, builders of text; what their methods put in, take out and give back."""

from typing import Final

from secassist.detectors._flow.value import HARMLESS, NOBODY, REQUEST, UNKNOWN, Value, constant, join, text

_APPENDED: Final = frozenset(
    {
        "add",
        "append",
        "push",
        "addLast",
        "add_all",
        "extend",
        "addAll",
        "offer",
        "unshift",
        "insert",
        "enqueue",
        "appendleft",
        "Add",
        "Push",
        "Enqueue",
    }
)
_KEYED: Final = frozenset(
    {"put", "set", "setdefault", "putIfAbsent", "setAttribute", "setProperty", "store", "putValue"}
)
_TAKEN: Final = frozenset(
    {"get", "getOrDefault", "getAttribute", "getProperty", "pop", "fetch", "dig", "getString", "elementAt", "item"}
)
_LOOKED_UP: Final = frozenset({"get", "getOrDefault", "fetch", "dig", "getProperty"})
_BUILDERS: Final = frozenset(
    {
        "StringBuilder",
        "StringBuffer",
        "StringWriter",
        "bytes.Buffer",
        "strings.Builder",
        "StringIO",
        "io.StringIO",
        "ostringstream",
        "stringstream",
    }
)
_BUILD: Final = frozenset(
    {"append", "write", "Append", "AppendLine", "AppendFormat", "WriteString", "insert", "concat", "print"}
)
_LISTS: Final = ("List", "ArrayList", "LinkedList", "Vector", "list", "Deque", "Queue", "Set", "Stack")


def changed(name: str, receiver: Value, given: list[Value], keys: tuple[str, ...]) -> Value | None:
    """The receiver after the call, None where the call does not change it. A builder is of the kind "text" after it."""
    if any(key and key != "*" for key in keys):
        return None
    if receiver.kind in _BUILDERS or (receiver.kind == "text" and name in _BUILD):
        if name in _BUILD and given:
            fresh = not (receiver.kind == "text" or receiver.known or receiver.level) or "ours" in receiver.clean
            start = constant(receiver.before) if fresh and receiver.kind != "text" else receiver
            made = text([start, given[-1]])
            return Value(
                made.level, made.const, made.clean, made.built, made.before, "text", None, made.line, made.source
            )
        return None
    if name in _APPENDED and given and _holds(receiver):
        return _appended(receiver, given)
    if (
        name in {"remove", "removeAt", "delete", "RemoveAt", "pop"}
        and receiver.members
        and given
        and isinstance(given[0].const, int)
    ):
        return _removed(receiver, given[0].const)
    if name in _KEYED and len(given) == 3 and all(isinstance(one.const, str) for one in given[:2]):
        return receiver.holding(
            f"{given[0].const}\0{given[1].const}", given[2]
        )  # ConfigParser.set(section, option, value)
    if name in _KEYED and len(given) == 2 and isinstance(given[0].const, str | int):
        return receiver.holding(str(given[0].const), given[1])
    if name in _KEYED and len(given) == 2 and receiver.members is not None:
        return receiver.holding("", given[1])
    return None


def _holds(receiver: Value) -> bool:
    return receiver.members is not None or any(receiver.kind.startswith(kind) for kind in _LISTS) or receiver.level < 2


def _appended(receiver: Value, given: list[Value]) -> Value:
    members = dict(receiver.members or {})
    places = [key for key in members if key.isdigit()]
    key = "" if "*" in members or (receiver.members is None and receiver.level) else str(len(places))
    return receiver.holding(key, given[-1])


def _removed(receiver: Value, place: int) -> Value:
    members = receiver.members or {}
    places = [key for key in members if key.isdigit()]
    if len(places) != len(members) or not 0 <= place < len(places):
        return receiver
    kept = [members[key] for key in places if int(key) != place]
    made = Value(receiver.level, kind=receiver.kind, members={str(n): value for n, value in enumerate(kept)})
    worst = join(kept)
    return Value(worst.level, UNKNOWN, worst.clean, False, "", made.kind, made.members, worst.line, worst.source)


def read(name: str, receiver: Value | None, given: list[Value]) -> Value | None:
    """What such a method gives back, None where it is no such method."""
    if receiver is None:
        return None
    if receiver.kind == "text" and name in {"toString", "ToString", "str", "getvalue", "String", "c_str"}:
        return receiver
    if name in _TAKEN and receiver.members is not None:
        keys = [one.const for one in given[:1] if isinstance(one.const, str | int)]
        if len(given) >= 2 and f"{given[0].const}\0{given[1].const}" in receiver.members:
            return receiver.members[f"{given[0].const}\0{given[1].const}"]
        if keys and len(given) in {1, 2}:
            found = receiver.member(str(keys[0]))
            return join([found, given[1]]) if len(given) == 2 else found
        return join([*receiver.members.values(), *given[1:]]) if receiver.members else HARMLESS
    if name in _LOOKED_UP and receiver.level < REQUEST and given and receiver.kind != "request":
        return NOBODY  # what is found does not hold what was looked for
    return None


def collected(path: str, given: list[Value]) -> Value | None:
    """What `List.of(...)`, `Map.of(...)` and the like of Java hold, None for other calls."""
    name = ".".join(path.split(".")[-2:])
    if name == "Map.of" and len(given) % 2 == 0 and all(isinstance(one.const, str) for one in given[::2]):
        members = {str(key.const): value for key, value in zip(given[::2], given[1::2], strict=True)}
        kind = "Map"
    elif name in {"List.of", "Set.of", "Arrays.asList"} and len(given) > 1:
        members, kind = {str(place): value for place, value in enumerate(given)}, "list"
    else:
        return None
    worst = join(given)
    return Value(worst.level, UNKNOWN, worst.clean, members=members, kind=kind, line=worst.line, source=worst.source)
