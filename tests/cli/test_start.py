"""What a start loads: the command that is asked for, and no more than `--help` shows of the others."""

import subprocess
import sys

import pytest
import typer

from secassist.cli._app import _COMMANDS, _GROUPS, app, built

ALL = [*_COMMANDS, *_GROUPS]


def helped(node: object) -> dict[str, str]:
    return {name: child.get_short_help_str(60) for name, child in node.commands.items()}  # type: ignore[attr-defined]


def test_help_says_of_commands_that_are_not_loaded_what_they_say_themselves() -> None:
    whole = typer.main.get_command(app)
    assert helped(typer.main.get_command(built([]))) == helped(whole)
    assert list(helped(whole)) == ALL


@pytest.mark.parametrize(
    ("words", "unneeded"),
    [
        (["--help"], ("pydantic", "sqlalchemy", "secassist.cli.scanning", "rich", "jinja2")),
        (["scan", "--help"], ("torch", "jinja2", "alembic", "secassist.cli.queue", "secassist.detectors.code_flow")),
        (["list", "--help"], ("torch", "jinja2", "alembic", "secassist.cli.scanning", "secassist.detectors.mail")),
    ],
)
def test_a_start_loads_what_it_needs(words: list[str], unneeded: tuple[str, ...]) -> None:
    code = (
        "import sys; from secassist.__main__ import main\n"
        "try: main()\n"
        f"except SystemExit: print([n for n in {unneeded!r} if n in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "[]"


def test_no_command_is_cut_short_in_a_line_of_80() -> None:
    found = helped(typer.main.get_command(built([])))
    assert not [name for name, said in found.items() if not said or said.endswith("...")]
