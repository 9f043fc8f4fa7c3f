"""Intake: masked before it is kept, on disk before it is answered, answered before anybody is told."""

from collections.abc import Sequence

import pytest

from schemas import Alert, CodeUnit, Field
from secassist.errors import BusyError, SecassistError, UsageError
from secassist.pipeline import Pipeline
from secassist.queueing import intake
from secassist.queueing.intake import Intake, Wish
from secassist.sources.base import Rejected
from secassist.store import Priority, Submitted
from tests.queueing.shop import alert

SECRET = "AKIA" + "INVENTEDKEY" + "00000"


def made(parts: Sequence[Sequence[Submitted | Rejected]]) -> list[Submitted]:
    return [each for part in parts for each in part if isinstance(each, Submitted)]


def test_a_job_keeps_the_masked_subject_under_its_own_id(pipeline: Pipeline) -> None:
    subject = Alert(source="json", title="login", fields=(Field(path="process.env", value=f"KEY={SECRET}"),))
    (one,) = made(list(Intake(pipeline).submit([subject])))
    kept = pipeline.store.jobs.subjects([one.job])[one.job.subject_id].kept
    assert one.job.subject_id == pipeline.conceal(subject).id != subject.id
    assert kept is not None
    assert SECRET not in kept.model_dump_json()


def test_jobs_know_template_source_and_what_they_belong_to(pipeline: Pipeline) -> None:
    (one,) = made(list(Intake(pipeline).submit([alert(1)], Wish(source="siem", priority=Priority.LOW, language="zh"))))
    (two,) = made(list(Intake(pipeline).submit([alert(2)])))
    assert (one.job.source, one.job.priority, one.job.language) == ("siem", 2, "zh")
    assert two.job.source == "alert_json"
    assert len(one.job.template) == len(one.job.cache_key) == 64
    assert one.job.correlation


def test_a_part_is_on_disk_when_it_is_handed_out(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "BATCH", 3)
    seen = []
    for part in Intake(pipeline).submit(map(alert, range(7)), Wish(key="k")):
        seen.append((len(part), pipeline.store.jobs.counts().queued))
    assert seen == [(3, 3), (3, 6), (1, 7)]
    assert all(job.key.startswith("k:") for job in pipeline.store.jobs.listed())
    assert not any(each.new for each in made(list(Intake(pipeline).submit(map(alert, range(7)), Wish(key="k")))))


def test_a_single_subject_has_the_key_itself(pipeline: Pipeline) -> None:
    (one,) = made(list(Intake(pipeline).submit([alert(1)], Wish(key="ticket-7"))))
    assert one.job.key == "ticket-7"


def test_what_an_analyzer_does_not_look_at_is_rejected_by_name_and_the_rest_goes_in(pipeline: Pipeline) -> None:
    code = CodeUnit(source="code", origin="src/a.py", path="a.py", language="python", body="print(1)\n")
    (part,) = Intake(pipeline).submit([alert(1), code, alert(2)], Wish(kind="triage"))
    assert [type(each) for each in part] == [Submitted, Rejected, Submitted]
    assert part[1] == Rejected("src/a.py", "a code unit cannot be queued for triage; leave out --kind")
    with pytest.raises(UsageError, match="divine"):
        list(Intake(pipeline).submit([alert(3)], Wish(kind="divine")))


def test_a_full_queue_keeps_what_was_handed_out(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "BATCH", 3)
    parts = Intake(pipeline, high_water=5).submit(map(alert, range(9)))
    assert len(next(parts)) == 3
    with pytest.raises(BusyError):
        next(parts)
    assert pipeline.store.jobs.counts().queued == 3


def test_only_new_jobs_are_told_and_a_failure_is_words(pipeline: Pipeline) -> None:
    told: list[str] = []
    (one,) = made(list(Intake(pipeline).submit([alert(1)])))
    both = made(list(Intake(pipeline).submit([alert(1), alert(2)])))

    def fail(_ids: Sequence[str]) -> None:
        raise SecassistError("nobody there")

    assert Intake(pipeline, publish=told.extend).tell(both) == ""
    assert told == [both[1].job.id] != [one.job.id]
    assert "nobody there" in Intake(pipeline, publish=fail).tell(both)
    assert Intake(pipeline).tell(both) == ""


@pytest.mark.parametrize("kind", ["remediate", "report", "techniques"])
def test_an_analyzer_that_needs_more_than_its_subject_is_refused_at_once(pipeline: Pipeline, kind: str) -> None:
    with pytest.raises(UsageError, match="cannot be queued; there are: review, sensitive, triage"):
        list(Intake(pipeline).submit([alert(1)], Wish(kind=kind)))
