"""The cases of one procedure as a file: what the list and the map show under their filter, as far as this person sees places."""

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from portal.cases import (
    CaseFilter,
    bulk,
    export_cases,
)
from portal.cases.case_layers import layers_of_cases, reach_of_staff
from portal.cases.case_list import map_filter
from portal.core.access import allow, right, staff_member
from portal.core.clock import today
from portal.core.errors import NotFound
from portal.core.events import Actor, Subject, record
from portal.core.text import _
from portal.core.web import db
from portal.desk.case_selection import current_listing

bp = Blueprint("desk_case_export", __name__, url_prefix="/desk/case-layers")


@bp.get("/<key>.<kind>")
@allow(right("case.see"))
def export(key: str, kind: str) -> ResponseReturnValue:
    """A layer of cases as a file of one of the formats. The download is an event."""
    return _file(key, kind, map_filter(db(), current_listing().placed))


@bp.get("/bulk/<int:bulk_id>/<key>.<kind>")
@allow(right("case.see"))
def export_chosen(bulk_id: int, key: str, kind: str) -> ResponseReturnValue:
    """The same of cases that were chosen to act on."""
    staff = staff_member()
    ids = bulk.case_ids_of(db(), bulk.bulk_of(db(), bulk_id, staff).id)
    departments = staff.departments("case.see") & staff.departments("case.read_place")
    return _file(key, kind, CaseFilter(today=today(), departments=departments, case_ids=frozenset(ids)))


def _file(key: str, kind: str, case_filter: CaseFilter) -> ResponseReturnValue:
    staff = staff_member()
    procedure = key.split(".")[1] if key.count(".") > 1 else ""
    layers = layers_of_cases(db(), reach_of_staff(staff), procedure)
    layer = next((layer for layer in layers if layer.key == key), None)
    if layer is None:
        raise NotFound
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{layer.procedure}.{kind}"
        try:
            rows = export_cases(db(), layer, case_filter, path, kind)
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
