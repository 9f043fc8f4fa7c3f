"""Report: all measured rows to `engine.md` and its pictures."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.engine import drawing, peak, tables
from benchmarks.engine.contestants import NAMES, SERIAL
from benchmarks.engine.ingredients import ALL_ON
from benchmarks.engine.tables import Row, select

OURS = "ours"
MIXES = {
    "mixed": "All analyzers mixed (12 triage, 3 sensitive, 3 review, 2 techniques of 20)",
    "triage": "Triage only: one adapter, which is what batching servers like best",
}


def write(out: Path, rows: Sequence[Row], facts: Mapping[str, Any]) -> None:
    """Writes the page, and the pictures into the folder of its name beside it."""
    pictures = out.with_suffix("")
    pictures.mkdir(parents=True, exist_ok=True)
    parts = [_head(facts), *_contests(rows, facts), _prefill(rows, facts), _side_by_side(rows)]
    parts += [_growth(rows, pictures), _ingredients(rows), _profile(rows, pictures), _skipped(rows)]
    out.write_text("\n\n".join(part for part in parts if part) + "\n", encoding="utf-8")


def _head(facts: Mapping[str, Any]) -> str:
    about = "\n".join(f"- {name}: {value}" for name, value in facts["about"].items())
    kinds = "\n".join(f"- `{name}`: {text}" for name, text in NAMES.items())
    return f"""# The engine, measured

Written by `{facts["command"]}`; do not edit. The same requests for everybody: rendered by our templates and detectors
from the examples and the scenario generator, the same token ids, grammar, answer limits, weights (each analyzer's
adapter merged) and threads, greedy, in a process of its own each, warmed up by requests that are not counted. No request
comes twice, so no cache knows a private part. Repetitions are interleaved; figures are medians with least and greatest.

{about}

{kinds}"""


def _contests(rows: Sequence[Row], facts: Mapping[str, Any]) -> Iterator[str]:
    for mix, title in MIXES.items():
        mine = select(rows, part="table", mix=mix)
        names = [name for name in NAMES if any(row["contestant"] == name and row.get("n") for row in mine)]
        if not names:
            continue
        cells = sorted({row["cell"] for row in mine if str(row["cell"]).isdigit()}, key=int)
        yield f"## {title}"
        yield f"Analyses per second, by how many wait\n\n{_rates(mine, names, cells)}"
        yield _limit(mine, cells, facts)
        if OURS in names:
            yield f"How many times as fast ours is\n\n{_ratios(mine, names, cells)}"
        yield (
            "Analyses per second of processor time (all threads; of llama.cpp the servers alone): where it differs from "
            f"the first table, others had the machine\n\n{_efficiency(mine, names, cells)}"
        )
        yield f"Seconds to the first verdict of a batch, p50 / p95\n\n{_firsts(mine, names, cells)}"
        yield f"The answers, and what they cost\n\n{_quality(mine, names, cells)}"


def _limit(rows: Sequence[Row], cells: Sequence[str], facts: Mapping[str, Any]) -> str:
    """What the measured peak allows: every operation of prompts and answers at that speed, nothing else."""
    cell = "32" if "32" in cells else cells[-1]
    name = OURS if _of(rows, OURS, cell) else str(next(row["contestant"] for row in rows if row["cell"] == cell))
    mine = _of(rows, name, cell)
    shape = facts["shape"]
    work = sum(peak.answer_operations(shape, row["prompt_tokens"], row["answer_tokens"]) for row in mine)
    count = sum(row["n"] for row in mine)
    prompt, answer = (sum(sum(row[f"{part}_tokens"]) for row in mine) / count for part in ("prompt", "answer"))
    return (
        f"The physical limit: an analysis of this mixture has {prompt:.0f} prompt and {answer:.0f} answer tokens, which "
        f"are {work / count / 1e9:.2f} GFLOP in 32 bits; at the measured peak of {facts['peak']['peak']:.0f} GFLOP/s that "
        f"is {facts['peak']['peak'] * 1e9 * count / work:.1f} analyses/s if nothing else cost anything and every token "
        "were computed."
    )


def _of(rows: Sequence[Row], name: str, cell: str) -> list[Row]:
    """A contestant's rows of a cell; of one that takes requests singly, those with one waiting."""
    return select(rows, contestant=name, cell="1" if name in SERIAL else cell)


def _rates(rows: Sequence[Row], names: Sequence[str], cells: Sequence[str]) -> str:
    body = [
        [f"`{name}`", *(_text(tables.per_repeat(_of(rows, name, c), tables.rate)) for c in cells)] for name in names
    ]
    return tables.markdown(["", *cells], body)


