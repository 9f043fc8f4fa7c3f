"""The bundled tagger finds names and addresses at the right places, in texts of any length, and refuses damaged weights."""

import itertools
import json
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from secassist.backends import _tag_text as text_of
from secassist.backends._tag_text import SHAPES, Span, Unit, labels, pieces, shape, spans, units, windows
from secassist.backends._tagging import CARD, Tagger, bundled, identity, read_card
from secassist.errors import ModelError

ENGLISH = "Please send the contract to Maria Lopez, 27 Willow Lane, Bristol BS4 2QA, before Friday."
CHINESE = "收件人：欧阳晓岚，电话：13900000000，地址：湖南省长沙市岳麓区桃园路88号6栋1203室，尽快发货"
NOBODY = "Windows Defender was updated on srv-backup-02.\n系统连接超时，请稍后重试\nBuild 4412 failed: Invalid Argument"


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load(bundled())


def values(text: str, found: list[Span]) -> set[tuple[str, str]]:
    return {(span.type, text[span.start : span.end]) for span in found}


@pytest.mark.parametrize(
    "text", ["", " ", "a  b\n\n王小明 12345678 O'Brien", "x" * 100, "1" * 40, "\t \r\n_", "é\u0301😀 ok"]
)
def test_units_cover_the_text(text: str) -> None:
    found = units(text)
    assert "".join(unit.text for unit in found) == text
    assert all(text[unit.start : unit.end] == unit.text.removeprefix(" ") or unit.text.isspace() for unit in found)


def test_characters_without_word_boundaries_are_units_of_their_own() -> None:
    assert [unit.text for unit in units("请找John Smith谈")] == ["请", "找", "John", " Smith", "谈"]


def encode(unit: Unit) -> tuple[int, ...]:
    return (7,) * len(unit.text)


def test_pieces_tell_character_pairs_words_and_shapes() -> None:
    found = pieces(units("王明 Bob McCoy I 12,\n"))
    assert found[:2] == [("王", "", "王明", "<han>"), ("明", "王明", "", "<han>")]
    assert [(four[1], four[3]) for four in found[2:]] == [
        ("bob", "<Aa>"),
        ("mccoy", "<aA>"),
        ("i", "<A>"),
        ("", "<1>"),
        ("", "<.>"),
        ("", "<\\n>"),
    ]
    assert {shape(unit) for unit in units("ab AB aB A 1 . 王")} <= set(SHAPES)


@pytest.mark.parametrize("count", [0, 1, 40, 41, 200, 777])
def test_each_unit_is_owned_by_one_window_and_seen_with_context(count: int) -> None:
    found = units("ab " * count)
    parts = list(windows(3, found, encode, size=100))
    assert [unit for window in parts for unit in window.owned] == list(range(len(found)))
    assert all(len(window.tokens) <= 100 and window.text == 3 for window in parts)
    assert all(
        window.first <= window.owned.start < window.owned.stop <= window.first + len(window.ends) for window in parts
    )
    for before, after in itertools.pairwise(parts):
        assert after.first < before.owned.stop, "the second window reads on from before its own first unit"


def test_a_unit_longer_than_a_window_gets_one_of_its_own() -> None:
    parts = list(windows(0, [Unit(0, 300, "x" * 300), Unit(300, 301, "y")], encode, size=100))
    assert [list(window.owned) for window in parts] == [[0], [1]]


def test_tags_become_spans_without_punctuation_at_their_edges() -> None:
    text = "Ann Lee, Bob"
    names = labels(("person",))
    assert names == ("O", "B-person", "I-person")
    found = spans(text, units(text), [(0.1, 0.9, 0.0), (0.2, 0.1, 0.7), (0.9, 0.0, 0.1), (0.1, 0.9, 0.0)], ("person",))
    assert [(text[s.start : s.end], round(s.probability, 2)) for s in found] == [("Ann Lee", 0.85), ("Bob", 0.9)]
    doubtful = spans(text[:7], units(text[:7]), [(0.1, 0.9, 0.0), (0.1, 0.6, 0.3)], ("person",))
    assert [text[s.start : s.end] for s in doubtful] == ["Ann Lee"], "a strange word does not begin another name"


def read(tagger: Tagger, *texts: str) -> list[list[Span]]:
    return [tagger.found(text, tagged) for text, tagged in zip(texts, tagger.tag(texts), strict=True)]


@pytest.mark.parametrize(
    ("value", "kind", "kept"),
    [
        ("王小明", "person", True), ("欧阳晓岚", "person", True), ("老王", "person", True),
        ("克里斯蒂安·霍夫曼", "person", True), ("密文", "person", False), ("谢某", "person", False), ("金额", "person", False),
        ("Agent 7", "person", False), ("鲁E·", "person", False),
        ("鲁D", "person", False), ("MRN", "person", False), ("Frank queue drained", "person", False),
        ("Ann", "person", True), ("SLA 53", "address", False),
        ("27 Willow Lane", "address", True), ("88号", "address", False), ("桃园路88号", "address", True),
    ],
)  # fmt: skip
def test_only_plausible_values_are_spans(value: str, kind: str, kept: bool) -> None:
    found = units(value)
    row = (0.0, 0.02, 0.98)
    made = spans(value, found, [(0.0, 0.98, 0.02), *[row] * (len(found) - 1)], (kind,))
    assert [value[s.start : s.end] for s in made] == [value] * kept


