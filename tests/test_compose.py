"""compose.yaml: YAML that a compose tool would take, no password in it, nothing open, and commands that exist."""

import importlib
import itertools
import json
import re
from pathlib import Path
from typing import Any

import jinja2
import pytest
import typer
import yaml

from secassist import registry
from secassist.backends._tokens import marked
from secassist.cli import app
from secassist.cli.serving import PORT
from secassist.config import Settings
from secassist.serving.guarding import TOKEN_VARIABLE
from secassist.templates import Prompt

TEXT = (Path(__file__).resolve().parent.parent / "compose.yaml").read_text(encoding="utf-8")
WITH_VLLM = re.sub(r"(?m)^  # (vllm:| {2})", r"  \1", TEXT)
KEYS = {
    *("image", "build", "user", "init", "environment", "volumes", "tmpfs", "networks", "depends_on", "healthcheck"),
    *(
        "restart",
        "read_only",
        "cap_drop",
        "security_opt",
        "logging",
        "command",
        "entrypoint",
        "stop_grace_period",
        "shm_size",
        "deploy",
    ),
}
"""The keys of a service that this file uses, each of the compose specification."""
TOP = {"name", "services", "networks", "volumes"}
HEALTH = {"test", "interval", "timeout", "retries", "start_period", "disable"}


def services(text: str = TEXT) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)["services"]
    return found


@pytest.mark.parametrize("text", [TEXT, WITH_VLLM], ids=["as it is", "with vllm"])
def test_keys_are_those_of_the_specification(text: str) -> None:
    whole = yaml.safe_load(text)
    assert {key for key in whole if not key.startswith("x-")} == TOP
    for name, service in services(text).items():
        assert set(service) <= KEYS, name
        assert set(service["healthcheck"]) <= HEALTH, name
        assert set(service.get("networks", ())) <= set(whole["networks"]), name
        for volume in service.get("volumes", ()):
            source = volume.rsplit(":", 2)[0] if volume.endswith(":ro") else volume.rsplit(":", 1)[0]
            assert source in whole["volumes"] or source.startswith(("$", ".", "/")), name
        for needed in service.get("depends_on", ()):
            assert needed in services(text)


def test_vllm_is_there_once_its_comment_is_taken_away() -> None:
    assert "vllm" in services(WITH_VLLM)
    assert "vllm" not in services()
    assert services(WITH_VLLM)["vllm"]["image"].startswith("vllm/vllm-openai:v")


def test_vllm_is_asked_for_what_the_backend_needs() -> None:
    """Its options as vLLM 0.12 and newer name them; what our backend then looks for is there under its name."""
    vllm = services(WITH_VLLM)["vllm"]
    command: list[str] = vllm["command"]
    assert vllm["entrypoint"] == ["vllm", "serve"]
    given = dict(word[2:].split("=", 1) for word in command if word.startswith("--") and "=" in word)
    assert json.loads(given["structured-outputs-config"]) == {"backend": "guidance", "disable_any_whitespace": True}
    assert not [word for word in command if "guided" in word]
    base = re.findall(r"# SECASSIST_SERVER_MODEL: (\S+)", TEXT)
    assert base == [given["served-model-name"]]
    adapters = dict(word.split("=", 1) for word in command[command.index("--lora-modules") + 1 :])
    shipped = registry.adapters("bundled")
    assert set(adapters) == {f"{base[0]}-{weights.name}" for weights in shipped}
    assert {Path(place).name for place in adapters.values()} == {weights.name for weights in shipped}
    ranks = [json.loads((weights.folder / "adapter_config.json").read_text())["r"] for weights in shipped]
    assert max(ranks) <= int(given["max-lora-rank"])
    assert len(shipped) <= int(given["max-loras"])


