"""Commands about prompt templates."""

import difflib
from pathlib import Path
from typing import Annotated

import typer

from schemas import Subject
from secassist import plugins, templates
from secassist.cli._run import pipeline, write
from secassist.errors import UsageError

app = typer.Typer(no_args_is_help=True, help="Versioned prompt templates.")
Name = Annotated[str, typer.Argument(help="Analyzer, or analyzer@version.")]
_LINE = "{:<16} {:<9} {:<12}  {:<17} {}"


@app.command("list")
def list_() -> None:
    """List every template with version, state, output schema and budgets."""
    write(_LINE.format("NAME", "STATE", "DIGEST", "ANSWER", "TOKENS OF PROMPT + ANSWER"))
    for analyzer in templates.analyzers():
        for version in templates.versions(analyzer):
            found = templates.load(analyzer, version)
            matter = found.matter
            budgets = f"{matter.input_tokens} + {matter.answer_tokens}"
            write(_LINE.format(found.name, templates.status(found), found.digest[:12], matter.output, budgets))


@app.command()
def show(name: Name) -> None:
    """Show a template's file."""
    write(_load(name).source)


@app.command()
def render(
    name: Name,
    path: Annotated[Path, typer.Argument(help="An input file; its first subject is rendered, secrets masked.")],
    language: Annotated[str, typer.Option(help="en or zh.")] = "en",
) -> None:
    """Show the prompt that an input would become, with the grammar's schema left out."""
    analyzer = name.split("@")[0]
    with pipeline(language=language) as (made, settings):
        if analyzer not in made.analyzers:
            raise plugins.unknown("analyzer", analyzer, made.analyzers)
        chosen = made.analyzers[analyzer]
        subjects = (made.conceal(item) for item in made.read([path]) if isinstance(item, Subject))
        subject = next((s for s in subjects if s.kind in chosen.kinds), None)
        if subject is None:
            raise UsageError(f"{path}: holds nothing that {analyzer} looks at")
        tools = made.driver.tools(chosen)
        item = made.driver.detect(chosen, subject, settings.language)
        for question in chosen.ask(item, tools):
            prompt = _load(name).render(question.values, with_shots=False)
            write(f"--- system\n{prompt.system}\n--- input\n{prompt.user}\n")


@app.command()
def diff(first: Name, second: Name) -> None:
    """Show what changed between two versions."""
    one, two = _load(first), _load(second)
    lines = difflib.unified_diff(one.source.splitlines(), two.source.splitlines(), one.name, two.name, lineterm="")
    write("\n".join(lines))


def _load(name: str) -> templates.Template:
    analyzer, _, version = name.partition("@")
    number = version.removeprefix("v")
    if number and not number.isdigit():
        raise UsageError(f"{name!r}: write analyzer@version, such as triage@1")
    if analyzer not in templates.analyzers():
        raise plugins.unknown("prompt template", analyzer, templates.analyzers())
    return templates.load(analyzer, int(number) if number else None)


@app.command()
def release(name: Name) -> None:
    """Record a template's digest as released; from then on its file may not change."""
    templates.release(_load(name))
    write(f"{name} is released; write a new version for any change")
