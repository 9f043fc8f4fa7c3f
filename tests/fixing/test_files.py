"""Files and trials: bytes come back as they were, nothing outside is read or written, tests never see the working tree."""

import os
import sys
from pathlib import Path

import pytest

from secassist.fixing.base import Block, FixError, Proposal
from secassist.fixing.blocks import applied
from secassist.fixing.files import Undos, read
from secassist.fixing.trial import Trial, copy_tree

KEY = b"k" * 32


def edited(path: Path, before: str, after: str) -> bytes:
    page = read(path)
    return page.written(applied(Proposal("p", (Block(before, after, 1),), ""), page.text, "t").runs)


class TestBytes:
    @pytest.mark.parametrize(
        ("data", "wanted"),
        [
            (b"a\r\nx\r\nb\r\n", b"a\r\ny\r\nz\r\nb\r\n"),
            (b"a\nx\r\nb\n", b"a\ny\r\nz\r\nb\n"),
            (b"a\rx\rb", b"a\ry\rz\rb"),
            (b"a\nx", b"a\ny\nz"),
            ("é\nx\n".encode("latin-1"), "é\ny\nz\n".encode("latin-1")),
            (b"\xef\xbb\xbfa\nx\n", b"\xef\xbb\xbfa\ny\nz\n"),
            ("密码\nx\n".encode("gb18030"), "密码\ny\nz\n".encode("gb18030")),
        ],
    )
    def test_breaks_and_encodings_stay(self, data: bytes, wanted: bytes, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        path.write_bytes(data)
        assert edited(path, "x", "y\nz") == wanted

    def test_what_is_not_plain_text(self, tmp_path: Path) -> None:
        for name, data in (("bin", bytes(range(256)) * 9), ("broken", b"caf\xc3\xa9 " * 40 + b"\xff\n")):
            path = tmp_path / name
            path.write_bytes(data)
            with pytest.raises(FixError):
                read(path)

    def test_a_pipe_does_not_hang(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(FixError):
            read(tmp_path / "pipe")


class TestUndo:
    def test_there_and_back(self, tmp_path: Path) -> None:
        path, undos = tmp_path / "a.py", Undos(tmp_path / "home", KEY)
        path.write_bytes(b"secret-in-clear\r\nx\r\n")
        path.chmod(0o751)
        undos.apply(read(path), edited(path, "x", "y"), "id:0", ())
        assert path.read_bytes() == b"secret-in-clear\r\ny\r\n"
        entry = next((tmp_path / "home" / "fixes").iterdir())
        assert b"secret-in-clear" not in entry.read_bytes()
        assert b"secret-in-clear".hex().encode() not in entry.read_bytes()
        assert entry.stat().st_mode & 0o777 == 0o600
        undos.undo("id:0")
        assert path.read_bytes() == b"secret-in-clear\r\nx\r\n"
        assert path.stat().st_mode & 0o777 == 0o751
        with pytest.raises(FixError, match="undone already"):
            undos.undo("id:0")

    def test_what_changed_meanwhile_is_not_written_over(self, tmp_path: Path) -> None:
        path, undos = tmp_path / "a.py", Undos(tmp_path / "home", KEY)
        path.write_text("x\n")
        page, data = read(path), edited(path, "x", "y")
        path.write_text("mine\n")
        with pytest.raises(FixError, match="changed meanwhile"):
            undos.apply(page, data, "id:0", ())
        assert path.read_text() == "mine\n"

    def test_an_altered_entry_or_another_key(self, tmp_path: Path) -> None:
        path, undos = tmp_path / "a.py", Undos(tmp_path / "home", KEY)
        path.write_text("x\n")
        undos.apply(read(path), edited(path, "x", "y"), "id:0", ())
        with pytest.raises(FixError):
            Undos(tmp_path / "home", b"o" * 32).undo("id:0")
        assert path.read_text() == "y\n"


class TestTrial:
    def test_links_out_of_the_tree_are_left_out(self, tmp_path: Path) -> None:
        (tmp_path / "outside").write_text("private")
        root = tmp_path / "repo"
        (root / "in").mkdir(parents=True)
        (root / "in" / "a.txt").write_text("a")
        (root / "good").symlink_to("in/a.txt")
        (root / "bad").symlink_to("../outside")
        (root / "worse").symlink_to(tmp_path / "outside")
        (root / "loop").symlink_to("loop")
        (root / ".git").mkdir()
        os.mkfifo(root / "pipe")
        copy_tree(root, tmp_path / "copy")
        found = sorted(path.name for path in (tmp_path / "copy").rglob("*"))
        assert [name for name in found if name != "loop"] == ["a.txt", "good", "in"]

    def test_too_much_to_copy(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("secassist.fixing.trial.MOST_BYTES", 10)
        (tmp_path / "repo").mkdir()
        (tmp_path / "repo" / "a").write_bytes(b"x" * 11)
        with pytest.raises(FixError, match="too much"):
            copy_tree(tmp_path / "repo", tmp_path / "copy")

    def test_tests_cannot_reach_the_working_tree_by_name(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_text("x")
        code = "open('a.py', 'a').write('!'); open('left', 'w')"
        check = Trial(tmp_path, tmp_path / "a.py", f'{sys.executable} -c "{code}"').run(b"y")
        assert check.passed
        assert (tmp_path / "a.py").read_text() == "x"
        assert not (tmp_path / "left").exists()

    def test_tests_that_hang_are_ended(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_text("x")
        check = Trial(tmp_path, tmp_path / "a.py", f'{sys.executable} -c "import time; time.sleep(60)"', 0.5).run(b"y")
        assert not check.passed
        assert "did not end" in check.detail

    def test_no_shell_reads_the_command(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_text("x")
        Trial(tmp_path, tmp_path / "a.py", f"{sys.executable} -c pass ; touch pwned").run(b"y")
        assert not (tmp_path / "pwned").exists()
        with pytest.raises(FixError, match="cannot be started"):
            Trial(tmp_path, tmp_path / "a.py", "no-such-program-here").run(b"y")
