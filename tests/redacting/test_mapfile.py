"""The map: nothing in clear, opened by its key only, whole or not at all, and able to grow."""

import base64
from pathlib import Path

import pytest

from secassist.errors import ConfigError, UsageError
from secassist.redacting.mapfile import LENGTH_BYTES, MAGIC, SALT_BYTES, MapWriter, read_map
from secassist.redacting.placeholders import Entry
from tests.redacting.runs import KEY, MAIL, OTHER_KEY, PASSWORD

ENTRIES = [Entry("<EMAIL_01234567>", MAIL), Entry("<PASSWORD_89abcdef>", PASSWORD, True, "x\udc80\ud800")]


def written(path: Path, entries: list[Entry], key: bytes = KEY) -> bytes:
    with MapWriter(path, key) as writer:
        for entry in entries:
            writer.add(entry)
        writer.commit()
    return path.read_bytes()


def test_it_gives_back_what_was_added(tmp_path: Path) -> None:
    written(tmp_path / "map", ENTRIES)
    assert list(read_map(tmp_path / "map", KEY)) == ENTRIES


def test_it_holds_nothing_in_clear(tmp_path: Path) -> None:
    content = written(tmp_path / "map", [*ENTRIES, *(Entry(f"<X_{n:08x}>", f"{PASSWORD}-{n}") for n in range(5000))])
    assert len(content) > 200_000, "several frames"
    needles = [
        value.encode() for value in (MAIL, PASSWORD, "<EMAIL_0", "<PASSWORD_8", *(f"<X_{n:06x}" for n in range(20)))
    ]
    for value in needles:
        assert len(value) >= 8, "eight bytes are in noise of this size once in 10^13 times"
        for spelled in (value, value.hex().encode(), base64.b64encode(value).rstrip(b"=")[:-1]):
            assert spelled not in content
    assert (tmp_path / "map").stat().st_mode & 0o077 == 0


def test_another_key_does_not_open_it(tmp_path: Path) -> None:
    written(tmp_path / "map", ENTRIES)
    with pytest.raises(ConfigError, match="does not open"):
        list(read_map(tmp_path / "map", OTHER_KEY))


def test_two_maps_of_the_same_values_have_nothing_in_common(tmp_path: Path) -> None:
    first, second = written(tmp_path / "a", ENTRIES), written(tmp_path / "b", ENTRIES)
    assert first[len(MAGIC) : -20] != second[len(MAGIC) : -20]
    assert first[: len(MAGIC)] == second[: len(MAGIC)]


@pytest.mark.parametrize("place", range(0, 400, 7))
def test_a_changed_byte_is_noticed(tmp_path: Path, place: int) -> None:
    content = bytearray(written(tmp_path / "map", ENTRIES))
    place %= len(content)
    content[place] ^= 1
    (tmp_path / "map").write_bytes(content)
    with pytest.raises((ConfigError, UsageError)):
        list(read_map(tmp_path / "map", KEY))


def test_a_map_that_is_cut_off_or_shuffled_is_noticed(tmp_path: Path) -> None:
    content = written(tmp_path / "map", [Entry(f"<X_{n:08x}>", "v" * 200) for n in range(1000)])
    frames, position = [], len(MAGIC) + SALT_BYTES
    while position < len(content):
        size = LENGTH_BYTES + int.from_bytes(content[position : position + LENGTH_BYTES], "big")
        frames.append(content[position : position + size])
        position += size
    assert len(frames) > 3
    head = content[: len(MAGIC) + SALT_BYTES]
    for wrong in (frames[:-1], [*frames[:-2], frames[-1]], [frames[1], frames[0], *frames[2:]], []):
        (tmp_path / "map").write_bytes(head + b"".join(wrong))
        with pytest.raises(ConfigError):
            list(read_map(tmp_path / "map", KEY))


def test_a_second_run_adds_to_it(tmp_path: Path) -> None:
    written(tmp_path / "map", ENTRIES[:1])
    written(tmp_path / "map", ENTRIES[1:])
    written(tmp_path / "map", [])
    assert list(read_map(tmp_path / "map", KEY)) == ENTRIES


def test_without_commit_the_old_one_stays(tmp_path: Path) -> None:
    before = written(tmp_path / "map", ENTRIES)
    with MapWriter(tmp_path / "map", KEY) as writer:
        writer.add(Entry("<X_00000000>", "new"))
    assert (tmp_path / "map").read_bytes() == before
    with pytest.raises(ConfigError):
        MapWriter(tmp_path / "map", OTHER_KEY)
    assert [path.name for path in tmp_path.iterdir()] == ["map"]


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        list(read_map(tmp_path / "none", KEY))
    (tmp_path / "text").write_text("something else")
    with pytest.raises(UsageError, match="is not a map"):
        list(read_map(tmp_path / "text", KEY))
    with pytest.raises(UsageError, match="is not a map"):
        MapWriter(tmp_path / "text", KEY)
