"""The page: figures as Markdown tables, with what they were measured on and how; nothing of the machine is in it."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.sensitive import board, disputed, matching, naming
from benchmarks.sensitive.board import ALL, FRESH, Board, Goal, Row, TypeRow
from benchmarks.sensitive.items import KINDS, SETS, Item, Span
from benchmarks.sensitive.logs import PERSONAL, SECRET
from benchmarks.sensitive.scores import Figures, Rate
from benchmarks.sensitive.taught import Taught
from benchmarks.sensitive.throughput import Speed
from benchmarks.sensitive.yardsticks import Answer

_TITLES: Final = {"logs": "Our log lines", "S1": "S1: secrets", "S2": "S2: personal data"}
_LANGUAGES: Final = {ALL: "all", "en": "English", "zh": "Chinese", "other": "other", FRESH: "fresh shapes"}
_KIND_WORDS: Final = {SECRET: "secrets", PERSONAL: "personal data"}


@dataclass(frozen=True)
class About:
    """`limit` is the most items of a set, 0 for all of them; `command` how to make the page again."""

    date: str
    seed: int
    limit: int
    command: str


def render(
    items: Sequence[Item],
    answers: Sequence[Answer],
    made: Board,
    speed: Speed | None,
    about: About,
    taught: Taught | None = None,
) -> str:
    """The whole page."""
    parts = [*_head(items, answers, about), *_goals(board.goals(made, speed))]
    for name in SETS:
        if any(item.set == name for item in items):
            parts += _set(name, answers, made)
        if name == "S1":
            parts += [*_blocks(items, answers), *_disputed(items, answers), *_taught(taught)]
    parts += [*_speed(speed), *_names(answers), *_method()]
    return "\n".join(parts) + "\n"


def _head(items: Sequence[Item], answers: Sequence[Answer], about: About) -> list[str]:
    lines = [
        "# Sensitive data beside other tools",
        "",
        f"Written by `{about.command}` on {about.date}; log lines drawn with seed {about.seed}. Do not edit.",
        "",
    ]
    if about.limit:
        lines += [f"**A small run: at most {about.limit} items of each set. Not figures to report.**", ""]
    lines += ["| tool | version | |", "|---|---|---|"]
    lines += [_line([a.name, a.version, a.problem or a.note or "answered every item"]) for a in answers]
    lines += ["", "| set | texts | clean | secrets | personal data |", "|---|---|---|---|---|"]
    for name in SETS:
        mine = [item for item in items if item.set == name]
        spans = [span for item in mine for span in item.spans]
        counts = [sum(span.kind == kind for span in spans) for kind in (SECRET, PERSONAL)]
        lines.append(_line([_TITLES[name], len(mine), sum(not item.spans for item in mine), *counts]))
    return lines


def _goals(goals: Sequence[Goal]) -> list[str]:
    if not goals:
        return []
    missed = sum(goal.met is False for goal in goals)
    words = {True: "met", False: "**NOT met**", None: "not measured"}
    lines = ["", "## Goals", "", f"{missed} of {len(goals)} are not met.", ""]
    lines += ["| goal | on | by | wanted | measured | |", "|---|---|---|---|---|---|"]
    return lines + [_line([g.what, g.where, g.tool, g.wanted, g.measured, words[g.met]]) for g in goals]


def _set(name: str, answers: Sequence[Answer], made: Board) -> list[str]:
    lines = ["", f"## {_TITLES[name]}"]
    for kind in KINDS[name]:
        rows = [row for row in made.rows if (row.set, row.kind) == (name, kind)]
        lines += ["", f"### {_TITLES[name]}: {_KIND_WORDS[kind]}", "", *_rows(rows)]
        lines += [
            _line([a.name, "", a.problem, *[""] * (4 + (kind == PERSONAL))])
            for a in answers
            if a.problem and kind in a.claims
        ]
        types = [row for row in made.types if (row.set, row.kind) == (name, kind) and row.language != FRESH]
        for language in dict.fromkeys(row.language for row in types):
            mine = [row for row in types if row.language == language]
            if language != ALL or name == "S1":
                lines += ["", f"By type, {_LANGUAGES[language]}:", "", *_types(mine)]
    either = [(tool, rate) for where, tool, rate in made.either if where == name]
    if len(KINDS[name]) > 1 and either:
        lines += ["", "Clean texts flagged for anything that the tool looks for:", "", "| tool | share |", "|---|---|"]
        lines += [_line([tool, _rate(rate)]) for tool, rate in either]
    return lines


def _rows(rows: Sequence[Row]) -> list[str]:
    typed = any(row.kind == PERSONAL for row in rows)
    heads = [
        "tool",
        "slice",
        "precision",
        "recall",
        "F1",
        *(["F1, type too"] * typed),
        "F1 of claimed types",
        "clean texts flagged",
    ]
    lines = [_line(heads), _line(["---"] * len(heads))]
    for row in rows:
        place = row.places
        cells = [_rate(place.precision), _rate(place.recall), _plain(place.f1), *([_plain(row.typed.f1)] * typed)]
        lines.append(_line([row.tool, _LANGUAGES[row.language], *cells, _claimed(row), _rate(row.flagged)]))
    return lines


def _types(rows: Sequence[TypeRow]) -> list[str]:
    heads = ["type", "tool", "precision", "recall", "F1"]
    lines = [_line(heads), _line(["---"] * len(heads))]
    ordered = sorted(rows, key=lambda row: (-row.figures.recall.whole, row.type))
    for row in ordered:
        f: Figures = row.figures
        lines.append(_line([row.type, row.tool, _rate(f.precision), _rate(f.recall), _plain(f.f1)]))
    return lines


def _blocks(items: Sequence[Item], answers: Sequence[Answer]) -> list[str]:
    """What one finding for a whole key costs where every line of it is labelled."""
    numbers = [number for number, item in enumerate(items) if item.set == "S1"]
    lines = ["", "### S1: keys whose lines are labelled one by one", ""]
    lines += [
        "A finding is paired with one place, so that of a whole key with one of its lines. Alike for all tools, for no"
    ]
    lines[-1] += " goal, what is found if it counts for every line within it:"
    lines.append("")
    lines += [_line(["tool", "found", "found, with such lines", "labelled"]), _line(["---"] * 4)]
    for each in (a for a in answers if not a.problem and a.speaks_of(SECRET)):
        made = [matching.match(items[number], each.found[number], SECRET) for number in numbers]
        found, more = sum(len(one.pairs) for one in made), sum(map(matching.within_blocks, made))
        lines.append(_line([each.name, found, found + more, sum(len(one.truth) for one in made)]))
    return lines if numbers else []


def _disputed(items: Sequence[Item], answers: Sequence[Answer]) -> list[str]:
    """S1 once more, without what can be argued about."""
    found = disputed.settle(items, answers)
    if not found:
        return []
    reasons = list(dict.fromkeys(reason for each in found for reason in each.aside))
    lines = ["", "### S1: without what is disputed", ""]
    lines += ["Alike for all tools, and for no goal. Set aside, by reason:", ""]
    lines += [f"{number}. {reason}" for number, reason in enumerate(reasons, 1)]
    heads = ["tool", "precision", "recall", "F1", "clean texts flagged", *map(str, range(1, len(reasons) + 1))]
    lines += ["", _line(heads), _line(["---"] * len(heads))]
    for each in found:
        f = each.places
        figures = [_rate(f.precision), _rate(f.recall), _plain(f.f1), _rate(each.flagged)]
        lines.append(_line([each.tool, *figures, *(each.aside[reason] for reason in reasons)]))
    return lines


def _taught(taught: Taught | None) -> list[str]:
    """What the labels allow: our detectors on the rows that they were written with."""
    if taught is None:
        return []
    lines = ["", "### S1: the rows that rules were written with", ""]
    lines += [
        "No figure of quality: rules were made with these rows in view, so that what is missed here is what the labels keep",
        "anybody from. Detectors alone; what a second maker would agree on is not asked here.",
        "",
        _line(["labels", "precision", "recall", "clean texts flagged"]),
        _line(["---"] * 4),
    ]
    told = (
        ("as they are", taught.places, taught.flagged),
        ("not disputed", taught.settled.places, taught.settled.flagged),
    )
    return lines + [_line([name, _rate(f.precision), _rate(f.recall), _rate(rate)]) for name, f, rate in told]


def _claimed(row: Row) -> str:
    rate = row.claimed.f1
    return "claims none of them" if not rate.whole else f"{_plain(rate)}, {rate.whole} places"


def _speed(speed: Speed | None) -> list[str]:
    if speed is None:
        return []
    lines = [
        "",
        "## Rate",
        "",
        f"{speed.files} files of installed packages, {speed.size / 1e6:.1f} MB, processor time before judging; medians of "
        f"{speed.repeats} rounds in which all took turns. Reading is part of every figure, starting is not.",
        "",
        "| what | MB/s | times detect-secrets |",
        "|---|---|---|",
    ]
    base = speed.seconds.get("detect-secrets")
    for name, seconds in speed.seconds.items():
        times = f"{base / seconds:.2f}" if base else "-"
        lines.append(_line([name, f"{speed.size / 1e6 / seconds:.2f}", times]))
    return [*lines, *(["", speed.problem] if speed.problem else [])]


def _names(answers: Sequence[Answer]) -> list[str]:
    """Which names of the tools, as they occurred, became which of ours."""
    found: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for answer in answers:
        for span in _spans(answer):
            found[span.kind, span.type][answer.name].add(span.name)
    lines = ["", "## Names", "", "What each tool said became these types; `other` is what no rule of ours knows.", ""]
    lines += ["| kind | type | names |", "|---|---|---|"]
    order = {(kind, name): n for kind in (SECRET, PERSONAL) for n, name in enumerate(naming.types(kind))}
    for kind, name in sorted(found, key=lambda key: (key[0], order.get(key, 999), key[1])):
        names = "; ".join(f"{tool}: {', '.join(sorted(said))}" for tool, said in _merged(found[kind, name]))
        lines.append(_line([_KIND_WORDS[kind], name, names]))
    return lines


def _merged(names: dict[str, set[str]]) -> list[tuple[str, set[str]]]:
    """Tools that say the same stand together once, by the part of their names before the comma."""
    found: dict[str, set[str]] = defaultdict(set)
    for tool, said in names.items():
        found[tool.split(",")[0]] |= said
    return sorted(found.items())


def _spans(answer: Answer) -> Iterable[Span]:
    return (span for spans in answer.found for span in spans)


def _method() -> list[str]:
    return [
        "",
        "## How it was measured",
        "",
        "- **Log lines**: a generator (`benchmarks/sensitive/logs.py`) fills over 300 shapes of real logs, English and "
        "Chinese, with invented values: valid check digits, secrets in the shapes of their providers, and around them "
        "times, GUIDs, counters, digests and order numbers. Half of the lines are hard negatives: masked values, "
        "placeholders, references, encrypted values, public keys, numbers that pass Luhn's test by chance. It was "
        "written without a look at the detectors. *Fresh shapes* are those whose errors are never shown to developers.",
        "- **S1, S2**: the rows marked `test` of the labelled data, not shipped; their groups were not trained on. Rows "
        "of S1 come from the tests of other scanners (detect-secrets, CredSweeper, gitleaks, Kingfisher, Nosey Parker) "
        "and English rows of S2 from the tests of presidio: those tools have seen them.",
        "- **Matching**: a finding and a labelled place belong together when they share at least half the characters of "
        "the shorter one; each is in one pair at most, as in `secassist evaluate`. Alike for all tools, these are neither "
        "right nor wrong: a further finding on a place that is found already, the same wrong place named twice, and a "
        "type that nobody annotated. Log lines are annotated with all types but addresses of machines, user names, times.",
        "- **Types**: in the tables by type, a personal datum must be called what it is. A secret counts as found under "
        "any name: recall goes by the label's type, precision by the tool's. *F1 of claimed types* asks only for the "
        "types that a tool has a rule for; secret scanners are taken to claim every secret, and we every type.",
        "- **Intervals**: 95 %, percentile bootstrap with 1,000 resamples of groups (log lines: shapes).",
        "- **Clean texts**: those without a labelled place.",
        "- **Tools**: each in an environment of its own. detect-secrets with all plug-ins and default filters, without "
        "verification, as a scan of files and as a scan of lines (`--string`). CredSweeper with its model. presidio "
        "**without a language model**, since none can be had from the package index (spaCy's models are not on it): "
        "so it has no names and no places; with regions of mainland China added for telephone numbers.",
        "- **Without a file name**: all tools, ours too, see a text, not the name of the file it came from.",
    ]


def _rate(rate: Rate) -> str:
    return f"{_plain(rate)}, {rate.part}/{rate.whole}" if rate.whole else "-"


def _plain(rate: Rate) -> str:
    if math.isnan(rate.value):
        return "-"
    return f"{rate.value:.3f} ({rate.low:.2f} to {rate.high:.2f})"


def _line(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
