"""Two cashiers with tills, and what they do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal import ledger, tills
from portal.core.clock import today
from portal.core.database import city_session
from portal.core.events import Actor, Event
from portal.payments import Payment, prepare_offline_order
from tests.kit.payer import Payer

FLOAT = 50_000


@dataclass
class Counter:
    """Two cashiers of a department with two tills, and a resident with a dog."""

    payer: Payer
    department: int
    first: Actor
    second: Actor
    tills: tuple[int, int]

    def run(self, act: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        """Do it in a transaction of its own."""
        with city_session(self.payer.key) as session:
            return act(session, *arguments, **more)

    def charges(self, payment: Payment) -> list[int]:
        return [charge.id for charge in payment.charges]

    def take(self, payment: Payment, tendered: int = 4_000, press: str = "t1", **more: Any) -> tills.TillEntry:
        """What the counter does: put the charges together, then take the money."""
        arguments = {"method": "cash", "till": self.tills[0], "actor": self.first} | more
        order = prepare_offline_order(self.payer.key, self.charges(payment), next_path="/")
        entry: tills.TillEntry = self.run(
            tills.take_payment,
            arguments["till"],
            order,
            payment.amount,
            tills.Handed(arguments["method"], tendered, tills.CardSlip("0042", "jcb")),
            token=press,
            actor=arguments["actor"],
        )
        return entry

    def count(self, reason: str = "", **pieces: int) -> tills.TillShift:
        counts = {int(name[1:]): count for name, count in pieces.items()}
        shift: tills.TillShift = self.run(tills.count_till, self.tills[0], counts, reason, self.first)
        return shift

    def balance(self, account: str) -> int:
        return self.run(ledger.balances, today())[account]

    def events(self) -> list[str]:
        with city_session(self.payer.key) as session:
            query = select(Event.name).where(Event.name.startswith("till.")).order_by(Event.id)
            return list(session.scalars(query))
