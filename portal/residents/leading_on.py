"""Where a statement of a form leads to (`leads_to`): the other procedure that must be done, with who takes it and how they are reached."""

from dataclasses import dataclass

from flask import Flask

from forms import Definition
from portal import procedures
from portal.core.errors import NotFound
from portal.core.tenancy import City, current_city
from portal.core.web import db
from portal.identity import Department, get_department


@dataclass(frozen=True)
class LeadingOn:
    """A procedure to which a page leads, with the department that keeps it."""

    definition: Definition
    department: Department
    city: City


def leading_on(key: str) -> LeadingOn | None:
    """The procedure with this key; None where the city does not offer it."""
    try:
        offer = procedures.offer(db(), key)
    except NotFound:
        return None
    return LeadingOn(offer.definition, get_department(db(), offer.department_id), current_city())


def install(app: Flask) -> None:
    """Let the pages of forms name it."""
    app.jinja_env.filters["leading_on"] = leading_on
