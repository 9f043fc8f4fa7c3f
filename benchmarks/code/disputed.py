"""Labels of code that do not say whether the weakness is there, told by text and label alone, never by a detector."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from benchmarks.code.items import Item

_SQL: Final = r"\b(?:addslashes|mysqli?_(?:real_)?escape_string|pg_escape_\w+)\(|FILTER_SANITIZE_MAGIC_QUOTES"
_HTML: Final = r"\b(?:htmlspecialchars|htmlentities)\(|FILTER_SANITIZE_(?:FULL_)?SPECIAL_CHARS"
_CUT: Final = r"preg_replace\('/\\'/', ''"
_SHELL: Final = r"\bescapeshellarg\("
_QUOTED: Final = re.compile(r"'\s?(?:\{?\$tainted|\"\s?\.\s{0,2}\$tainted|%s')")
_PLACES: Final = re.compile(r"%(?!%)(?:\(\w{1,40}\))?[-+0#]{0,3}\d{0,4}(?:\.\d{1,4})?([a-zA-Z])")


class Dispute(NamedTuple):
    """`bad` is the label that is disputed, None both; `cwe` are those of which it holds, "" any."""

    bad: bool | None
    cwe: str
    holds: Callable[[Item], bool]
    why: str


def _php(pattern: str) -> Callable[[Item], bool]:
    """A text of the generator whose only cleaner is this one."""
    cleaner, others = re.compile(pattern), [re.compile(one) for one in (_SQL, _HTML, _CUT, _SHELL) if one != pattern]
    return lambda item: (
        item.source == "php_vuln_suite"
        and cleaner.search(item.text) is not None
        and not any(other.search(item.text) for other in others)
    )


def _numbers(item: Item) -> bool:
    """Whether every place of a format in the text takes a number."""
    places = _PLACES.findall(item.text)
    asked = item.language in {"php", "python"} and bool(places)
    return asked and all(place in "dfiux" for place in places)


def _in_marks(pattern: str) -> Callable[[Item], bool]:
    """The same, where the value stands between quotation marks."""
    only = _php(pattern)
    return lambda item: only(item) and _QUOTED.search(item.text) is not None


def _from(source: str) -> Callable[[Item], bool]:
    return lambda item: item.source == source


DISPUTES: Final = (
    Dispute(
        False,
        "78 79 90 91 98",
        _php(_SQL),
        "escaped for a database, but read by a shell, a page, a directory, XPath or as a path",
    ),
    Dispute(False, "90 98", _php(_HTML), "encoded for a page, but read by a directory or as a path"),
    Dispute(False, "90 98", _php(_CUT), "rid of quotation marks, but read by a directory or as a path"),
    Dispute(
        False, "78", _in_marks(_SHELL), "quoted for a shell, but put between quotation marks, which ends the quoting"
    ),
    Dispute(
        True,
        "91",
        _in_marks(_HTML),
        "both quotation marks are encoded and the value stands between them; labelled safe elsewhere",
    ),
    Dispute(True, "78 79 89 90 91 95 98", _numbers, "every value is written as a number"),
    Dispute(True, "", _from("cyberseceval_icd"), "labelled since a pattern matches, whatever arrives"),
    Dispute(True, "", _from("bandit_examples"), "a scanner's own sample: its rule speaks, whatever arrives"),
)


def dispute(item: Item) -> str:
    """Why the label of a text is disputed, "" where it is not."""
    numbers = {one.upper().removeprefix("CWE-") for one in item.cwe}
    for one in DISPUTES:
        fits = one.bad in (None, item.bad) and (not one.cwe or bool(numbers & set(one.cwe.split())))
        if fits and one.holds(item):
            return one.why
    return ""
