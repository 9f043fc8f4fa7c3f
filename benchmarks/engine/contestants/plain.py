"""Plain: `transformers.generate` as a user would write it; an answer that does not validate is sampled again."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from benchmarks.engine.contestants.base import BATCH, Answer, Setup, grouped, own_process
from benchmarks.engine.workload import Ask, valid

RETRIES = 3
SAMPLING = {"do_sample": True, "temperature": 0.7, "top_p": 0.95}


class Plain:
    """One merged model per analyzer; without a grammar, greedy first."""

    side_by_side = False

    def __init__(self, setup: Setup) -> None:
        import torch
        from transformers import AutoTokenizer

        torch.manual_seed(1)
        torch.set_num_threads(setup.threads)
        self._setup = setup
        self._batch = BATCH if setup.variant == "batched" else 1
        self._models = {name: self._load(name) for name in setup.analyzers}
        folder = self._folder(setup.analyzers[0])
        self.tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)

    def _folder(self, analyzer: str) -> str:
        return self._setup.model or str(self._setup.work / "models" / analyzer)

    def _load(self, analyzer: str) -> Any:
        import torch
        from transformers import AutoModelForCausalLM

        folder = self._folder(analyzer)
        model: Any = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, dtype=torch.float32)
        return model.eval()

    def complete(self, asks: Sequence[Ask]) -> list[Answer]:
        """Batches per analyzer; those that do not validate go round again."""
        began = time.monotonic()
        answers: dict[int, Answer] = {}
        for rows in grouped(asks, self._batch):
            for tries in range(1, self.tries() + 1):
                left = [row for row in rows if row not in answers or not valid(asks[row], answers[row].text)]
                if not left:
                    break
                found = self._generate([asks[row] for row in left], greedy=tries == 1)
                finished = time.monotonic() - began
                answers |= {
                    row: replace(one, finished=finished, tries=tries) for row, one in zip(left, found, strict=True)
                }
        return [answers[row] for row in range(len(asks))]

    def tries(self) -> int:
        """How often an answer is asked for at most."""
        return 1 + RETRIES

    def options(self, asks: Sequence[Ask]) -> dict[str, Any]:  # noqa: ARG002 - for contestants that add some
        """Further arguments of `generate`."""
        return {}

    def _generate(self, asks: Sequence[Ask], *, greedy: bool) -> list[Answer]:
        import torch

        width = max(len(ask.ids) for ask in asks)
        pad, stop = self.tokenizer.pad_token_id, self.tokenizer.eos_token_id
        tokens = torch.tensor([[pad] * (width - len(ask.ids)) + ask.ids for ask in asks])
        mask = torch.tensor([[0] * (width - len(ask.ids)) + [1] * len(ask.ids) for ask in asks])
        model = self._models[asks[0].analyzer]
        with torch.inference_mode():
            out = model.generate(
                tokens,
                attention_mask=mask,
                max_new_tokens=asks[0].limit,
                pad_token_id=pad,
                eos_token_id=stop,
                **({"do_sample": False} if greedy else SAMPLING),
                **self.options(asks),
            )
        return [self._answer(row[width:].tolist(), stop) for row in out]

    def _answer(self, ids: list[int], stop: int) -> Answer:
        kept = ids[: ids.index(stop)] if stop in ids else ids
        text = self.tokenizer.decode(kept, clean_up_tokenization_spaces=False)
        return Answer(text, 0.0, len(kept), tuple(kept))

    def processes(self) -> tuple[int, ...]:
        """This one."""
        return own_process()

    def close(self) -> None:
        """Nothing was started."""
