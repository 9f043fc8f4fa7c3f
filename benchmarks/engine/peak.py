"""Peak: the machine's measured 32-bit matrix product, and how many operations a model needs for a prompt."""

import time
from collections.abc import Mapping, Sequence

SHAPES = ((512, 256, 256), (512, 256, 688), (512, 688, 256), (2048, 256, 688), (2048, 688, 256), (1024, 1024, 1024))
"""(rows, inner, outer): the bundled model's layers with a prompt and with a batch of prompts, and a large square."""
ROUNDS = 30


def measure(threads: int) -> dict[str, float]:
    """GFLOP/s of torch's product per shape, the best of ROUNDS; "peak" is the best of all."""
    import torch

    torch.set_num_threads(threads)
    found = {"x".join(map(str, shape)): _best(*shape) for shape in SHAPES}
    return {**found, "peak": max(found.values())}


def _best(rows: int, inner: int, outer: int) -> float:
    from torch import randn
    from torch.nn.functional import linear

    left, right = randn(rows, inner), randn(outer, inner)
    fastest = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        linear(left, right)
        fastest = min(fastest, time.perf_counter() - began)
    return 2.0 * rows * inner * outer / fastest / 1e9


def answer_operations(shape: Mapping[str, int], lengths: Sequence[int], answers: Sequence[int]) -> float:
    """Floating-point operations of prompts with answers of these lengths, an output row for every answer token."""
    rows = 2 * shape["hidden_size"] * shape["vocab_size"] * sum(max(0, n - 1) for n in answers)
    return prompt_operations(shape, [n + more for n, more in zip(lengths, answers, strict=True)]) + float(rows)


def prompt_operations(shape: Mapping[str, int], lengths: Sequence[int]) -> float:
    """Floating-point operations of prompts of these lengths: all layers for every token, the output row once each.

    A multiplication and an addition are two; attention is counted over the causal half.
    """
    width, layers, inner = shape["hidden_size"], shape["num_hidden_layers"], shape["intermediate_size"]
    queries = shape["num_attention_heads"] * shape["head_dim"]
    keys = shape["num_key_value_heads"] * shape["head_dim"]
    weights = layers * (width * (2 * queries + 2 * keys) + 3 * width * inner)
    row = width * shape["vocab_size"]
    return float(sum(2 * (weights * n + row) + 4 * layers * queries * n * (n + 1) // 2 for n in lengths))
