"""Containers that change in place: lists, maps, builders of text; what their methods put in, take out and give back."""

from typing import Final

from secassist.detectors._flow.value import (
    HARMLESS,
    MOST_FIELDS,
    NOBODY,
    REQUEST,
    UNKNOWN,
    Value,
    constant,
    join,
    replace,
    text,
)

_APPENDED: Final = frozenset({
    "add", "append", "push", "addLast", "add_all", "extend", "addAll", "offer", "offerLast", "addElement", "unshift", "insert",
    "enqueue", "appendleft", "addFirst", "offerFirst", "Add", "Push", "Enqueue",
})  # fmt: skip
_IN_FRONT: Final = frozenset({"unshift", "appendleft", "addFirst", "offerFirst"})
_SPREAD: Final = frozenset({"extend", "addAll", "add_all"})
_EMPTIED: Final = frozenset({"clear", "Clear", "setLength", "removeAllElements"})
_HOLDERS: Final = ("ThreadLocal", "InheritableThreadLocal", "AtomicReference")
"""Types that hold one value."""
_WALKED: Final = frozenset({
    "entrySet", "values", "iterator", "listIterator", "descendingIterator", "stream", "parallelStream", "toArray", "elements",
    "toList", "Values",
})  # fmt: skip
"""Calls that give what a container holds, one after the other."""
_NEXT: Final = frozenset({
    "next", "previous", "nextElement", "peek", "element", "first", "last", "getFirst", "getLast", "firstElement", "lastElement",
    "peekFirst", "peekLast", "findFirst", "findAny", "poll", "pollFirst", "pollLast", "remove", "removeFirst", "removeLast",
    "First", "Last", "Peek", "Pop", "Dequeue",
})  # fmt: skip
"""Calls that give one of the things that a container holds."""
_LAST: Final = frozenset({"last", "getLast", "lastElement", "peekLast", "Last"})
_FIRST: Final = frozenset({"first", "getFirst", "firstElement", "peekFirst", "element", "First"})
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
        "ByteArrayOutputStream",
        "java.io.ByteArrayOutputStream",
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
        return (
            _updated(receiver, given, keys) if name == "update" and receiver.members is not None and all(keys) else None
        )
    if receiver.kind in _BUILDERS or (receiver.kind == "text" and name in _BUILD):
        if name in _BUILD and given:
            fresh = not (receiver.kind == "text" or receiver.known or receiver.level) or "ours" in receiver.clean
            start = constant(receiver.before) if fresh and receiver.kind != "text" else receiver
            made = text([start, given[-1]])
            return Value(
                made.level, made.const, made.clean, made.built, made.before, "text", None, made.line, made.source
            )
        return None
    if name in _EMPTIED and (not given or given[0].const == 0):
        return replace(constant(""), kind="text") if receiver.kind in {"text", *_BUILDERS} else _emptied(receiver)
    if name in _APPENDED and given and _holds(receiver):
        return _appended(name, receiver, given)
    if name == "set" and len(given) == 1 and receiver.kind.startswith(_HOLDERS):
        return replace(receiver, members={"*": given[0]}, clean=receiver.clean - {"guess"})
    if name == "update" and len(given) == 1 and receiver.members is not None and given[0].kind == "map":
        return replace(receiver, members={**receiver.members, **(given[0].members or {})}, const=UNKNOWN)
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
    if name in {"setdefault", "putIfAbsent"} and receiver.members and given and given[0].const in receiver.members:
        return receiver
    if name in _KEYED and len(given) == 2 and isinstance(given[0].const, str | int):
        return receiver.holding(str(given[0].const), given[1])
    if name in _KEYED and len(given) == 2 and receiver.members is not None:
        return receiver.holding("", given[1])
    return None


def _holds(receiver: Value) -> bool:
    return receiver.members is not None or any(receiver.kind.startswith(kind) for kind in _LISTS) or receiver.level < 2


def _updated(receiver: Value, given: list[Value], keys: tuple[str, ...]) -> Value:
    for key, value in zip(keys, given, strict=True):
        receiver = receiver.holding(key, value)
    return receiver


def _emptied(receiver: Value) -> Value | None:
    return replace(receiver, members={}, level=0, clean=frozenset()) if receiver.members is not None else None


def _appended(name: str, receiver: Value, given: list[Value]) -> Value:
    members = dict(receiver.members or {})
    placed = all(key.isdigit() for key in members) and (receiver.members is not None or not receiver.level)
    if not placed:
        return receiver.holding("", given[-1])
    held = list(members.values())
    added = [given[-1]]
    if name in _SPREAD:
        inner = given[-1].members
        if inner is None or not all(key.isdigit() for key in inner):
            return receiver.holding("", given[-1].whole)
        added = list(inner.values())
    place = given[0].const if len(given) == 2 else 0 if _front(name, receiver) else len(held)
    if not isinstance(place, int) or not 0 <= place <= len(held) or len(held) >= MOST_FIELDS:
        return receiver.holding("", join([given[-1], *held]))
    held[place:place] = added
    return replace(receiver, members={str(number): value for number, value in enumerate(held)}, const=UNKNOWN)


def _front(name: str, receiver: Value) -> bool:
    return name in _IN_FRONT or (name == "push" and receiver.kind.startswith(("ArrayDeque", "LinkedList", "Deque")))


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
    if receiver.kind == "text" and name in {
        "toString",
        "ToString",
        "str",
        "getvalue",
        "String",
        "c_str",
        "toByteArray",
    }:
        return receiver
    if (walked := _walked(name, receiver, given)) is not None:
        return walked
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


def _walked(name: str, receiver: Value, given: list[Value]) -> Value | None:
    """What a call gives back that walks through a container."""
    members = receiver.members
    if given or (members is None and (name != "next" or receiver.level < REQUEST)):
        return None
    if members is None:
        return replace(receiver, const=UNKNOWN, kind="", function=None)
    if name in _WALKED:
        return several(receiver.member(""))
    if name == "keySet" and "*" not in members:
        return several(HARMLESS)
    if name not in _NEXT:
        return None
    placed = list(members.values()) if members and all(key.isdigit() for key in members) else []
    if placed and name in _FIRST | _LAST:
        return placed[-1 if name in _LAST else 0]
    return receiver.member("")


def several(value: Value) -> Value:
    """A container of nobody knows how many such values."""
    return Value(
        value.level, clean=value.clean, members={"*": value}, kind="list", line=value.line, source=value.source
    )


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
