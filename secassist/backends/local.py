"""The local backend: any Hugging Face model folder with one LoRA adapter per analyzer, in this process."""

import logging
import os
import threading
from collections.abc import Callable
from collections.abc import Sequence as Many
from typing import Any

from schemas import digest
from secassist import registry
from secassist.backends._tokens import Tokens
from secassist.backends.base import Completion, Identity, Request
from secassist.config import Settings
from secassist.errors import BackendError

log = logging.getLogger(__name__)
FINISHES = {"stop": "stop", "length": "length", "decided": "decided"}


class LocalBackend:
    """One engine for the base and all its adapters; several threads may ask at once and share its steps."""

    name = "local"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._tokens: Tokens | None = None
        self._engines: dict[str, Any] = {}
        self._adapters: dict[str, registry.Weights | None] = {}
        self._loading = threading.RLock()

    def identity(self, analyzer: str) -> Identity:
        """Digests of base, adapter and decoding settings."""
        s = self.settings
        base = registry.base(s.model)
        adapter = self.adapter(analyzer)
        decoding = [s.temperature, s.top_p, s.seed, s.beams, self._precision(), s.brief]
        return Identity(
            model=base.name,
            model_digest=base.digest,
            adapter=adapter.name if adapter else "",
            adapter_digest=adapter.digest if adapter else "",
            decoding_digest=digest(decoding),
        )

    def calibration(self, analyzer: str) -> registry.Calibration:
        """Stored beside the adapter."""
        return registry.calibration(self.adapter(analyzer))

    def wants_examples(self, analyzer: str) -> bool:
        """Only where no adapter has learned the task."""
        return self.adapter(analyzer) is None

    def adapter(self, analyzer: str) -> registry.Weights | None:
        """The adapter that was live when this backend first looked; a promotion serves from the next process on."""
        with self._loading:
            if analyzer not in self._adapters:
                self._adapters[analyzer] = registry.serving(self.settings, analyzer)
            return self._adapters[analyzer]

    def count_tokens(self, text: str) -> int:
        """Exact."""
        return self.tokens.count(text)

    @property
    def tokens(self) -> Tokens:
        """The model's tokenizer, loaded when first needed."""
        with self._loading:
            if self._tokens is None:
                from secassist.backends import _tokens

                self._tokens = _tokens.load(registry.base(self.settings.model).folder)
            return self._tokens

    def encode(self, prompt: Any) -> list[int]:
        """Token ids of a prompt."""
        return self.tokens.encode(prompt)

    def complete(
        self, requests: Many[Request], done: Callable[[int, Completion], None] | None = None
    ) -> list[Completion]:
        """All requests at once, whatever their analyzers; `done` is told of each by its place as soon as it is answered.

        A prompt that leaves no room comes back empty, cut by "length".
        """
        prompts = [self.tokens.encode(request.prompt) for request in requests]
        work: dict[int, tuple[Any, list[Any]]] = {}
        sequences = []
        for request, prompt in zip(requests, prompts, strict=True):
            engine, adapter = self._serving(request.analyzer)
            sequence = self._sequence(request, prompt, adapter, engine.runner.context)
            sequences.append(sequence)
            if sequence.limit > 0:
                work.setdefault(id(engine), (engine, []))[1].append(sequence)
        places = {id(sequence): place for place, sequence in enumerate(sequences)}

        def finished(sequence: Any) -> None:
            if done is not None:
                done(places[id(sequence)], _completion(sequence))

        for engine, mine in work.values():
            self._run(engine, mine, finished)
        return [_completion(sequence) for sequence in sequences]

    def _run(self, engine: Any, sequences: list[Any], finished: Callable[[Any], None]) -> None:
        from secassist.engine.beam import search

        try:
            if self.settings.beams > 1:
                for sequence in sequences:
                    search(engine, sequence, self.settings.beams)
                    finished(sequence)
            else:
                engine.run(sequences, finished)
        except RuntimeError as error:
            raise BackendError(f"the model failed; try a smaller SECASSIST_BATCH: {error}") from error

    def _sequence(self, request: Request, prompt: list[int], adapter: str, context: int) -> Any:
        from secassist.engine.sequence import Decoding, Sequence, Watch

        watch = None
        if request.choices:
            watch = Watch(f'"{request.decision}":"', request.choices, request.decide, request.enough)
        s = self.settings
        return Sequence(
            prompt=prompt,
            matcher=self.tokens.grammars.matcher(request.schema),
            limit=min(request.answer_tokens, context - len(prompt)),
            watch=watch,
            adapter=adapter,
            decoding=Decoding(s.temperature, s.top_p, s.seed),
            lane="interactive" if request.urgent else "batch",
        )

    def _serving(self, analyzer: str) -> tuple[Any, str]:
        """The engine that serves an analyzer and the adapter's name in it."""
        adapter = self.adapter(analyzer)
        with self._loading:
            shared = self._shared()
            if adapter is None:
                return shared, ""
            if shared.runner.knows(adapter.digest) or self._learn(shared.runner, adapter):
                return shared, adapter.digest
            return self._alone(adapter), ""

    def _shared(self) -> Any:
        """The engine over the base; models of a make we have no pass for go through transformers, adapters included."""
        if "" not in self._engines:
            from secassist.backends._loading import read_base

            self._prepare()
            base = registry.base(self.settings.model)
            weights = read_base(base)
            self._engines[""] = self._over(weights, base, None)
        return self._engines[""]

    def _learn(self, runner: Any, adapter: registry.Weights) -> bool:
        """Adds an adapter to the shared engine; False where only peft can apply it."""
        from secassist.backends._loading import read_change
        from secassist.engine.decoder import Decoder

        change = read_change(adapter, runner.shape) if isinstance(runner, Decoder) else None
        if change is None:
            return False
        runner.add_adapter(adapter.digest, change)
        return True

    def _alone(self, adapter: registry.Weights) -> Any:
        """An engine of its own for an adapter that is more than plain LoRA, or for a model without a pass of ours."""
        if adapter.digest not in self._engines:
            self._engines[adapter.digest] = self._over(None, registry.base(self.settings.model), adapter)
        return self._engines[adapter.digest]

    def _over(self, weights: Any, base: registry.Weights, adapter: registry.Weights | None) -> Any:
        from secassist.engine.choosing import Chooser
        from secassist.engine.drafts import Drafts
        from secassist.engine.engine import SPARE, Engine

        tokens = self.tokens
        slots = max(self.settings.batch + SPARE, 2 * self.settings.beams)
        s = self.settings
        runner = self._runner(weights, base, adapter, slots)
        chooser = Chooser(tokens.pieces, tokens.stop)
        return Engine(runner, chooser, tokens.decode, step_tokens=s.step_tokens, drafts=Drafts(s.guesses))

    def _runner(self, weights: Any, base: registry.Weights, adapter: registry.Weights | None, slots: int) -> Any:
        from secassist.engine.decoder import Decoder, Room
        from secassist.engine.plain import Plain
        from secassist.engine.weights import take_apart, unsuited

        s = self.settings
        if weights is None:
            from secassist.backends._loading import load_model

            model = load_model(base, adapter)
            reason = unsuited(model.config)
            if reason:
                log.warning("%s runs by the plain path, one input at a time: %s", base.folder, reason)
                context = getattr(model.config, "max_position_embeddings", None) or s.context
                placed = model.to(s.device).eval()
                return Plain(placed, slots, min(context, s.context))
            weights = take_apart(model)
        room = Room(slots, s.context, s.cache_megabytes << 20, s.prefix_megabytes << 20, s.merged_megabytes << 20)
        return Decoder(weights, room, self._precision(), s.device)

    def _precision(self) -> Any:
        if self.settings.precision != "auto":
            return self.settings.precision
        from secassist.engine.matrices import natively_half

        return "bf16" if self.settings.device != "cpu" or natively_half() else "int8"

    def _prepare(self) -> None:
        os.environ.setdefault("GOMP_SPINCOUNT", "0")
        import torch

        torch.set_num_threads(self.settings.threads)


def _completion(sequence: Any) -> Completion:
    return Completion(
        text=sequence.text,
        finish=FINISHES.get(sequence.finish, "length"),  # type: ignore[arg-type]
        choices=sequence.choices,
        chosen=sequence.chosen,
        prompt_tokens=len(sequence.prompt),
        answer_tokens=len(sequence.answer),
        ids=tuple(sequence.answer),
    )


PLUGIN = LocalBackend
