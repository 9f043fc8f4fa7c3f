"""The proposer that asks a model for edits: what it writes is read as a quotation with a change, and never believed."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pydantic import ValidationError

from schemas.edits import FixAnswer, fix_grammar
from secassist import templates
from secassist.backends.base import Backend, Completion, Request
from secassist.errors import SecassistError
from secassist.fixing.base import FixError, Proposal, Wanted
from secassist.fixing.excerpt import Excerpt, excerpt
from secassist.knowledge import cwe as weaknesses

ANALYZER = "fix"
"""Names the template, and an adapter that has learned to fix, where there is one."""
MANNERS = (
    "the smallest change",
    "the library's own safe function",
    "a check before the call, which refuses bad values",
    "the way the language's manual recommends",
)
"""Ways of asking: a model that always takes the likeliest word answers each of them differently, if it can."""
BY_MODEL = "Proposed by a model: "
"""Begins the explanation of such a fix, wherever it is shown."""
PARALLEL = 8


@dataclass(frozen=True)
class Voice:
    """One way to ask: who answers, and in which manner."""

    backend: Backend
    manner: str


class ModelProposals:
    """Asks each voice once. `conceal` gives the whole text with secrets masked, line by line; `language` is that of reasons."""

    name = "model"
    last_resort = True

    def __init__(self, voices: Sequence[Voice], conceal: Callable[[Wanted], str], language: str = "en") -> None:
        self.voices = voices
        self.conceal = conceal
        self.language = language

    def propose(self, wanted: Wanted) -> Iterator[Proposal]:
        """One proposal per usable answer; of an unusable one the reason, as advice."""
        if not self.voices:
            return
        try:
            template = templates.load(ANALYZER)
            budget = template.matter.input_tokens
            page = excerpt(wanted, self.conceal(wanted), budget, self.voices[0].backend.count_tokens)
            with ThreadPoolExecutor(max_workers=min(PARALLEL, len(self.voices))) as pool:
                answers = list(pool.map(lambda voice: self._asked(voice, page, template), self.voices))
        except SecassistError as error:
            yield Proposal("model", (), f"the model could not be asked for a fix: {error}")
            return
        for number, answer in enumerate(answers, start=1):
            yield _read(f"edit-{number}", answer, page)

    def _asked(self, voice: Voice, page: Excerpt, template: templates.Template) -> Completion:
        wanted = page.wanted
        name = weaknesses.name(wanted.cwe) if weaknesses.exists(wanted.cwe) else wanted.rule or "weakness"
        place = f"line {wanted.first}" if wanted.first == wanted.last else f"lines {wanted.first} to {wanted.last}"
        values = {
            "language": self.language,
            "code_language": wanted.language or "unknown",
            "weakness": f"{wanted.cwe} {name}".strip(),
            "at": place,
            "manner": voice.manner,
            "lines": page.lines,
        }
        prompt = template.render(values, with_shots=voice.backend.wants_examples(ANALYZER))
        request = Request(ANALYZER, prompt, fix_grammar(), template.matter.answer_tokens)
        return voice.backend.complete([request])[0]


def _read(name: str, completion: Completion, page: Excerpt) -> Proposal:
    """A proposal with blocks, or without any and with the reason why its candidate was dropped."""
    try:
        answer = _answer(completion)
        blocks = tuple(page.block(edit) for edit in answer.edits)
    except FixError as error:
        return Proposal(name, (), f"candidate {name} of the model was dropped: {error}")
    return Proposal(name, blocks, BY_MODEL + answer.why)


def _answer(completion: Completion) -> FixAnswer:
    if completion.finish == "refused":
        raise FixError("the model declined to answer")
    if completion.finish == "length":
        raise FixError("its answer did not end in time" if completion.text else "there was no room for an answer")
    try:
        return FixAnswer.model_validate_json(completion.text)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise FixError(f"its answer does not validate: {where}: {first['msg']}") from error
