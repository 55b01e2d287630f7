"""People who pay while everything fails: by card, at a convenience store in time or late, twice, with a refused card, or not after all."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from tests.judge.browser import Answer, HttpBrowser, ask
from tests.judge.clients import Person

if TYPE_CHECKING:
    from tests.judge.ground import Ground

GOOD_CARD, DECLINED_CARD = "4242424242424242", "4000000000000002"
PAYER = {"email": "payer@example.jp", "name": "SATO MISAKI"}
WAYS = {"card": 5, "declined": 1, "two_windows": 2, "store": 2, "late": 1, "store_then_card": 1, "walks_away": 1}
"""How they pay, and how often of these."""


class Payer(Person):
    """Owes one registration of a dog after the other in a city, and pays each in a way of its own."""

    def __init__(self, ground: "Ground", city: str, name: str, rng: Random, most: int) -> None:
        super().__init__(ground, f"198.51.100.{rng.randrange(1, 250)}", city)
        self._email, self._rng, self._most = f"payer-{name}@example.jp", rng, most
        self.ways: Counter[str] = Counter()
        self.owed: list[str] = []
        self.confirmed: list[str] = []

    def act(self) -> None:
        from sqlalchemy.exc import SQLAlchemyError

        if len(self.owed) >= self._most:
            self.rest()
            return
        try:
            public_id = self._owe()
        except SQLAlchemyError:
            self.rest()  # the database was just killed
            return
        self.owed.append(public_id)
        way = self._rng.choices([*WAYS], [*WAYS.values()])[0]
        self.ways[way] += 1
        getattr(self, f"_{way}")(public_id)
        self.insist(lambda: self.browser.get(f"/pay/{public_id}/return"), "return")

    def _owe(self) -> str:
        """Send an application; the public id of what is to be paid for it."""
        from portal.core.database import city_session
        from portal.core.tenancy import city
        from portal.identity.resident_accounts import sign_in_account
        from portal.payments import payments_of_case
        from tests.kit.answers import DOG
        from tests.kit.city import begin, send

        answers = DOG | {"address": DOG["address"] | {"city": city(self.city).name}}
        with city_session(self.city) as session:
            account = sign_in_account(session, self._email, "ja")
            case = send(session, begin(session, "dog-registration", answers, account))
            return payments_of_case(session, case.id)[0].public_id

    # -- ways to pay -------------------------------------------------------------------------------------------------

    def _card(self, public_id: str) -> None:
        self._pay_by_card(public_id, self._start(self.browser, public_id, "card"))

    def _declined(self, public_id: str) -> None:
        page = self._start(self.browser, public_id, "card")
        self._post(page, "/card", number=DECLINED_CARD)
        self._pay_by_card(public_id, page)

    def _two_windows(self, public_id: str) -> None:
        windows = [self.browser.copy() for _ in range(2)]
        with ThreadPoolExecutor(len(windows)) as threads:
            pages = set(threads.map(lambda window: self._start(window, public_id, "card"), windows))
        for page in sorted(pages):
            self._pay_by_card(public_id, page)

    def _store(self, public_id: str) -> None:
        self._at_the_store(self._voucher(public_id), "pay")

    def _late(self, public_id: str) -> None:
        voucher = self._voucher(public_id)
        self._at_the_store(voucher, "expire")
        self._at_the_store(voucher, "pay")

    def _store_then_card(self, public_id: str) -> None:
        """Takes a voucher, pays by card after all, and then hands the voucher in too, if it still counts."""
        voucher = self._voucher(public_id)
        self._pay_by_card(public_id, self._start(self.browser, public_id, "card", restart="yes"))
        self._at_the_store(voucher, "pay")

    def _walks_away(self, public_id: str) -> None:
        self._start(self.browser, public_id, "card")

    # -- steps -------------------------------------------------------------------------------------------------------

    def _start(self, window: HttpBrowser, public_id: str, method: str, **more: str) -> str:
        """Press the button that leads to the provider; its page, or nothing when the payment is over."""
        self.insist(lambda: window.get(f"/pay/{public_id}"), "payment")
        location = self.insist(
            lambda: window.post(f"/pay/{public_id}/start", {"method": method, **more}), "start"
        ).location
        return location if location.startswith("http") else ""

    def _pay_by_card(self, public_id: str, page: str) -> None:
        answer = self._post(page, "/card", number=GOOD_CARD)
        if answer is not None and answer.status_code == 303:
            self.confirmed.append(public_id)

    def _voucher(self, public_id: str) -> str:
        """Choose to pay at a store; the intent whose numbers are on the voucher, or nothing."""
        answer = self._post(self._start(self.browser, public_id, "konbini"), "/konbini")
        return answer.location.rpartition("/")[2] if answer is not None and answer.status_code == 303 else ""

    def _at_the_store(self, intent: str, outcome: str) -> None:
        if intent:
            self._post(self.ground.sandbox, f"/operator/vouchers/{intent}/{outcome}")

    def _post(self, page: str, action: str, **form: str) -> Answer | None:
        """Send a form to the provider, whichever of its processes answers in the end."""
        if not page:
            return None
        at, body = urlsplit(page), urlencode(PAYER | form).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.insist(lambda: ask(at.port or 80, "POST", f"{at.path}{action}", body, headers), action)
