"""Dossiers of locations: asked for at any spot or outline, or for a place of a case; shown, and printed as they stand."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from geo import PlaceError
from geo.catalogue import entries
from portal import files
from portal.cases import queries, sight_of
from portal.cases.dossiers import Dossier, LocationDossier, dossier_of, make_dossier
from portal.cases.queries import places_of
from portal.core.access import allow, right, staff_member
from portal.core.config import settings
from portal.core.errors import Invalid, NotFound
from portal.core.events import Actor
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.desk.dossier_forms import SpotForm
from portal.desk.dossier_proposals import dossier_cards
from portal.desk.layer_doors import sight
from portal.desk.rejected_action import try_action
from portal.desk.viewing import record_list, record_look
from portal.maps import base_map_options, column_labels

bp = Blueprint("desk_dossiers", __name__, url_prefix="/desk/dossiers")


@bp.get("")
@allow(right("case.read_place"))
def ask() -> str:
    """Where a dossier is asked for: an address or the name of a place, or positions of a spot, a line or an outline."""
    return render_template("desk/dossier_new.html", form=SpotForm(formdata=None))


@bp.post("")
@allow(right("case.read_place"))
def make() -> ResponseReturnValue:
    """Freeze what there is at a spot."""
    form = SpotForm()
    made: list[int] = []

    def act() -> None:
        title, geometry = form.spot(db())
        try:
            made.append(make_dossier(db(), geometry, title, _actor()))
        except PlaceError as error:
            sentence = _("この形は、地図で測れません。角の順を確かめてください。")
            raise Invalid(sentence, {"positions": sentence}) from error

    if try_action(db(), "dossier", act, form):
        return render_template("desk/dossier_new.html", form=form), 422
    return redirect(url_for("desk_dossiers.dossier", number=made[0]), 303)


@bp.post("/cases/<int:case_id>")
@allow(right("case.read_place"))
def make_for_case(case_id: int) -> ResponseReturnValue:
    """Freeze what there is now at the places of a case."""
    case = queries.case_for_staff(db(), case_id, staff_member())
    places = places_of(db(), case.id) if sight_of(staff_member(), case).place else []
    if not places:
        raise NotFound
    made = [make_dossier(db(), place.geometry, case.number, _actor(), case=case, field=place.field) for place in places]
    return redirect(url_for("desk_dossiers.dossier", number=made[0]), 303)


@bp.get("/<int:number>")
@allow(right("case.read_place"))
def dossier(number: int) -> str:
    """A dossier, as far as this person may see what stands in it."""
    staff, row = staff_member(), dossier_of(db(), number)
    case = queries.case_for_staff(db(), row.case_id, staff) if row.case_id is not None else None
    if case is not None and not sight_of(staff, case).place:
        raise NotFound
    shown = readable_dossier(row, photographs=case is not None and sight_of(staff, case).answers)
    page = render_template(
        "desk/dossier.html",
        row=row,
        case=case,
        dossier=shown,
        column_labels={entry.key: column_labels(entry) for entry in entries(db()) if shown.layers},
        pictures=[file for file in files.files_of_case(db(), case.id) if file.public_id in shown.photographs]
        if case
        else [],
        proposals=dossier_cards(shown),
        gone_on=row.made_at + timedelta(days=settings().spot_record_days),
        base=base_map_options(current_city(), zoom=17),
    )
    if case is not None:
        record_look(db(), staff, case=case)
    record_list(db(), staff, "dossier", len(shown.cases))
    return page


def readable_dossier(row: LocationDossier, *, photographs: bool) -> Dossier:
    """Rights are those of today: of the layers as the catalogue has them now, and of this person's departments."""
    sees = sight()
    seen = {entry.key for entry in entries(db()) if sees.sees(entry)}
    departments = staff_member().departments("case.read_place")
    return Dossier.stored(row.content).readable(seen.__contains__, departments, photographs=photographs)


def _actor() -> Actor:
    return Actor("staff", staff_member().id, staff_member().name)
