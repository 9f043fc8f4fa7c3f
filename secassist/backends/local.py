"""The local backend: any Hugging Face causal model folder with one LoRA adapter per analyzer, in this process."""

import os
from collections import defaultdict
from collections.abc import Sequence as Many
from functools import partial
from typing import Any

from schemas import digest
from secassist import registry
from secassist.backends.base import Completion, Identity, Request
from secassist.config import Settings
from secassist.errors import BackendError, ModelError
from secassist.templates import Prompt

MARKS = ("<|system|>", "<|input|>", "<|answer|>")
UNBOUNDED = 1 << 30


class LocalBackend:
    """Loads the base once and each adapter when it is first needed, merged into a copy of the base's weights."""

    name = "local"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._tokenizer: Any = None
        self._grammars: Any = None
        self._pieces: list[str] = []
        self._engines: dict[str, Any] = {}

    def identity(self, analyzer: str) -> Identity:
        """Digests of base, adapter and decoding settings."""
        base = registry.base(self.settings.model)
        adapter = registry.adapter(self.settings.adapters, analyzer)
        decoding = [self.settings.temperature, self.settings.top_p, self.settings.seed, self.settings.beams, "fp32"]
        return Identity(
            model=base.name,
            model_digest=base.digest,
            adapter=adapter.name if adapter else "",
            adapter_digest=adapter.digest if adapter else "",
            decoding_digest=digest(decoding),
        )

    def calibration(self, analyzer: str) -> registry.Calibration:
        """Stored beside the adapter."""
        return registry.calibration(registry.adapter(self.settings.adapters, analyzer))

    def wants_examples(self, analyzer: str) -> bool:
        """Only where no adapter has learned the task."""
        return registry.adapter(self.settings.adapters, analyzer) is None

    def count_tokens(self, text: str) -> int:
        """Exact."""
        return len(self._load_tokenizer()(text, add_special_tokens=False)["input_ids"])

    def complete(self, requests: Many[Request]) -> list[Completion]:
        """Batches per adapter; longer prompts share a batch with longer ones, so that little padding is computed.

        A prompt that leaves no room in the model's context comes back empty, finished by "length".
        """
        answers: dict[int, Completion] = {}
        by_analyzer = defaultdict(list)
        for index, request in enumerate(requests):
            by_analyzer[request.analyzer].append((index, request, self.encode(request.prompt)))
        for analyzer, rows in by_analyzer.items():
            rows.sort(key=lambda row: len(row[2]))
            for start in range(0, len(rows), self.settings.batch):
                part = rows[start : start + self.settings.batch]
                for (index, _, _), answer in zip(part, self._run(analyzer, part), strict=True):
                    answers[index] = answer
        return [answers[index] for index in range(len(requests))]

    def _run(self, analyzer: str, rows: list[tuple[int, Request, list[int]]]) -> list[Completion]:
        from secassist.engine.beam import search
        from secassist.engine.sequence import Decoding, Sequence, Watch

        engine = self._engine(analyzer)
        context = getattr(engine.model.config, "max_position_embeddings", None) or UNBOUNDED
        sequences = [
            Sequence(
                prompt=tokens,
                matcher=self._grammars.matcher(request.schema),
                limit=min(request.answer_tokens, context - len(tokens)),
                watch=Watch(f'"{request.decision}":"', request.choices, request.decide) if request.choices else None,
            )
            for _, request, tokens in rows
        ]
        s = self.settings
        try:
            fitting = [sequence for sequence in sequences if sequence.limit > 0]
            if s.beams > 1:
                for sequence in fitting:
                    search(engine, sequence, s.beams)
            else:
                engine.run(fitting, Decoding(temperature=s.temperature, top_p=s.top_p, seed=s.seed))
        except RuntimeError as error:
            raise BackendError(
                f"the model failed on {len(rows)} prompts; try a smaller SECASSIST_BATCH: {error}"
            ) from error
        return [
            Completion(
                text=sequence.text,
                finish="stop" if sequence.finish == "stop" else "length",
                choices=sequence.choices,
                prompt_tokens=len(sequence.prompt),
                answer_tokens=len(sequence.answer),
            )
            for sequence in sequences
        ]

    def encode(self, prompt: Prompt) -> list[int]:
        """Token ids of a prompt: by our own marks where the tokenizer has them, else by its chat template."""
        tokenizer = self._load_tokenizer()
        if MARKS[0] in tokenizer.get_vocab():
            return encode_marked(tokenizer, prompt)
        question = defused(tokenizer, prompt.user)
        if tokenizer.chat_template:
            return _by_chat_template(tokenizer, prompt, question)
        text = "\n\n".join(f"{m['role'].upper()}:\n{m['content']}" for m in _messages(prompt, question))
        return list(tokenizer(f"{text}\n\nASSISTANT:\n")["input_ids"])

    def _load_tokenizer(self) -> Any:
        if self._tokenizer is None:
            from transformers import AutoTokenizer

            folder = registry.base(self.settings.model).folder
            try:
                self._tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
            except (OSError, ValueError, KeyError) as error:
                raise ModelError(f"{folder}: its tokenizer cannot be loaded: {error}") from error
        return self._tokenizer

    def _engine(self, analyzer: str) -> Any:
        adapter = registry.adapter(self.settings.adapters, analyzer)
        name = adapter.digest if adapter else ""
        if name not in self._engines:
            self._engines[name] = self._build(adapter)
        return self._engines[name]

    def _build(self, adapter: registry.Weights | None) -> Any:
        os.environ.setdefault("GOMP_SPINCOUNT", "0")
        import torch

        from secassist.engine.engine import Engine
        from secassist.engine.grammar import GrammarCompiler

        torch.set_num_threads(self.settings.threads)
        tokenizer = self._load_tokenizer()
        if self._grammars is None:
            self._grammars = GrammarCompiler(tokenizer)
            self._pieces = [_decode(tokenizer, [token]) for token in range(len(tokenizer))]
        model = load_model(registry.base(self.settings.model), adapter).to(self.settings.device)
        pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id
        return Engine(model.eval(), partial(_decode, tokenizer), self._pieces, pad, tokenizer.eos_token_id)


