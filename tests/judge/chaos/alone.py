"""Stories of one fee that is paid at the provider: by card, at a store, late, twice, or not after all."""

from tests.judge.chaos.payer import DECLINED, Payer
from tests.judge.chaos.town import Fee


def card(payer: Payer) -> None:
    """The usual way."""
    fee = payer.owe()
    payer.card(payer.start(fee.order))
    payer.come_back(fee.order)


def declined(payer: Payer) -> None:
    """A card is refused, another one pays."""
    fee = payer.owe()
    page = payer.start(fee.order)
    payer.card(page, DECLINED)
    payer.card(page)
    payer.come_back(fee.order)


def two_windows(payer: Payer) -> None:
    """The button is pressed in two windows at the same moment, and whatever opens is paid."""
    fee = payer.owe()
    windows = [payer.browser.copy() for _ in range(2)]
    pages = payer.at_once(*(lambda window=window: payer.start(fee.order, window=window) for window in windows))
    for page in sorted({*pages}):
        payer.card(page)
    payer.come_back(fee.order)


def double_click(payer: Payer) -> None:
    """The provider's button is pressed twice."""
    fee = payer.owe()
    page = payer.start(fee.order)
    payer.at_once(lambda: payer.card(page), lambda: payer.card(page))
    payer.come_back(fee.order)


def store(payer: Payer) -> None:
    """A voucher is taken and handed in."""
    fee = payer.owe()
    voucher = payer.voucher(fee.order)
    payer.come_back(fee.order)
    payer.at_the_store(voucher, "pay")


def store_then_card(payer: Payer) -> None:
    """A voucher is taken, the card is used after all, and the voucher is handed in too, if it still counts."""
    fee = payer.owe()
    voucher = payer.voucher(fee.order)
    payer.card(payer.start(fee.order, restart="yes"))
    payer.at_the_store(voucher, "pay")
    payer.come_back(fee.order)


def lapsed(payer: Payer) -> None:
    """A voucher lapses, and the store takes it all the same."""
    fee = payer.owe()
    voucher = payer.voucher(fee.order)
    payer.at_the_store(voucher, "expire")
    payer.at_the_store(voucher, "pay")


def kept(payer: Payer) -> None:
    """A voucher is put into a drawer, until days have passed."""
    _drawer(payer, payer.owe())


def kept_and_paid(payer: Payer) -> None:
    """The same, and the fee is paid by card once the voucher has lapsed there; see `days.hand_in_vouchers`."""
    fee = payer.owe()
    _drawer(payer, fee)
    payer.at_the_store(payer.town.vouchers[-1] if payer.town.vouchers else "", "expire")
    payer.card(payer.start(fee.order))


def _drawer(payer: Payer, fee: Fee) -> None:
    if voucher := payer.voucher(fee.order):
        payer.town.vouchers.append(voucher)


def walks_away(payer: Payer) -> None:
    """The provider's page is opened and left."""
    payer.start(payer.owe().order)
