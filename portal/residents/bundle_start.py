"""The procedures that somebody is applying for together: left out again, put away."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.cases import (
    discard_bundle,
    leave_out,
    members_of,
    waits_for,
)
from portal.core.access import PUBLIC, allow
from portal.core.text import listed
from portal.core.web import db
from portal.residents import visitor_access
from portal.residents.blueprint import bp

Answer = str | Response | tuple[str, int]


@bp.get("/bundles/<public_id>")
@allow(PUBLIC)
def go_on_bundle(public_id: str) -> str | Response:
    """The procedures of the bundle, of which some may be left out again."""
    bundle = visitor_access.open_bundle(db(), public_id)
    if bundle.sent_at is not None:
        return redirect(url_for("residents.bundle", public_id=public_id), 303)
    members = members_of(db(), bundle)
    return render_template(
        "residents/bundle_procedures.html",
        bundle=bundle,
        members=[(member, listed(other.title for other in waits_for(member, members))) for member in members],
        until=members[0].draft.expires_at,
    )


@bp.post("/bundles/<public_id>/procedures/<draft_id>/leave-out")
@allow(PUBLIC)
def leave_out_of_bundle(public_id: str, draft_id: str) -> Response:
    """Take one procedure out; the last one takes the bundle along."""
    bundle = visitor_access.open_bundle(db(), public_id, lock=True)
    is_last = len(members_of(db(), bundle)) == 1
    leave_out(db(), bundle, draft_id)
    return redirect(url_for("residents.me") if is_last else url_for("residents.go_on_bundle", public_id=public_id), 303)


@bp.post("/bundles/<public_id>/discard")
@allow(PUBLIC)
def discard_together(public_id: str) -> Response:
    """Put the whole bundle away, with everything that was written."""
    discard_bundle(db(), visitor_access.open_bundle(db(), public_id, lock=True))
    return redirect(url_for("residents.me"), 303)
