"""Choosing sentences: what of a question stands in them, what kind of answer it wants, and when nothing answers it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from secassist.analyzers._asking.index import Index
from secassist.analyzers._asking.passages import Passage, Sentence
from secassist.analyzers._asking.words import terms

PASSAGES = 12
"""Passages whose sentences are looked at."""
AROUND = 0.5
"""What a word counts that stands in the heading, the lead of the list or a neighbour, not in the sentence itself."""
PASSAGE = 0.35
"""Weight of the passage's own rank score, beside the sentence's share of the question."""
KIND = 0.2
"""What a sentence gains that holds the kind of thing that is asked for."""
BESIDE = 0.8
"""Share of the best score from which another sentence is part of the answer."""
ENOUGH = 0.4
"""Share of the question that has to stand in and around the best sentence; below it the documents do not say."""
WORDS = 1.23
"""And so much of it, counted in words that stand in one passage only."""
WHOLE, WORD = 0.8, 0.7
"""Of a short question, the share and the words that will do instead."""
CODE: Final = re.compile(r"(?=\D{0,60}\d)[a-z0-9]+(?:[._:/@\\-][a-z0-9]+)+")
"""The name of a weakness, error, host or setting with a digit: a sentence about another one does not answer."""

_KINDS: Final = (
    (
        r"\bwho\b|\bwhom\b|\bwhose\b|谁|哪个部门|哪个团队|负责人|哪个人",
        r"\b[A-Z][a-z]+ [A-Z][a-z]+\b|\b(?:officer|manager|lead|team|desk|owners?|admin\w*|counsel|director|analyst|ciso|dpo|"
        r"engineer(?:ing)?|responder|operator)\b|经理|主管|负责人|团队|部门|值班|专员|组长|总监|工程师|法务|办公室|小组|中心",
    ),
    (
        r"\bwhen\b|\bhow (?:long|soon|often|quickly|fast|late)\b|\bdeadline\b|\bwhat time\b|多久|多长|什么时候|何时|几天|时限|"
        r"几点|多快|频率|期限",
        r"\b\d+\s?(?:-\s?)?(?:seconds?|minutes?|mins?|hours?|days?|weeks?|months?|years?|h|d)\b|\b\d{1,2}:\d\d\b|"
        r"\b(?:daily|weekly|monthly|quarterly|yearly|annually|immediately|nightly|every|within|hourly|"
        r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b|\d+\s?(?:秒|分钟|小时|天|日|周|个月|年|个工作日)|每[天日周月季年]|立即|"
        r"[一二三四五六七八九十半]+(?:分钟|小时|天|周|个月|年)",
    ),
    (
        r"\bhow (?:many|much|large|big)\b|\bwhat (?:number|percentage|size|length|limit)\b|多少|几个|几次|几位|比例|长度",
        r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|once|twice)\b|[两三四五六七八九十]",
    ),
    (
        r"\bcommand\b|\bwhich (?:switch|flag|option|query)\b|命令|指令",
        r"`[^`\n]{3,}`|\$ |(?:^|\s)[a-z]{2,12}(?:\.exe)? --?\w",
    ),
    (
        r"\b(?:which|what) (?:number|phone|extension|address|mailbox)\b|\bcontact\b|\bhow (?:do|can) (?:i|we) reach\b|电话|"
        r"分机|邮箱|联系",
        r"\+?\d[\d ()-]{3,}\d|[\w.+-]{1,64}@[\w.-]+|分机|\bext(?:ension)?\b",
    ),
    (r"\bports?\b|端口", r"\b\d{2,5}\b"),
    (
        r"\bwhy\b|\breason\b|为什么|为何|原因",
        r"\b(?:because|since|so that|otherwise|reason|therefore)\b|因为|以免|否则|由于|原因|避免",
    ),
)
KINDS: Final = tuple((re.compile(asks, re.IGNORECASE), re.compile(holds)) for asks, holds in _KINDS)
"""What a question asks for, and what a sentence holds that gives it."""


@dataclass(frozen=True)
class Scored:
    """A sentence with its passage; `covered` is the share of the question that stands in it and around it.

    `matched` is the same counted in words that stand in one passage only; `lacking` says that a code which was asked for
    does not stand there.
    """

    passage: Passage
    sentence: Sentence
    score: float
    covered: float
    matched: float
    lacking: bool


def wanted(question: str) -> list[re.Pattern[str]]:
    """What sentences have to hold to give the kind of thing that is asked for."""
    return [holds for asks, holds in KINDS if asks.search(question)]


def _told_apart(question: str) -> str:
    """The question without the words that say which kind of thing is asked for: what holds one need not name it."""
    for asks, _ in KINDS:
        question = asks.sub(" ", question)
    return question


def candidates(question: str, index: Index, found: Sequence[tuple[float, Passage]]) -> list[Scored]:
    """The sentences of these passages (with their scores), best first."""
    kinds = wanted(question)
    asked = terms(_told_apart(question), asked=True) or terms(question, asked=True)
    weights = {term: index.idf(term) for term in dict.fromkeys(asked)}
    best = max((score for score, _ in found), default=1.0) or 1.0
    scored = [
        each
        for score, passage in found
        for each in _scored(weights, kinds, passage, score / best, index.rarest)
        if weights
    ]
    return sorted(scored, key=lambda each: -each.score)


def _scored(
    weights: Mapping[str, float], kinds: Sequence[re.Pattern[str]], passage: Passage, share: float, rare: float
) -> list[Scored]:
    whole = sum(weights.values()) or 1.0
    headed = set(terms(" ".join(passage.heading)))
    own = [set(terms(sentence.quote)) for sentence in passage.sentences]
    codes = {term for term in weights if CODE.fullmatch(term)}
    found = []
    for at, sentence in enumerate(passage.sentences):
        near = headed | set(terms(sentence.lead)) | (own[at - 1] if at else set())
        here = sum(weight for term, weight in weights.items() if term in own[at])
        around = sum(weight for term, weight in weights.items() if term in near and term not in own[at])
        covered = (here + AROUND * around) / whole
        fits = any(kind.search(sentence.quote) for kind in kinds)
        score = covered + PASSAGE * share + (KIND if fits and covered > 0 else 0.0)
        whole_matched = here + around
        found.append(
            Scored(passage, sentence, score, whole_matched / whole, whole_matched / rare, bool(codes - own[at] - near))
        )
    return found


def chosen(ranked: Sequence[Scored], top: int) -> list[int]:
    """Places of the sentences that answer, best first, at most `top`, each wording once; none where none does."""
    if not ranked or not _answers(ranked[0]):
        return []
    least = ranked[0].score * BESIDE
    first: dict[str, int] = {}
    for at, each in enumerate(ranked):
        if each.score >= least:
            first.setdefault(" ".join(each.sentence.quote.split()), at)
    return list(first.values())[:top]


def _answers(best: Scored) -> bool:
    enough = best.covered >= ENOUGH and best.matched >= WORDS
    return not best.lacking and (enough or (best.covered >= WHOLE and best.matched >= WORD))
