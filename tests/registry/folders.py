"""Folders of models and adapters as small as they can be."""

from pathlib import Path


def model(folder: Path, weights: bytes = b"w") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    (folder / "model.safetensors").write_bytes(weights)
    return folder


def adapter(folder: Path, name: str = "triage") -> Path:
    inner = folder / name
    inner.mkdir(parents=True, exist_ok=True)
    (inner / "adapter_config.json").write_text("{}", encoding="utf-8")
    (inner / "adapter_model.safetensors").write_bytes(name.encode())
    return inner
