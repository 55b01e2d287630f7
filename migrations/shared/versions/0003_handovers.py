"""What residents let one city hand to another. Every city's role may use the tables; policies say which rows are there for it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _is_mine(column: str) -> str:
    """Whether the role that asks is that of the city whose key is in a column (see `core.database.schema_of`)."""
    return f"'city_' || replace({column}, '-', '_') = current_user"


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("source_city", sa.Text(), nullable=False),
        sa.Column("target_city", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("procedure_key", sa.Text(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("items", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
        sa.UniqueConstraint("public_id", name="uq_handover_public_id"),
    )
    op.create_table(
        "handover_content",
        sa.Column("handover_id", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("handover_id", name="pk_handover_content"),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handover.id"], name="fk_handover_content_handover_id", ondelete="CASCADE"
        ),
    )
    source, target = _is_mine("source_city"), _is_mine("target_city")
    of_content = "EXISTS (SELECT FROM handover WHERE handover.id = handover_id AND {})"
    for statement in (
        "ALTER TABLE handover ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE handover_content ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY seen_by_both ON handover FOR SELECT USING ({source} OR {target})",
        f"CREATE POLICY put_by_source ON handover FOR INSERT WITH CHECK ({source} AND used_at IS NULL)",
        f"CREATE POLICY used_by_target ON handover FOR UPDATE USING ({target}) WITH CHECK ({target})",
        f"CREATE POLICY ended_by_source ON handover FOR DELETE USING ({source})",
        f"CREATE POLICY put_by_source ON handover_content FOR INSERT WITH CHECK ({of_content.format(source)})",
        f"CREATE POLICY read_by_target ON handover_content FOR SELECT USING ({of_content.format(target)})",
        f"CREATE POLICY taken_by_target ON handover_content FOR DELETE USING ({of_content.format(target)})",
        "GRANT SELECT, INSERT, DELETE ON handover, handover_content TO PUBLIC",
        "GRANT UPDATE (used_at) ON handover TO PUBLIC",
    ):
        op.execute(statement)
