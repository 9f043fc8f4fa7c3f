"""Contestants by name: each answers the same requests its own way."""

from collections.abc import Callable

from benchmarks.engine.contestants.base import Contestant, Setup, Unavailable

Maker = Callable[[Setup], Contestant]


def make(name: str, setup: Setup) -> Contestant:
    """The contestant, loaded and ready; raises Unavailable with the reason when it cannot run here."""
    if name not in NAMES:
        raise Unavailable(f"there is no contestant {name!r}; there are: {', '.join(NAMES)}")
    family = name.split("-", maxsplit=1)[0]
    return _makers()[family](setup)


def _makers() -> dict[str, Maker]:
    from benchmarks.engine.contestants import constrained, llama_cpp, ours, plain, served, vllm

    return {
        "plain": plain.Plain,
        "grammar": constrained.Constrained,
        "llama.cpp": llama_cpp.LlamaCpp,
        "served": served.Served,
        "vllm": vllm.refuse,
        "ours": ours.Ours,
    }


NAMES = {
    "ours": "this repository's local backend",
    "ours-odds": "the same, with the decision's probabilities read as in service",
    "ours-bf16": "the same with weights and states in bfloat16: rounded, so a few other answers",
    "ours-int8": "the same with 8-bit weights: rounded more coarsely",
    "ours-brief": "odds read, and what is surely harmless ended at its decision: fewer words, the same decisions",
    "plain": "transformers.generate, one at a time; JSON parsed, checked, asked again up to 3 times",
    "plain-batched": "the same in batches of up to 32, padded on the left",
    "grammar": "transformers.generate with a grammar (llguidance) as logits processor, one at a time",
    "grammar-batched": "the same in batches of up to 32, padded on the left",
    "llama.cpp": "llama.cpp's server, all in 32 bits, its JSON-schema grammar, prompt cache, continuous batching",
    "llama.cpp-f16kv": "the same with keys and values in 16 bits, its default",
    "llama.cpp-fa": "the same with flash attention as well",
    "llama.cpp-q8_0": "the same with 8-bit weights (Q8_0) and 16-bit keys and values: other weights, so other answers",
    "served": "this repository's server backend talking to llama.cpp's OpenAI-compatible endpoint",
    "vllm": "vLLM",
}
"""What each is, as the report says it; the part before the first hyphen names the family."""
SERIAL = {"plain", "grammar"}
"""These take one request at a time however many wait, so they are measured with one waiting."""

__all__ = ["NAMES", "SERIAL", "Contestant", "Setup", "Unavailable", "make"]
