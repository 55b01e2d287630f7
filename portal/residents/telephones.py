"""Whom a note tells people to phone: the city itself, or a department by its key; and when they answer."""

from forms.fields.statement import CITY
from portal.core.clock import now
from portal.core.tenancy import current_city
from portal.core.text import _, date_ja
from portal.core.web import db
from portal.identity import department_by_key
from portal.residents import office_hours


def telephone_of(called: str) -> str:
    """The telephone of the city (`city`) or of a department; one that has none, or that the city does not have, is reached by the city's."""
    department = None if called == CITY else department_by_key(db(), called)
    return (department.phone if department else None) or current_city().phone


def answering_hours() -> str:
    """Whether the city hall answers the telephone now and until when, else when it does next."""
    moment, hours = now(), current_city().hours
    until = office_hours.open_until(moment, hours)
    if until is not None:
        return _("いま、電話がつながります({time}まで)。", time=f"{until:%H:%M}")
    following = office_hours.opens_next(moment, hours)
    return _("電話は、次の開庁日 {day} {time}からです。", day=date_ja(following), time=f"{following:%-H:%M}")
