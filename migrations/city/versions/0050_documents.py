"""Documents made for people, their numbers, and whether the city issues receipts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_KINDS = "'payment_details', 'payment_confirmation', 'payment_slip', 'receipt'"


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("paper", JSONB(), nullable=False),
        sa.Column("requested_at", _MOMENT, nullable=False),
        sa.Column("made_at", _MOMENT),
        sa.Column("content_hash", sa.LargeBinary()),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_document_kind")),
        sa.CheckConstraint("(made_at IS NULL) = (content_hash IS NULL)", name=op.f("ck_document_made")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_document_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sa.UniqueConstraint("public_id", name="uq_document_public_id"),
        sa.UniqueConstraint("number", name="uq_document_number"),
    )
    op.create_index("uq_document_paper", "document", ["case_id", "kind", "digest"], unique=True)
    op.create_index("ix_document_waiting", "document", ["id"], postgresql_where=sa.text("made_at IS NULL"))
    op.create_table(
        "document_content",
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_document_content_document_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", name="pk_document_content"),
    )
    op.create_table(
        "document_counter",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "fiscal_year", name="pk_document_counter"),
    )
    op.create_table(
        "document_switch",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("issued", sa.Boolean(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.CheckConstraint("kind = 'receipt'", name=op.f("ck_document_switch_kind")),
        sa.PrimaryKeyConstraint("kind", name="pk_document_switch"),
    )
