"""Mail composed of parts, in English and Chinese: lures, fraud and unasked advertising beside what mailboxes hold every day."""

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from secassist.training.scenarios.names import Names
from secassist.training.scenarios.records import mail
from secassist.training.scenarios.scenario import Draft
from secassist.training.scenarios.tables import judgement

FAMILY = "letters"
_SUBJECT_NOISE = ("", "", "", "Re: ", "Fwd: ")


@dataclass(frozen=True)
class Letter:
    """A kind of mail: its judgement and, for every part, the texts of which one is drawn."""

    kind: str
    verdict: str
    disposition: str
    severity: str
    techniques: tuple[str, ...]
    parts: dict[str, Any]
    rationale: dict[str, str]


@cache
def letters() -> tuple[Letter, ...]:
    """All kinds of `letters*.yaml`, in the order of file names."""
    folder = Path(__file__).parent
    files = sorted(folder.glob("letters*.yaml"))
    return tuple(_letter(raw) for path in files for raw in yaml.safe_load(path.read_text("utf-8")))


def draw(rng: random.Random) -> Draft:
    """One mail, harmful and harmless alike often, whatever the number of kinds."""
    harmless = rng.random() < 0.5
    letter = rng.choice([one for one in letters() if (one.verdict == "benign") is harmless])
    names = Names(rng)
    asked = rng.choice(letter.parts["ask"])
    filled = mail(names, _composed(rng, letter.parts, asked))
    return Draft(
        FAMILY,
        filled,
        letter.verdict,
        letter.disposition,
        letter.severity,
        letter.techniques,
        (names.fill(asked),),
        letter.rationale,
    )


def _composed(rng: random.Random, parts: dict[str, Any], asked: str) -> dict[str, Any]:
    """A template of one mail: every part drawn, what is asked for behind them, then the end."""
    said = [rng.choice(texts) for texts in parts["say"]] + [asked, rng.choice(parts["end"])]
    body = rng.choice(("\n\n", "\n", "\n\n")).join(text for text in said if text)
    attached = rng.choice(parts.get("attachments", [""]))
    template = {
        "from": rng.choice(parts["from"]),
        "subject": rng.choice(_SUBJECT_NOISE) + rng.choice(parts["subject"]),
        "body": body,
        "urls": parts.get("links", []) if rng.random() < 0.6 else [],
        "attachments": [attached] if attached else [],
    }
    return template | {key: parts[key] for key in ("reply_to", "return_path") if key in parts and rng.random() < 0.7}


def _letter(raw: dict[str, Any]) -> Letter:
    verdict, disposition, severity = judgement(raw)
    techniques = tuple(raw.get("techniques", ()))
    return Letter(raw["kind"], verdict, disposition, severity, techniques, raw, {"en": raw["en"], "zh": raw["zh"]})
