"""The proposer for the other languages: small, local rewrites found through tree-sitter."""

from collections.abc import Callable, Iterable, Iterator

from secassist.fixing._tree import (
    browser,
    csharp,
    go,
    guards,
    java,
    memory,
    parts,
    paths,
    release,
    rules,
    settings,
    sql,
    words,
    wraps,
)
from secassist.fixing.base import FixError, Proposal, Wanted
from secassist.fixing.blocks import Splice, blocks_of, together
from secassist.fixing.syntax import GRAMMARS
from secassist.fixing.tree_code import TreeCode

Rewrite = Callable[[TreeCode, int, int, str], Iterator[Proposal]]
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
        yield from _each(
            code,
            wanted,
            (
                *memory.REWRITES,
                *release.REWRITES,
                *settings.REWRITES,
                *go.REWRITES,
                *java.REWRITES,
                *browser.REWRITES,
                *csharp.REWRITES,
            ),
        )
        yield from wraps.wrapped(code, wanted.cwe, wanted.first, wanted.last)
        yield from _each(code, wanted, (*guards.REWRITES, *words.REWRITES, *paths.REWRITES))


def _each(code: TreeCode, wanted: Wanted, rewrites: Iterable[Rewrite]) -> Iterator[Proposal]:
    for rewrite in rewrites:
        try:
            yield from rewrite(code, wanted.first, wanted.last, wanted.cwe)
        except FixError as error:
            yield Proposal("rewrite", (), str(error))


def _by_rules(code: TreeCode, wanted: Wanted) -> Iterator[Proposal]:
    for rule in rules.RULES:
        if code.language not in rule.languages or wanted.cwe not in rule.cwes:
            continue
        found = list[list[Splice]]()
        for call in code.calls(wanted.first, wanted.last):
            try:
                splices = rule.make(code, call) if rule.called.fullmatch(call.name) else []
                if splices:
                    found.append(splices)
            except FixError as error:
                yield Proposal(rule.name, (), str(error))
        for edit in together(found):
            try:
                yield Proposal(rule.name, blocks_of(code.text, edit), rule.told)
            except FixError as error:
                yield Proposal(rule.name, (), str(error))
    for word in rules.WORDS:
        if code.language in word.languages and wanted.cwe in word.cwes:
            edits = list(rules.words(code, word, wanted.first, wanted.last))
            if edits:
                yield Proposal(word.name, blocks_of(code.text, edits), word.told)
