"""Where the money of cases stands, as SQL expressions for the statements of others, which do not see these tables."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, case, literal_column, or_, select
from sqlalchemy.orm import aliased

from portal.payments.models import Charge, OrderLine, Refund, RefundLine
from portal.payments.rules import UNSETTLED_REFUNDS

MONEY_STATES = ("unpaid", "pending", "paid", "refunding")
"""`unpaid`: something is asked for and not on its way; `pending`: money is on its way or under review; `paid`: everything that was asked
for has arrived; `refunding`: a refund is not over yet, or failed and nobody has taken it on. The last may hold beside another."""
_UNSETTLED = ("owed", "pending", "review")


def has_money(case_id: SQLColumnExpression[Any], states: Collection[str]) -> ColumnElement[bool]:
    """Whether the money of the case in a column is in one of these states.

    The words of the statement name the states, so that the partial indexes `ix_charge_unsettled` and `ix_refund_unsettled` apply: what is
    still to be done is little beside what was done.
    """
    ways = {"unpaid": _among(case_id, "owed"), "pending": _among(case_id, "pending", "review")}
    ways |= {"paid": _is_paid(case_id), "refunding": case_id.in_(_cases_refunding())}
    return or_(*(ways[state] for state in MONEY_STATES if state in states))


def money_state(case_id: SQLColumnExpression[Any]) -> ColumnElement[str | None]:
    """The state of a case's money for a line of a list, the most urgent first; NULL where nothing was ever asked for."""
    return case(
        *((_exists(case_id, *statuses), literal_column(f"'{state}'")) for state, statuses in _BY_URGENCY),
        else_=literal_column("NULL"),
    )


_BY_URGENCY = (("unpaid", ("owed",)), ("pending", ("pending", "review")), ("paid", ("paid",)))


def _among(case_id: SQLColumnExpression[Any], *statuses: str) -> ColumnElement[bool]:
    return case_id.in_(select(Charge.case_id).where(Charge.status.in_(_words(statuses))))


def _exists(case_id: SQLColumnExpression[Any], *statuses: str) -> ColumnElement[bool]:
    charge = aliased(Charge)
    return select(charge.id).where(charge.case_id == case_id, charge.status.in_(_words(statuses))).exists()


def _is_paid(case_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return _exists(case_id, "paid") & ~_exists(case_id, *_UNSETTLED)


def _cases_refunding() -> Any:
    """Of refunds with lines the cases of their charges; money that never counted goes back without lines, and is that of the order."""
    failed = Refund.status.in_(_words(("failed",))) & Refund.handled_at.is_(None)
    unsettled = or_(Refund.status.in_(_words(UNSETTLED_REFUNDS)), failed)
    lines = select(Charge.case_id).join(RefundLine, RefundLine.charge_id == Charge.id)
    lines = lines.join(Refund, Refund.id == RefundLine.refund_id).where(unsettled)
    has_lines = select(RefundLine.id).where(RefundLine.refund_id == Refund.id).exists()
    orders = select(Charge.case_id).join(OrderLine, OrderLine.charge_id == Charge.id)
    orders = orders.join(Refund, Refund.order_id == OrderLine.order_id).where(unsettled, ~has_lines)
    return lines.union_all(orders)


def _words(statuses: Collection[str]) -> list[ColumnElement[str]]:
    """Literals, not parameters: only then does the planner use the partial indexes."""
    return [literal_column(f"'{status}'") for status in statuses]
