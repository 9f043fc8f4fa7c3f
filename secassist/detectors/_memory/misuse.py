"""Calls and operators of C that do not do what they seem to: results unread or misread, sizes of pointers, formats."""

import re
from collections.abc import Iterator
from typing import Final

from secassist.detectors._memory.state import type_bytes, type_range
from secassist.detectors._memory.walking import Survey, bare, inside, named, path_of, statements
from secassist.parsing.forms import Form

_LESS: Final = frozenset({"<", "<="})
_MORE: Final = frozenset({">", ">="})
_READ: Final = frozenset(
    [
        "fgets",
        "fgetws",
        "fread",
        "fwrite",
        "chdir",
        "fchdir",
        "chown",
        "fchown",
        "lchown",
        "ftruncate",
        "truncate",
        "symlink",
        "read",
        "recv",
        "recvfrom",
        "rename",
        "_wrename",
        "setuid",
        "seteuid",
        "setgid",
        "setegid",
        "setreuid",
        "setregid",
        "setresuid",
        "setresgid",
        "initgroups",
        "setgroups",
        "chroot",
        "realloc",
        "ImpersonateNamedPipeClient",
        "RpcImpersonateClient",
        "DdeImpersonateClient",
        "CoImpersonateClient",
        "ImpersonateLoggedOnUser",
        "ImpersonateSelf",
        "SetThreadToken",
        "mlock",
        "pthread_mutex_trylock",
    ]
)
"""Calls that may fail or do less than asked, after which the program goes on with what it does not have."""
_POINTERS: Final = frozenset(
    [
        "fgets",
        "fgetws",
        "gets",
        "fopen",
        "malloc",
        "calloc",
        "realloc",
        "strchr",
        "strstr",
        "getenv",
        "freopen",
        "tmpfile",
    ]
)
_COUNTS: Final = frozenset(["fread", "fwrite", "strlen", "wcslen"])
_ENDS: Final = frozenset(
    ["fputs", "fputws", "fputc", "fputwc", "putc", "putwc", "putchar", "putwchar", "puts", "_putws", "fclose", "fflush"]
)
_PRINTS: Final = frozenset(
    ["printf", "fprintf", "wprintf", "fwprintf", "snprintf", "_snprintf", "_snwprintf", "vsnprintf", "swprintf"]
)
"""Calls that say how many characters they wrote, and something below 0 where they failed."""
_SCANS: Final = frozenset(["scanf", "fscanf", "sscanf", "wscanf", "fwscanf", "swscanf"])
_FORMATS: Final = {"printf": 0, "fprintf": 1, "sprintf": 1, "snprintf": 2, "dprintf": 1, "printk": 0, "syslog": 1}
_DIRECTIVE: Final = re.compile(r"%([-+ #0']{0,5})(\*|\d{0,6})(?:\.(\*|\d{0,6}))?(?:hh|h|ll|l|j|z|t|L|q)?([a-zA-Z%])")
_BOUNDED_TEXT: Final = re.compile(r"(?:\s{0,4}%\d{1,6}l?(?:s|\[[^\]]{1,40}\])){1,20}\s{0,4}")
_SETS: Final = frozenset(
    ["memset", "memcpy", "memmove", "strncpy", "strncat", "bzero", "wmemset", "wmemcpy", "memcmp", "strncmp"]
)
_ALLOCATES: Final = frozenset(["malloc", "calloc", "realloc", "kmalloc", "kzalloc"])
_BYTE: Final = re.compile(r"(?i)\b(?:u?char|u?int8_t|u8|s8|byte|void|gchar|guint8)\b")
_FREES: Final = frozenset({"free", "kfree", "delete", "delete[]", "g_free"})


