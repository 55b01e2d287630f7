"""Money that the city pays: decided in the drawer of its case, transferred from a list by those responsible for the money."""

from collections.abc import Callable, Collection
from datetime import timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import payouts
from portal.cases import (
    Case,
    SeenVersion,
    confirm_payout,
    decide_payout,
    moves,
    record_transfers,
    refuse_outdated,
    retry_payout,
)
from portal.cases.queries import case_for_staff, case_labels_of
from portal.core.access import allow, right, staff_member
from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.events import Actor
from portal.core.text import _
from portal.core.web import db
from portal.desk.case_list import page_of
from portal.desk.forms import ConsignorForm, PayoutForm, TransferForm, whole_number
from portal.desk.listing import filter_arguments
from portal.desk.rejected_action import try_action
from portal.desk.viewing import record_list
from portal.procedures import offers

bp = Blueprint("desk_payouts", __name__, url_prefix="/desk")


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)


def _departments() -> Collection[int]:
    return staff_member().departments("payout.transfer")


@bp.post("/cases/<int:case_id>/payouts/<int:payout_id>")
@allow(right("payout.decide"))
def decide(case_id: int, payout_id: int) -> ResponseReturnValue:
    """Decide, confirm or pay again; `cases` asks for the role, and that the page was not out of date."""
    staff = staff_member()
    case = case_for_staff(db(), case_id, staff)
    form = PayoutForm()

    def act() -> None:
        locked = moves.lock_case(db(), case.id)
        refuse_outdated(db(), locked, SeenVersion.parse(form.seen.data))
        _act(locked, payout_id, form)

    rejected = try_action(db(), f"payout-{payout_id}", act, form)
    if rejected:
        return page_of(case, rejected=rejected)
    return redirect(url_for("desk.case", case_id=case.id, **filter_arguments(request.args)), 303)


def _act(case: Case, payout_id: int, form: PayoutForm) -> None:
    staff, actor = staff_member(), _actor()
    deciding: dict[str, Callable[[], None]] = {
        "decide": lambda: decide_payout(
            db(), case, payout_id, amount=form.yen, reason=form.reason.data, actor=actor, staff=staff
        ),
        "confirm": lambda: confirm_payout(db(), case, payout_id, agrees=True, actor=actor, staff=staff),
        "return": lambda: confirm_payout(db(), case, payout_id, agrees=False, actor=actor, staff=staff),
        "retry": lambda: retry_payout(db(), case, payout_id, actor=actor, staff=staff),
    }
    act = deciding.get(form.act.data)
    if act is None:
        raise Invalid(_("どちらか1つを選んでください。"))
    act()


@bp.get("/payouts")
@allow(right("payout.transfer"))
def overview() -> str:
    """What was decided and waits to be transferred, the files made, and the account of the city."""
    return _page()


@bp.post("/payouts")
@allow(right("payout.transfer"))
def transfer() -> ResponseReturnValue:
    """Put the chosen payouts into a file."""
    form = TransferForm()
    departments = _departments()
    chosen = [number for text in form.payouts.data if (number := whole_number(text, digits=12)) is not None]
    made: list[payouts.PayoutBatch] = []

    def act() -> None:
        made.append(payouts.make_batch(db(), chosen, form.day, _actor(), departments))

    rejected = try_action(db(), "transfer", act, form)
    return (_page(form, rejected.message), rejected.status) if rejected else _to_batch(made[0].id)


@bp.post("/payouts/consignor")
@allow(right("payout.transfer"))
def save_consignor() -> ResponseReturnValue:
    """Say from which account transfers are made."""
    form = ConsignorForm()
    rejected = try_action(
        db(), "consignor", lambda: payouts.save_consignor(db(), form.consignor(), staff_member().id), form
    )
    if rejected:
        return _page(message=rejected.message, consignor_form=form), rejected.status
    return redirect(url_for("desk_payouts.overview"), 303)


@bp.get("/payouts/batches/<int:batch_id>")
@allow(right("payout.transfer"))
def batch(batch_id: int) -> str:
    """One file: what is in it, and what the bank made of it."""
    rows = payouts.payouts_of_batch(db(), batch_id, _departments())
    labels = case_labels_of(db(), [row.case_id for row in rows])
    rendered = render_template("desk/payout_batch.html", batch_id=batch_id, rows=rows, labels=labels)
    record_list(db(), staff_member(), f"payout batch {batch_id}", len(rows))
    return rendered


@bp.get("/payouts/batches/<int:batch_id>/file")
@allow(right("payout.transfer"))
def file(batch_id: int) -> Response:
    """The file as it was made, as often as it is needed."""
    response = Response(
        payouts.batch_file(db(), batch_id, _actor(), _departments()), mimetype="text/plain; charset=shift_jis"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="transfers-{batch_id}.txt"'
    return response


@bp.post("/payouts/batches/<int:batch_id>")
@allow(right("payout.transfer"))
def results(batch_id: int) -> ResponseReturnValue:
    """Record what was paid and what came back."""
    form = TransferForm()
    failed = [number for text in form.payouts.data if (number := whole_number(text, digits=12)) is not None]
    record_transfers(db(), batch_id, failed, _actor(), _departments())
    return _to_batch(batch_id)


def _to_batch(batch_id: int) -> ResponseReturnValue:
    return redirect(url_for("desk_payouts.batch", batch_id=batch_id), 303)


def _page(form: TransferForm | None = None, message: str = "", consignor_form: ConsignorForm | None = None) -> str:
    rows = payouts.decided_payouts(db(), _departments())
    sender = payouts.consignor(db())
    titles = {row.key: row.definition.title.ja for row in offers(db())}
    rendered = render_template(
        "desk/payouts.html",
        rows=rows,
        labels=case_labels_of(db(), [row.case_id for row in rows]),
        total=sum(row.amount or 0 for row in rows),
        batches=payouts.batches(db(), _departments()),
        budgets=[
            (titles.get(use.procedure_key, use.procedure_key), use)
            for use in payouts.budgets_used(db(), _departments())
        ],
        consignor=sender,
        form=form or TransferForm(formdata=None),
        consignor_form=consignor_form or ConsignorForm(formdata=None, **(vars(sender) if sender else {})),
        message=message,
        tomorrow=today() + timedelta(days=1),
    )
    record_list(db(), staff_member(), "payouts", len(rows))
    return rendered
