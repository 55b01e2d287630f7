"""A till at a counter: from the float to the bank, by two people, beside a resident who pays the same fee online at that moment."""

import threading
from typing import Any

import pytest

from portal import tills
from portal.core.clock import today
from portal.core.database import city_session
from portal.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from portal.payments import (
    LineItem,
    approve_refund,
    open_payment,
    refunds_for_counter,
    request_refund,
)
from portal.payments.sync import sync_payment
from tests.integration.payments.counter import FLOAT, Counter


def test_a_day_from_the_float_to_the_bank(counter: Counter) -> None:
    payment = counter.payer.open()
    entry = counter.take(payment)
    assert (entry.amount, entry.tendered) == (3_550, 4_000)
    assert counter.payer.status(payment) == "paid"
    assert counter.payer.changes == ["paid"]
    assert counter.balance("cash") == 3_550
    assert counter.balance("receivable") == 0
    with pytest.raises(Invalid) as refused:
        counter.count(p10000=5, p1000=3, p100=4, p50=1)
    assert "reason" in refused.value.fields
    shift = counter.count("釣り銭の渡し間違い", p10000=5, p1000=3, p100=4, p50=1)
    assert (shift.status, shift.expected, shift.counted, shift.difference) == ("closed", 53_550, 53_450, -100)
    assert counter.balance("cash_difference") == 100
    assert counter.balance("cash") == 3_450
    banking = counter.run(tills.bank_shifts, [shift.id], today(), "A-12", counter.first, {counter.department})
    assert banking.amount == 3_450
    assert (counter.balance("cash"), counter.balance("bank")) == (0, 3_450)
    with pytest.raises(Conflict):
        counter.run(tills.bank_shifts, [shift.id], today(), "", counter.first, {counter.department})
    assert counter.events() == ["till.added", "till.added", "till.opened", "till.opened", "till.closed", "till.banked"]
    report = counter.run(tills.shifts_between, today(), today(), {counter.department})[0]
    assert (report.by_method["cash"].paid, report.by_method["cash"].paid_count) == (3_550, 1)


def test_a_large_difference_waits_for_a_second_person(counter: Counter) -> None:
    shift = counter.count("不明。調査する", p10000=4)
    assert shift.status == "counted"
    with pytest.raises(Conflict):
        counter.take(counter.payer.open())
    with pytest.raises(Forbidden):
        counter.run(tills.confirm_difference, counter.tills[0], counter.first)
    assert counter.run(tills.count_till_again, counter.tills[0], counter.second).status == "open"
    counter.count("不明。調査する", p10000=4)
    assert counter.run(tills.confirm_difference, counter.tills[0], counter.second).status == "closed"
    assert counter.balance("cash") == -10_000
    with pytest.raises(Conflict):
        counter.run(tills.confirm_difference, counter.tills[0], counter.second)


def test_a_second_press_takes_nothing_and_too_little_is_refused(counter: Counter) -> None:
    payment = counter.payer.open()
    with pytest.raises(Invalid) as refused:
        counter.take(payment, tendered=3_000)
    assert "tendered" in refused.value.fields
    entry = counter.take(payment)
    again = counter.run(
        tills.take_payment, counter.tills[0], payment.id, 3_550, tills.Handed("cash", 4_000), token="t1", actor=counter.first
    )  # fmt: skip
    assert again.id == entry.id
    with pytest.raises(Conflict):
        counter.take(payment, press="t2")
    assert counter.balance("cash") == 3_550