def _decode(tokenizer: Any, tokens: list[int]) -> str:
    """The text exactly as the tokens spell it: some tokenizers would tidy up spaces before punctuation."""
    return str(tokenizer.decode(tokens, clean_up_tokenization_spaces=False))


def defused(tokenizer: Any, text: str) -> str:
    """The text with every token that is markup to this tokenizer broken, so that input cannot speak the model's markup."""
    found = {str(token) for token in tokenizer.added_tokens_decoder.values()}
    for mark in sorted((mark for mark in found if len(mark.strip()) > 1), key=len, reverse=True):
        text = text.replace(mark, f"{mark[0]}¦{mark[1:]}")
    return text


def _messages(prompt: Prompt, question: str, *, separate: bool = True) -> list[dict[str, str]]:
    """The turns of a conversation; without a separate system turn, its text opens the first user turn."""
    turns = [*prompt.shots, (question, "")]
    if not separate:
        turns[0] = (f"{prompt.system}\n\n{turns[0][0]}", turns[0][1])
    messages = [{"role": "system", "content": prompt.system}] if separate else []
    for asked, answered in turns:
        messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
    return messages[:-1]


def _by_chat_template(tokenizer: Any, prompt: Prompt, question: str) -> list[int]:
    from jinja2 import TemplateError as JinjaError

    for separate in (True, False):
        try:
            turns = _messages(prompt, question, separate=separate)
            return list(tokenizer.apply_chat_template(turns, add_generation_prompt=True, return_dict=True)["input_ids"])
        except JinjaError as error:  # such as Gemma's, which refuses a system turn
            refused = error
    raise ModelError(f"the model's chat template fails: {refused}") from refused


def encode_marked(tokenizer: Any, prompt: Prompt) -> list[int]:
    """Token ids with our marks; the texts between are tokenized so that no text can turn into a mark."""
    mark = {name: tokenizer.convert_tokens_to_ids(name) for name in MARKS}

    def plain(text: str) -> list[int]:
        return list(tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"])

    tokens = [mark["<|system|>"], *plain(prompt.system)]
    for question, answer in prompt.shots:
        tokens += [mark["<|input|>"], *plain(question), mark["<|answer|>"], *plain(answer), tokenizer.eos_token_id]
    return [*tokens, mark["<|input|>"], *plain(prompt.user), mark["<|answer|>"]]


def load_model(base: registry.Weights, adapter: registry.Weights | None) -> Any:
    """The base in fp32 from safetensors, with the adapter's LoRA weights merged in."""
    import warnings

    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    # peft 0.21 reads a name that transformers 5.23 calls deprecated; nothing a user could do about it
    warnings.filterwarnings("ignore", message=".is_gradient_checkpointing.", category=FutureWarning)
    try:
        model = AutoModelForCausalLM.from_pretrained(
            base.folder, use_safetensors=True, trust_remote_code=False, local_files_only=True, dtype=torch.float32
        )
        if adapter is None:
            return model
        from peft import PeftModel

        return PeftModel.from_pretrained(model, str(adapter.folder), use_safetensors=True).merge_and_unload()
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        where = adapter.folder if adapter else base.folder
        raise ModelError(f"{where}: cannot be loaded: {error}") from error


PLUGIN = LocalBackend
