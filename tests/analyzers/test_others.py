"""Sensitive, review, techniques, remediate and report: what the model may say and what code makes of it."""

import json
from typing import Any, ClassVar

import pytest

from schemas import Analysis, Disposition, FindingKind, Judgement, Phase, Place, ReportFacts, Severity, State, Subject
from secassist import grounding, plugins
from secassist.analyzers.base import Evidenced
from secassist.backends.base import Completion, Request
from secassist.backends.scripted import ScriptedBackend
from secassist.detectors.base import Candidate, Detection
from secassist.knowledge import attack, playbook
from tests.analyzers.scripts import KEY, Probe, Unfit, analyzer, answer, code, decided, detectors, document, driver

SHELL = "import os\n\ndef ping(host):\n    os.system('ping -c 1 ' + host)\n"
MIXED = "import os\nimport subprocess\n\ndef ping(host):\n    subprocess.run('ping ' + host, shell=True)\n"
SAFE = "def add(a, b):\n    return a + b\n"
LONG = "\n".join(f"def f{n}(x):\n    y = x + {n}\n" + "\n".join(f"    y += {i}" for i in range(28)) for n in range(4))
"""Four functions, judged one by one."""


def run(name: str, script: Any, subject: Subject, found: Any = None, **more: Any) -> Analysis:
    (analysis,) = driver(script, found or detectors()).analyze(analyzer(name), [subject], **more)
    return analysis


class TestSensitive:
    TEXT = "db_user = 'app'\ndb_password = 'Qx7Invented9Canary3Vault5Zw'\n"

    def test_each_open_candidate_is_one_question(self) -> None:
        backend = ScriptedBackend(decided)
        analysis = run("sensitive", backend, code(self.TEXT))
        assert len(backend.seen) == 1
        assert "type: password" in backend.seen[0].prompt.user
        (finding,) = analysis.findings
        assert (finding.kind, finding.judgement, finding.cwe) == (FindingKind.SECRET, Judgement.REAL, "CWE-798")
        assert finding.confidence == pytest.approx(0.8, abs=1e-3)

    @pytest.mark.parametrize("word", ["placeholder", "test", "encrypted", "not_sensitive", "unsure"])
    def test_other_words_lower_the_severity(self, word: str) -> None:
        (finding,) = run("sensitive", lambda r: decided(r, decision=word), code(self.TEXT)).findings
        assert (finding.judgement, finding.severity) == (Judgement(word), Severity.INFO)

    @pytest.mark.parametrize(
        "completion", [Completion("", "length"), Completion("", "refused"), Completion("x", "stop")]
    )
    def test_an_unanswered_candidate_stays_unsure(self, completion: Completion) -> None:
        analysis = run("sensitive", [completion, completion], code(self.TEXT))
        (finding,) = analysis.findings
        assert finding.judgement is Judgement.UNSURE
        assert finding.severity is not Severity.INFO
        assert analysis.state is not State.OK

    def test_an_unfit_model_leaves_it_unsure(self) -> None:
        analysis = run("sensitive", Unfit(decided), code(self.TEXT))
        assert (analysis.state, analysis.findings[0].judgement) == (State.UNFIT, Judgement.UNSURE)

    def test_what_code_is_certain_of_is_not_asked(self) -> None:
        candidate = Candidate(
            kind=FindingKind.SECRET,
            rule="probe",
            type="probe-key",
            message="a key",
            place=Place(path="", start_line=1, end_line=1, start=4, end=25),
            severity=Severity.HIGH,
            value="invented-sure-value-1",
            certain=True,
        )
        backend = ScriptedBackend([])
        found = {"secrets": Probe("secrets", detection=Detection(candidates=(candidate,)))}
        analysis = run("sensitive", backend, document("key=invented-sure-value-1"), found)
        assert backend.seen == []
        assert (analysis.state, analysis.findings[0].judgement) == (State.OK, Judgement.REAL)
        assert analysis.findings[0].evidence[0].quote == "key=[probe-key:in****-1]"

    def test_the_keyed_hash_needs_the_key(self) -> None:
        one = run("sensitive", decided, code(self.TEXT)).findings[0].secret
        made = driver(decided, detectors())
        made.key = b"another key".ljust(len(KEY))
        two = made.analyze(analyzer("sensitive"), [code(self.TEXT)])[0].findings[0].secret
        assert one is not None
        assert two is not None
        assert one.mask == two.mask
        assert one.hmac != two.hmac

    def test_nothing_found(self) -> None:
        analysis = run("sensitive", [], document("Nothing to see."))
        assert (analysis.state, analysis.findings) == (State.OK, ())