def test_of_two_counters_one_takes_the_fee(counter: Counter) -> None:
    payment = counter.payer.open()
    gate, ended = threading.Barrier(2), []

    def take(number: int) -> None:
        gate.wait()
        try:
            counter.take(payment, press=f"t{number}", till=counter.tills[number])
            ended.append("taken")
        except Conflict:
            ended.append("refused")

    threads = [threading.Thread(target=take, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["refused", "taken"]
    assert counter.balance("cash") == 3_550


def test_a_page_that_is_open_at_the_provider_closes(counter: Counter) -> None:
    payment = counter.payer.open()
    url = counter.payer.start(payment, "card")
    counter.take(payment)
    assert counter.payer.session_at(url)["status"] == "expired"
    assert counter.payer.pay(url) != 303
    assert "窓口で支払い済みです(3,550円)" in counter.payer.page(payment)


def test_what_was_paid_online_in_this_moment_is_not_taken_again(counter: Counter) -> None:
    payment = counter.payer.open()
    counter.payer.pay(counter.payer.start(payment, "card"))  # no event has reached us
    with pytest.raises(Conflict):
        counter.take(payment)
    assert counter.payer.status(payment) == "paid"
    assert counter.payer.read(payment).method == "card"
    assert counter.balance("cash") == 0


def test_a_card_and_a_counter_at_the_same_moment_settle_once(counter: Counter) -> None:
    """The card is paid after the counter looked: whichever comes second goes back, and no yen is lost."""
    payment = counter.payer.open()
    url = counter.payer.start(payment, "card")
    gate = threading.Barrier(2)

    def online() -> None:
        gate.wait()
        counter.payer.pay(url)

    thread = threading.Thread(target=online)
    thread.start()
    gate.wait()
    try:
        counter.take(payment)
        cash = 3_550
    except Conflict:
        cash = 0
    thread.join()
    sync_payment(counter.payer.key, payment.id)
    counter.payer.deliver()
    held = [attempt for attempt in counter.payer.attempts(payment) if attempt.status == "paid"]
    returned = counter.payer.refunds(payment)
    assert counter.payer.status(payment) == "paid"
    assert sum(attempt.settles for attempt in held) == 1
    assert len(returned) == len(held) - 1
    assert counter.balance("cash") == cash
    assert counter.balance("receivable") == 0


def test_money_is_taken_while_the_provider_is_away_and_a_card_paid_meanwhile_goes_back(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = counter.payer.open()
    url = counter.payer.start(payment, "card")
    with monkeypatch.context() as away:
        away.setattr("portal.payments.checkout.expire", _unavailable)
        counter.take(payment)
        counter.payer.pay(url)
    counter.payer.work()
    (refund,) = counter.payer.refunds(payment)
    assert (refund.duplicate, refund.status) == (True, "succeeded")
    assert counter.payer.read(payment).method == "cash"
    assert (counter.balance("cash"), counter.balance("in_transit")) == (3_550, 0)


def _unavailable(*_arguments: object) -> None:
    from portal.payments import ProviderUnavailable

    raise ProviderUnavailable


def test_a_mistaken_entry_is_taken_back_and_the_fee_owed_again(counter: Counter) -> None:
    payment = counter.payer.open()
    entry = counter.take(payment)
    with pytest.raises(Invalid):
        counter.run(tills.reverse_entry, counter.tills[0], entry.id, " ", counter.first)
    with pytest.raises(Conflict):
        counter.run(tills.reverse_entry, counter.tills[1], entry.id, "別の人", counter.first)
    reversal = counter.run(tills.reverse_entry, counter.tills[0], entry.id, "別の人の案件でした", counter.first)
    again = counter.run(tills.reverse_entry, counter.tills[0], entry.id, "別の人の案件でした", counter.first)
    assert again.id == reversal.id
    assert counter.payer.status(payment) == "open"
    assert counter.payer.changes == ["paid", "reversed"]
    assert (counter.balance("cash"), counter.balance("receivable")) == (0, 3_550)
    assert counter.payer.history()[-1] == "payment.reversed"
    counter.take(counter.payer.read(payment), press="t2")
    assert counter.payer.status(payment) == "paid"
    shift = counter.run(tills.open_shift, counter.tills[0])
    kinds = [row.kind for row in counter.run(tills.entries_of_shift, shift.id)]
    assert kinds == ["payment", "reversal", "payment"]


def test_cash_goes_back_in_cash_after_two_people(counter: Counter) -> None:
    payment = counter.payer.open()
    entry = counter.take(payment)
    with city_session(counter.payer.key) as session:
        refund = request_refund(session, payment, 550, "取り下げ", actor=counter.first).id
    with pytest.raises(Conflict):
        counter.run(tills.pay_refund, counter.tills[0], refund, "cash", counter.first)
    counter.run(approve_refund, refund, counter.second)
    assert counter.payer.work() == []
    assert [(row.id, way) for row, way in counter.run(refunds_for_counter)] == [(refund, "cash")]
    with pytest.raises(Conflict):
        counter.run(tills.pay_refund, counter.tills[0], refund, "card_reader", counter.first)
    paid = counter.run(tills.pay_refund, counter.tills[0], refund, "cash", counter.first)
    assert counter.run(tills.pay_refund, counter.tills[0], refund, "cash", counter.first).id == paid.id
    assert counter.payer.changes == ["paid", "refund_approved", "refunded"]
    assert counter.payer.read(payment).given_back == 550
    assert (counter.balance("cash"), counter.balance("refund_payable")) == (3_000, 0)
    with pytest.raises(Conflict):
        counter.run(tills.reverse_entry, counter.tills[0], entry.id, "もう遅い", counter.first)
    assert counter.count(p10000=5, p1000=3).difference == 0


def test_the_card_reader_leaves_the_drawer_as_it_is(counter: Counter) -> None:
    counter.take(counter.payer.open(), method="card_reader", tendered=0)
    assert (counter.balance("cash"), counter.balance("in_transit")) == (0, 3_550)
    shift = counter.count(p10000=5)
    assert (shift.status, shift.difference, shift.to_bank) == ("closed", 0, 0)
    assert counter.run(tills.unbanked_shifts, {counter.department}) == []


def test_what_the_card_company_pays_leaves_nothing_on_its_way_and_names_the_difference(counter: Counter) -> None:
    for press in ("t1", "t2", "t3"):
        line = LineItem("犬の登録", 3_550)
        payment = counter.run(open_payment, counter.payer.case_id, [line], title="犬の登録", purpose=press)
        counter.take(payment, method="card_reader", tendered=0, press=press)
    first, second, wrong = counter.run(tills.unsettled_entries)
    assert (first.slip_number, first.brand) == ("0042", "jcb")
    counter.run(tills.reverse_entry, counter.tills[0], wrong.id, "打ちまちがい", counter.first)
    assert [entry.id for entry in counter.run(tills.unsettled_entries)] == [first.id, second.id]

    def settle(*entries: tills.TillEntry, **more: Any) -> tills.CardSettlement:
        given = {"company": "市民カード", "paid_on": today(), "gross": 3_550, "fee": 115} | more
        settled: tills.CardSettlement = counter.run(
            tills.settle_cards, tills.SettlementInputs([entry.id for entry in entries], **given), counter.first
        )
        return settled

    for more, field in (
        ({"gross": 3_500}, "reason"),
        ({"fee": 4_000}, "fee"),
        ({"paid_on": None}, "paid_on"),
        ({"company": " "}, "company"),
    ):
        with pytest.raises(Invalid) as refused:
            settle(first, **more)
        assert field in refused.value.fields
    assert (settle(first).paid, counter.balance("bank"), counter.balance("provider_fee")) == (3_435, 3_435, 115)
    assert (counter.balance("in_transit"), counter.balance("suspense")) == (3_550, 0)
    with pytest.raises(Conflict):
        settle(first)
    assert settle(second, gross=3_500, fee=100, reason="1件がカード会社で取り消された").difference == -50
    assert (counter.balance("in_transit"), counter.balance("suspense"), counter.balance("bank")) == (0, 50, 6_835)
    assert counter.run(tills.unsettled_entries) == []
    assert counter.events()[-2:] == ["till.cards_settled"] * 2


def test_a_till_is_opened_once_and_kept_while_it_is_open(counter: Counter) -> None:
    till = counter.tills[0]
    for refused in (
        lambda: counter.run(tills.open_till, till, FLOAT, counter.second),
        lambda: counter.run(tills.change_till, till, "窓口", 0, counter.first, in_use=False),
        lambda: counter.run(tills.open_till, till + 100, FLOAT, counter.second),
        lambda: counter.run(tills.pay_refund, till, 10**9, "cash", counter.first),
    ):
        with pytest.raises((Conflict, NotFound)):
            refused()
    counter.count(p10000=5)
    counter.run(tills.change_till, till, "窓口", 0, counter.first, in_use=False)
    for amount in (None, -1, 10**12):
        with pytest.raises(DomainError):
            counter.run(tills.open_till, till, amount, counter.second)


def test_a_count_on_an_older_page_is_refused(counter: Counter) -> None:
    counter.take(counter.payer.open())
    with pytest.raises(Conflict):
        counter.run(tills.count_till, counter.tills[0], {10_000: 5}, "", counter.first, expected=FLOAT)
    for wrong in (None, -1, 10**9):
        with pytest.raises(Invalid) as refused:
            counter.run(tills.count_till, counter.tills[0], {10_000: wrong}, "", counter.first)
        assert "pieces-10000" in refused.value.fields
