"""The sheet as blocks of text: headings, lines and code, without any markup yet."""

from collections.abc import Iterator
from dataclasses import dataclass

from secassist.formats._framed import framed
from secassist.formats._labels import label
from secassist.formats._text import chance, minute
from secassist.investigating.case import Member, in_order
from secassist.investigating.choosing import Open
from secassist.investigating.entities import Entity
from secassist.investigating.linking import Linked
from secassist.investigating.sheet import Sheet
from secassist.investigating.words import kind, word
from secassist.knowledge import attack

QUOTES = 6
"""Quotes of a verdict that are shown."""


@dataclass(frozen=True)
class Block:
    """`kind` is "title", "heading", "question", "line", "item" (a line of a list) or "code"; `label` stands before `text`."""

    kind: str
    text: str
    label: str = ""


def blocks(made: Sheet) -> Iterator[Block]:
    """In the order of reading."""
    yield Block("title", made.case.lead.analysis.title or made.case.lead.analysis.id[:12])
    yield from _known(made)
    yield from _linked(made)
    yield from _next(made)
    yield from _progress(made)


def _known(made: Sheet) -> Iterator[Block]:
    say = made.language
    yield Block("heading", word(say, "known"))
    for member in made.case.members:
        yield from _member(member, say)
    named = ", ".join(f"{each} {attack.name(each)}" for each in made.case.techniques)
    if named:
        yield Block("line", named, word(say, "techniques"))
    hinted = ", ".join(f"{each} {attack.name(each)}" for each in made.case.hinted)
    if hinted:
        yield Block("line", hinted, word(say, "hinted"))
    yield Block("line", "", word(say, "entities"))
    yield from (Block("item", _entity(entity, say), kind(say, entity.kind)) for entity in made.case.entities)


def _member(member: Member, say: str) -> Iterator[Block]:
    analysis, verdict = member.analysis, member.analysis.verdict
    told = [word(say, "no_verdict")]
    if verdict:
        told = [label(say, verdict.disposition), f"{label(say, 'severity')}: {label(say, verdict.severity)}"]
        told += [f"{label(say, 'score')} {chance(verdict.score)}"] if verdict.score is not None else []
    place = " · ".join(part for part in (analysis.origin, minute(member.when), analysis.id[:12]) if part)
    yield Block("line", f"{' · '.join(told)} — {place}")
    if verdict and verdict.rationale:
        yield Block("line", framed(verdict.rationale, say))
    shown = {(each.line, each.quote): each for each in (verdict.evidence if verdict else ())}
    if shown:
        yield Block("line", "", word(say, "rests"))
    for each in list(shown.values())[:QUOTES]:
        yield Block(
            "item", f"{each.field + ': ' if each.field else ''}{each.quote}", f"{word(say, 'line')} {each.line}"
        )
    for message, lines in {signal.message: signal.lines for signal in member.signals}.items():
        yield Block("item", f"{message} ({word(say, 'line')} {_numbers(lines)})", word(say, "proved"))


def _numbers(lines: tuple[int, ...]) -> str:
    return ", ".join(map(str, lines[:6])) + (", …" if len(lines) > 6 else "")


def _entity(entity: Entity, say: str) -> str:
    masked = f" ({word(say, 'masked')})" if entity.masked else ""
    place = f"{word(say, 'line')} {_numbers(entity.lines)}"
    return f"{entity.value[:160]}{masked} — {place}{', ' + entity.field if entity.field else ''}"


def _linked(made: Sheet) -> Iterator[Block]:
    say, links = made.language, made.links
    yield Block("heading", word(say, "linked"))
    if not links.linked:
        yield Block("line", word(say, "none_linked"))
    times = [(each.when, _link(each, say)) for each in links.linked]
    if times:
        times += [(member.when, _here(member, say)) for member in made.case.members]
    yield from (block for _, block in sorted(times, key=lambda pair: in_order(pair[0])))
    if links.total > len(links.linked):
        yield Block("line", word(say, "capped", len(links.linked), links.total))
    for each in links.common:
        yield Block("line", word(say, "common", kind(say, each.kind), each.value, each.number))
    notes = [word(say, "read", links.read), word(say, "rarity", links.limit)] if links.read else []
    notes += [word(say, "older")] if links.more else []
    notes += [word(say, "unchecked", links.unchecked)] if links.unchecked else []
    if notes:
        yield Block("line", " ".join(notes))


def _here(member: Member, say: str) -> Block:
    return Block("item", f"{member.analysis.title} ({word(say, 'here')})", minute(member.when))


def _link(each: Linked, say: str) -> Block:
    decided = label(say, each.disposition) if each.disposition else word(say, "no_verdict")
    score = "" if each.score is None else f" {chance(each.score)}"
    shared = ", ".join(f"{kind(say, name)} {value}" for name, value in each.shared)
    text = f"{decided}{score} · {each.title} · {each.analysis_id[:12]} · {word(say, 'shares')} {shared}"
    return Block("item", text, minute(each.when))


def _next(made: Sheet) -> Iterator[Block]:
    say = made.language
    yield Block("heading", word(say, "next"))
    if made.case.observed is None:
        yield Block("line", word(say, "no_time"))
    for each in made.opened:
        yield from _question(each, made)
    yield Block("line", word(say, "weights"))


def _question(each: Open, made: Sheet) -> Iterator[Block]:
    say, question = made.language, each.question
    answer = made.answers.get(question.id)
    yield Block("question", question.ask[say], str(each.number))
    if answer:
        said = word(say, "answered", word(say, answer.answer), answer.author)
        yield Block("item", f"{said}{' — ' + answer.note if answer.note else ''}")
    if each.told:
        place = f"{word(say, 'line')} {each.told.line}"
        caution = "" if each.told.answer == question.attack else f" ({word(say, 'told_only')})"
        yield Block("item", f"“{each.told.quote}” — {place}{caution}", word(say, "told", word(say, each.told.answer)))
    if answer:
        return
    yield Block("item", question.why[say], word(say, "why"))
    for name in ("yes", "no"):
        points = word(say, "to_attack" if name == question.attack else f"to_{question.otherwise}")
        yield Block("item", f"{getattr(question, name)[say]} ({points})", word(say, f"if_{name}"))
    for query in each.queries:
        if query.text:
            yield Block("code", query.text, query.language)
        else:
            yield Block("item", word(say, "no_query", query.language, query.reason_zh if say == "zh" else query.reason))


def _progress(made: Sheet) -> Iterator[Block]:
    say, done, analysis = made.language, made.progress, made.case.lead.analysis
    yield Block("heading", word(say, "progress"))
    told = f" {word(say, 'tally_told', done.told)}" if done.told else ""
    tally = word(say, "tally", done.answered, done.asked, done.for_attack, done.against, done.unknown)
    yield Block("line", tally + told)
    left = next((each for each in made.opened if each.question.id not in made.answers), None)
    if left is not None and not done.side:
        yield Block("line", word(say, "open", left.number, analysis.id[:12], left.number))
    if done.side:
        yield Block("line", word(say, f"settled_{done.side}"))
        floor = analysis.verdict.floor if analysis.verdict else None
        if floor is not None and done.side != "attack":
            yield Block("line", word(say, "floor", floor.reason))
        yield from (Block("code", command, "secassist") for command in made.proposals)
    yield Block("line", word(say, "verdict_stands"))
