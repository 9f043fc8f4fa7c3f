"""Commands, pages and addresses that JavaScript and PHP build as text: values are handed over, quoted or escaped."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from secassist.fixing._tree.text import Text, Value, text_of
from secassist.fixing.base import FixError, Proposal
from secassist.fixing.blocks import Splice, blocks_of
from secassist.fixing.tree_code import Call, TreeCode

if TYPE_CHECKING:
    from tree_sitter import Node

_SHELL_ONLY = re.compile(r"[|&;<>()$`*?\[\]#~\n\\{}]")
_DEEPEST = 60
_JS_EXEC = {"exec": "execFile", "execSync": "execFileSync"}
_JS_MODULE = frozenset({"cp", "child_process", "childProcess"})
"""What child_process is called where a part of a file does not show its import."""
_PHP_SHELL = re.compile(r"^(?:system|exec|shell_exec|passthru|popen|proc_open)$")


def without_shell(code: TreeCode, first: int, last: int) -> Iterator[Proposal]:
    """child_process.exec of built text becomes execFile; PHP's commands quote each value."""
    for call in code.calls(first, last):
        name = call.name.rpartition(".")[2]
        if (
            code.language in ("javascript", "typescript")
            and name in _JS_EXEC
            and ("child_process" in code.text or call.name.rpartition(".")[0] in _JS_MODULE)
            and call.args
        ):
            yield _argument_list(code, call, name)
        elif code.language == "php" and _PHP_SHELL.match(call.name) and call.args:
            yield _quoted_arguments(code, call)


def _quoted_arguments(code: TreeCode, call: Call) -> Proposal:
    """The command, or where a name holds it the place where it is built, with each value quoted."""
    held = text_of(code, call.args[0]).node
    formed = code.call(held)
    if (
        formed is not None
        and formed.name == "sprintf"
        and formed.args
        and formed.args[0].type in ("string", "encapsed_string")
    ):
        splices = _quoted_format(code, formed)
    else:
        splices = [code.put(held, _quoted(code, _php(code, held)))]
    return Proposal("quoted-argument", blocks_of(code.text, splices), "Each value is quoted for the shell.")


def _quoted_format(code: TreeCode, call: Call) -> list[Splice]:
    """sprintf: quotes around a hole go, since the value brings its own; a hole that is part of more is refused."""
    form = code.source(call.args[0])
    inner = form[1:-1]
    if not re.match(r"\s*[\w./-]+\s", inner) or re.search(r"[`$\\]", inner.replace("\\'", "").replace('\\"', "")):
        raise FixError("the program itself is not fixed; only a list of known programs makes that safe")
    around = list[tuple[str, str]]()

    def taken(found: re.Match[str]) -> str:
        around.append((found["before"] or "", found["after"] or ""))
        return "%s"

    bare = re.sub(_HOLE_IN_QUOTES, taken, inner)
    if _open_at_end(bare.replace("\\'", "'").replace('\\"', '"')) or bare.count("%s") != len(call.args) - 1:
        raise FixError("several values stand within a quoted argument; rewrite it by hand")
    splices = [code.put(call.args[0], f"{form[0]}{bare}{form[-1]}")]
    for arg, (before, after) in zip(call.args[1:], around, strict=False):
        known = code.call(arg)
        if before or after or known is None or not _HARMLESS.match(known.name):
            parts = [
                f"{form[0]}{before}{form[0]}" * bool(before),
                code.source(arg),
                f"{form[0]}{after}{form[0]}" * bool(after),
            ]
            splices.append(code.put(arg, f"escapeshellarg({' . '.join(part for part in parts if part)})"))
    if len(splices) == 1:
        raise FixError("nothing is put into the command")
    return splices


_HOLE_IN_QUOTES = re.compile(
    r"(?P<quote>\\?['\"])(?P<before>[^'\"%\\]{0,200})%s(?P<after>[^'\"%\\]{0,200})(?P=quote)|%s"
)


def _argument_list(code: TreeCode, call: Call, name: str) -> Proposal:
    """exec of built text becomes execFile, by the name of the module where it was imported by its own."""
    text = text_of(code, call.args[0])
    words = _words(code, text)
    new = f"{words[0]}, [{', '.join(words[1:])}]"
    start, end = code.span(call.callee)
    bare = call.name == name
    splices = [
        Splice(start if bare else end - len(name), end, ('require("child_process").' if bare else "") + _JS_EXEC[name])
    ]
    if text.node is call.args[0]:
        splices.append(code.put(call.args[0], new))
    else:
        splices += [code.put(text.node, f"[{', '.join(words)}]"), code.put(call.args[0], _spread(code, call.args[0]))]
    told = "The program gets its arguments as a list; no shell reads them."
    return Proposal("argument-list", blocks_of(code.text, splices), told)


