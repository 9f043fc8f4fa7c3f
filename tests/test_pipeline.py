"""The use cases, wired as a user gets them; only the model's words are scripted."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas import Alert, Analysis, Disposition, Evidence, Judgement, LogWindow, Severity, State, Subject, Verdict
from secassist import bootstrap, grounding
from secassist.backends.base import Completion, Request
from secassist.backends.scripted import ScriptedBackend
from secassist.config import Settings
from secassist.errors import SourceError, UsageError
from secassist.pipeline import BATCH, Pipeline, suited, to_act_on
from secassist.sources.base import Limits, Rejected
from tests.analyzers.scripts import alert, answer, code, decided, document, window

CANARY = "Qx7Invented9Canary3Vault5Zw"
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
BAD = {"decision": "true_positive", "severity": "high", "lines": [2], "techniques": ["T1490"]}


def bad(request: Request) -> Completion:
    return decided(request, **(BAD if request.analyzer == "triage" else {}))


class Wired:
    """A pipeline on a fresh database, and the backend it asks."""

    def __init__(self, home: Path, script: Any = bad) -> None:
        self.backend = ScriptedBackend(script)
        self.pipeline: Pipeline = bootstrap.pipeline(Settings(home=home), self.backend)
        self.store = self.pipeline.store


@pytest.fixture
def wired(tmp_path: Path) -> Iterator[Wired]:
    made = Wired(tmp_path / "home")
    yield made
    made.store.close()


def alerts(folder: Path, count: int = 3, name: str = "alerts.jsonl") -> Path:
    rows = [{"rule": {"name": f"Rule {n}"}, "process": {"command_line": "vssadmin list"}} for n in range(count)]
    path = folder / name
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return path


def subjects(items: Any) -> list[Subject]:
    return [item for item in items if not isinstance(item, Rejected)]


class TestIngest:
    def test_the_same_file_twice_is_stored_once(self, wired: Wired, tmp_path: Path) -> None:
        path = alerts(tmp_path)
        one, two = (list(wired.pipeline.ingest(wired.pipeline.read([path]))) for _ in range(2))
        assert one == two
        assert wired.store.count_subjects() == 3
        assert wired.store.count_rejections() == 0

    def test_a_bad_record_is_counted_and_the_rest_goes_on(self, wired: Wired, tmp_path: Path) -> None:
        path = alerts(tmp_path)
        path.write_text(path.read_text() + '{"broken": \n' + '{"rule": {"name": "last"}}\n', encoding="utf-8")
        for _ in range(2):
            items = list(wired.pipeline.ingest(wired.pipeline.read([path])))
        (rejected,) = [item for item in items if isinstance(item, Rejected)]
        assert rejected.origin.endswith("alerts.jsonl:4")
        assert len(subjects(items)) == 4
        assert (wired.store.count_subjects(), wired.store.count_rejections()) == (4, 1)

    def test_a_folder_with_unreadable_files(self, wired: Wired, tmp_path: Path) -> None:
        folder = tmp_path / "in"
        folder.mkdir()
        alerts(folder)
        (folder / "blob.bin").write_bytes(bytes(range(256)) * 40)
        items = list(wired.pipeline.ingest(wired.pipeline.read([folder])))
        assert len(subjects(items)) == 3
        assert any("blob.bin" in item.origin for item in items if isinstance(item, Rejected))

    def test_a_file_that_is_too_large_is_named(self, tmp_path: Path) -> None:
        settings = Settings(home=tmp_path / "home", file_megabytes=1)
        made = bootstrap.pipeline(settings, ScriptedBackend([]))
        (tmp_path / "big.json").write_text('{"a": "' + "x" * 1_500_000 + '"}')
        (rejected,) = made.read([tmp_path / "big.json"])
        made.store.close()
        assert isinstance(rejected, Rejected)
        assert "big.json" in rejected.origin + rejected.reason

    def test_a_named_source_is_used(self, wired: Wired, tmp_path: Path) -> None:
        (item,) = wired.pipeline.read([alerts(tmp_path, 1)], source="text")
        assert isinstance(item, Subject)
        assert item.source == "text"

    def test_secrets_are_masked_before_they_are_stored(self, wired: Wired) -> None:
        subject = alert(message=f"password='{CANARY}'")
        list(wired.pipeline.ingest([subject]))
        stored = wired.store.find_subject(wired.pipeline.conceal(subject).id)
        assert stored is not None
        assert CANARY not in repr(stored)
        assert wired.store.find_subject(subject.id) is None

    def test_concealing_keeps_lines_and_is_done_once(self, wired: Wired) -> None:
        subject = window(f"start\npassword={CANARY}\nend")
        concealed = wired.pipeline.conceal(subject)
        assert len(concealed.lines) == len(subject.lines)
        assert CANARY not in concealed.text
        assert wired.pipeline.conceal(concealed) == concealed
        assert wired.pipeline.conceal(document("plain")) == document("plain")


class TestAnalyze:
    def test_the_same_run_twice_adds_nothing_and_asks_nobody(self, wired: Wired) -> None:
        items = [alert(1), alert(2), window()]
        one = list(wired.pipeline.analyze("triage", items))
        asked = len(wired.backend.seen)
        two = list(wired.pipeline.analyze("triage", items))
        assert one == two
        assert (len(wired.backend.seen), wired.store.count_analyses()) == (asked, 3)

    def test_two_homes_give_the_same_outcome(self, tmp_path: Path) -> None:
        outcomes = []
        for name in ("one", "two"):
            made = Wired(tmp_path / name)
            (found,) = made.pipeline.analyze("triage", [alert()])
            outcomes.append(found.model_dump(exclude={"created_at", "timings"}))
            made.store.close()
        assert outcomes[0] == outcomes[1]

    def test_equal_subjects_are_asked_once_and_answered_each(self, wired: Wired) -> None:
        found = list(wired.pipeline.analyze("triage", [alert(1), alert(2), alert(1)]))
        assert len(wired.backend.seen) == 2
        assert found[0] == found[2] != found[1]
        assert wired.store.count_analyses() == 2

    def test_many_keep_their_order_and_report_progress(self, wired: Wired) -> None:
        items = [alert(number) for number in range(2 * BATCH + 3)]
        seen: list[tuple[int, int]] = []
        found = list(wired.pipeline.analyze("triage", items, progress=lambda *at: seen.append(at)))
        assert [analysis.origin for analysis in found] == [item.origin for item in items]
        assert seen == [(BATCH, len(items)), (2 * BATCH, len(items)), (len(items), len(items))]

    def test_what_was_finished_is_kept_when_the_model_fails(self, wired: Wired, tmp_path: Path) -> None:
        def failing(request: Request) -> Completion:
            if f"Rule {BATCH + 1}" in request.prompt.user:
                raise SourceError("the model went away")
            return bad(request)

        made = Wired(tmp_path / "failing", failing)
        with pytest.raises(SourceError):
            list(made.pipeline.analyze("triage", [alert(number) for number in range(BATCH + 4)]))
        assert made.store.count_analyses() == BATCH
        made.store.close()

    def test_languages_are_runs_of_their_own(self, wired: Wired) -> None:
        one, two = (next(wired.pipeline.analyze("triage", [alert()], language)) for language in ("en", "zh"))
        assert (one.language, two.language) == ("en", "zh")
        assert one.id != two.id

    def test_judging_stores_nothing_and_says_the_same(self, wired: Wired) -> None:
        (judged,) = wired.pipeline.judge("triage", [alert()])
        assert (wired.store.count_subjects(), wired.store.count_analyses()) == (0, 0)
        (stored,) = wired.pipeline.analyze("triage", [alert()])
        volatile = {"created_at", "timings"}
        assert judged.model_dump(exclude=volatile) == stored.model_dump(exclude=volatile)

    def test_what_is_stored_is_what_was_given_back(self, wired: Wired) -> None:
        found = list(wired.pipeline.analyze("triage", [alert(1), window()]))
        assert [wired.store.find_analysis(analysis.id) for analysis in found] == found

    def test_quarantined_answers_are_stored_too(self, tmp_path: Path) -> None:
        made = Wired(tmp_path / "home", ["nonsense", "nonsense"])
        (found,) = made.pipeline.analyze("triage", [alert()])
        assert (found.state, made.store.count_analyses()) == (State.QUARANTINED, 1)
        made.store.close()

    @pytest.mark.parametrize("folder", ["alerts", "logs", "webapp", "documents"])
    def test_every_quote_of_the_examples_stands_in_its_input(self, wired: Wired, folder: str) -> None:
        items = subjects(wired.pipeline.read([EXAMPLES / folder]))
        assert items
        for subject in items:
            for name in suited(subject):
                (found,) = wired.pipeline.analyze(name, [subject])
                assert Analysis.model_validate_json(found.model_dump_json()) == found
                shown = subject if name == "sensitive" else wired.pipeline.conceal(subject)
                for evidence in quoted(found):
                    assert stands(shown, evidence), f"{subject.origin}: {evidence}"


def stands(subject: Subject, evidence: Evidence) -> bool:
    """Verbatim; around the masks where the search for secrets replaced a value in the quote."""
    text = subject.lines[evidence.line - 1].text
    around = grounding.MASKED.split(evidence.quote) if evidence.redacted else []
    field = subject.lines[evidence.line - 1].field
    return grounding.stands(subject, evidence) or (bool(around) and all(part in f"{field}: {text}" for part in around))


def quoted(analysis: Analysis) -> list[Evidence]:
    own = list(analysis.verdict.evidence) if analysis.verdict else []
    return own + [evidence for finding in analysis.findings for evidence in finding.evidence]


class TestAdvise:
    def test_only_what_asks_for_something_gets_advice(self, wired: Wired) -> None:
        found = list(wired.pipeline.analyze("triage", [alert(), LogWindow(source="s", body="all is well")]))
        harmless = found[1].model_copy(
            update={"verdict": Verdict(disposition=Disposition.FALSE_POSITIVE, severity=Severity.INFO, confidence=1)}
        )
        (advice,) = wired.pipeline.advise([found[0], harmless])
        assert advice.remediation is not None
        assert advice.remediation.about == found[0].id
        assert advice.remediation.steps

    def test_the_same_advice_is_stored_once(self, wired: Wired) -> None:
        found = list(wired.pipeline.analyze("triage", [alert()]))
        one, two = (list(wired.pipeline.advise(found)) for _ in range(2))
        assert one == two
        assert wired.store.count_analyses() == 2

    def test_findings_get_advice(self, wired: Wired) -> None:
        found = list(wired.pipeline.analyze("sensitive", [code(f"password = '{CANARY}'\n")]))
        assert to_act_on(found[0])
        (advice,) = wired.pipeline.advise(found)
        assert advice.remediation is not None
        assert CANARY not in advice.model_dump_json()
        assert not any(
            CANARY in request.prompt.user for request in wired.backend.seen if request.analyzer == "remediate"
        )


class TestReport:
    def period(self) -> tuple[datetime, datetime]:
        now = datetime.now(UTC)
        return now - timedelta(days=1), now + timedelta(seconds=5)

    def test_facts_are_counted_and_cases_listed(self, wired: Wired) -> None:
        found = list(wired.pipeline.analyze("triage", [alert(1), alert(2)]))
        made = wired.pipeline.report(*self.period(), title="Week")
        assert made.report is not None
        assert made.report.facts.counts["verdicts.true_positive"] == 2
        assert {case.analysis_id for case in made.report.cases} == {analysis.id for analysis in found}

    def test_an_empty_period(self, wired: Wired) -> None:
        made = wired.pipeline.report(*self.period(), title="Nothing")
        assert made.report is not None
        assert made.report.cases == ()

    def test_the_same_facts_are_worded_once(self, wired: Wired) -> None:
        list(wired.pipeline.analyze("triage", [alert()]))
        period = self.period()
        one, two = (wired.pipeline.report(*period, title="Week") for _ in range(2))
        assert one.id == two.id
        assert len([request for request in wired.backend.seen if request.analyzer == "report"]) == 1


def test_which_analyses_suit_what() -> None:
    assert [suited(subject) for subject in (alert(), window(), code("x"), document("x"))] == [
        ("triage",),
        ("triage",),
        ("review", "sensitive"),
        ("sensitive",),
    ]


def test_what_is_to_be_acted_on(wired: Wired) -> None:
    (found,) = wired.pipeline.analyze("sensitive", [code(f"password = '{CANARY}'\n")])
    unsure = found.findings[0].model_copy(update={"judgement": Judgement.UNSURE})
    assert to_act_on(found)
    assert not to_act_on(found.model_copy(update={"findings": (unsure,)}))


def test_a_backend_by_name(tmp_path: Path) -> None:
    assert bootstrap.backend(Settings(home=tmp_path)).name == "local"
    with pytest.raises(UsageError, match="no analyzer is named 'nosuch'"):
        from secassist import plugins

        plugins.load("analyzers", "nosuch")


def test_answers_of_the_script_are_valid() -> None:
    """The tests above rest on it."""
    from schemas.answers import ANSWERS
    from secassist import plugins, templates

    for name in plugins.names("analyzers"):
        ANSWERS[templates.load(name).matter.output].model_validate_json(answer(name))


def test_an_alert_without_fields(wired: Wired) -> None:
    (found,) = wired.pipeline.analyze("triage", [Alert(source="s", fields=())])
    assert found.state is State.OK


@pytest.mark.parametrize("name", ["big.log", "big.json", "big.jsonl", "big.txt"])
def test_a_file_above_the_limit_is_refused_by_name_and_the_rest_goes_on(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('{"a": "b"}\n' * 200_000)
    (tmp_path / "small.jsonl").write_text('{"title": "t", "a": "b"}\n')
    made = Wired(tmp_path / "home")
    made.pipeline.limits = Limits(file_bytes=1_000_000)
    found = list(made.pipeline.read([tmp_path / name, tmp_path / "small.jsonl"]))
    assert [type(item) for item in found] == [Rejected, Alert]
    assert isinstance(found[0], Rejected)
    assert name in found[0].origin
    assert "SECASSIST_FILE_MEGABYTES=3" in found[0].reason
    made.store.close()
