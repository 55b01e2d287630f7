"""Refunds, from the desk to the resident's mail, with cases and payments wired as in production."""

import csv
import io
import re

import pytest
from sqlalchemy import text

from portal.cases.corrections import answer_correction
from portal.cases.messages import messages_of
from portal.cases.models import Case
from portal.cases.moves import apply_transition
from portal.core.clock import today
from portal.core.database import city_session, owner_engine
from portal.core.errors import Invalid
from portal.core.events import Actor
from portal.payments import (
    LineItem,
    Payment,
    approve_refund,
    notes_of_order,
    open_payment,
    payment_notes,
    reject_refund,
    request_refund,
)
from portal.payments.refunds import sync_refund
from portal.payments.sync import sync_payment
from portal.procedures.definitions import definition_of
from tests.integration.money.conftest import CITY, RESIDENT, Hall
from tests.kit.answers import DOG
from tests.kit.browser import Browser
from tests.kit.payer import Payer

WORDS = "佐藤さんの事情により 090-0000-1234"


def test_what_is_paid_moves_the_case_on_and_is_mailed_once(hall: Hall) -> None:
    payer = hall.apply()
    assert hall.case(payer).state == "awaiting_fee"
    (payment,) = hall.payments(payer)
    hall.pay(payer, payment)
    assert hall.case(payer).state == "received"
    (letter,) = hall.letters(payer, "payment_received")
    assert "3,000円" in letter


def test_a_refusal_gives_back_what_was_paid_and_says_so(hall: Hall) -> None:
    payer, payment = hall.paid()
    hall.move(payer, "accept")
    hall.move(payer, "refuse", "ほかの市区町村で登録されています。")
    (refused,) = hall.letters(payer, "decision_refused")
    assert "支払った3,000円は、お返しします。お手元に届くまで、支払い方法によって数日から数週間かかります。" in refused
    payer.work()
    assert (hall.case(payer).status, payer.status(payment)) == ("no", "refunded")
    (letter,) = hall.letters(payer, "refund_done")
    assert "3,000円を返金しました" in letter
    assert "すべてお返ししました" in letter
    assert "3,000円をお返ししました" in payer.page(payment)


def test_a_withdrawal_before_payment_calls_the_fee_off_and_after_it_gives_it_back(hall: Hall) -> None:
    unpaid, resident = hall.apply(), Actor("applicant", hall.account_id)
    payer, payment = hall.paid()
    for case_id in (unpaid.case_id, payer.case_id):
        with city_session(CITY) as session:
            apply_transition(session, case_id, "withdraw", resident, roles=("applicant",))
    unpaid.work()
    assert [payment.status for payment in hall.payments(unpaid)] == ["canceled"]
    assert payer.status(payment) == "refunded"


def test_who_takes_it_back_is_told_so_and_what_becomes_of_the_money(hall: Hall) -> None:
    unpaid, applicant = hall.apply(), Actor("applicant", hall.account_id)
    payer, payment = hall.paid()
    for case_id in (unpaid.case_id, payer.case_id):
        with city_session(CITY) as session:
            apply_transition(session, case_id, "withdraw", applicant, roles=("applicant",))
    assert "料金を支払う必要はありません。" in hall.letters(unpaid, "case_withdrawn")[0]
    (confirmed,) = hall.letters(payer, "case_withdrawn")
    assert "支払った3,000円は、お返しします。" in confirmed
    resident = Browser(hall.app, CITY).sign_in(RESIDENT)
    address = f"/me/cases/{hall.case(payer).public_id}"
    assert "支払った3,000円は、お返しします。" in resident.get(address).text
    pay = payer.page(payment)
    assert "<h1>返金の手続き中</h1>" in pay
    assert "支払いが終わりました" not in pay
    payer.work()
    assert "<p>3,000円をお返ししました。</p>" in resident.get(address).text


