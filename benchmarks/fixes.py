"""How many findings in labelled code get a fix that passes every oracle.

    python benchmarks/fixes.py OUT.md DATA [--split train] [--language python] [--limit N] [--show NAME]

DATA is the folder of labelled rows (C1 rows that are vulnerable, the earlier side of C2 rows). What is fixed are the
findings of our own detectors whose weakness is one of the row's; the judge and a repository's tests have no part in it.
An accepted change is looked at once more by all detectors here, apart from the oracles: a finding of a kind that the text
did not have so often before counts against it. OUT.md gets one table per call, appended; "-" prints it.
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
from secassist import plugins
from secassist.errors import DetectorError
from secassist.fixing.base import Outcome, Wanted
from secassist.fixing.loop import Fixer
from secassist.fixing.oracles import ADVISORY, related
from secassist.fixing.proposers import PROPOSERS

SUFFIXES = {
    "python": "py",
    "javascript": "js",
    "typescript": "ts",
    "java": "java",
    "go": "go",
    "php": "php",
    "c": "c",
    "cpp": "cpp",
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


def measure(args: argparse.Namespace) -> tuple[dict[str, Count], int, int]:
    """Counts by CWE; rows, and rows in which a detector sees what the row is about."""
    names = {"secrets", *plugins.load("analyzers", "review").detectors}
    detectors = {name: plugins.load("detectors", name) for name in sorted(names & set(plugins.names("detectors")))}
    fixer, counts, total, noticed = Fixer(detectors, PROPOSERS, most=5), defaultdict[str, Count](Count), 0, 0
    texts = set[str]()
    for row in rows(args.data, args.split, args.language):
        if row["text"] in texts or (args.limit and total >= args.limit):
            continue
        texts.add(row["text"])
        total += 1
        found = seen(row["text"], args.language, detectors)
        chosen = targets(found, row["cwes"])
        noticed += bool(chosen)
        for one in chosen:
            place = one.place
            path = f"unit.{SUFFIXES.get(args.language, 'txt')}"
            wanted = Wanted(path, args.language, row["text"], place.start_line, place.end_line, one.cwe, one.rule)
            outcome = fixer.fix(wanted)
            note(counts[one.cwe], outcome)
            kept = outcome.kept
            if kept is not None and (kinds := fresh(found, seen(kept.change.text, args.language, detectors))):
                counts[one.cwe].fresh += 1
                print("NEW", row["id"], place.start_line, one.rule, kinds, file=sys.stderr)
            if args.show and args.show in (one.cwe, one.rule, "all"):
                show(row, one, outcome)
    return counts, total, noticed


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


def table(args: argparse.Namespace, counts: dict[str, Count], total: int, noticed: int) -> str:
    """Markdown."""
    everything = Count()
    for count in counts.values():
        everything.findings += count.findings
        everything.tried += count.tried
        everything.accepted += count.accepted
        everything.fresh += count.fresh
        everything.failed += count.failed
        everything.advice += count.advice
    lines = [
        f"## {args.language}, {args.split} rows",
        "",
        f"{total} different vulnerable texts; in {noticed} of them a detector sees the row's weakness.",
        "",
        "| weakness | findings | with a candidate | accepted | of those with a candidate | of all | new finding |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    ranked = sorted(counts.items(), key=lambda item: -item[1].findings)
    for name, count in [*ranked, ("all", everything)]:
        shares = f"{share(count.accepted, count.tried)} | {share(count.accepted, count.findings)}"
        lines.append(f"| {name} | {count.findings} | {count.tried} | {count.accepted} | {shares} | {count.fresh} |")
    failed = ", ".join(f"{name} {number}" for name, number in everything.failed.most_common())
    lines += ["", f"Of the refused, what failed: {failed or 'nothing'}.", "", "Without a candidate, why:", ""]
    lines += [f"- {number}: {why}" for why, number in everything.advice.most_common(10)]
    return "\n".join(lines) + "\n"


def main() -> None:
    """See the module's text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("data", type=Path)
    parser.add_argument("--split", default="train", choices=("train", "test"))
    parser.add_argument("--language", default="python")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--show", default="")
    args = parser.parse_args()
    text = table(args, *measure(args))
    if args.out == "-":
        print(text)
    else:
        path = Path(args.out)
        path.write_text((path.read_text(encoding="utf-8") + "\n" if path.exists() else "") + text, encoding="utf-8")


if __name__ == "__main__":
    main()
