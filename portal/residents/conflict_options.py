"""Ways out when another permit is in the way: the place moved aside by the map, another period, or a talk with the office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition, Step
from forms.definition.procedure import group_fields
from forms.fields import FieldType, ReadContext
from forms.fields.occurrences import answer_at
from forms.fields.path import head_of
from forms.fields.place import PlaceField
from geo import MAX_NEIGHBOURS, Adjustment, PlaceError, adjust_place, query_place
from portal.cases import CASE_PLACES, conflict_queries, first_free_day, layer_rules, period_of, periods_named
from portal.cases.places import PlaceInspection
from portal.core.clock import today
from portal.core.tenancy import plane_of
from portal.core.text import _, date_ja, pick
from portal.identity import department_by_key
from portal.residents.draft_application import DraftApplication

_WINDS = ("北", "北東", "東", "南東", "南", "南西", "西", "北西")


@dataclass(frozen=True)
class ConflictOptions:
    """What to offer on a page where a place meets another permit.

    `place` is the question whose place the map can move, if this page asks it, `path` where, and `shift` the address that does so.
    `period` is where the period is asked, `free` says from which day the place is free, `office` whom to talk to.
    """

    place: FieldType | None
    path: str
    shift: str
    period: str
    free: str
    office: str
    office_key: str


@dataclass(frozen=True)
class Moved:
    """What came of moving a place aside, in words; without a geometry there was no way to do it."""

    path: str
    words: str
    geometry: dict[str, Any] | None


def conflict_options(
    application: DraftApplication, step: Step, answers: Mapping[str, Any], inspection: PlaceInspection
) -> ConflictOptions | None:
    """The ways out of the first conflict that the map found; None when nothing is in the way."""
    definition, session = application.definition, application.session
    place = next((path for path in definition.places_in(answers) if inspection.conflicts.get(path)), None)
    if place is None:
        return None
    free = _free_from(session, definition, answers, place)
    office = department_by_key(session, definition.department)
    return ConflictOptions(
        place=definition.question_at(place) if step.id == definition.step_of(head_of(place)).id else None,
        path=place,
        shift=f"{application.address(step)}/shift",
        period=_address_of_period(application, step, place),
        free=_("{day}から空きます。", day=date_ja(free)) if free else "",
        office=pick(office.title) if office else _("市役所"),
        office_key=office.key if office else definition.department,
    )


def move_aside(session: Session, definition: Definition, answers: Mapping[str, Any], path: str) -> Moved:
    """The smallest change of a drawn place that its rules allow and that leaves other permits alone, if there is one."""
    value = answer_at(answers, path)
    geometry = value["geometry"] if isinstance(value, dict) else None
    adjustment = _adjustment(session, definition, answers, path, geometry) if geometry else None
    return Moved(path, _words(adjustment), adjustment.geometry if adjustment else None)


def _adjustment(
    session: Session, definition: Definition, answers: Mapping[str, Any], place: str, geometry: Mapping[str, Any]
) -> Adjustment | None:
    field = _place(definition, place)
    rules = layer_rules(field, periods_named(definition, answers, place))
    try:
        adjustment = adjust_place(
            session,
            geometry,
            srid=plane_of(session).srid,
            overlaps=conflict_queries(field, *period_of(definition, answers, place), limit=MAX_NEIGHBOURS),
            occupancy=CASE_PLACES,
            rules=[rule for rule in rules if rule.kept_when_moved],
        )
        others = [rule for rule in rules if not rule.kept_when_moved]
        if adjustment is None or not others:
            return adjustment
        judged = query_place(session, adjustment.geometry, srid=plane_of(session).srid, rules=others).rules
    except PlaceError:
        return None
    return adjustment if all(result.holds or not result.layer_exists for result in judged) else None


def _words(adjustment: Adjustment | None) -> str:
    if adjustment is None:
        return _("ほかの許可と重ならないように、自動でずらすことができませんでした。")
    if adjustment.distance_m is None:
        return _("重なる部分を除きました。")
    if not adjustment.distance_m:
        return _("重なっていないので、動かしませんでした。")
    wind = _WINDS[round((adjustment.bearing or 0) / 45) % len(_WINDS)]
    return _("{wind}へ{metres} m動かしました。", wind=_(wind), metres=f"{adjustment.distance_m:.1f}")


def _free_from(session: Session, definition: Definition, answers: Mapping[str, Any], place: str) -> date | None:
    """The first day from which a period as long as the one asked for meets nobody at that place; None if none is known."""
    starts, ends = period_of(definition, answers, place)
    period_question = _period_field(definition, place)
    if starts is None or ends is None or period_question is None:
        return None
    plane = plane_of(session)
    queries = conflict_queries(_place(definition, place), starts, None, limit=MAX_NEIGHBOURS)
    geometry = answer_at(answers, place)["geometry"]
    result = query_place(session, geometry, srid=plane.srid, overlaps=queries, occupancy=CASE_PLACES)
    if any(len(overlaps) == MAX_NEIGHBOURS for overlaps in result.overlaps):
        return None
    periods = [(overlap.starts_on, overlap.ends_on) for overlaps in result.overlaps for overlap in overlaps]
    day = first_free_day(periods, starts, ends)
    if day is None or day == starts:
        return None
    proposed = {"start": day.isoformat(), "end": (day + (ends - starts)).isoformat()}
    return None if period_question.check(proposed, ReadContext(today(), plane=plane)) else day


def _period_field(definition: Definition, place: str) -> FieldType | None:
    """The period that a place is bound to."""
    rules = _place(definition, place).rules
    named = [rule.period for rule in rules if rule.clear_of and rule.period]
    in_row = {question.id: question for question in group_fields(definition.fields[head_of(place)])}
    return in_row.get(named[0]) or definition.fields[named[0]] if named else None


def _place(definition: Definition, path: str) -> PlaceField:
    return definition.place_fields[path.rpartition(".")[2]]


def _address_of_period(application: DraftApplication, step: Step, place: str) -> str:
    """Where the first day of the period is entered: on this page, else on its own; nowhere if no period counts."""
    period_question = _period_field(application.definition, place)
    if period_question is None:
        return ""
    in_row = period_question.id not in application.definition.fields
    path = f"{place.rpartition('.')[0]}.{period_question.id}" if in_row else period_question.id
    its_page = application.definition.step_of(head_of(path))
    begin = f"#{path}.start" if period_question.type == "date_range" else f"#{path}"
    return begin if its_page.id == step.id else application.address(its_page) + begin
