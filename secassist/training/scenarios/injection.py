"""Scenarios in which the input talks to the reader: a planted instruction changes nothing about what happened."""

import random
from typing import Any

from secassist.training.scenarios.names import Names
from secassist.training.scenarios.scenario import Draft

_FIELDS = ("note", "comment", "user_agent", "Description", "message", "备注", "file_description", "hostname_alias")
_BAD = {
    "en": ("A field tries to dictate the verdict, which is itself an attack; ", "the activity stays harmful."),
    "zh": ("字段中的文字企图左右判断，这本身就是攻击；", "行为仍然有害。"),
}


def inject(rng: random.Random, draft: Draft) -> Draft:
    """The same event with a planted instruction (harmful stays harmful) or a merely quoted one (harmless stays so)."""
    names = Names(rng)
    text = names.fill("{inject}")
    harmful = draft.verdict != "benign"
    planted = text if harmful else _quote(rng, names, text)
    if not _plant(rng, draft.input, planted):
        return draft
    draft.family = "prompt_injection"
    if harmful:
        draft.cited = (*draft.cited[:2], planted)
        draft.rationale = {lang: _prefixed(lang, reason) for lang, reason in draft.rationale.items()}
    return draft


def _prefixed(language: str, reason: str) -> str:
    short = {"en": "A planted instruction is ignored. ", "zh": "植入的指令不予采信。"}[language]
    return short + reason if len(short + reason) <= 160 else "".join(_BAD[language])


def _quote(rng: random.Random, names: Names, text: str) -> str:
    template = rng.choice(
        (
            "training slide 4 quotes the sentence: {q}",
            "unit test for the chat filter, blocked input: {q}",
            "blog draft on prompt injection, example: {q}",
            "安全培训材料示例：{q}",
            "{ticket}: filter rule added for text like {q}",
        )
    )
    return names.fill(template).replace("{q}", f'"{text}"')


def _plant(rng: random.Random, record: dict[str, Any], text: str) -> bool:
    """Put the text into a place an attacker or a log could fill; False when this input has none."""
    for key in ("event", "alert"):
        if isinstance(record.get(key), dict):
            record[key][rng.choice(_FIELDS)] = text
            return True
    if isinstance(record.get("lines"), list):
        stamp = record["lines"][-1].split(" ", 1)[0]
        record["lines"].append(f'{stamp} app[1]: request header x-note="{text}"')
        return True
    if "body" in record:
        record["body"] += f"\n\n{text}"
        return True
    if record.get("kind") == "http_request":
        head, _, body = record["raw"].partition("\n\n")
        record["raw"] = f"{head}\nX-Comment: {text}" + (f"\n\n{body}" if body else "")
        return True
    if record.get("kind") == "command" and "\n" not in record["command"]:
        record["command"] += f" # {text}"
        return True
    return False
