"""Add the severity that an analyst gave instead of ours."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; corrections of before gave none."""
    op.add_column("reviews", sa.Column("severity", sa.String(16)))


def downgrade() -> None:
    """Drop it, with the corrections that say nothing else: they would read as answers of an investigation."""
    op.execute("DELETE FROM reviews WHERE severity IS NOT NULL AND disposition IS NULL AND judgement IS NULL")
    op.drop_column("reviews", "severity")
