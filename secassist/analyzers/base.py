"""The one driver of all analyses: detect, ask, complete, validate, ground, combine; and the contract of an analyzer."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, Protocol

from pydantic import ValidationError

from schemas import (
    Analysis,
    Floor,
    Line,
    Lineage,
    Noun,
    Omission,
    Severity,
    State,
    Subject,
    SubjectKind,
    Timings,
    digest,
)
from schemas.answers import ANSWERS, cut, least
from secassist import __version__, templates
from secassist.backends.base import Backend, Completion, Request
from secassist.detectors.base import Candidate, Detection, Detector, Signal, detection
from secassist.errors import DetectorError
from secassist.masking import cover
from secassist.registry import Calibration
from secassist.templates import Template

CUT = "its decision stands, its words were cut"
"""Said of an answer that was longer than it may be, after its decision."""


@dataclass(frozen=True)
class Evidenced:
    """A subject with all that code found out about it.

    `context` carries values that an analysis needs and that its subject spells only as text; `seconds` is what finding
    out took.
    """

    subject: Subject
    signals: tuple[Signal, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    failures: tuple[str, ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en"
    seconds: float = field(default=0.0, compare=False)

    @property
    def floor(self) -> Floor | None:
        """The highest floor that any detector set."""
        floors = [signal.floor for signal in self.signals if signal.floor]
        return max(floors, key=lambda f: (f.disposition.rank, f.severity.rank), default=None)


@dataclass(frozen=True)
class Question:
    """One thing to ask a model: template values, the grammar of the answer, and what the question is about.

    `enough` says of odds and choice that the decision needs no words; it is asked where brief answers are wanted.
    `wording` is what the adapter's witness reads, `calibration` the one after it spoke.
    """

    values: dict[str, Any]
    schema: dict[str, Any]
    choices: tuple[str, ...] = ()
    omitted: tuple[Omission, ...] = ()
    about: Any = None
    enough: Callable[[Mapping[str, float], str], bool] | None = None
    wording: str = ""
    calibration: Calibration | None = None


@dataclass(frozen=True)
class Reply:
    """A question with its validated answer, or None and the state that says why there is none."""

    question: Question
    answer: Any
    odds: Mapping[str, float]
    state: State = State.OK
    error: str = ""
    raw: str = ""


@dataclass(frozen=True)
class Tools:
    """What an analyzer may use while asking and combining."""

    template: Template
    count: Callable[[str], int]
    calibration: Calibration
    key: bytes


class Analyzer(Protocol):
    """A plug-in `secassist/analyzers/<name>.py` ends with `PLUGIN = ItsAnalyzer()`; stateless, it never calls a model."""

    name: str
    summary: str
    kinds: frozenset[SubjectKind]
    detectors: tuple[str, ...]

    def ask(self, item: Evidenced, tools: Tools) -> list[Question]:
        """The questions about a subject; none means that code alone decides."""
        ...

    def decide(self, odds: Mapping[str, float], calibration: Calibration) -> str:
        """Which choice the odds amount to."""
        ...

    def combine(self, item: Evidenced, replies: Sequence[Reply], tools: Tools) -> dict[str, Any]:
        """Outcome fields of the Analysis (`verdict`, `findings`, ...); `state` and `error` if it is not ok."""
        ...


class Driver:
    """Runs analyzers over subjects. `now` gives the time of a record and is injected by tests."""

    def __init__(
        self,
        backend: Backend,
        detectors: Mapping[str, Detector],
        key: bytes,
        now: Callable[[], datetime] | None = None,
        *,
        brief: bool = False,
    ) -> None:
        self.backend = backend
        self.detectors = detectors
        self.key = key
        self.brief = brief
        self.now = now or partial(datetime.now, UTC)

    def tools(self, analyzer: Analyzer) -> Tools:
        """The template, token counter and calibration that serve this analyzer."""
        calibration = self.backend.calibration(analyzer.name)
        return Tools(templates.load(analyzer.name), self.backend.count_tokens, calibration, self.key)

    def lineage(self, analyzer: Analyzer, tools: Tools) -> Lineage:
        """Digest by digest what an outcome of this analyzer depends on."""
        who = self.backend.identity(analyzer.name)
        answer = ANSWERS[tools.template.matter.output]
        return Lineage(
            template=tools.template.name,
            template_digest=tools.template.digest,
            output_schema=answer.__name__,
            schema_digest=schema_digest(answer),
            model=who.model,
            model_digest=who.model_digest,
            adapter=who.adapter,
            adapter_digest=who.adapter_digest,
            decoding_digest=who.decoding_digest,
            code=__version__,
            detectors_digest=digest([[name, self.detectors[name].version] for name in self._names(analyzer)]),
        )

    def plan(
        self, analyzer: Analyzer, subject: Subject, language: str = "en", lineage: Lineage | None = None
    ) -> Analysis:
        """The record this run would get, without its outcome: its id tells whether it was run before.

        `lineage` is that of this analyzer, where a batch asked for it once.
        """
        return Analysis(
            analyzer=analyzer.name,
            subject_id=subject.id,
            subject_kind=subject.kind,
            origin=subject.origin,
            title=subject.title,
            language=language,
            lineage=lineage or self.lineage(analyzer, self.tools(analyzer)),
            state=State.FAILED,
        )

    def detect(
        self, analyzer: Analyzer, subject: Subject, language: str = "en", context: Mapping[str, Any] | None = None
    ) -> Evidenced:
        """Runs the analyzer's detectors; one that cannot run is named in `failures`, the others go on."""
        began = time.monotonic()
        found: list[Detection] = []
        failures: list[str] = []
        for name in self._names(analyzer):
            detector = self.detectors[name]
            if subject.kind in detector.kinds:
                try:
                    found.append(detection(detector, subject))
                except DetectorError as error:
                    failures.append(f"{name}: {error}")
        signals = tuple(signal for detection in found for signal in detection.signals)
        candidates = tuple(candidate for detection in found for candidate in detection.candidates)
        spent = time.monotonic() - began
        return Evidenced(subject, signals, candidates, tuple(failures), context or {}, language, spent)

    def analyze(
        self,
        analyzer: Analyzer,
        subjects: Sequence[Subject],
        language: str = "en",
        contexts: Sequence[Mapping[str, Any]] | None = None,
    ) -> list[Analysis]:
        """One Analysis per subject, in order; all questions of all subjects go to the backend as one batch."""
        given: Sequence[Mapping[str, Any]] = contexts or [{}] * len(subjects)
        items = [self.detect(analyzer, s, language, c) for s, c in zip(subjects, given, strict=True)]
        return self.conclude(analyzer, items)

    def conclude(self, analyzer: Analyzer, items: Sequence[Evidenced]) -> list[Analysis]:
        """As `analyze`, about what `detect` of this analyzer found before."""
        tools = self.tools(analyzer)
        lineage = self.lineage(analyzer, tools)
        began = time.monotonic() - sum(item.seconds for item in items)
        questions = [analyzer.ask(item, tools) for item in items]
        detected = time.monotonic()
        replies = self._ask(analyzer, tools, [question for several in questions for question in several])
        answered = time.monotonic()
        results = []
        for item, several in zip(items, questions, strict=True):
            mine, replies = replies[: len(several)], replies[len(several) :]
            plan = self.plan(analyzer, item.subject, item.language, lineage)
            timings = _timings(detected - began, answered - detected, len(items))
            results.append(self._record(plan, analyzer, item, mine, tools, timings))
        return results

    def _names(self, analyzer: Analyzer) -> list[str]:
        return [name for name in analyzer.detectors if name in self.detectors]

    def _record(
        self,
        plan: Analysis,
        analyzer: Analyzer,
        item: Evidenced,
        replies: Sequence[Reply],
        tools: Tools,
        timings: Timings,
    ) -> Analysis:
        outcome = {"state": State.OK, **analyzer.combine(item, replies, tools)}
        omitted = tuple(omission for reply in replies for omission in reply.question.omitted)
        failures = "; ".join(item.failures)
        bad = [reply for reply in replies if reply.state is not State.OK]
        raw = without("\n".join(reply.raw for reply in bad), item.candidates)
        if bad and outcome["state"] is State.OK:
            outcome["state"] = bad[0].state
        error = "; ".join(
            filter(None, [outcome.pop("error", ""), *[reply.error for reply in replies if reply.error][:1], failures])
        )
        kept = {"title": without(plan.title, item.candidates), "error": without(error, item.candidates), "raw": raw}
        fields = {"omitted": _distinct(omitted), "timings": timings, **kept}
        stamp = self.now().astimezone(UTC).isoformat(timespec="milliseconds")
        return plan.model_copy(update={**fields, **outcome, "created_at": stamp})

    def _ask(self, analyzer: Analyzer, tools: Tools, questions: Sequence[Question]) -> list[Reply]:
        """Answers to all questions; an answer that does not validate is asked for once more, with the reason."""
        requests = [self.request(analyzer, tools, question) for question in questions]
        completions = self.backend.complete(requests) if requests else []
        replies = [_read(tools, q, c) for q, c in zip(questions, completions, strict=True)]
        broken = [index for index, reply in enumerate(replies) if reply.state is State.QUARANTINED]
        if broken:
            again = self.backend.complete([_repair(requests[index], replies[index]) for index in broken])
            for index, completion in zip(broken, again, strict=True):
                replies[index] = _read(tools, questions[index], completion)
        return replies

    def request(self, analyzer: Analyzer, tools: Tools, question: Question) -> Request:
        """The rendered question, as a backend gets it."""
        prompt = tools.template.render(question.values, with_shots=self.backend.wants_examples(analyzer.name))
        matter = tools.template.matter
        return Request(
            analyzer=analyzer.name,
            prompt=prompt,
            schema=question.schema,
            answer_tokens=matter.answer_tokens,
            decision=matter.decision,
            choices=question.choices,
            decide=partial(analyzer.decide, calibration=heard(question, tools)) if question.choices else None,
            enough=question.enough if self.brief else None,
        )


