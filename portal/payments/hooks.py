"""How a payment tells the case it belongs to: `cases` registers here, because payments must not know cases."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from portal.payments.models import Payment, Refund

CHANGES = ("pending", "paid", "failed", "reopened", "needs_review", "paid_twice", "rest_requested")
"""`paid`: once for each payment, in the transaction that learns of it. `failed`: payable again after a try. `reopened`: payable
again because its money goes back after a review. `paid_twice`: a second payment is being given back. `rest_requested`: this
payment asks for what another one fell short of."""

REFUND_CHANGES = ("refunded", "refund_failed")
"""Once for each refund. `refund_failed`: the money is back at the city's account and must be transferred by hand."""

NEEDED = {"paid", "failed", "reopened", "needs_review", "paid_twice", "rest_requested", *REFUND_CHANGES}
"""What a process cannot do without: otherwise money arrives and its case never hears of it."""

Listener = Callable[[Session, Payment], None]
RefundListener = Callable[[Session, Payment, Refund], None]
_listeners: dict[str, list[Listener]] = {change: [] for change in CHANGES}
_refund_listeners: dict[str, list[RefundListener]] = {change: [] for change in REFUND_CHANGES}


class NotConnected(RuntimeError):
    """This process did not call `portal.wiring.connect()`: cases would not hear of their payments."""


def on(change: str) -> Callable[[Listener], Listener]:
    """Register a listener: `@on("paid")`. It runs inside the payment's transaction, so it does both or neither."""

    def register(listener: Listener) -> Listener:
        if listener not in _listeners[change]:
            _listeners[change].append(listener)
        return listener

    return register


def on_refund(change: str) -> Callable[[RefundListener], RefundListener]:
    """Register a listener for what becomes of a refund."""

    def register(listener: RefundListener) -> RefundListener:
        if listener not in _refund_listeners[change]:
            _refund_listeners[change].append(listener)
        return listener

    return register


def require() -> None:
    """Raise NotConnected unless somebody listens to everything that matters."""
    heard = {change for change, listeners in (_listeners | _refund_listeners).items() if listeners}
    if missing := NEEDED - heard:
        raise NotConnected(f"nobody listens to {', '.join(sorted(missing))}")


def emit(session: Session, payment: Payment, change: str) -> None:
    """Call the listeners of a change. Raises NotConnected, which undoes the change: it is then learned again later."""
    require()
    for listener in _listeners[change]:
        listener(session, payment)


def emit_refund(session: Session, payment: Payment, refund: Refund, change: str) -> None:
    """Call the listeners of a refund's end. Raises NotConnected."""
    require()
    for listener in _refund_listeners[change]:
        listener(session, payment, refund)
