"""Names for values: `<EMAIL_7f3a91c2>` is a type and a keyed hash, the same for the same value wherever it stands."""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

LIMIT = 100_000
"""Values remembered at most, which bounds memory; the ones after them get names so long that none needs remembering."""
LENGTHS = (8, 12, 16)
"""Hex digits of a name: the first length at which no other value has it."""
SPELLING_LENGTHS = (4, 8, 16)
"""Hex digits that tell the spellings of one value apart ("a@b" and "a%40b"), where a second one needs a name."""

_SHAPE = (
    r"[A-Z][A-Z0-9]{0,13}(?:_[A-Z][A-Z0-9]{0,13}){0,5}_(?:[0-9a-f]{16}|[0-9a-f]{12}|[0-9a-f]{8})"
    r"(?:_(?:[0-9a-f]{16}|[0-9a-f]{8}|[0-9a-f]{4}))?"
)
PLACEHOLDER = re.compile(f"<{_SHAPE}>")
"""The shape of a name. Words of the type have at most 14 characters, so that no access key passes for one."""
_WRITTEN = re.compile(f"<({_SHAPE})>|&lt;({_SHAPE})&gt;")
LONGEST_NAME = 136
"""Characters, with its brackets as entities."""
_WORDS = re.compile(r"[A-Z][A-Z0-9]*")


@dataclass(frozen=True)
class Entry:
    """What a name stands for: `raw` as it stood in the input; `quoted` says that the name took the place of a number.

    `value` is what the spelling means, "" if it means itself.
    """

    name: str
    raw: str = field(repr=False)
    quoted: bool = False
    value: str = field(default="", repr=False)

    @property
    def meaning(self) -> str:
        """The value itself, whatever its spelling."""
        return self.value or self.raw


def written(text: str, begin: int = 0) -> Iterator[tuple[int, int, str]]:
    """Start, end and name of all names in a text from `begin` on, those too that stand there as markup must write them."""
    for match in _WRITTEN.finditer(text, begin) if "<" in text or "&lt;" in text else ():
        yield *match.span(), f"<{match[1] or match[2]}>"


def label(type_: str) -> str:
    """The type as it stands in a name: "aws-access-key" gives AWS_ACCESS_KEY, at most 6 words of 14 characters."""
    words = [word[:14] for word in _WORDS.findall(type_.upper())]
    return "_".join(words[:6]) or "VALUE"


class Names:
    """Gives names under one key and remembers them, so that two values, or two spellings, never share one.

    `literals` are names that the input already holds: they keep their meaning. `found` is told of every new name.
    """

    def __init__(self, key: bytes, *, limit: int = LIMIT, found: Callable[[Entry], None] | None = None) -> None:
        self._key = key
        self._limit = limit
        self._found = found
        self._given: dict[str, str] = {}
        self._blocked: set[str] = set()
        self._untold: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._given)

    @property
    def key_id(self) -> str:
        """8 hex digits that tell two keys apart and say nothing of the key."""
        return self._digest("key id", "")[:8]

    def learn(self, entry: Entry) -> None:
        """Takes over a name given in an earlier run."""
        self._given[entry.name] = self._identity(entry)

    def block(self, names: Iterable[str]) -> None:
        """Names that no value may get any more; those already given stay."""
        for name in names:
            if name not in self._given and len(self._blocked) < self._limit:
                self._blocked.add(name)

    def foresee(self, values: Iterable[tuple[str, str]]) -> None:
        """(value, type) of a whole input: a short name that two of them would share goes to neither, in any order."""
        counts = Counter(f"<{label(type_)}_{self._digest('value', value)[: LENGTHS[0]]}>" for value, type_ in values)
        self.block(name for name, count in counts.items() if count > 1)

    def name(self, type_: str, raw: str, value: str, *, quoted: bool = False, encoded: bool = False) -> str:
        """The name of this value in this spelling; `encoded` says that the spelling is not one for people to read."""
        if not type_:
            type_ = "value"
        entry = Entry("", raw, quoted, "" if value == raw else value)
        identity = self._identity(entry)
        for name in self._candidates(label(type_), identity, encoded):
            given = self._given.get(name)
            if given == identity:
                return name
            if given is None and name not in self._blocked:
                break
        else:
            name = self._long(type_, identity)
        if len(self._given) < self._limit:
            self._given[name] = identity
            self._tell(Entry(name, raw, quoted, entry.value))
            return name
        return self._unremembered(Entry(self._long(type_, identity), raw, quoted, entry.value))

    def _candidates(self, word: str, identity: str, encoded: bool) -> Iterator[str]:
        """Plain names from short to long, each followed by its spellings where it belongs to this very value."""
        value, _, spelling = identity.partition(" ")
        for digits in LENGTHS:
            plain = f"{word}_{value[:digits]}"
            owner = self._given.get(f"<{plain}>", "").partition(" ")[0]
            if not (encoded and spelling):
                yield f"<{plain}>"
            if spelling or owner == value:
                told = spelling or self._digest("spelling", value)
                if owner in ("", value) and f"<{plain}>" not in self._blocked:
                    yield from (f"<{plain}_{told[:length]}>" for length in SPELLING_LENGTHS)

    def _long(self, type_: str, identity: str) -> str:
        value, _, spelling = identity.partition(" ")
        rest = f"_{spelling[: SPELLING_LENGTHS[-1]]}" if spelling else ""
        return f"<{label(type_)}_{value[: LENGTHS[-1]]}{rest}>"

    def _unremembered(self, entry: Entry) -> str:
        """Tells of a name that there is no room for, not again while it is among the latest."""
        if entry.name not in self._untold:
            self._untold[entry.name] = None
            if len(self._untold) > self._limit // 10:
                self._untold.pop(next(iter(self._untold)))
            self._tell(entry)
        return entry.name

    def _tell(self, entry: Entry) -> None:
        if self._found is not None:
            self._found(entry)

    def _identity(self, entry: Entry) -> str:
        """Keyed hash of the value and, if the spelling differs from it, one of the spelling."""
        value = self._digest("value", entry.meaning)[:32]
        if not entry.value and not entry.quoted:
            return value
        return f"{value} {self._digest('number' if entry.quoted else 'spelling', entry.raw)[:32]}"

    def _digest(self, purpose: str, text: str) -> str:
        content = f"{purpose}\0{text}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, content, hashlib.sha256).hex()
