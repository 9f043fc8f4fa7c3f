"""Windows events exported as XML."""

from pathlib import Path

import pytest

from schemas import Alert
from secassist.sources.base import Limits, Rejected
from secassist.sources.windows_events import PLUGIN

NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"
HEAD = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'


def event(number: int, data: str) -> str:
    return (
        f"<Event xmlns='{NAMESPACE}'><System><Provider Name='Microsoft-Windows-Security-Auditing'/>"
        f"<EventID>{number}</EventID><TimeCreated SystemTime='2026-03-02T08:12:33.1234567Z'/>"
        f"<Channel>Security</Channel><Computer>ws-17.corp.example</Computer></System><EventData>{data}</EventData></Event>"
    )


STARTED = event(
    4688,
    "<Data Name='NewProcessName'>C:\\Windows\\System32\\rundll32.exe</Data>"
    "<Data Name='CommandLine'>rundll32 a.dll &amp; b</Data>",
)
LOGON = event(4624, "<Data Name='TargetUserName'>li.na</Data><Data>first</Data><Data>second</Data>")


def read(path: Path, text: str) -> list[Alert | Rejected]:
    path.write_text(text)
    assert PLUGIN.sniff(path, text.encode()[:65536]) == 0.9
    return [item for item in PLUGIN.read(path, Limits()) if isinstance(item, Alert | Rejected)]


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        (f"{HEAD}<Events>\n{STARTED}\n{LOGON}\n</Events>", [":3", ":4"]),
        (f"{HEAD}<Events>{STARTED}{LOGON}</Events>", [":2", ":2#2"]),
        (f"{STARTED}\n{LOGON}\n", [":1", ":2"]),
    ],
)
def test_each_event_is_an_alert(tmp_path: Path, text: str, origins: list[str]) -> None:
    path = tmp_path / "security.xml"
    started, logon = read(path, text)
    assert isinstance(started, Alert) and isinstance(logon, Alert)
    assert [started.origin, logon.origin] == [f"{path}{origin}" for origin in origins]
    assert started.title == "Windows event 4688: process created, rundll32.exe"
    assert started.observed_at.startswith("2026-03-02T08:12:33")
    assert started.get("Event.EventData.CommandLine") == "rundll32 a.dll & b"
    assert started.get("Event.System.Computer") == "ws-17.corp.example"
    assert logon.get("Event.EventData.TargetUserName") == "li.na"
    assert {field.value for field in logon.fields} >= {"first", "second"}


@pytest.mark.parametrize("bad", [LOGON.replace("</System>", ""), LOGON.replace("li.na", "&who;")])
def test_a_broken_event_costs_itself_only(tmp_path: Path, bad: str) -> None:
    first, second = read(tmp_path / "a.xml", f"{HEAD}<Events>\n{bad}\n{STARTED}\n</Events>")
    assert isinstance(first, Rejected) and first.origin.endswith(":3") and "damaged" in first.reason
    assert isinstance(second, Alert)


def test_an_event_that_never_ends(tmp_path: Path) -> None:
    first, second = read(tmp_path / "a.xml", f"{STARTED}\n{LOGON[:-20]}")
    assert isinstance(first, Alert)
    assert isinstance(second, Rejected) and "no end" in second.reason


def test_depth_is_bounded(tmp_path: Path) -> None:
    deep = event(1, "<a>" * 20_000 + "</a>" * 20_000)
    (found,) = read(tmp_path / "a.xml", deep)
    assert isinstance(found, Rejected)
