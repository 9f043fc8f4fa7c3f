"""Where a scan says that a value stands: the line of the file, whichever form the file has; and what many values cost."""

import time
from pathlib import Path

import pytest

from schemas import Alert, Document, Field, LogWindow, Subject
from secassist import plugins
from secassist.masking import Redactor
from secassist.scanning.detecting import Readers, Task, Wanted
from secassist.scanning.rules import NoModel, Rules
from secassist.sources.base import Limits, Rejected

KEY = b"k" * 32
SECRET = "Tr7!vQx9mK2pZ4"
DETECTORS = {name: plugins.load("detectors", name) for name in ("personal_data", "secrets")}


def places(subject: Subject) -> list[tuple[str, int]]:
    (analysis,) = Rules(NoModel(), DETECTORS, KEY).analyze(plugins.load("analyzers", "sensitive"), [subject])
    return [(finding.place.path, finding.place.start_line) for finding in analysis.findings]


def test_a_log_window_is_a_part_of_a_file() -> None:
    window = LogWindow(source="syslog", origin="a/x.log:41", title="t", body=f"ok\npassword={SECRET}\n", start_line=41)
    assert places(window) == [("a/x.log", 42)]


@pytest.mark.parametrize(("origin", "line"), [("a.jsonl:7", 7), ("a.jsonl:7#2", 7)])
def test_of_a_record_the_line_it_begins_on_is_known(origin: str, line: int) -> None:
    fields = (Field(path="name", value="x"), Field(path="password", value=SECRET))
    assert places(Alert(source="alert_json", origin=origin, title="t", fields=fields)) == [("a.jsonl", line)]


def test_a_record_without_a_line_keeps_its_name() -> None:
    fields = (Field(path="name", value="x"), Field(path="password", value=SECRET))
    assert places(Alert(source="alert_json", origin="http", title="t", fields=fields)) == [("http", 2)]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("config.json", f'{{\n  "host": "db01",\n  "password": "{SECRET}"\n}}\n', 3),
        ("rows.jsonl", f'{{"host": "a", "rule": "b"}}\n{{"host": "a", "password": "{SECRET}"}}\n', 2),
        ("alerts.csv", f"time,severity,rule,password\n2026-11-20,high,x,ok\n2026-11-20,high,x,{SECRET}\n", 3),
        (
            "waf.log",
            "CEF:0|Acme|WAF|1|100|Login|5|src=192.0.2.7 suser=anna\n"
            f"CEF:0|Acme|WAF|1|100|Login|5|src=192.0.2.7 suser=anna password={SECRET}\n",
            2,
        ),
    ],
)
def test_a_scan_reads_records_line_by_line(tmp_path: Path, name: str, text: str, line: int) -> None:
    path = tmp_path / name
    path.write_text(text)
    wanted = Wanted(("personal_data", "secrets"), Limits(), _nothing_hidden, KEY)
    with Readers(wanted, 1, 1) as readers:
        (read,) = readers.read([Task(path, Path(name))])
    (document,) = (item for item in read.items if not isinstance(item, Rejected))
    assert isinstance(document, Document | LogWindow)
    assert line in {at for _, at in places(document)}


def _nothing_hidden() -> Redactor:
    return Redactor(lambda _text: [])


def test_time_grows_with_the_values() -> None:
    def seconds(rows: int) -> float:
        body = "\n".join(f"{n},anna.{n}@posteo.de,+49 30 {1000000 + 7 * n}" for n in range(rows))
        document = Document(source="text", origin="a.csv", title="a.csv", path="a.csv", body=body)
        began = time.process_time()
        assert len(places(document)) >= rows
        return time.process_time() - began

    seconds(50)
    small, large = min(seconds(150) for _ in range(2)), seconds(1_500)
    assert large < 30 * max(small, 0.01)
