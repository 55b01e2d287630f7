"""The table of where a charge stands for its payer, and why."""

from datetime import date, datetime
from typing import Any

import pytest

from portal.core.clock import TOKYO, frozen
from portal.core.text import using_language
from portal.payments.case_payments import Payment
from portal.payments.models import Charge, Order, PaymentAttempt
from portal.payments.queries import ChargeRefund
from portal.payments.standing import standing_of
from portal.residents.money_lines import standing_words

NOW = datetime(2026, 12, 1, 10, tzinfo=TOKYO)
SLIP = {"expires_at": "2026-12-04T23:59:59+09:00", "stores": {}, "url": "https://pay.example/slip"}

LATE: dict[str, Any] = {"pay_by": date(2026, 11, 30)}
DEMANDED = LATE | {"demanded_at": NOW, "demand_by": date(2026, 12, 11)}
FAILED = {"status": "failed", "failure": "insufficient_funds"}
LAPSED = {"status": "failed", "failure": "payment_intent_payment_attempt_expired"}
WAITS = {"status": "pending", "voucher": SLIP}
PAID = {"received": 3000}
BACK = {"received": 3000, "given_back": 3000}

TABLE: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], list[str], tuple[str, str], list[str]]] = [
    # status, of the charge, of its order, of the newest attempt, refunds; state and why; words
    ("owed", {}, {}, {}, [], ("owed", ""), ["未払い"]),
    ("owed", {"pay_by": date(2026, 12, 9)}, {}, {}, [], ("owed", ""), ["未払い", "2026年12月9日"]),
    ("owed", {}, {}, FAILED, [], ("owed", "declined"), ["未払い", "残高が足りませんでした"]),
    ("owed", {}, {}, LAPSED, [], ("owed", "declined"), ["未払い", "コンビニの支払い番号の期限が過ぎ"]),
    ("owed", LATE, {}, {}, [], ("owed", "overdue"), ["未払い", "期限が過ぎています"]),
    ("owed", LATE, {}, FAILED, [], ("owed", "overdue"), ["残高が足りませんでした", "期限が過ぎています"]),
    ("owed", DEMANDED, {}, {}, [], ("owed", "demanded"), ["2026年12月11日", "督促状を出しています"]),
    ("pending", {}, {}, WAITS, [], ("pending", "voucher"), ["支払い待ち(コンビニ)", "12月4日", "までに支払って"]),
    ("pending", {}, {}, {"status": "pending"}, [], ("pending", "on_its_way"), ["支払い待ち", "結果を待っています"]),
    ("pending", {}, {}, WAITS | {"link_id": 1}, [], ("pending", "by_link"), ["支払い待ち", "リンクを受け取った人"]),
    ("review", PAID, {}, {}, [], ("review", ""), ["市役所が確認しています", "もう一度支払わないで"]),
    ("paid", PAID, {}, {}, [], ("paid", ""), ["支払い済み", "クレジットカード"]),
    (
        "paid",
        PAID,
        {"by_link": True},
        {},
        [],
        ("paid", "by_link"),
        ["支払い済み", "リンクを受け取った人が支払いました"],
    ),
    ("paid", PAID, {"method": "cash"}, {}, [], ("paid", ""), ["窓口で支払い済み(12月1日"]),
    ("paid", PAID, {"method": "slip"}, {}, [], ("paid", ""), ["支払い済み", "納付書"]),
    ("paid", PAID, {}, {}, ["requested"], ("paid", ""), ["支払い済み"]),
    ("paid", PAID, {}, {}, ["approved"], ("paid", "returning"), ["1,000円をお返しする手続き"]),
    ("paid", PAID, {}, {}, ["requires_action"], ("paid", "account_needed"), ["振込先の口座を入力"]),
    ("paid", PAID, {}, {}, ["failed"], ("paid", "not_returned"), ["市役所からご連絡します"]),
    (
        "paid",
        PAID | {"given_back": 1000},
        {},
        {},
        ["succeeded"],
        ("paid", ""),
        ["支払い済み", "1,000円をお返ししました"],
    ),
    ("refunded", BACK, {}, {}, ["succeeded"], ("given_back", ""), ["返金しました", "3,000円をお返ししました"]),
    ("waived", {"waived": 3000}, {}, {}, [], ("waived", ""), ["免除されました"]),
    ("canceled", {"canceled_at": NOW}, {}, {}, [], ("called_off", ""), ["取り消されました"]),
]


@pytest.mark.parametrize(
    ("status", "of_charge", "of_order", "of_attempt", "refunds", "expected", "words"),
    TABLE,
    ids=[f"{row[0]} {'-'.join(row[5])} {number}" for number, row in enumerate(TABLE)],
)
def test_each_state_is_told_with_its_reason(
    status: str,
    of_charge: dict[str, Any],
    of_order: dict[str, Any],
    of_attempt: dict[str, Any],
    refunds: list[str],
    expected: tuple[str, str],
    words: list[str],
) -> None:
    charge = Charge(
        **{"id": 7, "case_id": 1, "amount": 3000, "status": status, "received": 0, "given_back": 0, "waived": 0}
        | of_charge
    )
    order = Order(**{"id": 5, "status": "paid", "method": "card", "by_link": False, "paid_at": NOW} | of_order)
    attempt = PaymentAttempt(**{"id": 3, "link_id": None} | of_attempt) if of_attempt else None
    given = [ChargeRefund(1, 7, 1000, refund, "", False, NOW, None) for refund in refunds]
    with frozen(NOW), using_language("ja"):
        standing = standing_of(charge, Payment(order, 1, (charge,)), attempt, given)
        word, notes = standing_words(standing)
    assert (standing.state, standing.why) == expected
    text = " ".join((word, *notes))
    assert [each for each in words if each not in text] == [], text


def test_a_failed_refund_that_somebody_took_on_is_not_told_twice() -> None:
    charge = Charge(id=7, case_id=1, amount=3000, status="paid", received=3000, given_back=0, waived=0)
    payment = Payment(Order(id=5, status="paid", method="card", by_link=False), 1, (charge,))
    failed = ChargeRefund(1, 7, 3000, "failed", "", False, NOW, NOW, NOW)
    again = ChargeRefund(2, 7, 3000, "approved", "", True, NOW, None)
    standing = standing_of(charge, payment, None, [failed, again])
    assert (standing.why, standing.returning) == ("returning", 3000)
