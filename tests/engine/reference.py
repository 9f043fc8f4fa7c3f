"""Greedy decoding by transformers, one prompt at a time: what our engine must agree with to the token."""

from typing import Any

import torch

from tests.engine.conftest import Bench


def logits(bench: Bench, prompt: list[int], answer: list[int]) -> torch.Tensor:
    """What the model says comes next (vocabulary), by one pass over the whole text."""
    with torch.inference_mode():
        if bench.model.config.is_encoder_decoder:
            begun = torch.tensor([[bench.model.config.decoder_start_token_id, *answer]])
            return bench.model(input_ids=torch.tensor([prompt]), decoder_input_ids=begun).logits[0, -1]
        return bench.model(torch.tensor([prompt + answer])).logits[0, -1]


class Stepping:
    """The same by its own cache, fed with what is new."""

    def __init__(self, bench: Bench) -> None:
        self._bench, self._seen, self._past = bench, 0, None

    def __call__(self, prompt: list[int], answer: list[int]) -> torch.Tensor:
        if self._bench.model.config.is_encoder_decoder:
            return logits(self._bench, prompt, answer)
        text = prompt + answer
        with torch.inference_mode():
            out = self._bench.model(torch.tensor([text[self._seen :]]), past_key_values=self._past, use_cache=True)
        self._seen, self._past = len(text), out.past_key_values
        return out.logits[0, -1]


def greedy(
    bench: Bench, prompt: list[int], schema: dict[str, Any], forced: bool = True, limit: int = 1 << 30
) -> list[int]:
    """The tokens of the answer under the grammar; `forced` appends what the grammar leaves no choice about."""
    matcher, model = bench.grammars.matcher(schema), Stepping(bench)
    answer = matcher.forced() if forced else []
    while not matcher.finished() and bench.stop not in answer and len(answer) < limit:
        found = model(prompt, answer)
        allowed = torch.from_numpy(matcher.allowed())
        token = int(found[: len(allowed)].masked_fill(~allowed, float("-inf")).argmax())
        if token == bench.stop:
            break
        matcher.consume([token])
        answer.append(token)
        answer += matcher.forced() if forced else []
    return [token for token in answer if token != bench.stop]