def _efficiency(rows: Sequence[Row], names: Sequence[str], cells: Sequence[str]) -> str:
    measure = tables.per_processor_second
    body = [[f"`{name}`", *(_text(tables.per_repeat(_of(rows, name, c), measure)) for c in cells)] for name in names]
    return tables.markdown(["", *cells], body)


def _ratios(rows: Sequence[Row], names: Sequence[str], cells: Sequence[str]) -> str:
    body = []
    for name in names:
        line = [f"`{name}`"]
        for cell in cells:
            mine = tables.per_repeat(_of(rows, OURS, cell), tables.rate)
            theirs = tables.per_repeat(_of(rows, name, cell), tables.rate)
            line.append(f"{mine.middle / theirs.middle:.2f}" if mine and theirs else "-")
        body.append(line)
    return tables.markdown(["", *cells], body)


def _firsts(rows: Sequence[Row], names: Sequence[str], cells: Sequence[str]) -> str:
    body = []
    for name in names:
        line = [f"`{name}`"]
        for cell in cells:
            found = tables.firsts(_of(rows, name, cell))
            line.append(f"{tables.percentile(found, 0.5):.2f} / {tables.percentile(found, 0.95):.2f}" if found else "-")
        body.append(line)
    return tables.markdown(["", *cells], body)


def _quality(rows: Sequence[Row], names: Sequence[str], cells: Sequence[str]) -> str:
    body = []
    for name in names:
        every = [row for cell in cells for row in select(rows, contestant=name, cell=cell)]
        most = max((c for c in cells if _of(rows, name, c)), key=int, default="1")
        memory = tables.of(row["bytes"] / 2**20 for row in select(rows, contestant=name, cell="memory"))
        equal = _equal(rows, name, cells)
        tries = sum(sum(row["tries"]) for row in every) / max(1, sum(row["n"] for row in every))
        body.append(
            [
                f"`{name}`",
                _text(tables.per_repeat(_of(rows, name, most), tables.tokens), 0),
                _text(memory, 0),
                f"{tables.share_valid(every):.3f}" if every else "-",
                f"{tries:.2f}",
                equal,
            ]
        )
    head = ["", "tokens/s, prompt and answer", "peak memory, MiB", "valid", "tries each", "equal to `grammar`"]
    return tables.markdown(head, body)


def _equal(rows: Sequence[Row], name: str, cells: Sequence[str]) -> str:
    mine, judged = [], []
    for cell in cells:
        judge = tables.JUDGE.get(cell, tables.JUDGE_BATCHED)
        mine += _placed(select(rows, contestant=name, cell=cell))
        judged += _placed(select(rows, contestant=judge, cell=cell))
    share = tables.share_equal(mine, judged)
    return "-" if share is None else f"{share:.3f}"


def _placed(rows: Sequence[Row]) -> list[Row]:
    """The rows, numbered within their repetition and cell."""
    seen: dict[Any, int] = {}
    placed: list[Row] = []
    for row in rows:
        number = seen[row.get("repeat", 0)] = seen.get(row.get("repeat", 0), -1) + 1
        placed.append({**row, "place": (row["cell"], number)})
    return placed


def _prefill(rows: Sequence[Row], facts: Mapping[str, Any]) -> str:
    body = []
    for name in NAMES:
        mine = select(rows, part="table", mix="mixed", cell="prefill", contestant=name)
        if mine:
            figure = tables.per_repeat(mine, lambda batches: _speed(batches, facts["shape"]))
            share = f"{100 * figure.middle / facts['peak']['peak']:.0f} %" if figure else "-"
            body.append([f"`{name}`", _text(figure, 0), share])
    if not body:
        return ""
    products = ", ".join(f"{shape} {value:.0f}" for shape, value in facts["peak"].items() if shape != "peak")
    return f"""## Prefill against the machine's matrix product

The whole prompt for one choice (a grammar of two words), 32 waiting. Operations of the model for these prompts over the
time it took, all overheads and the choice's own steps included. torch's 32-bit product with the same threads, best of
{peak.ROUNDS}, in GFLOP/s: {products}.

{tables.markdown(["", "GFLOP/s", "of the peak"], body)}"""


def _speed(rows: list[Row], shape: Mapping[str, int]) -> float:
    work = sum(peak.prompt_operations(shape, row["prompt_tokens"]) for row in rows)
    return work / float(sum(row["seconds"] for row in rows)) / 1e9


