"""What the races are run on: cases as far as a race needs them, two colleagues, a resident, and windows that press at once."""

import re
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from tests.judge.browser import Answer, HttpBrowser, ask

if TYPE_CHECKING:
    from tests.judge.ground import Ground

CITY = "hino"
RESIDENT = "racer@example.jp"
_SEEN = re.compile(r'name="(?:case-)?seen" value="([^"]*)"')
_PARTS = count(5)


@dataclass(frozen=True)
class Press:
    """One press of a button in a window of somebody."""

    who: HttpBrowser
    path: str
    form: dict[str, Any] = field(default_factory=dict)


def together(presses: Sequence[Press]) -> list[Answer]:
    """All presses at the same moment, each in a window of its own."""
    start, answers = threading.Barrier(len(presses)), [Answer(0, {}, b"")] * len(presses)

    def press(index: int, action: Press) -> None:
        window = action.who.copy()
        start.wait(60)
        answers[index] = window.post(action.path, action.form)

    threads = [threading.Thread(target=press, args=pair) for pair in enumerate(presses)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def seen_on(page: str) -> str:
    """The version of the case that a page carries."""
    match = _SEEN.search(page)
    return match[1] if match else ""


def events_of(case_id: int) -> list[str]:
    """The history of a case, by name."""
    from portal.cases.queries import history
    from portal.core.database import city_session

    with city_session(CITY) as session:
        return [event.name for event in history(session, case_id)]


class Scene:
    """Two colleagues with every role in both offices, a resident, and cases of hers."""

    def __init__(self, ground: "Ground") -> None:
        from portal.core.database import city_session
        from portal.identity.resident_accounts import sign_in_account
        from tests.integration.access.town import EVERY_ROLE
        from tests.kit.city import hire

        self.ground = ground
        self.ids, desks = [], []
        for number in (1, 2):
            email = f"racer{number}@example.jp"
            offices = dict.fromkeys(("road-management", "environment"), EVERY_ROLE)
            self.ids.append(hire(CITY, email, offices))
            desks.append(HttpBrowser(ground.port, CITY, f"203.0.113.{number}").sign_in_at_desk(email))
        self.first, self.second = desks
        self.resident = HttpBrowser(ground.port, CITY, "203.0.113.9").sign_in(RESIDENT)
        with city_session(CITY) as session:
            self.account = sign_in_account(session, RESIDENT, "ja")

    @property
    def requests(self) -> int:
        """Requests of these browsers; those of their windows are counted by the races."""
        return sum(browser.requests for browser in (self.first, self.second, self.resident))

    def permit(self, *moves: tuple[str, dict[str, Any]]) -> tuple[int, str]:
        """An application to occupy a road, led on by moves; its id and its public id."""
        from portal.core.database import city_session
        from tests.kit.answers import occupancy
        from tests.kit.city import begin, send

        with city_session(CITY) as session:
            case = send(session, begin(session, "road-occupancy", occupancy(next(_PARTS), start=300), self.account))
            names = case.id, case.public_id
        self.move(names[0], *moves)
        return names

    def move(self, case_id: int, *moves: tuple[str, dict[str, Any]]) -> None:
        """Lead a case on, without asking the desk."""
        from portal.cases.moves import MoveInputs, apply_transition
        from portal.core.database import city_session
        from portal.core.events import Actor
        from tests.integration.access.town import EVERY_ROLE

        for name, inputs in moves:
            with city_session(CITY) as session:
                apply_transition(
                    session, case_id, name, Actor("staff", self.ids[0]), roles=EVERY_ROLE, inputs=MoveInputs(**inputs)
                )

    def owed(self) -> tuple[int, Any]:
        """A dog's registration that is to be paid: the case, and the payment."""
        from portal.core.database import city_session
        from portal.payments import payments_of_case
        from tests.kit.answers import DOG
        from tests.kit.city import begin, send

        with city_session(CITY) as session:
            case = send(session, begin(session, "dog-registration", DOG, self.account))
            (payment,) = payments_of_case(session, case.id)
            return case.id, payment

    def pay(self, payment: Any, page: str, amount: int | None = None) -> None:
        """Pay by card and come back; with `amount` the provider charges that many yen."""
        at = urlsplit(page)
        if amount is not None:
            (store,) = (self.ground.folder / "sandbox").glob("*.sqlite*[!-shmwal]")
            with sqlite3.connect(store, timeout=30) as connection:
                connection.execute(
                    "UPDATE object SET body = json_set(body, '$.amount_total', ?, '$.amount_subtotal', ?) WHERE id = ?",
                    (amount, amount, at.path.rpartition("/")[2]),
                )
        card = urlencode({"number": "4242424242424242", "email": RESIDENT, "name": "SATO MISAKI"}).encode()
        ask(at.port or 80, "POST", f"{at.path}/card", card, {"Content-Type": "application/x-www-form-urlencoded"})
        self.resident.get(f"/pay/{payment.public_id}/return")

    def version_shown(self, case_id: int) -> str:
        """The version that the desk shows now."""
        self.second.get(f"/desk/cases/{case_id}")
        return seen_on(self.first.get(f"/desk/cases/{case_id}").text)

    def waiting_decision(self, case_id: int) -> str:
        """The number of the decision that waits on a case; empty for none."""
        match = re.search(r'name="decision" value="(\d+)"', self.first.get(f"/desk/cases/{case_id}").text)
        return match[1] if match else ""
