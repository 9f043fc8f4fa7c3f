"""Answers a batch: what is like something judged before is derived from it, the rest goes to the model, each kind once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas import Analysis, State, Subject
from secassist.likeness.carrying import carried
from secassist.likeness.keys import answer_key, dedup_key
from secassist.store import KeptVerdict, Store

Plan = Callable[[Subject], Analysis]
"""The record that a run about a subject would get: `Driver.plan`."""
Facts = Callable[[Subject], str]
"""A digest of what code proves about a subject; a verdict is carried over only where code proves the same."""
Ask = Callable[[Sequence[Subject]], Sequence[Analysis]]
"""Has the model judge subjects; one Analysis each, in order."""


@dataclass(frozen=True)
class _Item:
    subject: Subject
    plan: Analysis
    key: str
    facts: str


@dataclass(frozen=True)
class Answers:
    """Verdicts of `store` serve for `hours` after they were made; `now` gives the time of a record.

    Nothing is stored here but which analysis answers which key, and that counts only once the analysis is stored.
    """

    store: Store
    hours: float
    now: Callable[[], datetime]

    def answer(self, subjects: Sequence[Subject], plan: Plan, facts: Facts, ask: Ask) -> list[Analysis]:
        """One Analysis per subject, in order; `ask` is called at most twice, and not at all when all are derived."""
        distinct = {subject.id: subject for subject in subjects}.values()
        items = [_item(subject, plan(subject), facts) for subject in distinct]
        kept = self.store.verdicts.find({item.key for item in items})
        made = self._derived(items, kept)
        for leading in (True, False):
            waiting = [item for item in items if item.subject.id not in made]
            if not waiting:
                break
            chosen = _first_of_each(waiting) if leading else waiting
            made |= self._asked(chosen, ask)
            fresh = {item.key: _kept(item, made[item.subject.id]) for item in chosen}
            made |= self._derived([item for item in waiting if item.subject.id not in made], fresh)
        return [made[subject.id] for subject in subjects]

    def _derived(self, items: Sequence[_Item], kept: dict[str, KeptVerdict]) -> dict[str, Analysis]:
        at = self.now().isoformat(timespec="milliseconds")
        found: dict[str, Analysis] = {}
        for item in items:
            source = kept.get(item.key)
            if source is not None and source.facts == item.facts and source.analysis.id != item.plan.id:
                derived = carried(source.analysis, source.about, item.subject, item.plan, at)
                found |= {} if derived is None else {item.subject.id: derived}
        return found

    def _asked(self, items: Sequence[_Item], ask: Ask) -> dict[str, Analysis]:
        analyses = ask([item.subject for item in items])
        until = self.now() + timedelta(hours=self.hours)
        sound = [(i, a) for i, a in zip(items, analyses, strict=True) if a.state is State.OK and a.verdict is not None]
        self.store.verdicts.keep([(item.key, item.facts, analysis.id) for item, analysis in sound], until)
        return {item.subject.id: analysis for item, analysis in zip(items, analyses, strict=True)}


def _item(subject: Subject, plan: Analysis, facts: Facts) -> _Item:
    key = answer_key(dedup_key(subject), plan.analyzer, plan.language, plan.lineage)
    return _Item(subject, plan, key, facts(subject))


def _kept(item: _Item, analysis: Analysis) -> KeptVerdict:
    return KeptVerdict(item.key, item.facts, analysis, item.subject)


def _first_of_each(items: Iterable[_Item]) -> list[_Item]:
    """One item per key, the first; the others wait for its answer."""
    first: dict[str, _Item] = {}
    for item in items:
        first.setdefault(item.key, item)
    return list(first.values())
