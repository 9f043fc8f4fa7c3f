"""Chinese text: names are found in one pass, so that megabytes take seconds, and twice the text twice the time."""

import gc
import time
from collections.abc import Callable

import pytest

from schemas import Document
from secassist.detectors._pii.chinese import name_hits
from secassist.detectors._secret.hit import Hit, without_overlaps
from secassist.detectors.personal_data import PLUGIN

PROSE = "昨天下午系统完成了升级，运维人员检查了日志，没有发现异常，随后通知各部门恢复使用，并请大家及时反馈问题。"
NAMES = "客户张伟说，李娜娜在家。联系王小明，电话"
SURNAMES = "王李张刘陈杨黄赵"
TEXTS = pytest.mark.parametrize("unit", [PROSE, NAMES, SURNAMES, "王伟"], ids=["prose", "names", "surnames", "pairs"])


def best(work: Callable[[], object]) -> float:
    """Processor seconds, the best of three runs, so that a pause of the interpreter does not count."""
    found = []
    for _ in range(3):
        gc.collect()
        begin = time.process_time()
        work()
        found.append(time.process_time() - begin)
    return min(found)


def seconds(text: str) -> float:
    return best(lambda: sum(1 for _ in name_hits(text)))


@TEXTS
def test_a_megabyte_takes_less_than_two_seconds(unit: str) -> None:
    text = unit * (1_000_000 // len(unit.encode()))
    assert seconds(text) < 2


@TEXTS
def test_twice_the_text_takes_about_twice_the_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    assert seconds(text) < 3 * max(seconds(text[: len(text) // 2]), 0.02)


def test_the_whole_detector_grows_with_the_text() -> None:
    def whole(count: int) -> float:
        subject = Document(source="t", body=NAMES * count)
        assert len(PLUGIN.detect(subject).candidates) == 3 * count
        return best(lambda: PLUGIN.detect(subject))

    assert whole(6_000) < 3.5 * whole(3_000)


def test_choosing_among_hits_is_not_quadratic() -> None:
    hits = [Hit(at, at + 2, "t", "", rank, hint="") for rank in (3, 2, 1) for at in range(rank * 3, 900_000, 9)]
    begin = time.process_time()
    kept = without_overlaps(hits)
    assert len(kept) == len(hits) and [hit.start for hit in kept] == sorted(hit.start for hit in hits)
    assert time.process_time() - begin < 3
