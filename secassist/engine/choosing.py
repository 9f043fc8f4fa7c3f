"""Chooser: the next token of a sequence under its grammar, and all the tokens that the grammar forces after it."""

from collections.abc import Mapping

import torch

from secassist.engine.sequence import Decoding, Sequence, Watch
from secassist.errors import BackendError

TAIL = 256
"""Characters of an answer's end that are kept to recognise a watched field."""


class Chooser:
    """`pieces` gives the text of every single token; `stop` is the token that ends an answer."""

    def __init__(self, pieces: list[str], stop: int) -> None:
        self.pieces = pieces
        self.stop = stop

    def begin(self, sequence: Sequence) -> None:
        """Makes the prompt, and what the grammar forces first, pending."""
        sequence.pending = list(sequence.prompt)
        self._append(sequence, sequence.matcher.forced())

    def choose(self, sequence: Sequence, logits: torch.Tensor, likeliest: int) -> None:
        """Takes the next token of one sequence, and all it forces; `likeliest` is the argmax of its logits (vocabulary).

        Greedy choice asks the grammar about that token alone; only where it is refused, watched or weighed are all
        allowed tokens compared.
        """
        how = sequence.decoding
        if how.temperature <= 0 and not how.weigh and self._plain(sequence, likeliest):
            self.take(sequence, likeliest, 0.0)
            return
        odds = self.next_odds(sequence, logits)
        if sequence.finish:
            return
        token = _pick(odds, how, _generator(sequence)) if how.temperature > 0 else int(odds.argmax())
        self.take(sequence, token, float(odds[token]))

    def next_odds(self, sequence: Sequence, logits: torch.Tensor) -> torch.Tensor:
        """Log-probabilities (vocabulary) of the next token under the grammar; reads the watched choices on the way."""
        allowed = torch.from_numpy(sequence.matcher.allowed())[: len(logits)]
        watch = sequence.watch
        if watch and not sequence.choices:
            allowed = self._aligned(sequence.tail, watch.prefix, allowed)
        scores = logits[: len(allowed)].masked_fill(~allowed, float("-inf"))
        odds = torch.log_softmax(scores, dim=-1)
        if watch and _at(sequence, watch):
            sequence.choices = self._weigh(watch.choices, odds.exp())
            odds = self._settle(sequence, watch, odds)
        return odds

    def take(self, sequence: Sequence, token: int, log_probability: float) -> None:
        """Appends a chosen token and what it forces."""
        sequence.log_probability += log_probability
        sequence.free_tokens += 1
        if token == self.stop:
            sequence.finish = "stop"
            return
        sequence.matcher.consume([token])
        self._append(sequence, [token])
        if not sequence.finish:
            self._append(sequence, sequence.matcher.forced())

    def _plain(self, sequence: Sequence, token: int) -> bool:
        """Whether the model's first choice can be taken as it is."""
        watch = sequence.watch
        if watch and not sequence.choices and (_at(sequence, watch) or self._crosses(sequence.tail, watch, token)):
            return False
        return token < len(self.pieces) and sequence.matcher.accepts(token)

    def _crosses(self, tail: str, watch: Watch, token: int) -> bool:
        """Whether the token would run past the watched prefix into the value, whose odds could not be read then."""
        if token >= len(self.pieces):
            return False
        seen = tail[-(len(watch.prefix) - 1) :] if len(watch.prefix) > 1 else ""
        place = (seen + self.pieces[token]).find(watch.prefix)
        return 0 <= place < len(seen) + len(self.pieces[token]) - len(watch.prefix)

    def _aligned(self, tail: str, prefix: str, allowed: torch.Tensor) -> torch.Tensor:
        """Without the tokens that cross the watched prefix."""
        if tail and not any(tail.endswith(prefix[:size]) for size in range(1, len(prefix))):
            return allowed
        watch = Watch(prefix, ())
        kept = allowed.clone()
        for token in torch.nonzero(allowed).flatten().tolist():
            if self._crosses(tail, watch, token):
                kept[token] = False
        return kept if kept.any() else allowed

    def _settle(self, sequence: Sequence, watch: Watch, odds: torch.Tensor) -> torch.Tensor:
        """Notes what is decided and leaves only tokens that begin it; ends the sequence where that is enough."""
        sequence.chosen = _decided(watch, sequence.choices)
        if watch.enough and watch.enough(sequence.choices, sequence.chosen):
            sequence.finish = "decided"
        return self._only(sequence.chosen, odds) if watch.decide else odds

    def _append(self, sequence: Sequence, tokens: list[int]) -> None:
        if tokens and tokens[-1] == self.stop:
            tokens = tokens[:-1]
            sequence.finish = "stop"
        sequence.answer += tokens
        sequence.pending += tokens
        sequence.tail = (sequence.tail + "".join(self.pieces[token] for token in tokens))[-TAIL:]
        if sequence.matcher.finished():
            sequence.finish = "stop"
        elif not sequence.finish and len(sequence.answer) >= sequence.limit:
            sequence.finish = "length"

    def _weigh(self, choices: tuple[str, ...], probabilities: torch.Tensor) -> dict[str, float]:
        """Probability per choice: every token that begins a choice counts for it; the sum is 1."""
        weights = dict.fromkeys(choices, 0.0)
        for token in torch.nonzero(probabilities > 0).flatten().tolist():
            for choice in choices:
                if _begins(self.pieces[token], choice):
                    weights[choice] += float(probabilities[token])
        total = sum(weights.values()) or 1.0
        return {choice: weight / total for choice, weight in weights.items()}

    def _only(self, choice: str, odds: torch.Tensor) -> torch.Tensor:
        """The same distribution with every token ruled out that does not begin this choice."""
        ruled = odds.clone()
        for token in torch.nonzero(odds > float("-inf")).flatten().tolist():
            if not _begins(self.pieces[token], choice):
                ruled[token] = float("-inf")
        return torch.log_softmax(ruled, dim=-1)


def _at(sequence: Sequence, watch: Watch) -> bool:
    """Whether the watched value comes next; it is read once."""
    return not sequence.choices and sequence.tail.endswith(watch.prefix)


def _decided(watch: Watch, odds: Mapping[str, float]) -> str:
    choice = watch.decide(odds) if watch.decide else max(watch.choices, key=lambda one: odds[one])
    if choice not in watch.choices:
        raise BackendError(f"the decision {choice!r} is not one of {', '.join(watch.choices)}")
    return choice


def _begins(piece: str, choice: str) -> bool:
    return bool(piece) and (choice.startswith(piece) or piece.startswith(choice))


def _generator(sequence: Sequence) -> torch.Generator:
    """The random state of one sequence, so that its samples do not depend on who shares the batch."""
    if sequence.generator is None:
        sequence.generator = torch.Generator().manual_seed(sequence.decoding.seed)
    found: torch.Generator = sequence.generator
    return found


def _pick(odds: torch.Tensor, decoding: Decoding, generator: torch.Generator) -> int:
    probabilities = torch.softmax(odds / decoding.temperature, dim=-1)
    ordered, order = probabilities.sort(descending=True)
    ordered[ordered.cumsum(0) - ordered >= decoding.top_p] = 0.0
    return int(order[torch.multinomial(ordered, 1, generator=generator)])
