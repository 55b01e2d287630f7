"""Keeps the figures of a city: all days that are over are counted again once a day, and drafts when they end.

Counted again, because a case may change its department, and then counts where it is: who asks later is answered as if it had always been
there. A million cases take some seconds of the worker once a day; readers see the former figures until the new ones are whole.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, cast, delete, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from forms import Definition
from portal.cases.channels import ONLINE, OPENED
from portal.cases.figure_models import (
    CaseArrivalCount,
    CaseClosingCount,
    CaseOverdueCount,
    DraftEndCount,
    FigureState,
)
from portal.cases.models import Case, Draft, Event
from portal.core.clock import TOKYO, today
from portal.core.locking import lock_row
from portal.procedures import definition_of

LONGEST = 366
"""Days beyond which nothing is told apart."""


def count(session: Session) -> None:
    """Count the days that are over, unless that was done today already; one count at a time."""
    session.execute(insert(FigureState).values(id=1, counted_until=date.min).on_conflict_do_nothing())
    state = lock_row(session, FigureState, FigureState.id == 1)
    if state is None or state.counted_until >= today():
        return
    for model, rows in (
        (CaseArrivalCount, arrivals(Case.submitted_at < _begin(today()))),
        (CaseClosingCount, closings(Case.closed_at < _begin(today()))),
    ):
        session.execute(delete(model))
        session.execute(insert(model).from_select([column.key for column in model.__table__.columns], rows))
    late = overdue().add_columns(literal(today()).label("day"))
    session.execute(
        insert(CaseOverdueCount)
        .from_select(["procedure_key", "department_id", "n", "day"], late)
        .on_conflict_do_nothing()
    )
    state.counted_until = today()


def arrivals(*where: ColumnElement[bool]) -> Select[Any]:
    """Cases by day of arrival, procedure, department and channel: how many."""
    sent = (
        (Event.history_kind == "case")
        & (Event.history_id == Case.id)
        & (Event.name == literal_column("'case.submitted'"))
    )
    said = func.coalesce(Event.data["channel"].astext, ONLINE)
    channel = func.replace(said, OPENED, ONLINE)  # what another application opens came as that did
    key: tuple[Any, ...] = (local_day(Case.submitted_at), Case.procedure_key, Case.department_id, channel)
    return select(*key, func.count()).select_from(Case).outerjoin(Event, sent).where(*where).group_by(*_places(key))


def closings(*where: ColumnElement[bool]) -> Select[Any]:
    """Closed cases by day of closing, procedure, department, days that they took and whether that was too long: how many."""
    closed = local_day(Case.closed_at)
    days = func.least(func.greatest(closed - local_day(Case.submitted_at), 0), LONGEST)
    key: tuple[Any, ...] = (closed, Case.procedure_key, Case.department_id, cast(days, Integer), closed > Case.due_on)
    return select(*key, func.count()).where(*where).group_by(*_places(key))


def overdue(*where: ColumnElement[bool]) -> Select[Any]:
    """Open cases whose due day has passed, by procedure and department: how many. From the partial indexes of open cases."""
    key: tuple[Any, ...] = (Case.procedure_key, Case.department_id)
    late = (Case.closed_at.is_(None), Case.due_on < today())
    return select(*key, func.count().label("n")).where(*late, *where).group_by(*key)


def local_day(moment: Any) -> ColumnElement[date]:
    """The day at the counter on which something was."""
    return cast(func.timezone(literal_column(f"'{TOKYO.key}'"), moment), Date)


def note_ends(session: Session, drafts: Iterable[Draft]) -> None:
    """Count drafts that are about to be deleted without having been sent; those in which nothing was begun are none."""
    ends = Counter(
        (draft.procedure_key, *where_it_stood(definition_of(session, draft.version_id), draft))
        for draft in drafts
        if draft.case_id is None and draft.is_begun
    )
    for (procedure, step_id, field_id), number in sorted(ends.items()):
        values = {"day": today(), "procedure_key": procedure, "step_id": step_id, "field_id": field_id, "n": number}
        added = insert(DraftEndCount).values(values)
        key = [column.name for column in DraftEndCount.__table__.primary_key]
        session.execute(added.on_conflict_do_update(index_elements=key, set_={"n": DraftEndCount.n + added.excluded.n}))


def where_it_stood(definition: Definition, draft: Draft) -> tuple[str, str]:
    """The first page after those that were sent, and its first question that everybody is asked and that has no answer; empty for none."""
    ids = [step.id for step in definition.steps]
    done = max((ids.index(step_id) for step_id in draft.done_steps if step_id in ids), default=-1)
    if done + 1 >= len(ids):
        return "", ""
    step = definition.steps[done + 1]
    required = (field.id for field in step.fields if field.required and field.show_when is None)
    return step.id, next((field_id for field_id in required if field_id not in draft.answers), "")


def _places(columns: tuple[Any, ...]) -> list[ColumnElement[Any]]:
    """Group by place in the list of columns: the expressions hold values, which would not be known to be the same."""
    return [literal_column(str(place)) for place, _column in enumerate(columns, 1)]


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO)
