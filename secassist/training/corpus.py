"""Text for pretraining: public security corpora, raw labelled inputs, and permissive code installed on this machine."""

import gzip
import json
import lzma
import random
import re
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from secassist.folds import held_out

PERMISSIVE = re.compile(r"\b(MIT|BSD|Apache|PSF|Python Software Foundation|ISC|Unlicense)\b", re.IGNORECASE)
COPYLEFT = re.compile(r"\b(GPL|LGPL|AGPL|MPL|EPL)", re.IGNORECASE)
SIGMA_TAGS = re.compile(r"^tags:\n(?:[ ]+- .*\n)*", re.MULTILINE)


@dataclass(frozen=True)
class Text:
    """One document for pretraining; `source` names the mixture component."""

    source: str
    text: str


def security_corpus(path: Path) -> Iterator[Text]:
    """Documents of a `{source, path, text}` JSON Lines file (.xz), without the answers to held-out groups."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if held_out(f"sigma:{Path(row['path']).parent}"):
                row["text"] = SIGMA_TAGS.sub("", row["text"])
            if not _spells_held_out(row):
                yield Text("corpus:" + row["source"].split("@")[0].split("/")[-1], row["text"])


def _spells_held_out(row: dict[str, Any]) -> bool:
    """Whether a corpus document holds the answer to a development group (the same Atomic test, Sigma folder, rule)."""
    path = Path(row["path"])
    groups = [
        f"art:{path.stem}",
        f"crowdsec-appsec:{path.stem}",
        f"crowdsec:{path.stem}",
        "attack:" + row["text"].split("\n", 1)[0].split(" ", 1)[-1],
    ]
    return any(held_out(group) for group in groups)


def labelled_inputs(folder: Path) -> Iterator[Text]:
    """The raw inputs (never the labels) of labelled rows whose group is for training."""
    for path in sorted(folder.rglob("*.jsonl.gz")):
        if ".test." in path.name:
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if held_out(row["group"]):
                    continue
                yield Text("rows:" + path.name.split(".")[0], _spell(row["input"]))


def _spell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and isinstance(value.get("before"), str):
        return str(value["before"])
    return "\n".join(f"{key}: {text}" for key, text in _leaves(value))


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path)
    else:
        yield path, value if isinstance(value, str) else json.dumps(value)


def installed_code(limit_bytes: int, seed: int) -> Iterator[Text]:
    """Python of the standard library and of installed packages under permissive licences, read in place."""
    standard = Path(sysconfig.get_paths()["stdlib"])
    files = [path for path in standard.rglob("*.py") if "site-packages" not in path.parts and "test" not in str(path)]
    for distribution in metadata.distributions():
        if _is_permissive(distribution):
            files += [Path(str(f.locate())) for f in distribution.files or () if f.suffix == ".py"]
    random.Random(seed).shuffle(files)  # noqa: S311 - a shuffle, not a secret
    used = 0
    for path in files:
        if used >= limit_bytes:
            return
        text = _read(path)
        if 500 < len(text) < 40_000:
            used += len(text)
            yield Text("installed:python", text)


def _is_permissive(distribution: metadata.Distribution) -> bool:
    about = distribution.metadata
    words = " ".join([*(about.get_all("License-Expression") or []), *(about.get_all("Classifier") or [])])
    return bool(PERMISSIVE.search(words)) and not COPYLEFT.search(words)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def mix(texts: Iterable[Text], caps: dict[str, int], default_cap: int, seed: int) -> list[Text]:
    """A shuffled mixture in which each source gives at most its cap of characters (longest prefix match on the name)."""
    pool = list(texts)
    random.Random(seed).shuffle(pool)  # noqa: S311
    used: dict[str, int] = {}
    chosen = []
    for item in pool:
        cap = max(
            ((len(name), cap) for name, cap in caps.items() if item.source.startswith(name)), default=(0, default_cap)
        )
        if used.get(item.source, 0) < cap[1]:
            used[item.source] = used.get(item.source, 0) + len(item.text)
            chosen.append(item)
    return chosen


__all__ = ["Text", "installed_code", "labelled_inputs", "mix", "security_corpus"]
