"""What residents let the city keep for their next applications; and drafts say where each answer that was filled in comes from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "profile_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("procedure_key", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_profile_item"),
        sa.UniqueConstraint("account_id", "item", name="uq_profile_item_once"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_profile_item_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["version_id"], ["procedure_version.id"], name="fk_profile_item_version_id"),
    )
    # Marked questions were a list; until then every answer that was filled in came from an earlier application.
    op.execute("ALTER TABLE draft ALTER COLUMN carried DROP DEFAULT")
    op.execute(
        'UPDATE draft SET carried = coalesce((SELECT jsonb_object_agg(question, \'{"from": "case"}\'::jsonb)'
        " FROM jsonb_array_elements_text(carried) AS question), '{}'::jsonb) WHERE jsonb_typeof(carried) = 'array'"
    )
    op.execute("ALTER TABLE draft ALTER COLUMN carried SET DEFAULT '{}'::jsonb")
