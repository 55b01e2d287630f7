"""How far the publishing again is that a change to a list or word began, and trying again what could not be published."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import procedures
from portal.core.access import allow, staff_member
from portal.core.web import db
from portal.procedures.republications import Progress
from portal.publishing.blueprint import EDIT, PUBLISH

bp = Blueprint("republications", __name__, url_prefix="/desk/republications")


@bp.get("/<int:republication_id>")
@allow(EDIT)
def show(republication_id: int) -> str:
    """The procedures of a change, those that could not be published first. While some wait, scripts ask again."""
    progress, turns = procedures.republications.progress(db(), republication_id)
    polled = request.headers.get("HX-Request") == "true"
    return render_template(
        "publishing/_republication.html" if polled else "publishing/republication.html",
        progress=progress,
        turns=turns,
        may_retry=staff_member().may("procedure.publish", progress.department_id),
    )


@bp.post("/<int:republication_id>/retry")
@allow(PUBLISH)
def retry(republication_id: int) -> ResponseReturnValue:
    """Try again what could not be published."""
    progress, _turns = procedures.republications.progress(db(), republication_id)
    staff_member().require("procedure.publish", progress.department_id)
    procedures.republications.retry_failed(db(), republication_id)
    return redirect(url_for("republications.show", republication_id=republication_id), 303)


def after_change(kind: str, name: str, otherwise: str) -> str:
    """Where a change of a list or word leads: to the progress of the publishing that it began, otherwise to that page."""
    latest = procedures.republications.latest_of(db(), kind, name)
    return url_for("republications.show", republication_id=latest.id) if latest and latest.waiting else otherwise


def unfinished() -> Sequence[Progress]:
    """What still waits or could not be published, for the pages of lists and words."""
    return procedures.republications.unfinished(db())
