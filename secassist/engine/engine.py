"""Engine: decodes a batch of sequences under their grammars; forced tokens are appended, never sampled."""

from collections.abc import Callable
from collections.abc import Sequence as Many
from typing import Any

import torch

from secassist.engine.sequence import Decoding, Sequence, Watch
from secassist.errors import BackendError


class Engine:
    """Decoding over any Hugging Face causal language model on one device.

    `decode` turns token ids into text; `pieces` gives the text of every single token (for the watched choices).
    """

    def __init__(self, model: Any, decode: Callable[[list[int]], str], pieces: list[str], pad: int, stop: int) -> None:
        self.model = model
        self.decode = decode
        self.pieces = pieces
        self.pad = pad
        self.stop = stop

    @torch.inference_mode()
    def run(self, sequences: Many[Sequence], decoding: Decoding = Decoding()) -> None:  # noqa: B008 - frozen
        """Completes all sequences in place, as one batch.

        Rows advance unevenly: each step feeds every row its pending tokens, padded on the right; padded places stay
        masked in the cache for ever, so results do not depend on who shares the batch.
        """
        from transformers import DynamicCache

        cache = DynamicCache()
        generators = [torch.Generator().manual_seed(decoding.seed) for _ in sequences]
        for sequence in sequences:
            self.begin(sequence)
        mask = torch.zeros(len(sequences), 0, dtype=torch.long)
        while any(not s.finish for s in sequences):
            logits, mask = self.forward(sequences, mask, cache)
            for row, sequence in enumerate(sequences):
                if not sequence.finish:
                    self._choose(sequence, logits[row], decoding, generators[row])

    def begin(self, sequence: Sequence) -> None:
        """Makes the prompt, and what the grammar forces first, pending."""
        sequence.pending = list(sequence.prompt)
        self._append(sequence, sequence.matcher.forced())

    def forward(self, sequences: Many[Sequence], mask: torch.Tensor, cache: Any) -> tuple[torch.Tensor, torch.Tensor]:
        """One pass over all pending tokens; returns logits (rows, vocabulary) after each row's last one, and the mask."""
        width = max(1, *(len(s.pending) for s in sequences))
        tokens = torch.full((len(sequences), width), self.pad)
        fresh = torch.zeros(len(sequences), width, dtype=torch.long)
        positions = torch.zeros(len(sequences), width, dtype=torch.long)
        last = []
        for row, sequence in enumerate(sequences):
            count = len(sequence.pending)
            tokens[row, :count] = torch.tensor(sequence.pending, dtype=torch.long)
            fresh[row, :count] = 1
            positions[row] = torch.arange(width) + sequence.position
            sequence.position += count
            sequence.pending = []
            last.append(max(0, count - 1))
        mask = torch.cat([mask, fresh], dim=1)
        wanted = sorted(set(last))
        device = self.model.device
        out = self.model(
            input_ids=tokens.to(device),
            attention_mask=mask.to(device),
            position_ids=positions.to(device),
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=torch.tensor(wanted, device=device),
        )
        chosen = torch.tensor([wanted.index(place) for place in last])
        return out.logits.float().cpu()[torch.arange(len(sequences)), chosen], mask

    def _choose(self, sequence: Sequence, logits: torch.Tensor, decoding: Decoding, generator: torch.Generator) -> None:
        """Takes the next token of one row, and all tokens it forces."""
        log_probabilities = self.next_odds(sequence, logits)
        token = _pick(log_probabilities, decoding, generator)
        self.take(sequence, token, float(log_probabilities[token]))

    def next_odds(self, sequence: Sequence, logits: torch.Tensor) -> torch.Tensor:
        """Log-probabilities (vocabulary) of the next token under the grammar; reads the watched choices on the way."""
        allowed = torch.from_numpy(sequence.matcher.allowed())[: len(logits)]
        if sequence.watch and not sequence.choices:
            allowed = self._aligned(sequence.text, sequence.watch.prefix, allowed)
        scores = logits[: len(allowed)].masked_fill(~allowed, float("-inf"))
        log_probabilities = torch.log_softmax(scores, dim=-1)
        if sequence.watch and sequence.text.endswith(sequence.watch.prefix):
            sequence.choices = self._weigh(sequence.watch.choices, log_probabilities.exp())
            if sequence.watch.decide:
                log_probabilities = self._only(_decided(sequence.watch, sequence.choices), log_probabilities)
        return log_probabilities

    def take(self, sequence: Sequence, token: int, log_probability: float) -> None:
        """Appends a chosen token and what it forces."""
        sequence.log_probability += log_probability
        sequence.free_tokens += 1
        if token == self.stop:
            sequence.finish = "stop"
            return
        sequence.matcher.consume([token])
        self._append(sequence, [token])
        self._append(sequence, sequence.matcher.forced())

    def _aligned(self, text: str, prefix: str, allowed: torch.Tensor) -> torch.Tensor:
        """Without tokens that run past the watched prefix into the value, whose odds could not be read then."""
        if text and not any(text.endswith(prefix[:size]) for size in range(1, len(prefix))):
            return allowed
        seen = text[1 - len(prefix) :] if len(prefix) > 1 else ""
        kept = allowed.clone()
        for token in torch.nonzero(allowed).flatten().tolist():
            place = (seen + self.pieces[token]).find(prefix)
            if 0 <= place < len(seen + self.pieces[token]) - len(prefix):
                kept[token] = False
        return kept if kept.any() else allowed

    def _append(self, sequence: Sequence, tokens: list[int]) -> None:
        if tokens and tokens[-1] == self.stop:
            tokens = tokens[:-1]
            sequence.finish = "stop"
        sequence.answer += tokens
        sequence.pending += tokens
        sequence.text = self.decode(sequence.answer)
        if sequence.matcher.finished():
            sequence.finish = "stop"
        elif not sequence.finish and len(sequence.answer) >= sequence.limit:
            sequence.finish = "length"

    def _weigh(self, choices: tuple[str, ...], probabilities: torch.Tensor) -> dict[str, float]:
        """Probability per choice: every token that begins a choice counts for it; the sum is 1."""
        weights = dict.fromkeys(choices, 0.0)
        for token in torch.nonzero(probabilities > 0).flatten().tolist():
            piece = self.pieces[token]
            for choice in choices:
                if _begins(piece, choice):
                    weights[choice] += float(probabilities[token])
        total = sum(weights.values()) or 1.0
        return {choice: weight / total for choice, weight in weights.items()}

    def _only(self, choice: str, log_probabilities: torch.Tensor) -> torch.Tensor:
        """The same distribution with every token ruled out that does not begin this choice."""
        ruled = log_probabilities.clone()
        for token in torch.nonzero(log_probabilities > float("-inf")).flatten().tolist():
            if not _begins(self.pieces[token], choice):
                ruled[token] = float("-inf")
        return torch.log_softmax(ruled, dim=-1)


def _decided(watch: Watch, odds: dict[str, float]) -> str:
    choice = watch.decide(odds) if watch.decide else ""
    if choice not in watch.choices:
        raise BackendError(f"the decision {choice!r} is not one of {', '.join(watch.choices)}")
    return choice


def _begins(piece: str, choice: str) -> bool:
    return bool(piece) and (choice.startswith(piece) or piece.startswith(choice))


def _pick(log_probabilities: torch.Tensor, decoding: Decoding, generator: torch.Generator) -> int:
    if decoding.temperature <= 0:
        return int(log_probabilities.argmax())
    probabilities = torch.softmax(log_probabilities / decoding.temperature, dim=-1)
    ordered, order = probabilities.sort(descending=True)
    ordered[ordered.cumsum(0) - ordered >= decoding.top_p] = 0.0
    return int(order[torch.multinomial(ordered, 1, generator=generator)])