def test_vllm_frames_a_prompt_as_the_model_was_taught() -> None:
    command = services(WITH_VLLM)["vllm"]["command"]
    (template,) = [word.partition("=")[2] for word in command if word.startswith("--chat-template=")]
    turns = [("system", "s"), ("user", "a"), ("assistant", "b"), ("user", "c")]
    messages = [{"role": role, "content": text} for role, text in turns]
    told = (
        jinja2.Environment(autoescape=True).from_string(template).render(messages=messages, add_generation_prompt=True)
    )
    marks = {"<|system|>": 1, "<|input|>": 2, "<|answer|>": 3}
    spelled = {**{number: mark for mark, number in marks.items()}, 4: "<|end|>"}
    prompt = Prompt(system="s", user="c", shots=(("a", "b"),))
    tokens = marked(lambda text: [ord(each) for each in text], marks, 4, prompt)
    assert told == "".join(spelled.get(token) or chr(token) for token in tokens)


def test_every_service_is_checked_restrained_and_pinned() -> None:
    for name, service in services(WITH_VLLM).items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "ports" not in service, name
        assert "privileged" not in service, name
        assert service["healthcheck"].get("test") or name == "upgrade", name
        assert re.search(r":v?\d+\.\d+\.?\d*", service["image"]), name
        assert service.get("user") or name == "vllm", name


def test_no_password_is_written_down_and_each_one_is_required() -> None:
    assert set(re.findall(r"\$\{(SECASSIST_\w*(?:PASSWORD|TOKEN)\w*)([^}]{0,2})", TEXT)) == {
        ("SECASSIST_POSTGRES_PASSWORD", ":?"),
        ("SECASSIST_REDIS_PASSWORD", ":?"),
        (TOKEN_VARIABLE, ":?"),
    }
    for service in services().values():
        for key, value in service.get("environment", {}).items():
            if "PASSWORD" in key or "TOKEN" in key or key[-4:] == "AUTH":
                assert str(value).startswith("${SECASSIST_"), key


def test_only_upkeep_reaches_out() -> None:
    whole = yaml.safe_load(TEXT)
    assert whole["networks"]["inside"]["internal"] is True
    assert [name for name, service in services().items() if "outside" in service["networks"]] == ["upkeep"]


def test_serve_listens_where_its_check_looks_and_with_all_the_settings_of_a_worker() -> None:
    whole, serve = yaml.safe_load(TEXT), services()["serve"]
    assert whole["networks"]["intake"]["internal"] is True
    assert [name for name, service in services().items() if "intake" in service["networks"]] == ["serve"]
    assert f"http://127.0.0.1:{PORT}/healthz" in serve["healthcheck"]["test"][-1]
    assert {**services()["worker"]["environment"], TOKEN_VARIABLE: ...}.keys() == serve["environment"].keys()


def test_settings_and_commands_exist() -> None:
    every = {key for service in services().values() for key in service["environment"]}
    named = {key.removeprefix("SECASSIST_").lower() for key in every if key.startswith("SECASSIST_")}
    assert named - {TOKEN_VARIABLE.removeprefix("SECASSIST_").lower()} <= set(Settings.model_fields)
    click = typer.main.get_command(app)
    for name, service in services().items():
        command = service.get("command", ["secassist", "doctor"])
        if command[0] == "secassist":
            node: Any = click
            for word in itertools.takewhile(lambda word: not word.startswith("-"), command[1:]):
                node = node.commands[word]
            options = {option for parameter in node.params for option in parameter.opts}
            assert {word for word in command if word.startswith("-")} <= options, name
        elif "-A" in command:
            assert importlib.util.find_spec(command[command.index("-A") + 1]), name


def test_the_check_of_a_service_is_python(tmp_path: Path) -> None:
    for service in services(WITH_VLLM).values():
        test = service["healthcheck"].get("test", [])
        if test[1:3] in (["python", "-c"], ["python3", "-c"]):
            compile(test[3], "healthcheck", "exec")


def test_the_dockerfile_copies_what_is_there() -> None:
    root = Path(__file__).resolve().parent.parent
    text = services()["worker"]["build"]["dockerfile_inline"]
    assert text.startswith("FROM python:3.")
    copied = [word for line in re.findall(r"(?m)^COPY (.+)$", text) for word in line.split()[:-1]]
    assert copied
    assert not [word for word in copied if not (root / word).exists()]
