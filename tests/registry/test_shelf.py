"""The shelf: what is live changes at once or not at all, whoever looks and wherever the process dies."""

import json
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from secassist import registry
from secassist.errors import ModelError, UsageError
from secassist.registry import Shelf

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Settings:
    """As much of the settings as decides which adapter serves."""

    home: Path
    model: str = "bundled"
    adapters: str = "bundled"


BASE = registry.base("bundled").digest


def candidate(folder: Path, content: bytes = b"one") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "adapter_config.json").write_text("{}", encoding="utf-8")
    (folder / "adapter_model.safetensors").write_bytes(content)
    (folder / "calibration.json").write_text("{}", encoding="utf-8")
    (folder / "checkpoint.txt").write_text("left behind", encoding="utf-8")
    return folder


def added(home: Path, tmp_path: Path, content: bytes = b"one", base: str = BASE) -> registry.Version:
    source = candidate(tmp_path / content.decode(), content)
    return Shelf(home).add("triage", source, {"base": base})


def test_the_bundled_adapter_is_the_first_live_one(tmp_path: Path) -> None:
    found = registry.serving(Settings(tmp_path), "triage")
    assert found is not None
    assert found.folder == registry.BUNDLED / "adapters" / "triage"
    assert not (tmp_path / "models").exists()


def test_a_version_goes_from_candidate_to_live_to_retired(tmp_path: Path) -> None:
    home = tmp_path / "home"
    shelf, version = Shelf(home), added(home, tmp_path)
    assert [found.state for found in shelf.versions()] == ["candidate"]
    assert not (version.folder / "checkpoint.txt").exists()
    shelf.promote(version, "ann")
    serving = registry.serving(Settings(home), "triage")
    assert serving is not None
    assert (serving.name, serving.folder, serving.digest) == ("triage", version.folder, version.digest)
    assert [found.state for found in shelf.versions()] == ["live"]
    shelf.rollback("triage", "bob")
    assert [found.state for found in shelf.versions()] == ["retired"]
    assert registry.serving(Settings(home), "triage") == registry.adapter("bundled", "triage")
    assert [(e.number, e.who, e.action, e.before, e.after) for e in shelf.events()] == [
        (1, "ann", "promote", "", version.digest),
        (2, "bob", "rollback", version.digest, ""),
    ]


def test_a_rollback_goes_to_what_served_before(tmp_path: Path) -> None:
    home = tmp_path / "home"
    shelf = Shelf(home)
    first, second = added(home, tmp_path, b"one"), added(home, tmp_path, b"two")
    shelf.promote(first, "ann")
    shelf.promote(second, "ann")
    assert shelf.rollback("triage", "ann").after == first.digest
    assert shelf.live("triage") == shelf.find("triage", first.digest[:8])
    shelf.rollback("triage", "ann")
    with pytest.raises(UsageError, match="the bundled adapter serves"):
        shelf.rollback("triage", "ann")


def test_what_is_live_is_not_promoted_twice(tmp_path: Path) -> None:
    version = added(tmp_path, tmp_path)
    Shelf(tmp_path).promote(version, "ann")
    with pytest.raises(UsageError, match="live already"):
        Shelf(tmp_path).promote(version, "ann")


def test_an_adapter_of_another_base_does_not_serve(tmp_path: Path) -> None:
    Shelf(tmp_path).promote(added(tmp_path, tmp_path, base="0" * 64), "ann")
    assert registry.serving(Settings(tmp_path), "triage") == registry.adapter("bundled", "triage")


def test_a_folder_that_the_settings_name_is_taken_as_it_is(tmp_path: Path) -> None:
    home, named = tmp_path / "home", tmp_path / "named"
    Shelf(home).promote(added(home, tmp_path), "ann")
    candidate(named / "triage", b"mine")
    found = registry.serving(Settings(home, adapters=str(named)), "triage")
    assert found is not None
    assert found.folder == named / "triage"


def test_served_names_every_analyzer_once(tmp_path: Path) -> None:
    Shelf(tmp_path).promote(added(tmp_path, tmp_path), "ann")
    found = registry.served(Settings(tmp_path))
    assert set(found) == {weights.name for weights in registry.adapters("bundled")}
    assert found["triage"].folder.is_relative_to(tmp_path)


