"""The byte-level BPE tokenizer of the bundled model: any bytes in, no unknown token, digits one by one."""

from collections.abc import Iterable
from pathlib import Path

SPECIAL = ("<|pad|>", "<|end|>", "<|system|>", "<|input|>", "<|answer|>")
"""Tokens that structure a prompt; the `fence` filter keeps them out of untrusted text."""


def train_tokenizer(texts: Iterable[str], vocabulary: int, folder: Path) -> None:
    """Trains on `texts` and writes a Hugging Face tokenizer (tokenizer.json and its configuration) to `folder`."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(
                Regex(r"\d|[^\S\n]*\n+|[ ]+(?=[ ])|[ ]?[\p{L}_]+|[ ]?[^\s\p{L}\p{N}_]{1,6}"), "isolated"
            ),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        min_frequency=3,
        max_token_length=24,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        pad_token=SPECIAL[0],
        eos_token=SPECIAL[1],
        additional_special_tokens=list(SPECIAL[2:]),
        clean_up_tokenization_spaces=False,
        model_max_length=2048,
    )
    fast.save_pretrained(str(folder))