def misuse(seen: Survey) -> Iterator[tuple[str, int]]:
    """(rule, line) of what is misused in a function."""
    yield from _ignored(seen)
    moved: set[str] = set()
    for form in seen.every:
        if form.kind == "op":
            yield from _compared(form, seen)
        elif form.kind == "call":
            yield from _sized(form, seen)
            yield from _formatted(form, seen)
            if form.text in _FREES and form.parts and path_of(form.parts[-1]) in moved:
                yield "free-inside-block", form.line
        elif form.kind == "assign":
            _move(form, moved)
            yield from _allocated(form, seen)
        elif form.kind in {"if", "loop"}:
            yield from _condition(form, seen)


def _ignored(seen: Survey) -> Iterator[tuple[str, int]]:
    """Statements whose result nobody reads."""
    for form in statements(seen.function):
        if form.kind == "call" and form.path == form.text and (form.text in _READ or _scans_text(form)):
            yield "result-ignored", form.line
        elif form.kind == "op" and form.text == "==" and path_of(form.parts[0]).partition(".")[0] in seen.types:
            yield "comparison-as-statement", form.line  # not the condition of a preprocessor, whose names are macros


def _scans_text(form: Form) -> bool:
    """scanf of nothing but texts, which are what they were where nothing is read."""
    if form.text not in _SCANS:
        return False
    format_ = next((part.text for part in form.parts if part.kind == "string"), "")
    return bool(_BOUNDED_TEXT.fullmatch(format_))


def _compared(form: Form, seen: Survey) -> Iterator[tuple[str, int]]:
    """Results held against what they never are; unsigned numbers below 0; pointers scaled twice."""
    if len(form.parts) != 2:
        return
    left, right = bare(form.parts[0]), bare(form.parts[1])
    if left is None or right is None:
        return
    if left.kind == "assign" and left.base is not None:
        left = bare(left.base) or left
    if left.kind == "call" and right.kind == "number" and right.text == "0":
        pointer = left.text in _POINTERS and form.text in {"<", ">=", "<="}
        count = left.text in _COUNTS and form.text in {"<", ">="}
        end = left.text in _ENDS and (form.text == "==" if left.text not in {"fclose", "fflush"} else form.text == "<=")
        wrote = left.text in _PRINTS and form.text == "==" and left.path == left.text
        if pointer or count or end or wrote or (left.text in _SCANS and form.text in {"==", "!="}):
            yield "result-misread", form.line
    elif left.kind == "name" and form.text in {"<", ">="} and right.kind == "number" and right.text == "0":
        limits = type_range(seen.types.get(left.text, ""))
        if limits is not None and limits[0] == 0 and left.text not in seen.arrays:
            yield "never-below-zero", form.line
    if form.text in {"+", "-"}:
        yield from _scaled(form.parts[0], right, seen)
    elif form.text in {"&", "|"}:
        yield from _unstopped(left, right, form)


def _scaled(left: Form, right: Form, seen: Survey) -> Iterator[tuple[str, int]]:
    """`p + n * sizeof(*p)`: the compiler multiplies once more."""
    kind = seen.types.get(left.text, "") if left.kind == "name" else ""
    if kind.count("*") != 1 or _BYTE.search(kind) or left.text in seen.arrays:
        return
    factors = right.parts if right.kind == "op" and right.text == "*" else (right,)
    if any(one.kind == "sizeof" for one in factors):
        yield "pointer-scaled-twice", left.line


def _unstopped(left: Form, right: Form, form: Form) -> Iterator[tuple[str, int]]:
    """`p != NULL & p->x`: the right side runs in any case."""
    sign = "!=" if form.text == "&" else "=="
    if left.kind != "op" or left.text != sign or len(left.parts) != 2:
        return
    name, nothing = left.parts
    if name.kind != "name" or not (nothing.text in {"NULL", "nullptr"} or nothing.kind == "const"):
        return
    followed = (one.base for one in inside(right) if one.kind in {"attr", "index"})
    if any(one is not None and one.path == name.path for one in followed):
        yield "null-pointer", form.line


