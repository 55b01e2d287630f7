"""Reading cases: at the desk those of the departments in which somebody may see them, with history and places; and what their applicants read."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import Date, ScalarSelect, Subquery, cast, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import SQLColumnExpression

from forms import Definition, State, Workflow, workflow_of
from forms.evaluation.chosen_days import ChosenDay, chosen_days, tells_days
from forms.evaluation.program import all_fields
from portal.cases.consultations import is_consulted
from portal.cases.events import LOOKS, VIEWS, in_history
from portal.cases.former_decision_models import FormerDecision
from portal.cases.models import Case, CasePlace, Draft, Event
from portal.cases.transfer_reading import where_it_went
from portal.cases.workflows import coming_back, workflow_of_case
from portal.core.access import StaffIdentity
from portal.core.clock import TOKYO, today
from portal.core.errors import NotFound
from portal.core.locking import lock_row
from portal.core.text import _, using_language
from portal.identity import staff_name
from portal.procedures import definition_of, definitions_of


def case_for_staff(session: Session, case_id: int, staff: StaffIdentity) -> Case:
    """Return a case of a department whose cases this person may see, or about which theirs is asked. Raises NotFound for any
    other; of one that theirs handed over, it says where it went.
    """
    case = session.scalar(select(Case).where(Case.id == case_id))
    if case is not None and case.erased_at is not None and staff.may("case.see", case.department_id):
        raise NotFound("この案件の内容は、保存期間が過ぎたので消しました。")
    if case is None or not (staff.may("case.see", case.department_id) or is_consulted(session, staff, case)):
        raise NotFound(where_it_went(session, case_id, staff.departments("case.see")) or "この案件は見つかりません。")
    return case


def number_of_place(session: Session, case_id: int, departments: Collection[int]) -> str | None:
    """Return the number of a case of these departments that has a place; None for any other."""
    query = select(Case.number).where(Case.id == case_id, Case.department_id.in_(departments))
    return session.scalar(query.where(select(CasePlace.id).where(CasePlace.case_id == case_id).exists()))


def case_by_public_id(session: Session, public_id: str | None, *, lock: bool = False) -> Case | None:
    """Return the case of that id, without asking whose it is."""
    which = Case.public_id == public_id
    return lock_row(session, Case, which) if lock else session.scalar(select(Case).where(which))


def case_of_draft(session: Session, draft: Draft) -> Case | None:
    """Return the case that a draft became; None while it is not sent."""
    return session.get_one(Case, draft.case_id) if draft.case_id is not None else None


def case_id_by_number(session: Session, number: str) -> int | None:
    """Return the id of the case with that receipt number."""
    return session.scalar(select(Case.id).where(Case.number == number))


def case_with_number(session: Session, number: str) -> tuple[int, int] | None:
    """Return the id and the department's id of the case with that receipt number."""
    row = session.execute(select(Case.id, Case.department_id).where(Case.number == number)).first()
    return (row.id, row.department_id) if row else None


def department_of(case_id: SQLColumnExpression[Any]) -> ScalarSelect[int]:
    """Return the department of the case of a column, as an expression for the statements of others."""
    return select(Case.department_id).where(Case.id == case_id).correlate_except(Case).scalar_subquery()


def procedure_of(case_id: SQLColumnExpression[Any]) -> ScalarSelect[str]:
    """Return the key of its procedure likewise."""
    return select(Case.procedure_key).where(Case.id == case_id).correlate_except(Case).scalar_subquery()


def version_of_case(session: Session, case_id: int) -> int:
    """Return the id of the procedure's version that a case was made with."""
    return session.scalars(select(Case.version_id).where(Case.id == case_id)).one()


def has_cases(session: Session) -> bool:
    """Whether the city has any case."""
    return session.scalar(select(Case.id).limit(1)) is not None


def case_labels() -> Subquery:
    """Return `id`, `number`, `title` and `department_id` of every case, to join with rows that name a case."""
    return select(Case.id, Case.number, Case.title, Case.department_id).subquery("case_label")


def cases_of_departments(session: Session, ids: Collection[int], departments: Collection[int]) -> dict[int, Case]:
    """Return those of the cases that belong to one of the departments, by id."""
    if not ids:
        return {}
    query = select(Case).where(Case.id.in_(ids), Case.department_id.in_(departments))
    return {case.id: case for case in session.scalars(query)}


def count_due_on(session: Session, day: date) -> int:
    """Return how many open cases of the city are due on a day."""
    query = select(func.count()).where(Case.due_on == day, Case.closed_at.is_(None))
    return session.scalar(query) or 0


