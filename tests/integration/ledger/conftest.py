"""Two accountants, and movements of money in a session that is rolled back."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from portal.core.events import Actor
from portal.ledger import Channel, Item, Transaction, movements
from tests.kit.city import employ, furnish

CARD = Channel(method="card", provider="stripe", provider_ref="ch_1")


def at(day: int, month: int = 5) -> datetime:
    """Noon of a day in 2026, in Japan."""
    return datetime(2026, month, day, 3, 0, tzinfo=UTC)


def raised(
    number: int, amount: int = 3_000, day: date | None = None, procedure: str = "dog-registration"
) -> Transaction:
    """A charge of that number, asked for on a day (11 May 2026)."""
    when = at(day.day, day.month) if day else at(11)
    item = Item(key=f"charge:{number}", case_id=number, procedure_key=procedure, fee="base", department_id=1)
    return movements.charge_raised(item, amount, cause=f"charge:{number}:raised", at=when)


def received(number: int, amount: int = 3_000, day: date | None = None) -> Transaction:
    """That charge paid by card."""
    when = at(day.day, day.month) if day else at(11)
    item = Item(key=f"charge:{number}", case_id=number, procedure_key="dog-registration", fee="base", department_id=1)
    channel = Channel(method="card", provider="stripe", provider_ref=f"ch_{number}")
    return movements.payment_received(item, amount, channel, cause=f"charge:{number}:received", at=when)


@pytest.fixture
def accountants(city_db: Session) -> tuple[Actor, Actor]:
    """Two people of the accounts department."""
    furnish(city_db, {})
    people = [employ(city_db, f"{name}@example.jp", {"environment": ("accountant",)}) for name in ("first", "second")]
    first, second = (Actor("staff", staff.id, staff.name) for staff in people)
    return first, second
