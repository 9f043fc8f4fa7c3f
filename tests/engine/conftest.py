"""One tiny model and tokenizer for all tests of the engine."""

from dataclasses import dataclass
from typing import Any

import pytest

from secassist.engine.choosing import Chooser
from secassist.engine.decoder import Decoder, Room
from secassist.engine.engine import Engine
from secassist.engine.grammar import GrammarCompiler
from secassist.engine.plain import Plain
from secassist.engine.sequence import Decoding, Sequence, Watch
from secassist.engine.weights import take_apart, unsuited
from tests.engine import tiny


@dataclass
class Bench:
    """An engine with all that it takes to give it work."""

    tokenizer: Any
    model: Any

    def __post_init__(self) -> None:
        self.grammars = GrammarCompiler.of(self.tokenizer)
        self.pieces = [self.tokenizer.decode([token]) for token in range(len(self.tokenizer))]
        self.stop = self.tokenizer.eos_token_id
        self.engine = self.over(self.runner(56))

    def runner(self, slots: int) -> Any:
        """Ours where the model's shape allows, else the plain one."""
        if unsuited(self.model.config):
            return Plain(self.model, slots, tiny.CONTEXT)
        return Decoder(take_apart(self.model), Room(slots))

    def over(self, runner: Any, **options: Any) -> Engine:
        return Engine(runner, Chooser(self.pieces, self.stop), self.tokenizer.decode, **options)

    def sequence(self, text: str, schema: dict[str, Any], limit: int = 2000, watch: Watch | None = None) -> Sequence:
        prompt = list(self.tokenizer(text)["input_ids"])
        return Sequence(prompt, self.grammars.matcher(schema), limit, watch)

    def run(self, *sequences: Sequence, **decoding: Any) -> list[Sequence]:
        for sequence in sequences:
            sequence.decoding = Decoding(**decoding)
        self.engine.run(sequences)
        return list(sequences)


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    tokenizer = tiny.tokenizer(tmp_path_factory.mktemp("tokenizer"))
    return Bench(tokenizer, tiny.model("llama", len(tokenizer)))


@pytest.fixture(scope="session")
def bytewise(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A tokenizer without merges: every text has one tokenization only."""
    tokenizer = tiny.tokenizer(tmp_path_factory.mktemp("bytes"), vocabulary=261)
    return Bench(tokenizer, tiny.model("llama", len(tokenizer), seed=3))


@pytest.fixture(scope="session")
def crossing() -> Bench:
    tokenizer = tiny.crossing_tokenizer()
    return Bench(tokenizer, tiny.model("llama", len(tokenizer), seed=5))