def cases_of_same_account(session: Session, case: Case, departments: Collection[int], limit: int = 50) -> list[Case]:
    """Return other cases of the resident who made this one, if they have an account, that belong to one of the departments, newest first."""
    if case.account_id is None:
        return []
    query = select(Case).where(
        Case.account_id == case.account_id, Case.id != case.id, Case.department_id.in_(departments)
    )
    return list(session.scalars(query.order_by(Case.submitted_at.desc()).limit(limit)))


def case_labels_of(session: Session, case_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Number and title of these cases, by id."""
    query = select(Case.id, Case.number, Case.title).where(Case.id.in_(case_ids))
    return {case_id: (number, title) for case_id, number, title in session.execute(query)} if case_ids else {}


@dataclass(frozen=True)
class MapLabel:
    """What is said of a case where only its place is seen: nothing of who applied."""

    id: int
    number: str
    title: str
    status: str
    state: str
    due_on: date
    is_closed: bool
    assignee: str | None


def labels_on_map(session: Session, case_ids: Collection[int], departments: Collection[int]) -> list[MapLabel]:
    """Return the labels of those of the cases that belong to one of the departments, the earliest due first. One statement, by primary key."""
    if not case_ids:
        return []
    query = select(Case, staff_name(Case.assignee_id)).where(
        Case.id.in_(case_ids), Case.department_id.in_(departments), Case.erased_at.is_(None)
    )
    return [
        MapLabel(
            id=case.id,
            number=case.number,
            title=case.title,
            status=case.status,
            state=state_of(case, definition_of(session, case.version_id)).title.ja,
            due_on=case.due_on,
            is_closed=case.closed_at is not None,
            assignee=assignee,
        )
        for case, assignee in session.execute(query.order_by(Case.due_on, Case.id))
    ]


def open_cases_by_procedure(session: Session) -> dict[str, int]:
    """Return how many cases of each procedure are not closed, by the procedure's key; procedures without one are left out."""
    query = select(Case.procedure_key, func.count().label("open_cases")).where(Case.closed_at.is_(None))
    return {row.procedure_key: row.open_cases for row in session.execute(query.group_by(Case.procedure_key))}


def count_open_cases(session: Session, procedure_key: str) -> int:
    """Return how many cases of a procedure are not closed, on whichever version."""
    query = select(func.count()).where(Case.procedure_key == procedure_key, Case.closed_at.is_(None))
    return session.scalar(query) or 0


def history(session: Session, case_id: int) -> list[Event]:
    """Return the events of a case, oldest first, without views of it (see `views`)."""
    happened = (in_history(case_id), Event.name.not_in(LOOKS))
    return list(session.scalars(select(Event).where(*happened).order_by(Event.id)))


def views(session: Session, case_id: int, limit: int = 200) -> list[Event]:
    """Return the views of a case by staff, newest first."""
    looked = (in_history(case_id), Event.name.in_(LOOKS))
    return list(session.scalars(select(Event).where(*looked).order_by(Event.id.desc()).limit(limit)))


def viewing_days(session: Session, case: Case, limit: int = 50) -> list[tuple[date, int]]:
    """Return the days on which (Japan Standard Time), and for which department, staff looked at a case or opened its files; newest first.

    For the applicant: no names, and one line a day and department, however often somebody looked.
    """
    day = cast(func.timezone(TOKYO.key, Event.at), Date).label("day")
    department = func.coalesce(Event.data["department_id"].as_integer(), case.department_id).label("department")
    looked = (in_history(case.id), Event.name.in_(sorted(VIEWS)), Event.actor_kind == "staff")
    query = select(day, department).where(*looked).distinct().order_by(day.desc(), department).limit(limit)
    return [(row.day, row.department) for row in session.execute(query)]


def extent_of(case_id: int) -> ScalarSelect[Any]:
    """Return west, south, east and north in degrees of what was drawn for a case, for a statement of others; NULL where nothing was."""
    whole = select(func.ST_Extent(CasePlace.geom).label("box")).where(CasePlace.case_id == case_id).subquery()
    sides = array(
        [func.ST_XMin(whole.c.box), func.ST_YMin(whole.c.box), func.ST_XMax(whole.c.box), func.ST_YMax(whole.c.box)]
    )
    return select(sides).where(whole.c.box.is_not(None)).scalar_subquery()


@dataclass(frozen=True)
class FormerDecisionTold:
    """A former decision as it was told: the state it led to, its conditions, when it was made and when another took its place."""

    number: int
    state: str
    conditions: Sequence[str]
    granted: Mapping[str, Any] | None
    decided_at: datetime | None
    replaced_at: datetime


def former_decisions(session: Session, case: Case) -> list[FormerDecisionTold]:
    """The decisions of a case that others took the place of, the first one first."""
    query = select(FormerDecision).where(FormerDecision.case_id == case.id).order_by(FormerDecision.number)
    return [
        FormerDecisionTold(
            row.number, row.state, row.words["conditions"], row.words.get("granted"), row.decided_at, row.replaced_at
        )
        for row in session.scalars(query)
    ]


@dataclass(frozen=True)
class Place:
    """A drawn place of a case, for maps and lists."""

    id: int
    field: str
    geometry: dict[str, Any]
    area_m2: float | None
    length_m: float | None


def places_of(session: Session, case_id: int) -> list[Place]:
    """Return the drawn places of a case, as GeoJSON with seven decimals (about a centimetre)."""
    query = select(
        CasePlace.id,
        CasePlace.field,
        func.ST_AsGeoJSON(CasePlace.geom, 7),
        CasePlace.area_m2,
        CasePlace.length_m,
    ).where(CasePlace.case_id == case_id)
    return [
        Place(place_id, field, json.loads(geometry), area, length)
        for place_id, field, geometry, area, length in session.execute(query.order_by(CasePlace.id))
    ]


class StandingCase(Protocol):
    """A case, or a line about one: where it stands, and which stages on its way it was passed over."""

    @property
    def state(self) -> str:
        """The id of its state."""

    @property
    def skipped_stages(self) -> Sequence[str]:
        """The ids of the stages."""


def whole_workflow(case: StandingCase, definition: Definition) -> Workflow:
    """The workflow of a case's version with every move and stage, in which nothing is called done that the case was passed over."""
    return workflow_of(definition, case.skipped_stages)


def state_of(case: StandingCase, definition: Definition) -> State:
    """The state in which a case stands, by the name that it has for this case."""
    return whole_workflow(case, definition).states[case.state]


def way_of_case(case: Case, definition: Definition) -> Workflow:
    """The workflow with the stages that this case goes through, for what its applicant is shown; conditions of moves are not decided.

    A case that stands in a stage which a correction made needless is shown with it.
    """
    workflow = coming_back(case, definition, whole_workflow(case, definition))
    if not workflow.optional:
        return workflow
    settled = workflow_of_case(case, definition)
    here = workflow.states[case.state].seen_as or case.state
    return workflow if here in workflow.flow and here not in settled.flow else settled


def told_days(case: Case, definition: Definition, answers: Mapping[str, Any], language: str) -> list[ChosenDay]:
    """The days of a case in the words of its definition. While a fee of it is still to be paid, they say that this comes first."""
    if not tells_days(definition):
        return []
    days = chosen_days(definition, answers, case.number, language)
    return [_after_payment(day, language) for day in days] if pays_first(case, definition) else days


def coming_days(case: Case, definition: Definition, answers: Mapping[str, Any], language: str) -> list[ChosenDay]:
    """Those of them that are not past, once nothing is in their way: empty before the fee is paid, and for what was refused or withdrawn."""
    if case.status == "no" or not tells_days(definition) or pays_first(case, definition):
        return []
    return [day for day in told_days(case, definition, answers, language) if day.day >= today()]


def pays_first(case: Case, definition: Definition) -> bool:
    """Whether a fee of the case's usual course, asked for already or not, is still to be paid before anything happens."""
    moments = {moment for moment, amount in case.fee.get("due", {}).items() if amount}
    bar = way_of_case(case, definition).progress(case.state, fee_moments=moments)
    return any(state.kind == "awaiting_payment" and tense != "done" for state, tense in bar)


def _after_payment(day: ChosenDay, language: str) -> ChosenDay:
    with using_language(language):
        if not day.to_do:
            return replace(day, to_do=_("先に料金の支払いが必要です。"))
        return replace(day, to_do=_("先に料金の支払いが必要です。支払いが済んだら、{to_do}", to_do=day.to_do))


@dataclass(frozen=True)
class CaseWords:
    """What the states, moves and questions of a definition are called in Japanese, by id; of a question in a group by its own id."""

    states: Mapping[str, str]
    moves: Mapping[str, str]
    questions: Mapping[str, str]


def case_words_of(session: Session, case_ids: Collection[int]) -> dict[int, CaseWords]:
    """Return the words of these cases, by id; two statements at most for any number of them."""
    if not case_ids:
        return {}
    rows = session.execute(select(Case.id, Case.version_id, Case.skipped_stages).where(Case.id.in_(case_ids)))
    keys = {row.id: (row.version_id, tuple(row.skipped_stages)) for row in rows}
    definitions = definitions_of(session, {version_id for version_id, _skipped in keys.values()})
    words = {key: _words(definitions[key[0]], key[1]) for key in set(keys.values()) if key[0] in definitions}
    return {case_id: words[key] for case_id, key in keys.items() if key in words}


def _words(definition: Definition, skipped: Collection[str]) -> CaseWords:
    workflow = workflow_of(definition, skipped)
    return CaseWords(
        {state.id: state.title.ja for state in workflow.states.values()},
        {move.id: move.title.ja for move in workflow.moves},
        {field.id: field.label_in("ja") for _path, field in all_fields(definition)},
    )
