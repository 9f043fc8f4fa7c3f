"""How far an investigation is: what was answered, for which side that speaks, and what to do when it is settled.

Weights are compared, never turned into a probability. Answers change no verdict; only a person's correction does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas import Analysis, Disposition
from secassist.investigating.choosing import Open
from secassist.store import Answered


@dataclass(frozen=True)
class Progress:
    """`answered` of `asked` questions are answered by a person, `for_attack` and `against` of these say something.

    `told` are those that only the input answers: for an attack that counts as said, against one it does not count, for
    whoever wrote the input may have written it there. `side` is "attack", "harmless", "balanced" or "" while open.
    """

    asked: int
    answered: int
    for_attack: int
    against: int
    unknown: int
    told: int
    side: str
    expected: bool = False


def progress(opened: Sequence[Open], answers: Sequence[Answered]) -> Progress:
    """Settled once the questions that are open could not turn the balance of weights any more."""
    said = {each.question: each.answer for each in answers}
    weights = {"attack": 0, "harmless": 0}
    counts = {"attack": 0, "harmless": 0, "unknown": 0}
    left, told, expected = 0, 0, False
    for each in opened:
        side = side_of(each, said.get(each.question.id, ""))
        if side in weights:
            weights[side] += each.question.weight
        if each.question.id in said:
            counts[side] += 1
            expected = expected or (side == "harmless" and each.question.expected)
        elif each.told is not None and side == "attack":
            told += 1
        else:
            left += each.question.weight
    answered = sum(counts.values())
    lead = abs(weights["attack"] - weights["harmless"])
    settled = answered > 0 and lead > left
    side = max(weights, key=lambda name: weights[name]) if settled else "balanced" if answered and not left else ""
    return Progress(
        len(opened), answered, counts["attack"], counts["harmless"], counts["unknown"], told, side, expected
    )


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
    wanted = {
        "attack": Disposition.TRUE_POSITIVE,
        "harmless": Disposition.BENIGN_EXPECTED if made.expected else Disposition.FALSE_POSITIVE,
        "balanced": Disposition.NOT_EVALUABLE,
    }[made.side]
    short = analysis.id[:12]
    correct = f"secassist correct {short} --disposition {wanted} --author YOU --comment WHY"
    commands = () if known is wanted else (correct,)
    return (*commands, f"secassist advise {short}") if made.side == "attack" else commands
