"""What happens once days have passed: vouchers lapse and are handed in late, the bank reports slips, disputes end, the office catches up."""

import io
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import today
from portal.payments import refunds_for_counter, refunds_to_handle, review_of, slip_reference
from portal.payments.later_models import Dispute
from portal.payments.models import Order, Refund
from portal.slips.models import SlipFile
from portal.tills import get_till, open_shift, report_of_shift
from portal.tills.models import TillShift
from portal.tills.rules import DENOMINATIONS
from tests.judge.chaos.office import decide_refunds
from tests.judge.chaos.payer import Payer
from tests.judge.chaos.transfers import transfer

DAYS = 4
"""More than a voucher lasts, and a refund that arrives late."""
FLOAT = 30_000
NOTHING_KNOWN = "9999"


def open_till(payer: Payer) -> None:
    """Open the till with a float."""
    at = f"/desk/tills/{payer.town.till}/opening"
    payer.press(payer.town.windows[0].copy(), "/desk/tills", at, {"float_amount": str(FLOAT)}, "open till")


def advance_clock(payer: Payer) -> None:
    """Let days pass at the provider."""
    payer.at_provider(payer.ground.sandbox, "/operator/clock", days=str(DAYS))


def catch_up(payer: Payer) -> None:
    """What a city does in those days, one thing after the other, with processes dying in between."""
    rng = Random(f"{payer.town.seed}:{payer.city}:days")
    hand_in_vouchers(payer, rng)
    transfer_at_last(payer, rng)
    end_disputes(payer, rng)
    report_slips(payer)
    decide_reviews(payer, rng)
    for order in _orders_with_proposals(payer):
        decide_refunds(payer, order)
    pay_back_at_till(payer)
    handle_failed_refunds(payer)
    close_till(payer, rng)


def hand_in_vouchers(payer: Payer, rng: Random) -> None:
    """Every second voucher of the drawer is paid at the store, after it has expired by the provider's clock."""
    vouchers, payer.town.vouchers = payer.town.vouchers, []
    for voucher in vouchers:
        if rng.random() < 1 / 2:
            payer.at_the_store(voucher, "pay")
            payer.town.ways["paid after expiry"] += 1


def transfer_at_last(payer: Payer, rng: Random) -> None:
    """Who kept the account for days transfers now: what is asked for, a part of it, too much, or nothing."""
    accounts, payer.town.accounts = payer.town.accounts, []
    for account, amount in accounts:
        transfer(payer, account, rng.choice([amount, amount, amount - 50, amount + 50, 0]))


def end_disputes(payer: Payer, rng: Random) -> None:
    """The bank decides each dispute."""
    for dispute in payer.town.query(select(Dispute.provider_id).where(Dispute.status == "open")):
        outcome = rng.choice(["won", "lost"])
        payer.at_provider(payer.ground.sandbox, f"/operator/disputes/{dispute}/{outcome}")
        payer.town.ways[f"dispute {outcome}"] += 1


def report_slips(payer: Payer) -> None:
    """The bank's file is taken in, and once more by a colleague who did not know; a line in it leads to no fee."""
    paid, payer.town.slips = payer.town.slips, []
    if not paid:
        return
    lines = [f"{slip_reference(slip.order_id)},{today()},{slip.amount},{number}" for number, slip in enumerate(paid)]
    serial = payer.town.begun_at
    lines.append(f"{NOTHING_KNOWN},{today()},{1_000 + serial},{serial}")
    content = "\n".join(["納付番号,収納日,収納金額,取引番号", *lines]).encode()
    for window in payer.town.windows:
        form = {"file": (io.BytesIO(content), "収納.csv")}
        payer.press(window.copy(), "/desk/ledger/slips", "/desk/ledger/slips", form, "slip file")
    for file in payer.town.query(select(SlipFile.id).where(SlipFile.taken_at.is_(None)).order_by(SlipFile.id)):
        at = f"/desk/ledger/slips/{file}"
        windows = [window.copy() for window in payer.town.windows]
        payer.at_once(*(lambda w=w, at=at: payer.press(w, "/desk", at, {"act": "take"}, "take slips") for w in windows))
    payer.town.ways["slip lines"] += len(lines)


def decide_reviews(payer: Payer, rng: Random) -> None:
    """Somebody decides about each payment under review, one of the ways that are open."""

    def open_reviews(session: Session) -> list[tuple[int, int, str]]:
        orders = session.scalars(select(Order).where(Order.status == "needs_review").order_by(Order.id))
        reviews = [(order, review_of(session, order)) for order in orders]
        return [
            (order.id, order.version, rng.choice(each.decisions)) for order, each in reviews if each and each.decisions
        ]

    for order, version, decision in payer.town.act(open_reviews) or []:
        form = {"decision": decision, "version": str(version), "note": "確かめました"}
        at = f"/desk/payments/{order}/review"
        windows = [window.copy() for window in payer.town.windows]
        payer.at_once(*(lambda w=w, at=at, f=form: payer.press(w, "/desk", at, f, "review") for w in windows))
        payer.town.ways[f"review {decision}"] += 1


def pay_back_at_till(payer: Payer) -> None:
    """What the provider never had is paid back in cash, pressed twice."""
    waiting = payer.town.act(lambda session: [refund.id for refund, _way in refunds_for_counter(session)]) or []
    for refund in waiting:
        at = f"/desk/tills/{payer.town.till}/refunds/{refund}"
        windows = [payer.town.windows[0].copy() for _ in range(2)]
        payer.at_once(*(lambda w=w, at=at: payer.press(w, "/desk/tills", at, {}, "refund at till") for w in windows))
        payer.town.ways["paid back at the till"] += 1


def handle_failed_refunds(payer: Payer) -> None:
    """A refund that came back is sent once more."""
    for refund in payer.town.query(select(refunds_to_handle().c.id)):
        at = f"/desk/payments/failed-refunds/{refund}"
        payer.press(payer.town.windows[0].copy(), "/desk", at, {"act": "retry"}, "retry refund")
        payer.town.ways["refund sent again"] += 1


def close_till(payer: Payer, rng: Random) -> None:
    """The drawer is counted with 100 yen too few or too many, or much too few, and closed; the money is brought to the bank."""

    def expected(session: Session) -> int:
        shift = open_shift(session, payer.town.till)
        return report_of_shift(session, get_till(session, payer.town.till), shift).expected if shift else 0

    counted, pieces = (payer.town.act(expected) or 0) + rng.choice([-100, 0, 100, -2_000]), {}
    for denomination in sorted(DENOMINATIONS, reverse=True):
        pieces[f"pieces-{denomination}"], counted = str(counted // denomination), counted % denomination
    first, second = (window.copy() for window in payer.town.windows)
    at = f"/desk/tills/{payer.town.till}/count"
    payer.press(first, "/desk/tills", at, pieces | {"reason": "お釣りの渡し間違い"}, "count till")
    shifts = select(TillShift.id).where(TillShift.till_id == payer.town.till, TillShift.banking_id.is_(None))
    for shift in payer.town.query(shifts):
        payer.press(second, "/desk/tills", f"/desk/tills/shifts/{shift}", {"act": "confirm"}, "confirm till")
        form = {"shifts": str(shift), "banked_on": today().isoformat(), "slip_number": str(shift)}
        payer.press(first, "/desk/tills", "/desk/tills/banking", form, "bank till")


def _orders_with_proposals(payer: Payer) -> list[int]:
    return payer.town.query(select(Refund.order_id).where(Refund.status == "requested").distinct())
