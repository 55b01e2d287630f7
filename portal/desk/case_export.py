"""The cases of one procedure as a file: what the list and the map show under their filter, as far as this person sees places."""

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, request, send_file
from flask.typing import ResponseReturnValue

from portal.cases import export_cases, layers_of_cases, map_filter, reach_of_staff
from portal.core.access import allow, right, staff_member
from portal.core.errors import NotFound
from portal.core.events import Actor, Subject, record
from portal.core.text import _
from portal.core.web import db
from portal.desk.listing import listing

bp = Blueprint("desk_case_export", __name__, url_prefix="/desk/case-layers")


@bp.get("/<key>.<kind>")
@allow(right("case.see"))
def export(key: str, kind: str) -> ResponseReturnValue:
    """A layer of cases as a file of one of the formats. The download is an event."""
    staff = staff_member()
    current = listing(request.args, staff).placed
    procedure = key.split(".")[1] if key.count(".") > 1 else ""
    layers = layers_of_cases(db(), reach_of_staff(staff), procedure)
    layer = next((layer for layer in layers if layer.key == key), None)
    if layer is None:
        raise NotFound
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{layer.procedure}.{kind}"
        try:
            rows = export_cases(db(), layer, map_filter(db(), current), path, kind)
        except LookupError as error:
            raise NotFound from error
        if not path.exists():
            raise NotFound(_("条件に合う案件がないので、ファイルはありません。"))
        file = path.open("rb")  # it can be read until it is closed, though its folder is gone
    record(
        db(), Subject("export"), "export.made", Actor("staff", staff.id, staff.name), what=f"{key} {kind}", rows=rows
    )
    response = send_file(
        file, "application/octet-stream", as_attachment=True, download_name=f"{layer.procedure}.{kind}"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
