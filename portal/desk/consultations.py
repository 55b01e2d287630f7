"""The desk's list of what other departments ask (照会): stages of their cases that are done here."""

from flask import Blueprint, render_template

from portal.cases import waiting_consultations
from portal.core.access import allow, right, staff_member
from portal.core.text import pick
from portal.core.web import db
from portal.desk.viewing import record_list
from portal.identity import list_departments

_SHOWN = 100
"""Rows of the list; the next come up as the first are answered."""

bp = Blueprint("desk_consultations", __name__, url_prefix="/desk/consultations")


@bp.get("")
@allow(right("case.see"))
def waiting() -> str:
    """What waits for this person's departments, longest waiting first."""
    staff = staff_member()
    rows = waiting_consultations(db(), staff, _SHOWN + 1)
    more, rows = len(rows) > _SHOWN, rows[:_SHOWN]
    titles = {department.id: pick(department.title) for department in list_departments(db(), with_closed=True)}
    rendered = render_template("desk/consultations.html", rows=rows, more=more, titles=titles)
    record_list(db(), staff, "consultations", len(rows))
    return rendered
