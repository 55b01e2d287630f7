"""Site visits: the stages of cases that an inspector does where the case is about, and what a device brings back from there.

A site visit is a stage whose role is `inspector`. A device may send the same thing twice: it names each with a key of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, hypot, radians
from typing import Final

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.orm import Session

from forms import Definition
from forms.definition.workflow import Stage
from portal.cases.decisions import decision_on
from portal.cases.models import Case, CaseNote, CasePlace, CaseStageForm
from portal.cases.workflows import workflow_of_case
from portal.core.access import StaffIdentity
from portal.core.text import _, moment_ja
from portal.procedures import definition_of

INSPECTOR: Final = "inspector"
"""The role whose stages are done on the site."""


@dataclass(frozen=True)
class Visit:
    """One site visit that waits; `lon` and `lat` are a point of the drawn place, where there is one."""

    case_id: int
    number: str
    title: str
    stage: str
    stage_title: str
    has_form: bool
    place: str
    lon: float | None
    lat: float | None
    due_on: date
    is_mine: bool


def visit_stages(definition: Definition) -> dict[str, Stage]:
    """The site visits of a procedure, by their id."""
    return {stage.id: stage for stage in definition.workflow.stages if stage.role == INSPECTOR and not stage.department}


def waiting_visits(session: Session, staff: StaffIdentity, limit: int) -> list[Visit]:
    """The site visits that wait for this person, the earliest due first, no more than `limit`.

    Plan: the open cases of the departments once (`ix_case_file_open_due`) for the pairs of version and state, then those at a visit.
    """
    departments = [department for department, roles in staff.roles.items() if INSPECTOR in roles]
    if not departments:
        return []
    is_open = Case.department_id.in_(departments), Case.closed_at.is_(None)
    pairs = session.execute(select(Case.version_id, Case.state).where(*is_open).distinct()).all()
    at_visit = [
        and_(Case.version_id == version_id, Case.state == state)
        for version_id, state in pairs
        if any(state in (stage.id, stage.at) for stage in visit_stages(definition_of(session, version_id)).values())
    ]
    if not at_visit:
        return []
    point = (
        select(func.ST_PointOnSurface(CasePlace.geom).label("point"))
        .where(CasePlace.case_id == Case.id)
        .order_by(CasePlace.id)
        .limit(1)
        .lateral()
    )
    query = (
        select(Case, func.ST_X(point.c.point), func.ST_Y(point.c.point))
        .outerjoin(point, true())
        .where(*is_open, or_(*at_visit))
        .order_by(Case.due_on, Case.id)
        .limit(limit)
    )
    return [
        Visit(
            case_id=case.id,
            number=case.number,
            title=case.title,
            stage=stage.id,
            stage_title=stage.title.ja,
            has_form=stage.id in definition.stage_forms,
            place=case.place_label,
            lon=lon,
            lat=lat,
            due_on=case.due_on,
            is_mine=case.assignee_id == staff.id,
        )
        for case, lon, lat in session.execute(query)
        for definition in [definition_of(session, case.version_id)]
        for stage in open_visits(case, definition)
    ]


def walking_order(waiting: Sequence[Visit]) -> list[Visit]:
    """The visits in an order in which they can be walked: from the first one always to the nearest, then without crossing one's own way as
    far as exchanging two stretches helps. Those without a place come last.
    """
    placed = [visit for visit in waiting if visit.lon is not None]
    way = placed[:1]
    left = placed[1:]
    while left:
        way.append(left.pop(min(range(len(left)), key=lambda at: _apart(way[-1], left[at]))))
    return [*_uncrossed(way), *(visit for visit in waiting if visit.lon is None)]


def _uncrossed(way: list[Visit]) -> list[Visit]:
    better = True
    while better:
        better = False
        for first in range(1, len(way) - 1):
            for last in range(first + 1, len(way)):
                before, after = way[first - 1], way[last + 1] if last + 1 < len(way) else None
                now = _apart(before, way[first]) + (_apart(way[last], after) if after else 0)
                turned = _apart(before, way[last]) + (_apart(way[first], after) if after else 0)
                if turned < now - _SAME_WAY:
                    way[first : last + 1] = way[first : last + 1][::-1]
                    better = True
    return way


_SAME_WAY: Final = 1e-9
"""Degrees; less is nothing but rounding, and must not turn a stretch for ever."""


def _apart(here: Visit, there: Visit) -> float:
    """How far two visits with places are apart, in degrees of latitude; exact enough within a city."""
    north = (there.lat or 0) - (here.lat or 0)
    return hypot(north, ((there.lon or 0) - (here.lon or 0)) * cos(radians(here.lat or 0)))


def open_visits(case: Case, definition: Definition) -> list[Stage]:
    """The site visits for which a case waits now."""
    stages = visit_stages(definition)
    if not stages:
        return []
    moves = workflow_of_case(case, definition).moves_from(case.state)
    return [stage for stage in stages.values() if any(move.id == f"finish_{stage.id}" for move in moves)]


def was_filled(session: Session, case: Case, sent_key: str) -> bool:
    """Whether the form that a device names so has arrived; it may wait with a decision that is not carried out yet. The case is locked."""
    kept = select(CaseStageForm.id).where(CaseStageForm.case_id == case.id, CaseStageForm.sent_key == sent_key)
    if session.scalar(kept) is not None:
        return True
    decision = decision_on(session, case)
    return decision is not None and decision.failure is None and decision.inputs.form_key == sent_key


def was_noted(session: Session, case: Case, sent_key: str) -> bool:
    """Whether the note that a device names so has arrived. The case is locked."""
    kept = select(CaseNote.id).where(CaseNote.case_id == case.id, CaseNote.sent_key == sent_key)
    return session.scalar(kept) is not None


def why_not_waiting(session: Session, case: Case, definition: Definition, stage: str) -> str:
    """Why a case does not wait for a site visit any more, in a sentence for whoever comes back from there."""
    filled = session.scalar(
        select(CaseStageForm)
        .where(CaseStageForm.case_id == case.id, CaseStageForm.stage == stage)
        .order_by(CaseStageForm.id.desc())
        .limit(1)
    )
    if filled is not None and not filled.skipped:
        return _(
            "{name}さんが、{moment}に先に書いて終えました。", name=filled.staff_name, moment=moment_ja(filled.filled_at)
        )
    state = workflow_of_case(case, definition).states[case.state].title.ja
    if case.closed_at is not None:
        return _("この案件は、もう「{state}」になっています。", state=state)
    return _("この案件は、いま「{state}」です。現地確認を待っていません。", state=state)
