"""Add when an analysis was superseded by a later one of the same thing, and which file a scan read it from."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was stored before stands until the same thing is looked at again."""
    op.add_column("analyses", sa.Column("piece", sa.String(64)))
    op.add_column("analyses", sa.Column("superseded_at", sa.DateTime(timezone=True)))
    op.create_index("ix_analyses_piece", "analyses", ["piece"])


def downgrade() -> None:
    """Drop them; all analyses stand side by side again."""
    op.drop_index("ix_analyses_piece", "analyses")
    op.drop_column("analyses", "superseded_at")
    op.drop_column("analyses", "piece")