def test_names_and_addresses_are_found_where_they_stand(tagger: Tagger) -> None:
    english, chinese, nobody = read(tagger, ENGLISH, CHINESE, NOBODY)
    assert ("person", "Maria Lopez") in values(ENGLISH, english)
    assert {kind for kind, _ in values(ENGLISH, english)} >= {"person", "address"}
    assert values(CHINESE, chinese) >= {("person", "欧阳晓岚"), ("address", "湖南省长沙市岳麓区桃园路88号6栋1203室")}
    assert nobody == []


def test_an_answer_does_not_depend_on_the_batch(tagger: Tagger) -> None:
    together = tagger.tag([ENGLISH, NOBODY * 20, CHINESE, "", "x"])
    alone = [tagger.tag([text])[0] for text in (ENGLISH, CHINESE)]
    for one, other in zip([together[0], together[2]], alone, strict=True):
        assert [(s.start, s.end, s.type) for s in one] == [(s.start, s.end, s.type) for s in other]
        assert all(abs(a.probability - b.probability) < 1e-4 for a, b in zip(one, other, strict=True))
    assert together[3] == together[4] == []


def test_long_texts_are_read_to_their_end(tagger: Tagger) -> None:
    filler = "2025-03-02 11:20:19,331 INFO request done in 31 ms\n"
    text = filler * 60 + ENGLISH + "\n" + filler * 60 + ENGLISH
    names = [s.start for s in read(tagger, text)[0] if "Maria" in text[s.start : s.end]]
    assert names == [text.index("Maria"), text.rindex("Maria")]


def test_time_grows_with_the_text_and_no_faster(tagger: Tagger) -> None:
    def seconds(text: str) -> float:
        began = time.process_time()
        tagger.tag([text])
        return time.process_time() - began

    seconds(ENGLISH)
    for evil in ("A" * 2000, "李" * 500, "a b " * 300, "\n" * 2000, "0" * 2000):
        short, long = seconds(evil), seconds(evil * 4)
        assert long < 4 * short * 3 + 0.5


def test_the_card_has_a_threshold_for_what_is_fit() -> None:
    card = read_card(bundled())
    assert {"person:en", "person:zh", "address:en", "address:zh"} <= set(card.thresholds)
    assert all(0.5 <= least < 1 for least in card.thresholds.values())
    assert {key.split(":")[0] for key in card.thresholds} <= set(card.types)
    assert "licences" in json.loads((bundled() / "training.json").read_text())


def test_a_type_without_a_threshold_is_not_told(tagger: Tagger) -> None:
    tagged = [Span(0, 4, "location", 1.0), Span(0, 4, "person", 1.0)]
    unfit = Tagger(replace(tagger.card, thresholds={"person:en": 0.9}), None, tagger.reader, {})
    assert unfit.found("Rome", tagged) == [tagged[1]]
    assert unfit.found("罗马罗马", tagged) == []


def test_the_folder_is_small_and_whole() -> None:
    assert sum(path.stat().st_size for path in bundled().glob("*.safetensors")) < 15_000_000
    assert not (bundled() / "adapter_config.json").exists()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(bundled(), tmp_path / "people"))


@pytest.mark.parametrize("broken", [CARD, "head.safetensors", "model.safetensors"])
def test_a_damaged_folder_is_refused(broken: str, copied: Path) -> None:
    (copied / broken).write_bytes(b"{}")
    with pytest.raises(ModelError):
        Tagger.load(copied)


@pytest.mark.parametrize("missing", [CARD, "config.json"])
def test_a_folder_with_a_part_missing_is_refused(missing: str, copied: Path) -> None:
    (copied / missing).unlink()
    for use in (Tagger.load, identity):
        with pytest.raises(ModelError):
            use(copied)


def test_weights_that_could_run_code_are_refused(copied: Path) -> None:
    (copied / "extra.bin").write_bytes(b"")
    with pytest.raises(ModelError, match="refused"):
        Tagger.load(copied)


def test_the_identity_tells_cards_and_weights_apart(copied: Path, tmp_path: Path) -> None:
    assert identity(copied) == identity(bundled())
    other = Path(shutil.copytree(copied, tmp_path / "other"))
    card = json.loads((other / CARD).read_text("utf-8"))
    (other / CARD).write_text(json.dumps(card | {"thresholds": {"person:en": 0.99}}), "utf-8")
    assert identity(other) != identity(copied)


def test_windows_overlap_by_what_is_said() -> None:
    assert text_of.OVERLAP < text_of.WINDOW / 2
