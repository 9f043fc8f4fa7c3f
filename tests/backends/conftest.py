"""A tiny base model with one LoRA adapter, in folders as a user would have them."""

from pathlib import Path

import pytest

from secassist.config import Settings
from tests.engine import tiny


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny"
    tokenizer = tiny.tokenizer(folder)
    tiny.model("llama", len(tokenizer)).save_pretrained(folder, safe_serialization=True)
    return folder


@pytest.fixture(scope="session")
def adapters(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter for triage whose random weights are large enough to change answers."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    folder = tmp_path_factory.mktemp("adapters")
    torch.manual_seed(11)
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    config = LoraConfig(r=4, lora_alpha=16, target_modules=["q_proj", "v_proj", "down_proj"], init_lora_weights=False)
    get_peft_model(model, config).save_pretrained(str(folder / "triage"), safe_serialization=True)
    return folder


@pytest.fixture
def settings(base: Path, adapters: Path, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", model=str(base), adapters=str(adapters), threads=1, batch=4)
