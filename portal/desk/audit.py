"""The auditor's page: who saw, changed and took along what, and whether the chain of these records is whole."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geo.catalogue import entries
from portal import audit, procedures
from portal.audit import TrailPage
from portal.cases.queries import CaseWords, case_labels_of, case_words_of
from portal.core.access import allow, right, staff_member
from portal.core.clock import TOKYO
from portal.core.csv_files import CHARSETS, ENCODINGS, csv_file
from portal.core.errors import Forbidden
from portal.core.events import Actor, Event, View, record, record_views
from portal.core.text import _
from portal.core.web import db
from portal.desk.audit_particulars import CASES, Names
from portal.desk.audit_query import FIELDS, AuditQuery, Reach, filter_words, people, read_query
from portal.desk.audit_words import GROUPS, TrailLine, fault_in_words, kinds_by_group, line_of
from portal.desk.viewing import ONE_LOOK
from portal.identity import city_roles, list_departments, staff_names

bp = Blueprint("desk_audit", __name__, url_prefix="/desk/audit")

_SEE = right("audit.see")
PAGE_SIZE = 100
MOST_IN_A_FILE = 50_000
_IN_WORDS = frozenset({"state", "came_from", "move", "field", "fields"})
"""What an event of a case says in codes of its definition."""
_HEAD = (
    *("記録の番号", "日時", "だれが", "職員の番号", "分類", "できごと", "対象", "受付番号", "手続き", "詳しい内容"),
)


@bp.get("")
@allow(_SEE)
def trail() -> str:
    """The newest events under the filter, a page of them."""
    return _page()


@bp.get("/events.csv")
@allow(_SEE)
def table() -> ResponseReturnValue:
    """All events under the filter as a file, which is an event itself."""
    known = _Known()
    query = read_query(db(), request.args, known.reach)
    encoding = request.args.get("encoding", "cp932")
    if query.problems or encoding not in ENCODINGS:
        return _page(_("条件を直してから、もう一度書き出してください。")), 422
    events = list(audit.every_event(db(), query.trail, MOST_IN_A_FILE + 1))
    if len(events) > MOST_IN_A_FILE:
        sentence = _(
            "{most}件より多いので、1つのファイルにできません。日を短く区切ってください。", most=f"{MOST_IN_A_FILE:,}"
        )
        return _page(sentence), 422
    lines = _lines(events, known)
    content = csv_file(_HEAD, map(_cells, lines), encoding)
    days = {name: query.given[name] for name in ("from", "to") if name in query.given}
    about = {"staff_id": query.trail.staff_id, "case_id": query.case_id}
    particulars = {"filters": query.names, "rows": len(lines), "encoding": encoding, **about, **days}
    record(db(), audit.events.TRAIL, "audit.exported", _actor(), **particulars)
    response = Response(content, mimetype=f"text/csv; charset={CHARSETS[encoding]}")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/check")
@allow(_SEE)
def check() -> ResponseReturnValue:
    """Have the worker follow the chain now."""
    if not Reach.of(staff_member(), list_departments(db())).whole:
        raise Forbidden
    audit.runs.ask(db(), _actor())
    return redirect("/desk/audit#chain", 303)


@bp.get("/check")
@allow(_SEE)
def progress() -> ResponseReturnValue:
    """How far the worker is; scripts ask again until it is done."""
    if request.headers.get("HX-Request") != "true":
        return _page()
    run = audit.runs.last_run(db())
    if run is not None and run.is_under_way:
        return render_template("desk/_audit_progress.html", run=run)
    return Response(headers={"HX-Refresh": "true"})


class _Known:
    """What can be chosen on the page, which is also what numbers in events stand for."""

    def __init__(self) -> None:
        departments = list_departments(db(), with_closed=True)
        self.reach = Reach.of(staff_member(), [each for each in departments if each.closed_at is None])
        self.departments = {each.id: each.title["ja"] for each in departments}
        self.staff = staff_names(db())
        self.layers = {each.id: each.title["ja"] for each in entries(db())}
        self.procedures = procedures.procedure_titles(db())
        self.own_roles = city_roles.own_role_titles(db())

    def names(self, cases: Mapping[int, tuple[str, str]], words: Mapping[int, CaseWords]) -> Names:
        """The same with the cases of a page."""
        return Names(self.departments, self.staff, self.layers, self.procedures, self.own_roles, cases, words)


def _page(refused: str = "") -> str:
    known = _Known()
    reach = known.reach
    query = read_query(db(), request.args, reach)
    page = TrailPage((), None) if query.problems else audit.read_trail(db(), query.trail, PAGE_SIZE)
    departments = {key: title for key, title in known.departments.items() if reach.whole or key in reach.departments}
    kinds = kinds_by_group()
    choices = {
        "who": people(known.staff),
        "kind": {**GROUPS, **{name: words for each in kinds.values() for name, words in each}},
        "procedure": known.procedures,
        "layer": {str(key): title for key, title in known.layers.items()},
        "department": {str(key): title for key, title in departments.items()},
    }
    run = audit.runs.last_run(db()) if reach.whole else None  # first: what it showed must be seen with it
    shown = audit.last_check(db()) if reach.whole else None
    rendered = render_template(
        "desk/audit.html",
        query=query,
        page=page,
        lines=_lines(page.events, known),
        choices=choices,
        kinds=kinds,
        groups=GROUPS,
        fields=FIELDS,
        words=filter_words(query, choices),
        reach=reach,
        offices=[title for key, title in departments.items()],
        check=shown,
        fault=fault_in_words(shown.fault) if shown and shown.fault else "",
        run=run,
        refused=refused,
    )
    _record_look(query, len(page.events))
    return rendered


def _record_look(query: AuditQuery, rows: int) -> None:
    same: dict[str, str | int] = {"filters": query.names}
    same |= {name: value for name, value in (("staff_id", query.trail.staff_id), ("case_id", query.case_id)) if value}
    record_views(db(), _actor(), [View(audit.events.TRAIL, "audit.viewed", same, {"rows": rows})], within=ONE_LOOK)


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)


def _lines(events: Sequence[Event], known: _Known) -> list[TrailLine]:
    cases = {event.history_id for event in events if event.history_kind == "case" and event.history_id is not None}
    spoken = {event.history_id for event in events if event.history_id in cases and _IN_WORDS & event.data.keys()}
    others = {event.data[key] for event in events for key in CASES & event.data.keys()} if known.reach.whole else set()
    names = known.names(
        case_labels_of(db(), cases | others), case_words_of(db(), {each for each in spoken if each is not None})
    )
    return [line_of(event, names) for event in events]


def _cells(line: TrailLine) -> tuple[object, ...]:
    return (
        line.id,
        f"{line.at.astimezone(TOKYO):%Y-%m-%d %H:%M:%S}",
        line.who,
        line.staff_id or "",
        line.group,
        line.what,
        line.subject,
        line.case_number,
        line.procedure,
        line.particulars,
    )
