"""The language of a source file, by its name or its first line."""

import re
from pathlib import PurePath

from secassist.sources._bytes import inner_name, suffix

_SUFFIXES = {
    "python": (".py", ".pyw", ".pyi"),
    "javascript": (".js", ".mjs", ".cjs", ".jsx"),
    "typescript": (".ts", ".tsx", ".mts", ".cts"),
    "java": (".java",),
    "go": (".go",),
    "c": (".c", ".h"),
    "cpp": (".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx", ".inl"),
    "csharp": (".cs",),
    "php": (".php", ".php5", ".phtml", ".inc"),
    "ruby": (".rb", ".rake", ".erb"),
    "rust": (".rs",),
    "kotlin": (".kt", ".kts"),
    "swift": (".swift",),
    "scala": (".scala",),
    "shell": (".sh", ".bash", ".zsh", ".ksh"),
    "powershell": (".ps1", ".psm1", ".psd1"),
    "batch": (".bat", ".cmd"),
    "vbscript": (".vbs", ".vba", ".bas"),
    "perl": (".pl", ".pm"),
    "lua": (".lua",),
    "sql": (".sql",),
    "html": (".html", ".htm", ".jinja", ".j2", ".vue", ".svelte", ".jsp", ".aspx"),
    "terraform": (".tf", ".hcl"),
    "groovy": (".groovy", ".gradle"),
    "dart": (".dart",),
    "objective-c": (".m", ".mm"),
    "solidity": (".sol",),
    "r": (".r",),
}
_NAMES = {"dockerfile": "dockerfile", "containerfile": "dockerfile", "makefile": "make", "jenkinsfile": "groovy"}
_NAMES |= {"rakefile": "ruby", "gemfile": "ruby", "vagrantfile": "ruby"}
_INTERPRETERS = (
    (re.compile(r"python[\d.]*|pypy3?"), "python"),
    (re.compile(r"(?:ba|z|k|da|a)?sh"), "shell"),
    (re.compile(r"node(?:js)?|deno|bun"), "javascript"),
    (re.compile(r"perl[\d.]*"), "perl"),
    (re.compile(r"ruby[\d.]*"), "ruby"),
    (re.compile(r"php[\d.]*"), "php"),
    (re.compile(r"lua[\d.]*"), "lua"),
    (re.compile(r"pwsh"), "powershell"),
)


def language(path: PurePath, first_line: str = "") -> str:
    """The language by well-known name, suffix, then shebang; "" if none tells."""
    name = inner_name(path).lower()
    if name.split(".")[0] in ("dockerfile", "containerfile"):
        return "dockerfile"
    for kind, endings in _SUFFIXES.items():
        if suffix(path) in endings:
            return kind
    return _NAMES.get(name) or _by_shebang(first_line)


def _by_shebang(line: str) -> str:
    """ "#!/usr/bin/env -S python3 -I" -> python."""
    words = line[2:256].splitlines()[0].split() if line.startswith("#!") and line[2:].strip() else []
    programs = [PurePath(word).name for word in words if not word.startswith("-") and "=" not in word]
    if programs and programs[0] == "env":
        programs = programs[1:]
    if not programs:
        return ""
    return next((kind for form, kind in _INTERPRETERS if form.fullmatch(programs[0])), "")
