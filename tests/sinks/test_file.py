"""A line per event, whole, whoever else writes, and never through a link."""

import json
import threading
from pathlib import Path

import pytest

from secassist.errors import ConfigError
from secassist.sinks.base import Message, Place, SinkError
from secassist.sinks.file import FileSink


def message(number: int = 0) -> Message:
    return Message(f"{number:064x}", "analysis.done", "2026-11-02T08:00:00Z", {"n": number, "pad": "x" * 5000})


def test_many_writers_make_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    threads = [
        threading.Thread(
            target=lambda base: [FileSink(Place(path=path)).send(message(base + n)) for n in range(10)], args=(t * 10,)
        )
        for t in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert sorted(line["data"]["n"] for line in lines) == list(range(40))
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_torn_line_is_ended_first(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"id": "tor')
    FileSink(Place(path=path)).send(message())
    assert path.read_bytes().splitlines()[1] == message().body


def test_links_and_missing_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("link", "missing/file"):
        with pytest.raises(SinkError, match="cannot be written"):
            FileSink(Place(path=tmp_path / name)).send(message())
    assert not (tmp_path / "elsewhere").exists()
    with pytest.raises(ConfigError, match="absolute"):
        FileSink(Place(path=Path("relative")))


def test_a_full_disk_did_not_take_it() -> None:
    with pytest.raises(SinkError, match=r"cannot be written|took only a part"):
        FileSink(Place(path=Path("/dev/full"))).send(message())
