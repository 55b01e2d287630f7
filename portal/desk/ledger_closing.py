"""Closing days and months, opening them again by two people, and the codes of the budget."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from common.fiscal_years import fiscal_year
from portal import identity, ledger, payments, procedures, tills
from portal.core.access import allow, right
from portal.core.clock import today
from portal.core.errors import Invalid
from portal.core.text import _
from portal.core.web import db
from portal.desk.ledger import actor
from portal.desk.ledger_forms import ClosingForm, CodeForm, ReopeningForm
from portal.desk.rejected_action import RejectedAction, try_action

bp = Blueprint("desk_ledger_closing", __name__, url_prefix="/desk/ledger")
SHOWN = timedelta(days=62)


@bp.get("/closings")
@allow(right("ledger.see"))
def closings() -> str:
    """The closings of two months, and what somebody asks to open."""
    return _closings()


@bp.post("/closings")
@allow(right("ledger.close"))
def close() -> ResponseReturnValue:
    """Close the days until one, or a month."""
    form = ClosingForm()

    def act() -> None:
        if form.period.data == "month":
            ledger.close_month(db(), form.day, actor())
        else:
            ledger.close_days(db(), form.day, actor())

    rejected = try_action(db(), "close", act, form)
    if rejected:
        return _closings(form, rejected), rejected.status
    return redirect(url_for("desk_ledger_closing.closings"), 303)


@bp.post("/closings/<int:closing_id>")
@allow(right("ledger.close"))
def reopening(closing_id: int) -> ResponseReturnValue:
    """Ask for a closing to be opened, take that back, or open it as the second person."""
    form, closing = ReopeningForm(), ledger.get_closing(db(), closing_id)

    def act() -> None:
        if form.act.data == "ask":
            ledger.ask_to_reopen(db(), closing.id, form.reason.data, actor())
        elif form.act.data == "withdraw":
            ledger.withdraw_reopening(db(), closing.id, actor())
        elif form.act.data == "open":
            ledger.reopen(db(), closing.id, actor())
        else:
            raise Invalid(_("どちらか1つを選んでください。"))

    rejected = try_action(db(), f"closing-{closing_id}", act, form)
    if rejected:
        return _closings(rejected=rejected), rejected.status
    return redirect(url_for("desk_ledger_closing.closings"), 303)


def _closings(form: ClosingForm | None = None, rejected: RejectedAction | None = None) -> str:
    last_month = ledger.first_of_month(ledger.first_of_month(today()) - timedelta(days=1))
    initial = {"until": (today() - timedelta(days=1)).isoformat(), "month": f"{last_month:%Y-%m}"}
    rows = ledger.closings_since(db(), today() - SHOWN)
    return render_template(
        "desk/ledger_closings.html",
        form=form or ClosingForm(formdata=None, **initial),
        rejected=rejected,
        reopening_form=ReopeningForm(formdata=None),
        rows=rows,
        waiting=ledger.waiting_reopenings(db()),
        unfinished=_unfinished(),
        people={staff.id: staff.name for staff in identity.list_staff(db())},
        actor=actor(),
    )


def _unfinished() -> list[tuple[str, int, str]]:
    """What is not finished while somebody closes: its words, how often, and where it is done. It closes nothing, but is not to be overlooked."""
    matters = payments.open_matters(db())
    unfinished = [
        (_("締めていないレジ"), tills.count_open_tills(db()), "/desk/tills"),
        (_("承認を待っている返金と減免"), matters.undecided, ""),
        (_("職員が返すお金"), matters.to_carry_out, ""),
        (_("確認が必要な支払い"), matters.under_review, ""),
        (_("カードの異議"), matters.disputed, ""),
        (_("カード会社の明細とのちがい"), tills.count_open_card_differences(db()), "/desk/tills/cards"),
        (_("帳簿のちがい"), len(ledger.open_differences(db())), "/desk/ledger/differences"),
    ]
    return [row for row in unfinished if row[1]]


@bp.get("/codes")
@allow(right("ledger.see"))
def codes() -> str:
    """The codes of a fiscal year: what is not set comes first."""
    return _codes()


@bp.post("/codes")
@allow(right("ledger.close"))
def set_code() -> ResponseReturnValue:
    """Say to which code a fee belongs; what is booked on open days moves there."""
    form = CodeForm()
    fee = ledger.Fee(form.procedure.data, form.fee.data)

    def act() -> None:
        if fee not in _fees():
            raise Invalid(_("この手続きの料金は見つかりません。"))
        ledger.set_account_code(db(), fee, _year(form.year.data), form.code.data, form.title.data, actor())

    rejected = try_action(db(), "code", act, form)
    if rejected:
        return _codes(form, rejected), rejected.status
    return redirect(url_for("desk_ledger_closing.codes", year=_year(form.year.data)), 303)


def _codes(form: CodeForm | None = None, rejected: RejectedAction | None = None) -> str:
    year = _year(form.year.data if form else request.args.get("year", ""))
    known, fees = ledger.account_codes(db(), year), _fees()
    return render_template(
        "desk/ledger_codes.html",
        year=year,
        years=range(fiscal_year(today()) + 1, fiscal_year(today()) - 3, -1),
        rows=sorted(fees.items(), key=lambda row: (row[0] in known, row[1])),
        known=known,
        covered={fee for fee in fees if ledger.Fee(fee.procedure_key) in known},
        form_class=CodeForm,
        posted=form,
        rejected=rejected,
    )


def _fees() -> dict[ledger.Fee, tuple[str, str]]:
    """Every fee that procedures ask for or that is in the books, with the titles of procedure and line."""
    titles = procedures.procedure_titles(db())
    named = {}
    for offer in procedures.offers(db()):
        definition = offer.definition
        lines = [
            *((rule.id, rule.label) for rule in definition.fee),
            *((rule.id, rule.label) for rule in definition.payout),
        ]
        title = definition.title.for_language("ja")
        if lines:
            named[ledger.Fee(offer.key)] = (title, _("すべての料金"))
        named |= {ledger.Fee(offer.key, line): (title, label.for_language("ja")) for line, label in lines if line}
    booked = ledger.booked_fees(db(), ledger.first_of_month(today() - timedelta(days=365)), today())
    return {
        fee: (titles.get(fee.procedure_key, fee.procedure_key), fee.fee or _("すべての料金")) for fee in booked
    } | named


def _year(text: str) -> int:
    now = fiscal_year(today())
    return int(text) if text.isdecimal() and now - 10 <= int(text[:5]) <= now + 1 else now
