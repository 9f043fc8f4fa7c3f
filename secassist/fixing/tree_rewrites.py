"""The proposer for the other languages: small, local rewrites found through tree-sitter."""

from collections.abc import Iterator

from secassist.fixing._tree import memory, parts, rules, settings, sql, wraps
from secassist.fixing.base import FixError, Proposal, Wanted
from secassist.fixing.blocks import blocks_of
from secassist.fixing.syntax import GRAMMARS
from secassist.fixing.tree_code import TreeCode

_PARTS = (
    (frozenset({"CWE-77", "CWE-78", "CWE-88"}), parts.without_shell),
    (frozenset({"CWE-89"}), sql.bind),
)


class TreeRewrites:
    """Rewrites of well-known weaknesses in every language with a grammar but Python."""

    name = "rewrite"
    last_resort = False

    def propose(self, wanted: Wanted) -> Iterator[Proposal]:
        """Proposals, or advice where a known weakness cannot be rewritten safely."""
        if wanted.language == "python" or wanted.language not in GRAMMARS:
            return
        code = TreeCode(wanted.text, wanted.language)
        yield from _by_rules(code, wanted)
        for cwes, rewrite in _PARTS:
            if wanted.cwe in cwes:
                try:
                    yield from rewrite(code, wanted.first, wanted.last)
                except FixError as error:
                    yield Proposal("rewrite", (), str(error))
        for faulty in (*memory.REWRITES, *settings.REWRITES):
            try:
                yield from faulty(code, wanted.first, wanted.last, wanted.cwe)
            except FixError as error:
                yield Proposal("rewrite", (), str(error))
        yield from wraps.wrapped(code, wanted.cwe, wanted.first, wanted.last)


def _by_rules(code: TreeCode, wanted: Wanted) -> Iterator[Proposal]:
    for rule in rules.RULES:
        if code.language not in rule.languages or wanted.cwe not in rule.cwes:
            continue
        for call in code.calls(wanted.first, wanted.last):
            try:
                splices = rule.make(code, call) if rule.called.fullmatch(call.name) else []
                if splices:
                    yield Proposal(rule.name, blocks_of(code.text, splices), rule.told)
            except FixError as error:
                yield Proposal(rule.name, (), str(error))
    for word in rules.WORDS:
        if code.language in word.languages and wanted.cwe in word.cwes:
            found = list(rules.words(code, word, wanted.first, wanted.last))
            if found:
                yield Proposal(word.name, blocks_of(code.text, found), word.told)