@cache
def schema_digest(answer: type[Noun]) -> str:
    """Digest of the JSON Schema of an answer; made once, since pydantic takes milliseconds over it."""
    return digest(answer.model_json_schema())


def heard(question: Question, tools: Tools) -> Calibration:
    """The calibration that this question's odds are read by."""
    return question.calibration or tools.calibration


def wording(signals: Sequence[Signal], text: str) -> str:
    """What a witness reads: what code found, by name and severity, then the text."""
    return " ".join(f"{s.rule} {s.severity}." for s in signals if s.noteworthy) + " | " + text


def _read(tools: Tools, question: Question, completion: Completion) -> Reply:
    if completion.finish == "refused":
        return Reply(question, None, {}, State.REFUSED, "the model declined to answer", completion.text)
    if completion.finish == "length":
        longer = f"the answer was longer than {tools.template.matter.answer_tokens} tokens"
        error = longer if completion.text else "the prompt leaves no room for an answer in the model's context"
        said = cut(ANSWERS[tools.template.matter.output], completion.text) if completion.choices else None
        if said is not None:
            return Reply(question, said, completion.choices, error=f"{longer}; {CUT}")
        return Reply(question, None, completion.choices, State.TRUNCATED, error, completion.text)
    if completion.finish == "decided":
        return Reply(question, least(ANSWERS[tools.template.matter.output], completion.chosen), completion.choices)
    try:
        answer: Noun = ANSWERS[tools.template.matter.output].model_validate_json(completion.text)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        reason = f"the answer does not validate: {'.'.join(map(str, first['loc']))}: {first['msg']}"
        return Reply(question, None, completion.choices, State.QUARANTINED, reason, completion.text)
    return Reply(question, answer, completion.choices)


