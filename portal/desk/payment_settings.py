"""By which methods the city takes money, and what goes back by itself: chosen within what the account at the provider has, read once more, kept."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.definition.fee import METHOD_LIMITS
from portal.core.access import allow, right, staff_member
from portal.core.errors import DomainError, Unavailable
from portal.core.events import Actor
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import commit_before_call, db
from portal.desk.forms import MethodSettingsForm
from portal.desk.rejected_action import RejectedAction, try_action
from portal.payments import (
    AccountReport,
    AccountTrial,
    MethodSettings,
    ProviderRejected,
    change_methods,
    check_methods,
    method_name,
    method_settings,
    read_account,
    try_account,
    webhook_url,
)

bp = Blueprint("desk_payment_settings", __name__, url_prefix="/desk/payments/settings")

OFFLINE = (
    ("cash", "窓口のレジで、現金で受け取ります"),
    ("card_reader", "窓口のカード端末で支払ったものを、レジで記録します"),
    ("slip", "納付書を作り、銀行で支払われたものをファイルで取り込みます"),
)
_ENDS_ONLINE = "{method}をやめます。もう開いている支払いの画面や、出ている支払い番号や振込先は、期限まで使えます。"
_ENDS = {
    "cash": "{method}をやめます。レジで選べなくなります。",
    "card_reader": "{method}をやめます。レジで選べなくなります。",
    "slip": "{method}をやめます。もう渡した納付書は、銀行で支払われれば取り込みます。",
}
_STATES = {"active": "使えます", "pending": "決済会社が審査しています", "inactive": "アカウントで有効になっていません"}


@bp.get("")
@allow(right("payment.settings"))
def overview() -> str:
    """What is on, and what the account has of it."""
    return _page(_form_of(method_settings(db())))


@bp.post("")
@allow(right("payment.settings"))
def change() -> ResponseReturnValue:
    """Show once more what would change; then keep it, as an event."""
    form = MethodSettingsForm()
    account = _read_account()
    states = account.methods if account else {}
    before, after = method_settings(db()), _chosen(form)

    def act() -> None:
        if form.act.data == "save":
            change_methods(db(), after, form.seen.data, states, _actor())
        else:
            check_methods(before, after, states)

    rejected = try_action(db(), "settings", act, form)
    if rejected:
        form.seen.data = before.version
        return _page(form, account, rejected=rejected), rejected.status
    if form.act.data == "save" or before == after:
        return redirect(url_for("desk_payment_settings.overview", saved="1" if before != after else None), 303)
    return render_template(
        "desk/payment_settings_confirm.html", form=form, changes=_changes(before, after), seen=form.seen.data
    )


@bp.post("/trial")
@allow(right("payment.settings"))
def trial() -> ResponseReturnValue:
    """Try the account: open a page there and close it again."""
    city = current_city()
    form = _form_of(method_settings(db()))
    commit_before_call()
    try:
        made = try_account(city.key, webhook_url(city.origin), f"{city.origin}/pay/trial", _actor())
    except (Unavailable, ProviderRejected) as fault:
        message = (
            fault.message if isinstance(fault, DomainError) else _("決済会社に断られました({code})。", code=fault.code)
        )
        return _page(form, rejected=RejectedAction("trial", message, 503)), 503
    return _page(form, made.report, made=made)


def _read_account() -> AccountReport | None:
    """What the account has; None without one, and while the provider does not answer."""
    commit_before_call()
    try:
        return read_account(current_city().key)
    except (Unavailable, ProviderRejected):
        return None


def _form_of(settings: MethodSettings) -> MethodSettingsForm:
    return MethodSettingsForm(
        formdata=None,
        methods=[*settings.online, *settings.offline],
        duplicates="automatic" if settings.returns_duplicates else "decided",
        surplus="automatic" if settings.returns_surplus else "decided",
        seen=settings.version,
    )


def _chosen(form: MethodSettingsForm) -> MethodSettings:
    return MethodSettings(
        tuple(name for name in METHOD_LIMITS if name in form.methods.data),
        tuple(name for name, _note in OFFLINE if name in form.methods.data),
        form.duplicates.data != "decided",
        form.surplus.data != "decided",
    )


def _changes(before: MethodSettings, after: MethodSettings) -> list[str]:
    """What would change, in sentences."""
    was, will = {*before.online, *before.offline}, {*after.online, *after.offline}
    names = [*METHOD_LIMITS, *(name for name, _note in OFFLINE)]
    sentences = [_("{method}を始めます。", method=method_name(name)) for name in names if name in will - was]
    sentences += [_(_ENDS.get(name, _ENDS_ONLINE), method=method_name(name)) for name in names if name in was - will]
    for title, old, new in (
        (_("2回支払われたお金"), before.returns_duplicates, after.returns_duplicates),
        (_("多く支払われたお金"), before.returns_surplus, after.returns_surplus),
    ):
        if old != new:
            how = _("自動で返します") if new else _("職員が確かめてから返します")
            sentences.append(_("{what}は、{how}。", what=title, how=how))
    return sentences


def _page(
    form: MethodSettingsForm,
    account: AccountReport | None = None,
    *,
    made: AccountTrial | None = None,
    rejected: RejectedAction | None = None,
) -> str:
    account = account or (None if rejected and rejected.name == "trial" else _read_account())
    states = account.methods if account else {}
    ways = {"automatic": _("自動で返す"), "decided": _("職員が確かめてから返す")}
    form.duplicates.choices = form.surplus.choices = list(ways.items())
    return render_template(
        "desk/payment_settings.html",
        form=form,
        account=account,
        made=made,
        rejected=rejected,
        saved=request.args.get("saved") == "1",
        online=[
            (name, method_name(name), limits, states.get(name, ""), _(_STATES.get(states.get(name, ""), "")))
            for name, limits in METHOD_LIMITS.items()
        ],
        offline=[(name, method_name(name), _(note)) for name, note in OFFLINE],
    )


def _actor() -> Actor:
    staff = staff_member()
    return Actor("staff", staff.id, staff.name)
