"""A cardholder contests a payment: everything of it stands still, the accountants are told, and the books follow how it ends."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from madoguchi_sandbox import disputes
from portal.core.database import city_session
from portal.core.errors import Conflict
from portal.ledger import balance_of_item, open_differences
from portal.notifications.encrypted_email import Email
from portal.notifications.models import MailMessage
from portal.payments import Payment, open_matters
from portal.payments.balance_import import import_balance_transactions
from portal.payments.disputes import sync_disputes
from portal.payments.jobs import sweep
from portal.payments.reconciliation import reconcile_books
from tests.integration.money.conftest import CITY, Hall
from tests.integration.money.test_reviews import decide
from tests.kit.city import hire
from tests.kit.payer import Payer


@pytest.fixture(scope="module", autouse=True)
def accountant(hall: Hall) -> Iterator[None]:
    """Who is told."""
    hire(CITY, "accounts.disputes@example.jp", {"environment": ("accountant",)})
    yield


def disputed(hall: Hall) -> tuple[Payer, Payment, str]:
    """A paid case whose payment is contested, as the portal knows it; and the provider's id of the dispute."""
    payer, payment = hall.paid()
    (attempt,) = payer.attempts(payment)
    store = payer.sandbox.store
    dispute = disputes.create(store, store.get(str(attempt.charge_id)))
    for _twice in range(2):
        sync_disputes(CITY, attempt.id)
    return payer, payer.read(payment), dispute["id"]


def end(payer: Payer, dispute_id: str, *, won: bool) -> None:
    store = payer.sandbox.store
    disputes.close(store, store.get(dispute_id), won=won)
    sweep(CITY)


def booked(dispute_id: str) -> int:
    """What the books hold as contested; the night's comparison finds nothing wrong with it."""
    import_balance_transactions(CITY)
    with city_session(CITY) as session:
        reconcile_books(session)
        assert [row for row in open_differences(session) if row.reference == dispute_id] == []
        return balance_of_item(session, "disputed", f"dispute:{dispute_id}")


def test_nothing_is_given_back_ended_or_decided_while_it_is_open(hall: Hall) -> None:
    payer, payment, dispute_id = disputed(hall)
    assert (payment.status, payment.review_reason) == ("needs_review", "dispute")
    hall.move(payer, "accept")
    for move in ("complete", "refuse"):
        with pytest.raises(Conflict, match="異議"):
            hall.move(payer, move, "確かめました。")
    page = hall.cashier.get(f"/desk/payments/{payment.id}").text
    assert "証拠を出す期限" in page
    assert decide(hall.cashier, payment, "accepted").status_code == 409
    assert len(hall.events(payer, "payment.disputed")) == 1
    with city_session(CITY) as session:
        assert open_matters(session).disputed >= 1
        query = select(MailMessage).where(MailMessage.kind == "dispute_opened", MailMessage.case_id == payer.case_id)
        (mail,) = [Email.decrypt(CITY, row.kind, row.sealed) for row in session.scalars(query)]
    assert mail.to == "accounts.disputes@example.jp"
    assert "決済会社の画面で出してください" in mail.body
    assert booked(dispute_id) == 3000


def test_what_is_won_counts_as_before(hall: Hall) -> None:
    payer, payment, dispute_id = disputed(hall)
    end(payer, dispute_id, won=True)
    after = payer.read(payment)
    assert (after.status, after.review_reason, after.net_received) == ("paid", None, 3000)
    assert booked(dispute_id) == 0
    hall.move(payer, "accept")
    hall.move(payer, "complete")


def test_what_is_lost_went_back_to_the_payer(hall: Hall) -> None:
    payer, payment, dispute_id = disputed(hall)
    end(payer, dispute_id, won=False)
    after = payer.read(payment)
    assert (after.status, after.review_reason, after.net_received) == ("refunded", None, 0)
    assert [(refund.amount, refund.grounds, refund.status) for refund in payer.refunds(payment)] == [
        (3000, "dispute", "succeeded")
    ]
    assert booked(dispute_id) == 0
    assert hall.letters(payer, "refund_done") == []
    assert len(hall.events(payer, "payment.dispute_lost")) == 1
