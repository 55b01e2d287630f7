"""Acting on many cases of the list together: chosen, read once more, done by the worker, told of case by case, and taken back."""

from collections import Counter
from collections.abc import Callable, Sequence

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import standard_texts
from portal.cases import (
    bulk,
)
from portal.cases.bulk import BulkAction, case_rows, reason_words
from portal.cases.case_layers import titles_of_layers
from portal.core.access import allow, right, staff_member
from portal.core.errors import Invalid
from portal.core.text import _
from portal.core.web import db
from portal.desk.bulk_forms import BulkForm, ChoiceForm, kept_form, offer_choices
from portal.desk.case_selection import current_listing
from portal.desk.forms import whole_number
from portal.desk.layer_forms import FORMATS
from portal.desk.listing import filter_arguments
from portal.desk.rejected_action import RejectedAction, try_action
from portal.desk.viewing import record_list
from portal.procedures import published_procedures

bp = Blueprint("desk_bulk", __name__, url_prefix="/desk/bulk")

PAGE = 200
"""Cases on a page of the report."""


@bp.post("")
@allow(right("case.see"))
def choose() -> ResponseReturnValue:
    """Choose the cases that are ticked, or with `scope` all those of the list under its filter."""
    form = ChoiceForm()
    chosen: list[BulkAction] = []

    def act() -> None:
        current = current_listing()
        if form.scope.data != "all":
            chosen.append(bulk.choose_ticked(db(), form.ticked, staff_member()))
        elif current.problems:
            raise Invalid(current.problems[0])
        else:
            chosen.append(bulk.choose_listed(db(), current, staff_member()))

    rejected = try_action(db(), "bulk", act)
    if rejected:
        back = url_for("desk.cases", **filter_arguments(request.args))
        return render_template("desk/bulk_refused.html", rejected=rejected, back=back), rejected.status
    return redirect(url_for("desk_bulk.show", bulk_id=chosen[0].id, **filter_arguments(request.args)), 303)


@bp.get("/<int:bulk_id>")
@allow(right("case.see"))
def show(bulk_id: int) -> ResponseReturnValue:
    """What can be done with the chosen cases; how far it is, once it was begun; and at the end what became of each."""
    row = bulk.bulk_of(db(), bulk_id, staff_member())
    if row.state == "chosen":
        return _choice(row, kept_form(row))
    if request.headers.get("HX-Request") == "true" and row.state not in bulk.RUNNING:
        return Response(headers={"HX-Refresh": "true"})
    return _report(row)


@bp.post("/<int:bulk_id>/confirm")
@allow(right("case.see"))
def propose(bulk_id: int) -> ResponseReturnValue:
    """Keep what would be done, and lead to the page that says it once more: one to which Back leads without sending anything again."""
    row = bulk.bulk_of(db(), bulk_id, staff_member())
    if row.state != "chosen":
        return redirect(_address(row), 303)
    form = BulkForm()
    offer_choices(db(), form, bulk.read_chosen(db(), row.id), staff_member())

    def act() -> None:
        bulk.propose(db(), row.id, form.proposal(), staff_member())

    rejected = _try(form, act)
    if rejected:
        return _choice(row, form, rejected), rejected.status
    return redirect(url_for("desk_bulk.confirm", bulk_id=row.id, **filter_arguments(request.args)), 303)


@bp.get("/<int:bulk_id>/confirm")
@allow(right("case.see"))
def confirm(bulk_id: int) -> ResponseReturnValue:
    """Say once more what would be done, and which cases are left out of it and why. Nothing is done."""
    row = bulk.bulk_of(db(), bulk_id, staff_member())
    if row.state != "chosen" or row.act is None:
        return redirect(_address(row), 303)
    form = kept_form(row)
    offer_choices(db(), form, bulk.read_chosen(db(), row.id), staff_member())
    proposal = bulk.Proposal(row.act, row.assignee_id, row.to_department, row.body)
    looked = bulk.outlook(db(), row, proposal, staff_member())
    return render_template(
        "desk/bulk_confirm.html", bulk=row, form=form, outlook=looked, reason_words=reason_words, query=_query()
    )


