"""Payments: what is owed, attempts to pay, refunds, notices from the provider and its book."""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_ledger_entry"),
    )
    op.create_index("ix_ledger_entry_created_at", "ledger_entry", ["created_at"], unique=False)
    op.create_index("ix_ledger_entry_source_id", "ledger_entry", ["source_id"], unique=False)
    op.create_table(
        "payment_account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("api_key", sa.LargeBinary(), nullable=False),
        sa.Column("webhook_secret", sa.LargeBinary(), nullable=False),
        sa.Column("previous_webhook_secret", sa.LargeBinary(), nullable=True),
        sa.Column("methods", postgresql.JSONB(), nullable=False),
        sa.Column("konbini_days", sa.BigInteger(), server_default="3", nullable=False),
        sa.Column("four_eyes", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_payment_account"),
    )
    op.create_index(
        "uq_payment_account_active", "payment_account", ["active"], unique=True, postgresql_where=sa.text("active")
    )
    op.create_table(
        "provider_event",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("intent_id", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("tries", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_provider_event"),
    )
    op.create_index(
        "ix_provider_event_waiting",
        "provider_event",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("processed_at IS NULL"),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), server_default="JPY", nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("review_reason", sa.Text(), nullable=True),
        sa.Column("next_path", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("currency = 'JPY'", name="ck_payment_currency"),
        sa.CheckConstraint(
            "status IN ('open', 'pending', 'failed', 'paid', 'refunded', 'canceled', 'needs_review')",
            name="ck_payment_status",
        ),
        sa.CheckConstraint("amount > 0", name="ck_payment_amount"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_payment_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payment"),
        sa.UniqueConstraint("public_id", name="uq_payment_public_id"),
    )
    op.create_index("ix_payment_case_id", "payment", ["case_id"], unique=False)
    op.create_index(
        "uq_payment_one_per_fee",
        "payment",
        ["case_id", "purpose"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('canceled', 'refunded')"),
    )
    op.create_table(
        "payment_attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("methods", postgresql.JSONB(), nullable=False),
        sa.Column("request", postgresql.JSONB(), nullable=False),
        sa.Column("status", sa.Text(), server_default="prepared", nullable=False),
        sa.Column("checkout_id", sa.Text(), nullable=True),
        sa.Column("intent_id", sa.Text(), nullable=True),
        sa.Column("charge_id", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("voucher", postgresql.JSONB(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("settles", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('prepared', 'open', 'pending', 'expired', 'failed', 'paid')", name="ck_payment_attempt_status"
        ),
        sa.CheckConstraint("amount > 0", name="ck_payment_attempt_amount"),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name="fk_payment_attempt_payment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payment_attempt"),
        sa.UniqueConstraint("charge_id", name="uq_payment_attempt_charge_id"),
        sa.UniqueConstraint("checkout_id", name="uq_payment_attempt_checkout_id"),
        sa.UniqueConstraint("intent_id", name="uq_payment_attempt_intent_id"),
        sa.UniqueConstraint("payment_id", "number", name="uq_payment_attempt_payment_id_number"),
        sa.UniqueConstraint("reference", name="uq_payment_attempt_reference"),
    )
    op.create_index(
        "ix_payment_attempt_unfinished",
        "payment_attempt",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('prepared', 'open', 'pending')"),
    )
    op.create_index(
        "uq_payment_attempt_one_live",
        "payment_attempt",
        ["payment_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('prepared', 'open', 'pending')"),
    )
    op.create_index(
        "uq_payment_attempt_settles",
        "payment_attempt",
        ["payment_id"],
        unique=True,
        postgresql_where=sa.text("settles"),
    )
    op.create_table(
        "refund",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("duplicate", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("requested_by", sa.BigInteger(), nullable=True),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="requested", nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('requested', 'approved', 'pending', 'requires_action', 'succeeded', 'canceled', 'failed')",
            name="ck_refund_status",
        ),
        sa.CheckConstraint("amount > 0", name="ck_refund_amount"),
        sa.CheckConstraint(
            "requested_by IS NULL OR approved_by IS NULL OR requested_by <> approved_by", name="ck_refund_four_eyes"
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["staff.id"], name="fk_refund_approved_by"),
        sa.ForeignKeyConstraint(["attempt_id"], ["payment_attempt.id"], name="fk_refund_attempt_id"),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name="fk_refund_payment_id"),
        sa.ForeignKeyConstraint(["requested_by"], ["staff.id"], name="fk_refund_requested_by"),
        sa.PrimaryKeyConstraint("id", name="pk_refund"),
        sa.UniqueConstraint("provider_id", name="uq_refund_provider_id"),
        sa.UniqueConstraint("reference", name="uq_refund_reference"),
    )
    op.create_index("ix_refund_attempt_id", "refund", ["attempt_id"], unique=False)
    op.create_index("ix_refund_payment_id", "refund", ["payment_id"], unique=False)
    # The provider's book is only ever added to.
    op.execute(f'REVOKE UPDATE, DELETE ON ledger_entry FROM "{context.config.attributes["schema"]}"')


def downgrade() -> None:
    for table in ("refund", "payment_attempt", "payment", "provider_event", "payment_account", "ledger_entry"):
        op.drop_table(table)
