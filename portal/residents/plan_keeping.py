"""A plan that the account keeps: put there, taken up again on any device, changed by every answer, removed."""

from dataclasses import dataclass
from datetime import date

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal import routing
from portal.core.access import PUBLIC, allow, current_account
from portal.core.clock import today
from portal.core.errors import NotFound
from portal.core.text import _
from portal.core.web import db
from portal.identity.web_session import redirect_to_sign_in
from portal.residents import plan_visit
from portal.residents.blueprint import bp
from portal.residents.claim import signed_in_account
from portal.residents.definition_texts import words
from portal.residents.kept_plan import keep_up_to_date
from portal.residents.plan_guide import guide, guide_for
from portal.residents.plan_router import router_of


@dataclass(frozen=True)
class KeptPlanCard:
    """A kept plan on My page. `title` is empty for one whose window the city has closed; `first_due` is the next last day."""

    number: int
    until: date
    title: str
    needed: int = 0
    open: int = 0
    first_due: date | None = None


@bp.post("/plan/keep")
@allow(PUBLIC)
def keep_plan() -> Response:
    """Have the account keep the plan of this visit; who is not signed in does that first, and keeps the plan on the way."""
    guide()
    away = redirect_to_sign_in(url_for("residents.plan"))
    if away is not None:
        return away
    account = signed_in_account()
    if not keep_up_to_date():
        plan_visit.mark_kept(routing.keep_plan(db(), account.id, plan_visit.content()))
    return redirect(url_for("residents.plan"), 303)


@bp.post("/me/plans/<int:number>/open")
@allow(PUBLIC)
def open_kept_plan(number: int) -> Response:
    """Go on with a kept plan in this visit; answers change the kept one from then on."""
    account = signed_in_account()
    plan = next((plan for plan in routing.plans_of_account(db(), account.id) if plan.number == number), None)
    if plan is None:
        raise NotFound(_("この計画は、もう取ってありません。消したか、期限が過ぎました。"))
    plan_visit.take(plan.content)
    plan_visit.mark_kept(number)
    return redirect(url_for("residents.plan"), 303)


@bp.post("/me/plans/<int:number>/remove")
@allow(PUBLIC)
def remove_kept_plan(number: int) -> Response:
    """Forget a kept plan."""
    routing.remove_plan(db(), signed_in_account().id, number)
    return redirect(url_for("residents.me"), 303)


def kept_plans() -> list[KeptPlanCard]:
    """The plans that the signed-in account keeps."""
    account = current_account()
    return [_card(plan) for plan in routing.plans_of_account(db(), account.id)] if account is not None else []


def _card(kept: routing.AccountPlan) -> KeptPlanCard:
    until = kept.expires_at.date()
    router, _offered = router_of(db())
    try:
        guided = guide_for(plan_visit.read(kept.content, router.facts))
    except NotFound:
        return KeptPlanCard(kept.number, until, "")
    plan = guided.plan()
    days = [entry.due.day for entry in plan.included if entry.due is not None and entry.due.day >= today()]
    needed = sum(entry.status == "needed" for entry in plan.included)
    return KeptPlanCard(kept.number, until, words(guided.event.title), needed, plan.open, min(days, default=None))
