"""Papers about payments: asked for on the case's page and at the desk, made by the worker, the same one only once, kept sealed."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from portal.cases import possible_papers
from portal.cases.payment_papers import ALL
from portal.cases.retention import _delete_content
from portal.cli import main
from portal.core.clock import today
from portal.core.database import city_session, owner_engine
from portal.core.text import date_ja
from portal.documents.models import Document
from portal.payments import LineItem, open_payment
from portal.payments.models import PaymentAccount
from portal.payments.sync import sync_payment
from tests.integration.money.conftest import CITY, RESIDENT, Hall
from tests.kit.browser import Browser
from tests.kit.jobs import waiting
from tests.kit.payer import Payer

# WeasyPrint leaves its own colour profile open until it is collected.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


@pytest.fixture
def resident(hall: Hall) -> Browser:
    return Browser(hall.app, CITY).sign_in(RESIDENT)


def page_of(hall: Hall, payer: Payer) -> str:
    return f"/me/cases/{hall.case(payer).public_id}"


def documents(payer: Payer) -> list[Document]:
    with city_session(CITY) as session:
        return list(session.query(Document).filter_by(case_id=payer.case_id).order_by(Document.id))


def title(content: bytes) -> str:
    with pikepdf.open(BytesIO(content)) as pdf:
        return str(pdf.docinfo["/Title"])


def test_a_resident_has_a_confirmation_made_and_fetches_it(hall: Hall, resident: Browser) -> None:
    payer, payment = hall.paid()
    payer.work()
    page = page_of(hall, payer)
    assert "納付確認書を作る" in resident.get(page).text
    assert "領収書を作る" not in resident.get(page).text
    ask = f"{page}/payments/{payment.public_id}/documents/payment_confirmation"
    assert resident.post(ask, {}).location == f"{page}#documents"
    assert "作成中" in resident.get(page).text
    assert waiting(CITY) == ["documents.make"]
    (document,) = documents(payer)
    assert resident.get(f"{page}/documents/{document.public_id}").status_code == 404
    payer.work()
    answer = resident.get(f"{page}/documents/{document.public_id}")
    assert answer.mimetype == "application/pdf"
    assert title(answer.data) == f"納付確認書 {document.number}"
    assert document.number.startswith("B-")
    (made,) = documents(payer)
    assert made.content_hash == hashlib.sha256(answer.data).digest()
    assert "書類ができました" in resident.get(page).text


def test_the_same_paper_is_the_same_document_and_another_language_is_another(hall: Hall, resident: Browser) -> None:
    payer, payment = hall.paid()
    page = page_of(hall, payer)
    ask = f"{page}/payments/{payment.public_id}/documents/payment_details"
    for _ in range(2):
        resident.post(ask, {})
    payer.work()
    (first,) = documents(payer)
    kept = resident.get(f"{page}/documents/{first.public_id}").data
    resident.post(ask, {})
    payer.work()
    assert resident.get(f"{page}/documents/{first.public_id}").data == kept
    resident.get(f"{page}?lang=en")
    resident.post(ask, {})
    payer.work()
    assert [document.language for document in documents(payer)] == ["ja", "en"]
    english = resident.get(f"{page}/documents/{documents(payer)[1].public_id}").data
    assert title(english).startswith("Record of payment A-")
    first_number, second_number = (int(document.number[-6:]) for document in documents(payer))
    assert second_number == first_number + 1


def test_one_confirmation_is_of_every_payment_of_the_case_in_the_residents_language(
    hall: Hall, resident: Browser
) -> None:
    payer, first = hall.paid()
    page = page_of(hall, payer)
    ask = f"{page}/payments/{ALL}/documents/payment_confirmation"
    with city_session(CITY) as session:
        lines = [LineItem("鑑札の再交付", 1_600)]
        second = open_payment(session, payer.case_id, lines, title="鑑札の再交付", purpose="tag")
    assert "この申請のすべての支払い" not in resident.get(page).text
    hall.pay(payer, payer.read(second))
    assert "この申請のすべての支払い" in resident.get(page).text
    resident.get(f"{page}?lang=en")
    assert resident.post(ask, {}).status_code == 303
    payer.work()
    (made,) = documents(payer)
    assert made.paper["language"] == "en"
    assert sorted(line["amount"] for line in made.paper["lines"]) == [1_600, first.amount]
    content = resident.get(f"{page}/documents/{made.public_id}").data
    assert title(content).startswith("Confirmation")
    resident.get(f"{page}?lang=ja")


def test_a_slip_is_for_what_is_open_and_carries_its_number(hall: Hall, resident: Browser) -> None:
    payer = hall.apply()
    (payment,) = hall.payments(payer)
    page = page_of(hall, payer)
    assert "納付確認書を作る" not in resident.get(page).text
    assert resident.post(f"{page}/payments/{payment.public_id}/documents/receipt", {}).status_code == 409
    resident.post(f"{page}/payments/{payment.public_id}/documents/payment_slip", {})
    (slip,) = documents(payer)
    assert slip.paper["address"] == f"http://hino.localhost:8000/pay/{payment.public_id}"
    assert int(slip.paper["reference"].replace(" ", "")) // 100 == payment.id
    payer.work()
    address = f"{page}/documents/{slip.public_id}"
    assert resident.get(address).status_code == 200
    hall.pay(payer, payment)
    assert "payment_slip" not in [paper.kind for paper in _papers(hall, payer)]
    for listed in (page, "/me/documents"):
        assert slip.number in resident.get(listed).text
        assert address not in resident.get(listed).text, "with a slip that stays it would be paid twice"
    assert resident.get(address).status_code == 409
    at_desk = hall.cashier.get(f"/desk/payments/{payment.id}").text
    assert "使えません" in at_desk.partition(slip.number)[2][:200]


def test_a_card_names_sum_and_last_day_and_no_slip_is_offered_beside_another_open_way(
    hall: Hall, resident: Browser
) -> None:
    payer = hall.apply()
    with city_session(CITY) as session:
        last = today() + timedelta(days=40)
        extra = open_payment(
            session, payer.case_id, [LineItem("追加", 700)], title="追加", purpose="extra", pay_by=last
        )
    first = next(payment for payment in hall.payments(payer) if payment.id != extra.id)
    hall.pay(payer, first)
    page, last_day = page_of(hall, payer), date_ja(last)
    card = resident.get("/me").text.partition(hall.case(payer).number)[2].partition("</article>")[0]
    assert "700円" in card
    assert last_day in card
    assert ("payment_slip", extra.public_id) in _slips(hall, payer)
    number = payer.start(extra, "konbini")
    payer.take_voucher(number)
    sync_payment(CITY, extra.id)
    assert _slips(hall, payer) == []
    assert "支払い待ち" in resident.get(page).text
    response = resident.post(f"{page}/payments/{extra.public_id}/documents/payment_slip", {})
    assert response.status_code == 409
    assert payer.at_the_store("expire", number) == 303
    sync_payment(CITY, extra.id)
    assert ("payment_slip", extra.public_id) in _slips(hall, payer)
    at_payment = resident.get(f"/pay/{extra.public_id}").text
    for words in ("その番号では支払えなくなりました", "コンビニを選ぶと、新しい番号が出ます", "700円", last_day):
        assert words in at_payment
    assert "700円" in resident.get(page).text


@pytest.fixture
def with_transfers() -> Iterator[None]:
    """The city takes transfers, too."""
    with city_session(CITY) as session:
        account = session.scalars(select(PaymentAccount).where(PaymentAccount.active)).one()
        before, account.methods = account.methods, [*account.methods, "bank_transfer"]
    yield
    with city_session(CITY) as session:
        session.scalars(select(PaymentAccount).where(PaymentAccount.active)).one().methods = before


@pytest.mark.usefixtures("with_transfers")
def test_no_slip_is_offered_while_a_transfer_is_awaited(hall: Hall, resident: Browser) -> None:
    payer = hall.apply()
    (payment,) = hall.payments(payer)
    payer.choose_transfer(payment)
    assert _slips(hall, payer) == []
    address = f"{page_of(hall, payer)}/payments/{payment.public_id}/documents/payment_slip"
    assert resident.post(address, {}).status_code == 409


def _slips(hall: Hall, payer: Payer) -> list[tuple[str, str]]:
    return [(paper.kind, paper.payment) for paper in _papers(hall, payer) if paper.kind == "payment_slip"]


def test_receipts_are_made_where_the_city_switched_them_on(hall: Hall, resident: Browser) -> None:
    payer, payment = hall.paid()
    ask = f"{page_of(hall, payer)}/payments/{payment.public_id}/documents/receipt"
    assert resident.post(ask, {}).status_code == 409
    assert CliRunner().invoke(main, ["city", "receipts", CITY, "--issue"]).exit_code == 0
    try:
        resident.post(ask, {})
        payer.work()
        assert documents(payer)[0].number.startswith("D-")
    finally:
        assert CliRunner().invoke(main, ["city", "receipts", CITY, "--no-issue"]).exit_code == 0
    assert "領収書を作る" not in resident.get(page_of(hall, payer)).text


def test_staff_fetch_it_too_and_others_do_not(hall: Hall, resident: Browser) -> None:
    payer, payment = hall.paid()
    desk = f"/desk/payments/{payment.id}"
    assert "お支払い内容の控えを作る" in hall.cashier.get(desk).text
    hall.cashier.post(f"{desk}/documents/payment_details", {})
    payer.work()
    (made,) = documents(payer)
    assert hall.cashier.get(f"{desk}/documents/{made.public_id}").data.startswith(b"%PDF-")
    assert [event.actor_kind for event in hall.events(payer, "document.downloaded")] == ["staff"]
    assert hall.clerk.get(f"{desk}/documents/{made.public_id}").status_code == 403
    stranger = Browser(hall.app, CITY)
    page = page_of(hall, payer)
    assert stranger.get(f"{page}/documents/{made.public_id}").status_code in (303, 404)
    other, _payment = hall.paid()
    elsewhere = resident.get(f"{page_of(hall, other)}/documents/{made.public_id}")
    assert elsewhere.status_code == 404


def test_what_it_says_is_sealed_and_goes_with_its_case(hall: Hall, resident: Browser) -> None:
    payer, payment = hall.paid()
    resident.post(f"{page_of(hall, payer)}/payments/{payment.public_id}/documents/payment_details", {})
    payer.work()
    (made,) = documents(payer)
    assert made.paper["payer"]
    with owner_engine().begin() as connection:
        query = text(f"SELECT paper::text FROM city_{CITY}.document WHERE id = {made.id}")
        assert made.paper["payer"] not in connection.scalar(query)
        sealed = connection.scalar(
            text(f"SELECT sealed FROM city_{CITY}.document_content WHERE document_id = {made.id}")
        )
        assert b"%PDF" not in bytes(sealed)
    with city_session(CITY) as session:
        _delete_content(session, [payer.case_id])
    (erased,) = documents(payer)
    assert (erased.paper, erased.number, erased.content_hash) == ({}, made.number, made.content_hash)
    assert resident.get(f"{page_of(hall, payer)}/documents/{made.public_id}").status_code == 404


def _papers(hall: Hall, payer: Payer) -> list:
    with city_session(CITY) as session:
        return possible_papers(session, session.merge(hall.case(payer)))