def _spread(code: TreeCode, name: "Node") -> str:
    """The program and its arguments out of the list that a name holds; refused where the name is read elsewhere, too."""
    written = code.source(name)
    if sum(code.source(each) == written for each in code.within(code.scope(name), "identifier")) != 2:
        raise FixError("the command is used in other places, too; rewrite it by hand")
    return f"{written}[0], {written}.slice(1)"


def _words(code: TreeCode, text: Text) -> list[str]:
    """The words of a command as expressions of the language; raises FixError where only a shell can do it."""
    words: list[list[str]] = []
    inside, quote, fixed = False, "", True
    for piece in text.pieces:
        chars = [piece] if isinstance(piece, Value) else list(piece)
        for char in chars:
            if isinstance(char, str) and not quote and char.isspace():
                inside = False
                continue
            if isinstance(char, str) and (char == quote or (not quote and char in "'\"")):
                quote = "" if quote else char
                char = ""  # noqa: PLW2901 - an empty argument is one, too
            elif isinstance(char, str) and (
                _SHELL_ONLY.match(char) and (not quote or (quote == '"' and char in "$`\\"))
            ):
                raise FixError("the command needs a shell; rewrite it by hand")
            if not inside:
                words.append([])
            inside = True
            if isinstance(char, Value):
                fixed = fixed and len(words) > 1
                words[-1].append(f"String({code.source(char.node)})")
            elif words[-1] and words[-1][-1][:1] == "\0":
                words[-1][-1] += char
            else:
                words[-1].append("\0" + char)
    if quote:
        raise FixError("the quotes of the command do not match")
    if not words or not fixed:
        raise FixError("the program itself is not fixed; only a list of known programs makes that safe")
    if not text.values:
        raise FixError("nothing is put into the command")
    return [_word(word) for word in words]


def _word(parts: list[str]) -> str:
    """One argument; what was between quotes and empty counts only where it is all there is."""
    shown = [json.dumps(part[1:]) if part[:1] == "\0" else part for part in parts]
    return " + ".join([part for part in shown if part != '""'] or ['""'])


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
    """The command with each value quoted: alone, or with all that stands between the same quotes of the shell."""
    if not pieces or pieces[0].node is not None or not re.match(r"\s*[\w./-]+\s", pieces[0].plain):
        raise FixError("the program itself is not fixed; only a list of known programs makes that safe")
    shown, inside, opened = list[str](), list[str](), ""
    for piece in pieces:
        if piece.node is not None:
            value = code.source(piece.node) if opened else _called(code, piece, "escapeshellarg({})")
            (inside if opened else shown).append(value)
            continue
        rest = piece.plain
        _open_at_end(rest if not opened else opened + rest)
        while rest or not piece.raw:
            at = min((rest.find(mark) for mark in (opened or "'\"") if mark in rest), default=len(rest))
            _add(inside if opened else shown, rest[:at], piece)
            if at == len(rest):
                break
            if opened:
                shown.append(_one_argument(inside, opened, piece))
                inside = []
            opened = "" if opened else rest[at]
            rest = rest[at + 1 :]
    if opened:
        raise FixError("the quotes of the command do not match")
    if not any("escapeshellarg(" in part for part in shown):
        raise FixError("nothing is put into the command")
    return " . ".join(_joined(shown))


def _add(parts: list[str], text: str, piece: _Piece) -> None:
    if text:
        mark = piece.quote
        parts.append(f"{mark}{text.replace(mark, chr(92) + mark)}{mark}")


def _one_argument(inside: list[str], quote: str, piece: _Piece) -> str:
    """What stood between two quotes of the shell: quoted by the function if a value is in it, else as it was."""
    if any(part[:1] not in ("'", '"') for part in inside):
        return f"escapeshellarg({' . '.join(inside)})"
    mark = piece.quote
    text = "".join(part[1:-1] for part in inside)
    shell = quote if quote != mark else chr(92) + quote
    return f"{mark}{shell}{text}{shell}{mark}"


def _joined(parts: list[str]) -> list[str]:
    """Neighbouring literals in the same quotes made one."""
    found = list[str]()
    for part in parts:
        if found and part[0] in "'\"" and found[-1][0] == part[0] and found[-1][-1] == part[0]:
            found[-1] = found[-1][:-1] + part[1:]
        else:
            found.append(part)
    return found


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
