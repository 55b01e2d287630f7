"""The payments of one day, for those who are responsible for the money: on the screen, on paper, and as CSV."""

from datetime import date, timedelta

from flask import Blueprint, Response, render_template, request

from portal.core.access import allow, right, staff_member
from portal.core.clock import TOKYO, today
from portal.core.csv_files import csv_file
from portal.core.events import Actor, Subject, record
from portal.core.text import _
from portal.core.web import db
from portal.desk.failed_refunds import failed_refunds
from portal.desk.payment_entries import PaymentEntry, grand_total, payment_entries, totals_by_procedure
from portal.desk.reviews import under_review
from portal.desk.viewing import record_list
from portal.payments import method_name

bp = Blueprint("desk_daily_payments", __name__, url_prefix="/desk/payments")

_HEAD = ("日時", "種類", "受付番号", "手続き", "方法", "金額(円)", "決済手数料(円)", "決済の番号")


@bp.get("")
@allow(right("payment.see"))
def day() -> str:
    """The payments and refunds of one day."""
    selected = _selected_day()
    entries = _entries(selected)
    totals = totals_by_procedure(entries)
    rendered = render_template(
        "desk/payments.html",
        day=selected,
        before=selected - timedelta(days=1),
        after=selected + timedelta(days=1) if selected < today() else None,
        entries=entries,
        totals=totals,
        grand_total=grand_total(totals),
        waiting=len(under_review(db(), staff_member().departments("payment.see"))),
        failed=len(failed_refunds()) if staff_member().may("payment.refund") else 0,
        method_name=method_name,
    )
    record_list(db(), staff_member(), f"payments {selected.isoformat()}", len(entries))
    return rendered


@bp.get("/table.csv")
@allow(right("payment.see"))
def table() -> Response:
    """The same entries as a file for spreadsheets."""
    selected = _selected_day()
    entries = _entries(selected)
    rows = [
        (
            f"{entry.at.astimezone(TOKYO):%Y-%m-%d %H:%M}",
            _("入金") if entry.amount > 0 else _("返金"),
            entry.number,
            entry.procedure,
            method_name(entry.method),
            entry.amount,
            "" if entry.fee is None else entry.fee,
            entry.source or "",
        )
        for entry in entries
    ]
    staff = staff_member()
    record(
        db(),
        Subject("export"),
        "export.made",
        Actor("staff", staff.id, staff.name),
        what="payments",
        rows=len(entries),
        **{"from": selected.isoformat(), "to": selected.isoformat()},
    )
    response = Response(csv_file(_HEAD, rows, "utf-8"), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="payments-{selected}.csv"'
    return response


def _entries(selected: date) -> list[PaymentEntry]:
    return payment_entries(db(), selected, staff_member().departments("payment.see"))


def _selected_day() -> date:
    """Return the day in the query string; today when it is missing or not a date."""
    try:
        selected = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today()
    return min(max(selected, date(2000, 1, 1)), today())
