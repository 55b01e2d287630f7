"""Payments under review are decided, with a version against two deciding at once; words of staff are sealed notes; events without an object."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payment", sa.Column("version", sa.BigInteger(), server_default="1", nullable=False))
    for name in ("received", "given_back"):
        op.add_column("payment", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    op.execute(
        "UPDATE payment SET received = attempt.amount, given_back = ("
        " SELECT coalesce(sum(refund.amount), 0) FROM refund"
        " WHERE refund.attempt_id = attempt.id AND refund.status = 'succeeded')"
        " FROM payment_attempt AS attempt WHERE attempt.payment_id = payment.id AND attempt.settles"
    )
    op.add_column("payment", sa.Column("canceled_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE payment SET canceled_at = now() WHERE status = 'canceled' OR review_reason = 'canceled'")
    op.add_column("payment_attempt", sa.Column("received", sa.BigInteger(), nullable=True))
    op.add_column(
        "payment_attempt",
        sa.Column("reviewed", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
    )
    # "Paid twice" was a sentence of our own: nothing that anybody wrote.
    op.alter_column("refund", "reason", nullable=True)
    op.execute("UPDATE refund SET reason = NULL WHERE duplicate")
    op.create_index("ix_refund_plain_reason", "refund", ["id"], postgresql_where=sa.text("reason IS NOT NULL"))
    op.create_table(
        "payment_note",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("refund_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('refund', 'rejection', 'review')", name=op.f("ck_payment_note_kind")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_note_payment_id_payment")),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_payment_note_refund_id_refund")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_payment_note_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_note")),
    )
    op.create_index(op.f("ix_payment_note_payment_id"), "payment_note", ["payment_id"])
    op.alter_column("provider_event", "object_id", nullable=True)
    op.alter_column("provider_event", "error", new_column_name="set_aside")
    op.execute("UPDATE provider_event SET set_aside = 'not_ours' WHERE set_aside IS NOT NULL")
