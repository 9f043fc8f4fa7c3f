"""Texts and files of C: room for the end of a text, copies bounded by the wrong side, names that are asked about first."""

from collections.abc import Iterator
from typing import Final

from secassist.detectors._memory.walking import ASKING, Survey, bare, is_nothing, path_of
from secassist.parsing.forms import Form

_ALLOCATES: Final = frozenset({"malloc", "kmalloc", "xmalloc", "g_malloc", "alloca", "av_malloc", "kzalloc"})
_ADDS: Final = frozenset({"strncat", "wcsncat"})
_FILLS: Final = frozenset({"strncpy", "wcsncpy", "stpncpy", "_strncpy"})
_COPIES: Final = frozenset({"strcpy", "strcat", "stpcpy", "sprintf"})
_LOOKS: Final = frozenset({"access", "_access", "stat", "lstat", "_stat"})
_OPENS: Final = frozenset({"open", "fopen", "creat", "_open", "chmod", "chown", "execl", "execv"})
_ENDS: Final = frozenset({"exit", "abort", "_exit", "assert", "err", "errx", "die", "panic", "__assert_fail"})
"""Calls after which a lost pointer does not matter."""
_OPENED: Final = {
    **dict.fromkeys(("fopen", "_wfopen", "freopen", "fdopen", "tmpfile"), "stream"),
    **dict.fromkeys(("open", "OPEN", "_open", "_wopen", "creat"), "number"),
    **dict.fromkeys(("CreateFile", "CreateFileA", "CreateFileW"), "handle"),
    **dict.fromkeys(("popen", "_popen"), "pipe"),
    **dict.fromkeys(("opendir",), "folder"),
}
"""What kind of thing each call opens."""
_CLOSED: Final = {
    **dict.fromkeys(("fclose",), "stream"),
    **dict.fromkeys(("close", "CLOSE", "_close"), "number"),
    **dict.fromkeys(("CloseHandle",), "handle"),
    **dict.fromkeys(("pclose", "_pclose"), "pipe"),
    **dict.fromkeys(("closedir",), "folder"),
}
_NAMES: Final = frozenset({"mktemp", "tmpnam", "tempnam", "_mktemp", "_tempnam", "tmpnam_r", "_wtempnam"})
"""Calls that only make up a name, under which somebody else may put a file before it is opened."""
_EXCLUSIVE: Final = frozenset({"O_EXCL", "_O_EXCL", "CREATE_NEW"})
MOST_SOURCES: Final = 100
"""Texts whose copies are remembered."""


def texts(seen: Survey) -> Iterator[tuple[str, int]]:
    """(rule, line) of what is wrong with texts, their room and the names of files in a function."""
    looked: dict[str, int] = {}
    ends = [
        form.line for form in seen.every if form.kind == "call" and (form.text in _ENDS or ASKING.search(form.text))
    ]
    saved = {path_of(form.base) for form in seen.every if form.kind == "assign"}
    short: dict[str, int] = {}
    alone = any(form.kind == "name" and form.text in _EXCLUSIVE for form in seen.every)
    for form in seen.every:
        if form.kind == "assign":
            ended = max(ends, default=0) >= form.line
            yield from _assigned(form, short, ended or _was_nothing(form, seen), saved)
            for target in form.parts:
                looked.pop(target.path, None)
        elif form.kind == "call" and form.parts:
            if form.text in _NAMES and not alone:
                yield "temporary-file", form.line
            yield from _bounded(form)
            yield from _closed(form, seen)
            path = path_of(form.parts[0])
            if form.text in _COPIES and path in short and _whole(form):
                yield "no-room-for-end", short.pop(path)
            elif path and form.text in _LOOKS and len(looked) < MOST_SOURCES:
                looked[path] = form.line
            elif path in looked and form.text in _OPENS and looked.pop(path) <= form.line:
                yield "checked-then-opened", form.line


def _was_nothing(form: Form, seen: Survey) -> bool:
    """Whether a pointer was set to NULL right before."""
    given = seen.given.get(form.parts[0].path, ()) if form.parts else ()
    earlier = [one for one in given[:MOST_SOURCES] if one.line < form.line and one.base is not None]
    return bool(earlier) and is_nothing(earlier[-1].base)


def _assigned(form: Form, short: dict[str, int], harmless: bool, saved: set[str]) -> Iterator[tuple[str, int]]:
    """`p = realloc(p, n)` loses p where it fails; `p = malloc(strlen(s))` has no room for the end."""
    made, target = bare(form.base), form.parts[0].path if form.parts else ""
    short.pop(target, None)
    if made is None or made.kind != "call" or not target or not made.parts:
        return
    if made.text == "realloc" and not harmless and target not in saved and path_of(made.parts[0]) == target:
        yield "realloc-lost", made.line
    size = bare(made.parts[0])
    if made.text in _ALLOCATES and size is not None and _is_length(size) and len(short) < MOST_SOURCES:
        short[target] = made.line


def _closed(form: Form, seen: Survey) -> Iterator[tuple[str, int]]:
    """What was opened by one family of calls and closed by another."""
    kind = _CLOSED.get(form.text)
    if kind is None or form.path != form.text:
        return
    given = [bare(one.base) for one in seen.given.get(path_of(form.parts[0]), [])[:MOST_SOURCES]]
    opened = {
        _OPENED.get(one.text, "") if one.kind == "call" else ""
        for one in given
        if one is not None
        and (
            one.kind == "call" or not (is_nothing(one) or one.kind == "number" or one.text == "-" or one.text.isupper())
        )
    }
    if len(opened) == 1 and not opened & {kind, ""}:
        yield "mismatched-close", form.line


def _is_length(form: Form) -> bool:
    """`strlen(a)`, `strlen(a) + strlen(b)`, with nothing added."""
    if form.kind == "call":
        return form.text == "strlen"
    return form.kind == "op" and form.text == "+" and all(_is_length(part) for part in form.parts)


def _whole(form: Form) -> bool:
    """Whether a text is copied as it is, not after what was written there before."""
    return form.text != "sprintf" or (len(form.parts) > 2 and form.parts[1].text == "%s")


def _bounded(form: Form) -> Iterator[tuple[str, int]]:
    """strncat with the size of its target, strncpy with the length of its source."""
    if len(form.parts) != 3:
        return
    target, source, count = form.parts
    if form.text in _ADDS:
        head = count.parts[0] if count.kind == "op" and count.text == "-" and len(count.parts) == 2 else count
        rest = count.parts[1] if head is not count else None
        whole = head.kind == "sizeof" and head.base is not None and head.base.path == target.path != ""
        if whole and (rest is None or (rest.kind == "call" and rest.text == "strlen")):
            yield "adds-too-much", form.line
        return
    measured = count.kind == "call" and count.text in {"strlen", "wcslen"} and bool(count.parts)
    if form.text in _FILLS and measured and path_of(count.parts[0]) == path_of(source) != "":
        yield "bounded-by-source", form.line
