"""The benchmark's page: medians, ratios, equality and pictures from rows of measurements."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks.engine import drawing, peak, profiling, report, tables

SHAPE = {
    "hidden_size": 256,
    "num_hidden_layers": 6,
    "intermediate_size": 688,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 64,
    "vocab_size": 8192,
}


def row(contestant: str, cell: str, seconds: float, **more: Any) -> dict[str, Any]:
    made = {
        "part": "table",
        "mix": "mixed",
        "repeat": 0,
        "contestant": contestant,
        "cell": cell,
        "seconds": seconds,
        "processor": seconds / 2,
        "n": 2,
        "prompt_tokens": [100, 200],
        "answer_tokens": [10, 20],
        "finished": [seconds / 2, seconds],
        "valid": [True, False],
        "tries": [1, 2],
        "texts": ["a", "b"],
        "ids": [[1], [2]],
    }
    return {**made, **more}


def test_the_middle_of_the_repetitions_counts_with_its_spread() -> None:
    rows = [row("ours", "8", seconds, repeat=n) for n, seconds in enumerate((1.0, 2.0, 4.0))]
    figure = tables.per_repeat(rows, tables.rate)
    assert figure is not None
    assert figure.text() == "1.00 (0.50-2.00)"
    assert tables.per_processor_second(rows[:1]) == 4.0
    assert tables.of([]) is None


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(n) for n in range(1, 21)]
    assert tables.percentile(values, 0.5) == 10.0
    assert tables.percentile(values, 0.95) == 19.0
    assert tables.percentile([3.0], 0.95) == 3.0


def test_answers_are_compared_by_tokens_and_else_by_text() -> None:
    mine = [row("ours", "8", 1.0, place=("8", 0), ids=[[1], []], texts=["other", "b"])]
    judged = [row("grammar-batched", "8", 1.0, place=("8", 0), ids=[[1], [9]])]
    assert tables.share_equal(mine, judged) == 1.0
    assert tables.share_equal([{**mine[0], "ids": [[7], []], "texts": ["a", "c"]}], judged) == 0.0
    assert tables.share_equal(mine, []) is None


def test_the_page_has_every_part_that_was_measured(tmp_path: Path) -> None:
    whole = {"part": "length", "n": 4}
    rows = [
        row("ours", "1", 1.0),
        row("ours", "8", 1.0),
        row("plain", "1", 20.0),
        row("ours", "prefill", 1.0),
        row("ours", "interactive", 1.0),
        {"part": "table", "mix": "mixed", "repeat": 0, "contestant": "ours", "cell": "memory", "bytes": 2**30},
        {"part": "table", "contestant": "vllm", "cell": "", "skipped": "no GPU"},
        *({**row("ours", "whole", x / 100), **whole, "x": x} for x in (100, 1000, 8000)),
        *({**row("ours", "whole", 1.0), "part": "adapters", "x": x} for x in (1, 16)),
        *(
            {**row("ours", "32", s), "part": "ingredient", "x": x}
            for x, s in (("everything on", 1.0), ("no cache", 3.0))
        ),
        {"part": "profile", "cell": "profile", "kind": "operations", "values": {"matrix products": 0.5, "rest": 0.1}},
    ]
    facts = {"command": "run", "about": {"threads": 1}, "peak": {"1x1x1": 10.0, "peak": 10.0}, "shape": SHAPE}
    report.write(tmp_path / "engine.md", rows, facts)
    page = (tmp_path / "engine.md").read_text(encoding="utf-8")
    assert "| `plain` | 20.00 | 20.00 |" in page
    assert "gain 3.00x" in page
    assert "`vllm`: no GPU" in page
    assert "1024" in page
    for name in ("length", "adapters", "profile-operations"):
        assert f"(engine/{name}.svg)" in page
        ElementTree.parse(tmp_path / "engine" / f"{name}.svg")


def test_a_picture_is_the_same_for_the_same_figures() -> None:
    series = {"a < b": [(100.0, 3.0), (8000.0, 700.0)]}
    drawn = drawing.lines("t", "x", "y", series, logarithmic=True)
    assert drawn == drawing.lines("t", "x", "y", series, logarithmic=True)
    assert "a &lt; b" in drawn
    with pytest.raises(ValueError, match="nothing to draw"):
        drawing.bars("t", "ms", {})


def test_operations_of_a_prompt_follow_from_the_shape() -> None:
    one = peak.prompt_operations(SHAPE, [1])
    weights = 6 * (256 * (2 * 256 + 2 * 128) + 3 * 256 * 688)
    assert one == 2 * (weights + 256 * 8192) + 4 * 6 * 256
    assert peak.prompt_operations(SHAPE, [1, 1]) == 2 * one
    assert peak.prompt_operations(SHAPE, [1000]) > 400 * one


def test_operations_are_told_apart_by_kind() -> None:
    assert profiling.kind_of("aten::addmm") == "matrix products"
    assert profiling.kind_of("aten::_scaled_dot_product_flash_attention_for_cpu") == "attention"
    assert profiling.kind_of("aten::mul") == "elementwise and norms"
    assert profiling.kind_of("aten::masked_fill_") == "choosing tokens"
    assert profiling.kind_of("aten::empty") == "other operations"
