"""After an application is sent: which of its answers are kept for next time. Nothing is, unless its applicant chooses it here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.cases import Case, keepable_items
from portal.core.access import PUBLIC, allow, current_account, resident
from portal.core.errors import NotFound
from portal.core.text import _
from portal.core.web import db
from portal.profiles import NewItem, keep_items, profile_items
from portal.residents import visitor_access
from portal.residents.blueprint import bp
from portal.residents.forms import KeepForm
from portal.residents.kept_words import ItemWords, by_heading, words_of_item

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Offered:
    """What may be kept of some cases. `kept` are the items of which the profile has exactly this answer, `others` those with another one."""

    items: Sequence[NewItem]
    words: Mapping[str, ItemWords]
    kept: frozenset[str]
    others: frozenset[str]
    action: str

    @property
    def new(self) -> list[NewItem]:
        """The items that the profile has not, or has with another answer."""
        return [item for item in self.items if item.item not in self.kept]

    @property
    def groups(self) -> dict[str, list[NewItem]]:
        """Those, under the headings of the page."""
        return by_heading(self.new, self.words)


def offered_to_keep(cases: Sequence[Case], action: str) -> Offered | None:
    """What the signed-in applicant of these cases may keep; None for anybody else, and where there is nothing."""
    account = current_account()
    own = [case for case in cases if account is not None and case.account_id == account.id]
    items = keepable_items(db(), own) if own else []
    if account is None or not items:
        return None
    profile = {kept.item: kept.answer for kept in profile_items(db(), account.id)}
    same = frozenset(each.item for each in items if each.item in profile and profile[each.item] == each.answer)
    return Offered(
        items,
        {each.item: words_of_item(db(), each) for each in items},
        same,
        frozenset(profile.keys() & {each.item for each in items}) - same,
        action,
    )


@bp.get("/me/cases/<public_id>/keep")
@allow(PUBLIC)
def ask_keep(public_id: str) -> str:
    """The answers of one application, to choose from."""
    return _page(_of_case(public_id), url_for("residents.case", public_id=public_id))


@bp.post("/me/cases/<public_id>/keep")
@allow(PUBLIC)
def keep(public_id: str) -> Answer:
    """Keep those that were chosen."""
    return _keep(_of_case(public_id), url_for("residents.case", public_id=public_id))


@bp.get("/me/bundles/<public_id>/keep")
@allow(PUBLIC)
def ask_keep_bundle(public_id: str) -> str:
    """The answers of applications that were sent together, to choose from."""
    return _page(_of_bundle(public_id), url_for("residents.bundle", public_id=public_id))


@bp.post("/me/bundles/<public_id>/keep")
@allow(PUBLIC)
def keep_of_bundle(public_id: str) -> Answer:
    """Keep those that were chosen."""
    return _keep(_of_bundle(public_id), url_for("residents.bundle", public_id=public_id))


def _of_case(public_id: str) -> Offered:
    case = visitor_access.case(db(), public_id)
    return _offered([case], url_for("residents.keep", public_id=public_id))


def _of_bundle(public_id: str) -> Offered:
    _bundle, cases = visitor_access.bundle(db(), public_id)
    return _offered(cases, url_for("residents.keep_of_bundle", public_id=public_id))


def _offered(cases: Sequence[Case], action: str) -> Offered:
    resident()  # whoever sent it in this browser without signing in has nothing in which it could be kept
    offered = offered_to_keep(cases, action)
    if offered is None:
        raise NotFound(_("この手続きには、次の手続きのために残せる項目がありません。"))
    return offered


def _keep(offered: Offered, back: str) -> Answer:
    form = KeepForm()
    chosen = [each for each in offered.items if form.every.data or each.item in form.item.data]
    if not chosen:
        return _page(offered, back, _("残す項目を、1つ以上選んでください。")), 422
    keep_items(db(), resident().id, chosen)
    return redirect(url_for("residents.profile"), 303)


def _page(offered: Offered, back: str, fault: str = "") -> str:
    return render_template("residents/keep.html", offered=offered, back=back, fault=fault)
