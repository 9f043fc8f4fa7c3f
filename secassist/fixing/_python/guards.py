"""Guards for Python code that lets a caller choose a file, an address to go to, or a host to ask."""

import ast
import re
from collections.abc import Iterator

from secassist.fixing._draft import Draft
from secassist.fixing._python.calls import keyword, set_keyword
from secassist.fixing.base import FixError, Proposal
from secassist.fixing.python_code import PythonCode

_OPENS = re.compile(
    r"(?:^|\.)(?:open|send_file|remove|unlink|rmtree|copyfile|FileResponse|read_text|read_bytes|listdir|stat|exists|isfile)$"
)
_PLAIN = frozenset({"os.path.normpath", "os.path.abspath", "os.path.realpath", "posixpath.normpath"})
_ASKS = re.compile(r"^(?:requests|httpx)\.(?:get|post|put|patch|delete|head|request)$|^urllib\.request\.urlopen$")
_INSIDE = "A name that leads out of the folder is refused."


def inside_folder(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """Files by name of the caller: Flask's own function where it fits, else a guard on the path that is opened."""
    for call in code.calls(first, last):
        if code.name(call.func) == "flask.send_file" and call.args:
            parts = _joined(code, call.args[0])
            if parts and not keyword(call, "path_or_file"):
                yield _from_directory(code, call, *parts)
    for call in code.calls(first, last):
        parts = _joined(code, call)
        if parts:
            yield _checked(code, call, parts[0])
            return
    for call in code.calls(first, last):
        if _OPENS.search(code.name(call.func)) and call.args:
            built = _path(code, call.args[0])
            parts = _joined(code, built) or _added(code, built)
            if parts:
                yield _checked(code, built, parts[0])
                return


def _path(code: PythonCode, node: ast.expr) -> ast.expr:
    given = code.value_of(node) if isinstance(node, ast.Name) else None
    return given.value if given is not None else node


def _joined(code: PythonCode, node: ast.expr) -> tuple[str, str] | None:
    """Folder and name of os.path.join(folder, ..., name), also where it was made plain or real afterwards."""
    while isinstance(node, ast.Call) and code.name(node.func) in _PLAIN and len(node.args) == 1:
        node = node.args[0]
    if (
        not isinstance(node, ast.Call)
        or code.name(node.func) not in ("os.path.join", "posixpath.join")
        or len(node.args) < 2
    ):
        return None
    if any(isinstance(arg, ast.Starred) for arg in node.args):
        return None
    folder = code.source(node.args[0])
    rest = [code.source(arg) for arg in node.args[1:]]
    called = code.source(node.func)
    return folder, rest[0] if len(rest) == 1 else f"{called}({', '.join(rest)})"


def _added(code: PythonCode, node: ast.expr) -> tuple[str, str] | None:
    """Folder and name of folder + name and folder / name."""
    if (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Add | ast.Div)
        and not isinstance(node.right, ast.Constant)
    ):
        return code.source(node.left), code.source(node.right)
    return None


def _from_directory(code: PythonCode, call: ast.Call, folder: str, name: str) -> Proposal:
    draft = Draft(code, "send-from-directory", _INSIDE)
    draft.replace(call.func, draft.member("flask", "send_from_directory"))
    draft.replace(call.args[0], f"{folder}, {name}")
    joined = call.args[0]
    draft.no_longer(call.func)
    if isinstance(joined, ast.Call):
        draft.no_longer(joined.func)
    return draft.proposal()


def _checked(code: PythonCode, built: ast.expr, folder: str) -> Proposal:
    """The path made real and held against the folder, before it is used (CWE-22, real path before comparison)."""
    draft = Draft(code, "inside-folder", _INSIDE)
    os = draft.module("os")
    statement = code.statement(built)
    if isinstance(statement, ast.If | ast.For | ast.While | ast.With | ast.Try) and code.line(statement) != code.line(
        built
    ):
        raise FixError("there is no single line before which a guard could stand")
    text = code.source(built)
    if isinstance(built, ast.BinOp):
        text = f"str({text})"
    lines = [
        f"checked = {os}.path.realpath({text})",
        f'if not checked.startswith({os}.path.join({os}.path.realpath({folder}), "")):',
        '    raise ValueError("the path leads out of its folder")',
    ]
    if re.search(r"\bchecked\b", code.text):
        raise FixError("the name that the guard needs is taken")
    draft.before(built, "\n".join(lines))
    draft.replace(built, "checked")
    return draft.proposal()


def local_redirect(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """Redirects by the caller's word stay on this site.

    Browsers drop tabs and line breaks in addresses and read a backslash as a slash (WHATWG URL), so these go, too.
    """
    for call in code.calls(first, last):
        name = code.name(call.func)
        if re.search(r"(?:^|\.)(?:redirect|HttpResponseRedirect|RedirectResponse)$", name) and call.args:
            told = "The address begins with one slash, so it stays on this site; what named another host becomes a path here."
            draft = Draft(code, "local-redirect", told)
            given = call.args[0]
            written = code.source(given)
            if not isinstance(given, ast.Name | ast.Call | ast.Attribute | ast.Subscript):
                written = f"({written})"
            draft.replace(given, f'"/" + {written}.lstrip("/\\\\ \\t\\r\\n")')
            yield draft.proposal()


def known_hosts(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """Requests to addresses of the caller go to hosts that the operator named."""
    for call in code.calls(first, last):
        if not _ASKS.match(code.name(call.func)) or not call.args:
            continue
        given = call.args[1] if code.name(call.func).endswith(".request") and len(call.args) > 1 else call.args[0]
        told = (
            "Only hosts that the operator lists in ALLOWED_HOSTS (names divided by commas) are asked, and answers that "
            "redirect elsewhere are not followed."
        )
        draft = Draft(code, "known-hosts", told)
        os, parse = draft.module("os"), draft.member("urllib.parse", "urlsplit")
        hosts = f'{os}.environ.get("ALLOWED_HOSTS", "").split(",")'
        target = code.source(given)
        lines = [f"if {parse}({target}).hostname not in {hosts}:", '    raise ValueError("this host may not be asked")']
        draft.before(call, "\n".join(lines))
        if code.name(call.func).startswith(("requests.", "httpx.")):
            word = "allow_redirects" if code.name(call.func).startswith("requests.") else "follow_redirects"
            set_keyword(draft, call, word, "False")
        yield draft.proposal()


def listening_advice(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """All interfaces: only the operator knows which one is meant."""
    for node in code.on(first, last):
        if isinstance(node, ast.Constant) and node.value in ("0.0.0.0", "::"):  # noqa: S104 - looked for, not listened on
            told = "It listens on every interface. Take 127.0.0.1, or the one address that is meant, from the configuration."
            yield Proposal("listen-on-one", (), told)
            return