def test_a_refund_is_told_once_a_second_person_approved_it(hall: Hall) -> None:
    payer, payment = hall.paid()
    hall.move(payer, "accept")
    hall.move(payer, "complete")
    hall.move(payer, "refund", "二重に登録されていたため。", refund_parts={payment.charges[0].id: 3000})
    assert hall.letters(payer, "refund_started") == []
    (refund,) = payer.refunds(payment)
    assert refund.status == "requested"
    assert hall.second.post(f"/desk/refunds/{refund.id}", {"decision": "approve"}).status_code == 303
    (started,) = hall.letters(payer, "refund_started")
    assert "3,000円を返金する手続きを始めました" in started


def test_each_part_that_goes_back_is_a_letter_with_its_own_sum(hall: Hall) -> None:
    payer, payment = hall.paid()
    for amount in (1000, 500):
        with city_session(CITY) as session:
            request_refund(session, payment, amount, "")
        payer.work()
    first, second = hall.letters(payer, "refund_done")
    assert "1,000円を返金しました" in first
    assert "残り2,000円" in first
    assert "500円を返金しました" in second
    assert "残り1,500円" in second
    page = payer.page(payment)
    assert "3,000円の支払いが終わりました。" in page
    assert "お返しした金額</dt><dd>1,500円" in page
    assert "お返しのあとの金額</dt><dd><b>1,500円" in page
    drawer = hall.cashier.get(f"/desk/cases/{payer.case_id}").text
    assert "返金 1,500円・残り 1,500円" in drawer
    number = hall.case(payer).number
    table = hall.cashier.get(f"/desk/payments/table.csv?day={today()}").data.decode("utf-8-sig")
    sums = [int(row[5]) for row in csv.reader(io.StringIO(table, newline="")) if row[2] == number]
    assert sorted(sums) == [-1000, -500, 3000]


def test_the_drawer_offers_what_is_left_and_takes_no_more(hall: Hall) -> None:
    payer, payment = hall.paid()
    hall.move(payer, "accept")
    hall.move(payer, "complete")
    with city_session(CITY) as session:
        request_refund(session, payment, 1000, "")
    payer.work()
    drawer = hall.cashier.get(f"/desk/cases/{payer.case_id}").text
    assert f'href="/desk/cases/{payer.case_id}/refund' in drawer
    page = hall.cashier.get(f"/desk/cases/{payer.case_id}/refund").text
    assert "2,000円" in page
    (charge,) = payment.charges
    with pytest.raises(Invalid):
        hall.move(payer, "refund", "減額のため", refund_parts={charge.id: 2001})
    hall.move(payer, "refund", "減額のため", refund_parts={charge.id: 2000})


def test_two_payments_of_a_case_give_back_what_is_named(hall: Hall) -> None:
    payer, payment = hall.paid()
    with city_session(CITY) as session:
        extra = open_payment(session, payer.case_id, [LineItem("追加", 700)], title="追加", purpose="extra")
    hall.pay(payer, extra)
    hall.move(payer, "accept")
    hall.move(payer, "complete")
    parts = {extra.charges[0].id: 700, payment.charges[0].id: 300}
    hall.move(payer, "refund", "減額のため", refund_parts=parts)
    assert [refund.amount for part in (extra, payment) for refund in payer.refunds(part)] == [700, 300]


def test_a_refund_that_is_not_approved_leaves_who_and_why(hall: Hall) -> None:
    payer, payment = hall.paid()
    with city_session(CITY) as session:
        refund_id = request_refund(session, payment, 1000, WORDS, actor=hall.actor("cashier")).id
    drawer = hall.second.get(f"/desk/cases/{payer.case_id}").text
    assert WORDS in drawer
    answer = hall.second.post(f"/desk/refunds/{refund_id}", {"decision": "reject", "note": "理由が足りません。"})
    assert answer.status_code == 303
    (event,) = hall.events(payer, "refund.rejected")
    assert (event.subject_kind, event.subject_id) == ("refund", event.data["refund_id"])
    assert (event.actor_id, event.data["amount"]) == (hall.ids["second"], 1000)
    with city_session(CITY) as session:
        assert [(note.kind, note.body, note.staff_id) for note in notes_of_order(session, payment.id)] == [
            ("refund", WORDS, hall.ids["cashier"]),
            ("rejection", "理由が足りません。", hall.ids["second"]),
        ]
    payer.work()
    assert [refund.status for refund in payer.refunds(payment)] == ["canceled"]
    again = hall.second.post(f"/desk/refunds/{refund_id}", {"decision": "approve"})
    assert again.status_code == 409


