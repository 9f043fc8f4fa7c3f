"""Why code is called weak: composed of what detectors found and of the lines; a model's words only where they pass."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from schemas import CodeUnit
from schemas.answers import ReviewAnswer
from secassist.analyzers._proofs import Path, family, followed
from secassist.analyzers._reasons import stutters
from secassist.analyzers.base import Evidenced
from secassist.detectors.base import Candidate
from secassist.knowledge import cwe as weaknesses
from secassist.knowledge.harm import harm
from secassist.parsing.languages import language_of
from secassist.registry import Calibration

QUOTED = 120
"""Characters of a line that a reason quotes."""
_FLOW = {
    "en": "`{source}` (line {at}) reaches `{sink}` (line {line}), and nothing on its way cleans it for {what}.",
    "zh": "`{source}`（第 {at} 行）到达 `{sink}`（第 {line} 行），途中没有针对{what}的清理。",
}
_UNFIT = {
    "en": "`{source}` (line {at}) reaches `{sink}` (line {line}), cleaned for {fits} only, which does not fit {what}.",
    "zh": "`{source}`（第 {at} 行）到达 `{sink}`（第 {line} 行），仅针对 {fits} 清理过，不适用于{what}。",
}
_PLACED = {"en": "`{sink}` (line {line}): {what}.", "zh": "`{sink}`（第 {line} 行）：{what}。"}
_UNTRACED = {
    "en": "Data flow followed no value from outside to it; it counts if one can get there.",
    "zh": "数据流未追踪到外部值到达此处；若外部值可到达，则构成弱点。",
}
_SEEN = {
    "en": "{message}: `{sink}` (line {line}).",
    "zh": "{what}：`{sink}`（第 {line} 行）。检测器：{message}。",
}
_LOOKS = {
    "en": "Only the model suspects {what}: `{sink}` (line {line}); no detector bears it out.",
    "zh": "仅模型怀疑 {what}：`{sink}`（第 {line} 行）；没有检测器佐证。",
}
_WEAKNESS = {"en": "a weakness", "zh": "弱点"}
_NAMED = {"en": "{cwe} ({name})", "zh": "{cwe}（{name}）"}
_SAYS = {
    "vulnerable": {"en": "The model calls this code weak.", "zh": "模型判断此代码存在弱点。"},
    "safe": {"en": "The model calls this code harmless.", "zh": "模型判断此代码无害。"},
    "unsure": {"en": "The model cannot tell.", "zh": "模型无法判断。"},
}
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+")
"""A Chinese character, or a run of other letters."""
_TAUGHT = frozenset(
    _WORD.findall(
        "untrusted or unsafe data reaches this line a value from outside reaches this call and nothing on its way cleans it "
        "for it this call or a setting of it is known to be unsafe whatever value it gets what reaches the sensitive call is "
        "constant checked or escaped what the call gets is not from outside the value from outside is replaced before the "
        "call what arrives is constant the value is checked or escaped for this very call the call takes the value as data "
        "and never as its own language the call and its settings are the ones that are recommended today ordinary code no "
        "value from outside reaches a dangerous call here weakness cwe "
        "该代码存在弱点 外部输入到达此调用，途中没有针对性的清理 无论传入何值，该调用或其设置都已知不安全 "
        "输入受控或已被校验，未发现弱点 "
        "该调用的参数并非来自外部 外部值在调用前已被替换，到达的是常量 该值已针对此调用校验或转义 "
        "该调用把值作为数据处理，不会当作自身语法 "
        "该调用及其设置符合当前建议 普通代码，没有外部输入到达危险调用"
    )
)
"""The words of the sentences that lessons about code are taught in."""


@dataclass(frozen=True)
class Told:
    """What a reason may name: lines by number (1-based, of what was analysed), how many lines of the file stand above
    them, the language of the reader, whether data flow reads code of this language, and whether the model is an adapter
    of ours: what that says is held against the sentences that it was taught.
    """

    lines: Mapping[int, str]
    above: int
    language: str
    followed: bool
    taught: bool

    def quoted(self, number: int) -> str:
        """The line without its margin, shortened."""
        text = self.lines.get(number, "").strip()
        return text if len(text) <= QUOTED else text[: QUOTED - 3] + "..."


def about(item: Evidenced, calibration: Calibration) -> Told:
    """What a reason about this input may name."""
    code = item.subject
    if not isinstance(code, CodeUnit):
        raise TypeError(f"reasons here are about code, not {code.kind}")
    followed = language_of(code.path, code.body[:256], code.language) is not None
    return Told(
        {line.number: line.text for line in code.lines},
        code.start_line - 1,
        item.language,
        followed,
        calibration != Calibration(),
    )


def because(candidate: Candidate, found: Sequence[Candidate], told: Told) -> str:
    """Why a detector's finding is one, beside its message: how a value gets there where data flow followed one, else where
    it stands; and what it allows.

    `found` is everything detectors saw: a finding merged of several may have kept another's words than data flow's.
    """
    path, known = _path(candidate, found), harm(candidate.cwe)
    said = [_line(candidate, path, told, _PLACED)]
    if known is not None:
        said += [_UNTRACED[told.language]] if known.value and path is None and told.followed else []
        said.append(known.said[told.language])
    return (" " if told.language == "en" else "").join(filter(None, said))


def briefly(candidates: Sequence[Candidate], found: Sequence[Candidate], told: Told) -> list[str]:
    """A sentence for each finding, for a verdict, which shows no messages; one of those of one message and no path."""
    said, seen = list[str](), set[str]()
    for one in candidates:
        path = _path(one, found)
        if path is not None or one.message not in seen:
            said.append(_line(one, path, told, _SEEN) or f"{_bare(one)}.")
        seen.add(one.message)
    return said


def _path(candidate: Candidate, found: Sequence[Candidate]) -> Path | None:
    line = candidate.place.start_line
    alike = [one for one in found if one.place.start_line == line and family(one.cwe) == family(candidate.cwe)]
    return next((way for one in (candidate, *alike) if (way := followed(one))), None)


def _line(candidate: Candidate, path: Path | None, told: Told, pathless: Mapping[str, str]) -> str:
    """A sentence about the finding's line; "" where that holds nothing."""
    line = candidate.place.start_line
    text = pathless if path is None else _UNFIT if path.fits else _FLOW
    sink, at = told.quoted(line), path.line + told.above if path else 0
    if not sink:
        return ""
    return text[told.language].format(
        what=_named(candidate.cwe, told.language),
        sink=sink,
        line=line + told.above,
        message=_bare(candidate),
        source=path.source if path else "",
        at=at,
        fits=path.fits if path else "",
    )


