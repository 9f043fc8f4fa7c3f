"""Commands that go through a shell become lists of arguments; what needs the shell itself is left to a person."""

import ast
import re
from collections.abc import Iterator

from secassist.fixing._draft import Draft
from secassist.fixing._python.text import Part, joined, literal, text_value
from secassist.fixing.base import FixError, Proposal
from secassist.fixing.python_code import PythonCode

RUNS = frozenset({"run", "call", "check_call", "check_output", "Popen"})
GETS = frozenset({"subprocess.getoutput", "commands.getoutput"})
_SHELL_ONLY = re.compile(r"[|&;<>()$`*?\[\]#~\n!{}]")
_WHY = (
    "The program gets its arguments as a list; no shell reads them, so nothing in them is a command. "
    "A program may still take an argument that begins with a dash for an option."
)
Word = list[Part]


def without_shell(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """A proposal per call on these lines that hands a command to a shell."""
    for call in code.calls(first, last):
        name = code.name(call.func)
        if name in ("os.system", "os.popen") or name in GETS:
            yield _replaced(code, call, name)
        elif name.startswith("subprocess.") and name.removeprefix("subprocess.") in RUNS:
            shell = next((word for word in call.keywords if word.arg == "shell"), None)
            if shell is not None and not _is(shell.value, False):
                yield _unshelled(code, call, shell)


def _is(node: ast.AST | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _command(code: PythonCode, call: ast.Call) -> tuple[list[Word], ast.expr]:
    """The words of the command, and the expression that holds it."""
    named = next((word.value for word in call.keywords if word.arg in ("args", "command", "cmd")), None)
    given = call.args[0] if call.args else named
    if given is None:
        raise FixError("the call has no command")
    parts, built = text_value(code, given)
    if parts is None:
        raise FixError("the whole command comes from elsewhere; where it is built it can be made a list")
    return _words(joined(parts)), built


def _words(parts: list[Part]) -> list[Word]:
    """Split as a POSIX shell would; raises FixError where only a shell can do what the command says."""
    reading = _Reading()
    for part in parts:
        if isinstance(part, str):
            for char in part:
                reading.take(char)
        else:
            reading.add(part)
    words = reading.words
    if reading.quote or not words:
        raise FixError("the command's quotes do not match")
    if any(not isinstance(part, str) for part in words[0]) or "=" in "".join(map(str, words[0])):
        raise FixError("the program itself is not fixed; only a list of known programs makes that safe")
    return [joined(word) for word in words]


class _Reading:
    """A shell's reader of words, for what needs no shell."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.quote = ""
        self._inside = False

    def add(self, part: Part) -> None:
        """A piece of the word at hand, or of a new one."""
        if not self._inside:
            self.words.append([])
        self._inside = True
        self.words[-1].append(part)

    def take(self, char: str) -> None:
        """The next character."""
        if self.quote:
            if self.quote == '"' and char in "$`\\":
                raise FixError("the command needs a shell; rewrite it by hand")
            if char == self.quote:
                self.quote = ""
            else:
                self.add(char)
        elif char in " \t":
            self._inside = False
        elif char in "'\"":
            self.quote = char
            self.add("")
        elif char == "\\" or _SHELL_ONLY.match(char):
            raise FixError("the command needs a shell (pipe, redirection, wildcard or variable); rewrite it by hand")
        else:
            self.add(char)


def _list(code: PythonCode, words: list[Word], like: str) -> str:
    return f"[{', '.join(_word(code, word, like) for word in words)}]"


def _word(code: PythonCode, word: Word, like: str) -> str:
    if not word:
        return '""'
    shown = [literal(part, like) if isinstance(part, str) else _as_text(code, part) for part in word]
    return shown[0] if len(shown) == 1 else " + ".join(shown)


def _as_text(code: PythonCode, part: ast.expr) -> str:
    """An argument is text; what is not surely so is made so, as the string that it was put into did."""
    written = " ".join(code.source(part).split("\n"))
    called = code.name(part.func) if isinstance(part, ast.Call) else ""
    if called in ("shlex.quote", "pipes.quote") and isinstance(part, ast.Call) and len(part.args) == 1:
        return _as_text(code, part.args[0])
    if called == "str" or isinstance(part, ast.JoinedStr):
        return written
    return f"str({written})"


def _unshelled(code: PythonCode, call: ast.Call, shell: ast.keyword) -> Proposal:
    draft = Draft(code, "argument-list", _WHY)
    words, built = _command(code, call)
    draft.replace(built, _list(code, words, code.source(built)))
    drop_keyword(draft, call, shell)
    return draft.proposal()


def drop_keyword(draft: Draft, call: ast.Call, word: ast.keyword) -> None:
    """With the comma before it, or behind it where it is the first."""
    code = draft.code
    start, end = code.span(word)
    others = [code.span(node) for node in [*call.args, *call.keywords] if node is not word]
    before = [span[1] for span in others if span[1] <= start]
    if before:
        gap = code.text[max(before) : start]
        if "#" in gap or "," not in gap:
            raise FixError("a comment stands before the argument that has to go")
        start = max(before) + gap.rindex(",")
    draft.splices.append(type(draft.splices[0])(start, end, ""))


def _replaced(code: PythonCode, call: ast.Call, name: str) -> Proposal:
    """os.system, os.popen(...).read() and getoutput become subprocess.run."""
    draft = Draft(code, "argument-list", _WHY)
    words, built = _command(code, call)
    wanted = _list(code, words, code.source(built))
    if built not in call.args:
        draft.replace(built, wanted)
        wanted = code.source(call.args[0])
    module = draft.module("subprocess")
    run = f"{module}.run({wanted}"
    whole: ast.AST = call
    above = code.parents.get(call)
    if name == "os.system":
        new = f"{run}, check=False)" + ("" if isinstance(above, ast.Expr) else ".returncode")
        new = f"{module}.call({wanted})" if code.old else new
    elif name in GETS:
        new = f'{run}, capture_output=True, text=True, check=False).stdout.rstrip("\\n")'
    else:
        if not (isinstance(above, ast.Attribute) and above.attr in ("read", "readlines") and len(call.args) == 1):
            raise FixError("what is done with the open pipe has to be rewritten by hand")
        whole = code.parents[above]
        lines = ".splitlines(keepends=True)" if above.attr == "readlines" else ""
        new = f"{run}, capture_output=True, text=True, check=False).stdout{lines}"
        piped = f"{module}.Popen({wanted}, stdout={module}.PIPE).communicate()[0]"
        new = f"{piped}{lines.replace('keepends=True', 'True')}" if code.old else new
    draft.replace(whole, new)
    draft.no_longer(call.func)
    return draft.proposal()
