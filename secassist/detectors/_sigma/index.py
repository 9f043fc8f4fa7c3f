"""Rules by the strings they cannot match without, so that few of many hundred rules are run on an event."""

from collections.abc import Sequence
from copy import copy

from secassist.detectors._sigma.rules import Rule


class Index:
    """Looks rules up by a text; the order of the rules is kept, and a rule without such strings is always given."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._always = [at for at, rule in enumerate(rules) if not rule.literals]
        self._by_literal: dict[str, list[int]] = {}
        for at, rule in enumerate(rules):
            for literal in rule.literals:
                self._by_literal.setdefault(literal, []).append(at)

    def possible(self, text: str) -> list[Rule]:
        """The rules that may match an event of this text (`Event.text`)."""
        found = set(self._always)
        for literal, rules in self._by_literal.items():
            if literal in text:
                found.update(rules)
        return [self.rules[at] for at in sorted(found)]

    def within(self, text: str) -> "Index":
        """An index that gives the same for every part of this text, and is quicker."""
        part = copy(self)
        part._by_literal = {literal: rules for literal, rules in self._by_literal.items() if literal in text}
        return part
