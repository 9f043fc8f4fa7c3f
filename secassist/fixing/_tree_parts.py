"""Commands, pages and addresses that JavaScript and PHP build as text: values are handed over, quoted or escaped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
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
            splice = code.put(call.args[0], _quoted(code, _php(code, call.args[0])))
            yield Proposal("quoted-argument", blocks_of(code.text, [splice]), "Each value is quoted for the shell.")


def escaped_page(code: TreeCode, first: int, last: int) -> Iterator[Proposal]:
    """What PHP prints is escaped for HTML, where the page reads it as text."""
    for node in code.on(first, last):
        if code.language == "php" and node.type in ("echo_statement", "print_intrinsic") and node.named_children:
            given = node.named_children[0]
            page = re.sub(
                r"<\?(?:php|=)?(?:(?!\?>).)*(?:\?>|\Z)", "", code.text[: code.span(node)[0]][-20_000:], flags=re.DOTALL
            )
            pieces, before = _php(code, given), page
            for piece in pieces:
                if piece.node is not None and not escaping_helps(before):
                    raise FixError(
                        "a value stands where the page reads code or an address; escaping does not make that safe"
                    )
                before += piece.plain if piece.node is None else "x"
            new = " . ".join(_called(code, piece, "htmlspecialchars({}, ENT_QUOTES)") for piece in pieces)
            if any(piece.node is not None for piece in pieces) and new != code.source(given):
                told = "What comes from elsewhere is escaped for HTML before it is shown."
                yield Proposal("escaped-output", blocks_of(code.text, [code.put(given, new)]), told)


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


@dataclass(frozen=True)
class _Piece:
    """A literal of PHP as it is written between its quotes, or a value."""

    raw: str
    quote: str = ""
    node: "Node | None" = None

    @property
    def plain(self) -> str:
        """The literal with its quotes unescaped; other escapes stay as they are written."""
        return self.raw.replace("\\" + self.quote, self.quote) if self.quote else self.raw


_HARMLESS = re.compile(
    r"^(?:escapeshellarg|htmlspecialchars|htmlentities|intval|floatval|count|strlen|time|urlencode|rawurlencode)$"
)


def _php(code: TreeCode, node: "Node", depth: int = 0) -> list[_Piece]:
    """The pieces of a text of PHP; raises FixError where it is built in too many steps."""
    if depth > _DEEPEST:
        raise FixError("the text is built in too many steps")
    if node.type == "parenthesized_expression" and len(node.named_children) == 1:
        return _php(code, node.named_children[0], depth + 1)
    if node.type == "binary_expression" and code.source(node.child_by_field_name("operator")) == ".":
        sides = [node.child_by_field_name(side) for side in ("left", "right")]
        return [piece for side in sides if side is not None for piece in _php(code, side, depth + 1)]
    if node.type in ("string", "encapsed_string"):
        return _php_pieces(code, node)
    return [_Piece("", node=node)]


def _php_pieces(code: TreeCode, node: "Node") -> list[_Piece]:
    quote, found = code.source(node)[:1], list[_Piece]()
    for child in node.named_children:
        if child.type in ("string_content", "string_value", "escape_sequence"):
            if found and found[-1].node is None:
                found[-1] = _Piece(found[-1].raw + code.source(child), quote)
            else:
                found.append(_Piece(code.source(child), quote))
        elif code.source(child).startswith("$"):
            found.append(_Piece("", node=child))
        else:
            raise FixError("the text holds what cannot be taken apart here")
    return found


def _called(code: TreeCode, piece: _Piece, form: str) -> str:
    """A literal as it was; a value in the call, unless it is a number or went through such a call already."""
    if piece.node is None:
        return f"{piece.quote}{piece.raw}{piece.quote}"
    written = code.source(piece.node)
    called = code.call(piece.node)
    if piece.node.type in ("integer", "float", "cast_expression") or (called and _HARMLESS.match(called.name)):
        return written
    return form.format(written)


def _quoted(code: TreeCode, pieces: list[_Piece]) -> str:
    """The command with each value quoted; quotes that stood around a value by hand go. Raises FixError elsewhere."""
    if not pieces or pieces[0].node is not None or not re.match(r"\s*[\w./-]+\s", pieces[0].plain):
        raise FixError("the program itself is not fixed; only a list of known programs makes that safe")
    made, opened = list[_Piece](), ""
    for at, piece in enumerate(pieces):
        if piece.node is None:
            text, quote = piece.plain, opened
            if quote:
                if not text.startswith(quote):
                    raise FixError("a value stands within a quoted argument; rewrite it by hand")
                text = text[1:]
            opened = _open_at_end(text)
            if opened and at + 1 < len(pieces):
                if not text.endswith(opened):
                    raise FixError("a value stands within a quoted argument; rewrite it by hand")
                text = text[:-1]
            made.append(
                _Piece(text.replace(piece.quote, "\\" + piece.quote) if text != piece.plain else piece.raw, piece.quote)
            )
        elif opened and at + 1 == len(pieces):
            raise FixError("the quotes of the command do not match")
        else:
            made.append(piece)
    shown = [_called(code, piece, "escapeshellarg({})") for piece in made if piece.node is not None or piece.raw]
    if not any("escapeshellarg(" in part for part in shown):
        raise FixError("nothing is put into the command")
    return " . ".join(shown)


def _open_at_end(text: str) -> str:
    """The quote of the shell that is open at the end of a piece of a command."""
    opened, at = "", 0
    while at < len(text):
        char = text[at]
        if char == "\\" or char in "`$":
            raise FixError("the command has escapes or variables of the shell; rewrite it by hand")
        if char in "'\"" and opened in ("", char):
            opened = "" if opened else char
        at += 1
    return opened
