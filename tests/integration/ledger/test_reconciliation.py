"""The books beside the provider's transactions and the bank's statement: each difference once, with its cases, until it is gone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import BigInteger, DateTime, Subquery, Text, column, select, update, values
from sqlalchemy.orm import Session

from portal.core.clock import frozen
from portal.core.config import settings
from portal.core.database import city_session, owner_engine
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor
from portal.ledger import (
    Channel,
    Item,
    add_statement,
    drop_statement,
    explain_difference,
    explained_differences,
    last_run,
    movements,
    open_differences,
    post,
    preview,
    reconcile,
    take_statement,
    taken_statements,
)
from portal.ledger.jobs import forget_names
from portal.ledger.kept_sums import sum_day
from portal.ledger.models import LedgerDayBalance
from portal.ledger.statement_models import BankStatementLine
from tests.integration.ledger.conftest import at, raised, received

Accountants = tuple[Actor, Actor]
UNTIL = at(20)


def held(**amounts: int) -> Subquery:
    """What the provider holds for payers, by its name of each."""
    rows = values(column("reference", Text), column("amount", BigInteger), name="held")
    given = [*amounts.items()] or [("none", 0)]
    return select(rows.data(given)).subquery("held")


def transactions(*rows: tuple[str, str, str | None, int, int]) -> Subquery:
    """What the provider booked: (id, type, source, gross, net)."""
    columns = (
        column("entry_id", Text),
        column("type", Text),
        column("source_id", Text),
        column("gross", BigInteger),
        column("net", BigInteger),
        column("created_at", DateTime(timezone=True)),
    )
    if not rows:
        rows = (("none", "stripe_fee", None, 0, 0),)
    table = values(*columns, name="given").data([(*row, at(11)) for row in rows])
    return select(table).subquery("provider_transactions")


def differences(session: Session) -> set[tuple[str, str, int | None, int | None]]:
    return {(row.kind, row.reference, row.ours, row.theirs) for row in open_differences(session)}


def test_each_difference_is_named_with_its_case_until_it_is_gone(city_db: Session) -> None:
    post(city_db, *(raised(number) for number in (1, 2, 3)), *(received(number) for number in (1, 2, 3)))
    run = reconcile(
        city_db,
        transactions(
            ("t1", "charge", "ch_1", 3_000, 2_900),
            ("t2", "charge", "ch_2", 2_000, 1_900),
            ("t4", "charge", "ch_4", 500, 400),
            ("t5", "stripe_fee", None, -80, -80),
        ),
        held(),
        imported_until=UNTIL,
    )
    assert differences(city_db) == {
        ("amount", "ch_2", 3_000, 2_000),
        ("not_there", "ch_3", 3_000, None),
        ("not_ours", "ch_4", None, 500),
    }
    assert [row.case_ids for row in open_differences(city_db) if row.kind == "amount"] == [[2]]
    assert (run.provider_count, run.provider_balance, run.ledger_balance, run.differences) == (4, 5_120, 9_000, 3)
    reconcile(
        city_db,
        transactions(*((f"t{n}", "charge", f"ch_{n}", 3_000, 2_900) for n in (1, 2, 3))),
        held(),
        imported_until=UNTIL,
    )
    assert differences(city_db) == set()
    latest = last_run(city_db)
    assert latest is not None
    assert latest.differences == 0


def test_what_the_provider_holds_for_payers_is_compared_by_payer(city_db: Session) -> None:
    item, funds = Item(key="transfer:1", case_id=None), Channel(account="payer_funds", provider_ref="cus_1")
    post(city_db, movements.transfer_arrived(item, 500, funds, cause="arrival:1", at=at(11)))
    reconcile(city_db, transactions(), held(cus_1=500), imported_until=UNTIL)
    assert differences(city_db) == set()
    reconcile(city_db, transactions(), held(cus_1=400, cus_2=30), imported_until=UNTIL)
    assert differences(city_db) == {("payer_funds", "cus_1", 500, 400), ("payer_funds", "cus_2", None, 30)}
    post(city_db, movements.transfer_applied(item, 100, funds, cause="attempt:1:applied", at=at(12)))
    reconcile(city_db, transactions(), held(cus_1=400), imported_until=UNTIL)
    assert differences(city_db) == set()


def test_what_is_younger_than_the_import_may_be_missing(city_db: Session) -> None:
    post(city_db, raised(1), received(1))
    reconcile(city_db, transactions(), held(), imported_until=at(11))
    assert differences(city_db) == set()


def test_a_difference_is_explained_once_and_stays_quiet(city_db: Session, accountants: Accountants) -> None:
    post(city_db, raised(1), received(1))
    reconcile(city_db, transactions(), held(), imported_until=UNTIL)
    (difference,) = open_differences(city_db)
    with pytest.raises(Invalid):
        explain_difference(city_db, difference.id, " ", accountants[0])
    with pytest.raises(NotFound):
        explain_difference(city_db, difference.id + 1_000, "なし", accountants[0])
    explain_difference(city_db, difference.id, "決済会社に照会中。", accountants[0])
    reconcile(city_db, transactions(), held(), imported_until=UNTIL)
    assert open_differences(city_db) == []
    assert [row.explanation for row in explained_differences(city_db)] == ["決済会社に照会中。"]


CSV = "日付,入金,出金,摘要\r\n{}"


def taken(session: Session, lines: str, actor: Actor) -> int:
    statement = add_statement(session, CSV.format(lines).encode("cp932"), "みずほ 本店", actor)
    return take_statement(session, statement.id, actor)


def payout(number: int, amount: int, day: int) -> Any:
    return movements.provider_payout(
        amount, cause=f"balance:{number}", at=at(day), provider="stripe", provider_ref=f"po_{number}"
    )


def test_the_bank_is_matched_by_amount_and_nearest_day(city_db: Session, accountants: Accountants) -> None:
    transfer = Item(key="payout:9", case_id=9)
    post(
        city_db,
        *(payout(number, 5_000, 10 + number) for number in (1, 2, 3)),
        movements.payout_paid(transfer, 700, cause="payout:9:paid", at=at(11), reference="transfers:4"),
    )
    lines = "2026/5/13,5000,,A\r\n2026/5/14,5000,,B\r\n2026/5/11,,700,C\r\n2026/5/12,42,,D\r\n2026/5/30,1,,E\r\n"
    assert taken(city_db, lines, accountants[0]) == 5
    run = reconcile(city_db, transactions(), held(), imported_until=at(1))
    assert run.bank_matched == 3
    refs = {row.description: row.ledger_ref for row in city_db.scalars(select(BankStatementLine))}
    assert refs["C"] == "transfers:4"
    assert {refs["A"], refs["B"]} < {"po_1", "po_2", "po_3"}
    kinds = {(row.kind, row.ours, row.theirs) for row in open_differences(city_db)}
    assert kinds == {
        ("not_at_bank", 5_000, None),
        ("only_at_bank", None, 42),
        ("only_at_bank", None, 1),
    }


def test_overlapping_files_bring_each_line_once(city_db: Session, accountants: Accountants) -> None:
    twice = "2026/5/11,300,,A\r\n2026/5/11,300,,B\r\n"
    assert taken(city_db, twice, accountants[0]) == 2
    again = add_statement(city_db, CSV.format(twice + "2026/5/12,300,,C\r\n").encode(), "みずほ 本店", accountants[0])
    look = preview(city_db, again.id)
    assert (len(look.lines), look.new, look.known, look.came_in, look.fault) == (3, 1, 2, 900, "")
    assert take_statement(city_db, again.id, accountants[0]) == 1
    with pytest.raises(Conflict):
        take_statement(city_db, again.id, accountants[0])
    with pytest.raises(NotFound):
        preview(city_db, again.id)
    assert len(taken_statements(city_db)) == 2
    assert all(statement.content == {} for statement in taken_statements(city_db))


def test_a_file_that_is_not_understood_is_named_by_hand_or_dropped(city_db: Session, accountants: Accountants) -> None:
    statement = add_statement(city_db, "計上,プラス\r\n2026/5/11,300\r\n".encode(), "", accountants[0])
    look = preview(city_db, statement.id)
    assert look.headings == ["計上", "プラス"]
    with pytest.raises(Invalid):
        take_statement(city_db, statement.id, accountants[0])
    assert preview(city_db, statement.id, {"day": "計上", "deposit": "プラス"}).new == 1
    drop_statement(city_db, statement.id)
    with pytest.raises(NotFound):
        preview(city_db, statement.id)
    with pytest.raises(Invalid):
        add_statement(city_db, b"", "", accountants[0])


def test_a_kept_sum_that_somebody_changed_is_a_difference(scratch_city: str) -> None:
    with city_session(scratch_city) as session:
        post(session, raised(1))
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"UPDATE city_{scratch_city}.ledger_open_item SET balance = 1")
    with city_session(scratch_city) as session:
        reconcile(session, transactions(), held(), imported_until=UNTIL)
        assert differences(session) == {("sums", "receivable:charge:1", 1, 3_000)}


def test_names_go_when_their_time_is_over_and_an_open_difference_keeps_its_own(
    city_db: Session, accountants: Accountants
) -> None:
    post(city_db, payout(1, 5_000, 11))
    taken(city_db, "2026/5/11,5000,,A\r\n2026/5/11,42,,B\r\n2026/5/20,7,,C\r\n", accountants[0])
    waiting = add_statement(city_db, CSV.format("2026/5/11,1,,D\r\n").encode(), "みずほ 本店", accountants[0])
    reconcile(city_db, transactions(), held(), imported_until=at(1))
    with frozen(at(20) + timedelta(days=settings().bank_name_days)):
        forget_names(city_db)
        assert names(city_db) == {5_000: None, 42: "B", 7: "C"}
        with pytest.raises(NotFound):
            preview(city_db, waiting.id)
        for difference in open_differences(city_db):
            explain_difference(city_db, difference.id, "市税。", accountants[0])
        forget_names(city_db)
        assert names(city_db) == {5_000: None, 42: None, 7: "C"}


def names(session: Session) -> dict[int, str | None]:
    return {row.amount: row.description for row in session.scalars(select(BankStatementLine))}


def test_kept_sums_of_a_day_that_are_wrong_are_named(city_db: Session) -> None:
    post(city_db, raised(1, 100))
    assert sum_day(city_db, at(11).date())
    reconcile(city_db, transactions(), held(), imported_until=UNTIL)
    assert differences(city_db) == set()
    city_db.execute(update(LedgerDayBalance).where(LedgerDayBalance.account == "revenue").values(credit=101))
    reconcile(city_db, transactions(), held(), imported_until=UNTIL)
    assert differences(city_db) == {("sums", "2026-05-11:revenue", -101, -100)}
