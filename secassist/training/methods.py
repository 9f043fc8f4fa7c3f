"""Methods of tuning: what is learned beside the base, or that all of it is; peft makes each, the templates stay the same."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal, get_args

import torch

from secassist.errors import ModelError

Method = Literal["lora", "qlora", "prompt", "prefix", "ptuning", "full"]
METHODS: Final[tuple[str, ...]] = get_args(Method)
SERVED: Final = frozenset({"lora", "qlora", "full"})
"""Methods whose result serves: LoRA weights beside the base, or a base of its own. The others hang virtual tokens before
the prompt, which neither the shared prefix cache nor a merged model has room for; they are trained to be compared."""
TARGETS: Final = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
VIRTUAL: Final = 32
"""Virtual tokens of prompt tuning (Lester et al., 2021), prefix tuning (Li and Liang, 2021) and P-tuning (Liu et al., 2021)."""


def load(base: Path, method: Method, device: str) -> Any:
    """The base to tune on, in 32 bits; in 4 bits (NF4, Dettmers et al., 2023) for QLoRA, where the hardware has it.

    Raises ModelError where QLoRA is not possible, with what to use instead.
    """
    from transformers import AutoModelForCausalLM

    given: dict[str, Any] = {"use_safetensors": True, "local_files_only": True, "trust_remote_code": False}
    if method != "qlora":
        plain: Any = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32, **given)
        return plain.to(device)
    missing = [
        name
        for name, there in (
            ("a CUDA device", torch.cuda.is_available() and device.startswith("cuda")),
            ("the package bitsandbytes", find_spec("bitsandbytes") is not None),
        )
        if not there
    ]
    if missing:
        raise ModelError(
            f"qlora needs {' and '.join(missing)} (--device cuda); use --method lora, which serves the same"
        )
    from peft import prepare_model_for_kbit_training
    from transformers import BitsAndBytesConfig

    four = BitsAndBytesConfig(  # type: ignore[no-untyped-call]
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )
    model = AutoModelForCausalLM.from_pretrained(base, quantization_config=four, device_map=device, **given)
    return prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)  # type: ignore[no-untyped-call]


def tunable(model: Any, method: Method, rank: int, alpha: int, dropout: float, initial: Path | None) -> Any:
    """The model with what is to be learned; `initial` is an adapter folder of the same method to go on from."""
    if method == "full":
        return model
    from peft import PeftModel, get_peft_model

    if initial is not None:
        if method not in ("lora", "qlora"):
            raise ModelError(f"{initial}: only LoRA goes on from an adapter, not {method}")
        return PeftModel.from_pretrained(model, str(initial), is_trainable=True, use_safetensors=True)
    return get_peft_model(model, _shape(method, rank, alpha, dropout, model.config.hidden_size))


def _shape(method: Method, rank: int, alpha: int, dropout: float, hidden: int) -> Any:
    from peft import LoraConfig, PrefixTuningConfig, PromptEncoderConfig, PromptTuningConfig

    task = "CAUSAL_LM"
    if method == "prompt":
        return PromptTuningConfig(task_type=task, num_virtual_tokens=VIRTUAL)
    if method == "prefix":
        return PrefixTuningConfig(task_type=task, num_virtual_tokens=VIRTUAL)
    if method == "ptuning":
        return PromptEncoderConfig(task_type=task, num_virtual_tokens=VIRTUAL, encoder_hidden_size=hidden)
    return LoraConfig(r=rank, lora_alpha=alpha, lora_dropout=dropout, target_modules=TARGETS, task_type=task)


def virtual(model: Any) -> bool:
    """Whether the model goes through peft's own pass, since virtual tokens stand before the prompt."""
    configs = getattr(model, "peft_config", None) or {}
    return any(config.is_prompt_learning for config in configs.values())


def logits(model: Any, tokens: torch.Tensor, mask: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Logits (n, vocabulary) after the positions where `wanted` (batch, length - 1) is true; no others are computed
    where the method allows it."""
    if virtual(model):
        found = model(input_ids=tokens, attention_mask=mask).logits[:, -tokens.shape[1] :]
        return torch.Tensor.float(found[:, :-1][wanted])
    plain = model.get_base_model() if hasattr(model, "get_base_model") else model
    states = plain.model(input_ids=tokens, attention_mask=mask).last_hidden_state[:, :-1]
    return torch.Tensor.float(plain.lm_head(states[wanted]))
