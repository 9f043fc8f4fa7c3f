"""Which questions fit a case, in which order, with their queries filled in, and which of them the input answers itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from schemas import Line
from secassist.investigating.case import Investigated, Member
from secassist.investigating.quoting import Query, filled, slots
from secassist.investigating.values import values_of
from secassist.knowledge import attack
from secassist.knowledge import questions as knowledge
from secassist.knowledge.questions import Question, questions

SHOWN = 10
"""Questions of a case; more are not answered in one sitting. `everything` gives all that fit."""
EXACT, PARENT, HINTED, TACTIC, INPUT, GENERAL = 1.0, 0.95, 0.85, 0.8, 0.75, 0.55
"""How well a question fits: its technique is in play, one of the same family, one that an alert's title points to, its
tactic, its kind of input, or any case."""
LONGEST_QUOTE = 300
LONGEST_LINE = 4_000
"""Characters of a line that are searched for an answer."""
_PLATFORM = {"powershell": "windows", "shell": "linux"}


@dataclass(frozen=True)
class Told:
    """What the input says by itself: the answer, and the line it stands in."""

    answer: str
    line: int
    field: str
    quote: str


@dataclass(frozen=True)
class Open:
    """A question of this case under its number (from 1), which stays the same whatever is answered."""

    number: int
    question: Question
    queries: tuple[Query, ...]
    told: Told | None = None


def chosen(case: Investigated, everything: bool = False) -> tuple[Open, ...]:
    """The questions that fit, those first whose answer separates best; equal ones in the order of the file."""
    values = values_of(case)
    fits = [(fit(question, case, values) * question.weight, question) for question in questions()]
    ranked = [question for worth, question in sorted(fits, key=lambda pair: -pair[0]) if worth > 0]
    made = (
        Open(number, question, queries_of(question, case, values), told_by(question, case, values))
        for number, question in enumerate(ranked if everything else ranked[:SHOWN], start=1)
    )
    return tuple(made)


def fit(question: Question, case: Investigated, values: Mapping[str, str]) -> float:
    """0 where a question has nothing to do with the case or lacks what it asks about, else how near it is (up to 1)."""
    if set(question.needs) - values.keys() or set(question.without) & case.kinds:
        return 0.0
    if question.inputs and not set(question.inputs) & case.kinds:
        return 0.0
    if question.techniques or question.tactics:
        by_words = HINTED if _by_technique(question.techniques, case.hinted) else 0.0
        by_tactic = TACTIC if set(question.tactics) & case.tactics else 0.0
        return max(_by_technique(question.techniques, case.techniques), by_words, by_tactic)
    return INPUT if question.inputs else GENERAL


def _by_technique(named: Iterable[str], techniques: Iterable[str]) -> float:
    """A question about some members of a family means just these; one about the family alone means all of them."""
    own, played = {attack.successor(each) for each in named}, {attack.successor(each) for each in techniques}
    if own & played:
        return EXACT
    specific = {attack.parent(each) for each in own if attack.parent(each) != each}
    return PARENT if (own - specific) & {attack.parent(each) for each in played} else 0.0


def queries_of(question: Question, case: Investigated, values: Mapping[str, str]) -> tuple[Query, ...]:
    """Each query within the time that matters; commands for another platform than the case's are left out."""
    platforms = case.kinds & {"windows", "linux"}
    made = []
    for language, template in question.queries.items():
        if platforms and _PLATFORM.get(language, "") not in ("", *platforms):
            continue
        if set(slots(template)) - values.keys():
            continue
        query = filled(language, template.strip(), values)
        made.append(replace(query, text=_within(language, query.text, question, case)))
    return tuple(made)


def _within(language: str, text: str, question: Question, case: Investigated) -> str:
    """The query with the times it has to look at, where the input tells when it happened."""
    if not text or case.observed is None or language not in ("kql", "spl"):
        return text
    begin = case.observed[0] - timedelta(days=question.days or 1)
    end = case.observed[1] + timedelta(days=1)
    if language == "kql":
        return f'@timestamp >= "{_stamp(begin)}" and @timestamp < "{_stamp(end)}" and ({text})'
    return f"earliest={int(begin.timestamp())} latest={int(end.timestamp())} {text}"


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def told_by(question: Question, case: Investigated, values: Mapping[str, str]) -> Told | None:
    """The first line of the lead's input that answers the question."""
    for told in question.told:
        held = values.get(told.holds, "") if told.holds else ""
        for line in _lines(told, case.lead) if held or not told.holds else ():
            hit = told.text.search(line.text[:LONGEST_LINE])
            if hit and told.field.search(line.field) and held in line.text:
                start = max(0, hit.start() - LONGEST_QUOTE // 3)
                return Told(told.answer, line.number, line.field, line.text[start : start + LONGEST_QUOTE].strip())
    return None


def _lines(told: knowledge.Told, member: Member) -> Iterable[Line]:
    """The lines that may answer: all, those that are cited, or those that a rule cited."""
    if told.rule is not None:
        cited = {number for signal in member.signals if told.rule.search(signal.rule) for number in signal.lines}
    elif told.telling:
        cited = set(member.telling)
    else:
        return member.lines
    return [line for line in member.lines if line.number in cited]


def ordered(opened: Sequence[Open], answered: Iterable[str]) -> list[Open]:
    """As they are shown: open ones by their numbers, then what the input told, what was answered last."""
    done = set(answered)
    return sorted(opened, key=lambda each: (each.question.id in done, each.told is not None, each.number))
