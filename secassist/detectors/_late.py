"""Patterns of tables, compiled when they are first matched: a table holds hundreds, and one text asks a few of them."""

import re
from typing import Any, AnyStr, Final, cast

_ASKED: Final = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn", "flags", "groups")


class Late:
    """Stands for a pattern; from the first use on it answers as quickly as the pattern itself."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self._wanted = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # whoever copies or compares asks for these, and needs no compiled pattern
            raise AttributeError(name)
        made = re.compile(self.pattern, self._wanted)
        self.__dict__.update({asked: getattr(made, asked) for asked in _ASKED})
        return getattr(made, name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Late) and (self.pattern, self._wanted) == (other.pattern, other._wanted)

    def __hash__(self) -> int:
        return hash((self.pattern, self._wanted))

    def __repr__(self) -> str:
        return f"late({self.pattern!r})"


def late(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, later: what is wrong with a pattern (`re.error`) is said when it is first matched.

    Its text, `pattern`, is there without compiling. It can only be asked itself: functions of `re` do not take it, and the
    `re` of a match is another object.
    """
    return cast("re.Pattern[AnyStr]", Late(pattern, flags))
