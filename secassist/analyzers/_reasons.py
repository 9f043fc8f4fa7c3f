"""Whether a model's reason may stand: what it claims was found, it is no stutter, and it speaks of what is there."""

import re
from collections import Counter

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
NOTHING_MATCHED = {
    "en": "No rule matched; the judgement rests on the cited lines alone.",
    "zh": "没有规则匹配，判断仅依据所引用的行。",
}
FACTS = 6


def grounded(reason: str, item: Evidenced) -> str:
    """The model's reason where it may stand; else what code found, or that nothing matched.

    It may not where it stutters, claims a detector's finding that no detector made (a phrase that only detectors word), is
    about mail that is none, or about an instruction in a text that holds no word of one.
    """
    found = [signal.message for signal in strongest(item.signals, FACTS) if signal.noteworthy]
    if reason and not stutters(reason) and _about(reason, item) and _found(reason, found):
        return reason
    return " ".join(dict.fromkeys(found[:2])) or NOTHING_MATCHED[item.language]


def stutters(text: str) -> bool:
    """Whether one word makes up much of a text, as in `S S S S S`."""
    words = text.lower().split()
    if not words:
        return False
    most = Counter(words).most_common(1)[0][1]
    return most >= STUTTER and most > SHARE * len(words)


def _about(reason: str, item: Evidenced) -> bool:
    text = item.subject.text
    mail = "mail" not in reason.lower() or item.subject.source == "eml" or "mail" in text.lower()
    return mail and (not PLANTED.search(reason) or bool(INSTRUCTS.search(text)))


def _found(reason: str, found: list[str]) -> bool:
    claims = [claim.strip(" .") for claim in CLAIM.findall(reason)]
    return all(any(claim[:60].lower() in message.lower() for message in found) for claim in claims)
