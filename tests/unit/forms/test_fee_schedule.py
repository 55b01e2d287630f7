"""Fees over time: what is paid when and by which day follows from the frozen lines, and adds up to what was shown."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.open_days import is_open
from forms import Due, Fee, check, due_at, dues, evaluate
from forms.definition.schedule import DueRule
from forms.evaluation.dues import last_day, split
from tests.unit.forms.making import definition, field, text, unhurried

TODAY = date(2026, 11, 23)


def fee_of(*lines: dict[str, Any], answers: dict[str, Any] | None = None, **parts: Any) -> Fee:
    fields = [field("n", "integer", min=0, max=1000), field("use", "date_range", required=False)]
    fee = [{"label": {"ja": "料金"}, **line} for line in lines]
    return evaluate(definition(*fields, fee=fee, **parts), {"n": 4} | (answers or {}), {}, today=TODAY).fee


def plan(fee: Fee, approved_on: date | None = None) -> list[Due]:
    return list(dues([line.as_dict() for line in fee.lines], submitted_on=TODAY, approved_on=approved_on))


def days(payments: list[Due]) -> list[tuple[int, date | None, date | None]]:
    return [(due.amount, due.opens_on, due.pay_by) for due in payments]


def test_a_line_without_a_schedule_is_paid_at_its_moment() -> None:
    fee = fee_of({"id": "a", "amount": 300}, {"id": "b", "amount": 500, "when": "approved"})
    assert [(due.key, due.amount, due.settled) for due in plan(fee)] == [
        ("submission-1", 300, True),
        ("approved-1", 500, False),
    ]


def test_instalments_divide_the_amount_and_the_first_takes_what_is_left_over() -> None:
    line = {"id": "a", "amount": 10_050, "round_to": 10, "schedule": {"every": "month", "instalments": "n"}}
    fee = fee_of(line | {"schedule": line["schedule"] | {"due": {"day": 31}}})
    assert (fee.total, fee.due("submission")) == (10_050, 2_520)
    assert days(plan(fee)) == [
        (2_520, TODAY, date(2026, 11, 30)),
        (2_510, date(2026, 12, 23), date(2027, 1, 4)),  # 31 December falls into the days on which the hall is closed
        (2_510, date(2027, 1, 23), date(2027, 2, 1)),
        (2_510, date(2027, 2, 23), date(2027, 3, 1)),
    ]


def test_payments_after_an_approval_keep_their_keys_when_its_day_is_known() -> None:
    schedule = {"every": "half_year", "instalments": "2", "due": {"days": 30}}
    fee = fee_of({"id": "a", "amount": 1000, "when": "approved", "schedule": schedule})
    before, after = plan(fee), plan(fee, date(2026, 12, 1))
    assert [due.key for due in before] == [due.key for due in after]
    assert [(due.opens_on, due.pay_by, due.settled, due.months_after) for due in before] == [
        (None, None, False, 0),
        (None, None, False, 6),
    ]
    assert days(after) == [
        (500, date(2026, 12, 1), date(2027, 1, 4)),
        (500, date(2027, 6, 1), date(2027, 7, 1)),
    ]


def test_each_period_is_worked_out_again_with_its_own_days() -> None:
    fee = fee_of(
        {
            "id": "rent",
            "amount": "1200 * calendar_months(term.start, term.end)",
            "explain": {"ja": "{term.number}期 {calendar_months(term.start, term.end)}か月"},
            "when": "approved",
            "schedule": {"every": "fiscal_year", "from": "use.start", "until": "use.end"},
        },
        answers={"use": {"start": "2026-12-01", "end": "2028-05-31"}},
    )
    assert (fee.total, fee.due("approved")) == (1200 * 18, 1200 * 4)
    payments = plan(fee, date(2026, 11, 25))
    assert [(due.lines[0].start, due.lines[0].end, due.amount, due.opens_on) for due in payments] == [
        (date(2026, 12, 1), date(2027, 3, 31), 4800, date(2026, 11, 25)),
        (date(2027, 4, 1), date(2028, 3, 31), 14400, date(2027, 4, 1)),
        (date(2028, 4, 1), date(2028, 5, 31), 2400, date(2028, 4, 1)),
    ]
    assert payments[2].lines[0].explanation == {"ja": "3期 2か月"}


def test_lines_that_fall_due_together_are_one_payment() -> None:
    schedule = {"every": "year", "periods": "2", "from": "date('2027-01-01')", "due": {"days": 20}}
    fee = fee_of({"id": "a", "amount": 100, "schedule": schedule}, {"id": "b", "amount": 20, "schedule": schedule})
    assert [(due.amount, [line.id for line in due.lines]) for due in plan(fee)] == [
        (120, ["a", "b"]),
        (120, ["a", "b"]),
    ]


def test_what_is_free_or_not_decided_asks_for_nothing() -> None:
    schedule = {"every": "month", "instalments": "3"}
    assert plan(fee_of({"id": "a", "amount": 900, "waived_when": "n == 4", "schedule": schedule})) == []
    undecided = fee_of({"id": "a", "amount": "n * 10", "schedule": schedule}, answers={"n": None})
    assert undecided.total is None


@pytest.mark.parametrize(
    "schedule",
    [
        {"every": "month", "instalments": "n - 4"},
        {"every": "month", "periods": "0", "from": "date('2026-04-01')"},
        {"every": "month", "until": "date('2020-01-01')", "from": "date('2026-04-01')"},
        {"every": "month", "until": "date('2099-01-01')", "from": "date('2026-04-01')"},
        {"every": "year", "periods": "2", "from": "date('9999-06-01')"},
        {"every": "month", "periods": "2", "from": "use.start"},
    ],
)
def test_a_schedule_that_cannot_be_made_is_never_free(schedule: dict[str, Any]) -> None:
    fee = fee_of({"id": "a", "amount": 900, "schedule": schedule})
    assert (fee.total, fee.lines[0].state) == (None, "refused")


@pytest.mark.parametrize(
    ("rule", "opens_on", "expected"),
    [
        ({"days": 30}, date(2026, 12, 1), date(2027, 1, 4)),
        ({"days": 0}, date(2026, 11, 23), date(2026, 11, 24)),  # 勤労感謝の日
        ({"day": 25}, date(2026, 11, 26), date(2026, 12, 25)),
        ({"day": 25, "months": 1}, date(2026, 11, 10), date(2026, 12, 25)),
        ({"day": 31}, date(2027, 2, 5), date(2027, 3, 1)),
    ],
)
def test_the_last_day_is_one_on_which_the_city_hall_is_open(
    rule: dict[str, int], opens_on: date, expected: date
) -> None:
    assert last_day(DueRule.model_validate(rule), opens_on) == expected


@unhurried
@given(st.integers(0, 1_000_000), st.integers(1, 120), st.sampled_from([1, 10, 100, 1000]))
def test_parts_add_up_to_the_yen(amount: int, count: int, unit: int) -> None:
    parts = split(amount, count, unit)
    assert (len(parts), sum(parts)) == (count, amount)
    assert all(part >= 0 and part % unit == 0 for part in parts[1:])
    assert parts[0] >= max(parts)


@unhurried
@given(
    st.integers(1, 50_000),
    st.integers(1, 24),
    st.sampled_from(["month", "quarter", "half_year", "year", "fiscal_year"]),
    st.none() | st.builds(DueRule, days=st.integers(0, 60)) | st.builds(DueRule, day=st.integers(1, 31)),
    st.dates(date(2026, 11, 23), date(2030, 1, 1)),
)
def test_payments_add_up_to_the_fee_in_their_order_and_never_end_before_they_begin(
    amount: int, count: int, every: str, rule: DueRule | None, approved_on: date
) -> None:
    schedule = {"every": every, "instalments": str(count)} | ({"due": rule.model_dump()} if rule else {})
    fee = fee_of({"id": "a", "amount": amount, "when": "approved", "schedule": schedule})
    payments = plan(fee, approved_on)
    assert sum(due.amount for due in payments) == fee.total
    assert payments[0].amount == fee.due("approved") == due_at([line.as_dict() for line in fee.lines], "approved")
    opening = [due.opens_on for due in payments if due.opens_on]
    assert len(opening) == len(payments) and opening == sorted(opening)
    assert len({due.key for due in payments}) == len(payments)
    for due in payments:
        assert due.pay_by is None or (due.opens_on is not None and due.pay_by >= due.opens_on and is_open(due.pay_by))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"schedule": {"every": "month"}}, "every(間隔)は"),
        ({"schedule": {"every": "month", "periods": "2"}}, "最初の期の初日"),
        ({"schedule": {"every": "month", "periods": "2", "instalments": "2"}}, "どれか1つだけ"),
        ({"schedule": {"due": {"days": 3, "day": 4}}}, "どちらか1つ"),
        ({"schedule": {"due": {"days": 3, "months": 1}}}, "months は"),
        ({"returned_in": ["completed"]}, "deposit: true"),
        ({"deposit": True, "returned_in": ["complete"]}, "「complete」という状態はありません"),
        ({"amount": "term.number", "schedule": {"every": "month", "instalments": "2"}}, "「term"),
        ({"schedule": {"every": "month", "periods": "n", "from": "n"}}, "日"),
    ],
)
def test_what_cannot_be_meant_is_a_fault(line: dict[str, Any], sentence: str) -> None:
    fee = [{"id": "a", "label": {"ja": "料金"}, "amount": 100, **line}]
    diagnostics = check(text(field("n", "integer", min=1, max=9), fee=fee))
    assert any(sentence in diagnostic.message for diagnostic in diagnostics), diagnostics


def test_a_total_cannot_be_held_where_periods_are_paid_one_by_one() -> None:
    schedule = {"every": "month", "periods": "2", "from": "date('2026-12-01')"}
    fee = [{"id": "a", "label": {"ja": "料金"}, "amount": 100, "schedule": schedule}]
    messages = [diagnostic.message for diagnostic in check(text(fee=fee, fee_total={"maximum": 150}))]
    assert any("fee_total" in message for message in messages)
