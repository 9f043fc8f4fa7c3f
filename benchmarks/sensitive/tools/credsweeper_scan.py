"""CredSweeper with its default rules, filters and its model at the default threshold, over every item as a text file."""

import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from credsweeper.app import CredSweeper
from credsweeper.file_handler.files_provider import FilesProvider
from protocol import Found, occurrences, serve


def find(items: list[dict[str, Any]]) -> Iterator[list[Found]]:
    """All items as one folder, which is how the tool is run."""
    with tempfile.TemporaryDirectory() as folder:
        for number, item in enumerate(items):
            (Path(folder) / f"item-{number}.txt").write_text(item["text"], encoding="utf-8", newline="")
        sweeper = CredSweeper(ml_threads_limit=1)
        sweeper.run(FilesProvider([folder]))
        found: dict[int, list[Found]] = {}
        for credential in sweeper.credential_manager.get_credentials():
            number = int(Path(credential.line_data_list[0].path).stem.removeprefix("item-"))
            text = items[number]["text"]
            found.setdefault(number, []).append((*place(credential.line_data_list, text), credential.rule_name, 1.0))
        yield from (found.get(number, []) for number in range(len(items)))


def place(parts: list[Any], text: str) -> tuple[int, int]:
    """From the first to the last part of a finding, which may have several lines."""
    spans = [next(occurrences(text, part.value or part.line or "", part.line_num)) for part in parts]
    return min(start for start, _ in spans), max(end for _, end in spans)


if __name__ == "__main__":
    serve(version("credsweeper"), [rule.rule_name for rule, _ in CredSweeper().scanner.rules_scanners], find)
