"""Prompts to token ids and back: by our own marks where the tokenizer has them, else by its chat template."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from secassist.engine.grammar import GrammarCompiler
from secassist.errors import ModelError
from secassist.templates import Prompt

MARKS = ("<|system|>", "<|input|>", "<|answer|>")


class Tokens(Protocol):
    """A tokenizer as the backend needs it. `stop` ends an answer, `pieces` spell every single token."""

    stop: int
    pieces: list[str]
    grammars: GrammarCompiler

    def encode(self, prompt: Prompt) -> list[int]:
        """A whole prompt; no text in it can become markup."""
        ...

    def count(self, text: str) -> int:
        """Tokens of a plain text."""
        ...

    def decode(self, tokens: list[int]) -> str:
        """The text exactly as the tokens spell it."""
        ...


def load(folder: Path) -> Tokens:
    """The tokenizer in a model's folder; raises ModelError when it is damaged."""
    try:
        return Marked(folder) if _is_marked(folder) else Foreign(folder)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{folder}: its tokenizer cannot be loaded: {error}") from error
    except Exception as error:  # the Rust library raises bare exceptions
        raise ModelError(f"{folder}: its tokenizer cannot be loaded: {type(error).__name__}: {error}") from error


def _is_marked(folder: Path) -> bool:
    path = folder / "tokenizer.json"
    if not path.is_file():
        return False
    added = json.loads(path.read_text(encoding="utf-8")).get("added_tokens") or []
    return set(MARKS) <= {token["content"] for token in added}


class Marked:
    """A tokenizer of ours, read without transformers, which takes seconds to import."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
        self._marks = {mark: self._id(mark) for mark in MARKS}
        self.stop = self._id(config["eos_token"])
        self.grammars = GrammarCompiler.from_json(self._tokenizer.to_str(), self.stop)
        self.pieces = [self.decode([token]) for token in range(self._tokenizer.get_vocab_size())]
        self._tokenizer.encode_special_tokens = True  # from here on, marks in a text are text

    def _id(self, mark: str) -> int:
        found = self._tokenizer.token_to_id(mark)
        if found is None:
            raise ValueError(f"it lacks the token {mark}")
        return int(found)

    def encode(self, prompt: Prompt) -> list[int]:
        """System text, examples and question between our marks."""
        return marked(self._plain, self._marks, self.stop, prompt)

    def count(self, text: str) -> int:
        """Exact."""
        return len(self._plain(text))

    def decode(self, tokens: list[int]) -> str:
        """Special tokens are spelled, too."""
        return str(self._tokenizer.decode(tokens, skip_special_tokens=False))

    def _plain(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)


class Foreign:
    """Anybody else's, through transformers."""

    def __init__(self, folder: Path) -> None:
        from transformers import AutoTokenizer

        self._tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
        self.stop = int(self._tokenizer.eos_token_id)
        self.grammars = GrammarCompiler.of(self._tokenizer)
        self.pieces = [self.decode([token]) for token in range(len(self._tokenizer))]

    def encode(self, prompt: Prompt) -> list[int]:
        """By the chat template, or as plainly headed turns where there is none."""
        question = defused(self._tokenizer, prompt.user)
        if self._tokenizer.chat_template:
            return _by_chat_template(self._tokenizer, prompt, question)
        text = "\n\n".join(f"{m['role'].upper()}:\n{m['content']}" for m in _messages(prompt, question))
        return list(self._tokenizer(f"{text}\n\nASSISTANT:\n")["input_ids"])

    def count(self, text: str) -> int:
        """Exact."""
        return len(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def decode(self, tokens: list[int]) -> str:
        """Without the tidying of spaces that some tokenizers do."""
        return str(self._tokenizer.decode(tokens, clean_up_tokenization_spaces=False))


def marked(plain: Callable[[str], list[int]], marks: dict[str, int], stop: int, prompt: Prompt) -> list[int]:
    """Token ids with our marks; `plain` must tokenize so that no text can turn into a mark."""
    tokens = [marks["<|system|>"], *plain(prompt.system)]
    for question, answer in prompt.shots:
        tokens += [marks["<|input|>"], *plain(question), marks["<|answer|>"], *plain(answer), stop]
    return [*tokens, marks["<|input|>"], *plain(prompt.user), marks["<|answer|>"]]


def encode_marked(tokenizer: Any, prompt: Prompt) -> list[int]:
    """The same with a transformers tokenizer, for training."""

    def plain(text: str) -> list[int]:
        return list(tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"])

    marks = {mark: int(tokenizer.convert_tokens_to_ids(mark)) for mark in MARKS}
    return marked(plain, marks, tokenizer.eos_token_id, prompt)


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
