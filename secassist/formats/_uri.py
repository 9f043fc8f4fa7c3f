"""Places of inputs as relative URIs that cannot point anywhere else."""

import re
from urllib.parse import quote

DRIVE = re.compile(r"^[A-Za-z]:(?=[\\/])")


def relative(path: str) -> str:
    """Forward slashes, no drive, no root, no "..", everything else percent-encoded; "unknown" if nothing is left."""
    parts = DRIVE.sub("", path).replace("\\", "/").split("/")
    kept = [part for part in parts if part not in ("", ".", "..")]
    return quote("/".join(kept), safe="/", errors="replace") or "unknown"


def place_of(origin: str) -> tuple[str, int | None]:
    """("alerts.jsonl", 17) of "alerts.jsonl:17"; no line where there is none."""
    path, colon, line = origin.rpartition(":")
    if colon and line.isascii() and line.isdigit() and 0 < len(line) < 10 and int(line) > 0:
        return path, int(line)
    return origin, None