class TestReview:
    def test_a_scanner_finding_that_the_model_confirms(self) -> None:
        fix = "subprocess.run(['ping', '-c', '1', host], check=True)"
        words = {"decision": "vulnerable", "cwe": "CWE-78", "lines": [4], "severity": "high", "fix": fix}
        subject = code(SHELL)
        analysis = run("review", lambda r: decided(r, **words), subject)
        assert analysis.verdict is not None
        assert analysis.verdict.disposition is Disposition.TRUE_POSITIVE
        found = [f for f in analysis.findings if f.cwe == "CWE-78"]
        assert found
        assert found[0].by[-1] == "model"
        assert found[0].fix is not None
        assert (found[0].fix.replacement, found[0].fix.checks) == (fix, ())
        assert all(grounding.stands(subject, e) for f in analysis.findings for e in f.evidence)

    @pytest.mark.parametrize("said", ["low", "critical"])
    def test_a_file_is_as_grave_as_its_worst_real_finding(self, said: str) -> None:
        words = {"decision": "vulnerable", "cwe": "CWE-78", "lines": [4], "severity": said}
        analysis = run("review", lambda r: decided(r, **words), code(MIXED))
        worst = max((f.severity for f in analysis.findings), key=lambda each: each.rank)
        assert worst is Severity.HIGH
        assert analysis.verdict is not None
        assert analysis.verdict.severity is worst
        unsure = run("review", lambda r: decided(r, decision="safe", severity="info"), code(MIXED))
        assert unsure.verdict is not None
        assert unsure.verdict.severity is Severity.INFO, "what the judge holds for harmless raises nothing"

    def test_one_that_the_model_calls_safe_stays_as_unsure(self) -> None:
        analysis = run("review", decided, code(SHELL))
        assert analysis.findings
        assert {finding.judgement for finding in analysis.findings} == {Judgement.UNSURE}

    def test_a_finding_of_the_model_alone(self) -> None:
        words = {"decision": "vulnerable", "cwe": "CWE-191", "lines": [2], "severity": "medium"}
        subject = code(SAFE, start_line=101)
        analysis = run("review", lambda r: decided(r, **words), subject)
        (finding,) = analysis.findings
        assert (finding.by, finding.rule, finding.place.start_line) == (("model",), "model:CWE-191", 102)
        assert [(e.line, e.quote) for e in finding.evidence] == [(2, "return a + b")]

    def test_an_invented_weakness_gets_no_number(self) -> None:
        analysis = run("review", lambda r: decided(r, decision="vulnerable", cwe="CWE-9999", lines=[2]), code(SAFE))
        (finding,) = analysis.findings
        assert (finding.rule, finding.cwe) == ("model:weakness", "")

    def test_lines_of_another_unit_are_no_evidence(self) -> None:
        def script(request: Request) -> Completion:
            first = "1| def f0" in request.prompt.user
            return decided(request, decision="vulnerable" if first else "safe", cwe="CWE-20", lines=[2, 90, 5000])

        analysis = run("review", script, code(LONG))
        (finding,) = analysis.findings
        assert [evidence.line for evidence in finding.evidence] == [2]

    @pytest.mark.parametrize("lines", [[], [1]])
    def test_a_suspicion_that_points_at_no_line_that_does_anything_is_no_alarm(self, lines: list[int]) -> None:
        words = {"decision": "vulnerable", "cwe": "CWE-191", "lines": lines}
        analysis = run("review", lambda r: decided(r, **words), code(SAFE))
        assert analysis.findings == ()
        assert analysis.verdict is not None
        assert (analysis.verdict.disposition, analysis.verdict.severity) == (Disposition.FALSE_POSITIVE, Severity.INFO)
        assert "can cite no line" in analysis.verdict.rationale
        assert analysis.verdict.score is not None and analysis.verdict.score > 0.5, (
            "how probable it was stays to be read"
        )

    def test_a_fix_that_repeats_the_code_is_none(self) -> None:
        words = {"decision": "vulnerable", "cwe": "CWE-78", "fix": "os.system('ping -c 1 ' + host)"}
        assert all(f.fix is None for f in run("review", lambda r: decided(r, **words), code(SHELL)).findings)

    def test_the_worst_unit_speaks_for_the_whole(self) -> None:
        def script(request: Request) -> Completion:
            if "def f2" not in request.prompt.user:
                return decided(request, decision="safe")
            return decided(request, decision="vulnerable", cwe="CWE-20", lines=[2 * 30 + 2])

        backend = ScriptedBackend(script)
        analysis = run("review", backend, code(LONG))
        assert len(backend.seen) > 1
        assert analysis.verdict is not None
        assert analysis.verdict.disposition is Disposition.TRUE_POSITIVE

    def test_an_unfit_model_decides_nothing(self) -> None:
        analysis = run("review", Unfit(lambda r: decided(r, decision="safe")), code(SHELL))
        assert analysis.state is State.UNFIT
        assert analysis.verdict is not None
        assert analysis.verdict.disposition is Disposition.NOT_EVALUABLE
        assert {finding.judgement for finding in analysis.findings} == {Judgement.REAL}, "the scanner's word stands"

    def test_a_unit_that_was_not_judged_is_not_harmless(self) -> None:
        def script(request: Request) -> Completion:
            return Completion("{", "length") if "def f2" in request.prompt.user else decided(request)

        analysis = run("review", script, code(LONG))
        assert analysis.state is State.TRUNCATED
        assert analysis.verdict is None or analysis.verdict.disposition is Disposition.NOT_EVALUABLE

    def test_an_empty_file(self) -> None:
        assert run("review", decided, code("")).state is State.OK


