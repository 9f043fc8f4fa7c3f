"""What a model writes instead of weak lines: unchecked and marked so, but never text that breaks the code it is put into."""

from schemas import CodeUnit, Fix
from schemas.answers import ReviewAnswer
from secassist.parsing.languages import language_of
from secassist.parsing.tree import parse


def proposed(answer: ReviewAnswer, code: CodeUnit, first: int, last: int) -> Fix | None:
    """A fix of lines `first` to `last` of a unit; None where it is nothing, repeats the code or does not parse in its place."""
    proposal = answer.fix.strip()
    texts = [line.text for line in code.lines]
    shown = "\n".join(texts[first - 1 : last])
    if not proposal or proposal in shown or not _fits(proposal, code, texts, first, last):
        return None
    offset = code.start_line - 1
    return Fix(start_line=first + offset, end_line=last + offset, replacement=proposal, explanation=answer.reason)


def _fits(proposal: str, code: CodeUnit, texts: list[str], first: int, last: int) -> bool:
    """Whether a unit that parses still parses with the proposal in place of the lines; so does what nobody can parse."""
    language = language_of(code.path, code.body[:256], code.language)
    if not language:
        return True
    margin = texts[first - 1][: len(texts[first - 1]) - len(texts[first - 1].lstrip())]
    changed = [*texts[: first - 1], margin + proposal, *texts[last:]]
    return parse("\n".join(texts), language).root_node.has_error or not (
        parse("\n".join(changed), language).root_node.has_error
    )
