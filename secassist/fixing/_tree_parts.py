"""Commands, pages and addresses that JavaScript and PHP build as text: values are handed over, quoted or escaped."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from secassist.fixing.base import FixError, Proposal
from secassist.fixing.blocks import Splice, blocks_of
from secassist.fixing.markup import escaping_helps
from secassist.fixing.tree_code import STRINGS, TreeCode

if TYPE_CHECKING:
    from tree_sitter import Node

_SHELL_ONLY = re.compile(r"[|&;<>()$`*?\[\]#~\n\\'\"{}]")
_DEEPEST = 60
_JS_EXEC = {"exec": "execFile", "execSync": "execFileSync"}
_PHP_SHELL = re.compile(r"^(?:system|exec|shell_exec|passthru|popen|proc_open)$")


def without_shell(code: TreeCode, first: int, last: int) -> Iterator[Proposal]:
    """child_process.exec of built text becomes execFile; PHP's commands quote each value."""
    for call in code.calls(first, last):
        owner, _, name = call.name.rpartition(".")
        if (
            code.language in ("javascript", "typescript")
            and name in _JS_EXEC
            and owner
            and "child_process" in code.text
            and call.args
        ):
            words = _words(code, _parts(code, call.args[0]))
            name_end = code.span(call.callee)[1]
            splices = [Splice(name_end - len(name), name_end, _JS_EXEC[name])]
            splices.append(code.put(call.args[0], f"{words[0]}, [{', '.join(words[1:])}]"))
            told = "The program gets its arguments as a list; no shell reads them."
            yield Proposal("argument-list", blocks_of(code.text, splices), told)
        elif code.language == "php" and _PHP_SHELL.match(call.name) and call.args:
            yield from _wrapped(
                code, call.args[0], "escapeshellarg({})", "quoted-argument", "Each value is quoted for the shell."
            )


def escaped_page(code: TreeCode, first: int, last: int) -> Iterator[Proposal]:
    """What PHP prints is escaped for HTML, where the page reads it as text."""
    for node in code.on(first, last):
        if code.language == "php" and node.type in ("echo_statement", "print_intrinsic") and node.named_children:
            given = node.named_children[0]
            page = re.sub(
                r"<\?(?:php|=)?(?:(?!\?>).)*(?:\?>|\Z)", "", code.text[: code.span(node)[0]][-20_000:], flags=re.DOTALL
            )
            before = page
            for part in _parts(code, given):
                if not isinstance(part, str) and not escaping_helps(before):
                    raise FixError(
                        "a value stands where the page reads code or an address; escaping does not make that safe"
                    )
                before += part.replace('\\"', '"') if isinstance(part, str) else "x"
            told = "What comes from elsewhere is escaped for HTML before it is shown."
            yield from _wrapped(code, given, "htmlspecialchars({}, ENT_QUOTES)", "escaped-output", told)


def local_redirect(code: TreeCode, first: int, last: int) -> Iterator[Proposal]:
    """Redirects stay on this site: the address begins with exactly one slash."""
    told = "The address begins with one slash, so it stays on this site; what named another host becomes a path here."
    for call in code.calls(first, last):
        if code.language in ("javascript", "typescript") and call.name.endswith(".redirect") and call.args:
            given = call.args[-1]
            new = f'"/" + String({code.source(given)}).replace(/^[\\\\/\\s]+/, "")'
            yield Proposal("local-redirect", blocks_of(code.text, [code.put(given, new)]), told)
        elif code.language == "php" and call.name == "header" and call.args:
            parts = _parts(code, call.args[0])
            if len(parts) == 2 and isinstance(parts[0], str) and re.fullmatch(r"(?i)location:\s*", parts[0]):
                value = code.source(parts[1]) if not isinstance(parts[1], str) else ""
                if value:
                    new = f"'Location: /' . ltrim({value}, \"/\\\\ \\t\\r\\n\")"
                    yield Proposal("local-redirect", blocks_of(code.text, [code.put(call.args[0], new)]), told)


def _parts(code: TreeCode, node: "Node", depth: int = 0) -> list["str | Node"]:
    """The pieces of a text built by joining; raises FixError for what it cannot take apart."""
    if depth > _DEEPEST:
        raise FixError("the text is built in too many steps")
    if node.type == "parenthesized_expression" and len(node.named_children) == 1:
        return _parts(code, node.named_children[0], depth + 1)
    if node.type == "binary_expression" and code.source(node.child_by_field_name("operator")) in ("+", "."):
        sides = [node.child_by_field_name(side) for side in ("left", "right")]
        return [part for side in sides if side is not None for part in _parts(code, side, depth + 1)]
    if node.type in STRINGS | {"template_string"}:
        return _pieces(code, node)
    return [node]


def _pieces(code: TreeCode, node: "Node") -> list["str | Node"]:
    found: list[str | Node] = []
    for child in node.named_children:
        if child.type in ("string_fragment", "string_content", "string_value", "escape_sequence"):
            found.append(code.source(child))
        elif child.type == "template_substitution" and child.named_children:
            found.append(child.named_children[0])
        else:
            found.append(child)
    return found


def _words(code: TreeCode, parts: list["str | Node"]) -> list[str]:
    """The words of a command as expressions of the language; raises FixError where only a shell can do it."""
    words: list[list[str | Node]] = []
    inside = False
    for part in parts:
        if not isinstance(part, str):
            words = words if inside else [*words, []]
            words[-1].append(part)
            inside = True
            continue
        if _SHELL_ONLY.search(part):
            raise FixError("the command needs a shell, or quotes that would have to be read; rewrite it by hand")
        for piece in re.findall(r"\s+|\S+", part):
            if piece.isspace():
                inside = False
            else:
                words = words if inside else [*words, []]
                words[-1].append(piece)
                inside = True
    if not words or any(not isinstance(part, str) for part in words[0]):
        raise FixError("the program itself is not fixed; only a list of known programs makes that safe")
    if not any(not isinstance(part, str) for word in words for part in word):
        raise FixError("nothing is put into the command")
    return [_word(code, word) for word in words]


def _word(code: TreeCode, word: list["str | Node"]) -> str:
    shown = [f'"{part}"' if isinstance(part, str) else f"String({code.source(part)})" for part in word]
    return " + ".join(shown)


def _wrapped(code: TreeCode, node: "Node", form: str, name: str, told: str) -> Iterator[Proposal]:
    """Each value of a built text goes through a function; raises FixError where quotes stand around one already."""
    function = form.partition("(")[0]
    splices = []
    for part in code.within(node, "variable_name", "subscript_expression", "member_access_expression"):
        above = part.parent
        if any(
            part.start_byte >= s[0] and part.end_byte <= s[1]
            for s in [(x.start_byte, x.end_byte) for x in _outer(code, node) if x != part]
        ):
            continue
        written = code.source(part)
        if above is not None and above.type in ("encapsed_string", "heredoc_body"):
            splices.append(code.put(part, f'" . {form.format(written)} . "'))
        else:
            splices.append(code.put(part, form.format(written)))
    if splices and function not in code.source(node):
        if name == "quoted-argument" and re.search(
            r"['\"]\s*['\"]?\s*\.|'\$", code.source(node).replace('" .', "").replace("' .", "")
        ):
            raise FixError("quotes stand around a value already; rewrite it by hand")
        yield Proposal(name, blocks_of(code.text, splices), told)


def _outer(code: TreeCode, node: "Node") -> list["Node"]:
    """Subscripts and members, which hold variables that are not wrapped by themselves."""
    return list(code.within(node, "subscript_expression", "member_access_expression", "function_call_expression"))