def test_who_asked_for_a_refund_and_the_applicant_hear_that_it_was_not_approved(hall: Hall) -> None:
    payer, payment = hall.paid()
    with city_session(CITY) as session:
        refund_id = request_refund(session, payment, 1000, WORDS, actor=hall.actor("cashier")).id
    hall.second.post(f"/desk/refunds/{refund_id}", {"decision": "reject", "note": "金額が違います。"})
    number = hall.case(payer).number
    listed = hall.cashier.get("/desk/mentions").text
    assert re.search(rf"{number}.*?未読", listed, re.DOTALL)
    assert number not in hall.second.get("/desk/mentions").text
    hall.cashier.get(f"/desk/cases/{payer.case_id}?tab=messages")
    assert re.search(rf"{number}.*?既読", hall.cashier.get("/desk/mentions").text, re.DOTALL)
    with city_session(CITY) as session:
        *_before, told = messages_of(session, payer.case_id)
    assert (
        told.body
        == "市役所で確かめた結果、お返しするはずだったお金は、お返ししないことになりました。わからないことは、担当の課にお聞きください。"
    )


def test_who_withdraws_a_refund_is_not_told_of_it(hall: Hall) -> None:
    payer, payment = hall.paid()
    with city_session(CITY) as session:
        refund_id = request_refund(session, payment, 1000, WORDS, actor=hall.actor("cashier")).id
    hall.cashier.post(f"/desk/refunds/{refund_id}", {"decision": "reject", "note": ""})
    assert hall.case(payer).number not in hall.cashier.get("/desk/mentions").text


def test_no_reason_is_stored_in_clear_anywhere(hall: Hall) -> None:
    payer, payment = hall.paid()
    with city_session(CITY) as session:
        refund_id = request_refund(session, payment, 1000, WORDS, actor=hall.actor("cashier")).id
    with city_session(CITY) as session:
        reject_refund(session, refund_id, hall.actor("second"), WORDS)
    with city_session(CITY) as session:
        refund_id = request_refund(session, payment, 1000, WORDS, actor=hall.actor("cashier")).id
    with city_session(CITY) as session:
        approve_refund(session, refund_id, hall.actor("second"))
    payer.work()
    with owner_engine().begin() as connection:
        tables = connection.scalars(
            text("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = :schema"), {"schema": f"city_{CITY}"}
        ).all()
        for table in tables:
            rows = connection.execute(text(f"SELECT row_to_json(t)::text FROM city_{CITY}.{table} AS t")).scalars()
            assert not any("0000-1234" in row for row in rows), table
    made = [refund for refund in payer.sandbox.store.list_objects("refund") if refund["amount"] == 1000]
    assert {refund["reason"] for refund in made} == {"requested_by_customer"}
    assert "0000-1234" not in str(made)


