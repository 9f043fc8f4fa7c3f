"""Commands about the nouns' JSON Schemas."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter

import schemas as nouns
from schemas.answers import ANSWERS
from schemas.edits import FixAnswer
from secassist.cli._run import say, write

app = typer.Typer(no_args_is_help=True, help="JSON Schemas of inputs and results.")


@app.command()
def export(
    out: Annotated[
        Path | None, typer.Argument(help="Folder for one file per schema; default: all to standard output.")
    ] = None,
) -> None:
    """Write the JSON Schemas of all nouns and of the answers that models write."""
    found = _schemas()
    if out is None:
        write(json.dumps(found, indent=1, ensure_ascii=False))
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, schema in found.items():
        (out / f"{name}.schema.json").write_text(
            json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    say(f"wrote {len(found)} schemas to {out}")


def _schemas() -> dict[str, Any]:
    names = sorted(name for name in nouns.__all__ if isinstance(getattr(nouns, name), type))
    kinds = {name: getattr(nouns, name) for name in names if issubclass(getattr(nouns, name), nouns.Noun)}
    return {
        name: TypeAdapter(kind).json_schema()
        for name, kind in {**kinds, **ANSWERS, FixAnswer.__name__: FixAnswer}.items()
    }
