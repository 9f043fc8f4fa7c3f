"""What every detector promises, asked of every plug-in in the folder."""

import random
import time
from typing import Any

import pytest

from schemas import Alert, CodeUnit, Document, Field, LogWindow, Subject, SubjectKind
from secassist.detectors.base import Detection, Detector
from secassist.errors import DetectorError
from secassist.plugins import load_all

DETECTORS: dict[str, Detector] = load_all("detectors")
EVERY = pytest.mark.parametrize("name", sorted(DETECTORS))

SAMPLE = """\
2026-01-02T03:04:05Z host sshd[812]: Failed password for root from 203.0.113.9 port 4022
db_password = "trub4dor&Kazoo" ; url = postgres://app:trub4dorKazoo@db.internal/x
客户王小明，手机13812345678，邮箱wxm@corp.cn，住在浙江省杭州市西湖区文三路100号
powershell -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQA hxxp://evil[.]test/a.exe
"""
PYTHON = (
    "import pickle, subprocess\n\ndef f(x):\n    subprocess.call('ls ' + x, shell=True)\n    return pickle.loads(x)\n"
)


def subjects(text: str) -> list[Subject]:
    return [
        Document(source="t", path="d.txt", body=text),
        LogWindow(source="t", body=text),
        CodeUnit(source="t", path="a.py", language="python", body=text),
        CodeUnit(source="t", path="a.js", language="javascript", body=text),
        CodeUnit(source="t", path="a.c", language="c", body=text),
        Alert(source="t", fields=(Field(path="process.command_line", value=text), Field(path="user", value="x"))),
    ]


def hostile() -> list[str]:
    rng = random.Random(7)
    alphabet = "aZ09 \t\n\r\"'`\\/:=@#%${}()<>[],;.-_+*中王é\u0301\u200b\u202e\x00\x1b\U0001f600"
    rows = [
        "", "\0", "\0" * 500, "\n" * 5_000, "\r\r\n\n\r", "\u202e\u202d" * 50, "e" + "\u0301" * 10_000, "\U0001f600" * 5_000,
        "\"'`" * 10_000, "(" * 30_000, "{[(<" * 5_000, "\\" * 30_000, "/*" * 15_000, "//" * 15_000, "<!--" * 5_000,
        "password=" * 10_000, "password='" * 7_500, "-----BEGIN PRIVATE KEY-----\n" * 3_000,
        "://a:b@" * 10_000, "eyJ" * 20_000,
        "A" * 200_000, "0" * 200_000, "1" * 199_999 + "x", "a@" * 30_000, "a." * 30_000, "王" * 30_000, "省市区路号" * 6_000,
        "12345678901 " * 5_000, "4111 1111 1111 1111 " * 5_000, "::" * 30_000, "1.2.3.4" * 10_000, "John Smith " * 4_000,
        "select \"select '" * 4_000, "$_GET[" * 10_000, "x=" * 30_000, "a,b,c=" * 10_000, "=" * 50_000, "%25" * 20_000,
        "\\x41" * 15_000, "&#x41;" * 10_000, "QUJD" * 15_000, "powershell -enc " * 4_000, "hxxp://a[.]b " * 4_000,
        "if (" * 10_000,
        "\u0130" * 5_000 + "password=trub4dorKazoo", "ﬀß\u0130İ password: 'x'" * 500, "\ufeff" * 1_000,
    ]  # fmt: skip
    return rows + ["".join(rng.choices(alphabet, k=3_000)) for _ in range(8)]


HOSTILE = hostile()


def run(detector: Detector, subject: Subject) -> Detection:
    """Its answer, or an empty one where it says that it cannot run: the only error it may raise."""
    if subject.kind not in detector.kinds:
        return Detection()
    try:
        return detector.detect(subject)
    except DetectorError as error:
        assert str(error)
        return Detection()


def check(detection: Detection, subject: Subject, name: str) -> None:
    text, count = subject.text, len(subject.lines)
    for signal in detection.signals:
        assert all(1 <= line <= count for line in signal.lines), (name, signal.rule)
        assert signal.rule and signal.message
    for found in detection.candidates:
        place = found.place
        assert 1 <= place.start_line <= place.end_line <= count, (name, found.rule)
        assert found.rule and found.type and found.message
        assert not (found.certain and found.safe_hint)
        if place.start is not None and place.end is not None:
            assert 0 <= place.start <= place.end <= len(text)
            assert text.count("\n", 0, place.start) + 1 == place.start_line
        if found.value:
            assert found.value == text[place.start : place.end]
            assert len(found.value) < 6 or found.value not in repr(found)
            assert len(found.value) < 6 or found.value not in found.message


@EVERY
def test_it_says_who_it_is(name: str) -> None:
    detector = DETECTORS[name]
    assert detector.name == name
    assert detector.version and detector.summary and detector.kinds <= frozenset(SubjectKind)


@EVERY
def test_same_input_same_answer_and_places_in_range(name: str) -> None:
    for text in (SAMPLE, PYTHON):
        for subject in subjects(text):
            first = run(DETECTORS[name], subject)
            assert first == run(DETECTORS[name], subject)
            check(first, subject, name)


@EVERY
def test_hostile_strings_never_raise(name: str) -> None:
    for number, text in enumerate(HOSTILE):
        kinds = subjects(text[:20_000])
        for subject in kinds if number % 5 == 0 else [kinds[number % len(kinds)]]:
            check(run(DETECTORS[name], subject), subject, f"{name} on string {number}")


@EVERY
@pytest.mark.parametrize("text", [t for t in HOSTILE if len(t) >= 15_000], ids=lambda t: repr(t[:12]))
def test_twice_the_input_takes_at_most_four_times_as_long(name: str, text: str) -> None:
    detector = DETECTORS[name]
    kind: Any = CodeUnit if SubjectKind.DOCUMENT not in detector.kinds else Document
    extra = {"path": "a.js", "language": "javascript"} if kind is CodeUnit else {}
    half, full = (kind(source="t", body=text[:size], **extra) for size in (len(text) // 2, len(text)))
    if half.kind not in detector.kinds:
        pytest.skip("looks at neither documents nor code")
    slow = _seconds(detector, full)
    if slow > 0.2:
        assert slow <= 4 * max(_seconds(detector, half), 0.05)
    assert slow < 10


def _seconds(detector: Detector, subject: Subject) -> float:
    """Processor seconds, the best of three runs, so that a busy machine does not count."""
    found = []
    for _ in range(3):
        begin = time.process_time()
        run(detector, subject)
        found.append(time.process_time() - begin)
        if found[-1] < 0.1:
            break
    return min(found)
