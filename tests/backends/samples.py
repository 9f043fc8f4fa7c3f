"""Requests that every backend can be asked."""

from collections.abc import Callable, Mapping
from typing import Any

from secassist.backends.base import Request
from secassist.templates import Prompt

CHOICES = ("yes", "no")
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "decision": {"type": "string", "enum": list(CHOICES)},
        "reason": {"type": "string", "maxLength": 12},
    },
    "required": ["decision", "reason"],
    "additionalProperties": False,
}


def request(
    user: str = "1| a hidden PowerShell",
    analyzer: str = "triage",
    tokens: int = 200,
    decide: Callable[[Mapping[str, float]], str] | None = None,
    shots: tuple[tuple[str, str], ...] = (),
) -> Request:
    prompt = Prompt(system="Judge.", user=user, shots=shots)
    return Request(analyzer, prompt, SCHEMA, tokens, "decision", CHOICES, decide)