def _bare(candidate: Candidate) -> str:
    return candidate.message.strip().rstrip(".")


def lonely(answer: ReviewAnswer, cites: Sequence[int], told: Told) -> str:
    """Why, where no detector speaks: the line that an adapter of ours suspects; its words on harmless code if they pass.

    A model that has learnt nothing from us is believed its words, unless they stutter.
    """
    if not told.taught and answer.reason.strip() and not stutters(answer.reason):
        return answer.reason
    if answer.decision == "vulnerable" and cites:
        given = {"sink": told.quoted(cites[0]), "line": cites[0] + told.above}
        return _LOOKS[told.language].format(what=_named(answer.cwe, told.language), **given)
    return answer.reason if _passes(answer, cites, told) else _SAYS[answer.decision][told.language]


def why(answer: ReviewAnswer, cites: Sequence[int], reasons: Sequence[str], told: Told) -> str:
    """A verdict's reason: `reasons` of what detectors found, the first the gravest, where the model agrees that it is weak."""
    if answer.decision == "vulnerable" and reasons:
        return (" " if told.language == "en" else "").join(reasons)
    return lonely(answer, cites, told)


def _passes(answer: ReviewAnswer, cites: Sequence[int], told: Told) -> bool:
    """Whether each word is one of those taught, of its weakness' name or of the cited lines, and none is said twice running."""
    words = _words(answer.reason)
    here = [told.lines.get(number, "") for number in cites]
    known = _TAUGHT.union(_words(weaknesses.name(answer.cwe)), *map(_words, here))
    doubled = any(one == other and one.isascii() for one, other in pairwise(words))
    return bool(words) and known.issuperset(words) and not doubled and not stutters(answer.reason)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _named(cwe: str, language: str) -> str:
    """ "CWE-89 (SQL Injection)"; the bare number of one without a name."""
    name = weaknesses.name(cwe)
    return _NAMED[language].format(cwe=cwe, name=name) if name else cwe or _WEAKNESS[language]
