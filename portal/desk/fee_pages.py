"""What the pages of waivers (減免) and of measured figures (実測) share: something is entered with a reason and a proof, and where the city's
limit asks for it a second person decides."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases import Case
from portal.cases.queries import case_for_staff
from portal.core.access import staff_member
from portal.core.errors import Invalid
from portal.core.events import Actor
from portal.core.text import _
from portal.core.web import db
from portal.desk.fee_forms import DecisionForm
from portal.desk.listing import filter_arguments
from portal.desk.rejected_action import RejectedAction, try_action
from portal.desk.viewing import record_look
from portal.files import StoredFile
from portal.payments import second_person_above


def case_of_page(case_id: int, needed: str) -> Case:
    """The case, for staff who hold the right in its department. Raises NotFound, Forbidden."""
    case = case_for_staff(db(), case_id, staff_member())
    staff_member().require(needed, case.department_id)
    return case


def try_decision(form: DecisionForm, ways: Mapping[str, Callable[[], object]]) -> RejectedAction | None:
    """Do what was pressed, one of `ways`."""

    def act() -> None:
        way = ways.get(form.act.data)
        if way is None:
            raise Invalid(_("どれか1つを選んでください。"))
        way()

    return try_action(db(), "decide", act, form)


def answer(case: Case, endpoint: str, rejected: RejectedAction | None, page: Callable[[], str]) -> ResponseReturnValue:
    """The page with what was rejected, or the way back to it."""
    if rejected:
        return page(), rejected.status
    return redirect(url_for(endpoint, case_id=case.id, **filter_arguments(request.args)), 303)


def fee_page(template: str, case: Case, files: list[StoredFile], **more: Any) -> str:
    """The page of a case, with what both kinds need; the look at it is recorded."""
    rendered = render_template(
        template,
        case=case,
        limit=second_person_above(db()),
        files={file.public_id: file for file in files},
        back=url_for("desk.case", case_id=case.id, **filter_arguments(request.args)),
        query=request.query_string.decode(),
        **more,
    )
    record_look(db(), staff_member(), case=case)
    return rendered


def fee_actor() -> Actor:
    """The member of staff who enters or decides."""
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)