def _sized(form: Form, seen: Survey) -> Iterator[tuple[str, int]]:
    """`memset(p, 0, sizeof(p))` with a pointer p."""
    if form.text not in _SETS:
        return
    paths = {path_of(part) for part in form.parts}
    for part in form.parts:
        base = part.base if part.kind == "sizeof" else None
        if base is not None and base.kind == "name" and base.text in paths and _is_pointer(base.text, seen):
            yield "size-of-pointer", form.line


def _is_pointer(name: str, seen: Survey) -> bool:
    return "*" in seen.types.get(name, "") and name not in seen.arrays


def _allocated(form: Form, seen: Survey) -> Iterator[tuple[str, int]]:
    """`T *p = malloc(sizeof(p))`."""
    made = bare(form.base)
    if made is None or made.kind != "call" or made.text not in _ALLOCATES or not form.parts:
        return
    name = form.parts[0].text
    if seen.types.get(name, "").count("*") != 1 or _BYTE.search(seen.types[name]) or name in seen.arrays:
        return
    sizes = [one for part in made.parts for one in inside(part) if one.kind == "sizeof" and one.base is not None]
    if any(one.base is not None and one.base.kind == "name" and one.base.text == name for one in sizes):
        yield "size-of-pointer", made.line


def _formatted(form: Form, seen: Survey) -> Iterator[tuple[str, int]]:
    """A constant format that asks for more than is given, or for text where a number is."""
    place = _FORMATS.get(form.text)
    if place is None or form.path != form.text or len(form.parts) <= place or form.parts[place].kind != "string":
        return
    given = form.parts[place + 1 :]
    wanted = list[str]()
    for found in _DIRECTIVE.finditer(form.parts[place].text):
        if found[4] == "m" or (found[4] == "%" and not found[2]):
            continue
        wanted += ["*"] * ((found[2], found[3]).count("*")) + [found[4]]
    if "$" in form.parts[place].text or any(one.kind == "other" for one in given):
        return
    if len(wanted) > len(given):
        yield "format-arguments", form.line
    for letter, one in zip(wanted, given, strict=False):
        plain = one.kind == "number" or (one.kind == "name" and _is_number(one.text, seen))
        if letter == "s" and plain:
            yield "format-type", form.line


def _is_number(name: str, seen: Survey) -> bool:
    return name not in seen.arrays and type_range(seen.types.get(name, "")) is not None


def _move(form: Form, moved: set[str]) -> None:
    """Remembers pointers that were moved on, until they are set anew."""
    for target in form.parts:
        path = target.path if target.kind in {"name", "attr"} else ""
        if not path:
            continue
        own = form.base is not None and form.base.kind == "op" and form.base.text == "+" and path in named(form.base)
        if form.text == "+=" or (form.text == "=" and own):
            moved.add(path)
        else:
            moved.discard(path)


def _condition(form: Form, seen: Survey) -> Iterator[tuple[str, int]]:
    """`if (x = 5)`; a counter that is smaller than what it counts to."""
    asked = bare(form.base)
    if asked is None:
        return
    if form.kind == "if" and asked.kind == "assign" and asked.text == "=" and not asked.keys:
        if asked.base is not None and asked.base.kind in {"number", "const"}:
            yield "assignment-as-condition", form.line
    elif form.kind == "loop" and asked.kind == "op" and asked.text in _LESS | _MORE and len(asked.parts) == 2:
        counter, bound = asked.parts if asked.text in _LESS else reversed(asked.parts)
        if counter.kind != "name" or bound.kind not in {"name", "attr"}:
            return
        if (
            not any(one.text == "+=" for one in seen.given.get(counter.text, ()))
            or len(seen.given.get(bound.path, ())) > 1
        ):
            return
        small, large = seen.types.get(counter.text, ""), seen.types.get(bound.path, "")
        if type_range(small) and type_range(large) and type_bytes(small) < min(4, type_bytes(large)):
            yield "small-counter", form.line
