"""What is told of a unit of code: lines that do something; whether a model speaks of the weakness that was found."""

import re
from collections.abc import Iterable, Mapping

from schemas import Line
from schemas.answers import ReviewAnswer
from secassist.analyzers._proofs import family
from secassist.detectors.base import Candidate

_IDLE = re.compile(
    r"\s*(?:$|@\w|import\b|from \S+ import|package\b|using [\w.]+;|namespace\b|use [\w\\]+;|#\s*(?:include|pragma|!)|<\?php|"
    r"//|/\*|\*|[{}()\[\];]+\s*$|(?:public|private|protected|static|final|abstract|export|default|sealed|partial|\s)*"
    r"(?:class|interface|enum|struct|trait)\b|(?:async\s+)?def\s.*[:(,]\s*$|(?:export\s+)?(?:async\s+)?function\b(?!.*[;}])|func\s.*\{$|"
    r"(?:else|try|finally|pass|break|continue)\b\s*[:;{]?\s*$)"
)
"""Lines in which nothing can go wrong: blank ones, imports, annotations, comments, brackets, heads of types and functions."""
_HEAD = re.compile(
    r"\s*(?!(?:if|for|foreach|while|switch|catch|using|lock|else|do|try|return|with)\b)"
    r"\w[\w@<>\[\],.?&*: ]*\([^;=]*\{\s*$"
)
"""The head of a function in a language with braces."""
_LONGEST = 300
VAGUE = {
    "en": "The model suspects this code, but can cite no line of it; no detector found anything.",
    "zh": "模型怀疑此代码，但无法引用任何一行；检测器也未发现问题。",
}
"""Why a suspicion that points nowhere is no alarm."""
UNSERVED = {
    "en": "The model suspects this code, but it is test code, which nothing serves; no detector found what counts there.",
    "zh": "模型怀疑此代码，但这是测试代码，不对外提供服务；检测器也未发现在此有意义的问题。",
}
"""Why a suspicion of the model alone is no alarm in test code."""


def telling(numbers: Iterable[int], lines: Mapping[int, Line]) -> list[int]:
    """Those of the cited lines in which something happens."""
    return [number for number in numbers if number in lines and _happens(lines[number].text[:_LONGEST])]


def _happens(text: str) -> bool:
    return not (_IDLE.match(text) or _HEAD.match(text))


def agrees(answer: ReviewAnswer | None, candidate: Candidate) -> bool:
    """Whether the model speaks of the same family of weaknesses as this finding."""
    return answer is not None and bool(answer.cwe) and family(answer.cwe) == family(candidate.cwe)
