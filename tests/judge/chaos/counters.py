"""Stories of money that comes without the provider: at a till, and with slips that a bank reports, beside pages that are open there."""

from functools import partial

from sqlalchemy import select

from portal.tills.models import TillEntry
from tests.judge.browser import Answer, HttpBrowser
from tests.judge.chaos.payer import Payer
from tests.judge.chaos.town import Fee, Slip


def cash(payer: Payer) -> None:
    """Paid in cash; the cashier presses twice."""
    fee = payer.owe()
    payer.at_once(*[partial(_take, payer, fee, "cash", payer.town.windows[0])] * 2)


def card_reader(payer: Payer) -> None:
    """Paid at the card reader while two cashiers have the same fee on their screens."""
    fee = payer.owe()
    payer.at_once(*(partial(_take, payer, fee, "card_reader", window) for window in payer.town.windows))


def till_and_page(payer: Payer) -> None:
    """The provider's page is open, and both are paid at the same moment."""
    fee = payer.owe()
    page = payer.start(fee.order)
    payer.at_once(lambda: _take(payer, fee, "cash", payer.town.windows[0]), lambda: payer.card(page))


def taken_back(payer: Payer) -> None:
    """An entry was a mistake and is taken back while the resident pays by card."""
    fee = payer.owe()
    _take(payer, fee, "cash", payer.town.windows[0])
    entries = payer.town.query(select(TillEntry.id).where(TillEntry.order_id == fee.order_id))
    if entries:
        at = f"/desk/tills/{payer.town.till}/entries/{entries[0]}"
        form = {"reason": "ほかの方の分でした"}
        window = payer.town.windows[0].copy()
        payer.at_once(*[lambda: payer.press(window, "/desk/tills", at, form, "take back")] * 2)
        payer.card(payer.start(fee.order))
        payer.come_back(fee.order)


def slip(payer: Payer) -> None:
    """A slip is paid at a bank, now and then with another amount, or twice."""
    fee = payer.owe()
    off = payer.rng.choice([0, 0, 0, 0, -50, 100])
    payer.town.slips += [Slip(fee.order_id, fee.amount + off)] * payer.rng.choice([1, 1, 1, 2])


def slip_and_card(payer: Payer) -> None:
    """The slip is paid, and the card too, before the bank reports."""
    fee = payer.owe()
    page = payer.start(fee.order)
    payer.town.slips.append(Slip(fee.order_id, fee.amount))
    payer.card(page)
    payer.come_back(fee.order)


def _take(payer: Payer, fee: Fee, method: str, window: HttpBrowser) -> Answer:
    form = {
        "q": fee.number,
        "charge": [str(charge) for charge in fee.charges],
        "total": str(fee.amount),
        "token": f"{payer.town.seed}-{fee.case_id}-{window.address}",
        "method": method,
        "tendered": "10000" if method == "cash" else "",
    }
    at = f"/desk/tills/{payer.town.till}/payments"
    return payer.press(window.copy(), "/desk/tills", at, form, "till entry")
