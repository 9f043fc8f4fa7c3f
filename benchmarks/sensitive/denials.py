"""Of what the label of a text without marked places speaks: of one rule's type, or of some values; and of nothing else.

Such a row of S1 is a text that one rule of another scanner must pass over. Its label says "no key of this service", or
"this value is no secret": that another credential stands there it neither says nor denies.
"""

import re
from typing import Final

from benchmarks.sensitive.items import Item, Span
from secassist.evaluation.metrics import matched_spans

_KIND_WORDS: Final = """
    key token secret api access client id credential credentials application app auth oauth personal private user rest http
    service account password string pat generic and or of in with the v1 v2 v3 long short term lived base64
"""
_KINDS: Final = frozenset(_KIND_WORDS.split())
"""Words of the names of rules that do not say whose credential it is."""


def speaks_of(item: Item, said: Span) -> bool:
    """Whether the label says that this finding is wrong; a label that names no type and no value means the whole text."""
    if item.harmless and any(_meet(said, span) for span in item.harmless):
        return True
    if item.denied:
        owner = _owner(item.denied)
        return not owner or bool(owner & _owner(said.name)) or _joined(item.denied) in _joined(said.name)
    return not item.harmless


def _owner(name: str) -> set[str]:
    """Whose credential a name says it is: its words without those of any credential."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return {word for word in re.findall(r"[a-z0-9]+", f"{name} {spaced}".lower()) if len(word) > 1} - _KINDS


def _joined(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _meet(one: Span, other: Span) -> bool:
    return bool(matched_spans([(one.start, one.end)], [(other.start, other.end)], exact=False))
