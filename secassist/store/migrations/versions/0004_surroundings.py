"""Add what surrounds the queue: kept verdicts, deliveries, schedules and their runs; and indexes for listings."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels = None
depends_on = None
FILTERS = ("analyzer", "state", "disposition", "severity_rank")
"""By which analyses are listed; without an index each, what is rare is looked for among a million rows."""


def upgrade() -> None:
    """Create the tables."""
    _verdicts()
    _deliveries()
    _schedules()
    for column in FILTERS:
        op.create_index(f"ix_analyses_{column}_created_at_id", "analyses", [column, "created_at", "id"])


def downgrade() -> None:
    """Drop them; what was not delivered yet is not delivered then."""
    for column in FILTERS:
        op.drop_index(f"ix_analyses_{column}_created_at_id", "analyses")
    for table in ("runs", "schedules", "targets", "deliveries", "verdicts"):
        op.drop_table(table)


def _verdicts() -> None:
    op.create_table(
        "verdicts",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("facts", sa.String(64), nullable=False),
        sa.Column("analysis_id", sa.String(64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_verdicts"),
    )
    op.create_index("ix_verdicts_analysis_id", "verdicts", ["analysis_id"])
    op.create_index("ix_verdicts_until", "verdicts", ["until"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("target", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempt", sa.SmallInteger, nullable=False),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.Column("lease_token", sa.String(32), nullable=False),
        sa.Column("lease_expires", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("event_id", "target", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["event_id"], ["outbox.id"], name="fk_deliveries_event_id_outbox", ondelete="CASCADE"),
    )
    _partial("ix_deliveries_next", "deliveries", ["target", "not_before"], "queued")
    _partial("ix_deliveries_leases", "deliveries", ["lease_expires"], "leased")
    _partial("ix_deliveries_dead", "deliveries", ["target"], "dead")
    op.create_index("ix_deliveries_updated", "deliveries", ["updated", "event_id"])
    op.create_table(
        "targets",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("open_until", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_targets"),
    )


def _schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("every", sa.BigInteger, nullable=False),
        sa.Column("next_due", sa.BigInteger, nullable=False),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_schedules"),
    )
    op.create_index("ix_schedules_next_due", "schedules", ["next_due"])
    op.create_table(
        "runs",
        sa.Column("schedule", sa.String(64), nullable=False),
        sa.Column("slot", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempt", sa.SmallInteger, nullable=False),
        sa.Column("lease_token", sa.String(32), nullable=False),
        sa.Column("lease_expires", sa.BigInteger, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("started", sa.BigInteger, nullable=False),
        sa.Column("ended", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("schedule", "slot", name="pk_runs"),
        sa.ForeignKeyConstraint(
            ["schedule"], ["schedules.name"], name="fk_runs_schedule_schedules", ondelete="CASCADE"
        ),
    )
    _partial("ix_runs_leases", "runs", ["lease_expires"], "running")


def _partial(name: str, table: str, columns: list[str], state: str) -> None:
    where = sa.text(f"state = '{state}'")
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
