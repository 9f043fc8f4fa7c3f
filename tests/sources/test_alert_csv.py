"""Tables of alerts: which are taken for some, what a row becomes, what is rejected and where."""

import io
from pathlib import Path

import pytest

from schemas import Alert
from secassist import plugins
from secassist.sources._choose import choose
from secassist.sources.alert_csv import PLUGIN, is_table
from secassist.sources.base import Limits, Rejected, Skipped

HEAD = "time,rule,host,command\n"
CHINESE = "告警名称,威胁等级,源IP,目的IP,发生时间\n注入,高危,192.0.2.1,10.0.0.1,2026-03-01 10:00:00\n"


def read(tmp_path: Path, text: str | bytes, limits: Limits | None = None) -> list[object]:
    path = tmp_path / "alerts.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(PLUGIN.read(path, limits or Limits()))


def test_a_row_is_an_alert_of_its_line_with_the_cells_that_hold_something(tmp_path: Path) -> None:
    first, second = read(tmp_path, HEAD + '2026-03-01T10:00:00Z,Beacon,WS-1,\n2026-03-01T10:01:00Z,Dump,,"a, b"\n')
    assert isinstance(first, Alert) and isinstance(second, Alert)
    assert [(field.path, field.value) for field in first.fields] == [
        ("time", "2026-03-01T10:00:00Z"),
        ("rule", "Beacon"),
        ("host", "WS-1"),
    ]
    assert (first.title, first.observed_at, first.origin[-2:]) == ("Beacon", "2026-03-01T10:00:00Z", ":2")
    assert (second.get("command"), second.origin[-2:]) == ("a, b", ":3")


def test_rows_of_several_lines_are_named_by_their_first(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + 't,r,h,"one\ntwo"\nt,r,h,three\nt,r,h,four,five\n')
    assert [str(item.origin)[-2:] for item in found if isinstance(item, (Alert, Rejected))] == [":2", ":4", ":5"]
    assert isinstance(found[2], Rejected)
    assert "5 cells where the header names 4" in found[2].reason


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_marks_of_order_and_zones(tmp_path: Path, separator: str) -> None:
    rows = [["TimeGenerated [UTC]", "Computer", "Account", ""], ["3/1/2026, 8:00", "DC01", "j.doe", "x"]]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    (found,) = read(tmp_path, b"\xef\xbb\xbf" + text.encode())
    assert isinstance(found, Alert)
    assert [field.path for field in found.fields] == ["TimeGenerated", "Computer", "Account", "column 4"]


def test_what_is_too_much_is_rejected_by_its_line(tmp_path: Path) -> None:
    limits = Limits(record_bytes=1_000)
    text = HEAD + f"t,r,h,{'x' * 2_000}\nt,r,h,short\n" + 't,r,h,"' + ("y" * 500 + "\n") * 3 + '"\n'
    found = read(tmp_path, text, limits)
    assert [type(item).__name__ for item in found] == ["Rejected", "Alert", "Rejected"]
    assert all("1000 characters" in item.reason for item in found if isinstance(item, Rejected))
    assert [str(item.origin)[-2:] for item in found if isinstance(item, (Alert, Rejected))] == [":2", ":3", ":4"]


def test_a_quote_that_is_never_closed_ends(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + 't,r,h,fine\nt,r,h,"' + "x\n" * 200_000)
    assert isinstance(found[0], Alert)
    assert any(isinstance(item, Rejected) and "not a row" in item.reason for item in found)


def test_a_header_alone_is_said_to_be_empty(tmp_path: Path) -> None:
    (found,) = read(tmp_path, HEAD + "\n,,\n")
    assert isinstance(found, Skipped)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (HEAD + "t,r,h,c\n", True),
        ("_time,host,source,sourcetype,_raw\nt,h,s,l,x\n", True),
        ("Timestamp,DeviceName,ActionType\nt,d,a\n", True),
        ("@timestamp;host.name;message\nt;h;m\n", True),
        (CHINESE, True),
        ("姓名,电话,日期\n李,1,2026\n", False),
        (HEAD, False),
        (HEAD + "words\n", False),
        ("name,email,phone\nA,b,c\n", False),
        ("date,amount,currency\nd,1,EUR\n", False),
        ("Dear all, in time, we shall see, what came\nof it, and of us, and of them, in the end\n", False),
        ("", False),
    ],
)
def test_a_table_of_alerts_is_known_by_its_header(text: str, is_one: bool, tmp_path: Path) -> None:
    assert is_table(text) is is_one
    for name in ("some.csv", "some"):
        (tmp_path / name).write_text(text or " ", encoding="utf-8")
        chosen = choose(tmp_path / name, plugins.load_all("sources")).name
        assert (chosen == "alert_csv") is is_one


def test_a_hostile_header_is_looked_at_in_little_time() -> None:
    assert not is_table("," * 1_000_000 + "\n" + "," * 1_000_000)
    assert not is_table(io.StringIO("time" * 5_000 + ",rule,host\n" + "a,b,c").read())
