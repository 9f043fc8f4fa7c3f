"""Windows rules: each fires on the behaviour it names and leaves a harmless neighbour alone."""

from pathlib import Path

import pytest
import yaml

from schemas import Severity
from secassist.detectors._sigma.rules import RULES
from tests.detectors.rule_cases import fired, signals

CASES = yaml.safe_load(Path(__file__).with_name("rule_cases_windows.yaml").read_text("utf-8"))

EVERYDAY = """
net use Z: \\\\fs01\\docs /persistent:yes
schtasks /run /tn Backup
reg add HKCU\\Software\\MyApp /v Theme /t REG_SZ /d dark /f
certutil -hashfile setup.exe SHA256
wevtutil qe System /c:10 /f:text
wevtutil sl Application /ms:67108864
powershell -NoProfile -File C:\\scripts\\inventory.ps1
Set-ADUser bob -Title Manager
msiexec /i C:\\install\\app.msi /qn /norestart
regsvr32 /s C:\\Windows\\System32\\vbscript.dll
rundll32.exe user32.dll,LockWorkStation
robocopy C:\\build C:\\inetpub\\wwwroot /mir
takeown /f D:\\old /r /d y
format E: /fs:ntfs /q
netsh winsock reset
sc failure crm reset= 86400 actions= restart/60000
manage-bde -on D: -RecoveryPassword
ipconfig /release
msbuild MyApp.sln /t:Build /p:Configuration=Release
curl.exe -s https://example.com/health
Invoke-Command -ComputerName srv01 -ScriptBlock { Restart-Service W3SVC }
Get-ADUser -Filter * | Export-Csv users.csv
""".strip().splitlines()


def names(area: str) -> set[str]:
    documents = yaml.safe_load_all((RULES / f"{area}.yml").read_text("utf-8"))
    return {document["name"] for document in documents}


@pytest.mark.parametrize("name", CASES)
def test_a_rule_fires_on_what_it_is_for_and_not_on_a_near_miss(name: str) -> None:
    for case in CASES[name]["hits"]:
        assert name in fired(case), case
    for case in CASES[name]["misses"]:
        assert name not in fired(case), case


@pytest.mark.parametrize(
    "area", [f"windows_{area}" for area in ("lolbin", "credential", "evasion", "persistence", "powershell", "sysmon")]
)
def test_every_rule_of_an_area_has_a_case_that_it_fires_on(area: str) -> None:
    assert {name for name in names(area) if not CASES.get(name, {}).get("hits")} == set()


@pytest.mark.parametrize("command", EVERYDAY)
def test_everyday_administration_stays_below_medium(command: str) -> None:
    grave = [signal.rule for signal in signals(command) if signal.severity.rank >= Severity.MEDIUM.rank]
    assert grave == []


@pytest.mark.parametrize(
    "fields",
    [
        {"EventID": "4104", "ScriptBlockText": "vssadmin delete shadows /all"},
        {"EventID": "7045", "ImagePath": "cmd /c vssadmin delete shadows /all"},
        {"EventID": "4698", "TaskContent": "<Exec>vssadmin delete shadows /all</Exec>"},
        {"ActionType": "ProcessCreated", "ProcessCommandLine": "vssadmin delete shadows /all"},
        {"process.command_line": "vssadmin delete shadows /all"},
    ],
)
def test_what_is_run_is_found_wherever_an_event_holds_it(fields: dict[str, str]) -> None:
    assert "win-shadow-copy-delete" in fired(fields)


def test_an_event_that_runs_nothing_is_no_execution() -> None:
    assert "win-shadow-copy-delete" not in fired({"EventID": "4663", "CommandLine": "vssadmin delete shadows /all"})
