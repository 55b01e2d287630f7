"""Payments at a provider that answers at once: a notice received and handled, and the start of a checkout, each beside its statements bare."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from sqlalchemy import text

from tests.bench.bare import run_bare, script_of
from tests.bench.client import Ask, Load
from tests.bench.ground import CITY
from tests.bench.statements import Statement, recorded
from tests.kit.memory_provider import MemoryProvider

if TYPE_CHECKING:
    from portal.payments.provider import CheckoutRequest
    from tests.bench.page import Page

HEAD = f"{'payments, one after the other':<48}{'SQL':>5} |{'p50':>8}{'CPU':>8}{'bare':>8}{'ratio':>7}{'a s':>8}"
ORDERS = 400
TIMED = 120
AMOUNT = 4_321
_KEY, _SECRET = "sk_test_bench", "whsec_bench"
_FIRST = 9_500_000
"""Ids made here begin above those of every other page, see `visitors.FIRST_DRAFT`."""


class NearProvider(MemoryProvider):
    """The provider without the way to it: requests are built as for Stripe, and pages answer at once."""

    def build_payload(self, request: "CheckoutRequest") -> dict[str, Any]:
        """What Stripe gets, and what the memory needs of it."""
        from portal.payments.stripe import StripeProvider

        return {**StripeProvider(_KEY).build_payload(request), **super().build_payload(request)}


def seed_account() -> None:
    """An account that the city is paid into, whose notices are signed with our secret."""
    from portal.core.database import city_session
    from portal.payments.provider_accounts import save_account

    with city_session(CITY) as session:
        save_account(session, display_name="立川市", api_key=_KEY, webhook_secret=_SECRET)


def notice_page() -> "Page":
    """A notice of the provider received: checked, stored, and its job added."""
    from tests.bench.page import Page

    made: dict[int, str] = {}

    def ask(n: int) -> Ask:
        body = json.dumps(_event(f"evt_bench_{n}", f"cs_bench_{n}"))
        made[0] = f"evt_bench_{n}"
        return Ask("/webhooks/stripe", raw=body, more={"Stripe-Signature": _signature(body)})

    return Page("Payments: a notice received", ask, varied=lambda: {made[0]: _text("evt_bare_{}")})


def lines() -> Iterator[str]:
    """What is measured inside one process, because the provider is: a line of the table each."""
    from portal.payments import provider_accounts

    near = NearProvider()
    with patch.object(provider_accounts, "make_provider", lambda _key: near):
        orders = _orders()
        yield _started(orders)
        yield _handled(orders, near)


@dataclass(frozen=True)
class _Orders:
    """Number n is the order `first + n` with the charge `charge + n`, of the case `case - n`."""

    first: int
    charge: int
    case: int

    def ids(self, n: int) -> dict[Any, str]:
        """SQL for what is of number n, in terms of pgbench's own number."""
        name, charge = f"bench-pay-{n}", f"({self.charge} + :n)"
        return {
            self.first + n: f"{self.first} + :n",
            self.charge + n: charge,
            self.case - n: f"{self.case} - :n",
            name: _text("bench-pay-{}"),
            f"pay:{name}:1": _text("pay:bench-pay-{}:1"),
            f"intent:pay:{name}:1": _text("intent:pay:bench-pay-{}:1"),
            f"charge:pay:{name}:1": _text("charge:pay:bench-pay-{}:1"),
            f"charge:{self.charge + n}": _text("charge:{}", charge),
        }


def _text(words: str, number: str = ":n") -> str:
    """SQL for words with a number in place of `{}`. A colon in quotes would be the begin of a variable to pgbench."""
    before, after = (" || chr(58) || ".join(f"'{part}'" for part in piece.split(":")) for piece in words.split("{}"))
    return f"{before} || ({number})::text || {after}"


def _started(orders: _Orders) -> str:
    from portal.payments import CheckoutOptions, start_checkout

    options = CheckoutOptions(origin="http://localhost", method="card", language="ja")

    def start(n: int) -> None:
        start_checkout(CITY, f"bench-pay-{n}", options)

    with recorded() as statements:
        start(0)
    timed = _timed(start, range(1, TIMED + 1))
    bare = _bare(statements, orders.ids(0), first=TIMED + 1)
    for n in range(2 * TIMED + 1, ORDERS):
        start(n)
    return _line("Payments: a checkout started", statements, timed, bare)


