"""Each line of a payment becomes a charge of its case; payments become orders, which charges of several cases can share."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_STATUSES = "'owed', 'pending', 'review', 'paid', 'refunded', 'canceled'"

_CHARGES_OF_PAYMENTS = """
INSERT INTO charge (case_id, purpose, number, rule_id, about, title, detail, amount, status, received, given_back,
    created_at, canceled_at, former_payment)
SELECT payment.case_id, payment.purpose, line.number, line.rule_id, payment.title, line.title, line.detail, line.amount,
    'owed', 0, 0, payment.created_at, payment.canceled_at, payment.id
FROM payment_order AS payment
CROSS JOIN LATERAL (
    SELECT value, ordinality FROM jsonb_array_elements(payment.lines) WITH ORDINALITY WHERE {sound}
    UNION ALL
    SELECT jsonb_build_object('title', payment.title, 'amount', payment.amount), 1 WHERE NOT {sound}
) AS stored
CROSS JOIN LATERAL (
    SELECT stored.ordinality AS number, coalesce(stored.value->>'id', '') AS rule_id,
        (stored.value->>'amount')::bigint AS amount, {title} AS title, {detail} AS detail
) AS line
WHERE line.amount <> 0
ORDER BY payment.id, line.number
"""
"""Lines that do not make up the amount, or fall below zero, become one charge of the whole."""

_SOUND = """coalesce((
    SELECT sum((one->>'amount')::bigint) = payment.amount AND min((one->>'amount')::bigint) >= 0
    FROM jsonb_array_elements(payment.lines) AS one
), false)"""


def _by_language(key: str) -> str:
    """A text of a line: older ones are not by language, but plain."""
    text = f"stored.value->'{key}'"
    return (
        f"CASE WHEN jsonb_typeof({text}) = 'object' THEN {text}"
        f" WHEN coalesce({text} #>> '{{}}', '') = '' THEN '{{}}'::jsonb"
        f" ELSE jsonb_build_object('ja', {text} #>> '{{}}') END"
    )


_RECEIVED = """
UPDATE charge SET received = share.received FROM (
    SELECT line.id,
        greatest(0, least(line.amount, payment.received - coalesce(sum(line.amount) OVER earlier, 0)))
        + CASE WHEN row_number() OVER later = 1 THEN greatest(0, payment.received - payment.amount) ELSE 0 END AS received
    FROM charge AS line JOIN payment_order AS payment ON payment.id = line.former_payment
    WHERE payment.received > 0
    WINDOW earlier AS (PARTITION BY payment.id ORDER BY line.number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        later AS (PARTITION BY payment.id ORDER BY line.number DESC)
) AS share WHERE share.id = charge.id
"""

_REFUNDS = """
SELECT refund.id, refund.amount, refund.status, charge.id AS charge_id, charge.received
FROM refund JOIN payment_attempt AS attempt ON attempt.id = refund.attempt_id AND attempt.settles
JOIN charge ON charge.former_payment = attempt.order_id
ORDER BY refund.id, charge.number DESC
"""

_STATUS = """
UPDATE charge SET
    given_back = coalesce((
        SELECT sum(line.amount) FROM refund_line AS line JOIN refund ON refund.id = line.refund_id
        WHERE line.charge_id = charge.id AND refund.status = 'succeeded'
    ), 0),
    status = CASE
        WHEN payment.status IN ('paid', 'refunded') THEN 'paid'
        WHEN payment.status = 'canceled' OR payment.canceled_at IS NOT NULL THEN 'canceled'
        WHEN payment.status = 'pending' THEN 'pending'
        WHEN payment.status = 'needs_review' THEN 'review'
        ELSE 'owed' END
FROM payment_order AS payment WHERE payment.id = charge.former_payment
"""


def upgrade() -> None:
    _rename_payments()
    _create_tables()
    op.execute(_CHARGES_OF_PAYMENTS.format(sound=_SOUND, title=_by_language("title"), detail=_by_language("detail")))
    op.execute(
        "INSERT INTO order_line (order_id, charge_id, living) SELECT former_payment, id, true FROM charge ORDER BY id"
    )
    op.execute(_RECEIVED)
    _name_charges_of_refunds()
    op.execute(_STATUS)
    op.execute(
        "UPDATE charge SET status = 'refunded' WHERE status = 'paid' AND received > 0 AND given_back >= received"
    )
    op.create_index(
        "uq_charge_line",
        "charge",
        ["case_id", "purpose", "number"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('canceled', 'refunded')"),
    )
    op.create_check_constraint(op.f("ck_charge_received"), "charge", "0 <= given_back AND given_back <= received")
    op.drop_column("charge", "former_payment")
    for column in ("case_id", "purpose", "lines"):
        op.drop_column("payment_order", column)


def _rename_payments() -> None:
    op.rename_table("payment", "payment_order")
    op.execute("DROP INDEX uq_payment_one_per_fee")
    for name in ("ix_payment_paid_at", "ix_payment_needs_review"):
        op.execute(f"ALTER INDEX {name} RENAME TO {name.replace('payment', 'payment_order', 1)}")
    for name in ("pk_payment", "uq_payment_public_id", "ck_payment_currency", "ck_payment_status", "ck_payment_amount"):
        new = name.replace("payment", "payment_order", 1)
        op.execute(f"ALTER TABLE payment_order RENAME CONSTRAINT {name} TO {new}")
    op.execute("ALTER SEQUENCE payment_id_seq RENAME TO payment_order_id_seq")
    for table in ("payment_attempt", "refund", "payment_note"):
        op.alter_column(table, "payment_id", new_column_name="order_id")
    op.execute(
        "ALTER TABLE payment_attempt RENAME CONSTRAINT fk_payment_attempt_payment_id TO fk_payment_attempt_order_id"
    )
    op.execute(
        "ALTER TABLE payment_attempt RENAME CONSTRAINT uq_payment_attempt_payment_id_number"
        " TO uq_payment_attempt_order_id_number"
    )
    op.execute("ALTER TABLE refund RENAME CONSTRAINT fk_refund_payment_id TO fk_refund_order_id")
    op.execute(
        "ALTER TABLE payment_note RENAME CONSTRAINT fk_payment_note_payment_id_payment TO fk_payment_note_order_id"
    )
    op.execute("ALTER INDEX ix_refund_payment_id RENAME TO ix_refund_order_id")
    op.execute("ALTER INDEX ix_payment_note_payment_id RENAME TO ix_payment_note_order_id")


def _create_tables() -> None:
    op.create_table(
        "charge",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("title", JSONB(), nullable=False),
        sa.Column("detail", JSONB(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False, server_default="owed"),
        sa.Column("received", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("given_back", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("canceled_at", _MOMENT),
        sa.Column("former_payment", sa.BigInteger()),
        sa.CheckConstraint("amount > 0", name=op.f("ck_charge_amount")),
        sa.CheckConstraint(f"status IN ({_STATUSES})", name=op.f("ck_charge_status")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name="fk_charge_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_charge"),
    )
    op.create_index("ix_charge_case_id", "charge", ["case_id"])
    op.create_table(
        "order_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("charge_id", sa.BigInteger(), nullable=False),
        sa.Column("living", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        sa.ForeignKeyConstraint(["order_id"], ["payment_order.id"], name="fk_order_line_order_id"),
        sa.ForeignKeyConstraint(["charge_id"], ["charge.id"], name="fk_order_line_charge_id"),
        sa.PrimaryKeyConstraint("id", name="pk_order_line"),
        sa.UniqueConstraint("order_id", "charge_id", name="uq_order_line_order_id_charge_id"),
    )
    op.create_index("ix_order_line_charge_id", "order_line", ["charge_id"])
    op.create_index(
        "uq_order_line_living", "order_line", ["charge_id"], unique=True, postgresql_where=sa.text("living")
    )
    op.create_table(
        "refund_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("refund_id", sa.BigInteger(), nullable=False),
        sa.Column("charge_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refund_line_amount")),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name="fk_refund_line_refund_id"),
        sa.ForeignKeyConstraint(["charge_id"], ["charge.id"], name="fk_refund_line_charge_id"),
        sa.PrimaryKeyConstraint("id", name="pk_refund_line"),
        sa.UniqueConstraint("refund_id", "charge_id", name="uq_refund_line_refund_id_charge_id"),
    )
    op.create_index("ix_refund_line_charge_id", "refund_line", ["charge_id"])


def _name_charges_of_refunds() -> None:
    """Give each refund of money that counts its lines, the last charges first; refunds that did not happen leave the money there."""
    connection = op.get_bind()
    left: dict[int, int] = {}
    missing: dict[int, int] = {}
    for refund_id, amount, status, charge_id, received in connection.execute(sa.text(_REFUNDS)).all():
        there = left.setdefault(charge_id, received)
        part = min(missing.setdefault(refund_id, amount), there)
        if part <= 0:
            continue
        missing[refund_id] -= part
        if status not in {"canceled", "failed"}:
            left[charge_id] -= part
        connection.execute(
            sa.text("INSERT INTO refund_line (refund_id, charge_id, amount) VALUES (:refund, :charge, :amount)"),
            {"refund": refund_id, "charge": charge_id, "amount": part},
        )