class TestTechniques:
    TEXT = "The malware adds a Run key to the registry so that it starts at every logon."

    def test_only_candidates_may_be_named(self) -> None:
        backend = ScriptedBackend([answer("techniques", techniques=["T1547.001"])])
        analysis = run("techniques", backend, document(self.TEXT))
        offered = backend.seen[0].schema["properties"]["techniques"]["items"]["enum"]
        assert "T1547.001" in offered
        assert analysis.verdict is not None
        assert analysis.verdict.techniques[0] == "T1547.001"
        assert len(set(analysis.verdict.techniques)) == 3
        assert all(attack.exists(technique) for technique in analysis.verdict.techniques)

    def test_a_text_about_nothing(self) -> None:
        assert run("techniques", [], document("")).state is State.UNFIT


class TestRemediate:
    CONTEXT: ClassVar[dict[str, Any]] = {
        "about": "a" * 64,
        "finding": "true_positive high",
        "techniques": ["T1486"],
        "cwe": [],
        "kinds": ["endpoint"],
    }

    def advised(self, script: Any, language: str = "en") -> Analysis:
        return run("remediate", script, document("{}"), contexts=[self.CONTEXT], language=language)

    @pytest.mark.parametrize("language", ["en", "zh"])
    def test_steps_are_playbook_entries_in_the_order_of_the_phases(self, language: str) -> None:
        analysis = self.advised([answer("remediate", steps=[5, 2, 2])], language)
        advice = analysis.remediation
        assert advice is not None
        ranks = [step.phase.rank for step in advice.steps]
        assert ranks == sorted(ranks)
        assert {step.phase for step in advice.steps} == set(Phase), "no phase is left empty"
        known = {entry.id: entry for entry in playbook.entries()}
        assert all(step.action == known[step.ref].action[language] for step in advice.steps)
        assert len({step.ref for step in advice.steps}) == len(advice.steps)

    def test_without_an_answer_there_is_still_advice(self) -> None:
        analysis = self.advised(["nonsense", "nonsense"])
        assert analysis.state is State.QUARANTINED
        assert analysis.remediation is not None
        assert {step.phase for step in analysis.remediation.steps} == set(Phase)

    def test_a_step_that_was_not_offered(self) -> None:
        """A server may ignore the grammar; then the number is refused, not looked up."""
        analysis = self.advised([answer("remediate", steps=[99]), answer("remediate", steps=[99])])
        assert analysis.remediation is not None
        assert {step.phase for step in analysis.remediation.steps} == set(Phase)


