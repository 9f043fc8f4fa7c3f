"""Places of inputs as relative URIs that cannot point anywhere else."""

import re
from urllib.parse import quote

_LINE = re.compile(r"(.*):([1-9][0-9]{0,8})(?:#[0-9]{1,9})?", re.DOTALL)
DRIVE = re.compile(r"^[A-Za-z]:(?=[\\/])")


def relative(path: str) -> str:
    """Forward slashes, no drive, no root, no "..", everything else percent-encoded; "unknown" if nothing is left."""
    parts = DRIVE.sub("", path).replace("\\", "/").split("/")
    kept = [part for part in parts if part not in ("", ".", "..")]
    return quote("/".join(kept), safe="/", errors="replace") or "unknown"


def place_of(origin: str) -> tuple[str, int | None]:
    """("alerts.jsonl", 17) of "alerts.jsonl:17", and of "alerts.jsonl:17#2"; no line where there is none."""
    found = _LINE.fullmatch(origin)
    return (found[1], int(found[2])) if found else (origin, None)