@bp.post("/<int:bulk_id>/start")
@allow(right("case.see"))
def start(bulk_id: int) -> ResponseReturnValue:
    """Have it done. What was begun already is not begun again."""
    row = bulk.bulk_of(db(), bulk_id, staff_member())
    form = BulkForm()
    offer_choices(db(), form, bulk.read_chosen(db(), row.id), staff_member())

    def act() -> None:
        bulk.start(db(), row.id, form.proposal(), staff_member())

    rejected = _try(form, act) if row.state == "chosen" else None
    return (_choice(row, form, rejected), rejected.status) if rejected else redirect(_address(row), 303)


@bp.post("/<int:bulk_id>/stop")
@allow(right("case.see"))
def stop(bulk_id: int) -> ResponseReturnValue:
    """Leave the rest undone."""
    bulk.stop(db(), bulk_id, staff_member())
    return redirect(url_for("desk_bulk.show", bulk_id=bulk_id, **filter_arguments(request.args)), 303)


@bp.post("/<int:bulk_id>/take-back")
@allow(right("case.assign"))
def take_back(bulk_id: int) -> ResponseReturnValue:
    """Put the cases back on the desks from which they were taken."""
    bulk.take_back(db(), bulk_id, staff_member())
    return redirect(url_for("desk_bulk.show", bulk_id=bulk_id, **filter_arguments(request.args)), 303)


@bp.get("/<int:bulk_id>/print")
@allow(right("case.see"))
def paper(bulk_id: int) -> str:
    """The list of the chosen cases, for paper."""
    row = bulk.bulk_of(db(), bulk_id, staff_member())
    rows = case_rows(db(), bulk.case_ids_of(db(), row.id), current_listing())
    page = render_template("desk/bulk_print.html", bulk=row, rows=rows)
    record_list(db(), staff_member(), "bulk print", len(rows))
    return page


def _try(form: BulkForm, act: Callable[[], object]) -> RejectedAction | None:
    if form.act.data not in bulk.RIGHTS:
        return RejectedAction("bulk", _("することを選んでください。"), 422, {}, form)
    return try_action(db(), form.act.data, act, form)


def _address(row: BulkAction) -> str:
    return url_for("desk_bulk.show", bulk_id=row.id, **filter_arguments(request.args))


def _choice(row: BulkAction, form: BulkForm, rejected: RejectedAction | None = None) -> str:
    chosen, staff = bulk.read_chosen(db(), row.id), staff_member()
    offer_choices(db(), form, chosen, staff)
    placed = staff.departments("case.read_place")
    keys = {each.procedure for each in chosen if each.department_id in placed}
    layers = [titles_of_layers(offer) for offer in published_procedures(db()) if offer.key in keys]
    return render_template(
        "desk/bulk.html",
        bulk=row,
        form=form,
        rejected=rejected,
        count=len(chosen),
        titles=Counter(each.title for each in chosen).most_common(),
        may={act: any(staff.may(name, each.department_id) for each in chosen) for act, name in bulk.RIGHTS.items()},
        layers={key: title for named in layers for key, title in named.items()},
        formats=FORMATS,
        texts=_texts(chosen),
        pieces=standard_texts.pieces,
        query=_query(),
    )


def _texts(chosen: list[bulk.Chosen]) -> Sequence[standard_texts.StandardText]:
    """The messages that the departments of the chosen cases have for all of their procedures at once."""
    departments = {each.department_id for each in chosen if staff_member().may("case.message", each.department_id)}
    keys = {each.procedure for each in chosen}
    return standard_texts.texts_for(db(), departments, keys if len(keys) == 1 else (), kind="message")


def _report(row: BulkAction) -> str:
    counts = bulk.outcomes(db(), row.id)
    after = whole_number(request.args.get("after", ""), digits=6) or 0
    running = row.state in bulk.RUNNING
    lines = [] if running else bulk.report(db(), row.id, after=after, limit=PAGE)
    alone = request.headers.get("HX-Request") == "true"
    return render_template(
        "desk/_bulk_progress.html" if alone else "desk/bulk_report.html",
        bulk=row,
        counts=counts,
        total=sum(counts.values()),
        rest=counts["waiting"] if row.state == "running" else counts["done"],
        lines=lines,
        next_after=after + PAGE if after + PAGE < sum(counts.values()) else None,
        reason_words=reason_words,
        query=_query(),
    )


def _query() -> str:
    return current_listing().query
