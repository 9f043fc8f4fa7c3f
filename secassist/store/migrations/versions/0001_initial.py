"""Build the first tables: subjects, analyses with findings and techniques, rejections, reviews."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables."""
    _subjects()
    _analyses()
    _findings()
    _rejections()
    _reviews()


def downgrade() -> None:
    """Drop them, children first."""
    for table in ("reviews", "rejections", "techniques", "findings", "analyses", "subjects"):
        op.drop_table(table)


def _subjects() -> None:
    op.create_table(
        "subjects",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("place", sa.JSON),
        sa.Column("body", sa.JSON),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subjects"),
    )
    op.create_index("ix_subjects_first_seen", "subjects", ["first_seen"])


def _analyses() -> None:
    op.create_table(
        "analyses",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("analyzer", sa.String(64), nullable=False),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("disposition", sa.String(32)),
        sa.Column("severity", sa.String(16)),
        sa.Column("severity_rank", sa.SmallInteger),
        sa.Column("urgency", sa.SmallInteger, nullable=False),
        sa.Column("score", sa.Float),
        sa.Column("raised", sa.Boolean, nullable=False),
        sa.Column("lineage", sa.JSON, nullable=False),
        sa.Column("outcome", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_analyses"),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name="fk_analyses_subject_id_subjects"),
    )
    op.create_index("ix_analyses_subject_id", "analyses", ["subject_id"])
    op.create_index("ix_analyses_created_at_id", "analyses", ["created_at", "id"])


def _findings() -> None:
    op.create_table(
        "findings",
        sa.Column("analysis_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("cwe", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("start_line", sa.Integer, nullable=False),
        sa.Column("severity", sa.String(16), nullable=False),
        sa.Column("judgement", sa.String(16), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("hmac", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("analysis_id", "number", name="pk_findings"),
        _to_analysis("findings"),
    )
    op.create_index("ix_findings_fingerprint", "findings", ["fingerprint"])
    op.create_index("ix_findings_hmac", "findings", ["hmac"])
    op.create_table(
        "techniques",
        sa.Column("analysis_id", sa.String(64), nullable=False),
        sa.Column("technique", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("analysis_id", "technique", name="pk_techniques"),
        _to_analysis("techniques"),
    )


def _rejections() -> None:
    op.create_table(
        "rejections",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rejections"),
    )
    op.create_index("ix_rejections_at", "rejections", ["at"])


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("analysis_id", sa.String(64), nullable=False),
        sa.Column("disposition", sa.String(32)),
        sa.Column("finding", sa.Integer),
        sa.Column("judgement", sa.String(16)),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        _to_analysis("reviews"),
    )
    op.create_index("ix_reviews_analysis_id", "reviews", ["analysis_id"])


def _to_analysis(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_analysis_id_analyses"
    return sa.ForeignKeyConstraint(["analysis_id"], ["analyses.id"], name=name, ondelete="CASCADE")
