"""GGUF: a Llama-shaped Hugging Face folder as one file for llama.cpp, in 32-bit floats or 8-bit blocks (Q8_0).

Written after the format's specification, version 3: header, metadata, tensor descriptions, aligned data, little-endian.
"""

import json
import struct
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

ALIGNMENT = 32
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
F32, F16, Q8_0 = 0, 1, 8
FILE_TYPE = {F32: 0, Q8_0: 7}
BLOCK = 32
"""Weights that share one 16-bit scale in Q8_0."""
NORMAL, CONTROL = 1, 3
PRETOKENIZER = "qwen2"
"""The nearest of llama.cpp's built-in ones (digits one by one); ours is not among them, so token ids are sent."""
CHAT_TEMPLATE = (
    "{% for m in messages %}"
    "{% if m.role == 'system' %}<|system|>{{ m.content }}"
    "{% elif m.role == 'user' %}<|input|>{{ m.content }}"
    "{% else %}<|answer|>{{ m.content }}<|end|>{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}<|answer|>{% endif %}"
)
LAYER = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
OUTER = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight"}

Array = np.ndarray[Any, Any]


def export(folder: Path, out: Path, kind: int = F32) -> None:
    """Writes the model and tokenizer of a folder; raises ValueError for a tensor llama.cpp's Llama has no name for."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    tensors = [_tensor(name, value, config, kind) for name, value in _weights(folder)]
    metadata = [*_shape(config, kind), *_tokenizer(folder)]
    with out.open("wb") as file:
        file.write(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata)))
        for key, value_type, value in metadata:
            file.write(_string(key) + struct.pack("<I", value_type) + _value(value_type, value))
        offset = 0
        for name, shape, stored, data in tensors:
            file.write(_string(name) + struct.pack("<I", len(shape)))
            file.write(struct.pack(f"<{len(shape)}Q", *reversed(shape)) + struct.pack("<IQ", stored, offset))
            offset += _padded(len(data))
        _pad(file)
        for _, _, _, data in tensors:
            file.write(data)
            _pad(file)


def _weights(folder: Path) -> list[tuple[str, Array]]:
    from safetensors.numpy import load_file

    found: list[tuple[str, Array]] = []
    for path in sorted(folder.glob("*.safetensors")):
        found += sorted(load_file(path).items())
    return [(name, value) for name, value in found if name != "lm_head.weight"]


def _tensor(name: str, value: Array, config: dict[str, Any], kind: int) -> tuple[str, tuple[int, ...], int, bytes]:
    value = np.ascontiguousarray(value, dtype=np.float32)
    if name.endswith("q_proj.weight"):
        value = interleaved(value, config["num_attention_heads"])
    if name.endswith("k_proj.weight"):
        value = interleaved(value, config["num_key_value_heads"])
    stored = kind if value.ndim == 2 else F32
    if stored == Q8_0 and value.shape[1] % BLOCK:
        stored = F16  # as llama.cpp's own quantiser does with rows that hold no whole number of blocks
    return _named(name), value.shape, stored, _packed(value, stored)


def _packed(value: Array, stored: int) -> bytes:
    if stored == Q8_0:
        return quantized(value)
    return value.astype("<f2" if stored == F16 else "<f4").tobytes()


def _named(name: str) -> str:
    if name in OUTER:
        return OUTER[name]
    parts = name.split(".")
    part = ".".join(parts[3:-1])
    if parts[:2] != ["model", "layers"] or part not in LAYER:
        raise ValueError(f"{name}: llama.cpp's Llama has no such tensor")
    return f"blk.{parts[2]}.{LAYER[part]}.{parts[-1]}"


def interleaved(weight: Array, heads: int) -> Array:
    """Rows (head, half, pair) as (head, pair, half): llama.cpp turns neighbouring rows of a head, not its two halves."""
    rows, width = weight.shape
    return np.ascontiguousarray(weight.reshape(heads, 2, rows // heads // 2, width).swapaxes(1, 2)).reshape(rows, width)


def quantized(weight: Array) -> bytes:
    """Q8_0: per 32 weights a 16-bit scale (largest magnitude / 127) and 32 signed bytes."""
    blocks = weight.reshape(-1, BLOCK)
    scale = np.abs(blocks).max(axis=1, keepdims=True) / 127.0
    steps = np.divide(blocks, scale, out=np.zeros_like(blocks), where=scale > 0)
    row = np.dtype([("scale", "<f2"), ("steps", "i1", (BLOCK,))])
    packed = np.empty(len(blocks), dtype=row)
    packed["scale"] = scale[:, 0]
    packed["steps"] = np.round(steps)
    return packed.tobytes()


def _shape(config: dict[str, Any], kind: int) -> list[tuple[str, int, Any]]:
    rope = config.get("rope_parameters") or {}
    head = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
    numbers = {
        "context_length": config["max_position_embeddings"],
        "embedding_length": config["hidden_size"],
        "block_count": config["num_hidden_layers"],
        "feed_forward_length": config["intermediate_size"],
        "attention.head_count": config["num_attention_heads"],
        "attention.head_count_kv": config["num_key_value_heads"],
        "attention.key_length": head,
        "attention.value_length": head,
        "rope.dimension_count": head,
        "vocab_size": config["vocab_size"],
    }
    return [
        ("general.architecture", STRING, "llama"),
        ("general.name", STRING, "secassist"),
        ("general.alignment", UINT32, ALIGNMENT),
        ("general.file_type", UINT32, FILE_TYPE[kind]),
        *((f"llama.{name}", UINT32, value) for name, value in numbers.items()),
        ("llama.attention.layer_norm_rms_epsilon", FLOAT32, config["rms_norm_eps"]),
        ("llama.rope.freq_base", FLOAT32, rope.get("rope_theta", config.get("rope_theta", 10000.0))),
    ]


def _tokenizer(folder: Path) -> list[tuple[str, int, Any]]:
    found = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    settings = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    added = {row["content"]: row["id"] for row in found["added_tokens"]}
    by_id = {number: text for text, number in {**found["model"]["vocab"], **added}.items()}
    tokens = [by_id[number] for number in range(len(by_id))]
    merges = [pair if isinstance(pair, str) else " ".join(pair) for pair in found["model"]["merges"]]
    return [
        ("tokenizer.ggml.model", STRING, "gpt2"),
        ("tokenizer.ggml.pre", STRING, PRETOKENIZER),
        ("tokenizer.ggml.tokens", ARRAY, (STRING, tokens)),
        ("tokenizer.ggml.token_type", ARRAY, (INT32, [CONTROL if t in added else NORMAL for t in tokens])),
        ("tokenizer.ggml.merges", ARRAY, (STRING, merges)),
        ("tokenizer.ggml.eos_token_id", UINT32, added[settings["eos_token"]]),
        ("tokenizer.ggml.padding_token_id", UINT32, added[settings["pad_token"]]),
        ("tokenizer.ggml.add_bos_token", BOOL, False),
        ("tokenizer.ggml.add_eos_token", BOOL, False),
        ("tokenizer.chat_template", STRING, CHAT_TEMPLATE),
    ]


def _value(value_type: int, value: Any) -> bytes:
    if value_type == STRING:
        return _string(value)
    if value_type == ARRAY:
        inner, items = value
        return struct.pack("<IQ", inner, len(items)) + b"".join(_value(inner, item) for item in items)
    return struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[value_type], value)


def _string(text: str) -> bytes:
    data = text.encode("utf-8")
    return struct.pack("<Q", len(data)) + data


def _padded(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def _pad(file: BinaryIO) -> None:
    file.write(b"\0" * (_padded(file.tell()) - file.tell()))
