"""Why a verdict is what it is: the model's reason where it may stand, else what code found and which words weighed."""

import re
from collections import Counter
from collections.abc import Sequence

from secassist.analyzers.base import Evidenced, strongest

CLAIM = re.compile(r"(?:Sigma rule[^:]{0,80}: |Text that looks like )([^.:(]{8,})")
PLANTED = re.compile(r"planted instruction|植入的指令")
INSTRUCTS = re.compile(
    r"ignore|instruction|disposition|already reviewed|authori[sz]ed|assistant|benign|harmless|false.positive|"
    r"忽略|指令|误报|判定",
    re.IGNORECASE,
)
"""Words of which a text that instructs its reader holds at least one."""
STUTTER, SHARE = 4, 0.5
"""A word said so often, and so large a share of all words, is a model that lost its thread."""
NOTHING_MATCHED = {"en": "No rule matched.", "zh": "没有规则匹配。"}
MATCHED_YET = {"en": "What matched also occurs in ordinary use: ", "zh": "匹配项也见于正常使用："}
WEIGHED = {
    True: {"en": "What weighs most for an attack: {}.", "zh": "最能说明攻击的内容：{}。"},
    False: {"en": "What weighs most for ordinary use: {}.", "zh": "最能说明正常使用的内容：{}。"},
}
CITED = {"en": "The judgement rests on the cited lines.", "zh": "判断依据所引用的行。"}
FACTS = 6
FOUND = 3
"""Findings of code that a reason names."""


def reason(said: str, item: Evidenced, bad: bool, telling: Sequence[str]) -> str:
    """The model's reason where it may stand; else what code found, and the words of the input that weighed most.

    It may not where it stutters, claims a detector's finding that no detector made (a phrase that only detectors word), is
    about mail that is none, or about an instruction in a text that holds no word of one.
    """
    found = [signal.message for signal in strongest(item.signals, FACTS) if signal.noteworthy]
    if said and not stutters(said) and _about(said, item) and _found(said, found):
        return said
    return worded(list(dict.fromkeys(found))[:FOUND], item.language, bad, telling)


def worded(found: Sequence[str], language: str, bad: bool, telling: Sequence[str]) -> str:
    """A reason made of what code found and of words that stand in the input."""
    quoted = ", ".join(f"\u201c{word}\u201d" for word in telling)
    parts = [NOTHING_MATCHED[language]] if not found else [("" if bad else MATCHED_YET[language]) + " ".join(found)]
    if quoted:
        parts.append(WEIGHED[bad][language].format(quoted))
    elif not found:
        parts.append(CITED[language])
    return " ".join(parts)


def stutters(text: str) -> bool:
    """Whether one word makes up much of a text, as in `S S S S S`."""
    words = text.lower().split()
    if not words:
        return False
    most = Counter(words).most_common(1)[0][1]
    return most >= STUTTER and most > SHARE * len(words)


def _about(said: str, item: Evidenced) -> bool:
    text = item.subject.text
    mail = "mail" not in said.lower() or item.subject.source == "eml" or "mail" in text.lower()
    return mail and (not PLANTED.search(said) or bool(INSTRUCTS.search(text)))


def _found(said: str, found: list[str]) -> bool:
    claims = [claim.strip(" .") for claim in CLAIM.findall(said)]
    return all(any(claim[:60].lower() in message.lower() for message in found) for claim in claims)
