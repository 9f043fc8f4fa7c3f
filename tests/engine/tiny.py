"""Random models of a few thousand weights and tokenizers of a few hundred tokens: real code paths, no download."""

from pathlib import Path
from typing import Any

from schemas.answers import ANSWERS
from secassist.training.tokenizer import train_tokenizer

WORDS = "a hidden PowerShell was started by Word on the host; decision reason lines severity missing steps sentences "
CONTEXT = 4096
SCALED = {
    "rope_type": "llama3",
    "rope_theta": 10000.0,
    "factor": 4.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}
SEQ2SEQ = {
    "d_model": 32,
    "d_kv": 8,
    "d_ff": 64,
    "num_layers": 2,
    "num_heads": 4,
    "decoder_start_token_id": 0,
    "eos_token_id": 1,
    "pad_token_id": 0,
}


def texts() -> list[str]:
    names = [
        f'{{"{name}":"true_positive","lines":[1,2],"reason":"' for a in ANSWERS.values() for name in a.model_fields
    ]
    choices = "true_positive suspicious benign_expected false_positive not_evaluable vulnerable safe unsure real test "
    return [WORDS, choices, "low medium high critical info T1059.001 中文 ", *names] * 4


def tokenizer(folder: Path, vocabulary: int = 480) -> Any:
    """Ours, trained on a few lines; 261 tokens are the bytes and the special tokens alone."""
    from transformers import AutoTokenizer

    train_tokenizer(texts(), vocabulary, folder)
    return AutoTokenizer.from_pretrained(folder)


def model(kind: str, vocabulary: int, seed: int = 0, spread: float = 0.4) -> Any:
    """Two layers with 32 hidden units; `spread` makes the random weights large enough for decided preferences."""
    import torch
    import transformers as t

    sizes = {
        "vocab_size": vocabulary,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "max_position_embeddings": CONTEXT,
        "initializer_range": spread,
        "bos_token_id": None,
        "eos_token_id": 1,
        "pad_token_id": 0,
    }
    grouped = sizes | {"num_key_value_heads": 2}
    configs = {
        "llama": lambda: t.LlamaConfig(**grouped),
        "mistral": lambda: t.MistralConfig(**grouped, sliding_window=None),
        "qwen2": lambda: t.Qwen2Config(**grouped),
        "windowed": lambda: t.MistralConfig(**grouped, sliding_window=8),
        "qwen3": lambda: t.Qwen3Config(**grouped, head_dim=16),
        "llama3": lambda: t.LlamaConfig(**grouped, rope_parameters=SCALED),
        "glm": lambda: t.GlmConfig(**grouped, head_dim=8),
        "gpt_neox": lambda: t.GPTNeoXConfig(**sizes),
        "falcon": lambda: t.FalconConfig(**sizes, new_decoder_architecture=False, alibi=False),
        "falcon_alibi": lambda: t.FalconConfig(**sizes, alibi=True),
        "mpt": lambda: t.MptConfig(d_model=32, n_heads=4, n_layers=2, vocab_size=vocabulary, max_seq_len=CONTEXT),
        "t5": lambda: t.T5Config(vocab_size=vocabulary, **SEQ2SEQ),
    }
    torch.manual_seed(seed)
    config = configs[kind]()
    auto = t.AutoModelForSeq2SeqLM if config.is_encoder_decoder else t.AutoModelForCausalLM
    made = auto.from_config(config).eval()
    with torch.no_grad():
        for weight in made.parameters():  # some makes ignore the range and would be indifferent to every token
            if weight.ndim > 1:
                weight.normal_(0.0, spread)
    return made


def crossing_tokenizer(vocabulary: int = 330) -> Any:
    """One whose tokens do not stop at quotation marks: `":"true` may be a single token."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    inner.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=["<|pad|>", "<|end|>"], initial_alphabet=alphabet, show_progress=False
    )
    choices = ("true_positive", "suspicious", "benign_expected")
    inner.train_from_iterator([f'{{"decision":"{choice}","lines":' for choice in choices] * 50, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="<|pad|>", eos_token="<|end|>")
