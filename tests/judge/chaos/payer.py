"""What somebody who pays can do: press the buttons of the city's pages and of the provider's, at a store, twice at the same moment."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from random import Random
from typing import Any
from urllib.parse import urlencode, urlsplit

from sqlalchemy.exc import SQLAlchemyError

from tests.judge.browser import Answer, HttpBrowser, ask
from tests.judge.chaos.town import Fee, Town
from tests.judge.clients import Patience, Person

GOOD, DECLINED, REFUNDED_LATE, NEVER_REFUNDED = (
    "4242424242424242",
    "4000000000000002",
    "4000000000007726",
    "4000000000005126",
)
"""Cards of the provider's stand-in; of the last two a refund arrives after days, and comes back."""
NAMED = {"email": "payer@example.jp", "name": "SATO MISAKI"}
FEES_OF_ONE = 12
"""Applications after which somebody else comes: nobody has hundreds."""
SEE_OTHER, BAD_REQUEST = 303, 400


class Payer(Person):
    """One resident after the other in front of the same browser."""

    def __init__(self, town: Town, number: int, rng: Random) -> None:
        super().__init__(town.ground, f"198.51.{number}.{rng.randrange(1, 250)}", town.key)
        self.town, self.rng, self._number, self._people, self._sent = town, rng, number, 0, 0

    @property
    def email(self) -> str:
        """Of whoever sits there now."""
        return f"payer-{self.town.seed}-{self._number}-{self._people}@example.jp"

    def owe(self, copies: int = 0) -> Fee:
        """Send an application; what is to be paid for it."""
        self._sent += 1
        return self.town.ask(self.email, copies)

    def make_room(self) -> None:
        """Somebody who has applied often enough stands up."""
        if self._sent >= FEES_OF_ONE:
            self._people, self._sent = self._people + 1, 0

    def visitor(self) -> HttpBrowser:
        """Another browser."""
        return HttpBrowser(self.ground.port, self.city, f"198.51.{self._number}.{self.rng.randrange(1, 250)}")

    def sign_in(self, window: HttpBrowser) -> None:
        """Sign in by the code that is mailed; from the beginning again when something was killed on the way."""
        patience = Patience("sign in")
        while True:
            try:
                window.sign_in(self.email)
            except (OSError, HTTPException, SQLAlchemyError, StopIteration, AssertionError):
                patience.wait()
            else:
                return

    # -- the city's pages ----------------------------------------------------------------------------------------------

    def press(self, window: HttpBrowser, page: str, path: str, form: Mapping[str, Any], name: str) -> Answer:
        """Press a button. The page that it is on is opened only where the window has no token yet, or one of before."""
        if not window.token:
            self.insist(lambda: window.get(page), name)
        answer = self.insist(lambda: window.post(path, form), name)
        if answer.status_code == BAD_REQUEST:
            self.insist(lambda: window.get(page), name)
            answer = self.insist(lambda: window.post(path, form), name)
        return answer

    def start(self, order: str, method: str = "card", window: HttpBrowser | None = None, **more: str) -> str:
        """Press the button that leads to the provider; its page, or nothing when there is nothing to pay any more."""
        form = {"method": method, **more}
        answer = self.press(window or self.browser, f"/pay/{order}", f"/pay/{order}/start", form, "start")
        return answer.location if answer.location.startswith("http") else ""

    def come_back(self, order: str) -> None:
        """Return from the provider, whatever happened there. Every third closes the window instead."""
        if self.rng.random() < 2 / 3:
            self.insist(lambda: self.browser.get(f"/pay/{order}/return"), "return")

    # -- the provider's pages ------------------------------------------------------------------------------------------

    def card(self, page: str, number: str = GOOD) -> bool:
        """Pay by card; whether the provider said that it is paid."""
        answer = self.at_provider(page, "/card", number=number)
        is_paid = answer is not None and answer.status_code == SEE_OTHER
        if is_paid:
            self.town.told.add(urlsplit(page).path.rpartition("/")[2])
        return is_paid

    def voucher(self, order: str) -> str:
        """Choose to pay at a store; the intent whose numbers are on the voucher, or nothing."""
        answer = self.at_provider(self.start(order, "konbini"), "/konbini")
        is_out = answer is not None and answer.status_code == SEE_OTHER
        return answer.location.rpartition("/")[2] if answer is not None and is_out else ""

    def at_the_store(self, intent: str, outcome: str) -> None:
        """Hand the voucher in (`pay`), or let it lapse (`expire`)."""
        if intent:
            self.at_provider(self.ground.sandbox, f"/operator/vouchers/{intent}/{outcome}")

    def at_provider(self, page: str, action: str, **form: str) -> Answer | None:
        """Send a form to the provider, whichever of its processes answers in the end; None without a page."""
        if not page:
            return None
        at, body = urlsplit(page), urlencode(NAMED | form).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.insist(lambda: ask(at.port or 80, "POST", f"{at.path}{action}", body, headers), action)

    # -- people in a hurry ---------------------------------------------------------------------------------------------

    def at_once(self, *acts: Callable[[], Any]) -> list[Any]:
        """Do several things at the same moment."""
        with ThreadPoolExecutor(len(acts)) as threads:
            return [each.result() for each in [threads.submit(act) for act in acts]]
