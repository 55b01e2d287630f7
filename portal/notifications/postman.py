"""Hands a letter to the mail server (SMTP, RFC 5321), and tells a server that is away from an address that does not exist."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime

from forms.text.email import UnreadableEmail, envelope_email
from portal.core.clock import TOKYO, now
from portal.core.config import settings
from portal.notifications.letters import Letter

_TIMEOUT = 20
_SAY_NO_AGAIN = 500


class NotTaken(Exception):
    """The server is away or asks to come again. Carries the reply code alone, because its words repeat the address."""


class Refused(NotTaken):
    """The server will never take this letter. `reason` is its reply code."""

    def __init__(self, words: str, reason: str) -> None:
        super().__init__(words)
        self.reason = reason


class Undeliverable(Refused):
    """Nobody can be reached at the address: the server does not know it, or no server takes it."""


def deliver(letter: Letter, message_id: str) -> None:
    """Give one letter to the configured server. Raises NotTaken; Undeliverable or Refused where another try would be in vain.

    The address goes out in ASCII, so that any server takes a Japanese domain.

    `message_id` is the same at each try, so that mail servers can tell a letter that was handed over twice.
    """
    recipient = _recipient(letter)
    envelope = _envelope(letter, recipient, message_id)
    with _without_addresses(), smtplib.SMTP(settings().smtp_host, settings().smtp_port, timeout=_TIMEOUT) as server:
        if settings().smtp_tls:
            server.starttls(context=ssl.create_default_context())
        if settings().smtp_user:
            server.login(settings().smtp_user, settings().smtp_password)
        server.send_message(envelope, to_addrs=[recipient])


def _recipient(letter: Letter) -> str:
    try:
        return envelope_email(letter.to)
    except UnreadableEmail:
        raise Undeliverable("the address cannot be written to", "address") from None


def _envelope(letter: Letter, recipient: str, message_id: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings().mail_from
    message["To"] = recipient
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now().astimezone(TOKYO))
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message


@contextmanager
def _without_addresses() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code = min(code for code, _words in error.recipients.values())
        if code >= _SAY_NO_AGAIN:
            raise Undeliverable(f"recipient refused: {code}", str(code)) from None
        raise NotTaken(f"recipient refused: {code}") from None
    except smtplib.SMTPNotSupportedError:
        raise Undeliverable("the server takes no such address", "address") from None
    except smtplib.SMTPSenderRefused as error:
        raise NotTaken(f"sender refused: {error.smtp_code}") from None
    except smtplib.SMTPAuthenticationError as error:
        raise NotTaken(f"sign-in at the mail server refused: {error.smtp_code}") from None
    except smtplib.SMTPDataError as error:
        if error.smtp_code >= _SAY_NO_AGAIN:
            raise Refused(f"refused: {error.smtp_code}", str(error.smtp_code)) from None
        raise NotTaken(f"refused: {error.smtp_code}") from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotTaken(type(error).__name__) from None
