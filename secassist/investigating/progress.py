"""How far an investigation is: what was answered, for which side that speaks, and what to do when it is settled.

Weights are compared, never turned into a probability. Answers change no verdict; only a person's correction does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas import Analysis, Disposition
from secassist.investigating.choosing import Open
from secassist.store import Answered

CLEAR = 2
"""How many times as much has to speak for one side as for the other; less than that is a contradiction to look into."""


@dataclass(frozen=True)
class Progress:
    """`answered` of `asked` questions are answered by a person, `for_attack` and `against` of these say something.

    `told` are those that only the input answers: for an attack that counts as said, against one it does not count, for
    whoever wrote the input may have written it there. `side` is "attack", "harmless", "balanced" or "" while open;
    `otherwise` is what the answers against an attack mean: "allowed", "false_alarm", else "no_effect".
    """

    asked: int
    answered: int
    for_attack: int
    against: int
    unknown: int
    told: int
    side: str
    otherwise: str = ""


def progress(opened: Sequence[Open], answers: Sequence[Answered]) -> Progress:
    """Settled once the questions that are open could not turn the balance of weights any more."""
    said = {each.question: each.answer for each in answers}
    weights = {"attack": 0, "harmless": 0}
    counts = {"attack": 0, "harmless": 0, "unknown": 0}
    left, told, meant = 0, 0, set[str]()
    for each in opened:
        side = side_of(each, said.get(each.question.id, ""))
        if side in weights:
            weights[side] += each.question.weight
        if each.question.id in said:
            counts[side] += 1
            meant |= {each.question.otherwise} if side == "harmless" else set()
        elif each.told is not None and side == "attack":
            told += 1
        else:
            left += each.question.weight
    answered = sum(counts.values())
    less, more = sorted(weights.values())
    settled = answered > 0 and (more - less > left or not left)
    side = "" if not settled else "balanced" if less * CLEAR >= more else max(weights, key=lambda name: weights[name])
    otherwise = next((word for word in ("allowed", "false_alarm", "no_effect") if word in meant), "")
    said_so = (counts["attack"], counts["harmless"], counts["unknown"])
    return Progress(len(opened), answered, *said_so, told, side, otherwise)


def side_of(each: Open, answer: str) -> str:
    """ "attack", "harmless" or "unknown" for an answer; for none, "attack" where the input itself points there, else ""."""
    if answer == "unknown":
        return "unknown"
    if answer:
        return "attack" if answer == each.question.attack else "harmless"
    return "attack" if each.told is not None and each.told.answer == each.question.attack else ""


def proposals(analysis: Analysis, made: Progress) -> tuple[str, ...]:
    """Commands that fit what the answers say; none while they say nothing yet."""
    if not made.side:
        return ()
    known = analysis.verdict.disposition if analysis.verdict else None
    wanted = _wanted(made)
    short = analysis.id[:12]
    correct = f"secassist correct {short} --disposition {wanted} --author YOU --comment WHY"
    commands = () if wanted in (known, None) or known is None else (correct,)
    return (*commands, f"secassist advise {short}") if made.side == "attack" else commands


def _wanted(made: Progress) -> Disposition | None:
    """The disposition that the answers speak for; none where all they say is that an attack had no effect."""
    if made.side == "attack":
        return Disposition.TRUE_POSITIVE
    if made.side == "balanced":
        return Disposition.NOT_EVALUABLE
    return {"allowed": Disposition.BENIGN_EXPECTED, "false_alarm": Disposition.FALSE_POSITIVE}.get(made.otherwise)
