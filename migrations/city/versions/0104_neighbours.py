"""Lists of the addresses near a place, their labels, and the property of a layer that holds an address."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0104"
down_revision = "0100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("layer", sa.Column("address_property", sa.Text(), nullable=True))
    op.create_table(
        "neighbour_list",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("excluded", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_neighbour_list_case_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_neighbour_list_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_neighbour_list"),
    )
    op.create_index("ix_neighbour_list_case_id", "neighbour_list", ["case_id"])
    op.create_table(
        "neighbour_labels",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("first", sa.SmallInteger(), nullable=False),
        sa.Column("rows", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["list_id"], ["neighbour_list.id"], name="fk_neighbour_labels_list_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_neighbour_labels"),
    )
    op.create_index("ix_neighbour_labels_list_id", "neighbour_labels", ["list_id"])
