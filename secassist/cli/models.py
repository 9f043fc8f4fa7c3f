"""Commands about models and adapters: what serves, what was tried, and the gate between them."""

import json
import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from secassist import plugins, registry
from secassist.backends import _people, _tagging
from secassist.cli._progress import progress
from secassist.cli._run import AsJson, Exit, Quiet, say, write
from secassist.config import Settings, read_settings
from secassist.errors import UsageError
from secassist.pipeline import Pipeline
from secassist.registry import Shelf, Weights

app = typer.Typer(no_args_is_help=True, help="Models and adapters: list, compare, promote, roll back.")
Analyzer = Annotated[str, typer.Argument(help="triage, review, sensitive, techniques, remediate or report.")]
Data = Annotated[Path, typer.Option(help="Labelled JSON Lines; development groups only are looked at.")]
Limit = Annotated[int | None, typer.Option(min=1, help="At most this many items, spread over sources and labels.")]
TAGGER = "tagger"
Which = Annotated[str, typer.Argument(help="live, bundled, the first digits of a version, or an adapter's folder.")]
_LINE = "{:<12} {:<9} {:<12}  {:>9}  {:<7}  {}"


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the base model, the adapters that serve, and the candidates and retired ones on the shelf."""
    settings = read_settings()
    serving = registry.served(settings)
    shelf = Shelf(settings.home)
    rows = [_row(registry.base(settings.model), "base", "live"), *_taggers(settings)]
    for name, weights in serving.items():
        rows.append(_row(weights, name, "live"))
    live = {weights.digest for weights in serving.values()}
    for version in shelf.versions():
        if version.digest not in live:
            state = "not used" if version.state == "live" else version.state
            rows.append(_row(registry.at(version.folder), version.analyzer, state))
    if as_json:
        write("\n".join(json.dumps(row) for row in rows))
        return
    write(_LINE.format("NAME", "STATE", "DIGEST", "SIZE", "FITNESS", "NOTE"))
    for row in rows:
        fit = "fit" if row["fit"] else "UNFIT"
        size = f"{row['megabytes']:>6} MB"
        write(_LINE.format(row["name"], row["state"], row["digest"][:12], size, fit, row["note"]).rstrip())


def _row(weights: Weights, name: str, state: str) -> dict[str, Any]:
    size = sum(path.stat().st_size for path in weights.folder.glob("*.safetensors"))
    calibration = registry.calibration(weights)
    row = {"name": name, "state": state, "digest": weights.digest, "megabytes": round(size / 1e6, 2)}
    return row | {"fit": calibration.fit, "note": calibration.note, "folder": str(weights.folder)}


def _taggers(settings: Settings) -> list[dict[str, Any]]:
    """The row of the tagger that reads names and addresses, where one is there."""
    if not _people.available():
        return []
    folder = _tagging.bundled()
    row = _row(registry.base(str(folder)), TAGGER, "live" if settings.names == "auto" else "not used")
    fit = bool(_tagging.read_card(folder).thresholds)
    return [row | {"digest": _tagging.identity(folder), "fit": fit, "note": "" if fit else "no thresholds are set"}]


@app.command()
def show(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="An analyzer, base or tagger, as `models list` names it.")
    ],
    which: Which = "live",
) -> None:
    """Show one adapter as JSON: digests, training, calibration, and what the gate found; or the base, or the tagger."""
    settings = read_settings()
    known = plugins.names("analyzers")
    if name not in known:
        _show_other(settings, name, which)
        return
    analyzer, weights = name, _weights(settings, name, which)
    if weights is None:
        raise UsageError(f"{analyzer} has no adapter; the base serves it by examples")
    found = [version for version in Shelf(settings.home).versions(analyzer) if version.digest == weights.digest]
    row: dict[str, Any] = _row(weights, analyzer, found[0].state if found else "bundled")
    row |= {"manifest": dict(found[0].manifest) if found else {}, "card": registry.card(weights)}
    row["changes"] = [event.__dict__ for event in Shelf(settings.home).events() if event.analyzer == analyzer]
    write(json.dumps(row, indent=1, ensure_ascii=False))


def _show_other(settings: Settings, name: str, which: str) -> None:
    """The base or the tagger; raises UsageError for any other name."""
    rows = [_row(registry.base(settings.model), "base", "live"), *_taggers(settings)]
    row = next((row for row in rows if row["name"] == name), None)
    if row is None:
        raise plugins.unknown("model", name, [*(each["name"] for each in rows), *plugins.names("analyzers")])
    if which != "live":
        raise UsageError(f"there is one {name} only; leave {which!r} out")
    write(json.dumps(row | {"card": registry.card(registry.base(row["folder"]))}, indent=1, ensure_ascii=False))


@app.command()
def compare(
    analyzer: Analyzer, first: Which, second: Which, data: Data, limit: Limit = 400, quiet: Quiet = False
) -> None:
    """Compare two adapters on the same development items: each measure, the gain, and its paired 95 % interval."""
    from secassist.evaluation.pairing import paired
    from secassist.promoting import trial
    from secassist.promoting.rules import HEADLINES

    _check(analyzer)
    settings = read_settings()
    examples = trial.items(data, analyzer, limit)
    aside, contenders = TemporaryDirectory(), _contenders(settings, analyzer, first, second)
    with contenders as pair, aside as work, progress("compare", quiet) as report:
        found = [trial.predictions(one, analyzer, examples, Path(work), report) for one in pair]
    lines = ["| task | measure | n | first | second | gain (95 %) |", "|---|---|---:|---:|---:|---|"]
    for task in sorted({example.task for example in examples}):
        mine = [example for example in examples if example.task == task]
        wanted = {*HEADLINES[task], "tpr", "fpr", "ece", "invalid", "abstention"}
        for name, one in sorted(paired(mine, found[0], found[1], wanted).items()):
            bounds = "" if one.low is None or one.high is None else f" ({one.low:+.3f} to {one.high:+.3f})"
            figures = f"{one.first:.3f} | {one.second:.3f} | {one.gain:+.3f}{bounds}"
            lines.append(f"| {task} | {name} | {one.items} | {figures} |")
    write("\n".join(lines))


@app.command()
def promote(
    candidate: Annotated[Path, typer.Argument(help="Folder of the trained and calibrated adapter.")],
    analyzer: Analyzer,
    data: Data,
    limit: Limit = 400,
    margin: Annotated[float, typer.Option(min=0, help="How far below zero the gain's interval may reach.")] = 0.03,
    floor: Annotated[list[str] | None, typer.Option(help="Least figure, as T1:auc=0.8; may be repeated.")] = None,
    samples: Annotated[int, typer.Option(min=1, help="Questions put to every way of serving.")] = 6,
    server_url: Annotated[str | None, typer.Option(help="A server (vLLM, llama.cpp) that serves it as well.")] = None,
    server_model: Annotated[str, typer.Option(help="The model's name on that server.")] = "secassist",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge only; keep and change nothing.")] = False,
    quiet: Quiet = False,
) -> None:
    """Make an adapter live if it passes the gate: not worse, above the floors, valid, served alike everywhere."""
    from secassist.promoting import gate, trial
    from secassist.promoting.rules import Rules

    _check(analyzer)
    settings = read_settings()
    shelf = Shelf(settings.home)
    asked = gate.Asked(
        settings=settings,
        analyzer=analyzer,
        candidate=candidate,
        examples=trial.items(data, analyzer, limit),
        rules=Rules(margin=margin, floors=_floors(floor or [])),
        samples=samples,
        server=_server(settings, server_url, server_model),
    )
    with _contenders(settings, analyzer, "live", str(candidate)) as (live, other), TemporaryDirectory() as aside:
        gate.settle(shelf, live)
        work = Path(aside) if dry_run else shelf.folder / ".gate"
        with progress("gate", quiet) as report:
            found = gate.judge(asked, live, other, work, report)
        for check in found.checks:
            write(f"{'ok  ' if check.passed else 'FAIL'} {check.name}: {check.detail}")
        event = None if dry_run else gate.admit(shelf, asked, found, _who())
        gate.settle(shelf, live)
    if event is not None:
        say(f"live: {gate.written(event)}")
    elif found.passed:
        say("passes; nothing was changed (--dry-run)")
    else:
        say(f"refused: {', '.join(check.name for check in found.refusals)}")
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def rollback(analyzer: Analyzer) -> None:
    """Make live again what served before the last promotion; takes effect in every process that starts after."""
    from secassist import bootstrap
    from secassist.promoting import gate

    _check(analyzer)
    settings = read_settings()
    made = bootstrap.pipeline(settings)
    try:
        shelf = Shelf(settings.home)
        gate.settle(shelf, made)
        event = shelf.rollback(analyzer, _who())
        gate.settle(shelf, made)
    finally:
        made.store.close()
    say(f"live: {gate.written(event)}")


def _weights(settings: Settings, analyzer: str, which: str) -> Weights | None:
    """What a word names: the adapter that serves, the bundled one, a version, or a folder."""
    _check(analyzer)
    if which == "live":
        return registry.serving(settings, analyzer)
    if which == "bundled":
        return registry.adapter("bundled", analyzer)
    if Path(which).is_dir():
        return registry.at(Path(which))
    return Shelf(settings.home).find(analyzer, which).weights()


def _check(analyzer: str) -> None:
    """Raises UsageError for an analyzer that there is not."""
    if analyzer not in plugins.names("analyzers"):
        raise plugins.unknown("analyzer", analyzer, plugins.names("analyzers"))


@contextmanager
def _contenders(settings: Settings, analyzer: str, *which: str) -> Iterator[tuple[Pipeline, Pipeline]]:
    """Two pipelines that differ in the adapter of one analyzer only."""
    from secassist import bootstrap

    with TemporaryDirectory(prefix="secassist-") as folder:
        made = []
        for number, name in enumerate(which):
            alone = Path(folder) / str(number)
            alone.mkdir()
            weights = _weights(settings, analyzer, name)
            if weights is not None:
                (alone / analyzer).symlink_to(weights.folder.absolute(), target_is_directory=True)
            changed = {"adapters": str(alone), "backend": "local"}
            made.append(bootstrap.pipeline(settings.model_copy(update=changed)))
        try:
            yield made[0], made[1]
        finally:
            for one in made:
                one.store.close()


def _floors(given: list[str]) -> dict[tuple[str, str], float]:
    """Floors from "T1:auc=0.8"."""
    found = {}
    for text in given:
        place, _, value = text.partition("=")
        task, _, measure = place.partition(":")
        try:
            found[task, measure] = float(value)
        except ValueError as error:
            raise UsageError(f"--floor {text!r}: write TASK:MEASURE=VALUE, such as T1:auc=0.8") from error
    return found


def _server(settings: Settings, url: str | None, model: str) -> Any:
    from secassist.backends.server import ServerBackend

    if url is None:
        return None
    return ServerBackend(settings.model_copy(update={"backend": "server", "server_url": url, "server_model": model}))


def _who() -> str:
    """The user of the process as the system knows it."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
