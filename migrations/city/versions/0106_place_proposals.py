"""What the office proposes for places of cases, and says of spots in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place_proposal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("edits", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint("outcome IN ('accepted', 'edited', 'kept', 'ended')", name="ck_place_proposal_outcome"),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ck_place_proposal_ended"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_place_proposal_case_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_place_proposal_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_place_proposal"),
    )
    op.create_index("ix_place_proposal_case_id", "place_proposal", ["case_id"])
    op.create_index(
        "uq_place_proposal_draft",
        "place_proposal",
        ["case_id", "field"],
        unique=True,
        postgresql_where=sa.text("sent_at IS NULL"),
    )
