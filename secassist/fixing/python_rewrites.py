"""The proposer for Python: which rewrites are tried for which weakness."""

from collections.abc import Iterator
from functools import partial

from secassist.fixing._python import calls, command, files, guards, markup, sql, trees, values
from secassist.fixing._python.calls import Rewrite
from secassist.fixing.base import FixError, Proposal, Wanted
from secassist.fixing.blocks import united
from secassist.fixing.python_code import PythonCode

_BY_CWE: tuple[tuple[frozenset[str], tuple[Rewrite, ...]], ...] = (
    (frozenset({"CWE-89", "CWE-564", "CWE-943"}), (sql.bind_parameters,)),
    (frozenset({"CWE-77", "CWE-78", "CWE-88"}), (command.without_shell,)),
    (frozenset({"CWE-502", "CWE-20"}), (calls.yaml_safe, calls.json_for_pickle, files.values_only)),
    (
        frozenset({"CWE-326", "CWE-327", "CWE-328", "CWE-916"}),
        (calls.stronger_hash, calls.safer_name, calls.longer_key),
    ),
    (frozenset({"CWE-330", "CWE-331", "CWE-335", "CWE-338"}), (calls.unguessable,)),
    (frozenset({"CWE-94", "CWE-95", "CWE-78"}), (calls.literal_eval,)),
    (frozenset({"CWE-377", "CWE-378", "CWE-379"}), (calls.real_temporary_file, files.made_at_once)),
    (frozenset({"CWE-295", "CWE-297", "CWE-322"}), (calls.safer_name, calls.safer_setting)),
    (frozenset({"CWE-489", "CWE-215", "CWE-94"}), (calls.safer_setting,)),
    (frozenset({"CWE-611", "CWE-776", "CWE-827"}), (markup.defused_xml,)),
    (frozenset({"CWE-79", "CWE-80", "CWE-116"}), (markup.escaped_markup,)),
    (frozenset({"CWE-276", "CWE-732"}), (calls.owner_only,)),
    (frozenset({"CWE-614", "CWE-1004", "CWE-1275", "CWE-315"}), (calls.cookie_flags, calls.safer_setting)),
    (frozenset({"CWE-22", "CWE-23", "CWE-36", "CWE-73", "CWE-99"}), (guards.inside_folder,)),
    (frozenset({"CWE-643", "CWE-91"}), (trees.bound_variables,)),
    (frozenset({"CWE-90"}), (trees.escaped_filter,)),
    (frozenset({"CWE-601"}), (guards.local_redirect,)),
    (frozenset({"CWE-918"}), (guards.known_hosts,)),
    (frozenset({"CWE-605", "CWE-668", "CWE-1327"}), (guards.listening_advice,)),
    (frozenset({"CWE-259", "CWE-321", "CWE-798", "CWE-547"}), (values.from_environment,)),
)


class PythonRewrites:
    """Rewrites of well-known weaknesses; what they cannot do is said as advice."""

    name = "rewrite"
    last_resort = False

    def propose(self, wanted: Wanted) -> Iterator[Proposal]:
        """Proposals for Python files, nothing for others."""
        if wanted.language != "python":
            return
        try:
            code = PythonCode(wanted.text)
        except FixError as error:
            yield Proposal("python", (), str(error))
            return
        if code.unread >= set(range(wanted.first, wanted.last + 1)):
            yield Proposal("python", (), "these lines do not parse as Python; they cannot be rewritten")
            return
        for rewrite in rewrites_for(wanted.cwe):
            yield from united(wanted.text, _made(rewrite, code, wanted))


def _made(rewrite: Rewrite, code: PythonCode, wanted: Wanted) -> list[Proposal]:
    """What one rewrite proposes; why it cannot go on is its last word."""
    made, proposals = list[Proposal](), rewrite(code, wanted.first, wanted.last)
    while True:
        try:
            proposal = next(proposals, None)
        except FixError as error:
            return [*made, Proposal("python", (), str(error))]
        if proposal is None:
            return made
        made.append(proposal)


def rewrites_for(cwe: str) -> list[Rewrite]:
    """Those whose weaknesses include this one, keywords last."""
    chosen = [rewrite for cwes, rewrites in _BY_CWE if cwe in cwes for rewrite in rewrites]
    return [*dict.fromkeys(chosen), partial(calls.safer_keyword, cwe=cwe)]
