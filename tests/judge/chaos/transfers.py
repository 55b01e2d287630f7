"""Stories of bank transfers: in one sum, in two parts, too much, after the payment was called off or paid otherwise, and after days."""

from tests.judge.chaos.payer import SEE_OTHER, Payer


def exact(payer: Payer) -> None:
    """Exactly what is asked for arrives, while the resident looks at the page."""
    fee = payer.owe()
    account = choose(payer, fee.order)
    payer.at_once(lambda: transfer(payer, account, fee.amount), lambda: payer.come_back(fee.order))


def in_two_parts(payer: Payer) -> None:
    """A part arrives, then the rest; now and then the same part comes twice."""
    fee = payer.owe()
    account, first = choose(payer, fee.order), fee.amount // 3
    transfer(payer, account, first)
    payer.come_back(fee.order)
    transfer(payer, account, payer.rng.choice([fee.amount - first, fee.amount - first, first]))


def too_much(payer: Payer) -> None:
    """More arrives than is asked for, at once or after it was paid."""
    fee = payer.owe()
    account = choose(payer, fee.order)
    transfer(payer, account, fee.amount + payer.rng.choice([0, 1, 450]))
    transfer(payer, account, payer.rng.choice([10, fee.amount]))
    payer.come_back(fee.order)


def late(payer: Payer) -> None:
    """The transfer is called off in two windows, and made all the same."""
    fee = payer.owe()
    account = choose(payer, fee.order)
    windows = [payer.browser.copy() for _ in range(2)]
    page = f"/pay/{fee.order}"
    payer.at_once(*(lambda window=window: payer.press(window, page, f"{page}/stop", {}, "stop") for window in windows))
    transfer(payer, account, fee.amount)


def transfer_and_card(payer: Payer) -> None:
    """A part arrives, the card is used after all, and the rest arrives at the same moment."""
    fee = payer.owe()
    account = choose(payer, fee.order)
    transfer(payer, account, 500)
    page = payer.start(fee.order, restart="yes")
    payer.at_once(lambda: payer.card(page), lambda: transfer(payer, account, fee.amount - 500))
    payer.come_back(fee.order)


def awaited(payer: Payer) -> None:
    """The account is kept until days have passed; see `days.transfer_at_last`."""
    fee = payer.owe()
    if account := choose(payer, fee.order):
        payer.town.accounts.append((account, fee.amount))


def choose(payer: Payer, order: str) -> str:
    """Choose bank transfer; the payment whose account it is, or nothing."""
    answer = payer.at_provider(payer.start(order, "bank_transfer"), "/transfer")
    is_out = answer is not None and answer.status_code == SEE_OTHER
    return answer.location.rpartition("/")[2] if answer is not None and is_out else ""


def transfer(payer: Payer, account: str, amount: int) -> None:
    """Let so many yen arrive."""
    if account and amount > 0:
        payer.at_provider(payer.ground.sandbox, f"/operator/transfers/{account}/receive", amount=str(amount))
