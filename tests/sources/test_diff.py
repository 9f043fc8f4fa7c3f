"""Diffs: what is added, at its place."""

from pathlib import Path

from schemas import CodeUnit, Subject
from secassist.sources.base import Limits, Rejected, Skipped
from secassist.sources.diff import PLUGIN


def read(path: Path, text: str, limits: Limits | None = None) -> list[Subject | Rejected]:
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return list(PLUGIN.read(path, limits or Limits()))


def units(found: list[Subject | Rejected]) -> list[tuple[str, int, str]]:
    return [(item.path, item.start_line, item.body) for item in found if isinstance(item, CodeUnit)]


HEAD = "diff --git a/x.py b/x.py\nindex 1..2 100644\n--- a/x.py\n+++ b/x.py\n"


def test_added_lines_stand_at_their_new_place(tmp_path):
    found = read(
        tmp_path / "x.diff",
        HEAD + "@@ -1,4 +1,6 @@ def f\n a\n+b\n c\n+d\n e\n+f\n-g\n@@ -20,2 +22,1 @@\n h\n-i\n",
    )
    assert units(found) == [("x.py", 2, "b\nc\nd\ne\nf")]
    assert isinstance(found[1], Skipped) and "only removes" in found[1].reason


def test_text_that_looks_like_headers_is_counted_as_text(tmp_path):
    text = (
        HEAD
        + "@@ -1,2 +1,2 @@\n--- a/evil\n-x\n+++ b/evil\n+y\n"
        + "diff --git a/n b/n\n--- a/n\n+++ b/n\n@@ -0,0 +1 @@\n+z\n"
    )
    assert units(read(tmp_path / "x.diff", text)) == [("x.py", 1, "++ b/evil\ny"), ("n", 1, "z")]


def test_plain_diffs_quoted_names_new_deleted_renamed_and_binary_files(tmp_path):
    text = (
        "--- old/a.c\t2024-05-01\n+++ new/a.c\t2024-05-02\n@@ -1 +1 @@\n-x\n+y\n\\ No newline at end of file\n"
        'diff --git "a/\\346\\226\\207.py" "b/\\346\\226\\207.py"\nnew file mode 100644\n--- /dev/null\n'
        '+++ "b/\\346\\226\\207.py"\n@@ -0,0 +1,2 @@\n+one\r\n+two\r\n'
        "diff --git a/gone b/gone\ndeleted file mode 100644\n--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
        "diff --git a/b.bin b/b.bin\nBinary files a/b.bin and b/b.bin differ\n"
        "diff --git a/p b/q\nsimilarity index 100%\nrename from p\nrename to q\n"
    )
    found = read(tmp_path / "x.diff", text)
    assert units(found) == [("new/a.c", 1, "y"), ("文.py", 1, "one\ntwo")]
    skipped = [item.reason for item in found if isinstance(item, Skipped)]
    assert [reason.split(":")[0] for reason in skipped] == ["gone", "b.bin", "q"]
    assert len(found) == 5


def test_a_broken_hunk_costs_itself_only(tmp_path):
    text = HEAD + "@@ -1,5 +1,5 @@\n a\n+b\n@@ -9 +9 @@\n-x\n+y\n+stray\n@@ -20,9 +20,9 @@\n+z\n"
    found = read(tmp_path / "x.diff", text)
    assert units(found) == [("x.py", 9, "y")]
    rejected = [(item.origin.rsplit(":", 1)[1], item.reason) for item in found if isinstance(item, Rejected)]
    assert [line for line, _ in rejected] == ["5", "11", "12"]
    assert "shorter" in rejected[0][1] and "outside" in rejected[1][1] and "ends inside" in rejected[2][1]


def test_a_huge_line_or_hunk_is_rejected_and_the_next_hunk_read(tmp_path):
    long = HEAD + "@@ -0,0 +1,2 @@\n+" + "x" * 300 + "\n+a\n@@ -5,0 +6 @@\n+ok\n"
    found = read(tmp_path / "x.diff", long, Limits(record_bytes=200))
    assert units(found) == [("x.py", 6, "ok")]
    many = HEAD + "@@ -0,0 +1,90 @@\n" + "+line\n" * 90 + "@@ -5,0 +96 @@\n+ok\n"
    found = read(tmp_path / "x.diff", many, Limits(record_bytes=200))
    assert units(found) == [("x.py", 96, "ok")]
    assert isinstance(found[0], Rejected) and "longer than 200" in found[0].reason


def test_what_is_no_diff_is_rejected(tmp_path):
    (found,) = read(tmp_path / "x.diff", "hello\n")
    assert isinstance(found, Rejected) and "no file header" in found.reason
