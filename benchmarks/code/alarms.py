"""What the product takes away from scanners, finding by finding: false alarms refuted, true ones lost, disputed labels apart.

Run: python -m benchmarks.code.alarms --data FOLDER [--predictions FILE] [--before CHECKOUT]
     [--semgrep PROGRAM --rules FILE...]
"""

import argparse
import datetime
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.code import scanners
from benchmarks.code.disputed import dispute
from benchmarks.code.items import Item, families, items
from benchmarks.code.run import product
from secassist.analyzers._proofs import reached, refutation
from secassist.detectors.base import Candidate, Signal
from secassist.detectors.code_context import PLUGIN as CONTEXT
from secassist.detectors.code_flow import PLUGIN as FLOW
from secassist.detectors.python_static import PLUGIN as BANDIT
from secassist.errors import DetectorError

Cwes = tuple[str, ...]
KNOWN: Final = (
    "semgrep runs with the rules that njsscan (JavaScript) and mobsfscan (Java) ship; *older* is this repository at ed7b767, "
    "before anything was refuted. On the way of counting that `code.md` has, 41 % of the 260 alarms of *older* were gone by "
    "code (37 % by the verdict) and 58 true ones lost, and 57 % of bandit's 40, before these rules. The kinds of label to set "
    "aside were written with these rows in view, and lost alarms of these rows were read: what that mended (a check for `..` "
    "in JavaScript, slow patterns in C#) is not measured cleanly here. bandit's refutations were written on train rows and "
    "ordinary code alone."
)
READ: Final = {
    "codeql_functions-01791": "the label: only two constants pass the comparison",
    "sven-02229": "the label: the route takes numbers only",
    "sven-02231": "the label: the route takes numbers only",
}
"""What reading lost alarms of the test rows said of them; they count as lost all the same."""
SHOWN: Final = 20
"""Lost alarms and open ones that are named."""


@dataclass(frozen=True)
class Looked:
    """What our detectors say of one text; `why` are the reasons of what they refute."""

    candidates: tuple[Candidate, ...]
    signals: tuple[Signal, ...]
    why: tuple[str, ...]

    @property
    def open(self) -> tuple[Candidate, ...]:
        """The findings that nothing refutes."""
        return tuple(one for one, why in zip(self.candidates, self.why, strict=True) if not why)


@dataclass(frozen=True)
class Scanner:
    """Item id -> the CWE of each finding, and of each that is left after the product's code saw it."""

    name: str
    found: Mapping[str, Cwes]
    left: Mapping[str, Cwes]


def main(arguments: Sequence[str] | None = None) -> None:
    """Scan, refute, count, write the page, tell where it is."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.code.alarms", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled rows")
    parser.add_argument("--split", default="test", choices=("test", "train"), help="rules were tuned on train")
    parser.add_argument("--predictions", type=Path, help="what `secassist evaluate --predictions` wrote, of C1 and C2")
    parser.add_argument(
        "--before", type=Path, help="a checkout of an older version: what it flagged is a scanner's too"
    )
    parser.add_argument("--semgrep", help="the program; without it semgrep is left out")
    parser.add_argument("--rules", type=Path, nargs="+", default=[], help="rule files or folders for semgrep")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/alarms.md"))
    options = parser.parse_args(arguments)
    drawn = items(options.data, options.split)
    looked = {item.id: look(item) for item in drawn}
    known = [bandit(looked)]
    if options.semgrep:
        found = scanners.semgrep_candidates(options.semgrep, options.rules, drawn)
        known.append(foreign("semgrep", found, looked))
    if options.before:
        older = scanners.older(options.before, options.data, options.split)[-1]
        known.append(Scanner("code_flow + bandit, older", older.found, _left(looked)))
    said = product(options.predictions, drawn).said if options.predictions else {}
    date = datetime.datetime.now(datetime.UTC).date().isoformat()
    options.out.write_text(render(drawn, known, looked, said, f"{date}, {options.split} rows"), encoding="utf-8")
    print(options.out, file=sys.stderr)


def look(item: Item) -> Looked:
    """A text as the review analyzer sees it, without the model."""
    candidates: list[Candidate] = []
    signals: list[Signal] = []
    for detector in (BANDIT, FLOW, CONTEXT):
        with suppress(DetectorError):
            told = detector.detect(scanners.unit(item))
            candidates += told.candidates
            signals += told.signals
    return Looked(tuple(candidates), tuple(signals), tuple(refutation(one, signals) for one in candidates))


def bandit(looked: Mapping[str, Looked]) -> Scanner:
    """bandit's findings, each with its own refutation."""
    mine = {key: [one for one in seen.candidates if one.by == BANDIT.name] for key, seen in looked.items()}
    left = {key: tuple(one.cwe for one in seen.open if one.by == BANDIT.name) for key, seen in looked.items()}
    return Scanner("bandit", {key: tuple(one.cwe for one in told) for key, told in mine.items() if told}, left)


