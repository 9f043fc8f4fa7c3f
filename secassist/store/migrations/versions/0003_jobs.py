"""Add the queue: jobs with leases, and the outbox of events about them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables and the partial indexes that keep claiming fast."""
    _jobs()
    _outbox()
    if op.get_bind().dialect.name == "postgresql":
        _vacuum_often("jobs")
        _vacuum_often("outbox")


def downgrade() -> None:
    """Drop them; what was queued is lost then."""
    op.drop_table("outbox")
    op.drop_table("jobs")


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("template", sa.String(64), nullable=False),
        sa.Column("correlation", sa.String(128), nullable=False),
        sa.Column("cache_key", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempt", sa.SmallInteger, nullable=False),
        sa.Column("crashes", sa.SmallInteger, nullable=False),
        sa.Column("stalls", sa.SmallInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("worker", sa.Text, nullable=False),
        sa.Column("lease_token", sa.String(32), nullable=False),
        sa.Column("lease_expires", sa.BigInteger, nullable=False),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.Column("analysis_id", sa.String(64), nullable=False),
        sa.Column("derived_from", sa.String(64), nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("key", name="uq_jobs_key"),
    )
    op.create_index("ix_jobs_subject_id", "jobs", ["subject_id"])
    _partial("ix_jobs_next", "jobs", ["priority", "turn", "id"], "queued")
    _partial("ix_jobs_alike", "jobs", ["kind", "language", "priority", "turn", "id"], "queued")
    _partial("ix_jobs_turns", "jobs", ["source", "priority", "turn"], "queued")
    _partial("ix_jobs_leases", "jobs", ["lease_expires"], "leased")
    _partial("ix_jobs_dead", "jobs", ["id"], "dead")


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("job_id", sa.String(32), nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempt", sa.SmallInteger, nullable=False),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    _partial("ix_outbox_next", "outbox", ["not_before", "id"], "queued")


def _vacuum_often(table: str) -> None:
    """Every row changes several times: after a number of changes, not after a share of a million done ones."""
    settings = (
        "vacuum_scale_factor = 0",
        "vacuum_threshold = 20000",
        "analyze_scale_factor = 0",
        "analyze_threshold = 20000",
    )
    listed = ", ".join(f"autovacuum_{setting}" for setting in settings)
    op.execute(f"ALTER TABLE {table} SET (fillfactor = 80, {listed})")


def _partial(name: str, table: str, columns: list[str], state: str) -> None:
    where = sa.text(f"state = '{state}'")
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
