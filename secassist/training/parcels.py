"""Parcels: what a training machine without network needs, packed; what it made, cut into parts and joined again."""

import hashlib
import io
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from secassist.errors import SourceError, UsageError

INPUTS: Final = ("tokens.npy", "validation.npz", "tokenizer", "lessons", "techniques")
"""Of a working folder: what training reads."""
PACKED: Final = 60 * 2**20
"""Bytes of packed inputs, at most."""
PART: Final = 16 * 2**20
"""Bytes of one part of what was made, at most."""
LIST: Final = "parts.json"


def pack(work: Path, target: Path, limit: int = PACKED) -> int:
    """Packs the inputs of a working folder (.tar.xz); bytes written. Raises UsageError when they are missing or too many."""
    missing = [name for name in INPUTS[:4] if not (work / name).exists()]
    if missing:
        raise UsageError(f"{work}: has no {', '.join(missing)}; run `secassist train gather` first")
    with tarfile.open(target, "w:xz") as out:
        for name in INPUTS:
            if (work / name).exists():
                out.add(work / name, name, filter=_plain)
    size = target.stat().st_size
    if size > limit:
        target.unlink()
        raise UsageError(f"{work}: packs to {size} bytes, {limit} are allowed; write fewer lessons")
    return size


def unpack(source: Path, work: Path) -> None:
    """Puts packed inputs into a working folder; raises SourceError for an archive that is none."""
    try:
        with tarfile.open(source, "r:xz") as held:
            held.extractall(work, filter="data")
    except (tarfile.TarError, OSError) as error:
        raise SourceError(f"{source}: no packed inputs: {error}") from error


def cut(folder: Path, target: Path, part: int = PART) -> list[Path]:
    """Cuts a folder into parts of at most `part` bytes, with a list of their digests; the parts."""
    target.mkdir(parents=True, exist_ok=True)
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as out:
        out.add(folder, folder.name, filter=_plain)
    data = whole.getvalue()
    made = []
    for number, start in enumerate(range(0, len(data), part)):
        made.append(target / f"part{number:03d}")
        made[-1].write_bytes(data[start : start + part])
    rows = [{"name": path.name, "sha256": _digest([path])} for path in made]
    (target / LIST).write_text(json.dumps({"parts": rows, "sha256": _digest(made)}, indent=1) + "\n", encoding="utf-8")
    return made


def join(source: Path, target: Path) -> Path:
    """Joins parts again, below `target`; raises SourceError naming the part that is missing or was changed."""
    try:
        told = json.loads((source / LIST).read_text(encoding="utf-8"))
        rows = [(source / Path(row["name"]).name, row["sha256"]) for row in told["parts"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SourceError(f"{source}: no list of parts ({LIST}): {error}") from error
    for path, wanted in rows:
        if not path.is_file() or _digest([path]) != wanted:
            raise SourceError(f"{path}: missing, or not the part that was cut; fetch it again")
    data = io.BytesIO(b"".join(path.read_bytes() for path, _ in rows))
    with tarfile.open(fileobj=data) as held:
        names = held.getnames()
        held.extractall(target, filter="data")
    return target / names[0]


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without who made it and when, so that the same files pack to the same bytes."""
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry


def _digest(paths: Sequence[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()
