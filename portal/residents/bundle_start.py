"""Applying for several procedures of a plan at once: chosen on the plan, begun, left out again, put away."""

from collections.abc import Collection

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.cases import (
    Bundle,
    NotAccepted,
    discard_bundle,
    leave_out,
    members_of,
    start_bundle,
    waits_for,
)
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict, Invalid
from portal.core.text import current_language, listed
from portal.core.web import db
from portal.identity import ensure_browser_key
from portal.residents import quotas, visitor_access
from portal.residents.blueprint import bp
from portal.residents.forms import TogetherForm
from portal.residents.plan_answers import answers_from_facts
from portal.residents.plan_page import Shown, show
from portal.residents.plan_question import Guide, guide

Answer = str | Response | tuple[str, int]


@bp.post("/plan/apply")
@allow(PUBLIC)
def apply_together() -> Answer:
    """Begin a bundle with the chosen procedures of the plan; what was answered for the plan is filled in."""
    guided = guide()
    chosen = TogetherForm().procedure.data
    try:
        bundle = _begin(guided, chosen)
    except (Invalid, NotAccepted, Conflict) as refusal:
        status = 422 if isinstance(refusal, Invalid) else 409
        return show(guided, Shown(chosen=frozenset(chosen), fault=refusal.message)), status
    return redirect(url_for("residents.go_on", public_id=bundle.public_id), 303)


def _begin(guided: Guide, chosen: Collection[str]) -> Bundle:
    planned = {entry.key for entry in guided.plan().included}
    offers = [offer for offer in guided.offered if offer.key in planned and offer.key in chosen]
    quotas.before_draft(max(len(offers), 1))
    return start_bundle(
        db(),
        offers,
        account_id=visitor_access.account_id(),
        language=current_language(),
        known={offer.key: answers_from_facts(offer.definition, guided.visit.facts) for offer in offers},
        browser=ensure_browser_key(),
    )


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
