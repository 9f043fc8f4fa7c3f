"""What a weakness lets somebody do: one sentence in English and Chinese for those that code analysis meets most."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class Harm:
    """One row: the sentence by language ("en", "zh"); `value` where only a value from outside does the harm."""

    said: dict[str, str]
    value: bool


@cache
def harms() -> dict[str, Harm]:
    """Every row by the weaknesses ("CWE-79") that it is about."""
    rows = yaml.safe_load(files(__package__).joinpath("harm.yaml").read_text("utf-8"))
    made = [(row["cwe"], Harm({"en": row["en"], "zh": row["zh"]}, row.get("value", False))) for row in rows]
    return {cwe: harm for names, harm in made for cwe in names}


def harm(cwe: str) -> Harm | None:
    """What this weakness allows; None where no sentence fits all its cases."""
    return harms().get(cwe)
