"""The tables as the code sees them; the migrations build them, and a test holds the two together."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Constraint names are fixed so that later migrations can name what they change."""

UNSTORABLE = {0: "\ufffd"} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
"""NUL (PostgreSQL refuses it) and lone surrogates (UTF-8 refuses them) become U+FFFD in searchable columns."""


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware datetime, kept as UTC; SQLite would give it back without its zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; PostgreSQL keeps the zone, SQLite gets the bare UTC time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - a hook
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PlainText(sa.TypeDecorator[str]):
    """Text of inputs in columns that are only searched and listed; the exact text lives in the JSON columns."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - a hook
        """Replaces what one of the databases could not hold."""
        return None if value is None else value.translate(UNSTORABLE)


JSON: sa.JSON = sa.JSON(none_as_null=True)
metadata = sa.MetaData(naming_convention=NAMING)


def _digest(name: str, *args: Any, **kwargs: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String(64), *args, nullable=False, **kwargs)


def _analysis_key(**kwargs: Any) -> sa.Column[str]:
    return _digest("analysis_id", sa.ForeignKey("analyses.id", ondelete="CASCADE"), **kwargs)


subjects = sa.Table(
    "subjects",
    metadata,
    _digest("id", primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("source", PlainText, nullable=False),
    sa.Column("origin", PlainText, nullable=False),
    sa.Column("title", PlainText, nullable=False),
    sa.Column("place", JSON),
    sa.Column("body", JSON),
    sa.Column("first_seen", UtcDateTime, nullable=False, index=True),
)

analyses = sa.Table(
    "analyses",
    metadata,
    _digest("id", primary_key=True),
    _digest("subject_id", sa.ForeignKey("subjects.id"), index=True),
    sa.Column("analyzer", sa.String(64), nullable=False),
    sa.Column("language", sa.String(32), nullable=False),
    sa.Column("state", sa.String(32), nullable=False),
    sa.Column("disposition", sa.String(32)),
    sa.Column("severity", sa.String(16)),
    sa.Column("severity_rank", sa.SmallInteger),
    sa.Column("urgency", sa.SmallInteger, nullable=False),
    sa.Column("score", sa.Float),
    sa.Column("raised", sa.Boolean, nullable=False),
    sa.Column("lineage", JSON, nullable=False),
    sa.Column("outcome", JSON, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("piece", sa.String(64), index=True),
    sa.Column("superseded_at", UtcDateTime),
    sa.Index(None, "created_at", "id"),
    sa.Index(None, "analyzer", "created_at", "id"),
    sa.Index(None, "state", "created_at", "id"),
    sa.Index(None, "disposition", "created_at", "id"),
    sa.Index(None, "severity_rank", "created_at", "id"),
)
"""One index per filter of a listing, each in the order of the listing: what is rare is found without reading the rest."""

findings = sa.Table(
    "findings",
    metadata,
    _analysis_key(primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("rule", PlainText, nullable=False),
    sa.Column("cwe", PlainText, nullable=False),
    sa.Column("path", PlainText, nullable=False),
    sa.Column("start_line", sa.Integer, nullable=False),
    sa.Column("severity", sa.String(16), nullable=False),
    sa.Column("judgement", sa.String(16), nullable=False),
    _digest("fingerprint", index=True),
    sa.Column("hmac", sa.String(128), nullable=False, index=True),
)

techniques = sa.Table(
    "techniques",
    metadata,
    _analysis_key(primary_key=True),
    sa.Column("technique", PlainText, primary_key=True),
)

rejections = sa.Table(
    "rejections",
    metadata,
    _digest("id", primary_key=True),
    sa.Column("origin", PlainText, nullable=False),
    sa.Column("reason", PlainText, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
)

reviews = sa.Table(
    "reviews",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _analysis_key(index=True),
    sa.Column("disposition", sa.String(32)),
    sa.Column("finding", sa.Integer),
    sa.Column("judgement", sa.String(16)),
    sa.Column("author", PlainText, nullable=False),
    sa.Column("comment", PlainText, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("severity", sa.String(16)),
)

vault = sa.Table(
    "vault",
    metadata,
    _digest("analysis_id", primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    _digest("fingerprint"),
    sa.Column("key_id", sa.String(16), nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("sealed_at", UtcDateTime, nullable=False, index=True),
    sa.ForeignKeyConstraint(["analysis_id", "number"], ["findings.analysis_id", "findings.number"], ondelete="CASCADE"),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("who", PlainText, nullable=False),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("analysis_id", sa.String(64)),
    sa.Column("number", sa.Integer),
    sa.Column("detail", PlainText, nullable=False),
)
"""No foreign key: who asked for a value is known for longer than the value is kept."""

WHEN_QUEUED, WHEN_LEASED, WHEN_DEAD = (sa.text(f"state = '{word}'") for word in ("queued", "leased", "dead"))


def _partial(name: str, *columns: str, where: sa.TextClause) -> sa.Index:
    """An index over the few rows that are in one state, so that a million done jobs cost nothing."""
    return sa.Index(name, *columns, sqlite_where=where, postgresql_where=where)


jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("language", sa.String(32), nullable=False),
    sa.Column("subject_id", sa.String(64), nullable=False, index=True),
    sa.Column("priority", sa.SmallInteger, nullable=False),
    sa.Column("source", PlainText, nullable=False),
    sa.Column("turn", sa.BigInteger, nullable=False),
    sa.Column("key", sa.String(128), nullable=False, unique=True),
    sa.Column("template", sa.String(64), nullable=False),
    sa.Column("correlation", sa.String(128), nullable=False),
    sa.Column("cache_key", sa.String(64), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempt", sa.SmallInteger, nullable=False),
    sa.Column("crashes", sa.SmallInteger, nullable=False),
    sa.Column("stalls", sa.SmallInteger, nullable=False),
    sa.Column("reason", PlainText, nullable=False),
    sa.Column("worker", PlainText, nullable=False),
    sa.Column("lease_token", sa.String(32), nullable=False),
    sa.Column("lease_expires", sa.BigInteger, nullable=False),
    sa.Column("not_before", sa.BigInteger, nullable=False),
    sa.Column("analysis_id", sa.String(64), nullable=False),
    sa.Column("derived_from", sa.String(64), nullable=False),
    sa.Column("created", sa.BigInteger, nullable=False),
    sa.Column("updated", sa.BigInteger, nullable=False),
    _partial("ix_jobs_next", "priority", "turn", "id", where=WHEN_QUEUED),
    _partial("ix_jobs_alike", "kind", "language", "priority", "turn", "id", where=WHEN_QUEUED),
    _partial("ix_jobs_turns", "source", "priority", "turn", where=WHEN_QUEUED),
    _partial("ix_jobs_leases", "lease_expires", where=WHEN_LEASED),
    _partial("ix_jobs_dead", "id", where=WHEN_DEAD),
)
"""Times are milliseconds since 1970 UTC, always by the database's clock; no foreign key, for retention differs.

`turn` is the place in the fair order of a priority: a source's next job comes one turn after its last one, and a source
that was idle joins at the turn being served, so that sources take turns however much one of them submits.
"""

originals = sa.Table(
    "originals",
    metadata,
    sa.Column("job_id", sa.String(32), sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
"""What a job has to see as it was read, sealed by whoever submitted it; goes when the job is done, and with its row."""

outbox = sa.Table(
    "outbox",
    metadata,
    _digest("id", primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("job_id", sa.String(32), nullable=False),
    sa.Column("payload", JSON, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempt", sa.SmallInteger, nullable=False),
    sa.Column("not_before", sa.BigInteger, nullable=False),
    sa.Column("created", sa.BigInteger, nullable=False),
    _partial("ix_outbox_next", "not_before", "id", where=WHEN_QUEUED),
)
"""Events written in the transaction of what they tell; state: queued, done or dead. Delivering them is another room's."""
