"""A city's payments become orders of charges: each line, what arrived for it and what went back of it stay the same sums."""

from typing import Any

from sqlalchemy import text

from portal.core import migrate
from portal.core.database import owner_engine

DOG = (
    '[{"id": "registration", "title": {"ja": "登録", "en": "Registration"}, "amount": 3000, "detail": {"ja": "1件"}},'
    ' {"id": "tag", "title": {"ja": "注射済票"}, "amount": 550, "detail": ""}]'
)
PLAIN = '[{"title": "複写", "amount": 300, "detail": ""}]'
"""A line of before lines had ids and their words in several languages."""
REDUCED = '[{"title": "使用料", "amount": 1000, "detail": ""}, {"title": "減免", "amount": -400, "detail": ""}]'

PAYMENTS: list[dict[str, Any]] = [
    {"id": 1, "lines": DOG, "amount": 3550, "status": "open", "received": 0, "back": 0, "canceled": None},
    {"id": 2, "lines": DOG, "amount": 3550, "status": "paid", "received": 3550, "back": 800, "canceled": None},
    {"id": 3, "lines": PLAIN, "amount": 300, "status": "refunded", "received": 300, "back": 300, "canceled": None},
    {
        "id": 4,
        "lines": REDUCED,
        "amount": 600,
        "status": "canceled",
        "received": 0,
        "back": 0,
        "canceled": "2026-11-01",
    },
    {"id": 5, "lines": DOG, "amount": 3550, "status": "paid", "received": 2500, "back": 0, "canceled": None},
    {"id": 6, "lines": DOG, "amount": 3550, "status": "paid", "received": 4000, "back": 0, "canceled": None},
    {"id": 7, "lines": "[]", "amount": 500, "status": "pending", "received": 0, "back": 0, "canceled": None},
]
REFUNDS = [
    {"id": 1, "payment": 2, "amount": 800, "status": "succeeded"},
    {"id": 2, "payment": 2, "amount": 1000, "status": "failed"},
    {"id": 3, "payment": 3, "amount": 300, "status": "succeeded"},
]


def _fill(connection: Any) -> None:
    for column in ("version_id", "department_id"):  # a case without its procedure will do
        connection.exec_driver_sql(f"ALTER TABLE case_file DROP CONSTRAINT fk_case_file_{column}")
    for number in range(1, len(PAYMENTS) + 1):
        connection.exec_driver_sql(
            "INSERT INTO case_file (id, number, public_id, procedure_key, version_id, department_id, state, status, title,"
            " applicant_name, place_label, language, answers, facts, fee, search_bigrams, submitted_at, due_on, updated_at)"
            f" OVERRIDING SYSTEM VALUE VALUES ({number}, '{number}', 'c{number}', 'dog', 1, 1, 'paid', 'new', '犬の登録', '', '',"
            " 'ja', '{}', '{}', '{}', '{}', now(), current_date, now())"
        )
    for row in PAYMENTS:
        connection.execute(
            text(
                "INSERT INTO payment (id, public_id, case_id, purpose, title, amount, lines, status, received, given_back,"
                " created_at, canceled_at) OVERRIDING SYSTEM VALUE VALUES (:id, 'p' || :id, :id, 'submission', '犬の登録', :amount,"
                " CAST(:lines AS jsonb), :status, :received, :back, '2026-10-01', CAST(:canceled AS timestamptz))"
            ),
            row,
        )
        if row["received"]:
            connection.execute(
                text(
                    "INSERT INTO payment_attempt (id, payment_id, number, reference, amount, methods, request, status, settles,"
                    " created_at) OVERRIDING SYSTEM VALUE VALUES (:id, :id, 1, 'a' || :id, :amount, '[]', '{}', 'paid', true,"
                    " '2026-10-01')"
                ),
                row,
            )
    for row in REFUNDS:
        connection.execute(
            text(
                "INSERT INTO refund (id, payment_id, attempt_id, amount, reference, status, created_at) OVERRIDING SYSTEM VALUE"
                " VALUES (:id, :payment, :payment, :amount, 'r' || :id, :status, '2026-10-02')"
            ),
            row,
        )


def test_every_line_of_a_payment_is_a_charge_with_its_money(fresh_schema: str) -> None:
    migrate.upgrade("city", fresh_schema, "0044")
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = {fresh_schema}, public")
        _fill(connection)
    migrate.upgrade("city", fresh_schema, "0045")
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = {fresh_schema}, public")
        charges = connection.execute(
            text(
                "SELECT line.order_id, charge.number, charge.rule_id, charge.title, charge.amount, charge.received,"
                " charge.given_back, charge.status FROM charge JOIN order_line AS line ON line.charge_id = charge.id AND line.living"
                " ORDER BY line.order_id, charge.number"
            )
        ).all()
        registration, tag = {"ja": "登録", "en": "Registration"}, {"ja": "注射済票"}
        assert [tuple(row) for row in charges] == [
            (1, 1, "registration", registration, 3000, 0, 0, "owed"),
            (1, 2, "tag", tag, 550, 0, 0, "owed"),
            (2, 1, "registration", registration, 3000, 3000, 250, "paid"),
            (2, 2, "tag", tag, 550, 550, 550, "refunded"),
            (3, 1, "", {"ja": "複写"}, 300, 300, 300, "refunded"),
            (4, 1, "", {"ja": "犬の登録"}, 600, 0, 0, "canceled"),
            (5, 1, "registration", registration, 3000, 2500, 0, "paid"),
            (5, 2, "tag", tag, 550, 0, 0, "paid"),
            (6, 1, "registration", registration, 3000, 3000, 0, "paid"),
            (6, 2, "tag", tag, 550, 1000, 0, "paid"),
            (7, 1, "", {"ja": "犬の登録"}, 500, 0, 0, "pending"),
        ]
        sums = connection.execute(
            text(
                "SELECT payment.id FROM payment_order AS payment JOIN order_line AS line ON line.order_id = payment.id"
                " JOIN charge ON charge.id = line.charge_id GROUP BY payment.id HAVING sum(charge.amount) <> payment.amount"
                " OR sum(charge.received) <> payment.received OR sum(charge.given_back) <> payment.given_back"
            )
        ).all()
        assert sums == []
        assert connection.scalar(text("SELECT sum(amount) FROM refund_line")) == sum(row["amount"] for row in REFUNDS)
