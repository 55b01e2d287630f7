"""A plan for somebody who helps, or for later: a link that opens it, ends by itself, and can be ended."""

from urllib.parse import quote

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal import routing
from portal.core.access import PUBLIC, allow
from portal.core.errors import NotFound
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.residents import plan_visit, quotas, visitor_access
from portal.residents.blueprint import bp
from portal.residents.plan_guide import guide, guide_for
from portal.residents.plan_page import PlanExtras, show
from portal.residents.plan_router import router_of


@bp.post("/plan/link")
@allow(PUBLIC)
def make_plan_link() -> str:
    """Keep the plan as it is now, and show its link, once."""
    quotas.before_link()
    guided = guide()
    number, token = routing.make_link(db(), plan_visit.content(), visitor_access.account_id())
    plan_visit.remember_link(number)
    address = current_city().origin + url_for("residents.shared_plan", token=token)
    subject, body = quote(_("手続きの計画")), quote(address)
    return show(guided, PlanExtras(link=address, mail=f"mailto:?subject={subject}&body={body}"))


@bp.post("/plan/link/end")
@allow(PUBLIC)
def end_plan_links() -> Response:
    """End every link that this visit made, and those that the account made anywhere."""
    for number in plan_visit.take_links():
        routing.end_link(db(), number)
    account_id = visitor_access.account_id()
    if account_id is not None:
        routing.end_links_of_account(db(), account_id)
    return redirect(url_for("residents.plan"), 303)


@bp.get("/plan/shared/<token>")
@allow(PUBLIC)
def shared_plan(token: str) -> str:
    """The plan behind a link, to read. Nothing of this visit changes."""
    linked = _linked(token)
    router, _offered = router_of(db())
    return show(
        guide_for(plan_visit.read(linked.content, router.facts)), PlanExtras(token=token, until=linked.expires_at)
    )


@bp.post("/plan/shared/<token>/take")
@allow(PUBLIC)
def take_shared_plan(token: str) -> Response:
    """Go on with the plan behind a link in this visit."""
    plan_visit.take(_linked(token).content)
    return redirect(url_for("residents.plan"), 303)


def _linked(token: str) -> routing.LinkedPlan:
    linked = routing.plan_of_link(db(), token)
    if linked is None:
        raise NotFound(
            _("この計画のリンクは、終わったか、この市のものではありません。計画を作った方に確かめてください。")
        )
    return linked
