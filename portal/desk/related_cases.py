"""Cases that have to do with one: shown on a page of their own, joined there, and separated again."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases import Case, SeenVersion, queries, related, seen_version, sight_of, sister_cases
from portal.core.access import allow, right, staff_member
from portal.core.forms import CheckboxListField, Form, HiddenField
from portal.core.models import MAX_ID
from portal.core.web import db
from portal.desk.forms import whole_number
from portal.desk.listing import filter_arguments
from portal.desk.rejected_action import RejectedAction, try_action
from portal.desk.viewing import record_look
from portal.procedures import definition_of

bp = Blueprint("desk_related_cases", __name__, url_prefix="/desk/cases")


class JoinForm(Form):
    """The cases that are to follow this one, or the one that is to go its own way; `seen` is this case as the page showed it."""

    seen = HiddenField()
    case = CheckboxListField("案件")

    @property
    def ids(self) -> list[int]:
        """The ids that were ticked; text that is none is left out."""
        numbers = (whole_number(text, digits=19) for text in self.case.data)
        return [number for number in numbers if number and number <= MAX_ID]


@bp.get("/<int:case_id>/related")
@allow(right("case.see"))
def show(case_id: int) -> str:
    """What it is joined with, what is probably the same, and what else there is of the person and at the place."""
    case = queries.case_for_staff(db(), case_id, staff_member())
    page = _page(case)
    record_look(db(), staff_member(), case=case)
    return page


@bp.post("/<int:case_id>/related/join")
@allow(right("case.assign"))
def join(case_id: int) -> ResponseReturnValue:
    """Let other cases follow this one."""
    case = queries.case_for_staff(db(), case_id, staff_member())
    form = JoinForm()
    seen = SeenVersion.parse(form.seen.data)
    return _answer(case, partial(related.join, db(), case.id, form.ids, staff_member(), seen=seen), form)


@bp.post("/<int:case_id>/related/separate")
@allow(right("case.assign"))
def separate(case_id: int) -> ResponseReturnValue:
    """Let a case that follows, this one or one of its followers, go its own way."""
    case = queries.case_for_staff(db(), case_id, staff_member())
    form = JoinForm()
    joined = related.joined_with(db(), case)
    ours = {follower.id for follower in joined.followers}

    def act() -> None:
        for follower_id in ours.intersection(form.ids):
            related.separate(db(), follower_id, staff_member())

    return _answer(case, act, form)


def _answer(case: Case, act: Callable[[], object], form: JoinForm) -> ResponseReturnValue:
    rejected = try_action(db(), "join", act, form)
    if rejected:
        return _page(case, rejected), rejected.status
    return redirect(url_for("desk_related_cases.show", case_id=case.id, **filter_arguments(request.args)), 303)


def _page(case: Case, rejected: RejectedAction | None = None) -> str:
    staff = staff_member()
    sight = sight_of(staff, case)
    departments = staff.departments("case.see")
    related_cases = related.related_cases(db(), case, departments, by_person=sight.answers, by_place=sight.place)
    joined = related.joined_with(db(), case)
    return render_template(
        "desk/related_cases.html",
        case=case,
        related=related_cases,
        joined=joined,
        sisters=sister_cases(db(), case, staff),
        joined_ids={each.id for each in joined.followers} | ({joined.lead.id} if joined.lead else set()),
        may_join=related.may_be_joined(definition_of(db(), case.version_id)) and case.closed_at is None,
        may_assign=staff.may("case.assign", case.department_id),
        state_of=_state_of,
        seen=seen_version(db(), case),
        rejected=rejected,
        metres=related.METRES,
        query=filter_arguments(request.args),
    )


def _state_of(row: related.RelatedCase | Case) -> str:
    return queries.state_of(row, definition_of(db(), row.version_id)).title.for_language("ja")