def _handled(orders: _Orders, near: NearProvider) -> str:
    """From the job to the fee that is paid: the page is read, the order settled and booked, the case told."""
    from portal.core.database import city_session
    from portal.payments.provider import WebhookEvent
    from portal.payments.webhook_events import process_event, store_event

    first = 2 * TIMED + 1
    for page in near.pages.values():
        page["status"] = "paid"
    with city_session(CITY) as session:
        for n in (*range(1, TIMED + 1), *range(first, ORDERS)):
            reference = f"pay:bench-pay-{n}:1"
            kind, at = "checkout.session.completed", datetime.now(UTC)
            event = WebhookEvent(
                event_id=f"evt_paid_{n}",
                type=kind,
                object_id=reference,
                intent_id=None,
                customer_id=None,
                reference=reference,
                created_at=at,
            )
            store_event(session, event)
        attempt = session.scalar(
            text("SELECT id FROM payment_attempt WHERE reference = :it"), {"it": f"pay:bench-pay-{first}:1"}
        )
    with recorded() as statements:
        process_event(CITY, f"evt_paid_{first}")
    timed = _timed(lambda n: process_event(CITY, f"evt_paid_{n}"), range(1, TIMED + 1))
    ids = orders.ids(first) | {
        f"evt_paid_{first}": _text("evt_paid_{}"),
        attempt: f"{attempt - first} + :n",
        f"attempt:{attempt}": _text("attempt:{}", f"{attempt - first} + :n"),
    }
    return _line("Payments: a notice handled", statements, timed, _bare(statements, ids, first=first + 1))


def _orders() -> _Orders:
    """As many fees as are needed, each of a case of its own, and an order for each."""
    from portal.core.database import SHARED_SCHEMA, city_session, owner_engine, schema_of
    from portal.payments import LineItem, open_payment

    path = {"path": f"{schema_of(CITY)}, {SHARED_SCHEMA}, public"}
    with owner_engine().begin() as connection:
        connection.execute(text("SELECT set_config('search_path', :path, true)"), path)
        for number, table in enumerate(("charge", "payment_order", "payment_attempt")):
            given = {"table": table, "first": _FIRST + 100_000 * number}
            connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :first)"), given)
    with city_session(CITY) as session:
        last = session.scalar(text("SELECT max(id) FROM case_file WHERE closed_at IS NOT NULL"))
        cases = session.scalars(
            text("SELECT id FROM case_file WHERE id <= :last ORDER BY id DESC LIMIT :count"),
            {"last": last, "count": ORDERS},
        ).all()
        for n, case in enumerate(cases):
            open_payment(session, case, [LineItem("手数料", AMOUNT)], title="手数料", purpose="bench")
            session.execute(
                text("UPDATE payment_order SET public_id = :name WHERE id = :id"),
                {"name": f"bench-pay-{n}", "id": _FIRST + 100_000 + 1 + n},
            )
    return _Orders(_FIRST + 100_000 + 1, _FIRST + 1, int(cases[0]))


@dataclass(frozen=True)
class _Timed:
    """Waits in ms, sorted, and the processor time of this process for each, in ms: what is said of a busy machine too."""

    waits: list[float]
    processor: float


def _timed(act: Callable[[int], object], numbers: range) -> _Timed:
    waits, worked = [], time.process_time()
    for n in numbers:
        begun = time.perf_counter()
        act(n)
        waits.append((time.perf_counter() - begun) * 1000)
    return _Timed(sorted(waits), (time.process_time() - worked) / len(waits) * 1000)


def _bare(statements: list[Statement], varied: dict[Any, str], *, first: int) -> float:
    timing = run_bare([script_of(statements, 0, varied)], Load(1, 1, TIMED), first=first - 1, limited=True)
    return timing.quantile(0.5)


def _line(name: str, statements: list[Statement], timed: _Timed, bare: float) -> str:
    middle, rate = timed.waits[len(timed.waits) // 2], len(timed.waits) * 1000 / sum(timed.waits)
    return f"{name:<48}{len(statements):>5} |{middle:>8.1f}{timed.processor:>8.1f}{bare:>8.2f}{middle / bare:>7.1f}{rate:>8.0f}"


def _event(event_id: str, page: str) -> dict[str, Any]:
    return {
        "id": event_id,
        "object": "event",
        "type": "checkout.session.completed",
        "created": int(time.time()),
        "livemode": False,
        "data": {"object": {"id": page, "object": "checkout.session", "client_reference_id": f"pay:{page}:1"}},
    }


def _signature(body: str) -> str:
    at = int(time.time())
    digest = hmac.new(_SECRET.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
