"""What is missing fits the kind of input, is not in it already, and is asked for where there is a suspicion."""

from collections.abc import Sequence

import pytest

from schemas import Alert, Field, Verdict
from secassist.analyzers._missing import LACKS, MOST, missing
from secassist.analyzers.base import Evidenced
from secassist.backends.scripted import ScriptedBackend
from secassist.registry import Calibration
from tests.analyzers.scripts import alert, analyzer, decided, driver, window

REQUEST = "GET /a?id=1 HTTP/1.1\r\nHost: a.example\r\n\r\n"


def record(source: str = "alert_json", **fields: str) -> Alert:
    return Alert(source=source, fields=tuple(Field(path=path, value=value) for path, value in fields.items()))


def asked(subject: object, language: str = "en") -> Sequence[str]:
    return missing(Evidenced(subject, language=language), bad=True)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        (record(command="vssadmin delete shadows /all"), "command"),
        (record(kind="http", raw=REQUEST), "request"),
        (record("request", raw=REQUEST), "request"),
        (record("eml", subject="Hello"), "mail"),
        (record(src_ip="192.0.2.1", dest_ip="192.0.2.2"), "traffic"),
        (record(eventType="user.mfa.factor.deactivate"), "account"),
        (window(), "window"),
    ],
)
def test_every_kind_of_input_is_asked_for_its_own(subject: object, kind: str) -> None:
    said = asked(subject)
    assert said and set(said) <= {lack.en for lack in LACKS[kind]}
    assert len(asked(subject, "zh")) == len(said) <= MOST


def test_what_the_input_holds_is_not_asked_for() -> None:
    bare, full = record(CommandLine="x.exe"), record(CommandLine="x.exe", ParentImage="w3wp.exe", User="u")
    assert "the program that started it" in asked(bare)
    assert asked(full) == (LACKS["command"][2].en,)
    assert "status and size of the answer" not in asked(record(method="GET", url="/a", status="200"))


def test_nothing_is_missing_for_a_harmless_verdict_or_an_unknown_input() -> None:
    assert missing(Evidenced(alert()), bad=False) == ()
    assert asked(record(告警="x")) == ()


class Mute(ScriptedBackend):
    """A backend whose adapter decides well and words badly."""

    def calibration(self, analyzer: str) -> Calibration:
        return Calibration(speaks=False)


@pytest.mark.parametrize(("speaks", "own"), [(True, True), (False, False)])
def test_only_a_model_that_speaks_says_what_is_missing(speaks: bool, own: bool) -> None:
    def said(request: object) -> object:
        return decided(request, decision="true_positive", severity="high", missing=["status of the answer"])  # type: ignore[arg-type]

    backend = (ScriptedBackend if speaks else Mute)(said)  # type: ignore[arg-type]
    (analysis,) = driver(backend).analyze(analyzer("triage"), [alert()])
    verdict = analysis.verdict
    assert isinstance(verdict, Verdict)
    assert (verdict.missing_evidence == ("status of the answer",)) is own
    assert verdict.missing_evidence
