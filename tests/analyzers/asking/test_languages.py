"""A question that meets documents of another language is told so."""

import pytest

from schemas import CitedAnswer, Document
from secassist.analyzers._asking.gathering import gathered
from secassist.analyzers._asking.languages import language_of
from secassist.formats import _answer


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Who approves a restore?", "en"),
        ("恢复由谁批准？", "zh"),
        ("Windows Defender 和 Sysmon 的日志保留多久", "zh"),
        ("The button 举报 stands at the top right of the mail client, next to the reply button of the toolbar.", "en"),
        ("10.0.0.1 443 -> 80", ""),
        ("", ""),
    ],
)
def test_which_language(text: str, language: str) -> None:
    assert language_of(text) == language


def test_documents_of_another_language_are_counted_and_told() -> None:
    bodies = ("恢复生产系统必须经过变更委员会批准。", "Backups are kept for a year.", "1234 5678")
    read = [Document(source="text", origin=f"{at}.md", body=body) for at, body in enumerate(bodies)]
    made = gathered("Who approves a restore of production?", read, lambda subject: subject, 3)
    assert (made["documents"], made["abroad"]) == (3, 1)
    answer = CitedAnswer(question="q", documents=3, abroad=1)
    assert "1 of 3 documents are in another language" in "\n".join(_answer.told(answer, "en"))
    assert "3 个文档中有 1 个" in "\n".join(_answer.told(answer, "zh"))


def test_nothing_is_told_where_all_are_in_the_questions() -> None:
    assert "language" not in "\n".join(_answer.told(CitedAnswer(question="q", documents=2), "en"))