def foreign(name: str, found: Mapping[str, Sequence[Candidate]], looked: Mapping[str, Looked]) -> Scanner:
    """Findings of a scanner that is no part of the product, under the product's proofs."""
    left = {
        key: tuple(one.cwe for one in told if not refutation(one, looked[key].signals)) for key, told in found.items()
    }
    return Scanner(name, {key: tuple(one.cwe for one in told) for key, told in found.items()}, left)


def _left(looked: Mapping[str, Looked]) -> dict[str, Cwes]:
    return {key: tuple(one.cwe for one in seen.open) for key, seen in looked.items()}


def render(
    drawn: Sequence[Item],
    known: Sequence[Scanner],
    looked: Mapping[str, Looked],
    said: Mapping[str, tuple[bool, float]],
    about: str,
) -> str:
    """Markdown."""
    why = {item.id: dispute(item) for item in drawn}
    lines = [
        "# False alarms of scanners, taken away finding by finding",
        "",
        f"Written on {about}, by `python -m benchmarks.code.alarms --data FOLDER`.",
        "",
        "An alarm is a text that a scanner flags. It is *removed* (labelled safe) or *lost* (labelled vulnerable) where code "
        "refutes what the scanner says there, each finding with its reason, or, of the older version of our detectors, where "
        "the present ones no longer make it; *and the model* where the verdict of the whole product is safe, which closes no "
        "finding (they stay, as unsure) but no longer asks for attention; - where it was not asked. Three ways to count:",
        "",
        "- *any*, as `code.md` does: every flagged text, also where the finding is of another weakness than the label "
        "speaks of (a safe twin of an injection that asks a server without a time limit is then a false alarm); gone when "
        "nothing at all is left in the text, whoever found it.",
        "- *same*, as `code.md` does: flagged by the weakness of the label; gone as before.",
        "- *fair*: flagged by the weakness of the label, gone when these findings of this scanner are refuted; labels that "
        "do not say whether the weakness is there are set aside, by rules on text and label that ask no detector (below).",
        "",
        KNOWN,
        "",
        "| scanner | language | counted | false alarms | removed by code | and the model | true alarms | lost by code | "
        "and the model |",
        "|---|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for scanner in known:
        flagged = [item for item in drawn if item.id in scanner.found]
        spoken = [name for name, count in Counter(item.language for item in flagged).most_common() if count >= SHOWN]
        for language in [*(["all"] if len(spoken) > 1 else []), *spoken]:
            mine = [item for item in flagged if language in ("all", item.language)]
            same = [item for item in mine if _same(item, scanner.found)]
            fair = [item for item in same if not why[item.id]]
            silent, refuted = partial(_silent, looked), partial(_refuted, scanner)
            for counted, part, gone in (("any", mine, silent), ("same", same, silent), ("fair", fair, refuted)):
                lines.append(f"| {scanner.name} | {language} | {counted} | {_row(part, gone, said)} |")
    flagged = [item for item in drawn if any(_same(item, one.found) for one in known if item.id in one.found)]
    lines += ["", *_disputes(flagged, known, why), "", *_staying(flagged, known, looked, why)]
    return "\n".join([*lines, "", *_lost(flagged, known, looked, why)]) + "\n"


def _silent(looked: Mapping[str, Looked], item: Item) -> bool:
    """Whether nothing at all is left in a text."""
    return not looked[item.id].open


def _refuted(scanner: Scanner, item: Item) -> bool:
    """Whether nothing of the weakness of the label is left of what a scanner said."""
    return not _same(item, scanner.left)


def _same(item: Item, found: Mapping[str, Cwes]) -> bool:
    """Whether any of these findings is of the weakness that the label speaks of."""
    asked, told = families(item.cwe), found.get(item.id, ())
    return bool(told) if not asked else bool(asked & families(told))


def _row(part: Sequence[Item], gone: Callable[[Item], bool], said: Mapping[str, tuple[bool, float]]) -> str:
    cells = []
    for bad in (False, True):
        mine = [item for item in part if item.bad is bad]
        asked = bool(mine) and all(item.id in said for item in mine)
        closed = sum(gone(item) or not said[item.id][0] for item in mine) if asked else 0
        cells += [str(len(mine)), _share(sum(map(gone, mine)), len(mine)), _share(closed, len(mine)) if asked else "-"]
    return " | ".join(cells)


def _share(count: int, of: int) -> str:
    return f"{count} ({count / of:.0%})" if of else "-"


def _disputes(flagged: Sequence[Item], known: Sequence[Scanner], why: Mapping[str, str]) -> list[str]:
    """How many labels are set aside for what, and how many of these alarms are gone."""
    counted = Counter((why[item.id], item.source, item.bad) for item in flagged if why[item.id])
    gone = Counter(
        (why[item.id], item.source, item.bad)
        for item in flagged
        if why[item.id] and not any(_same(item, one.left) for one in known if item.id in one.found)
    )
    return [
        "## Labels that are set aside",
        "",
        "| labelled | source | why | alarms | of these removed or lost by code |",
        "|---|---|---|---:|---:|",
        *(
            f"| {'vulnerable' if bad else 'safe'} | {source} | {reason} | {count} | {gone[reason, source, bad]} |"
            for (reason, source, bad), count in counted.most_common()
        ),
    ]


def _staying(
    flagged: Sequence[Item], known: Sequence[Scanner], looked: Mapping[str, Looked], why: Mapping[str, str]
) -> list[str]:
    """Why false alarms whose label is not disputed stay."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for item in flagged:
        if not item.bad and not why[item.id] and any(_same(item, one.left) for one in known if item.id in one.found):
            counted[item.language, ", ".join(item.cwe[:1]), _reason(item, looked[item.id])] += 1
    return [
        "## False alarms that stay, and why (fair)",
        "",
        "| language | weakness | why | texts |",
        "|---|---|---|---:|",
        *(f"| {language} | {cwe} | {reason} | {n} |" for (language, cwe, reason), n in counted.most_common(SHOWN)),
    ]


def _reason(item: Item, seen: Looked) -> str:
    asked = families(item.cwe)
    mine = [one for one in seen.open if asked & families((one.cwe,))]
    if any(reached(one) for one in mine):
        return "an outsider's value is followed to the place: no judge may close it"
    signals = {s.rule for s in seen.signals if asked & families((s.message.partition(":")[0],))}
    if "flow:open" in signals:
        return "a value of unknown origin arrives"
    if any(one.by == FLOW.name for one in mine):
        return "code_flow calls the code itself wrong, whoever gives the values"
    return "data flow saw no sink there, so that nothing is proved"


def _lost(
    flagged: Sequence[Item], known: Sequence[Scanner], looked: Mapping[str, Looked], why: Mapping[str, str]
) -> list[str]:
    """True alarms that are refuted, by name, with the reason."""
    lost = [i for i in flagged if i.bad and any(not _same(i, one.left) for one in known if _same(i, one.found))]
    told = [item for item in lost if not why[item.id]]
    lines = ["## Labelled vulnerable, and gone (to be read: the proof is wrong, or the label is)", ""]
    lines += [f"{len(lost)} texts, {len(lost) - len(told)} of them with a label that is set aside. The others:", ""]
    for item in sorted(told, key=lambda one: one.id)[:SHOWN]:
        proofs = [f"{s.message} (line {s.lines[0]})" for s in looked[item.id].signals if s.rule == "flow:proved"]
        mine = [proof for proof in proofs if families(item.cwe) & families((proof.partition(":")[0],))]
        reasons = [reason for reason in looked[item.id].why if reason] or mine or ["no longer found"]
        verdict = next((f" *Read: {text}.*" for start, text in READ.items() if item.id.startswith(start)), "")
        lines.append(f"- `{item.id}` ({', '.join(item.cwe[:2])}): {'; '.join(dict.fromkeys(reasons))[:200]}.{verdict}")
    return lines if told else [*lines[:2], f"{len(lost)} texts, all with a label that is set aside."]


if __name__ == "__main__":
    main()
