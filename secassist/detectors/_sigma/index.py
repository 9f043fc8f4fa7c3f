"""Rules by the strings they cannot match without, so that few of many hundred rules are run on an event."""

from collections.abc import Iterable, Iterator, Sequence

from secassist.detectors._sigma.rules import Rule

_GRAM = 4
"""Letters of a string that are looked up at once; five thousand strings would else each be searched in each text."""


class Index:
    """Looks rules up by a text; the order of the rules is kept, and a rule without such strings is always given."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._always = [at for at, rule in enumerate(rules) if not rule.literals]
        self._by_literal: dict[str, list[int]] = {}
        for at, rule in enumerate(rules):
            for literal in rule.literals:
                self._by_literal.setdefault(literal, []).append(at)
        self._short, self._by_gram = _grams(self._by_literal)

    def possible(self, text: str) -> list[Rule]:
        """The rules that may match an event of this text (`Event.text`)."""
        found = set(self._always)
        for literal in self._present(text):
            found.update(self._by_literal[literal])
        return [self.rules[at] for at in sorted(found)]

    def within(self, text: str) -> "Index":
        """An index that gives the same for every part of this text, and is quicker."""
        part = Index(())
        part.rules, part._always = self.rules, self._always
        part._by_literal = {literal: self._by_literal[literal] for literal in self._present(text)}
        part._short, part._by_gram = _grams(part._by_literal)
        return part

    def _present(self, text: str) -> Iterator[str]:
        yield from (literal for literal in self._short if literal in text)
        grams = {text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1)}
        for gram in self._by_gram.keys() & grams:
            yield from (literal for literal in self._by_gram[gram] if literal in text)


def _grams(literals: Iterable[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Strings shorter than a gram, and the others under that of their grams which has the fewest strings so far."""
    short: list[str] = []
    by_gram: dict[str, list[str]] = {}
    for literal in literals:
        grams = [literal[at : at + _GRAM] for at in range(len(literal) - _GRAM + 1)]
        if grams:
            by_gram.setdefault(min(grams, key=lambda gram: len(by_gram.get(gram, ()))), []).append(literal)
        else:
            short.append(literal)
    return short, by_gram
