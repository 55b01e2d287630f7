"""Ways out when another permit is in the way: the place moved aside by the map, another period, or a talk with the office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition, Step
from forms.fields import FieldType, ReadContext
from geo import PlaceError, ask_place
from geo.shift import MOST_OTHERS, Shift, first_free_day, shift_clear
from portal.cases.places import Survey, layer_rules, other_cases
from portal.cases.rules import period_of
from portal.core.clock import today
from portal.core.tenancy import plane_of
from portal.core.text import _, date_ja, pick
from portal.identity.models import Department
from portal.residents.application import Application

_WINDS = ("北", "北東", "東", "南東", "南", "南西", "西", "北西")


@dataclass(frozen=True)
class WaysOut:
    """What to offer on a page where a place meets another permit.

    `place` is the question whose place the map can move, if this page asks it, and `shift` the address that does so.
    `period` is where the period is asked, `free` says from which day the place is free, `office` whom to talk to.
    """

    place: FieldType | None
    shift: str
    period: str
    free: str
    office: str
    office_key: str


@dataclass(frozen=True)
class Moved:
    """What came of moving a place aside, in words; without a geometry there was no way to do it."""

    place: FieldType
    words: str
    geometry: dict[str, Any] | None


def ways_out(application: Application, step: Step, answers: Mapping[str, Any], found: Survey) -> WaysOut | None:
    """The ways out of the first conflict that the map found; None when nothing is in the way."""
    definition, session = application.definition, application.session
    place = next((one for one in definition.place_fields if found.conflicts.get(one)), None)
    if place is None:
        return None
    free = _free_from(session, definition, answers, place)
    office = session.scalar(select(Department).where(Department.key == definition.department))
    return WaysOut(
        place=next((one for one in step.fields if one.id == place), None),
        shift=f"{application.address(step)}/shift",
        period=_address_of_period(application, step, place),
        free=_("{day}から空きます。", day=date_ja(free)) if free else "",
        office=pick(office.title) if office else _("市役所"),
        office_key=definition.department,
    )


def move_aside(session: Session, definition: Definition, answers: Mapping[str, Any], place: FieldType) -> Moved:
    """The smallest change of a drawn place that its rules allow and that leaves other permits alone, if there is one."""
    value = answers.get(place.id)
    shift = _shift(session, definition, answers, place.id, value["geometry"]) if isinstance(value, dict) else None
    return Moved(place, _words(shift), shift.geometry if shift else None)


def _shift(
    session: Session, definition: Definition, answers: Mapping[str, Any], place: str, geometry: Mapping[str, Any]
) -> Shift | None:
    asked = definition.place_fields[place]
    try:
        return shift_clear(
            session,
            geometry,
            clear_of=other_cases(asked, *period_of(definition, answers, place), most=MOST_OTHERS),
            rules=layer_rules(asked),
            srid=plane_of(session).srid,
        )
    except PlaceError:
        return None


def _words(shift: Shift | None) -> str:
    if shift is None:
        return _("ほかの許可と重ならないように、自動でずらすことができませんでした。")
    if shift.metres is None:
        return _("重なる部分を除きました。")
    if not shift.metres:
        return _("重なっていないので、動かしませんでした。")
    wind = _WINDS[round((shift.bearing or 0) / 45) % len(_WINDS)]
    return _("{wind}へ{metres} m動かしました。", wind=_(wind), metres=f"{shift.metres:.1f}")


def _free_from(session: Session, definition: Definition, answers: Mapping[str, Any], place: str) -> date | None:
    """The first day from which a period as long as the one asked for meets nobody at that place; None if none is known."""
    starts, ends = period_of(definition, answers, place)
    asked = _period_field(definition, place)
    if starts is None or ends is None or asked is None:
        return None
    plane = plane_of(session)
    others = other_cases(definition.place_fields[place], starts, None, most=MOST_OTHERS)
    answer = ask_place(session, answers[place]["geometry"], clear_of=others, srid=plane.srid)
    if any(len(some) == MOST_OTHERS for some in answer.conflicts):
        return None
    taken = [(one.starts_on, one.ends_on) for some in answer.conflicts for one in some]
    day = first_free_day(taken, starts, ends)
    if day is None or day == starts:
        return None
    proposed = {"start": day.isoformat(), "end": (day + (ends - starts)).isoformat()}
    return None if asked.check(proposed, ReadContext(today(), plane=plane)) else day


def _period_field(definition: Definition, place: str) -> FieldType | None:
    """The period that a place is bound to."""
    rules = definition.place_fields[place].rules
    named = [rule.clear_of.during for rule in rules if rule.clear_of and rule.clear_of.during]
    return definition.fields[named[0]] if named else None


def _address_of_period(application: Application, step: Step, place: str) -> str:
    """Where the first day of the period is entered: on this page, else on its own; nowhere if no period counts."""
    asked = _period_field(application.definition, place)
    if asked is None:
        return ""
    its_page = application.definition.step_of(asked.id)
    begin = f"#{asked.id}.start" if asked.type == "date_range" else f"#{asked.id}"
    return begin if its_page.id == step.id else application.address(its_page) + begin
