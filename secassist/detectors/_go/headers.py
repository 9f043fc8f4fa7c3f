"""Headers of Go's HTTP: answers that are framed twice, and secrets that follow a redirect to another host."""

from collections.abc import Iterator
from typing import Final

from secassist.detectors._flow.names import every
from secassist.detectors._memory.walking import walk
from secassist.parsing.forms import Form

_FRAMES: Final = frozenset({"transfer-encoding", "content-length"})
_SECRET: Final = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key", "x-auth-token"})
_PUTS: Final = frozenset({"Set", "Add"})


def headers(function: Form) -> Iterator[tuple[str, int]]:
    """(rule, line) of headers that a function sets."""
    forms = walk(function)
    framed: dict[str, set[str]] = {}
    for form in forms:
        if (put := _put(form)) is not None and put[1] in _FRAMES:
            seen = framed.setdefault(put[0], set())
            seen.add(put[1])
            if len(seen) > 1:
                yield "framed-twice", form.line
        for handler in _redirects(form):
            yield from _follows(handler)


def _put(form: Form) -> tuple[str, str] | None:
    """(holder, name in lower case) of `w.Header().Set("Name", value)`."""
    if form.kind != "call" or form.text not in _PUTS or form.base is None or len(form.parts) != 2:
        return None
    name = form.parts[0]
    return (form.base.path, name.text.lower()) if name.kind == "string" and form.base.path else None


def _redirects(form: Form) -> Iterator[Form]:
    """Functions that an HTTP client asks before it follows a redirect."""
    if form.kind == "new":
        given = [part for key, part in zip(form.keys, form.parts, strict=False) if key == "CheckRedirect"]
    else:
        named = form.kind == "assign" and any(part.text == "CheckRedirect" for part in form.parts)
        given = [form.base] if named and form.base is not None else []
    for one in given:
        yield from (inner for inner in ([one] if one.kind == "function" else one.parts) if inner.kind == "function")


def _follows(handler: Form) -> Iterator[tuple[str, int]]:
    """Where such a function gives the next request all headers of an earlier one, or a secret."""
    request = f"{handler.parts[0].text}.Header" if handler.parts else ""
    for form in every(handler.body):
        whole = form.kind == "assign" and any(part.path == request for part in form.parts)
        put = _put(form)
        if whole or (put is not None and put[0] == request and put[1] in _SECRET):
            yield "secret-redirected", form.line
