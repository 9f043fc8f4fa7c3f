"""Losses of a training run: one JSON line a step that survives a killed run, and their curve as a picture."""

import json
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

NAME: Final = "losses.jsonl"
SMOOTH: Final = 20
"""Steps whose mean makes a point of the curve."""


def record(folder: Path, row: dict[str, Any]) -> None:
    """Appends a row: `step` with `loss`, or with `validation` (losses in nats a token, by source)."""
    with (folder / NAME).open("a", encoding="utf-8") as out:
        out.write(json.dumps(row) + "\n")


def rows(folder: Path) -> list[dict[str, Any]]:
    """Every whole row; a line that a crash tore is left out."""
    path = folder / NAME
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def cut(folder: Path, start: int) -> None:
    """Takes back what steps from `start` on left: a run that resumes there does them again."""
    kept = [row for row in rows(folder) if row["step"] < start]
    aside = folder / f"{NAME}.tmp"
    aside.write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")
    aside.replace(folder / NAME)


def curve(folder: Path, out: Path, title: str) -> Path | None:
    """Draws training loss (means of SMOOTH steps) and validation loss by source to an SVG file.

    None without matplotlib (extra [train]): a long run must not end in an error for want of a picture. Raises ValueError
    when nothing was recorded.
    """
    if find_spec("matplotlib") is None:
        return None
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    found = rows(folder)
    trained = [(row["step"], row["loss"]) for row in found if "loss" in row]
    if not trained:
        raise ValueError(f"{folder}: no step was recorded")
    held: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for row in found:
        for source, loss in row.get("validation", {}).items():
            held[source].append((row["step"], loss))
    with mpl.rc_context({"svg.hashsalt": "secassist", "svg.fonttype": "none"}):
        figure = Figure(figsize=(8, 4.5), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.subplots()
        points = [trained[start : start + SMOOTH] for start in range(0, len(trained), SMOOTH)]
        axes.plot([part[-1][0] for part in points], [sum(v for _, v in p) / len(p) for p in points], label="training")
        for source, several in sorted(held.items()):
            axes.plot(*zip(*several, strict=True), marker="o", markersize=3, label=f"held out: {source}")
        axes.set(xlabel="step", ylabel="loss, nats per token", title=title)
        axes.legend()
        figure.savefig(out, format="svg", metadata={"Date": None})
    return out
