"""Logs, code and documents, and the bytes below them."""

import gzip

import pytest

from schemas import CodeUnit, Document, LogWindow
from secassist.errors import SourceError
from secassist.sources import _bytes
from secassist.sources._languages import language
from secassist.sources.base import Limits, Rejected, Skipped
from secassist.sources.code import PLUGIN as CODE
from secassist.sources.syslog import PLUGIN as SYSLOG
from secassist.sources.syslog import guess
from secassist.sources.text import PLUGIN as TEXT

ACCESS = '192.0.2.7 - - [01/May/2024:10:00:00 +0000] "GET /index HTTP/1.1" 200 12 "-" "curl"'
AUTH = "May  1 10:00:00 host sshd[12]: Accepted publickey for root"
CRON = "<13>1 2024-05-01T10:00:00.000Z host app 12 ID1 - job done"


@pytest.mark.parametrize(
    ("line", "name", "kind"),
    [
        (ACCESS, "x", "access"),
        (AUTH, "x", "auth"),
        (CRON, "x", "syslog"),
        (CRON, "auth.log", "auth"),
        ("2024-05-01T10:00:00+02:00 host kernel: eth0 up", "x", "syslog"),
        ('{"level": "info"}', "x", "json"),
        ("2024-05-01 10:00:00 INFO ready", "x", "plain"),
    ],
)
def test_log_types(line, name, kind):
    assert guess([line] * 3, name)[0] == kind


def test_windows_carry_their_line_numbers(tmp_path):
    path = tmp_path / "a.log"
    path.write_text("\n".join(f"line {number}" for number in range(1, 8)) + "\n")
    found = list(SYSLOG.read(path, Limits(window_lines=3)))
    assert [(item.start_line, item.body, item.origin) for item in found] == [
        (1, "line 1\nline 2\nline 3", f"{path}:1"),
        (4, "line 4\nline 5\nline 6", f"{path}:4"),
        (7, "line 7", f"{path}:7"),
    ]


def test_a_line_above_the_limit_is_rejected_between_two_windows(tmp_path):
    path = tmp_path / "a.log"
    path.write_text("one\n" + "x" * 200 + "\nthree\n")
    first, bad, last = SYSLOG.read(path, Limits(record_bytes=100))
    assert isinstance(first, LogWindow) and first.body == "one"
    assert isinstance(bad, Rejected) and bad.origin == f"{path}:2" and "limits.record_bytes" in bad.reason
    assert isinstance(last, LogWindow) and last.start_line == 3


def test_a_cut_gzip_gives_its_lines_and_says_that_the_rest_is_missing(tmp_path):
    path = tmp_path / "a.log.gz"
    path.write_bytes(gzip.compress("".join(f"line {number * 7919}\n" for number in range(20_000)).encode())[:-4_000])
    *windows, rest = SYSLOG.read(path, Limits())
    assert len(windows) > 100 and all(isinstance(item, LogWindow) for item in windows)
    assert isinstance(rest, Rejected) and "damaged gzip data" in rest.reason


def test_a_gzip_that_expands_too_far_is_stopped(tmp_path):
    path = tmp_path / "a.log.gz"
    path.write_bytes(gzip.compress(b"line\n" * 100_000))
    *_, rest = SYSLOG.read(path, Limits(file_bytes=10_000))
    assert isinstance(rest, Rejected) and "SECASSIST_FILE_MEGABYTES" in rest.reason


def test_code_is_one_unit_with_language_and_relative_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pkg").mkdir()
    path = tmp_path / "pkg/app.py"
    path.write_bytes(b"\xef\xbb\xbfimport os\r\nx = '\xe6\x96\x87'\r\n")
    (unit,) = CODE.read(path, Limits())
    assert isinstance(unit, CodeUnit)
    assert (unit.path, unit.language, unit.start_line) == ("pkg/app.py", "python", 1)
    assert unit.body == "import os\nx = '文'"


def test_large_code_is_split_at_lines(tmp_path):
    path = tmp_path / "a.js"
    path.write_text("".join(f"f({number});\n" for number in range(100)))
    units = list(CODE.read(path, Limits(record_bytes=200)))
    assert len(units) > 2
    assert "\n".join(unit.body for unit in units) + "\n" == path.read_text()
    assert units[1].start_line == units[0].body.count("\n") + 2


@pytest.mark.parametrize(
    ("name", "first", "kind"),
    [
        ("a.PY", "", "python"),
        ("a.tsx.gz", "", "typescript"),
        ("Dockerfile.prod", "", "dockerfile"),
        ("run", "#!/usr/bin/env -S node --flag\n", "javascript"),
        ("run", "#!/bin/bash -e", "shell"),
        ("run", "#!", ""),
        ("run", "#!/opt/unheard-of", ""),
        ("a.txt", "", ""),
    ],
)
def test_languages(name, first, kind):
    from pathlib import PurePath

    assert language(PurePath(name), first) == kind


def test_text_is_one_document(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_bytes("姓名与电话，仅作示例。第二句也在这里。".encode("gb18030"))
    (document,) = TEXT.read(path, Limits())
    assert isinstance(document, Document)
    assert document.body == "姓名与电话，仅作示例。第二句也在这里。"
    assert document.title == "notes.txt"


def test_text_above_the_limit_is_rejected_and_blank_text_skipped(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("word " * 100)
    (found,) = TEXT.read(path, Limits(record_bytes=100))
    assert isinstance(found, Rejected) and not isinstance(found, Skipped)
    path.write_text("\n \n")
    assert [type(item) for item in TEXT.read(path, Limits())] == [Skipped]
    with pytest.raises(SourceError, match=r"notes\.txt.*SECASSIST_FILE_MEGABYTES"):
        list(TEXT.read(path, Limits(file_bytes=2)))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"plain", "utf-8"),
        ("Grüße 文字".encode(), "utf-8"),
        ("Grüße".encode("latin-1"), "latin-1"),
        ("中文日志，内容正常".encode("gb18030"), "gb18030"),
        ("text\n".encode("utf-16"), "utf-16"),
        ("wide text\n".encode("utf-16-le"), "utf-16-le"),
        ("wide text\n".encode("utf-16-be"), "utf-16-be"),
        (b"\xef\xbb\xbfx", "utf-8-sig"),
        (b"", "utf-8"),
        ("文" * 30_000).encode()[: 64 * 1024] and (("文" * 30_000).encode()[: 64 * 1024], "utf-8"),
    ],
)
def test_encodings(data, name):
    assert _bytes.encoding(data) == name


def test_names_with_controls_are_made_visible(tmp_path):
    path = tmp_path / "a\n\x1b[31mb.txt"
    path.write_text("hello")
    (found,) = TEXT.read(path, Limits())
    assert "\n" not in found.origin and "\x1b" not in found.origin + found.title + found.path


def test_a_long_text_comes_in_parts_that_know_their_first_line(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("".join(f"{number},row\n" for number in range(400)))
    parts = list(TEXT.read(path, Limits(record_bytes=1_000)))
    assert [part.title for part in parts if not isinstance(part, Rejected)] == [_bytes.relative(path)] * len(parts)
    starts = [part.start_line if isinstance(part, CodeUnit) else 1 for part in parts]
    assert starts[0] == 1 and starts == sorted(set(starts))
    lines = [line.text for part in parts if not isinstance(part, Rejected) for line in part.lines]
    assert [line for line in lines if line] == path.read_text().splitlines()
