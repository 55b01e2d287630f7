"""The orders in which the desk's list can stand: by which columns, which way, and how the place where a page ends is written down."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    SmallInteger,
    SQLColumnExpression,
    Text,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.types import TypeEngine

from portal.cases.models import Case, CasePlace
from portal.cases.order_indexes import DESK, FEE_TOTAL, LAST, STATUS_RANK

Mark = tuple[Any, ...]
"""Where a page ends: the values of the order's columns in its last line, and the id of that case."""

_LAST = literal_column(str(LAST), BigInteger)


@dataclass(frozen=True)
class CaseOrder:
    """An order: its columns before the id, their types, and whether the greatest comes first. `open_only`: no index has it for closed cases,
    so that it is there for lists of open ones, which are few beside the others.
    """

    columns: Callable[[], tuple[SQLColumnExpression[Any], ...]]
    types: tuple[TypeEngine[Any], ...]
    descending: bool = False
    open_only: bool = True

    def by(
        self, columns: tuple[SQLColumnExpression[Any], ...], case_id: SQLColumnExpression[Any]
    ) -> tuple[SQLColumnExpression[Any], ...]:
        """ORDER BY these columns and the id."""
        every = (*columns, case_id)
        return tuple(each.desc() for each in every) if self.descending else every

    def after(self) -> ColumnElement[bool]:
        """Further down than the mark (`mark_parameters`)."""
        kinds = (*self.types, BigInteger())
        mark = tuple_(*(bindparam(f"after_{number}", type_=kind) for number, kind in enumerate(kinds)))
        here = tuple_(*self.columns(), Case.id)
        return here < mark if self.descending else here > mark


def mark_parameters(mark: Mark | None) -> dict[str, Any]:
    """The values that `CaseOrder.after` compares with."""
    return {f"after_{number}": value for number, value in enumerate(mark or ())}


def _rank() -> ColumnElement[Any]:
    return literal_column(STATUS_RANK, SmallInteger)


def _cell() -> ColumnElement[Any]:
    first = select(func.min(CasePlace.cell)).where(CasePlace.case_id == Case.id).scalar_subquery()
    return func.coalesce(first, _LAST)


def fee_amount() -> ColumnElement[Any]:
    """What the fee of a case comes to in yen; nothing counts as 0."""
    return literal_column(FEE_TOTAL, BigInteger)


ORDERS: Mapping[str, CaseOrder] = {
    "due": CaseOrder(lambda: (Case.due_on,), (Date(),)),
    "new": CaseOrder(lambda: (Case.submitted_at,), (DateTime(timezone=True),), descending=True, open_only=False),
    "number": CaseOrder(lambda: (Case.number,), (Text(),), open_only=False),
    "state": CaseOrder(lambda: (_rank(), Case.due_on), (SmallInteger(), Date())),
    "assignee": CaseOrder(lambda: (literal_column(DESK, BigInteger), Case.due_on), (BigInteger(), Date())),
    "money": CaseOrder(lambda: (fee_amount(),), (BigInteger(),), descending=True),
    "place": CaseOrder(lambda: (_cell(),), (BigInteger(),)),
}
"""`due`: nearest deadline first, `ix_case_file_open_due` and `ix_case_file_open_all_due`; `new`: newest first; `number`: as receipt numbers
are written; `state`: as work goes on, in each the nearest deadline first; `assignee`: desk by desk, nobody's last; `money`: the greatest fee
first; `place`: neighbours together, by the cells of the map, without a place last. All but `new` and `place` have a partial index of open
cases (`order_indexes`)."""


def read_mark(order: str, parts: list[Any]) -> Mark | None:
    """The mark of a page that an address brings; None for what is none of this order. Raises ValueError or TypeError for other types."""
    kinds = ORDERS[order].types
    if len(parts) != len(kinds) + 1:
        return None
    return (*(_read(kind, part) for kind, part in zip(kinds, parts, strict=False)), _whole(parts[-1]))


def _read(kind: TypeEngine[Any], part: Any) -> Any:
    if isinstance(kind, Date):
        return date.fromisoformat(part)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(part)
    if isinstance(kind, Text):
        if not isinstance(part, str) or not part.isprintable() or len(part) > 100:
            raise ValueError(part)
        return part
    number = _whole(part)
    if isinstance(kind, SmallInteger) and abs(number) >= 2**15:
        raise ValueError(part)
    return number


def _whole(part: Any) -> int:
    number = int(part)
    if abs(number) >= 2**63:
        raise ValueError(part)
    return number
