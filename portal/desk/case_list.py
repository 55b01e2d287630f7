"""List, map and drawer: the desk's one page, and the drawer alone when a script asks for it."""

from datetime import timedelta
from functools import partial
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from portal.cases import (
    Case,
    allocation,
    mentions,
    saved_views,
    sight_of,
)
from portal.cases.case_layers import titles_of_layers
from portal.cases.case_list import case_row, count_cases, list_cases, view_counts
from portal.cases.case_nearness import ground_shown
from portal.cases.queries import case_for_staff
from portal.cases.saved_views import KeptView
from portal.core.access import allow, right, staff_member
from portal.core.clock import today
from portal.core.config import settings
from portal.core.forms import Form
from portal.core.security import csp_nonce
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.desk.base_choice import base_maps
from portal.desk.case_detail import CaseDetail
from portal.desk.case_files import viewed_file
from portal.desk.case_filter_form import ORDER_WORDS, CaseSearchForm, case_filter_form
from portal.desk.case_map import case_map, layers_of_rules
from portal.desk.case_reading import case_detail
from portal.desk.case_selection import current_listing
from portal.desk.case_table import case_table
from portal.desk.event_labels import LETTERS, event_label
from portal.desk.forms import (
    AssigneeForm,
    ChangeForm,
    HoldForm,
    IssuedDocumentForm,
    MessageForm,
    MoveForm,
    NoteForm,
    PayoutForm,
    ReductionForm,
    RefundForm,
    SignOffForm,
)
from portal.desk.layer_forms import FORMATS
from portal.desk.layer_panel import layer_panel
from portal.desk.listing import Listing, mark_after
from portal.desk.map_state import base_named, missing_layers
from portal.desk.move_forms import form_of_move
from portal.desk.period import time_bar
from portal.desk.rejected_action import RejectedAction, form_of
from portal.desk.view_forms import address_of
from portal.desk.viewing import record_look
from portal.identity import staff_absences, staff_of_departments
from portal.maps import CityLayers, base_map_options, has_base_map
from portal.procedures import Offer, offers
from portal.residents.answers import answer_text

JUST_DONE = "case_just_done"
"""In the session: the number of the case that was just acted on; its page says once what was done."""

_FORMS = {
    "change": ChangeForm,
    "payout": PayoutForm,
    "reduction": ReductionForm,
    "message": MessageForm,
    "note": NoteForm,
    "hold": HoldForm,
    "issued": IssuedDocumentForm,
    "refund_approval": RefundForm,
    "sign_off": SignOffForm,
}
"""The drawer's forms by name, without the id that follows it where there are several; every other name is that of a move."""

bp = Blueprint("desk", __name__, url_prefix="/desk")


@bp.get("")
@allow(right("case.see"))
def cases() -> ResponseReturnValue:
    """The list and the map, with no case chosen; for a script that asks for the list, the list alone.

    Without any filter it is the view with which this person begins.
    """
    if request.headers.get("HX-Target") == "pane":
        current = current_listing()
        pane = _pane(current)
        rendered = render_template("desk/_pane.html", **pane, detail=None)
        record_look(db(), staff_member(), listing=current, rows=len(pane["page"].rows))
        return rendered
    if not request.args and "HX-Request" not in request.headers:
        default = next((view for view in _kept_views() if view.is_default), None)
        if default is not None:
            return redirect(address_of(default))
    return _page(None, None, CityLayers(db(), staff_member()))


@bp.get("/period")
@allow(right("case.see"))
def period() -> ResponseReturnValue:
    """The time bar of the map. It is requested separately, so that the list never waits for it."""
    bar = time_bar(db(), current_listing().placed)
    return render_template("desk/_period.html", bar=bar)


@bp.get("/cases/<int:case_id>")
@allow(right("case.see"))
def case(case_id: int) -> ResponseReturnValue:
    """One case in the drawer, beside the same list and map."""
    case = case_for_staff(db(), case_id, staff_member())
    if case.unread and sight_of(staff_member(), case).answers:
        case.unread = False
        db().flush()
    tab = request.args.get("tab", "content")
    if (
        tab == "messages" or not sight_of(staff_member(), case).answers
    ):  # who reads no notes has their sum and state in every tab
        mentions.read_mentions(db(), case, staff_member())
    return page_of(case, tab)


def page_of(case: Case, tab: str = "content", rejected: RejectedAction | None = None) -> ResponseReturnValue:
    """The page with this case in the drawer, or the drawer alone for a script; with the words of a refusal, if there was one."""
    layers = CityLayers(db(), staff_member())
    detail = case_detail(db(), case, staff_member(), tab, layers)
    status = rejected.status if rejected else 200
    if request.headers.get("HX-Request") == "true":
        rendered = render_template("desk/_drawer.html", **_drawer(detail, rejected))
        record_look(db(), staff_member(), case=case)
        return rendered, status
    return _page(detail, rejected, layers), status


def _drawer(detail: CaseDetail | None, rejected: RejectedAction | None) -> dict[str, Any]:
    done = detail is not None and JUST_DONE in session and session.pop(JUST_DONE) == detail.case.id
    return {
        "just_done": detail.newest_event if detail and done else None,
        "detail": detail,
        "viewed": viewed_file(detail, request.args) if detail and detail.files else None,
        "rejected": rejected,
        "form_of": lambda name: _form_of(detail, rejected, name),
        "assignee_form": _assignee_form(detail, rejected) if detail else None,
        "listing": current_listing(),
        "base": base_map_options(current_city(), zoom=17),
        "event_label": partial(event_label, definition=detail.definition if detail else None),
        "letters": LETTERS,
        "answer_text": answer_text,
        "hold_seconds": settings().decision_hold_seconds,
        "tomorrow": (today() + timedelta(days=1)).isoformat(),
    }


