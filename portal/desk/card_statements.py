"""Files of card companies: looked at line by line, booked, and what differed explained."""

from functools import partial

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import tills
from portal.cases.queries import case_labels_of
from portal.core.access import allow, right, staff_member
from portal.core.web import db
from portal.desk.card_forms import CardColumnsForm, CardDifferenceForm, CardStatementForm, CardTakingForm
from portal.desk.forms import whole_number
from portal.desk.ledger_forms import day_of
from portal.desk.rejected_action import RejectedAction, form_of, try_action
from portal.desk.till_cards import cards_page
from portal.desk.till_forms import BRAND_TITLES, CARD_OUTCOMES
from portal.desk.tills import actor
from portal.desk.viewing import record_list
from portal.payments import cases_of_orders

bp = Blueprint("desk_card_statements", __name__, url_prefix="/desk/tills/cards")
SHOWN_LINES = 500


@bp.post("/statements")
@allow(right("till.manage"))
def add() -> ResponseReturnValue:
    """Keep a file to look at."""
    form, added = CardStatementForm(), list[tills.CardStatement]()

    def act() -> None:
        content = form.file.data.read() if form.file.data else b""
        added.append(tills.add_card_statement(db(), content, form.company.data, actor()))

    rejected = try_action(db(), "file", act, form)
    if rejected:
        return cards_page(rejected), rejected.status
    return redirect(url_for("desk_card_statements.show", statement_id=added[0].id), 303)


@bp.get("/statements/<int:statement_id>")
@allow(right("till.manage"))
def show(statement_id: int) -> str:
    """What a file holds and what becomes of each line, before anything is booked."""
    return _page(statement_id)


@bp.post("/statements/<int:statement_id>")
@allow(right("till.manage"))
def take(statement_id: int) -> ResponseReturnValue:
    """Say what the company's headings mean, book the file, or forget it."""
    form = CardTakingForm()
    if form.act.data == "drop":
        tills.drop_card_statement(db(), statement_id)
    elif form.act.data == "take":
        paid_on, reason, seen = day_of(form.paid_on.data), form.reason.data, form.seen.data
        take_it = partial(
            tills.take_card_statement, db(), statement_id, paid_on=paid_on, reason=reason, seen=seen, actor=actor()
        )
        rejected = try_action(db(), "take", take_it, form)
        if rejected:
            is_gone = tills.is_card_statement_taken(db(), statement_id)
            return cards_page(rejected) if is_gone else _page(statement_id, rejected), rejected.status
    else:
        tills.name_columns(db(), statement_id, CardColumnsForm().columns)
        return redirect(url_for("desk_card_statements.show", statement_id=statement_id), 303)
    return redirect(url_for("desk_till_cards.overview"), 303)


@bp.post("/lines/<int:line_id>")
@allow(right("till.manage"))
def explain(line_id: int) -> ResponseReturnValue:
    """Say why a line differs, or which payment its money is for."""
    form = CardDifferenceForm()
    if form.act.data == "assign":
        act = partial(tills.assign_card_difference, db(), line_id, whole_number(form.entry.data, digits=12), actor())
    else:
        act = partial(tills.explain_card_difference, db(), line_id, form.reason.data, actor())
    rejected = try_action(db(), f"line-{line_id}", act, form)
    if rejected:
        return cards_page(rejected), rejected.status
    return redirect(url_for("desk_till_cards.overview"), 303)


def _page(statement_id: int, rejected: RejectedAction | None = None) -> str:
    look = tills.preview_card_statement(db(), statement_id)
    entries = look.entries
    shown = sorted(look.matches, key=lambda match: match.outcome == "matches")[:SHOWN_LINES]
    cases = cases_of_orders(db(), [entry.order_id for entry in entries.values()])
    columns = CardColumnsForm(formdata=None, **look.columns)
    rendered = render_template(
        "desk/card_statement.html",
        look=look,
        shown=shown,
        entries=entries,
        case_of=cases,
        labels=case_labels_of(db(), set(cases.values())),
        outcomes=CARD_OUTCOMES,
        brands=BRAND_TITLES,
        form=form_of(rejected, "take", CardTakingForm),
        columns=columns.fields,
        rejected=rejected,
    )
    record_list(db(), staff_member(), "card statement", len(look.matches))
    return rendered
