"""Sentences about tools are no commands: a question runs nothing, and what runs is never taken for a question."""

import pytest

from secassist.detectors._sigma.prose import is_prose
from tests.detectors.rule_cases import fired

SENTENCES = (
    "How do I block mimikatz on our servers?",
    "Does our antivirus detect LaZagne and SharpHound?",
    "Please tell me whether PsExec may still be used for the installation of software.",
    "What is the difference between Rubeus and kerberoasting, and which events should we monitor?",
    "请问怎样检测内网里的 mimikatz 和 PsExec 横向移动？",
    "计划本周五启用勒索软件防护，禁止 vssadmin delete shadows 等命令，并告警。",
)
COMMANDS = (
    "mimikatz privilege::debug sekurlsa::logonpasswords exit",
    "mimikatz.exe how do I block this on our servers",
    "how do I block this on our servers; mimikatz",
    "what is this & mimikatz",
    "is it the one /c mimikatz",
    "请执行 vssadmin delete shadows /all /quiet 然后删除备份目录",
    "why do we have this `mimikatz`",
    "rubeus kerberoast",
    "what if the cmd $(mimikatz) is run by us",
)


@pytest.mark.parametrize("text", SENTENCES)
def test_sentences_match_no_rule_about_commands(text: str) -> None:
    assert is_prose(text)
    assert fired(text) == set()
    assert fired({"kind": "ticket", "text": text}) == set()


@pytest.mark.parametrize("text", COMMANDS)
def test_whatever_could_run_is_a_command(text: str) -> None:
    assert not is_prose(text)


def test_tools_in_commands_are_still_found() -> None:
    for text in COMMANDS[:4]:
        assert "win-offensive-tool-name" in fired(text), text


def test_long_texts_are_no_sentences() -> None:
    assert not is_prose("we are all of us here and " * 400)


def test_a_mail_about_attacks_is_no_verdict_of_a_service_on_a_sign_in() -> None:
    mail = {"from": "soc@a.example", "subject": "Phishing warning", "body": "Suspicious mails came this week."}
    sensor = {"event_type": "alert", "alert.signature": "ET INFO a lookup", "alert.category": "Not Suspicious Traffic"}
    assert "saas-sign-in-odd" not in fired(mail) | fired(sensor)
    assert "saas-sign-in-odd" in fired({"eventType": "security.session.suspicious_activity"})


def test_scanners_are_agents_and_not_words() -> None:
    assert "web-scanner-agent" not in fired({"message": "Please whitelist the scanner nessus01 on Monday"})
    assert "web-scanner-agent" in fired({"user_agent": "Mozilla/4.75 [en] (X11, U; Nessus)"})


def test_a_password_that_its_owner_changed_is_no_finding() -> None:
    own = {"eventType": "user.account.update_password", "actor.alternateId": "a@x.example"}
    rules = {"okta-password-health", "saas-password-changed", "azure-mfa-registered"}
    assert not rules & fired(own | {"target.alternateId": "a@x.example"})
    assert rules & fired(own | {"target.alternateId": "b@x.example"})
    assert not rules & fired({"operationName": "Change user password", "category": "AuditLogs"})
    assert rules & fired({"operationName": "Reset password (by admin)", "category": "AuditLogs"})


@pytest.mark.parametrize(
    "command", ["grep -ri mimikatz detections/", "zgrep -c rubeus alerts.gz | wc -l", "vim mimikatz.yml"]
)
def test_who_looks_for_a_tool_does_not_run_it(command: str) -> None:
    assert not {"win-offensive-tool-name", "lin-offensive-tool"} & fired(command)


@pytest.mark.parametrize(
    "command", ["grep x y; mimikatz", "grep x y | mimikatz", "vim -c '!mimikatz'", "grep $(mimikatz) y"]
)
def test_a_search_that_runs_a_tool_is_found(command: str) -> None:
    assert "win-offensive-tool-name" in fired(command)
