"""Stories of several fees: baskets that are paid in one go, and links by which somebody else pays (代理納付)."""

import re

from tests.judge.browser import Answer, HttpBrowser
from tests.judge.chaos.payer import Payer
from tests.judge.chaos.town import Fee

_LINK = re.compile(r"/pay-for/([\w-]{20,})")
FEES = 11
REPEAT = 307


def household(payer: Payer) -> None:
    """A resident signs in, pays a basket twice over, another at a store, and has the rest paid by somebody else."""
    resident = payer.visitor()
    payer.sign_in(resident)
    fees = [payer.owe(copies=1 + number % 3) for number in range(FEES)]
    by_card, by_store, by_link = fees[:4], fees[4:8], fees[8:]
    windows = resident.copy(), resident.copy()
    pages = payer.at_once(*(lambda window=window: _basket(payer, window, by_card, "card") for window in windows))
    for page in sorted({*pages} - {""}):
        payer.at_once(lambda page=page: payer.card(page), lambda page=page: payer.card(page))
    answer = payer.at_provider(_basket(payer, resident, by_store, "konbini"), "/konbini")
    if answer is not None and answer.location:
        payer.at_the_store(answer.location.rpartition("/")[2], "pay")
    _paid_by_somebody_else(payer, resident, by_link)


def _basket(payer: Payer, window: HttpBrowser, fees: list[Fee], method: str) -> str:
    """Gather fees and go on to the provider; its page, or nothing."""
    chosen = {"charge": [str(fee.charges[0]) for fee in fees], "total": str(sum(fee.amount for fee in fees))}
    form = chosen | {"method": method}
    answer = payer.press(window, "/me/basket", "/me/basket", form, "basket")
    if answer.status_code == REPEAT:
        answer = payer.press(window, "/me/basket", answer.location, form, "start of a basket")
    return answer.location if answer.location.startswith("http") else ""


def _paid_by_somebody_else(payer: Payer, resident: HttpBrowser, fees: list[Fee]) -> None:
    """The link is opened by two people at the same moment; each pays what is offered and comes back."""
    chosen = {"charge": [str(fee.charges[0]) for fee in fees]}
    shown = payer.press(resident, "/me/pay-link", "/me/pay-link", chosen, "link")
    link = _LINK.search(shown.text)
    if link is None:
        return
    total = str(sum(fee.amount for fee in fees))
    strangers = [payer.visitor() for _ in range(2)]
    payer.at_once(*(lambda who=who: _pay_by_link(payer, who, f"/pay-for/{link[1]}", total) for who in strangers))


def _pay_by_link(payer: Payer, stranger: HttpBrowser, page: str, total: str) -> None:
    form = {"total": total, "method": "card", "email": f"stranger-{payer.rng.randrange(10**9)}@example.jp"}
    answer: Answer = payer.press(stranger, page, page, form, "pay for somebody")
    if answer.location.startswith("http"):
        payer.card(answer.location)
        payer.insist(lambda: stranger.get(f"{page}/return"), "return by link")
