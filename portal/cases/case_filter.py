"""The filter of the desk as SQL conditions: one meaning for the list, the tiles of the map and the time bar.

Statements that are built from a filter take longer to build than to run. Callers keep one for each `CaseFilter.shape` and execute it
with `CaseFilter.parameters`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import any_, bindparam
from sqlalchemy.types import ARRAY, BigInteger, Date, Text

from common.status import OPEN_STATUSES, STATUSES
from portal.cases.case_matters import ConflictRules, is_open, matter_conditions
from portal.cases.case_nearness import Ground, near_conditions
from portal.cases.models import Case, CasePlace
from portal.core.clock import TOKYO

Ring = tuple[tuple[float, float], ...]
"""Corners as (lon, lat), the first not repeated; the sides may cross."""

_ANY_RING: Ring = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0))


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases to show. An empty value means "any"; all conditions that are set must hold.

    `departments` is the exception, because it is a right and not a choice: without one nothing is seen.
    `assignee_id` and `unassigned` exclude each other. `period` keeps cases with a day in it (both ends included, see `first_day`),
    `area` those with a place that touches the ground inside its corners, `near` those with one on that ground. `late` keeps open cases
    whose due day lies before `today`, which is always needed because tiles also count late cases; `due` keeps open cases whose due day
    lies in it, both ends included. `case_ids` keeps these cases alone; None stands for any. `answers` keeps cases in which each of these
    questions (by its path without rows, `faces.use`) has one of those answers: ids of options, `true` or `false`; of a question in rows
    one row is enough. `colleague_id` keeps what is on that desk, beside what a view asks of assignees. `money` keeps cases whose money is in
    one of these states (`portal.payments.MONEY_STATES`), `answer_late` those whose applicant was asked to correct something by a day that
    has passed, `channels` those that came by one of these ways, `conflicts` those on whose ground another case stands against these rules
    (`case_matters.conflict_rules`).
    """

    today: date
    statuses: frozenset[str] = frozenset()
    procedures: frozenset[str] = frozenset()
    departments: frozenset[int] = frozenset()
    assignee_id: int | None = None
    unassigned: bool = False
    late: bool = False
    due: tuple[date | None, date | None] = (None, None)
    period: tuple[date | None, date | None] = (None, None)
    area: Ring | None = None
    near: Ground | None = None
    case_ids: frozenset[int] | None = None
    answers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    colleague_id: int | None = None
    money: frozenset[str] = frozenset()
    answer_late: bool = False
    channels: frozenset[str] = frozenset()
    conflicts: ConflictRules | None = None

    def __post_init__(self) -> None:
        unknown = self.statuses - set(STATUSES)
        if unknown:
            raise ValueError(f"unknown status: {', '.join(sorted(unknown))}")
        if self.unassigned and self.assignee_id is not None:
            raise ValueError("a case cannot be unassigned and assigned at once")

    @property
    def open_only(self) -> bool:
        """Whether every case that passes is open, so that the partial indexes of open cases and places apply."""
        return self.late or any(self.due) or (bool(self.statuses) and self.statuses <= set(OPEN_STATUSES))

    @property
    def counted(self) -> bool:
        """Whether kept counts answer it (`count_models`): nothing is asked but statuses, procedures and departments."""
        return self == CaseFilter(self.today, self.statuses, self.procedures, self.departments)

    def parameters(self) -> dict[str, object]:
        """The value of every bind parameter that a condition may name."""
        return {
            "today": self.today,
            "statuses": sorted(self.statuses),
            "procedures": sorted(self.procedures),
            "departments": sorted(self.departments),
            "assignee_id": self.assignee_id,
            "due_first": self.due[0],
            "due_last": self.due[1],
            "period_first": self.period[0],
            "period_last": self.period[1],
            "area": _wkt(self.area) if self.area else None,
            "case_ids": sorted(self.case_ids or ()),
            "near": self.near,
            "colleague_id": self.colleague_id,
            "channels": sorted(self.channels),
            "conflict_rules": self.conflicts,
            **{
                f"answer_{number}": [part for value in values for part in _containing(question, value)]
                for number, (question, values) in enumerate(self.answers)
            },
        }

    def shape(self) -> "CaseFilter":
        """A filter with the same conditions and none of the values: the key under which its statement is cached."""
        statuses = frozenset({"new" if self.open_only else "ok"}) if self.statuses else self.statuses
        first, last = self.period
        due_first, due_last = self.due
        return CaseFilter(
            today=date.min,
            statuses=self.statuses if self.statuses == set(OPEN_STATUSES) else statuses,
            procedures=frozenset({""} if self.procedures else ()),
            assignee_id=None if self.assignee_id is None else 0,
            unassigned=self.unassigned,
            late=self.late,
            due=(due_first and date.min, due_last and date.min),
            period=(first and date.min, last and date.min),
            area=self.area and _ANY_RING,
            near=None if self.near is None else "",
            case_ids=None if self.case_ids is None else frozenset(),
            answers=(("", ()),) * len(self.answers),
            colleague_id=None if self.colleague_id is None else 0,
            money=self.money,
            answer_late=self.answer_late,
            channels=frozenset({""} if self.channels else ()),
            conflicts=None if self.conflicts is None else "",
        )