def _repair(request: Request, reply: Reply) -> Request:
    user = f"{request.prompt.user}\n\nYour last answer was refused: {reply.error}. Write only JSON of the schema."
    prompt = request.prompt.model_copy(update={"user": user})
    return replace(request, prompt=prompt)


def _timings(detect: float, model: float, count: int) -> Timings:
    share = max(1, count)
    return Timings(
        detect=round(detect / share, 4), model=round(model / share, 4), total=round((detect + model) / share, 4)
    )


def _distinct(omissions: Sequence[Omission]) -> tuple[Omission, ...]:
    return tuple(dict.fromkeys(omissions))


def without(text: str, candidates: Sequence[Candidate]) -> str:
    """The text with every candidate's value, and parts of it, masked; for all that is kept of what a model wrote."""
    return cover(text, (c.value for c in candidates if c.value))


def fact(signal: Signal) -> str:
    """One signal as a line of a prompt."""
    place = f" line {signal.lines[0]}" if signal.lines else ""
    decoded = f": {signal.decoded[:200]}" if signal.decoded else ""
    return f"{signal.severity} {signal.rule}{place}: {signal.message[:140]}{decoded}"


def strongest(signals: Sequence[Signal], limit: int) -> list[Signal]:
    """The most severe noteworthy signals first, then context."""
    return sorted(signals, key=lambda s: (not s.noteworthy, -s.severity.rank))[:limit]


def flagged(signals: Sequence[Signal], candidates: Sequence[Candidate] = ()) -> set[int]:
    """Line numbers that code pointed at, noteworthy ones only."""
    lines = {number for signal in signals if signal.noteworthy for number in signal.lines}
    return lines | {number for c in candidates for number in range(c.place.start_line, c.place.end_line + 1)}


def higher(first: Severity, second: Severity) -> Severity:
    """The graver of two severities."""
    return first if first.rank >= second.rank else second


def last_line(lines: Sequence[Line]) -> int:
    """The greatest line number shown, 0 for none."""
    return max((line.number for line in lines), default=0)


def cited(reply: Reply) -> list[int]:
    """The line numbers an answer cites, of those that it was shown."""
    shown = {line.number for line in reply.question.values["lines"]}
    return [number for number in reply.answer.lines if number in shown]
