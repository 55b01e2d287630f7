"""Stories in which the office changes what is owed, or gives back: withdrawals, refusals, corrections, waivers, refunds, disputes."""

import io
from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import answer_correction
from portal.cases.answers import open_answers
from portal.cases.models import Case, CaseDecision
from portal.cases.moves import MoveInputs, apply_transition
from portal.core.database import city_of
from portal.core.events import Actor
from portal.payments import Waiver, payments_of_case
from portal.payments.models import PaymentAttempt, Refund
from portal.procedures import definition_of
from tests.integration.access.town import EVERY_ROLE
from tests.judge.browser import Answer
from tests.judge.chaos.payer import GOOD, NEVER_REFUNDED, REFUNDED_LATE, Payer
from tests.judge.chaos.town import Fee
from tests.kit.pictures import photo

CARDS = (GOOD, GOOD, REFUNDED_LATE, NEVER_REFUNDED)


def withdrawn(payer: Payer) -> None:
    """The application is withdrawn in two windows at the moment in which its fee is paid."""
    fee = payer.owe()
    page = payer.start(fee.order)
    resident = partial(_move, payer, fee, "withdraw", applicant=True)
    payer.at_once(lambda: payer.card(page), resident, resident)
    payer.come_back(fee.order)


def withdrawn_with_voucher(payer: Payer) -> None:
    """The same while a voucher is at the store's counter."""
    fee = payer.owe()
    voucher = payer.voucher(fee.order)
    payer.at_once(lambda: payer.at_the_store(voucher, "pay"), partial(_move, payer, fee, "withdraw", applicant=True))


def refused(payer: Payer) -> None:
    """What was paid goes back because the application is refused, while the payer's page still says that it is paid."""
    fee = _paid(payer, payer.rng.choice(CARDS))
    payer.at_once(partial(_move, payer, fee, "refuse", note="登録できません。"), lambda: payer.come_back(fee.order))


def refunded_by_line(payer: Payer) -> None:
    """A cashier gives a part back in two windows at the same moment; the second person agrees in two as well."""
    fee = _paid(payer, payer.rng.choice(CARDS))
    for move in ("accept", "complete"):
        _move(payer, fee, move)
    amount = payer.rng.choice(["300", "1000", "3000"])
    give_back = partial(_refund, payer, fee, int(amount))
    payer.at_once(give_back, give_back)
    decide_refunds(payer, fee.order_id)


def corrected(payer: Payer) -> None:
    """Paid copies become more or fewer; the difference is paid, and changes again in the moment in which it is."""
    fee = _paid(payer, copies=3)
    _correct(payer, fee, payer.rng.choice([1, 2, 5, 8]))
    order = _open_order(payer, fee)
    page = payer.start(order) if order else ""
    again = payer.rng.choice([2, 4, 6])
    payer.at_once(lambda: payer.card(page), lambda: _correct(payer, fee, again))
    if order := _open_order(payer, fee):
        payer.card(payer.start(order))
        payer.come_back(order)


def waived_open(payer: Payer) -> None:
    """A part is waived while the provider's page asks for the whole, and that page is paid at the same moment."""
    fee = payer.owe()
    page = payer.start(fee.order)
    payer.at_once(lambda: _waive(payer, fee, payer.rng.choice([400, 1_000, 3_000])), lambda: payer.card(page))
    payer.card(payer.start(fee.order))
    payer.come_back(fee.order)


def waived_paid(payer: Payer) -> None:
    """A part of what is paid is waived: it goes back."""
    fee = _paid(payer, payer.rng.choice(CARDS))
    _waive(payer, fee, payer.rng.choice([400, 1_000]))


def disputed(payer: Payer) -> None:
    """The cardholder contests the payment while the office refuses the application; the bank decides after days."""
    fee = _paid(payer)
    charges = payer.town.query(
        select(PaymentAttempt.charge_id).where(PaymentAttempt.order_id == fee.order_id, PaymentAttempt.settles)
    )
    contest = [
        lambda at=charge: payer.at_provider(payer.ground.sandbox, f"/operator/charges/{at}/dispute")
        for charge in charges
    ]
    payer.at_once(*contest, partial(_move, payer, fee, "refuse", note="登録できません。"))