def test_reasons_of_older_versions_are_sealed_in_batches(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    _payer, payment = hall.paid()
    with city_session(CITY) as session:
        ids = [request_refund(session, payment, 100, "", actor=hall.actor("cashier")).id for _ in range(5)]
    with owner_engine().begin() as connection:
        connection.execute(
            text(f"UPDATE city_{CITY}.refund SET reason = '理由 ' || id WHERE id = ANY(:ids)"), {"ids": ids}
        )
    monkeypatch.setattr(payment_notes, "BATCH", 2)
    assert payment_notes.seal_plain_reasons(CITY) == 5
    assert payment_notes.seal_plain_reasons(CITY) == 0
    with city_session(CITY) as session:
        sealed = {note.refund_id: (note.body, note.staff_id) for note in notes_of_order(session, payment.id)}
    assert sealed == {refund_id: (f"理由 {refund_id}", hall.ids["cashier"]) for refund_id in ids}
    with owner_engine().begin() as connection:
        remaining = connection.scalar(text(f"SELECT count(*) FROM city_{CITY}.refund WHERE reason IS NOT NULL"))
    assert remaining == 0


def test_the_person_who_decides_reads_how_a_correction_changes_the_fee(hall: Hall) -> None:
    payer, payment = hall.paid()
    hall.move(payer, "accept")
    before = hall.cashier.get(f"/desk/cases/{payer.case_id}").text
    assert "補正で料金が変わります" not in before
    hall.move(payer, "request_correction", "前の市の鑑札を確かめてください。")
    with city_session(CITY) as session:
        case = session.get_one(Case, payer.case_id)
        definition = definition_of(session, case.version_id)
        answer_correction(session, case, definition, DOG | {"origin": "moved"}, Actor("applicant", hall.account_id))
    page = hall.cashier.get(f"/desk/cases/{payer.case_id}").text
    assert "返金 3,000円・承認待ち" in page, "it is proposed to be given back"
    assert "3,000円から0円に変わりました" in hall.letters(payer, "fee_changed")[0]
    (refund,) = payer.refunds(payment)
    hall.cashier.post(f"/desk/refunds/{refund.id}", {"decision": "reject", "note": "訂正を確かめるため"})
    page = hall.cashier.get(f"/desk/cases/{payer.case_id}").text
    message = "補正で料金が変わります：支払い済み 3,000円 → 正しい額 0円(差額 -3,000円)"
    checks, dialogs = page.split('class="case-actions"')
    assert message in checks
    assert 'data-opens-dialog="move-complete"' in dialogs
    assert message in dialogs.split('id="move-complete"')[1].split("</dialog>")[0]
    assert message in dialogs.split('id="move-refuse"')[1].split("</dialog>")[0]


def paid_at_the_store(hall: Hall) -> tuple[Payer, Payment]:
    """A case that was finished, whose fee was paid at a convenience store."""
    payer = hall.apply()
    (payment,) = hall.payments(payer)
    page = payer.start(payment, "konbini")
    payer.take_voucher(page)
    payer.at_the_store("pay", page)
    sync_payment(CITY, payment.id, checkout_id=payer.session_at(page)["id"])
    hall.move(payer, "accept")
    hall.move(payer, "complete")
    return payer, payer.read(payment)


@pytest.mark.usefixtures("without_approval")
def test_what_was_paid_at_a_store_goes_back_once_an_account_is_named_and_everything_says_so(hall: Hall) -> None:
    payer, payment = paid_at_the_store(hall)
    done, resident = hall.letters(payer, "decision_approved"), Browser(hall.app, CITY).sign_in(RESIDENT)
    hall.move(payer, "refund", "二重に登録されていたため。", refund_parts={payment.charges[0].id: 3000})
    payer.work()
    assert hall.letters(payer, "decision_approved") == done, "nothing was decided again"
    assert hall.letters(payer, "message_from_office") == []
    (started,) = hall.letters(payer, "refund_started")
    assert "3,000円を返金する手続きを始めました" in started
    (letter,) = hall.letters(payer, "refund_account")
    assert "3,000円をお返しします" in letter
    assert "決済会社(Stripe)から、口座をおたずねするメールが届きます" in letter
    assert hall.letters(payer, "refund_done") == []
    for address in (f"/me/cases/{hall.case(payer).public_id}", "/me"):
        page = resident.get(address).text
        assert "3,000円をお返しするため、振込先の口座が必要です。" in page
    case_page = resident.get(f"/me/cases/{hall.case(payer).public_id}").text
    assert "していただくことは、もうありません" not in case_page
    assert "返金先の口座を、メールでおたずねしました" in case_page
    (refund,) = payer.refunds(payment)
    payer.sandbox.app.test_client().post(f"/operator/refunds/{refund.provider_id}/succeeded")
    sync_refund(CITY, refund.id)
    (letter,) = hall.letters(payer, "refund_done")
    assert "の料金3,000円を返金しました" in letter, "all of it, not a part of it"
    assert "振込先の口座が必要です" not in resident.get("/me").text
