"""What every source must do, run over every plug-in of the folder."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import Subject
from secassist import plugins
from secassist.errors import SourceError
from secassist.sources._choose import choose
from secassist.sources.base import Limits, Rejected
from tests.sources.archives import document, zipped
from tests.sources.evtx_file import evtx_file, windows_event

NAMES = (
    "alert_csv",
    "alert_json",
    "archive",
    "cloudtrail",
    "code",
    "diff",
    "eml",
    "eve",
    "event_lines",
    "office",
    "request",
    "syslog",
    "text",
    "windows_events",
    "zeek",
)
SMALL = Limits(file_bytes=200_000, record_bytes=20_000, fields_per_record=50, depth=8, window_lines=5)

DIFF = "diff --git a/app.py b/app.py\n--- a/app.py\n+++ b/app.py\n@@ -1 +1,2 @@\n a = 1\n+b = 2\n"
MAIL = "From: a@example.org\nTo: b@example.org\nSubject: Hello\nDate: Wed, 1 May 2024 10:00:00 +0200\n\nHi there\n"
EVE = {
    "timestamp": "2024-05-01T10:00:00.000000+0200",
    "flow_id": 1,
    "event_type": "dns",
    "dns": {"rrname": "a.example"},
}
TRAIL = {"eventVersion": "1.08", "eventSource": "iam.amazonaws.com", "eventName": "CreateUser", "awsRegion": "x"}
SAMPLES: dict[str, tuple[str, bytes]] = {
    "alert_csv": ("alerts.csv", b"time,rule,host,command\n2024-05-01T10:00:00Z,A,WS-1,whoami\n"),
    "alert_json": ("alerts.jsonl", b'{"timestamp": "2024-05-01T10:00:00Z", "severity": "high", "title": "A"}\n'),
    "archive": ("all.zip", zipped({"app.py": b"import os\n", "notes.txt": b"Notes.\n"})),
    "cloudtrail": ("trail.json", json.dumps({"Records": [TRAIL, TRAIL | {"eventName": "DeleteUser"}]}).encode()),
    "code": ("app.py", b"import os\nos.system(input())\n"),
    "diff": ("change.diff", DIFF.encode()),
    "eml": ("mail.eml", MAIL.encode()),
    "eve": ("eve.json", json.dumps(EVE).encode() + b"\n"),
    "event_lines": ("waf.cef", b"CEF:0|Maker|WAF|1|7|Scan|5|src=192.0.2.1 dst=10.0.0.1\n"),
    "office": ("note.docx", document("First line.", "Second line.")),
    "request": ("probe.txt", b"GET /a?b=1 HTTP/1.1\r\nHost: shop.example\r\n\r\n"),
    "syslog": ("auth.log", b"May  1 10:00:00 host sshd[1]: Failed password for root from 192.0.2.1 port 1 ssh2\n" * 12),
    "text": ("notes.txt", "Notes of a day.\n一行中文。\n".encode()),
    "windows_events": ("log.evtx", evtx_file([windows_event(4688, "Security", {"CommandLine": "whoami"})])),
    "zeek": ("notice.log", b"#separator \\x09\n#path\tnotice\n#fields\tts\tnote\n1714557600.0\tScan::Port\n"),
}
HOSTILE = {
    "empty": b"",
    "blank": b" \n\r\n\t\n",
    "binary": bytes(range(256)) * 40,
    "nul": b"a\0b\0c\n" * 50,
    "one NUL": b'{"a": "' + b"x" * 500 + b'\0"}\n' + b"plain line\n" * 50,
    "invalid UTF-8": b'{"a": "\xff\xfe\xc3("}\nnext \xe4 line\n',
    "huge line": b"x" * 50_000 + b"\nshort\n",
    "over the limit": b"line of text\n" * 20_000,
    "truncated": b'{"a": [1, 2, {"b": "c',
    "truncated list": b'[{"a": 1}, {"a": ',
    "deep list": b"[" * 5_000,
    "deep object": b'{"a":' * 5_000,
    "twice": b'{"a": 1, "a": 2}\n',
    "NaN": b'{"a": NaN, "b": Infinity, "c": -Infinity}\n',
    "surrogate": b'{"a": "\\ud800", "b\\udfff": "\\u0000"}\n',
    "magic only": b"ElfFile\0" + b"\1" * 5_000,
    "gzip cut": gzip.compress(b'{"a": 1}\n' * 10_000)[:-20],
    "gzip noise": b"\x1f\x8b\x08\0" + b"\xff" * 500,
    "gzip bomb": gzip.compress(b"0" * 30_000_000),
    "UTF-16": '{"a": "text"}\nline\n'.encode("utf-16"),
    "UTF-16 cut": "line\n".encode("utf-16")[:-1],
    "broken diff": b"--- a\n+++ b\n@@ -1,9 +1,9 @@\n+x\n@@ -99999999999 +1 @@\n",
    "broken mail": b"From: x\nSubject: =?utf-8?b?////?=\nContent-Type: multipart/mixed; boundary=\n\n--\n--\n",
    "crs": b"a\rb\r\nc\r\r\n" * 20,
}


def read(name: str, path: Path, limits: Limits = SMALL) -> list[Subject | Rejected]:
    return list(plugins.load("sources", name).read(path, limits))


def test_these_are_the_sources():
    assert plugins.names("sources") == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_source_names_itself(name):
    source = plugins.load("sources", name)
    assert source.name == name
    assert source.summary and "\n" not in source.summary


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("packed", [False, True])
def test_reads_its_own_sample_and_is_chosen_for_it(tmp_path, name, packed):
    file_name, data = SAMPLES[name]
    path = tmp_path / (file_name + ".gz" * packed)
    path.write_bytes(gzip.compress(data) if packed else data)
    assert choose(path, plugins.load_all("sources")).name == name
    found = read(name, path)
    assert found and all(isinstance(item, Subject) for item in found), found
    for item in found:
        assert item.source == name
        assert item.origin.startswith(str(path))
        assert item.title and "\n" not in item.title
        assert type(item).model_validate_json(item.model_dump_json()) == item
    assert found == read(name, path)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_input_ends_in_subjects_rejections_or_a_source_error(tmp_path, name, kind):
    path = tmp_path / "input"
    path.write_bytes(HOSTILE[kind])
    source = plugins.load("sources", name)
    assert 0 <= source.sniff(path, HOSTILE[kind][:65536]) <= 1
    found: list[Subject | Rejected] = []
    try:
        for item in source.read(path, SMALL):
            found.append(item)
    except SourceError as error:
        assert str(path) in str(error) and "\n" not in str(error)
        return
    assert found, "nothing disappears"
    for item in found:
        if isinstance(item, Rejected):
            assert item.origin.startswith(str(path))
            assert item.reason and "\n" not in item.reason and len(item.reason) < 400
        else:
            json.loads(item.model_dump_json())
            item.text.encode("utf-8")
            assert "\0" not in item.text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", ["missing", "folder", "fifo"])
def test_what_is_no_file_is_a_source_error(tmp_path, name, what):
    path = tmp_path / "thing"
    if what == "folder":
        path.mkdir()
    elif what == "fifo":
        import os

        os.mkfifo(path)
    with pytest.raises(SourceError, match="thing"):
        read(name, path)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_sniffed_and_read_without_surprise(tmp_path, name, data):
    path = tmp_path / "any"
    path.write_bytes(data)
    assert 0 <= plugins.load("sources", name).sniff(path, data) <= 1
    try:
        for item in read(name, path):
            assert isinstance(item, (Subject, Rejected))
    except SourceError:
        pass


@pytest.mark.parametrize("name", ["alert_json", "eve", "cloudtrail", "windows_events", "zeek"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=st.lists(
        st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=9) | st.integers() | st.none(), min_size=1)
        .map(json.dumps)
        .map(str)
        | st.sampled_from(['{"a": 1', '{"a": NaN}', '{"a": 1, "a": 1}', "[1]", '"text"', "7", "{}", "rubbish"]),
        min_size=1,
        max_size=12,
    )
)
def test_as_many_come_out_as_went_in(tmp_path, name, records):
    path = tmp_path / "in.jsonl"
    path.write_text('{"first": 1}\n' + "\n\n".join(records) + "\n", "utf-8")
    found = read(name, path)
    assert len(found) == len(records) + 1
    lines = [int(item.origin.rsplit(":", 1)[1]) for item in found]
    assert lines == [1, *range(2, 2 * len(records) + 2, 2)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=20), max_size=30))
def test_every_log_line_is_in_a_window_at_its_number(tmp_path, lines):
    path = tmp_path / "a.log"
    path.write_text("begin of the log, in plain words that are long enough\n" + "\n".join(lines), "utf-8")
    try:
        found = read("syslog", path)
    except SourceError as error:
        assert "binary" in str(error)
        return
    given_lines = path.read_bytes().decode().split("\n")
    seen = {}
    for item in found:
        if isinstance(item, Subject):
            seen |= {item.start_line + line.number - 1: line.text for line in item.lines}
    assert all(seen.get(number, "") == text for number, text in enumerate(given_lines, 1) if text.strip())
