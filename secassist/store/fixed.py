"""Keeps an accepted fix with the finding it is for, so that whoever reads the finding sees it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas import Analysis, Finding, Fix
from secassist.errors import UsageError
from secassist.store.rows import analysis_from
from secassist.store.tables import analyses


def put_fix(connection: Connection, id_: str, number: int, fix: Fix) -> Analysis:
    """Takes the place of what was proposed before. Raises UsageError where there is no such finding or nobody checked.

    The id of an analysis stands for what was asked, not for what came of it: it stays.
    """
    if not fix.accepted:
        raise UsageError("a fix is kept once others have checked it and all of them accept it")
    locked = sa.select(analyses.c.outcome).where(analyses.c.id == id_).with_for_update()
    outcome: Any = connection.scalar(locked)
    if outcome is None:
        raise UsageError(f"no analysis {id_[:12]} to keep a fix of")
    found = analysis_from(id_, outcome)
    if not 0 <= number < len(found.findings):
        raise UsageError(f"analysis {id_[:12]} has {len(found.findings)} findings, none numbered {number}")
    fixed = found.model_copy(update={"findings": tuple(_with(found.findings, number, fix))})
    changed = sa.update(analyses).where(analyses.c.id == id_)
    connection.execute(changed.values(outcome=fixed.model_dump(mode="json")))
    return fixed


def _with(findings: tuple[Finding, ...], number: int, fix: Fix) -> list[Finding]:
    return [finding.model_copy(update={"fix": fix}) if at == number else finding for at, finding in enumerate(findings)]
