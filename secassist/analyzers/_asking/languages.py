"""Which language a text is in, English or Chinese: a question finds no words in documents of the other one."""

import re
from typing import Final

READ: Final = 20_000
"""Characters of a text that are looked at."""
SHARE: Final = 0.1
"""Of letters, from which a text is Chinese: names and commands in it stay English, and one character is most of a word."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_LETTER: Final = re.compile(r"[A-Za-z\u3400-\u9fff]")


def language_of(text: str) -> str:
    """ "en", "zh", or "" for a text without letters of either."""
    beginning = text[:READ]
    letters = len(_LETTER.findall(beginning))
    if not letters:
        return ""
    return "zh" if len(_HAN.findall(beginning)) >= SHARE * letters else "en"


def in_another(question: str, texts: list[str]) -> int:
    """How many of these texts are in another language than the question."""
    asked = language_of(question)
    return sum(language_of(text) not in ("", asked) for text in texts) if asked else 0
