"""Which languages can be parsed, by which names they go, and their grammars, each loaded when it is first asked for."""

import importlib
import re
from functools import cache
from pathlib import PurePosixPath
from typing import Final

from tree_sitter import Language

_GRAMMARS: Final = {
    "python": ("tree_sitter_python", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "java": ("tree_sitter_java", "language"),
    "go": ("tree_sitter_go", "language"),
    "c": ("tree_sitter_c", "language"),
    "cpp": ("tree_sitter_cpp", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "php_only": ("tree_sitter_php", "language_php_only"),
    "csharp": ("tree_sitter_c_sharp", "language"),
    "ruby": ("tree_sitter_ruby", "language"),
}
LANGUAGES: Final = tuple(name for name in _GRAMMARS if name != "php_only")
"""Names of all languages that can be parsed."""
_SUFFIXES: Final = {
    "py": "python", "pyw": "python", "pyi": "python",
    "js": "javascript", "mjs": "javascript", "cjs": "javascript", "jsx": "javascript",
    "ts": "typescript", "mts": "typescript", "cts": "typescript", "tsx": "tsx",
    "java": "java", "go": "go", "rb": "ruby", "rake": "ruby", "cs": "csharp",
    "c": "c", "h": "c", "cc": "cpp", "cpp": "cpp", "cxx": "cpp", "hh": "cpp", "hpp": "cpp", "hxx": "cpp",
    "php": "php", "php5": "php", "phtml": "php", "inc": "php",
}  # fmt: skip
_ALIASES: Final = {
    "py": "python", "python3": "python", "js": "javascript", "jsx": "javascript", "ts": "typescript",
    "golang": "go", "c++": "cpp", "cxx": "cpp", "c#": "csharp", "cs": "csharp", "rb": "ruby",
}  # fmt: skip
_NAMES: Final = {"rakefile": "ruby", "gemfile": "ruby", "vagrantfile": "ruby", "sconstruct": "python"}
_SHEBANG: Final = re.compile(r"#!\s{0,4}\S{0,200}?(?:[/ ])(python|pypy|node|deno|ruby|php)[\d.]{0,6}(?:\s|$)")
_PROGRAMS: Final = {"pypy": "python", "node": "javascript", "deno": "typescript"}


def language_of(path: str, first_line: str = "", said: str = "") -> str:
    """The name of a language that can be parsed, or "".

    `said` is what somebody else calls it and goes first, except that a .tsx file is always TSX; then the file's name,
    its suffix, its shebang.
    """
    name = PurePosixPath(path).name.lower()
    by_suffix = _SUFFIXES.get(name.rpartition(".")[2], "") if "." in name else ""
    if by_suffix == "tsx":
        return "tsx"
    if said:
        known = _ALIASES.get(said.lower(), said.lower())
        return known if known in LANGUAGES else ""
    if by_suffix or name in _NAMES:
        return by_suffix or _NAMES[name]
    found = _SHEBANG.match(first_line[:256] + " ")
    return _PROGRAMS.get(found[1], found[1]) if found else ""


@cache
def grammar(language: str) -> Language:
    """The grammar of a language ("php_only": PHP without its opening tag); raises KeyError for an unknown name."""
    module, function = _GRAMMARS[language]
    return Language(getattr(importlib.import_module(module), function)())
