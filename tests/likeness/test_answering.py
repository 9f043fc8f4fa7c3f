"""Ten thousand alerts of a few kinds ask the model a few times, and each still has a row and quotes of its own."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas import Alert, Analysis, Disposition, Field, State, Subject
from secassist import bootstrap, grounding
from secassist.backends.base import Completion, Request
from secassist.backends.scripted import ScriptedBackend
from secassist.config import Settings
from secassist.likeness.answering import Answers
from secassist.likeness.carrying import carried, wording
from secassist.pipeline import Pipeline
from tests.analyzers.scripts import decided

START = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


def alert(kind: int, number: int, **more: str) -> Alert:
    """One of a kind; the second line is volatile, the third a log line with volatile parts."""
    pid = 1000 + number
    values = {
        "rule.name": f"Rule {kind}",
        "@timestamp": (START + timedelta(seconds=number)).isoformat(),
        "message": f"Nov  3 09:{number % 60:02}:00 gate sshd[{pid}]: Failed password for root "
        f"from 203.0.113.{kind} port {40000 + number} ssh2",
        "process.pid": str(pid),
        **more,
    }
    return Alert(source="json", title=f"Rule {kind}", fields=tuple(Field(path=p, value=v) for p, v in values.items()))


def judged(request: Request) -> Completion:
    return decided(
        request, decision="true_positive", severity="high", lines=[2, 3], techniques=[], reason="By process 1000."
    )


class Counting:
    """The model; `asked` are the questions it got."""

    def __init__(self) -> None:
        self.asked = 0
        self.script: Any = judged

    def __call__(self, request: Request) -> Completion:
        self.asked += 1
        answer: Completion = self.script(request)
        return answer


class Wired:
    def __init__(self, home: Path, **more: Any) -> None:
        self.model = Counting()
        self.pipeline: Pipeline = bootstrap.pipeline(Settings(home=home, **more), ScriptedBackend(self.model))
        self.store = self.pipeline.store

    def run(self, subjects: Sequence[Subject]) -> list[Analysis]:
        return list(self.pipeline.analyze("triage", subjects))


@pytest.fixture
def wired(tmp_path: Path) -> Iterator[Wired]:
    made = Wired(tmp_path / "home", reuse="always")
    yield made
    made.store.close()


def test_many_alerts_of_few_kinds_ask_a_few_times(wired: Wired) -> None:
    alerts = [alert(number % 5, number) for number in range(100)]
    analyses = wired.run(alerts)
    assert wired.model.asked == 5
    assert wired.store.count_analyses() == len({analysis.id for analysis in analyses}) == 100
    originals = {analysis.id for analysis in analyses if not analysis.derived_from}
    assert len(originals) == 5
    assert {analysis.derived_from for analysis in analyses} - {""} == originals
    for subject, analysis in zip(alerts, analyses, strict=True):
        assert analysis.verdict is not None
        assert analysis.subject_id == subject.id
        assert {evidence.line for evidence in analysis.verdict.evidence} >= {2, 3}
        assert all(grounding.stands(subject, evidence) for evidence in analysis.verdict.evidence)
        assert wired.store.find_analysis(analysis.id) is not None


def test_words_about_the_first_speak_of_the_second(wired: Wired) -> None:
    one, two = wired.run([alert(1, 0), alert(1, 7)])
    assert one.verdict is not None
    assert two.verdict is not None
    assert (one.verdict.rationale, two.verdict.rationale) == ("By process 1000.", "By process 1007.")
    assert (two.verdict.disposition, two.verdict.score) == (one.verdict.disposition, one.verdict.score)


def test_a_number_within_another_is_left() -> None:
    change = wording(alert(1, 0), alert(1, 7))
    assert change("11000 and 1000.5 and T1000-1 and 1000, 1000") == "11000 and 1000.5 and T1000-1 and 1007, 1007"


def test_off_and_queue_leave_commands_alone(tmp_path: Path) -> None:
    for word in ("off", "queue"):
        made = Wired(tmp_path / word, reuse=word)
        made.run([alert(1, 0), alert(1, 1)])
        assert made.model.asked == 2
        before = made.model.asked
        answers = made.pipeline.answer("triage", [alert(2, 0), alert(2, 1)])
        assert made.model.asked - before == (2 if word == "off" else 1)
        assert [bool(each.derived_from) for each in answers] == [False, word == "queue"]
        made.store.close()


def test_a_verdict_that_was_never_stored_answers_nothing(wired: Wired) -> None:
    wired.pipeline.answer("triage", [alert(1, 0)])
    assert wired.run([alert(1, 1)])[0].derived_from == ""
    assert wired.run([alert(1, 2)])[0].derived_from != ""


def test_what_code_proves_is_never_derived_away(wired: Wired) -> None:
    """The kept row is about an alert in which code proved something else: the new one is judged itself."""
    wired.run([alert(1, 0)])
    with wired.store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE verdicts SET facts = 'other'")
    assert wired.run([alert(1, 1)])[0].derived_from == ""


def test_a_corrected_verdict_is_not_handed_on(wired: Wired) -> None:
    (first,) = wired.run([alert(1, 0)])
    wired.store.add_review(first.id, author="ana", disposition=Disposition.TRUE_POSITIVE)
    assert wired.run([alert(1, 1)])[0].derived_from == first.id
    wired.store.add_review(first.id, author="ana", disposition=Disposition.FALSE_POSITIVE)
    assert wired.run([alert(1, 2)])[0].derived_from == ""


def test_time_to_live(wired: Wired) -> None:
    now = [START]
    wired.store.verdicts._now = lambda: now[0]
    wired.pipeline.answers = Answers(wired.store, 2.0, lambda: now[0])
    (first,) = wired.run([alert(1, 0)])
    now[0] += timedelta(hours=1.9)
    assert wired.run([alert(1, 1)])[0].derived_from == first.id
    now[0] += timedelta(hours=0.2)
    (fresh,) = wired.run([alert(1, 2)])
    assert fresh.derived_from == ""
    assert wired.run([alert(1, 3)])[0].derived_from == fresh.id
    now[0] += timedelta(hours=3)
    assert wired.store.verdicts.sweep() == 1


@pytest.mark.parametrize("state", [State.QUARANTINED, State.REFUSED])
def test_only_sound_verdicts_are_carried_and_each_other_alert_gets_its_own_try(wired: Wired, state: State) -> None:
    def broken(request: Request) -> Completion:
        return Completion("no JSON", "refused" if state is State.REFUSED else "stop")

    wired.model.script = broken
    assert {each.state for each in wired.run([alert(1, n) for n in range(3)])} == {state}
    wired.model.script = judged
    made = wired.run([alert(1, n) for n in range(3, 6)])
    assert [bool(each.derived_from) for each in made] == [False, True, True]


def test_a_purged_subject_answers_nothing(wired: Wired) -> None:
    wired.run([alert(1, 0)])
    wired.store.purge({"subjects": datetime(2100, 1, 1, tzinfo=UTC)})
    assert wired.run([alert(1, 1)])[0].derived_from == ""


def test_another_lineage_answers_nothing(wired: Wired) -> None:
    wired.run([alert(1, 0)])
    detector = wired.pipeline.driver.detectors["encoded"]
    other = type("Other", (type(detector),), {"version": "999"})()
    wired.pipeline.driver.detectors = {**wired.pipeline.driver.detectors, "encoded": other}
    assert wired.run([alert(1, 1)])[0].derived_from == ""


def test_evidence_that_does_not_stand_in_the_new_one_is_not_carried(wired: Wired) -> None:
    (source,) = wired.run([alert(1, 0)])
    plan = source.model_copy(update={"verdict": None})
    assert carried(source, alert(1, 0), alert(1, 1), plan, "") is not None
    assert carried(source, alert(1, 0), alert(2, 1), plan, "") is None
    assert carried(source, alert(1, 0), alert(1, 1, extra="more"), plan, "") is None
    assert source.verdict is not None
    wrong = source.verdict.evidence[0].model_copy(update={"line": 99})
    moved = source.model_copy(update={"verdict": source.verdict.model_copy(update={"evidence": (wrong,)})})
    assert carried(moved, alert(1, 0), alert(1, 1), plan, "") is None
    derived = source.model_copy(update={"derived_from": "a" * 64})
    assert carried(derived, alert(1, 0), alert(1, 1), plan, "") is None


def test_the_same_alert_twice_in_a_batch_is_one(wired: Wired) -> None:
    one, two = wired.pipeline.answer("triage", [alert(1, 0), alert(1, 0)])
    assert one == two
    assert wired.model.asked == 1


def test_the_derived_row_says_so_in_json(wired: Wired) -> None:
    one, two = wired.run([alert(1, 0), alert(1, 1)])
    assert json.loads(two.model_dump_json())["derived_from"] == one.id


def test_a_plan_of_a_batch_is_the_plan_of_the_driver(wired: Wired) -> None:
    driver, chosen = wired.pipeline.driver, wired.pipeline.analyzers["triage"]
    lineage = driver.lineage(chosen, driver.tools(chosen))
    assert driver.plan(chosen, alert(1, 0), "zh", lineage) == driver.plan(chosen, alert(1, 0), "zh")


def test_detectors_look_once_at_each_subject_and_what_was_concealed_is_not_masked_again(
    wired: Wired, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    masked: list[str] = []
    detect, conceal = wired.pipeline.driver.detect, Pipeline.conceal

    def looking(chosen: Any, subject: Subject, *more: Any) -> Any:
        looked.append(subject.id)
        return detect(chosen, subject, *more)

    def masking(pipeline: Pipeline, subject: Subject) -> Subject:
        masked.append(subject.id)
        return conceal(pipeline, subject)

    given = [wired.pipeline.conceal(alert(kind, n)) for kind in range(2) for n in range(3)]
    monkeypatch.setattr(wired.pipeline.driver, "detect", looking)
    monkeypatch.setattr(Pipeline, "conceal", masking)
    found = wired.pipeline.answer("triage", given, concealed=True)
    assert (sorted(looked), masked, wired.model.asked) == (sorted(s.id for s in given), [], 2)
    wired.pipeline.answer("triage", given)
    assert masked == [s.id for s in given]
    assert [each.subject_id for each in found] == [s.id for s in given]
    assert all(each.timings.detect > 0 for each in found if not each.derived_from)
