"""Fitting an input into its token budget by stated rules, each leaving an Omission; nothing is cut silently."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from schemas import Line, Omission
from secassist.templates import neutralise

LIMITS = (600, 400, 260, 170, 110)
"""Characters of a line that are shown, head and tail; only a flagged line is tried with the shorter ones."""
VALUABLE = re.compile(
    r"command|cmdline|image|process|script|rule|title|name$|description|message|signature|action|query|url|uri|path|"
    r"user|account|parent|error|status|type|raw|payload|body|subject|from|reply|agent|registry|target|details|privilege|"
    r"category|outcome|result|service|operation|event_?id|address|ip$|source|policy|role|mfa",
    re.IGNORECASE,
)
NOISE = re.compile(
    r"guid|uuid|hash|checksum|^p_|timestamp|time$|time_|date|_id$|thread|sequence|version|opcode|keywords|"
    r"record|serial|offset|calltrace|arn$|md5|sha|imphash|insertid|logname",
    re.IGNORECASE,
)


def fit(
    lines: Sequence[Line], budget: int, count: Callable[[str], int], must: Collection[int] = ()
) -> tuple[tuple[Line, ...], tuple[Omission, ...]]:
    """The lines to show, in their order, and what was left out.

    Order of admission until `budget` tokens are used: lines a detector pointed at, lines of telling fields, other
    lines, lines of identifier-like fields (GUIDs, hashes, times); within each group from the top.
    """
    left = budget
    chosen: dict[int, Line] = {}
    for index in sorted(range(len(lines)), key=lambda i: (_rank(lines[i], must), i)):
        limits = LIMITS if lines[index].number in must else LIMITS[:1]
        for limit in limits:
            line = _shorten(lines[index], limit)
            cost = count(neutralise(line.text)) + count(neutralise(line.field)) + 4
            if cost <= left:
                chosen[index] = line
                left -= cost
                break
    return tuple(chosen[index] for index in sorted(chosen)), tuple(_omissions(lines, chosen))


def _rank(line: Line, must: Collection[int]) -> int:
    if line.number in must:
        return 0
    if not line.field:
        return 2
    leaf = line.field.rsplit(".", 1)[-1]
    if NOISE.search(leaf):
        return 3
    return 1 if VALUABLE.search(leaf) else 2


def _shorten(line: Line, limit: int) -> Line:
    if len(line.text) <= limit:
        return line
    head, tail = line.text[: limit * 3 // 4], line.text[-limit // 4 :]
    dropped = len(line.text) - len(head) - len(tail)
    return Line(number=line.number, field=line.field, text=f"{head} ...[{dropped} characters left out]... {tail}")


def _omissions(lines: Sequence[Line], chosen: Mapping[int, Line]) -> Iterable[Omission]:
    missing = [lines[index].number for index in range(len(lines)) if index not in chosen]
    if missing:
        detail = f"{len(missing)} of {len(lines)} lines were not shown to the model"
        yield Omission(rule="budget: flagged, telling, other, identifier lines", lines=ranges(missing), detail=detail)
    cut = [line.number for index, line in sorted(chosen.items()) if line.text != lines[index].text]
    if cut:
        rule = f"lines over {LIMITS[0]} characters (flagged ones down to {LIMITS[-1]} if need be): head and tail"
        yield Omission(rule=rule, lines=ranges(cut))


def ranges(numbers: Sequence[int]) -> str:
    """ "1-3,7" for 1, 2, 3, 7."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)
