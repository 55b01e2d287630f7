"""How much is on whose desk, and on whose a case would be put next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ARRAY, BigInteger, cast, func, literal, select, true
from sqlalchemy.orm import Session

from portal.cases.models import Case
from portal.core.clock import today
from portal.identity import staff_absences


@dataclass(frozen=True)
class Workload:
    """The open cases on somebody's desk, in whichever department, how many of them are overdue, and whether the person is away today."""

    open: int = 0
    overdue: int = 0
    away: bool = False


def workloads(session: Session, staff_ids: Sequence[int]) -> dict[int, Workload]:
    """Return how much is on each of these desks, by the person's id. Plan: `ix_case_file_assignee` alone, a range for each person."""
    people = select(func.unnest(cast(literal(list(staff_ids)), ARRAY(BigInteger))).label("id")).subquery("people")
    late = func.count().filter(Case.due_on < today())
    desk = select(func.count().label("open"), late.label("overdue"))
    on_desk = desk.where(Case.assignee_id == people.c.id, Case.closed_at.is_(None)).lateral("desk")
    query = select(people.c.id, on_desk.c.open, on_desk.c.overdue, staff_absences.is_away(people.c.id))
    rows = session.execute(query.select_from(people).join(on_desk, true()))
    loads = {staff_id: Workload(count, overdue, away) for staff_id, count, overdue, away in rows}
    return {staff_id: loads[staff_id] for staff_id in staff_ids}


def suggested(loads: Mapping[int, Workload]) -> int | None:
    """Return who has least to do: the fewest open cases, then the fewest overdue ones, then the first in order; nobody who is away.

    None where there is no choice: fewer than two people are there.
    """
    present = [staff_id for staff_id, load in loads.items() if not load.away]
    if len(present) < 2:
        return None
    return min(present, key=lambda staff_id: (loads[staff_id].open, loads[staff_id].overdue, present.index(staff_id)))
