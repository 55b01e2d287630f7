"""Last days: reminded once before and once after, demanded once by a paper with a number and a new day, and silent once it is paid."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from common.open_days import open_day_from
from portal.cases.payment_reminders import remind_of_payments
from portal.core.clock import today
from portal.core.database import city_session, owner_engine
from portal.core.events import SYSTEM
from portal.documents import Document, documents_of_case
from portal.payments import LineItem, Payment, cancel_payment, cases_to_remind, open_payment, set_due_days
from tests.integration.money.conftest import CITY, Hall
from tests.kit.payer import Payer

# WeasyPrint leaves its own colour profile open until it is collected.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


def owed(hall: Hall, purpose: str = "approved", due_in: int = 30) -> tuple[Payer, Payment]:
    """A case with a payment whose last day is so many days away."""
    payer, _fee = hall.paid()
    with city_session(CITY) as session:
        line = LineItem("占用料", 5000)
        payment = open_payment(
            session, payer.case_id, [line], title="占用料", purpose=purpose, pay_by=today() + timedelta(days=due_in)
        )
    return payer, payment


def shift(payer: Payer, days: int) -> None:
    """Let the last days of a case come nearer."""
    with owner_engine().begin() as connection:
        update = text(f"UPDATE city_{CITY}.charge SET pay_by = pay_by - :days WHERE case_id = :case")
        connection.execute(update, {"days": days, "case": payer.case_id})


def remind(payer: Payer) -> int:
    """What the job of the day does for the case, if it finds it."""
    with city_session(CITY) as session:
        return remind_of_payments(session, payer.case_id) if payer.case_id in cases_to_remind(session) else 0


def documents(payer: Payer) -> list[Document]:
    with city_session(CITY) as session:
        return documents_of_case(session, payer.case_id)


def test_without_a_word_of_the_definition_the_city_gives_days_that_end_on_an_open_one(hall: Hall) -> None:
    with city_session(CITY) as session:
        set_due_days(session, SYSTEM, pay_within=20)
    payer = hall.apply()
    (payment,) = hall.payments(payer)
    with city_session(CITY) as session:
        set_due_days(session, SYSTEM, pay_within=14)
    assert payment.pay_by == open_day_from(today() + timedelta(days=20))


def test_a_reminder_goes_out_once_before_and_once_after_the_day(hall: Hall) -> None:
    payer, _payment = owed(hall)
    assert remind(payer) == 0
    shift(payer, 28)
    assert [remind(payer), remind(payer)] == [1, 0]
    shift(payer, 5)
    assert [remind(payer), remind(payer)] == [1, 0]
    (before,), (after,) = hall.letters(payer, "payment_reminder"), hall.letters(payer, "payment_overdue")
    assert "5,000円" in before
    assert "期限でした" in after
    assert len(hall.events(payer, "payment.reminded")) == len(hall.events(payer, "payment.overdue")) == 1


def test_what_is_paid_or_called_off_is_not_reminded(hall: Hall) -> None:
    payer, payment = owed(hall, due_in=2)
    hall.pay(payer, payment)
    assert remind(payer) == 0
    canceled, payment = owed(hall, due_in=2)
    with city_session(CITY) as session:
        cancel_payment(session, payment)
    assert remind(canceled) == 0


def test_two_workers_write_one_letter(hall: Hall) -> None:
    payer, _payment = owed(hall, due_in=-1)
    barrier = Barrier(2)

    def work() -> None:
        barrier.wait()
        with city_session(CITY) as session:
            remind_of_payments(session, payer.case_id)

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(hall.letters(payer, "payment_overdue")) == 1


def test_a_cashier_demands_once_and_the_resident_reads_it(hall: Hall) -> None:
    payer, payment = owed(hall, due_in=-1)
    page = hall.cashier.get("/desk/payments/overdue").text
    key = f"{payer.case_id}-{payment.id}"
    assert f'value="{key}"' in page
    look = hall.cashier.post("/desk/payments/overdue", {"payments": key})
    assert (look.status_code, "督促状を1件出す" in look.text, "取り消せません" in look.text) == (200, True, True)
    assert hall.events(payer, "payment.demanded") == []
    issued = hall.cashier.post("/desk/payments/overdue", {"payments": key, "act": "issue"})
    assert issued.status_code == 303
    after = hall.cashier.get(issued.location).text
    assert "督促状を1件出しました" in after
    assert f"督促状 {documents(payer)[0].number}(作成中)" in after
    again = hall.cashier.post("/desk/payments/overdue", {"payments": key, "act": "issue"})
    assert (again.status_code, "もう督促状を出しています" in again.text) == (409, True)
    (document,) = documents(payer)
    assert document.number.startswith("E-")
    demanded = payer.read(payment)
    assert demanded.pay_by is not None and demanded.pay_by >= today() + timedelta(days=10)
    (letter,) = hall.letters(payer, "payment_demand")
    assert "督促状" in letter
    payer.work()
    assert documents(payer)[0].made_at is not None
    paper = f"/desk/payments/{payment.id}/documents/{document.public_id}"
    assert f'href="{paper}"' in hall.cashier.get("/desk/payments/overdue").text
    assert hall.cashier.get(paper).content_type == "application/pdf"
    assert f'value="{key}"' not in hall.cashier.get("/desk/payments/overdue").text
    hall.pay(payer, payment)
    assert hall.case(payer).number not in hall.cashier.get("/desk/payments/overdue").text


def test_what_is_not_overdue_or_not_imposed_is_not_demanded(hall: Hall) -> None:
    payer, payment = owed(hall, due_in=5)
    key = f"{payer.case_id}-{payment.id}"
    early = hall.cashier.post("/desk/payments/overdue", {"payments": key, "act": "issue"})
    assert "もう督促されています" in hall.cashier.post("/desk/payments/overdue", {"payments": key}).text
    assert (early.status_code, "期限が過ぎていないか" in early.text) == (409, True)
    unpaid = hall.apply()
    (fee,) = hall.payments(unpaid)
    shift(unpaid, 60)
    refused = hall.cashier.post("/desk/payments/overdue", {"payments": f"{unpaid.case_id}-{fee.id}", "act": "issue"})
    assert (refused.status_code, "督促の対象ではありません" in refused.text) == (409, True)
    nothing = hall.cashier.post("/desk/payments/overdue", {})
    assert (nothing.status_code, "1つ以上選んでください" in nothing.text) == (422, True)
    assert hall.cashier.post("/desk/payments/overdue", {"payments": "x"}).status_code == 404
    assert hall.clerk.get("/desk/payments/overdue").status_code == 403
