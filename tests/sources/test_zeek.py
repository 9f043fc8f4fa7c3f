"""Zeek logs, tab-separated and JSON."""

import json
from pathlib import Path

from schemas import Alert, LogWindow
from secassist.sources.base import Limits, Rejected
from secassist.sources.zeek import PLUGIN


def table(path: Path, kind: str, names: str, *rows: str) -> Path:
    start = ["#separator \\x09", "#unset_field\t-", f"#path\t{kind}", "#fields\t" + names.replace(" ", "\t")]
    path.write_text("\n".join([*start, *(row.replace(" ", "\t") for row in rows)]) + "\n", "utf-8")
    return path


def test_a_notice_is_an_alert_with_its_time(tmp_path):
    path = table(tmp_path / "notice.log", "notice", "ts note src msg", "1714557600.0 Scan::Port 192.0.2.1 -", "1 2")
    assert PLUGIN.sniff(path, path.read_bytes()) > 0.9
    found, short = PLUGIN.read(path, Limits())
    assert isinstance(found, Alert)
    assert (found.title, found.observed_at) == ("notice event: Scan::Port", "2024-05-01T10:00:00Z")
    assert [item.path for item in found.fields] == ["ts", "note", "src"]
    assert isinstance(short, Rejected)
    assert short.origin.endswith(":6")


def test_connections_are_windows_and_a_bad_line_costs_only_itself(tmp_path):
    rows = ["1714557600.0 C1 192.0.2.1", "short", "1714557601.0 C2 192.0.2.2"]
    path = table(tmp_path / "conn.log", "conn", "ts uid id.orig_h", *rows)
    first, bad, second = PLUGIN.read(path, Limits())
    assert isinstance(first, LogWindow)
    assert (first.start_line, first.body) == (5, "ts=1714557600.0 uid=C1 id.orig_h=192.0.2.1")
    assert isinstance(bad, Rejected)
    assert isinstance(second, LogWindow)
    assert second.start_line == 7


def test_json_records_are_known_by_their_fields(tmp_path):
    path = tmp_path / "dns.json"
    value = {"_path": "dns", "ts": 1714557600.0, "uid": "C1", "id.orig_h": "192.0.2.1", "query": "a.example"}
    path.write_text(json.dumps(value) + "\n", "utf-8")
    assert PLUGIN.sniff(path, path.read_bytes()) == 0.9
    (found,) = PLUGIN.read(path, Limits())
    assert (found.title, found.observed_at) == ("dns event: a.example", "2024-05-01T10:00:00Z")
