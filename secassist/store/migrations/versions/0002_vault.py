"""Add the vault of sealed values and the record of who asked for one."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "vault",
        sa.Column("analysis_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("analysis_id", "number", name="pk_vault"),
        sa.ForeignKeyConstraint(
            ["analysis_id", "number"],
            ["findings.analysis_id", "findings.number"],
            name="fk_vault_analysis_id_number_findings",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_vault_key_id", "vault", ["key_id"])
    op.create_index("ix_vault_sealed_at", "vault", ["sealed_at"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("analysis_id", sa.String(64)),
        sa.Column("number", sa.Integer),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )


def downgrade() -> None:
    """Drop them; what was sealed is gone then."""
    op.drop_table("audit")
    op.drop_table("vault")
