"""A tokenizer and lessons small enough to train on within a test."""

from pathlib import Path

import pytest

from secassist.templates import Prompt
from secassist.training.lesson import Lesson
from secassist.training.tokenizer import train_tokenizer

TEXT = [
    "the service wrote a line to the log\n" * 3,
    'def check(value):\n    return {"decision":"safe"}\n',
    "命令行 身份证号\n",
] * 40


@pytest.fixture(scope="session")
def tokenizer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokenizer")
    train_tokenizer(TEXT, 400, folder)
    return folder


@pytest.fixture(scope="session")
def lessons() -> list[Lesson]:
    return [
        Lesson(
            analyzer="triage",
            prompt=Prompt(system="Judge.", user=f"1| line {number} {'bad' if number % 2 else 'good'}"),
            answer='{"decision":"%s"}' % ("true_positive" if number % 2 else "benign_expected"),
            source="ours",
            group=str(number),
            bad=bool(number % 2),
        )
        for number in range(40)
    ]
