"""Files of card companies: booked as what is typed is, each payment once, and what differs left to somebody or explained."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import tills
from portal.core.clock import today
from portal.core.database import city_session
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Event
from portal.payments import LineItem, approve_refund, open_payment, request_refund
from portal.tills.models import TillEntry
from tests.integration.payments.counter import Counter

HEAD = "伝票番号,ブランド,利用日,売上金額,手数料,差引金額\r\n"


def sell(counter: Counter, slip: str, amount: int = 3_550) -> tills.TillEntry:
    """A fee paid at a card reader."""
    line = LineItem("犬の登録", amount)
    payment = counter.run(open_payment, counter.payer.case_id, [line], title="犬の登録", purpose=slip)
    entry: tills.TillEntry = counter.run(
        tills.take_payment,
        counter.tills[0],
        payment.id,
        amount,
        tills.Handed("card_reader", None, tills.CardSlip(slip, "jcb")),
        token=slip,
        actor=counter.first,
    )
    return entry


def row(slip: str, gross: int = 3_550, fee: int = 100, day: date | None = None) -> str:
    return f"{slip},JCB,{day or today()},{gross},{fee},{gross - fee}\r\n"


def add(counter: Counter, *rows: str, head: str = HEAD, company: str = "市民カード") -> int:
    content = (head + "".join(rows)).encode("cp932")
    return int(counter.run(lambda session: tills.add_card_statement(session, content, company, counter.first).id))


def look(counter: Counter, statement_id: int) -> tills.CardPreview:
    preview: tills.CardPreview = counter.run(tills.preview_card_statement, statement_id)
    return preview


def take(counter: Counter, statement_id: int, **more: Any) -> list[tills.CardSettlement]:
    seen = more.pop("seen", "") or look(counter, statement_id).seen
    given = {"paid_on": today(), "reason": "", "seen": seen, "actor": counter.first} | more
    settled: list[tills.CardSettlement] = counter.run(tills.take_card_statement, statement_id, **given)
    return settled


def standing(counter: Counter) -> tuple[int, ...]:
    return tuple(counter.balance(name) for name in ("in_transit", "bank", "provider_fee", "suspense"))


def test_a_file_that_agrees_is_booked_and_the_same_one_is_refused(counter: Counter) -> None:
    first, second = sell(counter, "0042"), sell(counter, "0043", 1_000)
    rows = row("42"), row("０００４３", 1_000, 30)
    at = add(counter, *rows)
    assert [match.outcome for match in look(counter, at).matches] == ["matches", "matches"]
    assert standing(counter) == (4_550, 0, 0, 0)
    with pytest.raises(Invalid) as refused:
        take(counter, at, paid_on=None)
    assert "paid_on" in refused.value.fields
    other = add(counter, *rows)
    [settlement] = take(counter, at)
    assert (settlement.paid, settlement.difference, settlement.company) == (4_420, 0, "市民カード")
    assert standing(counter) == (0, 4_420, 130, 0)
    with city_session(counter.payer.key) as session:
        entries = session.scalars(select(TillEntry).where(TillEntry.id.in_((first.id, second.id))))
        assert {entry.settlement_id for entry in entries} == {settlement.id}
    for again in (
        lambda: add(counter, *rows),
        lambda: take(counter, at, seen="-"),
        lambda: take(counter, other, seen="-"),
    ):
        with pytest.raises(Conflict):
            again()
    with pytest.raises(NotFound):
        look(counter, at)
    assert counter.run(tills.open_card_differences) == []


def test_what_differs_is_left_to_somebody_or_explained(counter: Counter) -> None:
    sell(counter, "0042")
    sell(counter, "0043", 1_000)
    wrong = sell(counter, "0044")
    counter.run(tills.reverse_entry, counter.tills[0], wrong.id, "打ちまちがい", counter.first)
    at = add(counter, row("42", 3_500), row("77", 500, 20), row("44", fee=90))
    preview = look(counter, at)
    assert [match.outcome for match in preview.matches] == ["amount", "unknown", "reversed"]
    assert [entry.amount for entry in preview.missing] == [1_000]
    [settlement] = take(counter, at)
    assert (settlement.difference, settlement.difference_reason) == (-50 + 500 + 3_550, None)
    assert standing(counter) == (1_000, 7_550 - 210, 210, -4_000)
    lines = counter.run(tills.open_card_differences)
    assert [(line.outcome, line.difference) for line in lines] == [
        *(("amount", -50), ("unknown", 500), ("reversed", 3_550)),
        ("missing", 0),
    ]
    with pytest.raises(Invalid):
        counter.run(tills.explain_card_difference, lines[0].id, " ", counter.first)
    counter.run(tills.explain_card_difference, lines[0].id, "カード会社の入力ちがい", counter.first)
    with pytest.raises(Conflict):
        counter.run(tills.explain_card_difference, lines[0].id, "もう一度", counter.first)
    assert counter.run(tills.count_open_card_differences) == 3
    late = add(counter, row("43", 1_000, 30), row("88", 100, 0))
    take(counter, late, reason="レジに無い売上。カード会社に照会中")
    assert [line.outcome for line in counter.run(tills.open_card_differences)] == ["unknown", "reversed"]
    assert counter.balance("in_transit") == 0
    assert counter.events()[-1] == "till.card_statement_taken"


def test_a_sale_that_is_recorded_later_takes_its_money_out_of_the_suspense_account(counter: Counter) -> None:
    at = add(counter, row("77", 500, 20))
    take(counter, at)
    (line,) = counter.run(tills.open_card_differences)
    other, late = sell(counter, "0078", 600), sell(counter, "0077", 500)
    for wrong in (None, 10**9, other.id):
        with pytest.raises(Invalid):
            counter.run(tills.assign_card_difference, line.id, wrong, counter.first)
    assert standing(counter) == (1_100, 480, 20, -500)
    counter.run(tills.assign_card_difference, line.id, late.id, counter.first)
    assert standing(counter) == (600, 480, 20, 0)
    assert counter.run(tills.open_card_differences) == []
    assert [entry.id for entry in counter.run(tills.unsettled_entries)] == [other.id]
    with pytest.raises(Conflict):
        counter.run(tills.assign_card_difference, line.id, late.id, counter.first)
    with pytest.raises(NotFound):
        counter.run(tills.assign_card_difference, 10**9, late.id, counter.first)


def test_lines_of_an_earlier_file_are_left_out_and_each_day_is_paid_by_itself(counter: Counter) -> None:
    for slip in ("0042", "0043"):
        sell(counter, slip)
    head = HEAD.replace("差引金額", "差引金額,支払日")
    days = [today() - timedelta(days=offset) for offset in (1, 0)]
    rows = [row(slip).replace("\r\n", f",{day}\r\n") for slip, day in zip(("42", "43"), days, strict=True)]
    take(counter, add(counter, rows[0], head=head), paid_on=None)
    both = add(counter, *rows, rows[0], head=head)
    preview = look(counter, both)
    assert (preview.known, [match.outcome for match in preview.matches]) == (1, ["matches", "settled"])
    assert [payment.paid_on for payment in preview.payments()] == days
    assert [settlement.paid_on for settlement in take(counter, both, paid_on=None)] == days
    assert standing(counter) == (0, 3 * 3_450, 300, -3_550)
    known = add(counter, *rows, head=head)
    with pytest.raises(Conflict):
        take(counter, known, paid_on=None)


def test_returns_are_found_by_the_payment_that_they_are_of(counter: Counter) -> None:
    payment = counter.payer.open()
    counter.take(payment, method="card_reader", tendered=0)
    take(counter, add(counter, row("42")))
    with city_session(counter.payer.key) as session:
        refund = request_refund(session, payment, 1_000, "払いすぎ", actor=counter.first).id
    counter.run(approve_refund, refund, counter.second)
    counter.run(tills.pay_refund, counter.tills[0], refund, "card_reader", counter.first)
    at = add(counter, row("42", -1_000, -30))
    assert [match.outcome for match in look(counter, at).matches] == ["matches"]
    [settlement] = take(counter, at)
    assert (settlement.paid, settlement.difference) == (-970, 0)
    assert standing(counter) == (0, 3_450 - 970, 70, 0)


def test_a_record_that_changed_since_it_was_looked_at_is_looked_at_again(counter: Counter) -> None:
    entry = sell(counter, "0042")
    at = add(counter, row("42"))
    seen = look(counter, at).seen
    counter.run(tills.reverse_entry, counter.tills[0], entry.id, "打ちまちがい", counter.first)
    with pytest.raises(Conflict):
        take(counter, at, seen=seen)
    assert standing(counter) == (0, 0, 0, 0)


def test_what_headings_mean_is_kept_for_the_company(counter: Counter) -> None:
    head = "処理通番,ご利用,総額,お振込\r\n"
    at = add(counter, f"42,{today()},3550,3450\r\n", head=head)
    preview = look(counter, at)
    assert "列が見つかりません" in preview.fault
    with pytest.raises(Invalid):
        take(counter, at)
    columns = {"slip_number": "処理通番", "day": "ご利用", "gross": "総額", "net": "お振込", "color": "x"}
    counter.run(tills.name_columns, at, columns)
    assert [match.line.fee for match in look(counter, at).matches] == [100]
    later = add(counter, f"43,{today()},1000,970\r\n", head=head)
    assert look(counter, later).columns == {name: text for name, text in columns.items() if name != "color"}
    assert "列が見つかりません" in look(counter, add(counter, "1,2,3\r\n", head=head, company="別の会社")).fault
    assert counter.run(tills.card_companies) == ["別の会社", "市民カード"]
    counter.run(tills.drop_card_statement, later)
    with pytest.raises(NotFound):
        look(counter, later)


def test_looking_takes_the_same_few_statements_for_any_number_of_lines(counter: Counter, statements: list[str]) -> None:
    few, many = add(counter, row("1")), add(counter, *(row(str(number)) for number in range(2_000)))
    counts = []
    for at in (few, many):
        statements.clear()
        look(counter, at)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10
    with city_session(counter.payer.key) as session:
        assert session.scalars(select(Event.id).where(Event.name == "till.cards_settled")).all() == []
