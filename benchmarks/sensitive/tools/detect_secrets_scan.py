"""detect-secrets with every plug-in and its default filters, without verification (which would call the providers).

`--string` scans each line as `detect-secrets scan --string` does, which also finds what is not in quotes; else every item
is a file, as in a pre-commit hook. `--time` reads paths, not items, and prints the processor seconds of a scan.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from detect_secrets.core.plugins.initialize import from_secret_type
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.core.scan import scan_file, scan_line
from detect_secrets.settings import default_settings
from protocol import Found, occurrences, serve


def as_files(items: list[dict[str, Any]]) -> Iterator[list[Found]]:
    """Every item written to a file of its own and scanned."""
    with tempfile.TemporaryDirectory() as folder, default_settings():
        for number, item in enumerate(items):
            path = Path(folder) / f"item-{number}.txt"
            path.write_text(item["text"], encoding="utf-8", newline="")
            found = [(secret.secret_value or "", secret.line_number, secret.type) for secret in scan_file(str(path))]
            path.unlink()
            yield [place for value, line, name in found for place in places(item["text"], value, line, name)]


def as_lines(items: list[dict[str, Any]]) -> Iterator[list[Found]]:
    """Every line scanned alone; entropy below the limit is "False" there, and so it is here."""
    with default_settings():
        for item in items:
            yield [
                place
                for number, line in enumerate(item["text"].split("\n"), 1)
                for secret in scan_line(line)
                if from_secret_type(secret.type).format_scan_result(secret).startswith("True")
                for place in places(item["text"], secret.secret_value or "", number, secret.type)
            ]


def places(text: str, value: str, line: int, name: str) -> list[Found]:
    """The first place of the value in its line: the tool tells the line only."""
    start, end = next(occurrences(text, value, line))
    return [(start, end, name, 1.0)]


def seconds(paths: list[str]) -> float:
    """Processor seconds that scanning these files takes."""
    with default_settings():
        began = time.process_time()
        for path in paths:
            for _ in scan_file(path):
                pass
        return time.process_time() - began


def main() -> None:
    """By the arguments."""
    if "--time" in sys.argv:
        paths = sys.stdin.read().splitlines()
        seconds(paths[:5])
        print(seconds(paths))
        return
    with default_settings():
        claims = list(get_mapping_from_secret_type_to_class())
    serve(version("detect-secrets"), claims, as_lines if "--string" in sys.argv else as_files)


if __name__ == "__main__":
    main()