def decide_refunds(payer: Payer, order_id: int) -> None:
    """The second person's word on the refunds of an order that wait for one, pressed by both people at once."""
    waiting = select(Refund.id).where(Refund.order_id == order_id, Refund.status == "requested")
    for refund in payer.town.query(waiting):
        form = {"decision": payer.rng.choice(["approve", "approve", "reject"]), "note": "確認しました"}
        windows = [window.copy() for window in payer.town.windows]
        at = f"/desk/refunds/{refund}"
        payer.at_once(*(partial(payer.press, window, "/desk", at, form, "agree") for window in windows))


def _paid(payer: Payer, card: str = GOOD, copies: int = 0) -> Fee:
    fee = payer.owe(copies)
    payer.card(payer.start(fee.order), card)
    payer.insist(lambda: payer.browser.get(f"/pay/{fee.order}/return"), "return")
    return fee


def _open_order(payer: Payer, fee: Fee) -> str:
    """The public id of what the case still asks for, or nothing."""

    def find(session: Session) -> str:
        return next((each.public_id for each in payments_of_case(session, fee.case_id) if each.is_payable), "")

    return payer.town.act(find) or ""


def _move(payer: Payer, fee: Fee, move: str, *, applicant: bool = False, **inputs: Any) -> None:
    actor = Actor("applicant", None) if applicant else payer.town.staff[0]
    roles = ("applicant",) if applicant else EVERY_ROLE
    payer.town.act(apply_transition, fee.case_id, move, actor, roles=roles, inputs=MoveInputs(**inputs))


def _correct(payer: Payer, fee: Fee, copies: int) -> None:
    """The office asks for a correction, and the applicant makes it another number of copies."""
    _move(payer, fee, "request_correction", note="通数を確かめてください。", fields=("copies",))
    payer.town.act(_answer, fee.case_id, {"copies": copies})


def _answer(session: Session, case_id: int, changed: Mapping[str, Any]) -> None:
    case = session.get_one(Case, case_id)
    answers = open_answers(city_of(session), case.answers) | changed
    answer_correction(session, case, definition_of(session, case.version_id), answers, Actor("applicant", None))


def _waive(payer: Payer, fee: Fee, amount: int) -> None:
    """Asked for by one person with a proof, decided by another where it is large."""
    window = payer.town.windows[0].copy()
    form = {"charge": str(fee.charges[0]), "amount": str(amount), "reason": "災害で家をなくしたため"}
    form_with_proof: Mapping[str, Any] = form | {"added": (io.BytesIO(photo("PNG")), "罹災証明書.png")}
    payer.press(window, "/desk", f"/desk/cases/{fee.case_id}/fees", form_with_proof, "waive")
    decide_waivers(payer, fee)


def decide_waivers(payer: Payer, fee: Fee) -> None:
    """The second person's word on a waiver, pressed twice."""
    waiting = select(Waiver.id).where(Waiver.charge_id.in_(fee.charges), Waiver.status == "requested")
    for waiver in payer.town.query(waiting):
        form = {"act": payer.rng.choice(["approve", "approve", "reject"])}
        press = partial(payer.press, payer.town.windows[1].copy(), "/desk", f"/desk/waivers/{waiver}", form, "waiver")
        payer.at_once(press, press)


def _refund(payer: Payer, fee: Fee, amount: int) -> Answer:
    """Give a part back line by line: a decision that is held, and carried out at once."""
    window, at = payer.town.windows[0].copy(), f"/desk/cases/{fee.case_id}"
    form = {f"amount-{fee.charges[0]}": str(amount), "note": "払いすぎのため", "seen": payer.town.seen(fee.case_id)}
    payer.press(window, "/desk", f"{at}/refund", form, "refund")
    waiting = select(CaseDecision.id).where(CaseDecision.case_id == fee.case_id, CaseDecision.failure.is_(None))
    decision = payer.town.query(waiting)
    form = {"decision": str(decision[0]) if decision else ""}
    return payer.press(window, "/desk", f"{at}/decision/now", form, "refund at once")
