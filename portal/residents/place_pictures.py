"""Pictures of places on pages that run no scripts: for whoever may read the page, and kept by their browser alone."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for

from forms.fields.group import rows_of
from portal.cases import open_answers
from portal.cases.place_proposals import Proposed, proposals_of_case
from portal.core.access import PUBLIC, allow
from portal.core.errors import NotFound
from portal.core.tenancy import current_city
from portal.core.web import db
from portal.maps import place_picture
from portal.residents import visitor_access
from portal.residents.blueprint import bp
from portal.residents.draft_application import DraftApplication, open_application


@bp.get("/apply/d/<public_id>/places/<key>/picture")
@allow(PUBLIC)
def draft_place(public_id: str, key: str) -> Response:
    """A place of an application that is being written, as it was saved."""
    return _picture(geometry_at(open_application(db(), public_id).answers, key))


@bp.get("/me/cases/<public_id>/places/<key>/picture")
@allow(PUBLIC)
def case_place(public_id: str, key: str) -> Response:
    """A place of an application that was sent."""
    mine = visitor_access.case(db(), public_id)
    return _picture(geometry_at(open_answers(current_city().key, mine.answers), key))


@bp.get("/me/cases/<public_id>/proposals/<int:proposal_id>/picture")
@allow(PUBLIC)
def proposed_place(public_id: str, proposal_id: int) -> Response:
    """A place that the office proposed to the applicant, over the one that was sent."""
    mine = visitor_access.case(db(), public_id)
    sent = {row.id: row for row in proposals_of_case(db(), mine.id) if row.sent_at is not None}
    if proposal_id not in sent:
        raise NotFound
    proposed = Proposed.stored(sent[proposal_id].content)
    return _picture(proposed.geometry or proposed.before, proposed.before if proposed.geometry else None)


def saved_picture(application: DraftApplication, path: str) -> str | None:
    """The address of the picture of a place as it was saved; None while there is none."""
    if geometry_at(application.answers, path) is None:
        return None
    return url_for("residents.draft_place", public_id=application.public_id, key=path)


def geometry_at(answers: Mapping[str, Any], path: str) -> dict[str, Any] | None:
    """The GeoJSON of the place at a path (`area`, `stalls.0.spot`), or of all places in a row (`stalls.0`); None where there is none."""
    value: Any = answers
    for part in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        else:
            rows = rows_of(value)
            value = rows[int(part)] if part.isascii() and part.isdigit() and int(part) < len(rows) else None
    if not isinstance(value, Mapping):
        return None
    if "geometry" in value:
        return value["geometry"] or None
    drawn = [each["geometry"] for each in value.values() if isinstance(each, Mapping) and each.get("geometry")]
    return {"type": "GeometryCollection", "geometries": drawn} if drawn else None


def _picture(geometry: Mapping[str, Any] | None, former: Mapping[str, Any] | None = None) -> Response:
    if geometry is None:
        raise NotFound
    response = Response(mimetype="image/svg+xml")
    response.set_etag(hashlib.sha256(json.dumps([geometry, former], sort_keys=True).encode()).hexdigest())
    response.headers["Cache-Control"] = "private, no-cache"  # kept, and asked for each time whether it is still right
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.make_conditional(request)
    if response.status_code == 200:
        response.set_data(place_picture(current_city(), geometry, former))
    return response
