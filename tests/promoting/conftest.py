"""Labelled rows of our own that the bundled adapter judges better than chance, and adapters that were made worse."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from secassist import registry
from secassist.training.scenarios import generate

BUNDLED = registry.BUNDLED / "adapters" / "triage"
Change = Callable[[str, Any], Any]


def rows(count: int, seed: int = 91) -> Iterator[dict[str, Any]]:
    """Scenarios as labelled rows; every one is development data, and a group of its own."""
    found = 0
    for scenario in generate(seed, 3 * count):
        if "lines" in scenario.input or "events" in scenario.input or found == count:
            continue
        label = {"verdict": scenario.verdict}
        row = {"id": scenario.id, "task": "T1", "input": scenario.input, "label": label, "split": "test"}
        yield row | {"group": f"{scenario.group}:{found}"}
        found += 1


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "ours.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows(20)), encoding="utf-8")
    return folder


def changed(folder: Path, change: Change) -> Path:
    """The bundled triage adapter with every matrix put through `change`."""
    from safetensors.torch import load_file, save_file

    shutil.copytree(BUNDLED, folder)
    tensors = load_file(BUNDLED / "adapter_model.safetensors")
    after = {name: change(name, tensor).contiguous() for name, tensor in tensors.items()}
    save_file(after, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    return folder


@pytest.fixture(scope="session")
def worse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the adapter learned, the other way round and four times as strong."""
    return changed(tmp_path_factory.mktemp("worse") / "triage", lambda name, t: -4 * t if "lora_B" in name else t)


@pytest.fixture(scope="session")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Other weights with the same answers, as after a training that changed nothing: the rank's order is turned round."""

    def turned(name: str, tensor: Any) -> Any:
        return tensor.flip(0) if "lora_A" in name else tensor.flip(1)

    return changed(tmp_path_factory.mktemp("alike") / "triage", turned)
