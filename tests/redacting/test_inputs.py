"""Inputs and outputs: pipes are never laid down in clear, a file that changes is refused, nothing half-written is left."""

import io
import os
import tempfile
from pathlib import Path

import pytest

from secassist.errors import SourceError, UsageError
from secassist.redacting import inputs
from secassist.redacting.encodings import Coding
from secassist.redacting.inputs import Rereadable
from secassist.redacting.outputs import Output
from secassist.redacting.windows import windows
from tests.redacting.runs import MAIL


def test_a_file_is_read_again(tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    (tmp_path / "x").write_bytes(content)
    told: list[int] = []
    with Rereadable.open(tmp_path / "x", told.append) as source:
        assert source.length() == len(content)
        assert b"".join(source.first()) == content
        assert b"".join(source.again()) == content
        assert b"".join(source.again()) == content
    assert told == sorted(told)
    assert told[-1] == 3 * len(content)


def test_a_pipe_is_kept_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[io.BytesIO] = []

    def temporary(**_: object) -> io.BytesIO:
        kept.append(io.BytesIO())
        return kept[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", temporary)
    reader, writer = os.pipe()
    content = (MAIL.encode() + b"\n") * 1000
    os.write(writer, content)
    os.close(writer)
    with Rereadable(os.fdopen(reader, "rb"), "pipe") as source:
        assert source.length() == 0
        assert b"".join(source.first()) == content
        stored = kept[0].getvalue()
        assert b"".join(source.again()) == content
        assert b"".join(source.again()) == content
    assert len(stored) == len(content)
    assert MAIL.encode() not in stored


@pytest.mark.parametrize("change", ["grow", "edit", "cut"])
def test_a_file_that_changes_between_the_passes(tmp_path: Path, change: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"a" * 100)
    with Rereadable.open(path) as source:
        list(source.first())
        path.write_bytes({"grow": b"a" * 200, "edit": b"a" * 99 + b"b", "cut": b"a" * 99}[change])
        if change == "grow":
            assert b"".join(source.again()) == b"a" * 100, "what was appended is not passed on"
        else:
            with pytest.raises(SourceError, match="changed while it was read"):
                list(source.again())


def test_missing_files_and_folders_are_told(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "none", "cannot be read"), (tmp_path, "is a folder")):
        with pytest.raises(SourceError, match=words):
            Rereadable.open(path)


def test_windows_stay_small_and_overlap_whatever_the_text() -> None:
    text = "".join(chr(97 + number % 26) for number in range(60_000))
    parts = [text[at : at + 1000] for at in range(0, len(text), 1000)]
    own, position = [], 0
    for window in windows(parts, 5_000, ahead=700, behind=300):
        assert len(window.text) <= 300 + 5_000 + 700 + 1000
        assert window.base + window.begin == position
        position = window.base + window.cut
        own.append(window.text[window.begin : window.cut])
        assert window.begin == 0 or window.begin >= 300
        assert position == len(text) or len(window.text) - window.cut >= 700
    assert "".join(own) == text


def test_windows_end_with_a_line_or_a_word() -> None:
    lines = "".join(f"line {number}\n" for number in range(5000))
    assert all(w.text[w.cut - 1] == "\n" for w in windows([lines], 1000))
    words = "word " * 5000
    assert all(w.text[w.cut - 1] == " " for w in windows([words], 1000))
    assert all(w.cut % 2 == 0 for w in windows(["\\" * 5000], 999, ahead=10, behind=10) if w.base == 0)


def test_utf_16_across_blocks() -> None:
    text = "\ufeff" + "a😀\ud800b" * 50
    raw = text.encode("utf-16-le", "surrogatepass")
    coding = Coding(raw)
    for size in (1, 2, 3, 5, 7):
        parts = list(coding.decode(raw[at : at + size] for at in range(0, len(raw), size)))
        assert coding.encode("".join(parts)) + coding.tail == raw


def test_an_output_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "new" / "out"
    output = Output(path)
    output.write(b"half")
    assert not path.exists()
    output.discard()
    assert list(path.parent.iterdir()) == []
    path.write_bytes(b"old")
    path.chmod(0o640)
    output = Output(path)
    output.write(b"new")
    assert path.read_bytes() == b"old"
    output.commit()
    output.discard()
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    with pytest.raises(UsageError, match="cannot be written"):
        Output(path / "below-a-file")


def test_a_disk_without_room_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    reader, writer = os.pipe()
    os.write(writer, b"text")
    os.close(writer)
    monkeypatch.setattr(inputs.tempfile, "TemporaryFile", lambda **_: Full())
    with Rereadable(os.fdopen(reader, "rb"), "pipe") as source, pytest.raises(SourceError, match="No space left"):
        list(source.first())
