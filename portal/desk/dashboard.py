"""The dashboard: how many applications come and by which way, how long they take, what is late, what is paid, where people stop, where the need is."""

import hashlib
from typing import Any

from flask import Blueprint, Response, render_template, request

from portal import procedures
from portal.core.access import allow, right, staff_member
from portal.core.clock import now
from portal.core.csv_files import CHARSETS, ENCODINGS, csv_file
from portal.core.errors import NotFound
from portal.core.events import Actor, Subject, record
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.desk.charts import bar_chart, line_chart, parts_of, sparkline
from portal.desk.dashboard_board import Board, percent, read_board, share
from portal.desk.dashboard_map import RAMP, few_below, need, need_picture
from portal.desk.dashboard_question import PERIODS, STEPS, Question, read_question
from portal.identity import list_departments
from portal.maps import picture_response

bp = Blueprint("desk_dashboard", __name__, url_prefix="/desk/dashboard")

_SEE = right("case.see_figures")
_SHOWN_DEPARTMENTS = 10


@bp.get("")
@allow(_SEE)
def overview() -> str:
    """Everything, for the days, the department and the procedure of the address."""
    board = _board()
    return render_template(
        "desk/dashboard.html",
        board=board,
        question=board.question,
        tables=board.tables,
        periods=PERIODS,
        steps=STEPS,
        few=few_below(),
        colours=RAMP,
        updated=now(),
        share=share,
        percent=percent,
        shown_departments=_SHOWN_DEPARTMENTS,
        **_charts(board),
    )


@bp.get("/need.svg")
@allow(_SEE)
def picture() -> Response:
    """The map of the need."""
    question, departments = _question()[:2]
    seen = frozenset(departments) if question.department is None else frozenset([question.department])
    classes = need(db(), seen, question.procedure)
    tag = hashlib.sha256(repr(classes).encode()).hexdigest()[:32]
    return picture_response(tag, lambda: need_picture(current_city(), classes))


@bp.get("/<key>.csv")
@allow(_SEE)
def table(key: str) -> Response:
    """One part as a file, which is an event."""
    encoding = request.args.get("encoding", "cp932")
    board = _board()
    part = board.tables.get(key)
    if part is None or encoding not in ENCODINGS:
        raise NotFound
    staff, question = staff_member(), board.question
    days = {"from": question.begin.isoformat(), "to": question.end.isoformat()}
    what = f"figures {key}"
    record(
        db(),
        Subject("export"),
        "export.made",
        Actor("staff", staff.id, staff.name),
        what=what,
        rows=len(part.rows),
        **days,
    )
    response = Response(csv_file(part.head, part.rows, encoding), mimetype=f"text/csv; charset={CHARSETS[encoding]}")
    response.headers["Content-Disposition"] = f'attachment; filename="{key}-{question.begin}-{question.end}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _question() -> tuple[Question, dict[int, str], list[procedures.Offer]]:
    """What is asked, the departments whose figures this person sees, and the procedures of these."""
    held = staff_member().departments("case.see_figures")
    departments = {each.id: each.title["ja"] for each in list_departments(db()) if each.id in held}
    offers = [offer for offer in procedures.published_procedures(db()) if offer.department_id in departments]
    titles = {offer.key: offer.definition.title.for_language("ja") for offer in offers}
    return read_question(request.args, departments, titles), departments, offers


def _board() -> Board:
    return read_board(db(), *_question())


def _charts(board: Board) -> dict[str, Any]:
    labels = [board.question.label(day) for day in board.question.steps()]
    volumes, received = board.volumes, [line.received for line in board.money]
    lines = (
        (_("全体"), [number for number, _online in volumes]),
        (_("オンライン"), [online for _number, online in volumes]),
    )
    return {
        "volume_chart": line_chart(labels, lines),
        "day_chart": bar_chart([each.label for each in board.bins], [(each.in_time, each.late) for each in board.bins]),
        "payment_parts": parts_of(received),
        "received": sum(received),
        "refunded": sum(line.refunded for line in board.money),
        "volume_line": sparkline([number for number, _online in volumes]),
        "share_line": sparkline([online / number for number, online in volumes if number]),
        "overdue_line": sparkline(board.overdue_days),
    }
