"""Add what waits as it was read: sealed texts of jobs that search for secrets."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; code that waits concealed needs none of its own, for subjects have a body."""
    op.create_table(
        "originals",
        sa.Column("job_id", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("job_id", name="pk_originals"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_originals_job_id_jobs", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Drop it; jobs that need it end with the reason that they are to be submitted again."""
    op.drop_table("originals")
