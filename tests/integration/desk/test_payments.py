"""The money of a day: to the yen, for the offices whose money it is, on the page and as a table."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from portal.cases.models import Case
from portal.core.clock import now
from portal.core.database import city_session, owner_engine
from portal.core.events import Event
from portal.identity.models import Staff
from portal.payments.models import Charge, Order, OrderLine, PaymentAttempt, Refund, RefundLine
from portal.payments.provider_models import ProviderTransaction
from tests.integration.desk.conftest import CITY, Office

LATE = datetime(2026, 3, 4, 14, 59, tzinfo=UTC)
"""23:59 on 4 March in Japan."""


def pay(case_id: int, number: int, at: datetime, amount: int, back: int = 0, *, in_book: bool = True) -> None:
    """A payment that was settled at that moment, and perhaps partly refunded an hour before."""
    with city_session(CITY) as session:
        order = Order(
            public_id=f"pay-{number}", title="x", amount=amount, received=amount, status="paid", method="card",
            created_at=at, paid_at=at,
        )  # fmt: skip
        charge = Charge(
            case_id=case_id, purpose=f"p{number}", number=1, rule_id="", about="x", title={"ja": "x"}, detail={},
            amount=amount, received=amount, status="paid", created_at=at,
        )  # fmt: skip
        session.add_all([order, charge])
        session.flush()
        session.add(OrderLine(order_id=order.id, charge_id=charge.id))
        attempt = PaymentAttempt(
            order_id=order.id, number=1, reference=f"r{number}", amount=amount, methods=["card"], request={},
            status="paid", charge_id=f"ch_{number}", settles=True, created_at=at, read_at=at,
        )  # fmt: skip
        session.add(attempt)
        session.flush()
        if back:
            refund = Refund(
                order_id=order.id, attempt_id=attempt.id, amount=back, reference=f"b{number}",
                provider_id=f"re_{number}", status="succeeded", created_at=at, finished_at=at - timedelta(hours=1),
            )  # fmt: skip
            session.add(refund)
            session.flush()
            session.add(RefundLine(refund_id=refund.id, charge_id=charge.id, amount=back))
        if in_book:
            book = {"created_at": at, "available_at": at}
            session.add(ProviderTransaction(entry_id=f"t{number}", type="charge", gross=amount, fee=100, net=amount - 100,
                                    source_id=f"ch_{number}", **book))  # fmt: skip
            if back:
                session.add(ProviderTransaction(entry_id=f"u{number}", type="refund", gross=-back, fee=0, net=-back,
                                        source_id=f"re_{number}", **book))  # fmt: skip


@pytest.fixture(autouse=True)
def money(office: Office) -> Iterator[None]:
    """Two payments on the day for the roads office, one of them after midnight for the day after; none when the test is over."""
    pay(office.permit, 1, LATE, 5950, 1000)
    pay(office.permit, 2, LATE + timedelta(minutes=1), 800)
    yield
    with owner_engine().begin() as connection:
        for table in (
            "provider_transaction",
            "refund_line",
            "refund",
            "payment_attempt",
            "order_line",
            "payment_order",
            "charge",
        ):
            connection.execute(text(f"DELETE FROM city_{CITY}.{table}"))


def test_a_day_ends_at_midnight_in_japan(office: Office) -> None:
    page = office.roads.get("/desk/payments?day=2026-03-04").text
    assert "5,950円(1件)" in page
    assert "1,000円(1件)" in page
    assert "4,850円" in page  # less the refund and the provider's 100 yen
    assert f'href="/desk/cases/{office.permit}">{office.permit_number}' in page
    assert "800円(1件)" in office.roads.get("/desk/payments?day=2026-03-05").text


def test_every_office_sees_its_own_money_and_a_clerk_none(office: Office) -> None:
    assert office.permit_number not in office.citizens.get("/desk/payments?day=2026-03-04").text
    assert office.clerk.get("/desk/payments?day=2026-03-04").status_code == 403
    assert office.clerk.get("/desk/payments/table.csv").status_code == 403
    assert 'href="/desk/payments"' in office.roads.get("/desk").text
    assert 'href="/desk/payments"' not in office.clerk.get("/desk").text


def test_the_table_opens_in_a_spreadsheet_and_runs_nothing(office: Office) -> None:
    with city_session(CITY) as session:
        before = session.get_one(Case, office.permit).title
        session.execute(update(Case).where(Case.id == office.permit).values(title="=HYPERLINK(1)"))
    answer = office.roads.get("/desk/payments/table.csv?day=2026-03-04")
    with city_session(CITY) as session:
        session.execute(update(Case).where(Case.id == office.permit).values(title=before))
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="payments-2026-03-04.csv"'
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    back, paid = rows[1:]
    assert rows[0][0] == "日時"
    assert back == [
        "2026-03-04 22:59",
        "返金",
        office.permit_number,
        "'=HYPERLINK(1)",
        "クレジットカード",
        "-1000",
        "0",
        "re_1",
    ]
    assert paid[5:] == ["5950", "100", "ch_1"]


def test_a_fee_is_open_until_the_provider_has_booked_it(office: Office) -> None:
    pay(office.permit, 3, now(), 300, in_book=False)  # tonight's book will have it
    assert "確定前" in office.roads.get("/desk/payments").text


@pytest.mark.parametrize("day", ["", "x", "2026-02-30", "0001-01-01", "9999-12-31", "2026-03-04T00:00"])
def test_an_invalid_day_is_answered_all_the_same(office: Office, day: str) -> None:
    assert office.roads.get(f"/desk/payments?day={day}").status_code == 200


def views(name: str) -> list[tuple[int | None, str, int]]:
    with city_session(CITY) as session:
        query = select(Event.history_id, Event.data, Event.actor_id).where(Event.name == name).order_by(Event.id)
        return [(row[0], row[1].get("filters", ""), row[2]) for row in session.execute(query)]


def test_who_looked_at_the_money_of_a_case_is_recorded(office: Office) -> None:
    with city_session(CITY) as session:
        payment = session.scalars(select(Order.id).where(Order.public_id == "pay-1")).one()
        second = session.scalars(select(Staff.id).where(Staff.email == "second@example.jp")).one()
    for _time in range(2):
        assert office.second.get(f"/desk/payments/{payment}").status_code == 200
    looks = [who for case_id, _filters, who in views("case.viewed") if (case_id, who) == (office.permit, second)]
    assert len(looks) == 1, "once for a sitting"


def test_who_looked_at_the_payments_of_a_day_or_those_under_review_is_recorded(office: Office) -> None:
    with city_session(CITY) as session:
        session.execute(update(Order).where(Order.public_id == "pay-2").values(status="needs_review"))
    before = len(views("list.viewed"))
    for path in ("/desk/payments?day=2026-03-04", "/desk/payments?day=2001-01-01", "/desk/payments/reviews"):
        assert office.second.get(path).status_code == 200
    assert [filters for _id, filters, _who in views("list.viewed")[before:]] == [
        "payments 2026-03-04",
        "payments review",
    ]
