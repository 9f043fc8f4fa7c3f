"""Words for answers to rows that carry only labels: one or two plain sentences built from label, facts and detectors."""

import hashlib
from collections.abc import Mapping, Sequence

from secassist.analyzers.base import Evidenced, strongest
from secassist.detectors.base import Candidate
from secassist.evaluation.examples import Example
from secassist.evaluation.subjects import pair
from secassist.knowledge import attack
from secassist.knowledge import cwe as weaknesses

LIMIT = 200
ORDINARY = {
    "T1": {
        "en": "Routine activity of this system; nothing in the fields points to an attacker.",
        "zh": "这是系统的日常活动，字段中没有攻击迹象。",
    },
    "T2": {"en": "The lines show ordinary operation.", "zh": "这些日志显示正常运行。"},
    "T3": {"en": "Ordinary use; nothing in it harms or hides.", "zh": "正常使用，没有危害或隐藏行为。"},
    "T4": {"en": "Ordinary mail; it asks for nothing and hides nothing.", "zh": "普通邮件，没有诱骗或隐藏内容。"},
}
HOSTILE = {
    "T1": {"en": "The event belongs to attack activity", "zh": "该事件属于攻击活动"},
    "T2": {"en": "The lines together show an attack", "zh": "这些日志共同显示攻击行为"},
    "T3": {"en": "The input carries out an attack step", "zh": "该输入执行了攻击步骤"},
    "T4": {"en": "Unsolicited mail that tries to lure its reader", "zh": "诱骗读者的垃圾邮件"},
}
NEXT = {
    "en": (
        "Which account ran it, and is that its job?",
        "Was a change announced for this time?",
        "What ran before and after it on this host?",
    ),
    "zh": ("由哪个账号执行，是否属于其职责？", "该时段是否有变更通知？", "该主机前后还执行了什么？"),
}


def triage_reason(example: Example, item: Evidenced, language: str) -> str:
    """Why: the strongest fact, what the label names, or the plain sentence of the task."""
    label, bad = example.label, example.label.get("verdict") != "benign"
    named = _named(example)
    if not bad:
        if isinstance(example.input, Mapping) and "rule" in example.input:
            return _cut(
                f"该事件不符合规则“{named}”。" if language == "zh" else f"The event does not fit the rule: {named}."
            )
        if named and language == "en" and label.get("category") in ("admin-oneliner", "documented-usage"):
            return _cut(f"Ordinary administration: {named[:1].lower()}{named[1:]}")
        return ORDINARY[example.task][language]
    facts = [s.message for s in strongest(item.signals, 1) if s.noteworthy]
    techniques = [attack.short_name(t) for t in list(label.get("techniques") or [])[:2] if attack.exists(t)]
    detail = named or (facts[0] if facts and language == "en" else "")
    parts = [HOSTILE[example.task][language], detail, ", ".join(techniques)]
    return _cut(": ".join(filter(None, parts)) + ("。" if language == "zh" else "."))


def _named(example: Example) -> str:
    """What the label calls the activity: a test's name, a rule's title, an answer."""
    label = example.label
    given = example.input if isinstance(example.input, Mapping) else {}
    rule = given.get("rule")
    if isinstance(rule, Mapping):
        return str(rule.get("title", ""))
    for key in ("name", "desc", "answer"):
        value = label.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str) and value:
            return value.split("\n", 1)[0][:120].rstrip(".")
    return ""


def missing(example: Example, language: str) -> list[str]:
    """One or two things to look at next, varied by the row."""
    start = int(hashlib.sha256(example.id.encode()).hexdigest()[:4], 16)
    return [NEXT[language][(start + step) % len(NEXT[language])] for step in range(1 + start % 2)]


def review_reason(example: Example, cwe: str, bad: bool, language: str) -> str:
    """Why the code is vulnerable, by the weakness' name, or that it is not."""
    if not bad:
        return (
            "输入受控或已被校验，未发现弱点。"
            if language == "zh"
            else "What reaches the sensitive call is constant, checked or escaped."
        )
    name = weaknesses.name(cwe) if cwe else str(example.label.get("desc") or "a weakness")
    return _cut(
        f"该代码存在弱点：{name}。" if language == "zh" else f"Untrusted or unsafe data reaches this line: {name}."
    )


def fix(example: Example, lines: Sequence[int]) -> str:
    """The first changed line of a before/after pair, or ""."""
    if example.task != "C2" or not lines:
        return ""
    sides = pair(example)
    if len(sides) < 2:
        return ""
    before = set(sides[0].splitlines())
    fresh = [line.strip() for line in sides[1].splitlines() if line not in before and line.strip()]
    return fresh[0][:LIMIT] if fresh else ""


def sensitive_reason(candidate: Candidate, real: bool, language: str) -> str:
    """Why a value is real or not, from what code knows of it."""
    if real:
        return (
            f"形状和上下文都符合{candidate.type}。"
            if language == "zh"
            else f"Shape and context fit a live {candidate.type}."
        )
    hint = candidate.safe_hint or ("上下文" if language == "zh" else "its context")
    return f"并非真实值：{hint}。" if language == "zh" else f"Not a live value, by {hint}."


def _cut(text: str) -> str:
    return text if len(text) <= LIMIT else text[: LIMIT - 3] + "..."