def _side_by_side(rows: Sequence[Row]) -> str:
    body = []
    for name in NAMES:
        took = sorted(
            t
            for row in select(rows, part="table", mix="mixed", cell="interactive", contestant=name)
            for t in row["finished"]
        )
        if took:
            body.append(
                [
                    f"`{name}`",
                    f"{tables.percentile(took, 0.5):.2f}",
                    f"{tables.percentile(took, 0.95):.2f}",
                    str(len(took)),
                ]
            )
    if not body:
        return ""
    return "## A person asks while a batch of 32 runs\n\nSeconds to that person's answer.\n\n" + tables.markdown(
        ["", "p50", "p95", "n"], body
    )


def _growth(rows: Sequence[Row], pictures: Path) -> str:
    texts = []
    for part, title, across, note in (
        (
            "length",
            "Cost and length of the private input",
            "private input, tokens",
            "Random weights in the bundled model's shape with 16,384 positions (the bundled one has 2,048); 4 waiting, one "
            "word for an answer. Prompts are real ones strung together.",
        ),
        (
            "adapters",
            "Cost and number of adapters",
            "adapters",
            "32 triage requests waiting, dealt out to that many adapters. llama.cpp and transformers hold one merged model "
            "per adapter.",
        ),
    ):
        series = _series(select(rows, part=part))
        if series:
            picture = pictures / f"{part}.svg"
            drawn = drawing.lines(title, across, "ms per analysis", series, logarithmic=part == "length")
            picture.write_text(drawn, encoding="utf-8")
            texts.append(f"## {title}\n\n{note}\n\n![{title}]({pictures.name}/{picture.name})\n\n{_points(series)}")
    return "\n\n".join(texts)


def _series(rows: Sequence[Row]) -> dict[str, list[tuple[float, float]]]:
    series: dict[str, list[tuple[float, float]]] = {}
    for name in NAMES:
        mine = [row for row in rows if row.get("contestant") == name and row.get("cell") == "whole"]
        for x in sorted({row["x"] for row in mine}):
            figure = tables.per_repeat(select(mine, x=x), tables.rate)
            if figure:
                series.setdefault(name, []).append((float(x), 1000 / figure.middle))
    return series


def _points(series: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    across = sorted({x for points in series.values() for x, _ in points})
    body = [[f"`{n}`", *(f"{dict(p)[x]:.1f}" if x in dict(p) else "-" for x in across)] for n, p in series.items()]
    return tables.markdown(["ms per analysis", *(f"{x:.0f}" for x in across)], body)


def _ingredients(rows: Sequence[Row]) -> str:
    mine = select(rows, part="ingredient")
    names = list(dict.fromkeys(row["x"] for row in mine if row.get("n")))
    if ALL_ON not in names:
        return ""
    cells = list(dict.fromkeys(row["cell"] for row in mine if row.get("n")))
    body = []
    for name in names:
        line = [name]
        for cell in cells:
            whole = tables.per_repeat(select(mine, x=ALL_ON, cell=cell), tables.rate)
            figure = tables.per_repeat(select(mine, x=name, cell=cell), tables.rate)
            gain = f", gain {whole.middle / figure.middle:.2f}x" if whole and figure and name != ALL_ON else ""
            line.append(_text(figure) + gain)
        body.append(line)
    return "## What each ingredient gains\n\nAnalyses per second with one switched off.\n\n" + tables.markdown(
        ["off", *(f"{cell} waiting" if cell.isdigit() else cell for cell in cells)], body
    )


def _profile(rows: Sequence[Row], pictures: Path) -> str:
    texts = []
    for kind in ("operations", "functions"):
        found = [row for row in rows if row.get("cell") == "profile" and row.get("kind") == kind]
        if found:
            values = {name: 1000 * seconds for name, seconds in found[-1]["values"].items() if seconds > 0.0005}
            drawn = drawing.bars(f"32 waiting requests, by {kind[:-1]}", "ms", values)
            (pictures / f"profile-{kind}.svg").write_text(drawn, encoding="utf-8")
            texts.append(f"![Time by {kind[:-1]}]({pictures.name}/profile-{kind}.svg)")
    return "## Where the time goes\n\n" + "\n\n".join(texts) if texts else ""


def _skipped(rows: Sequence[Row]) -> str:
    found = {(row.get("x", ""), row["contestant"]): row["skipped"] for row in rows if row.get("skipped")}
    lines = [f"- `{name}`{f' ({x})' if x else ''}: {reason}" for (x, name), reason in found.items()]
    return "## Not measured\n\n" + "\n".join(lines) if lines else ""


def _text(figure: tables.Figure | None, digits: int = 2) -> str:
    return figure.text(digits) if figure else "-"
