"""A mail server on loopback that keeps what it is given, or answers as a test scripts it."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession


class MailServer:
    """Takes mails; `answer` is what it says to each recipient."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: SmtpSession, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.received.append(message_from_bytes(envelope.content or b"", policy=policy.default))
        return "250 OK"


@pytest.fixture(autouse=True)
def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a real process cases listen; these tests look at the mail alone."""
    from portal.notifications import listeners

    monkeypatch.setattr(listeners, "_connected", [lambda _session, _message: None])


class _Loopback(Controller):
    """A controller on a port that the system chose."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """The portal configured with a mail server of its own."""
    from portal.core.config import settings

    server = MailServer()
    controller = _Loopback(server, hostname="127.0.0.1", port=0)
    controller.start()
    chosen = settings().model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": controller.port})
    monkeypatch.setattr("portal.notifications.smtp.settings", lambda: chosen)
    yield server
    controller.stop()
