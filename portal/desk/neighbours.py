"""Neighbours of a place at the desk: a list is made for a case or for any spot, rows are left out, and it is taken along."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geo import PlaceError
from geo.catalogue import entry_of
from portal.cases import Case, queries, sight_of
from portal.cases.neighbours import (
    NeighbourList,
    Neighbours,
    exclude_neighbours,
    included,
    labels_of_list,
    labels_pdf,
    list_neighbours,
    missing_characters,
    neighbour_list,
    neighbour_lists_of_case,
    neighbour_sources,
    neighbours_csv,
    request_labels,
)
from portal.cases.queries import places_of
from portal.core.access import allow, right, staff_member
from portal.core.clock import local_date
from portal.core.config import settings
from portal.core.errors import Invalid, NotFound
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.desk.layer_doors import actor, sight
from portal.desk.neighbour_forms import ExclusionForm, LabelForm, NeighbourForm, SpotNeighbourForm
from portal.desk.rejected_action import RejectedAction, form_of, try_action
from portal.desk.viewing import record_list, record_look
from portal.documents import SHEETS
from portal.files.serving import disposition, pdf_attachment
from portal.identity import list_staff
from portal.maps import base_map_options

bp = Blueprint("desk_neighbours", __name__, url_prefix="/desk/neighbours")
RIGHT = "case.list_neighbours"
Spot = tuple[str, Sequence[Mapping[str, Any]]]


@bp.get("")
@allow(right(RIGHT))
def ask() -> str:
    """Where a list is asked for that belongs to no case: by an address, a name, or positions."""
    return _asked(SpotNeighbourForm(formdata=None))


@bp.post("")
@allow(right(RIGHT))
def make() -> ResponseReturnValue:
    """Make a list of the addresses near a spot."""
    form = SpotNeighbourForm()

    def spot() -> Spot:
        title, geometry = form.spot(db())
        return title, [geometry]

    return _made(form, spot)


@bp.get("/cases/<int:case_id>")
@allow(right(RIGHT))
def ask_for_case(case_id: int) -> str:
    """Where a list is asked for that belongs to a case, with those that were made before."""
    case = _case(case_id)
    page = _asked(NeighbourForm(formdata=None), case)
    record_look(db(), staff_member(), case=case)
    return page


@bp.post("/cases/<int:case_id>")
@allow(right(RIGHT))
def make_for_case(case_id: int) -> ResponseReturnValue:
    """Make a list of the addresses near the places of a case."""
    case = _case(case_id)
    geometries = [place.geometry for place in places_of(db(), case.id)]
    return _made(NeighbourForm(), lambda: (case.number, geometries), case)


@bp.get("/<int:number>")
@allow(right(RIGHT))
def show(number: int) -> str:
    """A list, in one of two orders; prints as it stands."""
    return _page(_readable(number))


@bp.post("/<int:number>/exclusions")
@allow(right(RIGHT))
def exclude(number: int) -> ResponseReturnValue:
    """Decide which rows are left out."""
    row, form = _readable(number), ExclusionForm()
    rejected = try_action(
        db(),
        "exclude",
        lambda: exclude_neighbours(db(), row.id, form.numbers(), actor(), seen=form.seen_numbers()),
    )
    return (_page(row, rejected), rejected.status) if rejected else _back(row, "rows")


@bp.get("/<int:number>/<kind>.csv")
@allow(right(RIGHT))
def table(number: int, kind: str) -> Response:
    """The rows that are not left out, for mail merge. The download is an event."""
    row = _readable(number)
    content = neighbours_csv(db(), row, kind, actor(), by_address=_by_address())
    charset = "shift_jis" if kind == "cp932" else "utf-8"
    response = Response(content, mimetype="text/csv", content_type=f"text/csv; charset={charset}")
    response.headers["Content-Disposition"] = disposition(_("近くの住所 {number}", number=row.id) + ".csv")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/<int:number>/labels")
@allow(right(RIGHT))
def make_labels(number: int) -> ResponseReturnValue:
    """Have labels made of the rows that are not left out."""
    row, form = _readable(number), LabelForm()

    def act() -> None:
        request_labels(db(), row, form.sheet.data, form.chosen_first(), actor(), by_address=_by_address())

    rejected = try_action(db(), "labels", act, form)
    return (_page(row, rejected), rejected.status) if rejected else _back(row, "labels")


@bp.get("/<int:number>/labels/<int:labels_id>.pdf")
@allow(right(RIGHT))
def labels(number: int, labels_id: int) -> Response:
    """Labels that were made. The download is an event."""
    row = _readable(number)
    content = labels_pdf(db(), row, labels_id, actor())
    return pdf_attachment(_("近くの住所 {number} ラベル", number=row.id), content)


def _case(case_id: int) -> Case:
    """A case with places, of whose neighbours this person makes lists. Raises NotFound, Forbidden."""
    case = queries.case_for_staff(db(), case_id, staff_member())
    staff_member().require(RIGHT, case.department_id)
    if not sight_of(staff_member(), case).place or not places_of(db(), case.id):
        raise NotFound
    return case


def _readable(number: int) -> NeighbourList:
    """A list, where this person sees its case and its layer today. Raises NotFound, Forbidden."""
    row = neighbour_list(db(), number)
    if row.case_id is not None:
        _case(row.case_id)
    entry = entry_of(db(), row.content["layer"])
    if entry is None or not sight().sees(entry):
        raise NotFound
    return row


def _made(form: Any, spot: Callable[[], Spot], case: Case | None = None) -> ResponseReturnValue:
    sources = neighbour_sources(db(), sight().sees)
    if not sources:
        return _asked(type(form)(formdata=None), case), 422
    form.offer(sources)
    made: list[int] = []

    def act() -> None:
        title, geometries = spot()
        source = form.chosen_source(sources)
        try:
            number = list_neighbours(
                db(), geometries, title, source, form.chosen_metres(), form.purpose.data, actor(), case=case
            )
        except PlaceError as error:
            sentence = _("この形は、地図で測れません。角の順を確かめてください。")
            raise Invalid(sentence, {"positions": sentence}) from error
        made.append(number)

    if try_action(db(), "neighbours", act, form):
        return _asked(form, case), 422
    return redirect(url_for("desk_neighbours.show", number=made[0]), 303)


def _asked(form: Any, case: Case | None = None) -> str:
    sources = neighbour_sources(db(), sight().sees)
    form.offer(sources)
    return render_template(
        "desk/neighbours_new.html",
        form=form,
        case=case,
        sources=sources,
        lists=[(row, len(included(row))) for row in neighbour_lists_of_case(db(), case.id)] if case else [],
    )


def _page(row: NeighbourList, rejected: RejectedAction | None = None) -> str:
    staff, shown = staff_member(), Neighbours.stored(row.content)
    case = _case(row.case_id) if row.case_id is not None else None
    people = {member.id: member.name for member in list_staff(db())}
    page = render_template(
        "desk/neighbours.html",
        row=row,
        case=case,
        shown=shown,
        rows=shown.numbered(by_address=_by_address()),
        by_address=_by_address(),
        chosen=included(row),
        gone_on=row.made_at + timedelta(days=settings().spot_record_days),
        maker=people.get(row.made_by, "—"),
        made_on=local_date(row.made_at),
        missing=missing_characters(row),
        labels=labels_of_list(db(), row.id),
        sheets=SHEETS,
        form=form_of(rejected, "labels", LabelForm),
        rejected=rejected,
        base=base_map_options(current_city(), zoom=17),
    )
    if case is not None:
        record_look(db(), staff, case=case)
    record_list(db(), staff, "neighbours", len(shown.rows))
    return page


def _back(row: NeighbourList, part: str) -> ResponseReturnValue:
    order = "address" if _by_address() else None
    return redirect(url_for("desk_neighbours.show", number=row.id, order=order) + f"#{part}", 303)


def _by_address() -> bool:
    return request.args.get("order") == "address"
