"""What pySigma makes of a rule: parsed, compiled by our matcher, and looked up beforehand for the rules that ship.

Parsing our own 1,300 rules takes over a second, and a text sets off few of them. What a rule needs to be looked up by
(`literals.required`) therefore ships as `rules/literals.json`, by the digest of the rule; a rule that is listed there is
parsed when a text may match it, every other one at once. The table is written by

    python -m secassist.detectors._sigma.parsing
"""

import json
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from schemas import digest
from secassist.detectors._sigma.fields import Event

RULES: Final = Path(__file__).parent.with_name("rules")
"""Our own rules."""
LITERALS: Final = RULES / "literals.json"
Test = Callable[[Event], "set[int] | frozenset[int] | tuple[int, ...] | list[int] | None"]
"""The lines of an event that make a rule match, None where it does not."""


@cache
def shipped() -> Mapping[str, tuple[str, ...]]:
    """Literals of our own rules by the digest of each; a rule that is not there is merely slower."""
    try:
        return {source: tuple(found) for source, found in json.loads(LITERALS.read_text("utf-8")).items()}
    except (OSError, ValueError):
        return {}


def identity(document: Any) -> str:
    """The digest of what a rule says."""
    return digest(json.dumps(document, sort_keys=True, default=str))


def parsed(document: Any) -> tuple[Test, tuple[str, ...]]:
    """The test of a rule and its literals. Raises SigmaError and others where pySigma or our matcher refuses it."""
    from sigma.rule import SigmaRule

    from secassist.detectors._sigma.literals import required
    from secassist.detectors._sigma.match import compile_condition

    trees = [condition.parsed for condition in SigmaRule.from_dict(document).detection.parsed_condition]
    tests = [compile_condition(tree) for tree in trees]
    test = tests[0] if len(tests) == 1 else lambda event: next((f for t in tests if (f := t(event)) is not None), None)
    return test, required(trees)


class Later:
    """The test of a rule that is known to parse, parsed when it is first asked."""

    def __init__(self, document: Any) -> None:
        self._document = document

    @cached_property
    def _test(self) -> Test:
        return parsed(self._document)[0]

    def __call__(self, event: Event) -> Any:
        """As the test of the rule."""
        return self._test(event)


def main() -> None:
    """Writes the table anew."""
    import yaml

    texts = (path.read_text("utf-8") for path in RULES.rglob("*.y*ml"))
    found = {identity(one): parsed(one)[1] for text in texts for one in yaml.safe_load_all(text) if one}
    LITERALS.write_text(json.dumps(dict(sorted(found.items())), ensure_ascii=False, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
