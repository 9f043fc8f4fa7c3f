"""Keys: where they come from, and what is refused."""

from pathlib import Path

import pytest

from secassist import config
from secassist.errors import ConfigError
from secassist.redacting.keys import derive, read_key


def test_without_a_file_it_is_the_key_of_the_home(tmp_path: Path) -> None:
    assert read_key(None, tmp_path, make=False) == config.key(tmp_path)
    assert read_key(tmp_path / "key", tmp_path / "other", make=False) == config.key(tmp_path)


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    made = read_key(tmp_path / "new" / "key", tmp_path, make=True)
    assert len(made) == 32
    assert read_key(tmp_path / "new" / "key", tmp_path, make=True) == made
    assert (tmp_path / "new" / "key").stat().st_mode & 0o077 == 0


def test_a_missing_key_is_not_made_to_reveal(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_key(tmp_path / "key", tmp_path, make=False)
    assert not (tmp_path / "key").exists()


def test_text_is_a_key_whatever_space_is_around_it(tmp_path: Path) -> None:
    keys = set()
    for name, content in (
        ("a", "an invented pass phrase"),
        ("b", "  an invented pass phrase\r\n"),
        ("c", "another phrase of words"),
    ):
        (tmp_path / name).write_text(content)
        keys.add(read_key(tmp_path / name, tmp_path, make=False))
    assert len(keys) == 2


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 5000, b" " * 40])
def test_weak_or_huge_keys_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(ConfigError, match="32 bytes"):
        read_key(tmp_path / "key", tmp_path, make=False)


def test_purposes_do_not_share_a_key() -> None:
    assert (
        len({derive(b"k" * 32, "a"), derive(b"k" * 32, "b"), derive(b"k" * 32, "a", b"salt"), derive(b"j" * 32, "a")})
        == 4
    )
