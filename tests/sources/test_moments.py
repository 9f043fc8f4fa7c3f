"""Times are read in every shape that records and logs spell them in, and nothing else is taken for one."""

import time
from datetime import UTC, datetime

import pytest

from schemas import Field
from secassist.sources._moments import in_line, moment
from secassist.sources._recognise import observed_at

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SEVEN = "2026-11-23T07:00:01Z"


@pytest.mark.parametrize(
    "text",
    [
        "1795417201",
        "1795417201000",
        "1795417201000000",
        "1795417201000000000",
        "134398908010000000",
        "639310140010000000",
        "/Date(1795417201000)/",
        "2026-11-23T07:00:01Z",
        "2026-11-23T08:00:01+0100",
        "2026-11-23 07:00:01 UTC",
        "2026-11-23T07:00:01.000000000Z",
        "20261123070001",
        "20261123070001.0Z",
        "23/Nov/2026:08:00:01 +0100",
        "[23/Nov/2026:07:00:01 +0000]",
        "Mon, 23 Nov 2026 07:00:01 +0000",
        "Mon Nov 23 07:00:01 2026",
        "Mon Nov 23 07:00:01 UTC 2026",
        "Nov 23, 2026 @ 07:00:01.000",
        "23.11.2026, 07:00:01 Uhr",
        "23. November 2026 um 07:00:01",
        "23. Nov. 2026 07:00:01",
        "2026年11月23日 07:00:01",
        "2026年11月23日 星期一 上午7时00分01秒",
        "2026/11/23 07:00:01",
        "11/23/2026 7:00:01 AM",
        "23/11/2026 07:00:01",
        "11/23/2026-07:00:01.000000",
        "Nov 23 07:00:01",
        "I1123 07:00:01.000000",
    ],
)
def test_one_moment_in_many_shapes(text: str) -> None:
    assert moment(text, NOW)[:19] + "Z" == SEVEN


@pytest.mark.parametrize(
    "text",
    ["", "4625", "soon", "10.11.2026", "03/04/2026 07:00:01", "2026-13-45 07:00:00", "Foo 23 07:00:01", "9" * 20,
     "Mon Nov 23 07:00:01 XYZ 2026"],
)  # fmt: skip
def test_what_is_no_time_or_not_only_one(text: str) -> None:
    assert moment(text, NOW) == ""


def test_a_year_is_needed_or_something_to_reckon_it_from() -> None:
    assert moment("Nov 23 07:00:01") == ""
    assert moment("Dec 31 23:59:00", NOW) == "2025-12-31T23:59:00Z"
    assert moment("Feb 29 01:00:00", NOW) == "2024-02-29T01:00:00Z"


@pytest.mark.parametrize(
    "line",
    [
        "Nov 23 07:00:01 web-1 sshd[1]: Accepted password for a from 203.0.113.9",
        '203.0.113.9 - - [23/Nov/2026:07:00:01 +0000] "GET / HTTP/1.1" 200 1',
        "type=SYSCALL msg=audit(1795417201.000:45): arch=c000003e",
        "<34>1 2026-11-23T07:00:01Z host su - - x",
        "2026/11/23 07:00:01 [error] 12#1: x",
        "1795417201.000000 C1 203.0.113.9",
        "I1123 07:00:01.100000 1 x.go:1] y",
    ],
)
def test_the_time_of_a_line(line: str) -> None:
    assert in_line(line, NOW)[:19] + "Z" == SEVEN


def test_a_number_in_a_line_is_no_time() -> None:
    assert in_line("order 1795417201 of build 10.11.2026", NOW) == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"event.ProcessStartTime": "1795417201"},
        {"metadata.eventCreationTime": "1795417201000"},
        {"event.ContextTimeStamp": "1795417201.000"},
        {"threatInfo.identifiedAt": "2026-11-23T07:00:01Z"},
        {"published": "2026-11-23T07:00:01Z"},
        {"stageTimestamp": "2026-11-23T07:00:01.000000Z"},
        {"winlog.event_data.UtcTime": "2026-11-23 07:00:01.000"},
        {"alert.evidence.detectionTime": "134398908010000000"},
        {"finding.Service.EventFirstSeen": "2026-11-23T07:00:01Z"},
        {"发生时间": "2026年11月23日 07:00:01"},
        {"Zeitpunkt": "23.11.2026 07:00:01"},
        {"certificate.validUntil": "2030-01-01T00:00:00Z", "x.deviceTime": "1795417201000"},
    ],
)
def test_fields_that_no_list_names_tell_it_by_their_names(fields: dict[str, str]) -> None:
    made = observed_at([Field(path=path, value=value) for path, value in fields.items()])
    assert made[:19] + "Z" == SEVEN


@pytest.mark.parametrize("path", ["expires_at", "passwordLastSetTime", "cert.notAfterTime", "process.uptime", "times"])
def test_times_of_something_else_are_not_the_events(path: str) -> None:
    assert observed_at([Field(path=path, value="2026-11-23T07:00:01Z")]) == ""


def test_hostile_lines_take_linear_time() -> None:
    began = time.process_time()
    for piece in ("Nov ", "23/", "2026年11月", "audit(1", "1", "Mon Mon "):
        in_line(piece * 50_000, NOW)
        moment((piece * 50)[:64], NOW)
    assert time.process_time() - began < 1
