"""The gate: everything that must hold before a candidate may serve, and the report and manifest that say so."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from schemas import Noun
from schemas.answers import ANSWERS
from secassist import __version__, registry, templates
from secassist.analyzers.base import schema_digest
from secassist.backends.base import Backend
from secassist.backends.local import LocalBackend
from secassist.config import Settings
from secassist.errors import BackendError, ModelError, SecassistError
from secassist.evaluation.examples import Example
from secassist.pipeline import Pipeline
from secassist.promoting import parity, trial
from secassist.promoting.listener import NAME, listening
from secassist.promoting.rules import Check, Rules, checks
from secassist.promoting.trial import Progress
from secassist.registry import Shelf, Weights

SERVED: Final = "LORA"
"""The kind of adapter that is served, alone and merged; others are trained to be compared with it."""


class Report(Noun):
    """What the gate found; `live` is the digest it was compared with, `data` that of the items, `at` UTC ISO 8601."""

    analyzer: str
    candidate: str
    live: str
    data: str
    items: int
    at: str
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        return bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def refusals(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.passed)


@dataclass(frozen=True)
class Asked:
    """What a gate is asked to judge: `samples` questions for parity, `server` a backend to ask them of as well."""

    settings: Settings
    analyzer: str
    candidate: Path
    examples: Sequence[Example]
    rules: Rules = field(default_factory=Rules)
    samples: int = 6
    server: Backend | None = None


def judge(asked: Asked, live: Pipeline, candidate: Pipeline, work: Path, progress: Progress) -> Report:
    """All checks; when the candidate cannot serve at all, nothing is measured.

    `live` and `candidate` are wired with the adapter that serves now and with the candidate; `work` keeps predictions.
    """
    weights = registry.at(asked.candidate)
    before = registry.serving(asked.settings, asked.analyzer)
    found = list(_able(asked, weights, before))
    if all(check.passed for check in found):
        first = trial.predictions(live, asked.analyzer, asked.examples, work, progress)
        second = trial.predictions(candidate, asked.analyzer, asked.examples, work, progress)
        found += checks(asked.examples, first, second, asked.rules)
        found += _parity(asked, weights, candidate)
    return Report(
        analyzer=asked.analyzer,
        candidate=weights.digest,
        live=before.digest if before else "",
        data=trial.data_digest(asked.examples),
        items=len(asked.examples),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        checks=tuple(found),
    )


def _able(asked: Asked, weights: Weights, before: Weights | None) -> Iterator[Check]:
    """Whether it can be served and decides by measured odds."""
    config = json.loads((weights.folder / "adapter_config.json").read_text(encoding="utf-8"))
    kind = str(config.get("peft_type"))
    told = f"{kind}; {SERVED} is served, the others are for comparison"
    yield Check(name="kind of adapter", passed=kind == SERVED, detail=told)
    new = before is None or before.digest != weights.digest
    yield Check(name="new", passed=new, detail=weights.digest[:12] + ("" if new else " is live already"))
    card, base = registry.card(weights), registry.base(asked.settings.model)
    made_for = str(card.get("base") or base.digest)
    told = f"made for {made_for[:12]}, served on {base.digest[:12]}"
    yield Check(name="base", passed=made_for == base.digest, detail=told)
    template = templates.load(asked.analyzer)
    taught = str(card.get("template") or template.digest)
    told = f"taught {taught[:12]}, served {template.digest[:12]} ({template.name})"
    yield Check(name="template", passed=taught == template.digest, detail=told)
    if template.matter.decision:
        known = (weights.folder / "calibration.json").is_file()
        fitted = registry.calibration(weights)
        told = fitted.note or ("fit" if known else "not calibrated; run `secassist train calibrate`")
        yield Check(name="calibration", passed=known and fitted.fit, detail=told)


def _parity(asked: Asked, weights: Weights, candidate: Pipeline) -> Iterator[Check]:
    requests = trial.sample(candidate, asked.analyzer, asked.examples, asked.samples)
    backend = candidate.driver.backend
    tested = backend.complete(requests)
    plain = backend.complete(parity.steered(requests, served=True))
    with TemporaryDirectory(prefix="secassist-") as folder:
        alone = Path(folder) / "none"
        alone.mkdir()
        merged = parity.merge(registry.base(asked.settings.model), weights, Path(folder) / "merged")
        changed = {"model": str(merged), "adapters": str(alone), "backend": "local"}
        way = LocalBackend(asked.settings.model_copy(update=changed))
        yield parity.compare("merged into the base", requests, tested, way)
    with listening(backend, [asked.analyzer]) as url:
        way_served = _served(asked.settings, url)
        yield parity.compare("behind our server", requests, plain, way_served, served=True)
    if asked.server is not None:
        try:
            yield parity.compare(f"behind {asked.server.name}", requests, plain, asked.server, served=True)
        except BackendError as error:
            yield Check(name="parity: behind the server named", passed=False, detail=str(error))


def _served(settings: Settings, url: str) -> Backend:
    from secassist.backends.server import ServerBackend

    return ServerBackend(settings.model_copy(update={"backend": "server", "server_url": url, "server_model": NAME}))


def manifest(asked: Asked, report: Report) -> dict[str, Any]:
    """Everything the version is known by, digest by digest, with the report of the gate."""
    weights, template = registry.at(asked.candidate), templates.load(asked.analyzer)
    answer = ANSWERS[template.matter.output]
    card = registry.card(weights)
    return {
        "analyzer": asked.analyzer,
        "digest": weights.digest,
        "base": registry.base(asked.settings.model).digest,
        "template": template.name,
        "template_digest": template.digest,
        "schema_digest": schema_digest(answer),
        "code": __version__,
        "code_digest": trial.code_digest(),
        "training": {name: card[name] for name in ("method", "data", "lessons", "tuning") if name in card},
        "calibration": registry.calibration(weights).stored(),
        "report": report.model_dump(mode="json"),
    }


def admit(shelf: Shelf, asked: Asked, report: Report, who: str) -> registry.Event | None:
    """Puts the candidate on the shelf with its report, and makes it live if it passed."""
    version = shelf.add(asked.analyzer, asked.candidate, manifest(asked, report))
    if version.digest != report.candidate:
        raise ModelError(f"{asked.candidate}: was changed while it was being judged; judge it again")
    return shelf.promote(version, who) if report.passed else None


def written(event: registry.Event) -> str:
    """An event as the audit tells it; begins with what makes it one of a kind."""
    before, after = (one[:12] or "bundled" for one in (event.before, event.after))
    return f"models #{event.number}: {event.analyzer} {before} -> {after} at {event.at}"


def settle(shelf: Shelf, made: Pipeline) -> int:
    """Writes into the audit every change that is not in it, such as one whose process died; returns how many."""
    try:
        events = shelf.events()
    except SecassistError:
        return 0
    known = {row.detail for row in made.store.vault.recorded()} if events else set()
    missing = [event for event in events if written(event) not in known]
    for event in missing:
        made.store.vault.record(event.who, event.action, detail=written(event))
    return len(missing)
