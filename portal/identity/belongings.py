"""What belongs to departments. Each capability says it of its own tables, so that everything goes to the successor when one closes.

Tables that are never changed (books, records of what was erased) keep the department of their time: its staff read them still, see `queries`.
The database takes what is written for a closed department to its successor as well (`follow_department`), so nothing slips in between.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.core.events import Actor
from portal.identity.models import Department

Count = Callable[[Session, Department], int]
Move = Callable[[Session, Department, Department, Actor], None]
Obstacle = Callable[[Session, Department], str | None]


@dataclass(frozen=True)
class Belonging:
    """One kind of things that departments have: how many, how they go to another one, and why they may not yet (a sentence, or None)."""

    count: Count
    move: Move
    obstacle: Obstacle


_kinds: dict[str, Belonging] = {}


def declare_belonging(
    kind: str, count: Count, move: Move, obstacle: Obstacle = lambda _session, _department: None
) -> None:
    """Say that departments have such things."""
    _kinds[kind] = Belonging(count, move, obstacle)


def declare_owned(
    kind: str,
    column: "InstrumentedAttribute[int] | InstrumentedAttribute[int | None]",
    obstacle: Obstacle = lambda _session, _department: None,
) -> None:
    """Say that departments have the rows of a table, by the column that names the department."""
    declare_belonging(
        kind, lambda session, department: count_owned(session, column, department), _moving(column), obstacle
    )


def count_owned(
    session: Session, column: "InstrumentedAttribute[int] | InstrumentedAttribute[int | None]", department: Department
) -> int:
    """Return how many rows name the department in a column."""
    return session.scalar(select(func.count()).where(column == department.id)) or 0


def _moving(column: "InstrumentedAttribute[int] | InstrumentedAttribute[int | None]") -> Move:
    def move(session: Session, former: Department, successor: Department, _actor: Actor) -> None:
        owned = update(column.class_).where(column == former.id)
        session.execute(owned.values({column: successor.id}))

    return move


def belongings() -> Mapping[str, Belonging]:
    """Every kind of the capabilities that this process has imported, in the order in which they go."""
    return dict(sorted(_kinds.items()))
