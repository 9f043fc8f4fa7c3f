"""What the product takes away from scanners: false alarms removed, true ones lost, by proof and in all."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from benchmarks.code.items import Item, families
from benchmarks.code.scanners import Answer

THRESHOLDS: Final = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8)
SHOWN: Final = 14
"""Lost texts of which the reason is told."""
Said = Mapping[str, tuple[bool, float]]
"""Item id -> (called vulnerable, probability)."""


@dataclass(frozen=True)
class Outcome:
    """`said` is what the whole product decides; `quiet` the texts in which code leaves no finding standing, with the
    proofs that it gives; `followed` those in which an outsider's value reaches a sink of the labelled weakness, and how;
    `calibration` scores and truths of flagged texts of the calibration groups."""

    said: Said
    quiet: Mapping[str, str] = field(default_factory=dict)
    followed: Mapping[str, str] = field(default_factory=dict)
    calibration: Sequence[tuple[float, bool]] = ()


def section(drawn: Sequence[Item], scanners: Sequence[Answer], outcome: Outcome) -> list[str]:
    """The tables, and of what the last of the scanners flags the curve and the lost ones."""
    asked = [item for item in drawn if item.id in outcome.said]
    lines = [
        "Of the texts that a scanner flags, those that the product calls safe. *By code*: nothing is left standing because "
        "data flow proved every finding wrong (or no longer makes it); no model is needed for these. *Any* counts every "
        "flagged text that is labelled safe as a false alarm, also where the finding is another, real weakness than the "
        "one that the text was made to test; *same* counts only findings of the weakness that the label speaks of.",
        "",
        "Counted finding by finding, and with labels set aside that do not say whether the weakness is there, the same "
        "stands in [alarms.md](alarms.md): here a finding of semgrep counts as removed by code where our own detectors have "
        "nothing open in the text, whether or not anything was proved of that finding.",
        "",
        "| scanner | language | counted | false alarms | removed by code | in all | true alarms | lost by code | in all |",
        "|---|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for scanner in scanners:
        for language in ["all", *_frequent(item.language for item in asked)]:
            mine = [item for item in asked if language in ("all", item.language) and item.id in scanner.found]
            if language == "all" and len(scanner.languages) < 4:
                continue
            for counted in ("any", "same"):
                flagged = [item for item in mine if counted == "any" or _same(item, scanner)]
                if any(not item.bad for item in flagged) and any(item.bad for item in flagged):
                    lines.append(f"| {scanner.name} | {language} | {counted} | {_row(flagged, outcome)} |")
    flagged = [item for item in asked if item.id in scanners[-1].found]
    return [*lines, "", *_curve(flagged, outcome), "", *_lost(flagged, outcome), "", *_questions(flagged, outcome)]


def _questions(flagged: Sequence[Item], outcome: Outcome) -> list[str]:
    """Texts that are labelled safe, where an outsider's value is followed to a sink and no cleaner fits: not removed."""
    asked = sorted((i for i in flagged if not i.bad and i.id in outcome.followed), key=lambda item: item.id)
    if not asked:
        return []
    step = max(1, len(asked) // SHOWN)
    return [
        "### Labelled safe, and yet an outsider's value is followed to a sink of this weakness",
        "",
        f"{len(asked)} texts, by source: {', '.join(f'{s} {n}' for s, n in Counter(i.source for i in asked).most_common())}. "
        "They count as false alarms above and are not taken away: either the label is wrong, or a cleaner is not known. "
        "Some of them:",
        "",
        *(f"- `{item.id}`: {outcome.followed[item.id]}" for item in asked[::step][:SHOWN]),
    ]


def _frequent(names: Iterable[str], least: int = 30) -> list[str]:
    return [name for name, count in Counter(names).most_common() if count >= least]


def _same(item: Item, scanner: Answer) -> bool:
    asked = families(item.cwe)
    return not asked or bool(asked & families(scanner.found[item.id]))


def _row(flagged: Sequence[Item], outcome: Outcome) -> str:
    cells = []
    for part in ([i for i in flagged if not i.bad], [i for i in flagged if i.bad]):
        proved = sum(item.id in outcome.quiet for item in part)
        gone = sum(not outcome.said[item.id][0] for item in part)
        cells += [str(len(part)), f"{proved} ({proved / len(part):.0%})", f"{gone} ({gone / len(part):.0%})"]
    return " | ".join(cells)


def _curve(flagged: Sequence[Item], outcome: Outcome) -> list[str]:
    """What a threshold on the probability alone would do: chosen on calibration groups, told of the test rows too."""
    known = [(outcome.said[item.id][1], item.bad) for item in flagged]
    rows = [(t, _shares(outcome.calibration, t), _shares(known, t)) for t in THRESHOLDS]
    lines = [
        "### The trade-off: what is called safe below a probability",
        "",
        "Texts that code flags, by the calibrated probability alone, whatever was proved. A threshold may be chosen on "
        "calibration groups only; these rows tell what it would do.",
        "",
    ]
    if outcome.calibration:
        lines += ["| called safe below | calibration: removed | lost | these rows: removed | lost |"]
        lines += ["|---:|---:|---:|---:|---:|"]
        lines += [f"| {t:.2f} | {a[0]:.0%} | {a[1]:.1%} | {b[0]:.0%} | {b[1]:.1%} |" for t, a, b in rows]
    else:
        lines += ["| called safe below | removed | lost |", "|---:|---:|---:|"]
        lines += [f"| {t:.2f} | {b[0]:.0%} | {b[1]:.1%} |" for t, _, b in rows]
    free = [t for t, shares, _ in rows if outcome.calibration and not shares[1]]
    if free:
        best = max(free)
        removed, lost = _shares(known, best)
        lines += [
            "",
            f"The largest of these at which calibration groups lose nothing is {best:.2f}; here it removes {removed:.0%} "
            f"and loses {lost:.1%}.",
        ]
    return lines


def _shares(known: Sequence[tuple[float, bool]], threshold: float) -> tuple[float, float]:
    """(share of safe texts below, share of vulnerable texts below)."""
    safe, bad = [s for s, b in known if not b], [s for s, b in known if b]
    return tuple(sum(s < threshold for s in part) / (len(part) or 1) for part in (safe, bad))  # type: ignore[return-value]


def _lost(flagged: Sequence[Item], outcome: Outcome) -> list[str]:
    """Texts that are labelled vulnerable and cleared, with the reason: a proof is either wrong, or the label is."""
    lost = [item for item in flagged if item.bad and not outcome.said[item.id][0]]
    if not lost:
        return ["No text that is labelled vulnerable and was flagged is called safe."]
    proved = [item for item in lost if item.id in outcome.quiet]
    lines = [
        "### Labelled vulnerable, flagged before, called safe now",
        "",
        f"{len(lost)} texts; {len(proved)} of them because code proves that nothing harmful arrives (to be read: either the "
        "proof is wrong, or the label is), the others by the model.",
        "",
    ]
    told = sorted(proved, key=lambda item: item.id)[:SHOWN]
    return lines + [
        f"- `{item.id}` ({', '.join(item.cwe[:2])}): {outcome.quiet[item.id] or 'not flagged'}" for item in told
    ]
