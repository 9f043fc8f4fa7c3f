"""The README is true: each command, setting, plug-in and file is in it, and nothing that is not there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from secassist import plugins
from secassist.cli import app
from secassist.cli._run import Exit
from secassist.config import Settings

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8") if README.exists() else ""
ROOMS = ("sources", "detectors", "analyzers", "backends", "formats")
pytestmark = pytest.mark.skipif(not TEXT, reason="there is no README yet")


def commands(node: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command with its whole name: "triage", "prompts show"."""
    node = node or typer.main.get_command(app)
    children = getattr(node, "commands", {})
    if not children:
        yield " ".join(path), node
    for name, child in children.items():
        yield from commands(child, (*path, name))


COMMANDS = dict(commands())


def rows(heading: str) -> list[list[str]]:
    """The cells of the tables between a heading and the next one."""
    section = TEXT.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in cells] for cells in lines if not set(cells[0].strip()) <= {"-"}]


def named(heading: str) -> set[str]:
    return {cells[0].strip("`") for cells in rows(heading) if cells[0].startswith("`")}


def examples() -> list[str]:
    found = [cell for cells in rows("Commands") for cell in re.findall(r"`(secassist [^`]+)`", " ".join(cells))]
    blocks = "\n".join(TEXT.split("```")[1::2])
    return found + re.findall(r"^secassist [^#\n]+", blocks, re.MULTILINE)


def test_every_command_is_described_and_no_other() -> None:
    assert named("Commands") == set(COMMANDS)


def test_every_command_says_what_it_does() -> None:
    assert not [name for name, command in COMMANDS.items() if not command.help]


@pytest.mark.parametrize("example", examples())
def test_examples_are_spelled_as_the_command_wants_them(example: str) -> None:
    words = shlex.split(example)[1:]
    name = next((n for n in (" ".join(words[:2]), words[0]) if n in COMMANDS), None)
    assert name is not None, f"no command: {example}"
    known = {option for parameter in COMMANDS[name].params for option in (*parameter.opts, *parameter.secondary_opts)}
    used = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    assert used <= known


def test_every_setting_is_described_and_no_other() -> None:
    listed = {name.removeprefix("SECASSIST_").lower() for name in named("Settings")}
    assert set(Settings.model_fields) <= listed
    assert listed - set(Settings.model_fields) <= {"broker", "config", "traceback"}


def test_defaults_of_settings_are_true() -> None:
    for cells in rows("Settings"):
        field = Settings.model_fields.get(cells[0].strip("`").removeprefix("SECASSIST_").lower())
        if field is not None and cells[1].startswith("`") and isinstance(field.default, str | int | float):
            shown = cells[1].split("`")[1]
            assert field.default == "" or str(field.default).removesuffix(".0") == shown, cells[0]


@pytest.mark.parametrize("room", ROOMS)
def test_every_plug_in_is_described(room: str) -> None:
    assert set(plugins.names(room)) <= named("What is built in")


def test_no_plug_in_is_described_that_is_not_there() -> None:
    assert named("What is built in") <= {name for room in ROOMS for name in plugins.names(room)}


def test_every_exit_code_is_described() -> None:
    told = re.search(r"Exit codes?: (.+?)\n\n", TEXT, re.DOTALL)
    assert told is not None
    assert {str(int(code)) for code in Exit} <= set(re.findall(r"\d+", told[1]))


def tree() -> set[str]:
    """The paths in the README's tree that name a folder (with a slash) or a Python file."""
    block = TEXT.split("\n## The tree\n", 1)[1].split("```")[1]
    found, folders = set(), [""]
    for line in block.strip("\n").splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        for name in line.split():
            path = folders[min(depth, len(folders) - 1)] + name
            if name.endswith("/") and not line.lstrip().startswith(("-", "<")):
                folders[depth + 1 :] = [path]
            if not re.fullmatch(r"[\w.-]+(\.py|/)", name):
                break
            found.add(path)
    return found


def test_the_tree_names_every_package_and_every_module_outside_a_room() -> None:
    parts = [path for room in ("schemas", "secassist", "workers") for path in (ROOT / room).rglob("*.py")]
    inner = {path.parent for path in parts} - {ROOT / "secassist" / "store" / "migrations" / "versions"}
    packages = {f"{path.relative_to(ROOT).as_posix()}/" for path in inner}
    loose = {path for path in parts if path.parent.parent == ROOT and path.name != "__init__.py"}
    missing = sorted((packages | {path.relative_to(ROOT).as_posix() for path in loose}) - tree())
    assert not missing


def test_the_tree_names_nothing_that_is_not_there() -> None:
    assert not [path for path in tree() if not (ROOT / path).exists()]


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert not [target for target in targets if not (ROOT / target).exists()]
