"""Budgets of payouts: how much is reserved, how much is left, and reserving it so that no yen counts twice."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.errors import Conflict
from portal.core.locking import lock_row
from portal.core.text import _
from portal.payouts.models import Payout, PayoutBudget
from portal.payouts.rules import RESERVED


@dataclass(frozen=True)
class BudgetOfYear:
    """A budget as the procedure has it now: its key, its yen, and the fiscal year for which they are (0: for all years)."""

    procedure_key: str
    key: str
    total: int
    fiscal_year: int


@dataclass(frozen=True)
class BudgetUse:
    """How much of a budget is reserved by decisions and how much is left, in yen; `fiscal_year` 0 stands for all years together."""

    procedure_key: str
    fiscal_year: int
    total: int
    reserved: int

    @property
    def left(self) -> int:
        """What can still be decided; nothing where the budget was lowered below what is reserved."""
        return max(self.total - self.reserved, 0)


def budget_use(session: Session, budget: BudgetOfYear) -> BudgetUse:
    """How a budget stands now."""
    row = session.scalar(select(PayoutBudget).where(*_of_year(budget)))
    return BudgetUse(budget.procedure_key, budget.fiscal_year, budget.total, _reserved(session, row.id) if row else 0)


def budgets_used(session: Session, departments: Collection[int]) -> list[BudgetUse]:
    """The budgets from which these departments have reserved something, the newest year first, with what all have reserved."""
    inside = exists().where(Payout.budget_id == PayoutBudget.id, Payout.department_id.in_(departments))
    order = PayoutBudget.fiscal_year.desc(), PayoutBudget.procedure_key, PayoutBudget.key
    rows = session.scalars(select(PayoutBudget).where(inside).order_by(*order))
    return [BudgetUse(row.procedure_key, row.fiscal_year, row.total, _reserved(session, row.id)) for row in rows]


def year_reserved(session: Session, row: Payout) -> int | None:
    """The fiscal year in whose budget a payout was reserved (0: all years together); None before it is decided."""
    return session.scalar(select(PayoutBudget.fiscal_year).where(PayoutBudget.id == row.budget_id))


def reserve(session: Session, budget: BudgetOfYear, amount: int) -> int:
    """The id of the budget from which the amount is taken, whose row stays locked until the transaction ends.

    Raises Conflict where it does not reach.
    """
    values = {
        "procedure_key": budget.procedure_key,
        "key": budget.key,
        "fiscal_year": budget.fiscal_year,
        "total": budget.total,
    }
    session.execute(insert(PayoutBudget).values(**values).on_conflict_do_nothing())
    row = lock_row(session, PayoutBudget, *_of_year(budget))
    assert row is not None  # noqa: S101 - it was just made, or was there
    row.total = budget.total
    left = budget.total - _reserved(session, row.id)
    if amount > left:
        sentence = _("予算が足りません。残りは{left}円です。", left=f"{max(left, 0):,}")
        raise Conflict(sentence)
    return row.id


def _reserved(session: Session, budget_id: int) -> int:
    query = select(func.coalesce(func.sum(Payout.amount), 0)).where(
        Payout.budget_id == budget_id, Payout.status.in_(RESERVED)
    )
    return int(session.scalar(query) or 0)


def _of_year(budget: BudgetOfYear) -> tuple[Any, ...]:
    return (
        PayoutBudget.procedure_key == budget.procedure_key,
        PayoutBudget.key == budget.key,
        PayoutBudget.fiscal_year == budget.fiscal_year,
    )
