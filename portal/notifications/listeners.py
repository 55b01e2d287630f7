"""Who is notified of a mail that cannot be delivered. Notifications must not know cases, so `portal.wiring` connects a listener at start."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from portal.notifications.models import MailMessage

UndeliveredListener = Callable[[Session, MailMessage], None]


class NotConnected(RuntimeError):
    """This process did not call `portal.wiring.connect()`: a case would not be notified of its undelivered mail."""

    def __init__(self) -> None:
        super().__init__("no listener to undelivered mail is connected; call portal.wiring.connect() at start")


_connected: list[UndeliveredListener] = []


def connect_undelivered_listener(listener: UndeliveredListener) -> None:
    """Notify this listener, and no other, from now on. It runs in the transaction in which the mail is given up."""
    _connected[:] = [listener]


def notify_undelivered(session: Session, message: MailMessage) -> None:
    """Notify the listener of a mail that will not be delivered; its `status` says whether the address is at fault. Raises NotConnected."""
    if not _connected:
        raise NotConnected
    for listener in _connected:
        listener(session, message)
