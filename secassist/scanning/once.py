"""A credential that both analyses of a file found is told once, as the secret: it has the mask, the type and the hash."""

from collections.abc import Sequence
from typing import Final

from schemas import Finding, FindingKind
from secassist.scanning.baseline import counts

_CREDENTIALS: Final = frozenset({"CWE-798", "CWE-259"})
"""Weaknesses that are about a secret in the code."""


def told_once(findings: Sequence[Sequence[Finding]]) -> list[list[Finding | None]]:
    """The findings of each analysis of a file; None for a credential that a secret of its line, at least as grave, tells.

    That secret names the rules that saw the same, so that each of them silences it.
    """
    secrets = [one for found in findings for one in found if one.kind is FindingKind.SECRET and counts(one)]
    twins: dict[int, list[Finding]] = {}
    for found in findings:
        for one in found:
            if (secret := _secret_of(one, secrets)) is not None:
                twins.setdefault(id(secret), []).append(one)
    gone = {id(one) for same in twins.values() for one in same}
    return [
        [None if id(one) in gone else _with(one, twins[id(one)]) if id(one) in twins else one for one in found]
        for found in findings
    ]


def _secret_of(finding: Finding, secrets: Sequence[Finding]) -> Finding | None:
    """The secret that a weakness is about."""
    if finding.kind is not FindingKind.WEAKNESS or finding.cwe not in _CREDENTIALS or not counts(finding):
        return None
    place, rank = finding.place, finding.severity.rank
    return next(
        (
            secret
            for secret in secrets
            if (secret.place.path, secret.place.start_line) == (place.path, place.start_line)
            and secret.severity.rank >= rank
        ),
        None,
    )


def _with(secret: Finding, twins: Sequence[Finding]) -> Finding:
    names = [name for twin in twins for name in (twin.rule, *twin.also, twin.cwe)]
    more = [name for name in dict.fromkeys(names) if name not in {secret.rule, secret.cwe, *secret.also}]
    return secret.model_copy(update={"also": (*secret.also, *more)})
