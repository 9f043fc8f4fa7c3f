"""Settings: where they come from, in which order, and how wrong ones are named; the key of keyed hashes."""

import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from secassist import config
from secassist.config import read_settings
from secassist.errors import ConfigError


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.upper().startswith("SECASSIST_")]:
        monkeypatch.delenv(name)
    (tmp_path / "config.toml").touch()
    monkeypatch.setenv("SECASSIST_CONFIG", str(tmp_path / "config.toml"))


def test_defaults_are_local_offline_and_deterministic() -> None:
    settings = read_settings()
    assert (settings.backend, settings.temperature, settings.device) == ("local", 0.0, "cpu")
    assert settings.home.is_absolute()
    assert settings.database == f"sqlite:///{settings.home / 'secassist.db'}"


def test_arguments_over_environment_over_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('batch = 2\nseed = 3\nlanguage = "zh"\n', encoding="utf-8")
    monkeypatch.setenv("SECASSIST_BATCH", "4")
    monkeypatch.setenv("SECASSIST_SEED", "5")
    settings = read_settings(batch=6, seed=None)
    assert (settings.batch, settings.seed, settings.language) == (6, 5, "zh")


def test_home_moves_the_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECASSIST_HOME", str(tmp_path / "home"))
    assert read_settings().database == f"sqlite:///{tmp_path / 'home' / 'secassist.db'}"
    assert read_settings(database="sqlite:///other.db").database == "sqlite:///other.db"


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = read_settings().home
    monkeypatch.setenv("SECASSIST_HOME", "")
    assert read_settings().home == usual


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"batch": 0}, "batch"),
        ({"temperature": "hot"}, "temperature"),
        ({"language": "fr"}, "language"),
        ({"backend": "cloud"}, "backend"),
        ({"backend": "server"}, "SECASSIST_SERVER_MODEL"),
        ({"colour": "red"}, "colour"),
        ({"batch": 0, "threads": 0}, "threads.*batch"),
    ],
)
def test_each_wrong_setting_is_named(given: dict[str, object], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        read_settings(**given)


@pytest.mark.parametrize("text", ["batch = ", "batch = 'x'", "colour = 1", "\x00"])
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"config\.toml"):
        read_settings()


def test_a_named_file_is_to_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("confg.toml", "."):
        monkeypatch.setenv("SECASSIST_CONFIG", str(tmp_path / name))
        with pytest.raises(ConfigError, match=re.escape(f"{tmp_path / name}: SECASSIST_CONFIG names no file")):
            read_settings()
    for name in ("/dev/null", ""):
        monkeypatch.setenv("SECASSIST_CONFIG", name)
        assert read_settings().batch == 32


def test_a_value_that_is_no_json_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECASSIST_TARGETS", "[{")
    with pytest.raises(ConfigError, match=r"^targets: its value is not valid JSON"):
        read_settings()


def test_settings_are_frozen_and_hide_the_server_key() -> None:
    settings = read_settings(server_key="invented-server-key")
    with pytest.raises(Exception, match="frozen"):
        settings.batch = 3  # type: ignore[misc]
    assert "invented-server-key" not in repr(settings)
    assert "invented-server-key" not in settings.model_dump_json()


def test_a_wrong_server_key_is_not_repeated() -> None:
    with pytest.raises(ConfigError) as caught:
        read_settings(backend="server", server_key="invented-server-key", batch=0)
    assert "invented-server-key" not in str(caught.value)


class TestKey:
    def test_it_is_made_once_and_private(self, tmp_path: Path) -> None:
        home = tmp_path / "a" / "home"
        key = config.key(home)
        assert len(key) == 32
        assert config.key(home) == key
        assert stat.S_IMODE((home / "key").stat().st_mode) == 0o600
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert [path.name for path in home.iterdir()] == ["key"]

    def test_homes_differ(self, tmp_path: Path) -> None:
        assert config.key(tmp_path / "one") != config.key(tmp_path / "two")

    def test_many_at_once_agree(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(lambda _: config.key(tmp_path / "home"), range(32)))) == 1

    @pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
    def test_a_damaged_key_is_refused(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "key").write_bytes(content)
        with pytest.raises(ConfigError, match="bytes instead of 32"):
            config.key(tmp_path)

    def test_a_home_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "home").write_text("")
        with pytest.raises(ConfigError, match="SECASSIST_HOME"):
            config.key(tmp_path / "home")


def test_a_mistyped_name_is_told_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("thraeds = 2\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"thraeds: no setting has this name; did you mean threads\?"):
        read_settings()
