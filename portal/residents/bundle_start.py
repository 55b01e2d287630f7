"""Applying for several procedures of a plan at once: chosen on the plan, begun once, left out or sent alone, put away."""

from base64 import urlsafe_b64encode
from collections.abc import Collection
from hashlib import sha256
from typing import cast

from flask import redirect, render_template, url_for
from flask import session as visit
from werkzeug.wrappers import Response

from forms import Definition
from forms.fields import ReadContext
from forms.routing import Facts
from forms.routing.known_answers import answers_from_facts, begun_from_facts
from portal.cases import PLAN, Carried, NotAccepted, from_source
from portal.cases.bundles import Bundle, discard_bundle, leave_out, members_of, start_bundle, take_alone, waits_for
from portal.core.access import PUBLIC, allow
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid
from portal.core.sessions import ServerSession
from portal.core.tenancy import current_city, plane_of
from portal.core.text import current_language, listed
from portal.core.web import db
from portal.identity import ensure_browser_key
from portal.residents import quotas, visitor_access
from portal.residents.blueprint import bp
from portal.residents.draft_application import application_of, bundle_application
from portal.residents.forms import TogetherForm
from portal.residents.plan_guide import Guide, guide
from portal.residents.plan_page import PlanExtras, show

Answer = str | Response | tuple[str, int]


@bp.post("/plan/apply")
@allow(PUBLIC)
def apply_together() -> Answer:
    """Begin a bundle with the chosen procedures of the plan; what was answered for the plan is filled in."""
    guided = guide()
    form = TogetherForm()
    chosen = form.procedure.data
    begun = next((each for each in visitor_access.begun_bundles(db()) if each.keys == set(chosen)), None)
    if begun is not None:
        return redirect(url_for("residents.go_on_bundle", public_id=begun.public_id), 303)
    try:
        bundle = _begin(guided, chosen, form.press.data or "")
    except (Invalid, NotAccepted, Conflict) as refusal:
        status = 422 if isinstance(refusal, Invalid) else 409
        return show(guided, PlanExtras(chosen=frozenset(chosen), fault=refusal.message)), status
    return redirect(url_for("residents.go_on", public_id=bundle.public_id), 303)


def _begin(guided: Guide, chosen: Collection[str], press: str) -> Bundle:
    planned = {entry.key for entry in guided.plan().included}
    offers = [offer for offer in guided.offered if offer.key in planned and offer.key in chosen]
    quotas.before_draft(max(len(offers), 1))
    return start_bundle(
        db(),
        offers,
        account_id=visitor_access.account_id(),
        language=current_language(),
        known={offer.key: _said_for_plan(offer.definition, guided.visit.facts) for offer in offers},
        browser=ensure_browser_key(),
        public_id=_id_of_press(press, [offer.key for offer in offers]) if press else None,
    )


def _said_for_plan(definition: Definition, facts: Facts) -> dict[str, Carried]:
    """What was said for the plan, as answers; an address as far as its town."""
    answers = answers_from_facts(definition, facts, ReadContext(today(), plane=plane_of(db())))
    begun = begun_from_facts(definition, facts, definition.vocabulary, current_city())
    return from_source(answers, PLAN) | from_source(begun, PLAN, in_part=True)


def _id_of_press(press: str, keys: Collection[str]) -> str:
    """The same for the same press on the same page of one visit, whose token nobody else has, and of as many bits as any other."""
    text = "\n".join((cast(ServerSession, visit).token or "", press, *sorted(keys)))
    return urlsafe_b64encode(sha256(text.encode("utf-8", "replace")).digest()[:16]).decode().rstrip("=")


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
    before = bundle_application(db(), bundle)
    settled = before.settled_questions()
    leave_out(db(), bundle, draft_id)
    if len(before.members) == 1:
        return redirect(url_for("residents.me"), 303)
    bundle_application(db(), bundle).keep_settled(settled)
    return redirect(url_for("residents.go_on_bundle", public_id=public_id), 303)


@bp.post("/bundles/<public_id>/procedures/<draft_id>/alone")
@allow(PUBLIC)
def send_alone(public_id: str, draft_id: str) -> Response:
    """Take one procedure out to send it by itself, with what was written for it, as who waits for a place must."""
    bundle = visitor_access.open_bundle(db(), public_id, lock=True)
    before = bundle_application(db(), bundle)
    before.spread()
    settled = before.settled_questions()
    draft = take_alone(db(), bundle, draft_id)
    application_of(db(), draft).keep_settled(settled)
    if len(before.members) > 1:
        bundle_application(db(), bundle).keep_settled(settled)
    return redirect(url_for("residents.go_on", public_id=draft.public_id), 303)


@bp.post("/bundles/<public_id>/discard")
@allow(PUBLIC)
def discard_together(public_id: str) -> Response:
    """Put the whole bundle away, with everything that was written."""
    discard_bundle(db(), visitor_access.open_bundle(db(), public_id, lock=True))
    return redirect(url_for("residents.me"), 303)
