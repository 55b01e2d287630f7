"""Cases as a table: the columns that somebody chose, and the same columns of everything that is filtered as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, render_template
from flask.typing import ResponseReturnValue

from portal.cases.case_list import CaseRow
from portal.cases.case_table import cells_of, choose_columns, chosen_columns, every_row
from portal.core.access import allow, right, staff_member
from portal.core.clock import today
from portal.core.csv_files import CHARSETS, ENCODINGS, csv_file
from portal.core.errors import Invalid, NotFound
from portal.core.events import Actor, Subject, record
from portal.core.forms import CheckboxListField, Form
from portal.core.web import db
from portal.desk.case_columns import Column, chosen_of, offered_columns, questions_of, shown, texts_of
from portal.desk.case_selection import current_listing
from portal.desk.listing import Listing
from portal.desk.rejected_action import try_action
from portal.procedures import Offer, offers

bp = Blueprint("desk_case_table", __name__, url_prefix="/desk/table")


class ColumnsForm(Form):
    """The columns to show."""

    column = CheckboxListField("列", choices=[])


@dataclass(frozen=True)
class CaseTable:
    """The table of a page: its columns, all that could be, and its cells in words by case."""

    columns: Sequence[Column]
    form: ColumnsForm
    cells: dict[int, list[str]]


def case_table(current: Listing, visible_offers: Sequence[Offer], rows: Sequence[CaseRow]) -> CaseTable:
    """The table of these lines, in two statements: what was chosen, and the cells."""
    offer = offer_of_table(current, visible_offers)
    offered = offered_columns(offer)
    columns = _columns(offer, offered)
    form = ColumnsForm(formdata=None, column=[column.key for column in columns])
    form.column.choices = [(column.key, column.title) for column in offered if column.key != "number"]
    cells = _cells(rows, current, columns)
    words = {
        row.id: [shown(value, column) for value, column in zip(cells[row.id], columns, strict=True)] for row in rows
    }
    return CaseTable(columns, form, words)


def offer_of_table(current: Listing, visible_offers: Sequence[Offer]) -> Offer | None:
    """The one procedure that the filter names, whose answers can be columns."""
    chosen = [offer for offer in visible_offers if offer.key in current.filter.procedures]
    return chosen[0] if len(chosen) == 1 == len(current.filter.procedures) else None


@bp.post("/columns")
@allow(right("case.see"))
def columns() -> ResponseReturnValue:
    """Keep which columns are shown, and go back to the table."""
    form, current = ColumnsForm(), current_listing()
    offer = offer_of_table(current, _visible_offers())
    known = {column.key for column in offered_columns(offer)}

    def act() -> None:
        chosen = [key for key in form.column.data if key in known]
        choose_columns(db(), staff_member().id, offer.key if offer else "", chosen)

    rejected = try_action(db(), "columns", act, form)
    back = current.href(layout="table")
    if rejected:
        return render_template("desk/columns_refused.html", rejected=rejected, back=back), rejected.status
    return redirect(back, 303)


@bp.get("/cases.<encoding>.csv")
@allow(right("case.see"))
def export(encoding: str) -> ResponseReturnValue:
    """Everything that is filtered, in its order and in the columns of the table. The download is an event."""
    if encoding not in ENCODINGS:
        raise NotFound
    current, staff = current_listing(), staff_member()
    if current.problems:
        raise Invalid(current.problems[0])
    offer = offer_of_table(current, _visible_offers())
    chosen = _columns(offer, offered_columns(offer))
    lines: list[list[Any]] = []
    for rows in every_row(db(), current):
        cells = _cells(rows, current, chosen)
        lines += [[_plain(value) for value in cells[row.id]] for row in rows]
    what = f"cases table {offer.key if offer else 'all'}"
    record(db(), Subject("export"), "export.made", Actor("staff", staff.id, staff.name), what=what, rows=len(lines))
    content = csv_file([column.title for column in chosen], lines, encoding)
    response = Response(content, mimetype=f"text/csv; charset={CHARSETS[encoding]}")
    response.headers["Content-Disposition"] = f'attachment; filename="cases-{today()}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _plain(value: str | int | date | None) -> str | int:
    return "" if value is None else value.isoformat() if isinstance(value, date) else value


def _columns(offer: Offer | None, offered: Sequence[Column]) -> list[Column]:
    return chosen_of(offered, chosen_columns(db(), staff_member().id, offer.key if offer else ""))


def _cells(
    rows: Sequence[CaseRow], current: Listing, columns: Sequence[Column]
) -> dict[int, list[str | int | date | None]]:
    with_money = staff_member().departments("payment.see")
    cells = cells_of(db(), rows, current, questions_of(columns), with_money)
    return {row.id: texts_of(row, cells, columns) for row in rows}


def _visible_offers() -> list[Offer]:
    departments = staff_member().departments("case.see")
    return [offer for offer in offers(db()) if offer.department_id in departments]
