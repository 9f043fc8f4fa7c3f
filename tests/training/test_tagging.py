"""The tagger's texts, its loss, its tuning and its measures."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from secassist.backends._tag_text import SHAPES, Span, labels, units
from secassist.backends._tagging import Tagger, read_card
from secassist.errors import ModelError, UsageError
from secassist.training import _tag_mixing, _tag_recipe, _tag_rows, _tag_scoring
from secassist.training._tag_rows import TYPES, TagExample
from secassist.training.pretraining import Recipe, build_model
from secassist.training.scenarios.people import generate_people, patterns
from secassist.training.scenarios.people_names import Maker, pool
from secassist.training.tagging import Lined, TagTuning, allowed, pieces_of, tag_loss, tune_tagger


def test_generated_texts_are_the_same_for_the_same_seed() -> None:
    assert list(generate_people(4, 40)) == list(generate_people(4, 40))
    assert list(generate_people(4, 40)) != list(generate_people(5, 40))


@pytest.mark.parametrize("part", ["train", "development"])
def test_generated_spans_are_whole_values(part: str) -> None:
    samples = list(generate_people(1, 600, part))  # type: ignore[arg-type]
    assert len({sample.text for sample in samples}) == 600
    assert {sample.language for sample in samples} == {"en", "zh"}
    assert {kind for sample in samples for _, _, kind in sample.spans} == set(TYPES)
    assert 0.15 < sum(not sample.spans for sample in samples) / 600 < 0.6
    for sample in samples:
        assert "<<" not in sample.text.replace("<<<", "") and "[[" not in sample.text
        ends = [0, *(end for _, end, _ in sample.spans)]
        for (start, end, _), before in zip(sample.spans, ends, strict=False):
            assert before <= start < end <= len(sample.text)
            assert sample.text[start:end].strip() == sample.text[start:end]


def test_development_uses_patterns_and_names_that_training_never_shows() -> None:
    for language in ("en", "zh"):
        train, held = ({one.group for one in patterns(language, part)} for part in ("train", "development"))  # type: ignore[arg-type]
        assert train and held and not train & held
    learned = "\n".join(sample.text.lower() for sample in generate_people(1, 2000))
    fresh = "\n".join(sample.text.lower() for sample in generate_people(2, 1500, "development"))
    only = [name.lower() for name in pool("en", "family") if len(name) > 7 and name.lower() in fresh]
    unseen = [name for name in only if name not in learned]
    assert len(unseen) > len(only) / 5


def test_check_texts_are_marked_and_half_clean() -> None:
    found = _tag_rows.check()
    assert {one.language for one in found} == {"en", "zh"} and len(found) >= 100
    assert all(one.text[start:end].strip() and kind in TYPES for one in found for start, end, kind in one.spans)
    assert sum(not one.spans for one in found) >= 38
    assert not any("<<" in one.text or ">>" in one.text for one in found)


def example(text: str, *spans: tuple[str, str], scope: frozenset[str] = frozenset(TYPES)) -> TagExample:
    placed = tuple((text.index(value), text.index(value) + len(value), kind) for value, kind in spans)
    return TagExample(text, placed, scope, "en", "test")


def test_units_may_have_their_own_tag_or_one_that_nobody_looked_for() -> None:
    one = example("Ann Lee in Rome", ("Ann Lee", "person"), scope=frozenset({"person", "address"}))
    names = labels(TYPES)
    found = [{name for bit, name in enumerate(names) if bits >> bit & 1} for bits in allowed(one, units(one.text))]
    open_tags = {"O", "B-location", "I-location", "B-organization", "I-organization"}
    assert found == [{"B-person"}, {"I-person"}, open_tags, open_tags]
    full = replace(one, scope=frozenset(TYPES))
    assert allowed(full, units(one.text))[2] == 1


def test_loss_is_small_where_allowed_labels_are_likely() -> None:
    one = example("Ann in Rome", ("Ann", "person"), scope=frozenset({"person", "address"}))
    bits = allowed(one, units(one.text))
    window = next(_tag_windows(one))
    right = torch.full((1, len(window.tokens), len(labels(TYPES))), -9.0)
    for end, bit in zip(window.ends, bits, strict=True):
        right[0, end, labels(TYPES).index("I-location") if bit & 1 else bit.bit_length() - 1] = 9.0
    assert tag_loss(right, [Lined(window, bits)], 0.6) < 0.001
    assert tag_loss(-right, [Lined(window, bits)], 0.6) > 5


def _tag_windows(one: TagExample):  # type: ignore[no-untyped-def]
    from secassist.backends._tag_text import windows

    return windows(0, units(one.text), lambda unit: (1,))


def test_frequent_pieces_get_a_row() -> None:
    texts = [example("王明 Ann"), example("王明 ann"), example("王明 ANN"), example("王 明 Bob"), example("林")]
    assert pieces_of(texts, 10, 10, least=3) == (*SHAPES, "明", "王", "ann", "王明")
    assert pieces_of(texts, 0, 0) == (*SHAPES, "明", "王")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, tokenizer_folder: Path) -> Path:
    folder = tmp_path_factory.mktemp("base")
    recipe = Recipe(vocabulary=400, hidden=32, layers=2, heads=2, kv_heads=1, feed_forward=48, positions=256)
    build_model(recipe).save_pretrained(str(folder))  # type: ignore[operator]
    for path in tokenizer_folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


EXAMPLES = [
    example(f"ask {name} about log {number}", (name, "person"))
    if number % 2
    else example(f"the service wrote line {number}")
    for number, name in enumerate(["Ann", "Bob Lee", "王小明", "李雷", "Eve Stone", "Tom"] * 8)
]
TUNING = TagTuning(rank=4, alpha=8, width=8, positions=200, steps=40, warmup=2, rate=2e-2, checkpoint_every=20)


def test_tuning_learns_is_resumed_exactly_and_can_be_loaded(base: Path, tmp_path: Path) -> None:
    said: list[str] = []
    whole = tune_tagger(base, EXAMPLES, TUNING, tmp_path / "whole", said.append)
    tune_tagger(base, EXAMPLES, replace(TUNING, steps=20), tmp_path / "parts", said.append)
    with pytest.raises(AssertionError):
        _same(whole, tmp_path / "parts" / "tagger")
    parts = tune_tagger(base, EXAMPLES, TUNING, tmp_path / "parts", said.append)
    facts = json.loads((parts / "training.json").read_text())
    assert facts["examples"] == {"test:en": 48}
    tagger = Tagger.load(whole)
    found = [_tag_scoring.places(spans) for spans in tagger.tag([one.text for one in EXAMPLES])]
    cell = _tag_scoring.tally(EXAMPLES, found)["test", "en", "person"]
    assert cell.figures()["recall"] > 0.7


def _same(one: Path, other: Path) -> None:
    for name in ("model.safetensors", "head.safetensors"):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_thresholds_are_written_to_the_card(base: Path, tmp_path: Path) -> None:
    folder = tune_tagger(base, EXAMPLES, replace(TUNING, steps=4), tmp_path, lambda _: None)
    chosen = _tag_recipe.set_thresholds(folder, EXAMPLES)
    assert read_card(folder).thresholds == chosen
    figures = _tag_recipe.measure(folder, EXAMPLES[:8])
    _tag_recipe.note(folder, {"figures": figures})
    assert json.loads((folder / "training.json").read_text())["figures"]["texts"] == 8


def test_nothing_to_learn_from_is_said(base: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        tune_tagger(base, [], TUNING, tmp_path)


def test_tallies_count_exact_and_overlapping_matches_once() -> None:
    one = example("Ann Lee met Bob", ("Ann Lee", "person"), ("Bob", "person"))
    cell = _tag_scoring.tally([one], [[(0, 3, "person"), (4, 7, "person"), (12, 15, "person"), (8, 11, "address")]])
    figures = cell["test", "en", "person"].figures()
    assert (figures["true"], figures["predicted"], figures["f1_exact"], figures["f1_overlap"]) == (2, 3, 0.4, 0.8)
    assert (figures["precision"], figures["recall"]) == (0.667, 1.0)
    assert cell["test", "en", "address"].predicted == 1


def test_types_outside_the_scope_do_not_count() -> None:
    one = example("Rome", scope=frozenset({"person"}))
    assert ("test", "en", "location") not in _tag_scoring.tally([one], [[(0, 4, "location")]])


def test_the_threshold_is_the_least_that_is_precise_enough() -> None:
    one = example("Ann Bob the 王五", ("Ann", "person"), ("Bob", "person"))
    spans = [Span(0, 3, "person", 0.9), Span(4, 7, "person", 0.8), Span(8, 11, "person", 0.6)]
    spans += [Span(12, 14, "person", 0.9), Span(0, 3, "location", 0.9)]
    easy, hard = [spans[:2]] * 20, [spans] * 20
    several = ([one] * 20, hard)
    chosen = _tag_scoring.thresholds([several], 0.95, ("person", "address"))
    assert chosen == {"person:en": 0.61}, "Chinese names are unfit here, and nothing is known of addresses"
    assert _tag_scoring.thresholds([([one] * 20, easy)], 0.95, ("person",)) == {"person:en": 0.5}
    assert _tag_scoring.thresholds([([one] * 20, easy), several], 0.95, ("person",)) == {"person:en": 0.61}
    assert _tag_scoring.thresholds([([one] * 9, [spans] * 9)], 0.95, ("person",)) == {}, "too few to know"


def test_development_texts_may_be_given(tmp_path: Path) -> None:
    row = {"text": "见张三", "language": "zh", "source": "logs", "spans": [[1, 3, "person"]]}
    (tmp_path / "rows").write_text(json.dumps(row) + "\n", "utf-8")
    found = _tag_rows.given(tmp_path / "rows")
    assert [(one.text, one.spans, one.scope) for one in found] == [
        ("见张三", ((1, 3, "person"),), {"person", "address"})
    ]
    (tmp_path / "rows").write_text(json.dumps(row | {"spans": [["a"]]}), "utf-8")
    with pytest.raises(UsageError, match="rows:1"):
        _tag_rows.given(tmp_path / "rows")


def test_places_of_rules_win_over_those_they_touch() -> None:
    assert _tag_recipe.join([(0, 5, "person")], [(3, 9, "address"), (10, 12, "person")]) == [
        (0, 5, "person"),
        (10, 12, "person"),
    ]


def test_rows_of_one_group_stand_on_one_side(tmp_path: Path) -> None:
    rows = [
        {"id": str(n), "task": "S2", "input": "见张三", "group": f"g{n % 12}", "split": "train", "language": "zh",
         "label": {"spans": [{"start": 1, "end": 3, "type": "person"}, {"start": 0, "end": 1, "type": "phone"}]}}
        for n in range(60)
    ]  # fmt: skip
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    train, held = (_tag_rows.labelled(tmp_path, development=side) for side in (False, True))
    assert len(train) + len(held) == 60 and held and len(held) % 5 == 0
    assert train[0].spans == ((1, 3, "person"),) and train[0].scope == {"person", "address"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_names_are_put_into_text_where_the_spans_say(language: str) -> None:
    text = "nothing is said about anybody here" if language == "en" else "这里没有提到任何人"
    for seed in range(60):
        rng = random.Random(seed)
        made, spans = _tag_mixing.put_in(rng, Maker(rng, language, "train"), text, language, 2)
        assert len(spans) == 2 and spans[0][1] <= spans[1][0]
        left = made
        for start, end, kind in reversed(spans):
            assert kind in TYPES and made[start:end].strip() == made[start:end] != ""
            left = left[:start] + left[end:]
        assert (
            set(text.split()) <= set(left.replace(",", " ").replace(".", " ").replace(":", " ").split())
            or language == "zh"
        )


def test_word_lists_give_text_without_names_and_places(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("北京 900 ns\n张三 900 nr\n系统 5 n\n更新 5 v\nbad line\n", "utf-8")
    words = _tag_mixing.Words(tmp_path / "words", development=True)
    text = "".join(words.text(random.Random(seed)) for seed in range(30))
    assert "系统" in text and "更新" in text and "北京" not in text and "张三" not in text


def test_plain_sentences_name_nobody(tmp_path: Path) -> None:
    body = (
        "We could not find the invoice that you sent us. Then Ann Lee wrote to us. It was lost in the post, it seems."
    )
    rows = [{"id": str(n), "task": "T4", "input": {"body": body}, "label": {}, "group": "g"} for n in range(12)]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    found = _tag_mixing.plain_sentences(tmp_path, development=False)
    assert found == ["It was lost in the post, it seems.", "We could not find the invoice that you sent us."]
