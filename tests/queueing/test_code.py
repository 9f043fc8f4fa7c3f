"""Code and documents in the queue: one job per analyzer, nothing secret at rest, the outcome of a direct analysis."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import Alert, Analysis, CodeUnit, Document, Field, Finding, Subject, SubjectKind
from secassist import bootstrap, vault
from secassist.backends.base import Request
from secassist.config import Settings
from secassist.errors import BackendError, UsageError
from secassist.pipeline import Pipeline, suited
from secassist.queueing.intake import Intake, Wish
from secassist.queueing.originals import Originals
from secassist.queueing.pace import Pace
from secassist.queueing.worker import Worker
from secassist.sources.base import Rejected
from secassist.store import Job, JobState, Submitted
from tests.analyzers.scripts import decided
from tests.queueing.shop import Model, alert

TOKEN = "gh" + "p_" + "InventedForThisTestOnlyAAAAAAA" + "1Cs9tM"
PASSWORD = "Kw7!inventedQz" + "81"
BODY = f"""import os

API_TOKEN = "{TOKEN}"
PASSWORD = "{PASSWORD}"


def ping(host):
    os.system("ping -c 1 " + host)
"""


def code(body: str = BODY, path: str = "app.py", first: int = 1) -> CodeUnit:
    return CodeUnit(
        source="code", origin=f"src/{path}", title=path, path=path, language="python", body=body, start_line=first
    )


def document(body: str = f"Ticket\n\nThe new password: {PASSWORD}\n") -> Document:
    return Document(source="text", origin="notes.md", title="notes.md", path="notes.md", body=body)


def taken(pipeline: Pipeline, *subjects: Subject, **wish: object) -> list[Job]:
    parts = Intake(pipeline).submit(subjects, Wish(**wish))  # type: ignore[arg-type]
    return [each.job for part in parts for each in part if isinstance(each, Submitted)]


def worked(pipeline: Pipeline, jobs: list[Job]) -> list[Analysis]:
    """Their analyses, in order."""
    Worker(pipeline, Pace(batch=8, wait=0.01)).run(drain=True)
    ended = [found for job in jobs if (found := pipeline.store.jobs.find(job.id))]
    assert [(job.state, job.reason) for job in ended] == [(JobState.DONE, "")] * len(jobs)
    return [found for job in ended if (found := pipeline.store.find_analysis(job.analysis_id))]


def held(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file() and path.name != "key")


@pytest.fixture
def deciding(model: Model, pipeline: Pipeline) -> Pipeline:
    model.script = decided
    return pipeline


@pytest.fixture
def direct(deciding: Pipeline, tmp_path: Path, model: Model) -> Iterator[Pipeline]:
    """Another installation under the same key, in which nothing is queued."""
    home = tmp_path / "direct"
    home.mkdir(mode=0o700)
    shutil.copy(tmp_path / "home" / "key", home / "key")
    made = bootstrap.pipeline(Settings(home=home), model.backend)
    yield made
    made.store.close()


def test_each_subject_waits_for_what_suits_it(deciding: Pipeline) -> None:
    jobs = taken(deciding, code(), document(), alert(1))
    assert [(job.kind, job.source) for job in jobs] == [
        ("review", "code"),
        ("sensitive", "code"),
        ("sensitive", "text"),
        ("triage", "alert_json"),
    ]
    assert [job.kind for job in taken(deciding, code("print(2)\n"), kind="review")] == ["review"]
    plain = CodeUnit(source="diff", path="values.yaml", body="a: 1\n", start_line=7)
    assert suited(plain) == ("sensitive",)


def test_queued_is_as_direct(deciding: Pipeline, direct: Pipeline) -> None:
    """Same ids, same findings, same lines: a review is shown the concealed text either way, a search the text as read."""
    subjects = [code(), code(path="part.py", first=41), document(), document("nothing to see\n")]
    queued = worked(deciding, taken(deciding, *subjects))
    straight = [found for s in subjects for kind in suited(s) for found in direct.analyze(kind, [s])]
    assert [(a.id, a.analyzer, a.findings, a.verdict) for a in queued] == [
        (a.id, a.analyzer, a.findings, a.verdict) for a in straight
    ]
    found = {(a.analyzer, f.place.path, f.place.start_line) for a in queued for f in a.findings}
    assert {("review", "app.py", 8), ("sensitive", "app.py", 3), ("review", "part.py", 48)} <= found
    assert ("sensitive", "notes.md", 3) in found


def test_nothing_secret_rests_anywhere_before_and_after(deciding: Pipeline, tmp_path: Path) -> None:
    named = code(BODY.replace("ping", "pong"), path=f"{TOKEN}.py")
    jobs = taken(deciding, code(), document(), named, source=TOKEN, key=TOKEN)
    before = held(tmp_path / "home")
    assert b"os.system" in before
    worked(deciding, jobs)
    deciding.store.close()
    for data in (before, held(tmp_path / "home")):
        assert TOKEN.encode() not in data
        assert PASSWORD.encode() not in data


def test_code_is_there_as_long_as_a_job_needs_it(deciding: Pipeline) -> None:
    review = taken(deciding, code(), kind="review")
    waiting = deciding.store.find_subject(review[0].subject_id)
    assert waiting is not None
    assert waiting.kept is None
    assert waiting.waiting == deciding.conceal(code())
    worked(deciding, review)
    done = deciding.store.find_subject(review[0].subject_id)
    assert done is not None
    assert (done.waiting, done.place["path"], done.origin) == (None, "app.py", "src/app.py")
    (again,) = taken(deciding, code(), kind="review", language="zh")
    assert again.subject_id == review[0].subject_id
    worked(deciding, [again])


def test_code_stays_while_another_job_about_it_is_not_done(deciding: Pipeline) -> None:
    plain = code("print(1)\n")
    first, second = taken(deciding, plain, kind="review") + taken(deciding, plain, kind="review", language="zh")
    deciding.store.jobs.cancel([second.id])
    worked(deciding, [first])
    assert deciding.store.jobs.retry([second.id]) == [second.id]
    worked(deciding, [second])
    kept = deciding.store.find_subject(first.subject_id)
    assert kept is not None
    assert kept.waiting is None


def test_what_was_sealed_goes_with_its_job(deciding: Pipeline) -> None:
    jobs = taken(deciding, code(), document())
    seeing = [job for job in jobs if job.kind == "sensitive"]
    assert deciding.store.jobs.originals(jobs).keys() == {job.id for job in seeing}
    worked(deciding, jobs)
    assert deciding.store.jobs.originals(jobs) == {}


def test_the_same_again_is_the_same_jobs(deciding: Pipeline) -> None:
    first = taken(deciding, code(), document(), key="push-7")
    assert len({job.key for job in first}) == 3
    parts = list(Intake(deciding).submit([code(), document()], Wish(key="push-7")))
    assert [each.new for part in parts for each in part if isinstance(each, Submitted)] == [False] * 3
    worked(deciding, first)
    assert [job.id for job in taken(deciding, code(), document(), key="push-7")] == [job.id for job in first]
    one, other = taken(deciding, code("print(3)\n"), key="one")
    assert (one.key.partition(":")[0], one.key != other.key) == ("one", True)


def test_a_search_for_secrets_in_a_queued_alert_sees_them(deciding: Pipeline) -> None:
    telling = Alert(source="json", title="login", fields=(Field(path="process.env", value=f"KEY={TOKEN}"),))
    (found,) = worked(deciding, taken(deciding, telling, kind="sensitive"))
    assert [finding.secret is not None for finding in found.findings] == [True]


def test_without_what_was_sealed_a_job_says_so_and_never_guesses(deciding: Pipeline) -> None:
    lost, foreign, fine = taken(deciding, code(), document(), document("fine\n"), kind="sensitive")
    with deciding.store._engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM originals WHERE job_id = '{lost.id}'")
        connection.exec_driver_sql(
            f"UPDATE originals SET sealed = (SELECT sealed FROM originals WHERE job_id = '{fine.id}') "
            f"WHERE job_id = '{foreign.id}'"
        )
    Worker(deciding, Pace(batch=8, wait=0.01)).run(drain=True)
    ended = {job.id: job for job in deciding.store.jobs.listed()}
    assert ended[lost.id].reason == "its subject was purged; submit it again"
    assert "sealed under another key or is damaged; submit it again" in ended[foreign.id].reason
    assert [ended[job.id].state for job in (lost, foreign, fine)] == [JobState.DEAD, JobState.DEAD, JobState.DONE]


def test_a_seal_is_of_one_key_and_one_subject() -> None:
    seals = Originals(b"k" * 32)
    sealed = seals.seal(code(), "a" * 64)
    assert seals.open(sealed, "a" * 64, "src/app.py") == code()
    assert seals.open(sealed, "a" * 64, "here").origin == "here"
    assert TOKEN.encode() not in sealed
    for other, id_, data in (
        (Originals(b"j" * 32), "a" * 64, sealed),
        (seals, "b" * 64, sealed),
        (seals, "a" * 64, sealed[:-1]),
        (seals, "a" * 64, b""),
    ):
        with pytest.raises(UsageError, match="submit it again"):
            other.open(data, id_, "here")


def test_found_values_are_kept_sealed_where_that_was_asked_for(tmp_path: Path, model: Model) -> None:
    home = tmp_path / "sealed"
    settings = Settings(home=home, vault="sealed")
    home.mkdir(mode=0o700)
    assert settings.vault_key_file
    assert settings.vault_admin_key_file
    vault.make(settings.vault_key_file, settings.vault_admin_key_file)
    made = bootstrap.pipeline(settings, model.backend)
    model.script = decided
    (found,) = worked(made, taken(made, code(path=f"{TOKEN}.py"), kind="sensitive"))
    opened = [opened_value(made, found, number, settings.vault_admin_key_file) for number in range(len(found.findings))]
    made.store.close()
    assert TOKEN in opened


def opened_value(pipeline: Pipeline, analysis: Analysis, number: int, key: Path) -> str:
    from secassist.store import fingerprint

    kept = pipeline.store.vault.find(analysis.id, number)
    finding: Finding = analysis.findings[number]
    return vault.Opener(key).open(kept.key_id, kept.sealed, fingerprint(finding)) if kept else ""


@pytest.mark.parametrize("kind", ["review", "sensitive"])
def test_a_backend_that_answers_nobody_costs_queued_code_no_attempt(
    deciding: Pipeline, model: Model, kind: str
) -> None:
    def away(_request: Request) -> object:
        raise BackendError("nobody there")

    model.script = away  # type: ignore[assignment]
    (job,) = taken(deciding, code(), kind=kind)
    worker = Worker(deciding, Pace(wait=0.01))
    worker._pause = lambda _seconds: None  # type: ignore[method-assign]
    worker.run(once=True)
    found = deciding.store.jobs.find(job.id)
    assert found is not None
    assert (found.state, found.attempt, found.stalls) == (JobState.QUEUED, 0, 1)


def test_what_cannot_be_searched_is_not_kept(deciding: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    from secassist.errors import DetectorError

    def fails(_subject: Subject) -> object:
        raise DetectorError("too deep")

    monkeypatch.setattr(deciding.concealer.secrets, "detect", fails)
    (part,) = Intake(deciding).submit([code()])
    assert [type(each) for each in part] == [Rejected]
    assert deciding.store.count_subjects() == 0


def test_parts_are_bounded_by_size_too(deciding: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    from secassist.queueing import intake

    monkeypatch.setattr(intake, "CHARACTERS", 20)
    parts = list(Intake(deciding).submit([code(f"print({n}) # some words\n", f"{n}.py") for n in range(3)]))
    assert [len(part) for part in parts] == [2, 2, 2]
    assert {SubjectKind.CODE_UNIT} == {
        found.kind for found in deciding.store.jobs.subjects(list(deciding.store.jobs.listed())).values()
    }