def place_conditions(case_filter: CaseFilter) -> list[ColumnElement[bool]]:
    """The filter as conditions on `CasePlace`. Values are bound; only the open statuses are written into the text (see `is_open_place`)."""
    place = CasePlace
    conditions: list[ColumnElement[bool]] = []
    if case_filter.open_only:
        conditions.append(is_open_place())
    if case_filter.statuses and case_filter.statuses != set(OPEN_STATUSES):
        conditions.append(place.status == any_(_array("statuses", sorted(case_filter.statuses), Text())))
    if case_filter.procedures:
        conditions.append(place.procedure_key == any_(_array("procedures", sorted(case_filter.procedures), Text())))
    conditions.append(place.department_id == any_(_array("departments", sorted(case_filter.departments), BigInteger())))
    if case_filter.unassigned:
        conditions.append(place.assignee_id.is_(None))
    elif case_filter.assignee_id is not None:
        conditions.append(place.assignee_id == bindparam("assignee_id", case_filter.assignee_id, BigInteger))
    if case_filter.colleague_id is not None:
        conditions.append(place.assignee_id == bindparam("colleague_id", case_filter.colleague_id, BigInteger))
    if case_filter.late:
        conditions.append(is_late_place(case_filter.today))
    if case_filter.case_ids is not None:
        conditions.append(place.case_id == any_(_array("case_ids", sorted(case_filter.case_ids), BigInteger())))
    if case_filter.answers:
        conditions.append(place.case_id.in_(select(Case.id).where(*answer_conditions(case_filter))))
    return [
        *conditions,
        *due_conditions(case_filter, place),
        *period_conditions(case_filter, place),
        *ground_conditions(case_filter),
        *matters_of(case_filter, place.case_id),
    ]


def matters_of(case_filter: CaseFilter, case_id: SQLColumnExpression[Any]) -> list[ColumnElement[bool]]:
    """What the filter asks besides the words of the case whose id a column holds."""
    return matter_conditions(
        case_id,
        case_filter.today,
        money=case_filter.money,
        answer_late=case_filter.answer_late,
        channels=case_filter.channels,
        conflicts=case_filter.conflicts,
        open_only=case_filter.open_only,
    )


def is_open_place() -> ColumnElement[bool]:
    """Whether the case of a place is open."""
    return is_open(CasePlace)


def is_late_place(today: date) -> ColumnElement[bool]:
    """Whether the case of a place is open and past its due day."""
    return and_(is_open_place(), CasePlace.due_on < bindparam("today", today, Date))


def due_conditions(case_filter: CaseFilter, model: Any) -> list[ColumnElement[bool]]:
    """The due days of the filter as conditions on `Case` or `CasePlace`, which must be open besides."""
    first, last = case_filter.due
    conditions: list[ColumnElement[bool]] = []
    if first is not None:
        conditions.append(model.due_on >= bindparam("due_first", first, Date))
    if last is not None:
        conditions.append(model.due_on <= bindparam("due_last", last, Date))
    return conditions


def period_conditions(case_filter: CaseFilter, model: Any) -> list[ColumnElement[bool]]:
    """The period of the filter as conditions on `Case` or `CasePlace`."""
    first, last = case_filter.period
    conditions: list[ColumnElement[bool]] = []
    if first is not None:
        conditions.append(last_day(model) >= bindparam("period_first", first, Date))
    if last is not None:
        conditions.append(first_day(model) <= bindparam("period_last", last, Date))
    return conditions


def ground_conditions(case_filter: CaseFilter) -> list[ColumnElement[bool]]:
    """Where the filter looks, as conditions on `CasePlace`. The planner must see the values (`plan_with_values`): how many places lie on
    the ground decides from which side a list is read, and a plan without them would read the ground again for every row.
    """
    near = near_conditions(case_filter.near)
    if case_filter.area is None:
        return near
    text_of_area = bindparam("area", _wkt(case_filter.area), Text)
    area = func.ST_MakeValid(func.ST_GeomFromText(text_of_area, literal_column("4326")), type_=Geometry)
    return [CasePlace.geom.ST_Intersects(area), *near]


def answer_conditions(case_filter: CaseFilter) -> list[ColumnElement[bool]]:
    """The answers of the filter as conditions on `Case`. What is sealed contains nothing that is looked for."""
    values = case_filter.parameters()
    names = [f"answer_{number}" for number in range(len(case_filter.answers))]
    return [Case.answers.op("@>")(any_(bindparam(name, values[name], ARRAY(JSONB)))) for name in names]


def _containing(question: str, value: str) -> list[dict[str, Any]]:
    """What answers contain that give this one: as a single option, as one of several, or as yes or no; in a row of a group."""
    contents: list[Any] = [value, [value], *({"true": [True], "false": [False]}.get(value, []))]
    *groups, last = question.split(".")
    whole = [{last: content} for content in contents]
    for group in reversed(groups):
        whole = [{group: [part]} for part in whole]
    return whole


def first_day(model: Any) -> ColumnElement[date]:
    """The first day of a `Case` or `CasePlace`: of its period, or, without one, the day on which the case was submitted."""
    return func.coalesce(model.starts_on, _submitted_on(model))


def last_day(model: Any) -> ColumnElement[date]:
    """The last day of a `Case` or `CasePlace`. A period without an end never ends."""
    end = func.coalesce(model.ends_on, literal_column("'infinity'::date"))
    return case((model.starts_on.is_(None), _submitted_on(model)), else_=end)


def _submitted_on(model: Any) -> ColumnElement[date]:
    return cast(func.timezone(literal_column(f"'{TOKYO.key}'"), model.submitted_at), Date)


def _wkt(ring: Ring) -> str:
    return f"POLYGON(({', '.join(f'{lon} {lat}' for lon, lat in (*ring, ring[0]))}))"


def _array(name: str, values: Iterable[object], kind: Text | BigInteger) -> ColumnElement[object]:
    """One array parameter, so that the text of the statement does not change with the number of values."""
    return bindparam(name, list(values), ARRAY(kind))
