"""Commands about models and adapters."""

import json

import typer

from secassist import registry
from secassist.cli._run import AsJson, write
from secassist.config import read_settings

app = typer.Typer(no_args_is_help=True, help="Models and adapters.")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the base model and its adapters with digest, size and calibration."""
    settings = read_settings()
    rows = []
    for weights in (registry.base(settings.model), *registry.adapters(settings.adapters)):
        size = sum(path.stat().st_size for path in weights.folder.glob("*.safetensors"))
        calibration = registry.calibration(weights)
        row = {"name": weights.name, "digest": weights.digest, "megabytes": round(size / 1e6, 2)}
        rows.append(row | {"fit": calibration.fit, "note": calibration.note, "folder": str(weights.folder)})
    if as_json:
        write("\n".join(json.dumps(row) for row in rows))
        return
    for row in rows:
        fit = "fit" if row["fit"] else "UNFIT"
        write(f"{row['name']:<12} {str(row['digest'])[:12]}  {row['megabytes']:>6} MB  {fit:<5}  {row['note']}")