class TestDamage:
    def test_changed_weights_do_not_serve(self, tmp_path: Path) -> None:
        version = added(tmp_path, tmp_path)
        Shelf(tmp_path).promote(version, "ann")
        (version.folder / "adapter_model.safetensors").write_bytes(b"worse")
        with pytest.raises(ModelError, match=r"was changed after .* rollback triage"):
            registry.serving(Settings(tmp_path), "triage")

    def test_a_missing_version_does_not_serve_but_can_be_rolled_back(self, tmp_path: Path) -> None:
        version = added(tmp_path, tmp_path)
        Shelf(tmp_path).promote(version, "ann")
        version.folder.rename(tmp_path / "gone")
        with pytest.raises(ModelError, match="missing or damaged"):
            registry.serving(Settings(tmp_path), "triage")
        Shelf(tmp_path).rollback("triage", "ann")
        assert registry.serving(Settings(tmp_path), "triage") == registry.adapter("bundled", "triage")

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "stacks": [], "events": []}'])
    def test_a_damaged_pointer_is_told(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "models").mkdir()
        (tmp_path / "models" / "live.json").write_text(text, encoding="utf-8")
        with pytest.raises(ModelError, match=r"live\.json: cannot be read"):
            Shelf(tmp_path).live("triage")

    def test_an_unsafe_candidate_is_refused(self, tmp_path: Path) -> None:
        source = candidate(tmp_path / "source")
        (source / "adapter_model.bin").write_bytes(b"")
        with pytest.raises(ModelError, match="refused"):
            Shelf(tmp_path).add("triage", source, {})

    @pytest.mark.parametrize("prefix", ["", "abc", "0" * 12])
    def test_a_version_is_named_by_enough_digits(self, tmp_path: Path, prefix: str) -> None:
        added(tmp_path, tmp_path)
        with pytest.raises(UsageError, match="names no version"):
            Shelf(tmp_path).find("triage", prefix)


KILLED = """
import os, signal, sys
from pathlib import Path
from secassist.registry import Shelf
home, source, last = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
def step(name):
    if name == last:
        os.kill(os.getpid(), signal.SIGKILL)
shelf = Shelf(home, step)
shelf.promote(shelf.add("triage", source, {"base": sys.argv[4]}), "ann")
"""


@pytest.mark.parametrize("last", ["staging", "staged", "added", "pointing", "pointed"])
def test_a_crash_at_any_step_leaves_one_state_or_the_other(tmp_path: Path, last: str) -> None:
    home, source = tmp_path / "home", candidate(tmp_path / "source", b"new")
    before = added(home, tmp_path, b"old")
    Shelf(home).promote(before, "ann")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(home), str(source), last, BASE], cwd=ROOT, check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    new = registry.at(source).digest
    live = Shelf(home).live("triage")
    assert live is not None
    assert live.digest == (new if last == "pointed" else before.digest)
    assert len(Shelf(home).events()) == (2 if last == "pointed" else 1)
    if last != "pointed":
        shelf = Shelf(home)
        shelf.promote(shelf.add("triage", source, {"base": BASE}), "ann")
    assert not list((home / "models").glob(".staging-*"))
    live = Shelf(home).live("triage")
    assert live is not None
    assert live.digest == new == live.weights().digest


def test_readers_never_see_half_a_change(tmp_path: Path) -> None:
    first, second = added(tmp_path, tmp_path, b"one"), added(tmp_path, tmp_path, b"two")
    shelf = Shelf(tmp_path)
    shelf.promote(first, "ann")
    seen: set[str] = set()
    failures: list[Exception] = []
    over = threading.Event()

    def read() -> None:
        try:
            while not over.is_set():
                found = registry.serving(Settings(tmp_path), "triage")
                seen.add(found.digest if found else "")
        except Exception as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(20):
        shelf.promote(second, "ann")
        shelf.rollback("triage", "ann")
    over.set()
    for reader in readers:
        reader.join()
    assert not failures
    assert seen <= {first.digest, second.digest}
    assert len(shelf.events()) == 41


def test_two_writers_lose_no_change(tmp_path: Path) -> None:
    versions = [added(tmp_path, tmp_path, name) for name in (b"one", b"two", b"three", b"four")]
    writers = [threading.Thread(target=Shelf(tmp_path).promote, args=(version, "ann")) for version in versions]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    row = json.loads((tmp_path / "models" / "live.json").read_text(encoding="utf-8"))
    assert sorted(row["stacks"]["triage"]) == sorted(version.digest for version in versions)
    assert [event["number"] for event in row["events"]] == [1, 2, 3, 4]
    assert not list((tmp_path / "models").glob("*.tmp"))
