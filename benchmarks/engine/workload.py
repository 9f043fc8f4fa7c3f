"""Workload: real requests, rendered by our templates and detectors from the examples and our scenario generator."""

import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from schemas import CodeUnit, Document, Subject
from secassist.backends.base import Request
from secassist.templates import Prompt

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SHARES = {"triage": 12, "sensitive": 3, "review": 3, "techniques": 2}
"""Of 20 requests: mostly alerts and log windows, as a user's day has them."""
SEED = 20


@dataclass(frozen=True)
class Ask:
    """One request in the form every contestant gets: token ids, JSON Schema, most answer tokens; and the prompt's text.

    `output` names the answer's class in `schemas.answers`, by which an answer is checked; none, and nothing is checked.
    `urgent` marks one that a person waits for.
    """

    analyzer: str
    ids: list[int]
    schema: dict[str, Any]
    limit: int
    output: str
    prompt: dict[str, Any]
    choices: list[str] = field(default_factory=list)
    urgent: bool = False

    def request(self, *, odds: bool = False) -> Request:
        """The same as a backend gets it; with `odds`, the decision's probabilities are asked for, as in service."""
        chosen = tuple(self.choices) if odds else ()
        decision = "decision" if chosen else ""
        made = Request(self.analyzer, Prompt.model_validate(self.prompt), self.schema, self.limit, decision, chosen)
        return replace(made, urgent=True) if self.urgent and hasattr(made, "urgent") else made


def valid(ask: Ask, text: str) -> bool:
    """Whether an answer is what its analyzer would accept; of a request that names no output, any is."""
    if not ask.output:
        return True
    from pydantic import ValidationError

    from schemas.answers import ANSWERS

    try:
        ANSWERS[ask.output].model_validate_json(text)
    except ValidationError:
        return False
    return True


def save(path: Path, asks: list[Ask]) -> None:
    """JSON Lines."""
    path.write_text("".join(json.dumps(asdict(ask)) + "\n" for ask in asks), encoding="utf-8")


def load(path: Path) -> list[Ask]:
    """What `save` wrote."""
    return [Ask(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def gather(count: int, seed: int = SEED) -> list[Ask]:
    """`count` distinct requests in the proportions of SHARES, in an order drawn by the seed; the same for the same seed."""
    from secassist import bootstrap
    from secassist.config import Settings

    with tempfile.TemporaryDirectory() as home:
        pipeline = bootstrap.pipeline(Settings(home=Path(home), backend="local", threads=1))
        maker = _Maker(pipeline.driver, pipeline.analyzers)
        found: dict[str, list[Ask]] = {}
        for name, share in SHARES.items():
            wanted = -(-count * share // sum(SHARES.values())) + 1
            found[name] = list(islice(maker.asks(name, _subjects(pipeline, name, wanted, seed)), wanted))
    return _mixed(found, count, seed)


def _mixed(found: dict[str, list[Ask]], count: int, seed: int) -> list[Ask]:
    """Every 20 in a row have the shares of SHARES, so that any slice of the workload is alike."""
    drawn = random.Random(seed)
    left = {name: iter(drawn.sample(asks, len(asks))) for name, asks in found.items()}
    mixed: list[Ask] = []
    while len(mixed) < count:
        names = [name for name, share in SHARES.items() for _ in range(share)]
        drawn.shuffle(names)
        turn = [ask for name in names if (ask := next(left[name], None)) is not None]
        if not turn:
            raise ValueError(f"only {len(mixed)} distinct requests could be made, {count} were asked for")
        mixed += turn
    return mixed[:count]


class _Maker:
    """Subjects to asks, each prompt once."""

    def __init__(self, driver: Any, analyzers: Any) -> None:
        self._driver = driver
        self._analyzers = analyzers
        self._seen: set[str] = set()

    def asks(self, name: str, subjects: Iterator[tuple[Subject, str]]) -> Iterator[Ask]:
        analyzer = self._analyzers[name]
        tools = self._driver.tools(analyzer)
        for subject, language in subjects:
            item = self._driver.detect(analyzer, subject, language)
            for question in analyzer.ask(item, tools)[:2]:
                request = self._driver.request(analyzer, tools, question)
                key = request.prompt.model_dump_json()
                if key not in self._seen:
                    self._seen.add(key)
                    yield self._ask(request, tools.template.matter.output)

    def _ask(self, request: Request, output: str) -> Ask:
        ids = self._driver.backend.encode(request.prompt)
        prompt = request.prompt.model_dump(mode="json")
        return Ask(request.analyzer, ids, request.schema, request.answer_tokens, output, prompt, list(request.choices))


def _subjects(pipeline: Any, name: str, count: int, seed: int) -> Iterator[tuple[Subject, str]]:
    """The examples first, then generated ones without end enough for `count` requests."""
    for item in pipeline.read([EXAMPLES]):
        if getattr(item, "kind", None) in pipeline.analyzers[name].kinds and name != "techniques":
            yield item, "en"
    yield from GENERATED[name](count * 4 + 40, seed)


def _scenarios(count: int, seed: int) -> Iterator[tuple[Subject, str]]:
    from secassist.evaluation.examples import Example
    from secassist.evaluation.subjects import subjects
    from secassist.training.scenarios import generate

    for one in generate(seed, count):
        task = "T2" if "lines" in one.input or "events" in one.input else "T1"
        yield subjects(Example(one.id, task, "written", one.input, {}, one.group))[0], one.language


def _documents(count: int, seed: int) -> Iterator[tuple[Subject, str]]:
    from secassist.training.scenarios.documents import generate_documents

    for text in generate_documents(seed, count):
        yield Document(source="text", body=text.text), text.language


def _code(count: int, seed: int) -> Iterator[tuple[Subject, str]]:
    from secassist.evaluation.subjects import SUFFIXES
    from secassist.training.scenarios.code import generate_code

    for sample, language in zip(generate_code(seed, count), cycle(["en", "en", "en", "zh"]), strict=False):
        path = f"unit.{SUFFIXES.get(sample.language, 'txt')}"
        yield CodeUnit(source="code", path=path, language=sample.language, body=sample.text), language


def _sentences(count: int, seed: int) -> Iterator[tuple[Subject, str]]:
    """What happened, as an analyst words it."""
    from secassist.training.scenarios import generate

    for one in generate(seed + 1, count):
        if one.verdict != "benign":
            yield Document(source="text", body=one.rationale["en"]), "en"


GENERATED = {"triage": _scenarios, "sensitive": _documents, "review": _code, "techniques": _sentences}
