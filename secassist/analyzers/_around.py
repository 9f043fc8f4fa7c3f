"""What surrounds an alert, told: which circumstances spoke for ordinary use and which for an attack, with their lines."""

from collections.abc import Sequence

from schemas import Evidence
from secassist import grounding
from secassist.analyzers.base import Evidenced
from secassist.registry.circumstances import kinds
from secassist.registry.witness import Heard

BY = "circumstances"
TOLD = 3
"""Circumstances that are named for each side."""
_SIDES = {
    True: {"en": "What surrounds it and fits an attack: {}.", "zh": "周边情况中符合攻击的：{}。"},
    False: {"en": "What surrounds it and fits ordinary use: {}.", "zh": "周边情况中符合正常使用的：{}。"},
}
_JOINT = {"en": "; ", "zh": "；"}


def surroundings(heard: Sequence[Heard], language: str) -> str:
    """A sentence for each side that a circumstance speaks for, the weightiest first; "" where none does."""
    said = []
    for attack in (True, False):
        named = [kinds()[one.kind][language == "zh"] for one in heard if (one.weight > 0) == attack][:TOLD]
        said += [_SIDES[attack][language].format(_JOINT[language].join(named))] if named else []
    return (" " if language == "en" else "").join(said)


def surrounding(item: Evidenced, heard: Sequence[Heard], bad: bool) -> tuple[Evidence, ...]:
    """Quotes of the lines whose circumstances speak for the verdict."""
    spoken = [one for one in heard if (one.weight > 0) == bad][:TOLD]
    return tuple(
        quote for one in spoken for quote in grounding.quotes(item.subject, [one.line], BY, kinds()[one.kind][0])
    )
