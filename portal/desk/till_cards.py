"""What the operator of the card readers pays to the bank: entered by the accounts department from its statement."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import tills
from portal.cases.queries import case_labels_of
from portal.core.access import allow, right, staff_member
from portal.core.clock import today
from portal.core.forms import Form
from portal.core.text import _, moment_ja
from portal.core.web import db
from portal.desk.card_forms import CardDifferenceForm, CardStatementForm
from portal.desk.forms import whole_number
from portal.desk.ledger_forms import day_of
from portal.desk.rejected_action import RejectedAction, form_of, try_action
from portal.desk.till_forms import BRAND_TITLES, CARD_OUTCOMES, SettlementForm, number_of
from portal.desk.tills import actor, people
from portal.desk.viewing import record_list
from portal.payments import cases_of_orders

bp = Blueprint("desk_till_cards", __name__, url_prefix="/desk/tills/cards")
_SHOWN = timedelta(days=400)


@bp.get("")
@allow(right("till.manage"))
def overview() -> str:
    """What the card readers took that is still on its way, and what was paid."""
    return cards_page()


@bp.post("")
@allow(right("till.manage"))
def settle() -> ResponseReturnValue:
    """Record that the operator paid."""
    form = SettlementForm()
    inputs = tills.SettlementInputs(
        [number for text in form.entries.data if (number := whole_number(text, digits=12)) is not None],
        form.company.data,
        day_of(form.paid_on.data),
        number_of(form.gross.data),
        number_of(form.fee.data),
        form.reason.data,
    )
    rejected = try_action(db(), "settle", lambda: tills.settle_cards(db(), inputs, actor()), form)
    if rejected:
        return cards_page(rejected), rejected.status
    return redirect(url_for("desk_till_cards.overview"), 303)


def cards_page(rejected: RejectedAction | None = None) -> str:
    """The page of the card companies, after something on it was rejected with what was typed."""
    entries = tills.unsettled_entries(db())
    differences = tills.open_card_differences(db())
    order_of = tills.orders_of_entries(db(), [line.entry_id for line in differences if line.entry_id])
    cases = cases_of_orders(db(), [*(entry.order_id for entry in entries), *order_of.values()])
    form = form_of(rejected, "settle", SettlementForm)
    rendered = render_template(
        "desk/till_cards.html",
        entries=[(entry, tills.signed(entry)) for entry in entries],
        total=sum(tills.signed(entry) for entry in entries),
        chosen=set(form.entries.data or ())
        if rejected and rejected.name == "settle"
        else {str(entry.id) for entry in entries},
        differences=differences,
        order_of=order_of,
        outcomes=CARD_OUTCOMES,
        explanation=lambda line: _difference_form(rejected, line, entries),
        file_form=form_of(rejected, "file", CardStatementForm),
        companies=tills.card_companies(db()),
        settlements=tills.settlements_between(db(), today() - _SHOWN, today()),
        case_of=cases,
        labels=case_labels_of(db(), set(cases.values())),
        brands=BRAND_TITLES,
        people=people(),
        form=form,
        rejected=rejected,
    )
    record_list(db(), staff_member(), "card settlements", len(entries))
    return rendered


def _difference_form(
    rejected: RejectedAction | None, line: tills.CardStatementLine, entries: Sequence[tills.TillEntry]
) -> Form:
    """The form of a line that differs, with the payments that its money can be for."""
    form = form_of(rejected, f"line-{line.id}", CardDifferenceForm)
    form["entry"].choices = [
        (str(entry.id), f"{moment_ja(entry.entered_at)} {_('伝票番号「{number}」', number=entry.slip_number or '—')}")
        for entry in entries
        if line.difference and tills.signed(entry) == line.difference
    ]
    return form
