"""How a mail that cannot arrive tells the case it is about: `cases` registers here, because notifications must not know cases."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from portal.notifications.models import MailMessage

Listener = Callable[[Session, MailMessage], None]
_listeners: list[Listener] = []


def on_undelivered(listener: Listener) -> Listener:
    """Register a listener. It runs in the transaction that gives the mail up."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell_undelivered(session: Session, message: MailMessage) -> None:
    """Call the listeners for a mail that will not arrive; its `status` says whether the address is at fault."""
    for listener in _listeners:
        listener(session, message)
