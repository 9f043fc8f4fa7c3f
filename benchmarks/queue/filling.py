"""Filling: a hundred thousand or a million rows in seconds, copied inside the database from one real row each."""

import sqlalchemy as sa

from secassist.store import Store, tables

KEYS = {
    "subjects": {"id": 64},
    "analyses": {"id": 64, "subject_id": 64},
    "jobs": {"id": 32, "key": 64, "subject_id": 64, "analysis_id": 64},
}
"""Columns that differ from row to row, and how many hex digits they have."""
ORIGIN = {
    "subjects": "id = (SELECT subject_id FROM jobs WHERE state = 'done' LIMIT 1)",
    "analyses": "id = (SELECT analysis_id FROM jobs WHERE state = 'done' LIMIT 1)",
    "jobs": "id = (SELECT id FROM jobs WHERE state = 'done' LIMIT 1)",
}
"""The row that is copied: of a job that was really done."""
QUEUED = {"state": "'queued'", "attempt": "0", "analysis_id": "''", "lease_token": "''"}


def store_more(store: Store, first: int, last: int) -> None:
    """Done jobs with their subjects and analyses, numbered first..last-1."""
    for table in ("subjects", "analyses", "jobs"):
        _copy(store, table, first, last, {})
    settle(store)


def queue_more(store: Store, first: int, last: int) -> None:
    """Queued jobs of two sources that take turns; all about one subject."""
    subject = "(SELECT subject_id FROM jobs WHERE state = 'done' LIMIT 1)"
    changed = {**QUEUED, "turn": "series.n / 2", "source": "CAST(series.n % 2 AS TEXT)", "subject_id": subject}
    _copy(store, "jobs", first, last, changed)
    settle(store)


def settle(store: Store) -> None:
    """What PostgreSQL's autovacuum would do before long."""
    if store._engine.dialect.name == "postgresql":
        with store._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _copy(store: Store, table: str, first: int, last: int, changed: dict[str, str]) -> None:
    postgres = store._engine.dialect.name == "postgresql"
    columns = [column.name for column in tables.metadata.tables[table].columns]
    keys = {name: _hex(digits, postgres) for name, digits in KEYS[table].items()}
    values = ", ".join({**keys, **changed}.get(name, f"origin.{name}") for name in columns)
    series = f"generate_series({first}, {last - 1}) AS series(n)" if postgres else "series"
    numbers = f"WITH RECURSIVE series(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM series WHERE n < {last - 1}) "
    source = f"SELECT {values} FROM (SELECT * FROM {table} WHERE {ORIGIN[table]}) AS origin, {series}"
    insert = f"INSERT INTO {table} ({', '.join(columns)}) "
    with store._engine.execution_options(immediate=True).begin() as connection:
        connection.execute(sa.text(insert + source if postgres else numbers + insert + source))


def _hex(digits: int, postgres: bool) -> str:
    return f"lpad(to_hex(series.n), {digits}, '0')" if postgres else f"printf('%0{digits}x', series.n)"
