"""People whose consent an application asks for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "case_consent",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("place", sa.SmallInteger()),
        sa.Column("status", sa.Text(), nullable=False, server_default="waiting"),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary()),
        sa.Column("code_until", _MOMENT),
        sa.Column("tries", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("proof_digest", sa.LargeBinary()),
        sa.Column("proof_until", _MOMENT),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("reminded_at", _MOMENT),
        sa.Column("confirmed_at", _MOMENT),
        sa.Column("answered_at", _MOMENT),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_case_consent_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_case_consent"),
        sa.UniqueConstraint("token_digest", name="uq_case_consent_token_digest"),
        sa.CheckConstraint("status IN ('waiting', 'agreed', 'refused', 'expired', 'withdrawn')", name="status"),
    )
    op.create_index("ix_case_consent_case_id", "case_consent", ["case_id"])
    op.create_index(
        "ix_case_consent_waiting", "case_consent", ["expires_at"], postgresql_where=sa.text("status = 'waiting'")
    )
