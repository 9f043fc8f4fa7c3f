"""Report: rows of measurements to `queue.md` and its pictures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.engine import drawing

Row = Mapping[str, Any]
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
GOAL = 1.8


def share(values: Sequence[float], part: float) -> float:
    """The value that this part of them does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(part * (len(ordered) - 1)))]


def write(out: Path, rows: Sequence[Row], facts: Mapping[str, Any]) -> None:
    """The page, and the pictures in the folder of its name beside it."""
    pictures = out.with_suffix("")
    parts = [
        _head(facts),
        _intake(rows),
        _serving(rows),
        _claims(rows),
        _growth(rows, pictures),
        _loops(rows),
        _recovery(rows),
    ]
    out.write_text("\n".join(line for part in parts for line in part) + "\n", encoding="utf-8")


def _head(facts: Mapping[str, Any]) -> Iterator[str]:
    yield from ("# The queue, measured", "", f"Written by `{facts['command']}`; do not edit.")
    yield "Every commit is on disk (SQLite WAL with synchronous=FULL, PostgreSQL with fsync), clients and servers share one"
    yield "machine, which does other work meanwhile: compare figures of one table, not with other machines. Figures are"
    yield "medians of repetitions that were interleaved; p50 and p99 are over all calls of all repetitions. PostgreSQL was"
    yield "vacuumed and analyzed after rows were filled in, as its autovacuum does."
    yield ""
    yield from (f"- {name}: {said}" for name, said in facts["about"].items())
    yield ""


def _intake(rows: Sequence[Row]) -> Iterator[str]:
    if not any(row["cell"] == "intake single" for row in rows):
        return
    yield from ("## Intake", "", "Alerts per second that are stored with their job, one client:", "")
    yield from ("| | one per transaction | 500 per transaction |", "|---|---:|---:|")
    for kind, name in NAMES.items():
        one, many = _of(rows, "intake single", kind), _of(rows, "intake bulk", kind)
        if one:
            yield f"| {name} | {1 / median(one):,.0f} | {500 / median(many):,.0f} |"
    messages = [row["per second"] for row in rows if row["cell"] == "celery intake"]
    if messages:
        yield f"| plain Celery: messages into Redis' memory, nothing on disk | {median(messages):,.0f} | |"
    yield ""


def _serving(rows: Sequence[Row]) -> Iterator[str]:
    if not any(row["cell"].startswith("serving") for row in rows):
        return
    yield from (
        "## Intake, masking included",
        "",
        "Alerts (1.2 kB, 34 fields) as clients see them; `submit` is the command",
    )
    yield "once it runs, the rest is `secassist serve`, with its clients on the same cores. p50 and p99: milliseconds of a"
    yield "request. Processor: milliseconds for an alert, without the clients; it tells most about a quiet machine."
    head = "per second | p50 | p99 | processor"
    yield from ("", f"| | SQLite: {head} | PostgreSQL: {head} |", "|---|" + "---:|" * 8)
    for cell, name, several in (("single", "submit, one", 1), ("bulk", "submit, 500 together", 500)):
        chosen = [row for row in rows if row["cell"] == f"serving submit {cell}"]
        rates = [{**row, "per second": several / median(row["seconds"])} for row in chosen]
        yield f"| {name} | " + " | ".join(_sent([row for row in rates if row["kind"] == kind]) for kind in NAMES) + " |"
    sent = [row for row in rows if row["cell"] == "serving http"]
    for clients, several in dict.fromkeys((row["clients"], row["several"]) for row in sent):
        mine = [row for row in sent if (row["clients"], row["several"]) == (clients, several)]
        many = "1 client" if clients == 1 else f"{clients} clients"
        told = " | ".join(_sent([row for row in mine if row["kind"] == kind]) for kind in NAMES)
        yield f"| HTTP, {many}, {several} per request | {told} |"
    yield ""


def _sent(rows: Sequence[Row]) -> str:
    if not rows:
        return "| | | "
    rate, used = (median(row[name] for row in rows) for name in ("per second", "processor"))
    return f"{rate:,.0f} | {_both([value for row in rows for value in row['seconds']])} | {used * 1000:.2f}"


def _claims(rows: Sequence[Row]) -> Iterator[str]:
    if not any(row["cell"].startswith("queued") for row in rows):
        return
    yield from ("## With 100,000 jobs queued", "", "Milliseconds per call:", "")
    cells = {
        "claim 1": "claim one",
        "claim 16": "claim 16 at once",
        "finish 16": "commit 16 claimed together",
        "submit 1": "submit one",
    }
    yield from ("| | SQLite p50 | p99 | PostgreSQL p50 | p99 |", "|---|---:|---:|---:|---:|")
    for cell, name in cells.items():
        values = [_of(rows, f"queued {cell}", kind) for kind in NAMES]
        yield f"| {name} | " + " | ".join(_both(found) for found in values) + " |"
    yield ""


