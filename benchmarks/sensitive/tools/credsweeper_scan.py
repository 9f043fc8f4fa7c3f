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
            name = credential.rule_name
            found.setdefault(number, []).extend((*p, name, 1.0) for p in places(credential.line_data_list, name, text))
        yield from (found.get(number, []) for number in range(len(items)))


def places(parts: list[Any], name: str, text: str) -> list[tuple[int, int]]:
    """Every part of a finding, such as the two keys of a pair; the lines of a private key are one."""
    spans = [next(occurrences(text, part.value or part.line or "", part.line_num)) for part in parts]
    return [(min(spans)[0], max(end for _, end in spans))] if "PEM" in name else spans


if __name__ == "__main__":
    serve(version("credsweeper"), [rule.rule_name for rule, _ in CredSweeper().scanner.rules_scanners], find)
