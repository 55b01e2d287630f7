"""How a payment tells the case it belongs to: `cases` registers here, because payments must not know cases."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from portal.payments.models import Payment

CHANGES = ("pending", "paid", "failed", "refunded", "needs_review", "paid_twice", "refund_failed")
"""`paid`: once for each payment, in the transaction that learns of it. `failed`: payable again. `paid_twice`: a second payment is
being given back. `refund_failed`: the money is back at the city's account and must be transferred by hand."""

Listener = Callable[[Session, Payment], None]
_listeners: dict[str, list[Listener]] = {change: [] for change in CHANGES}


def on(change: str) -> Callable[[Listener], Listener]:
    """Register a listener: `@on("paid")`. It runs inside the payment's transaction, so it does both or neither."""

    def register(listener: Listener) -> Listener:
        if listener not in _listeners[change]:
            _listeners[change].append(listener)
        return listener

    return register


def tell(session: Session, payment: Payment, change: str) -> None:
    """Call the listeners of a change."""
    for listener in _listeners[change]:
        listener(session, payment)
