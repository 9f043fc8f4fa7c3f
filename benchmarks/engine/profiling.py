"""Profiling: where the time of our engine goes, by kind of operation and by our own function.

Run by `benchmarks.engine.run`; by hand: python -m benchmarks.engine.profiling PLAN.json OUT.jsonl
"""

import json
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks.engine import workload
from benchmarks.engine.contest import WARM_UP, Plan
from benchmarks.engine.contestants import Setup, make
from benchmarks.engine.workload import Ask

WAITING = 32
INTERVAL = 0.002
KINDS = {
    "attention": ("scaled_dot_product", "flash_attention"),
    "matrix products": ("mm", "linear", "matmul"),
    "choosing tokens": ("argmax", "topk", "sort", "softmax", "masked_fill", "multinomial", "where"),
    "copies and views": (
        "copy",
        "cat",
        "index",
        "gather",
        "scatter",
        "select",
        "slice",
        "stack",
        "clone",
        "view",
        "reshape",
        "transpose",
        "expand",
        "embedding",
    ),
    "elementwise and norms": ("mul", "add", "silu", "sqrt", "mean", "pow", "neg", "sub", "div", "exp", "sum", "rms"),
}
"""Kinds of operations and parts of their names; the first that fits counts."""
REST = "Python, grammar and the rest"


def main(plan_file: Path, out: Path) -> int:
    """Writes two rows: seconds by kind of operation, and by our function, of one batch of 32 each."""
    plan = Plan(**json.loads(plan_file.read_text(encoding="utf-8")))
    asks = workload.load(Path(plan.asks))
    names = tuple(dict.fromkeys(ask.analyzer for ask in asks))
    ours = make("ours", Setup(Path(plan.work), plan.threads, analyzers=names, settings=plan.settings))
    ours.complete(asks[:WARM_UP])
    first, second = asks[-WAITING:], asks[-2 * WAITING : -WAITING]
    found = {"operations": _operations(ours, first), "functions": _functions(ours, second)}
    rows = [{**plan.extra, "cell": "profile", "kind": kind, "values": values} for kind, values in found.items()]
    out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    ours.close()
    return 0


def _operations(ours: Any, asks: Sequence[Ask]) -> dict[str, float]:
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU]) as record:
        began = time.perf_counter()
        ours.complete(asks)
        wall = time.perf_counter() - began
    sums: dict[str, float] = defaultdict(float)
    for row in record.key_averages():
        sums[kind_of(row.key)] += row.self_cpu_time_total / 1e6
    sums[REST] += max(0.0, wall - sum(sums.values()))
    return dict(sums)


def kind_of(operation: str) -> str:
    """The first kind of KINDS with a part of an operation's name."""
    for kind, parts in KINDS.items():
        if any(part in operation for part in parts):
            return kind
    return "other operations" if operation.startswith("aten::") else REST


def _functions(ours: Any, asks: Sequence[Ask]) -> dict[str, float]:
    """Samples of the innermost function of this repository, every two milliseconds, over all threads but the sampler's."""
    seen: Counter[str] = Counter()
    stop = threading.Event()
    sampler = threading.Thread(target=_sample, args=(seen, stop))
    began = time.perf_counter()
    sampler.start()
    try:
        ours.complete(asks)
    finally:
        stop.set()
        sampler.join()
    wall = time.perf_counter() - began
    total = sum(seen.values()) or 1
    return {name: wall * count / total for name, count in seen.most_common(14)}


def _sample(seen: Counter[str], stop: threading.Event) -> None:
    own = threading.get_ident()
    while not stop.wait(INTERVAL):
        for thread, frame in sys._current_frames().items():
            name = _ours(frame) if thread != own else ""
            if name:
                seen[name] += 1


def _ours(frame: FrameType | None) -> str:
    """Where a thread is in the engine or a backend; "" elsewhere, and for a thread that only waits for another."""
    if frame is not None and frame.f_code.co_filename.endswith(("threading.py", "queue.py")):
        return ""
    while frame is not None:
        code = frame.f_code
        _, found, rest = code.co_filename.rpartition("/secassist/")
        if found and rest.startswith(("engine/", "backends/")):
            return f"{rest.removesuffix('.py').split('/')[-1]}.{code.co_qualname}"
        frame = frame.f_back
    return ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
