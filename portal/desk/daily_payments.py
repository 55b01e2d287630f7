"""The page of the day's payments, for those who answer for the money: on the screen, on paper, and as a table to take along."""

import csv
import io
from datetime import date, timedelta

from flask import Blueprint, Response, render_template, request

from portal.core.access import allow, right, staff_member
from portal.core.clock import TOKYO, now, today
from portal.core.events import Actor, Subject, record
from portal.core.text import _
from portal.core.web import db
from portal.desk.payment_entries import PaymentEntry, grand_total, payment_entries, totals_by_procedure
from portal.desk.reviews import under_review
from portal.desk.viewing import record_list
from portal.payments import queries
from portal.payments.labels import method_name

bp = Blueprint("desk_daily_payments", __name__, url_prefix="/desk/payments")

IMPORT_DELAY = timedelta(hours=36)
"""The provider's book is taken over every night; what is younger may not stand in it yet."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@bp.get("")
@allow(right("payment.see"))
def day() -> str:
    """The payments and refunds of one day, and where our book and the provider's do not agree."""
    chosen = _day()
    lines = _lines(chosen)
    parts = totals_by_procedure(lines)
    rendered = render_template(
        "desk/payments.html",
        day=chosen,
        before=chosen - timedelta(days=1),
        after=chosen + timedelta(days=1) if chosen < today() else None,
        lines=lines,
        parts=parts,
        total=grand_total(parts),
        waiting=len(under_review(db(), staff_member().departments("payment.see"))),
        differences=queries.discrepancies(db(), read_until=now() - IMPORT_DELAY),
        method_name=method_name,
    )
    record_list(db(), staff_member(), f"payments {chosen.isoformat()}", len(lines))
    return rendered


@bp.get("/table.csv")
@allow(right("payment.see"))
def table() -> Response:
    """The same lines as CSV that spreadsheets in Japan open as it is: UTF-8 with its mark, lines ended as RFC 4180 says."""
    chosen = _day()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["日時", "種類", "受付番号", "手続き", "方法", "金額(円)", "決済手数料(円)", "決済の番号"])
    lines = _lines(chosen)
    for one in lines:
        writer.writerow(
            [
                f"{one.at.astimezone(TOKYO):%Y-%m-%d %H:%M}",
                _("入金") if one.amount > 0 else _("返金"),
                one.number,
                _cell(one.procedure),
                method_name(one.method),
                one.amount,
                "" if one.fee is None else one.fee,
                one.source or "",
            ]
        )
    staff = staff_member()
    record(
        db(),
        Subject("export"),
        "export.made",
        Actor("staff", staff.id, staff.name),
        what="payments",
        rows=len(lines),
        **{"from": chosen.isoformat(), "to": chosen.isoformat()},
    )
    response = Response(out.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="payments-{chosen}.csv"'
    return response


def _lines(chosen: date) -> list[PaymentEntry]:
    return payment_entries(db(), chosen, staff_member().departments("payment.see"))


def _day() -> date:
    """The day that was asked for; today when none, or none that there is, was."""
    try:
        chosen = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today()
    return min(max(chosen, date(2000, 1, 1)), today())


def _cell(words: str) -> str:
    """Words that a spreadsheet does not take for a formula."""
    return f"'{words}" if words.startswith(_FORMULA) else words
