"""vLLM: measured only where a GPU can be had."""

from typing import NoReturn

from benchmarks.engine.contestants.base import Setup, Unavailable


def refuse(setup: Setup) -> NoReturn:  # noqa: ARG001 - the signature of every maker
    """Raises Unavailable: a GPU or vLLM is missing, or this benchmark was not yet tried with it."""
    import importlib.util

    import torch

    if not torch.cuda.is_available():
        raise Unavailable("no GPU on this machine")
    if importlib.util.find_spec("vllm") is None:
        raise Unavailable("vLLM is not installed")
    raise Unavailable("measure it through its OpenAI-compatible server: start it and run `served` with --server-url")
