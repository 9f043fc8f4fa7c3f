"""Choosing a source and walking a tree."""

import os
from pathlib import Path

import pytest

from secassist import plugins
from secassist.errors import SourceError
from secassist.sources._choose import choose, walk
from secassist.sources.base import Rejected, Skipped


def chosen(path: Path, data: bytes | str) -> str:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return choose(path, plugins.load_all("sources")).name


@pytest.mark.parametrize(
    ("name", "data", "source"),
    [
        ("package.json", '{"name": "x", "version": "1.0.0", "scripts": {"a": "b"}}', "text"),
        ("alert.json", '{"rule": {"name": "x"}, "@timestamp": "2024-05-01T00:00:00Z"}', "alert_json"),
        ("README.md", "# Title\n\n```diff\n--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n```\n", "text"),
        ("run", "#!/usr/bin/env python3\nprint(1)\n", "code"),
        ("x.txt", '192.0.2.1 - - [01/May/2024:10:00:00 +0000] "GET / HTTP/1.1" 200 5\n' * 3, "syslog"),
        ("app.log", "something happened\n", "syslog"),
        ("messages.1", "<34>1 2024-05-01T10:00:00Z host su - ID47 - failed\n", "syslog"),
        ("data.csv", "2024-05-01,1\n2024-05-02,2\n", "text"),
        ("Dockerfile", "FROM scratch\n", "code"),
        ("saved", "From: a@example.org\nTo: b@example.org\nSubject: x\n\nhello\n", "eml"),
        ("f", '{"winlog": {"channel": "Security", "event_id": 4624}}\n', "windows_events"),
        ("empty.txt", "", "text"),
    ],
)
def test_the_surest_source_is_chosen(tmp_path, name, data, source):
    assert chosen(tmp_path / name, data) == source


def test_no_source_names_the_file_and_what_there_is(tmp_path):
    with pytest.raises(SourceError, match=r"blob.*binary.*alert_json, archive, cloudtrail"):
        chosen(tmp_path / "blob", bytes(range(256)) * 4)


def walked(root: Path) -> tuple[list[str], dict[str, Rejected]]:
    found = list(walk(root))
    files = [item.relative_to(root).as_posix() for item in found if isinstance(item, Path)]
    left = {Path(item.origin).relative_to(root).as_posix(): item for item in found if isinstance(item, Rejected)}
    assert len(found) == len(files) + len(left)
    return files, left


def test_walk_is_sorted_and_says_what_it_leaves_out(tmp_path):
    (tmp_path / "root").mkdir()
    root = tmp_path / "root"
    for name in ("b.py", "a/z.py", "a/b.log", "a/keep.log", "build/x.py", ".git/config", "a/secret.txt"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("x")
    (root / ".gitignore").write_text("*.log\nbuild/\n!keep.log\n")
    (root / "a/.secassistignore").write_text("secret.txt\n")
    (tmp_path / "outside").write_text("x")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "in").symlink_to(root / "b.py")
    (root / "loop").symlink_to(root)
    (root / "gone").symlink_to(root / "nothing")
    os.mkfifo(root / "pipe")
    files, left = walked(root)
    assert files == [".gitignore", "a/.secassistignore", "a/keep.log", "a/z.py", "b.py", "in"]
    assert set(left) == {".git", "a/b.log", "a/secret.txt", "build", "gone", "loop", "out", "pipe"}
    assert left["build"].reason == "ignored by .gitignore"
    assert left["a/secret.txt"].reason == "ignored by .secassistignore"
    skipped = {name for name, item in left.items() if isinstance(item, Skipped)}
    assert skipped == {".git", "a/b.log", "a/secret.txt", "build", "loop"}


def test_a_costly_ignore_pattern_has_no_effect_and_is_named(tmp_path):
    (tmp_path / ".gitignore").write_text("*a*a*a*a*a*a*b\n*.tmp\n")
    (tmp_path / ("a" * 200)).write_text("x")
    (tmp_path / "x.tmp").write_text("x")
    found = list(walk(tmp_path))
    assert [item.origin for item in found if isinstance(item, Rejected)] == [
        f"{tmp_path}/.gitignore:1",
        f"{tmp_path}/x.tmp",
    ]


def test_a_single_file_is_walked_as_itself(tmp_path):
    (tmp_path / "x").write_text("x")
    assert list(walk(tmp_path / "x")) == [tmp_path / "x"]
    (missing,) = walk(tmp_path / "y")
    assert isinstance(missing, Rejected) and "y" in missing.origin