def _form_of(detail: CaseDetail | None, rejected: RejectedAction | None, name: str) -> Form:
    move = next((move for move in detail.moves if move.id == name), None) if detail else None
    if detail and move and not (rejected and rejected.name == name):
        form: Form = form_of_move(move, detail.case, detail.definition)
    else:
        form = form_of(rejected, name, _FORMS.get(name.partition("-")[0], MoveForm))
    if isinstance(form, MoveForm) and detail:
        form.fields.choices = detail.fields
    return form


def _assignee_form(detail: CaseDetail, rejected: RejectedAction | None) -> AssigneeForm:
    """The colleagues to choose from, with the present one chosen, or who was chosen and is away."""
    assignee = str(detail.case.assignee_id or "")
    form = AssigneeForm(formdata=None, staff_id=assignee, seen_assignee=assignee)
    if rejected and isinstance(rejected.posted, AssigneeForm):
        form.staff_id.data = form.warned_of.data = rejected.posted.staff_id.data
    named = ((str(staff_id), _with_load(name, detail.loads.get(staff_id))) for staff_id, name in detail.assignable)
    form.staff_id.choices = [("", _("担当なし")), *named]
    return form


def _with_load(name: str, load: allocation.Workload | None) -> str:
    """A colleague with how much is on their desk."""
    if load is None:
        return name
    words = {"name": name, "count": f"{load.open:,}", "late": f"{load.overdue:,}"}
    return _("{name}・{count}件(超過{late}件)", **words) if load.overdue else _("{name}・{count}件", **words)


def _pane(current: Listing) -> dict[str, Any]:
    stands_in = staff_absences.stands_in_for(db(), staff_member().id)
    absent = [absence.staff_id for absence in stands_in]
    counts = view_counts(db(), current, staff_member().id, absent)  # before the list: what happens in between is news
    page = list_cases(db(), current)
    visible_offers = [offer for offer in offers(db()) if offer.department_id in current.filter.departments]
    return {
        "listing": current,
        "page": page,
        "next_mark": mark_after(*page.next_mark) if page.next_mark else None,
        "pinned": None,
        "gone": [],
        "gone_base": "",
        "kept": _kept_views(),
        "address_of": address_of,
        "missing_procedures": sorted(current.filter.procedures - {offer.key for offer in visible_offers}),
        "selected": count_cases(db(), current) if current.filter.area or current.filter.near else None,
        "ground": ground_shown(current.filter.near) if current.filter.near else None,
        "stands_in": stands_in,
        "counts": counts,
        "news_mark": counts["news_mark"],
        "offers": visible_offers,
        "table": case_table(current, visible_offers, page.rows) if current.layout == "table" else None,
        "filters": case_filter_form(request.args, visible_offers, _colleagues(current)),
        "order_words": ORDER_WORDS,
        "case_layers": _layers_to_export(current, visible_offers),
        "formats": FORMATS,
    }


def _colleagues(current: Listing) -> dict[int, str]:
    """On whose desk cases can be, of the departments whose cases this person sees."""
    departments = staff_member().departments("case.see")
    return staff_of_departments(db(), departments, besides=current.filter.colleague_id)


def _kept_views() -> list[KeptView]:
    """The views that this person sees, read once a request."""
    if "kept_views" not in g:
        g.kept_views = saved_views.views_of(db(), staff_member())
    kept: list[KeptView] = g.kept_views
    return kept


def _layers_to_export(current: Listing, visible_offers: list[Offer]) -> dict[str, str]:
    """The layers of the one procedure that the filter names, for who sees places."""
    chosen = [offer for offer in visible_offers if offer.key in current.filter.procedures]
    return titles_of_layers(chosen[0]) if len(chosen) == 1 and current.placed.filter.departments else {}


def _page(detail: CaseDetail | None, rejected: RejectedAction | None, layers: CityLayers) -> str:
    context = _drawer(detail, rejected)
    context |= _pane(context["listing"])
    if detail and all(row.id != detail.case.id for row in context["page"].rows):
        context["pinned"] = case_row(db(), detail.case.id, context["listing"])
    offered = layers.switchable(
        shown=layers_of_rules(offer.definition for offer in context["offers"]),
        as_base_map=not has_base_map(current_city()),
    )
    bases = base_maps(current_city())
    known = {base.key for base in bases}
    linked = base_named(request.args)
    context |= {
        "search": CaseSearchForm(
            formdata=None, q=context["listing"].text, layout=context["listing"].layout, meta={"csrf": False}
        ),
        "map": case_map(current_city(), offered, bases).parts(csp_nonce()),
        "bases": bases,
        "base_key": linked if linked in known else bases[0].key,
        "panel": layer_panel(layers, offered, request.args),
        "gone": missing_layers(offered, request.args),
        "gone_base": "" if linked in known else linked,
    }
    rendered = render_template("desk/case_list.html", **context)
    record_look(
        db(),
        staff_member(),
        case=detail.case if detail else None,
        listing=context["listing"],
        rows=len(context["page"].rows),
    )
    return rendered