class TestReport:
    def reported(self, *sentences: str, counts: dict[str, int] | None = None) -> Analysis:
        facts = ReportFacts(since="2026-11-01", until="2026-11-03", counts=counts or {"verdicts.true_positive": 3})
        context = {"facts": facts.model_dump(mode="json"), "title": "Week"}
        text = json.dumps({"sentences": list(sentences)})
        return run("report", [text, text], document("{}"), contexts=[context])

    @pytest.mark.parametrize(
        "sentence",
        [
            "There were 3 true positives.",
            "There were 3 true positives and 1,204 secrets.",
            "真实攻击 3 项，密钥 1204 项。",
        ],
    )
    def test_a_sentence_of_counted_facts_is_kept(self, sentence: str) -> None:
        report = self.reported(sentence, counts={"verdicts.true_positive": 3, "findings.secret": 1204}).report
        assert report is not None
        assert (report.prose[0], report.dropped) == (sentence, 0)

    @pytest.mark.parametrize(
        "sentence",
        [
            "There were 4 true positives.",
            "There were 3 false positives.",
            "There were 3 cases that could not be judged.",
            "There were 1204 true positives and 3 secrets.",
            "97 % were harmless.",
            "See T1059.",
            "Of these, 1204 were secrets.",
            "All is well.",
            "There were 3 true positives, 3 of them grave.",
        ],
    )
    def test_a_sentence_with_another_number_is_dropped_and_counted(self, sentence: str) -> None:
        report = self.reported(sentence, counts={"verdicts.true_positive": 3, "findings.secret": 1204}).report
        assert report is not None
        assert (report.prose, report.dropped) == (("True positives: 3.", "Secrets: 1204."), 1)

    def test_no_prose_is_a_state_not_a_report_of_nothing(self) -> None:
        analysis = self.reported()
        assert analysis.state is State.QUARANTINED
        assert analysis.report is not None
        assert analysis.report.prose == ()


@pytest.mark.parametrize("name", plugins.names("analyzers"))
def test_every_plug_in_keeps_the_contract(name: str) -> None:
    plugin = analyzer(name)
    assert plugin.name == name
    assert plugin.summary
    assert plugin.kinds
    assert set(plugin.detectors) <= set(plugins.names("detectors"))


@pytest.mark.parametrize("name", ["review", "sensitive", "triage", "techniques"])
def test_questions_are_asked_in_the_language_wanted(name: str) -> None:
    subject: Any = {"review": code(SHELL), "sensitive": code(TestSensitive.TEXT)}.get(name) or document(
        TestTechniques.TEXT
    )
    made = driver(ScriptedBackend([]), detectors())
    item: Evidenced = made.detect(analyzer(name), subject, "zh")
    assert all(question.values["language"] == "zh" for question in analyzer(name).ask(item, made.tools(analyzer(name))))