def _growth(rows: Sequence[Row], pictures: Path) -> Iterator[str]:
    sizes = sorted({row["size"] for row in rows if row["cell"].startswith("growth")})
    if not sizes:
        return
    yield from (
        "## Growth",
        "",
        "Milliseconds per call by the number of stored jobs, each with subject and analysis:",
        "",
    )
    head = " | ".join(f"{size:,} p50 | p99" for size in sizes)
    yield from (f"| | {head} | p50 of the last to the first |", "|---|" + "---:|" * (2 * len(sizes) + 1))
    series: dict[str, list[tuple[float, float]]] = {}
    for cell in ("claim 1", "finish 1", "claim 16", "finish 16", "submit 1", "list 50", "count open", "count all"):
        for kind, name in NAMES.items():
            found = [_of(rows, f"growth {cell}", kind, size) for size in sizes]
            if all(found):
                ratio = median(found[-1]) / median(found[0])
                yield f"| {cell}, {name} | " + " | ".join(_both(values) for values in found) + f" | {ratio:.2f} |"
                if cell in ("claim 1", "finish 1", "list 50"):
                    series[f"{cell}, {name}"] = [
                        (float(size), median(values) * 1000) for size, values in zip(sizes, found, strict=True)
                    ]
    yield ""
    if len(sizes) > 1:
        pictures.mkdir(exist_ok=True)
        title = "Milliseconds (p50) by stored jobs"
        picture = drawing.lines(title, "stored jobs", "milliseconds", series, logarithmic=True)
        (pictures / "growth.svg").write_text(picture, encoding="utf-8")
        yield from (f"![growth]({pictures.name}/growth.svg)", "")


def _loops(rows: Sequence[Row]) -> Iterator[str]:
    if not any(row["cell"] in ("overhead", "throughput") for row in rows):
        return
    yield from (
        "## Overhead per job",
        "",
        "A worker whose model takes no time, beside the same analyses without a queue;",
    )
    yield from ("milliseconds per job in batches of 16 (masking, detectors and prompts are in both):", "")
    yield from ("| | without | with | overhead | overhead in processor time |", "|---|---:|---:|---:|---:|")
    for kind, name in NAMES.items():
        found = [row for row in rows if row["cell"] == "overhead" and row["kind"] == kind]
        if found:
            without, with_ = (median(row[f"{what} clock"] for row in found) * 1000 for what in ("direct", "queued"))
            more = median(row["queued processor"] - row["direct processor"] for row in found) * 1000
            yield f"| {name} | {without:.2f} | {with_:.2f} | {with_ - without:.2f} | {more:.2f} |"
    yield from ("", "## One worker and two", "", "Jobs per second with a stub model of 20 ms per job:", "")
    yield from (f"| | one | two | ratio (goal {GOAL}) |", "|---|---:|---:|---:|")
    for kind, name in {**NAMES, "celery": "plain Celery (no analysis, no table, results unknown)"}.items():
        one, two = (_rates(rows, kind, workers) for workers in (1, 2))
        if one and two:
            ratios = [b / a for a, b in zip(one, two, strict=False)]
            low, high = min(ratios), max(ratios)
            yield f"| {name} | {median(one):.1f} | {median(two):.1f} | {median(ratios):.2f} ({low:.2f}-{high:.2f}) |"
    yield ""


def _recovery(rows: Sequence[Row]) -> Iterator[str]:
    found = {kind: _of(rows, "recovery", kind) for kind in NAMES}
    if not any(found.values()):
        return
    lease = next(row["lease"] for row in rows if row["cell"] == "recovery")
    yield from (
        "## Recovery after kill -9",
        "",
        "Seconds from the kill until the jobs that the worker held were claimed anew,",
    )
    yield f"with leases of {lease:g} s (in service 60 s); at most a lease, a quarter until a sweep, and a look at the table:"
    yield from ("", "| | p50 | p99 | jobs |", "|---|---:|---:|---:|")
    for kind, name in NAMES.items():
        if found[kind]:
            yield f"| {name} | {share(found[kind], 0.5):.2f} | {share(found[kind], 0.99):.2f} | {len(found[kind])} |"
    yield "| plain Celery | never | never | it acknowledges before it works, so what a killed worker held is lost |"
    yield ""


def _of(rows: Iterable[Row], cell: str, kind: str, size: int | None = None) -> list[float]:
    chosen = [row for row in rows if row["cell"] == cell and row.get("kind") == kind]
    return [value for row in chosen if size is None or row["size"] == size for value in row["seconds"]]


def _rates(rows: Iterable[Row], kind: str, workers: int) -> list[float]:
    chosen = [row for row in rows if row["cell"] == "throughput" and row["kind"] == kind]
    return [row["per second"] for row in chosen if row["workers"] == workers]


def _both(values: Sequence[float]) -> str:
    return f"{share(values, 0.5) * 1000:.2f} | {share(values, 0.99) * 1000:.2f}" if values else "| "
