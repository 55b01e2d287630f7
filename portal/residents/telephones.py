"""Whom a note tells people to phone: the city itself, or a department by its key."""

from forms.fields.statement import CITY
from portal.core.tenancy import current_city
from portal.core.web import db
from portal.identity import department_by_key


def telephone_of(called: str) -> str:
    """The telephone of the city (`city`) or of a department; one that has none, or that the city does not have, is reached by the city's."""
    department = None if called == CITY else department_by_key(db(), called)
    return (department.phone if department else None) or current_city().phone
