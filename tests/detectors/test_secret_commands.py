"""Passwords on command lines: by flag, glued, after a user name and by position; prompts and prose are left alone."""

import time

import pytest

from schemas import Document, LogWindow
from secassist.detectors.secrets import PLUGIN

WORD = "Trub4dor!x"


def found(line: str) -> list[tuple[str, str]]:
    text = f"before it\n{line}\nafter it"
    subject = LogWindow(source="t", body=text)
    candidates = [c for c in PLUGIN.detect(subject).candidates if not c.safe_hint]
    assert all(text[c.place.start : c.place.end] == c.value and c.place.start_line == 2 for c in candidates)
    return [(c.type, c.value) for c in candidates]


@pytest.mark.parametrize(
    "line",
    [
        r"schtasks /create /tn upd /tr c:\u.exe /ru CORP\svc /rp Trub4dor!x /sc daily",
        'schtasks.exe /Create /RP "Trub4dor!x" /RU svc',
        r"net use \\srv\c$ /user:CORP\adm Trub4dor!x",
        r"net use Z: \\192.0.2.5\share Trub4dor!x /user:adm /persistent:no",
        r'"C:\Windows\System32\net.exe" use \\srv.network.example\c$ "Trub4dor!x" /u:adm',
        r"psexec \\srv -u CORP\adm -p Trub4dor!x cmd.exe",
        'PsExec64.exe -accepteula -u adm -p "Trub4dor!x" cmd',
        r'{"CommandLine":"psexec \\\\srv -u adm -p Trub4dor!x","Image":"C:\\t\\psexec.exe"}',
        r'{"CommandLine":"psexec -u adm -p \"Trub4dor!x\" cmd","Image":"x"}',
        'sqlcmd -S srv -U sa -P Trub4dor!x -Q "select 1"',
        "sqlcmd -S srv -U sa -PTrub4dor!x",
        "mysql -u root -pTrub4dor!x app",
        "/usr/bin/mysqldump --user=root -p'Trub4dor!x' app > x.sql",
        "curl -u svc:Trub4dor!x https://host.example/",
        "curl -s --user 'svc:Trub4dor!x' https://host.example/",
        'curl --user=svc:"Trub4dor!x" https://host.example/',
        "sshpass -p Trub4dor!x ssh host",
        "useradd -m -p Trub4dor!x deploy",
        "sshpass -pTrub4dor!x ssh host; uptime",
        "net user bob Trub4dor!x /add",
        'net1 user "bob b" "Trub4dor!x" /domain /add',
        "net user /add bob Trub4dor!x",
        "wmic /node:srv /user:adm /password:Trub4dor!x process call create calc",
        'wmic /user:adm /password:"Trub4dor!x" os get',
        "cmdkey /add:srv /user:adm /pass:Trub4dor!x",
        "plink.exe -ssh -l tun -pw Trub4dor!x -R 3389:127.0.0.1:3389 198.51.100.7",
        "smbclient //srv/share -U adm%Trub4dor!x",
        "docker login -u ci -p Trub4dor!x registry.example",
    ],
)
def test_each_tool_gives_its_password_away_and_nothing_else(line: str) -> None:
    assert found(line) == [("password", WORD)]


@pytest.mark.parametrize(
    "line",
    [
        r"net use \\srv\share /user:adm *",
        r"net use \\srv\share /delete",
        "net use",
        "net user bob /add",
        "net user bob was created by the desk",
        "net user bob * /add",
        "mysql -h db -P 3306 -u root -p app",
        "docker run -p 8080:80 web",
        "sqlcmd -S srv -E -p 1",
        "curl -u svc https://host.example/",
        "psexec -p",
        "schtasks /query /fo list",
        "ssh -p 2222 host; mkdir -p deep/folder",
    ],
)
def test_prompts_other_flags_and_prose_are_left_alone(line: str) -> None:
    assert found(line) == []


def test_references_keep_their_hint() -> None:
    (candidate,) = PLUGIN.detect(Document(source="t", body="psexec -u adm -p %ADMIN_PW% cmd")).candidates
    assert candidate.safe_hint


def test_many_commands_are_read_once_each() -> None:
    body = "net use \\\\a /user:b " * 10_000 + "curl -u " * 10_000 + "psexec" * 10_000
    begin = time.process_time()
    PLUGIN.detect(Document(source="t", body=body))
    assert time.process_time() - begin < 5
