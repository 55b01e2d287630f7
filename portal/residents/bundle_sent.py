"""After a bundle was sent: on to the one payment of what is due now, and the receipt with every number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from forms import due_by_answer, due_by_others
from portal.cases import Case, PayDeadline, contact_address, drafts, open_answers, pay_deadline
from portal.cases.bundles import Bundle, cases_of_bundle, waiting_drafts
from portal.cases.tracking import check_code
from portal.core.access import PUBLIC, allow
from portal.core.errors import Conflict, Unavailable
from portal.core.tenancy import current_city
from portal.core.text import _, listed, moment_ja
from portal.core.web import commit_before_call, db
from portal.payments import AwaitedMoney, Payment, gather_charges
from portal.procedures import definition_of
from portal.residents import visitor_access
from portal.residents.blueprint import bp
from portal.residents.definition_texts import words
from portal.residents.forms import PaymentMethodForm
from portal.residents.keeping import offered_to_keep
from portal.residents.map_statements import looked_up
from portal.residents.money_lines import lines_by_case
from portal.residents.my_page import Card, cards
from portal.residents.progress import from_now_on
from portal.residents.qr_code import qr_code, with_purpose


@dataclass(frozen=True)
class Waiting:
    """What is opened by another's decision: its title, what it waits for, the id of its draft, and its last day where an answer says so."""

    title: str
    first: str
    public_id: str
    due: date | None


@dataclass(frozen=True)
class AwaitedOrder:
    """The amount due in an order whose payment method was chosen, the payment that is awaited, and until when."""

    due: list[Payment]
    money: AwaitedMoney
    deadline: PayDeadline


def after_sending(bundle: Bundle) -> Response:
    """On to the one payment of what is due now (with the method that was chosen), else to the receipt.

    Where the charges cannot be put together at this moment, the receipt says what is left to pay, and leads there.
    """
    cases = cases_of_bundle(db(), bundle.id)
    for case in cases:
        visitor_access.remember_case(case)
    receipt = url_for("residents.bundle_done", public_id=bundle.public_id)
    due = _due(cards(db(), cases))
    if not due:
        return redirect(receipt, 303)
    charge_ids = [charge.id for payment in due for charge in payment.charges]
    commit_before_call()
    try:
        order = gather_charges(current_city().key, charge_ids, next_path=receipt)
    except (Conflict, Unavailable):
        return redirect(receipt, 303)
    if PaymentMethodForm().method.data:
        # 307 sends the same form on, with its token and the chosen method, so that one press is enough
        return redirect(url_for("payments.start", public_id=order), 307)
    return redirect(url_for("payments.pay", public_id=order), 303)


@bp.get("/bundles/<public_id>/done")
@allow(PUBLIC)
def bundle_done(public_id: str) -> str:
    """The receipt: every number, what is paid, what comes next."""
    bundle, cases = visitor_access.bundle(db(), public_id)
    shown = cards(db(), cases)
    due = to_choose(shown)
    known_until = visitor_access.known_until(cases[0])
    return render_template(
        "residents/bundle_done.html",
        bundle=bundle,
        cards=shown,
        waiting=waiting_of(bundle, cases),
        due=due,
        awaited=awaited_orders(shown),
        due_now=sum(payment.amount for payment in due),
        pay=pay_address(due),
        paid=sum(card.paid for card in shown),
        address=next(filter(None, (contact_address(db(), case) for case in cases)), None),
        code=check_code(bundle) if any(case.account_id is None for case in cases) else "",
        known_until=known_until,
        qr=with_purpose(
            qr_code(f"{current_city().origin}/me/bundles/{bundle.public_id}", _("手続きのページのQRコード"))
        ),
        keep=offered_to_keep(cases, url_for("residents.keep_of_bundle", public_id=public_id)),
        looked_up=list(dict.fromkeys(said for card in shown for said in looked_up(db(), card.case, card.definition))),
        entries=_from_now_on(shown),
        lines=lines_by_case(db(), shown),
        paid_orders=list(dict.fromkeys(each.public_id for card in shown for each in card.payments if each.received)),
    )


def waiting_of(bundle: Bundle, cases: Sequence[Case]) -> list[Waiting]:
    """What still waits in a bundle, with what it waits for."""
    titles = {case.procedure_key: words(definition_of(db(), case.version_id).title) for case in cases}
    waiting = [(draft, definition_of(db(), draft.version_id)) for draft in waiting_drafts(db(), bundle)]
    titles |= {draft.procedure_key: words(definition.title) for draft, definition in waiting}
    sent = [open_answers(current_city().key, case.answers) for case in cases] if waiting else []
    answers = {name: answer for each in reversed(sent) for name, answer in each.items()}
    return [
        Waiting(
            titles[draft.procedure_key],
            listed(
                titles[key]
                for key in (definition.routing.after if definition.routing else ())
                if key in titles and key != draft.procedure_key
            ),
            draft.public_id,
            due_by_answer(definition, drafts.answers_of(db(), draft)) or due_by_others(definition, answers),
        )
        for draft, definition in waiting
    ]


def pay_address(due: Sequence[Payment]) -> str:
    """Where what is due is paid: its own page when it is one payment, else the basket with all of it chosen."""
    if len({payment.public_id for payment in due}) == 1:
        return url_for("payments.pay", public_id=due[0].public_id)
    return url_for("residents.basket", charge=[payment.charges[0].id for payment in due])


def to_choose(shown: Sequence[Card]) -> list[Payment]:
    """What is to pay now for these cases, and no way to pay was chosen for."""
    return [payment for payment in _due(shown) if payment.status != "pending"]


def awaited_orders(shown: Sequence[Card]) -> list[AwaitedOrder]:
    """The orders of these cases for which a way to pay was chosen."""
    orders: dict[str, list[Card]] = {}
    for card in shown:
        if card.due is not None and card.awaited is not None:
            orders.setdefault(card.due.public_id, []).append(card)
    return [
        AwaitedOrder(
            [card.due for card in paid_together if card.due],
            money,
            pay_deadline(
                money.until,
                [card.due.pay_by for card in paid_together if card.due],
                loses_places=any(card.loses_places_unpaid for card in paid_together),
            ),
        )
        for paid_together in orders.values()
        if (money := paid_together[0].awaited) is not None
    ]


def _due(shown: Sequence[Card]) -> list[Payment]:
    """What is to pay now for these cases."""
    return [payment for card in shown for payment in card.payments if payment.is_payable]


def _from_now_on(shown: Sequence[Card]) -> list[dict[str, Any]]:
    """What has been done, and what comes next with each application, the one that is due first before the others."""
    sent = {
        "title": _("{n}件の手続きが届きました。", n=len(shown)),
        "time": moment_ja(shown[0].case.submitted_at),
        "state": "done",
    }
    entries = [sent]
    for card in sorted(shown, key=lambda card: (card.case.due_on, card.case.id)):
        following = [entry for entry in from_now_on(card.case, card.definition) if entry["state"] != "done"]
        if following:
            about = Markup("<p>{}</p>").format(following[0]["title"]) + following[0]["text"]
            entries.append(
                {
                    "title": words(card.definition.title),
                    "time": following[0].get("time", ""),
                    "text": about,
                    "state": "",
                }
            )
    if len(entries) > 1:
        entries[1]["state"] = "now"
    return entries
