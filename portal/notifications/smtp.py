"""Delivers an e-mail to the mail server (SMTP, RFC 5321), and tells a server that is unavailable from an address that does not exist."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr

from forms.text.email import UnreadableEmail, envelope_email
from portal.core.clock import TOKYO, now
from portal.core.config import settings
from portal.core.tenancy import City
from portal.notifications.encrypted_email import Email

_TIMEOUT = 20  # seconds
_PERMANENT = 500
"""Reply codes from here on are permanent (RFC 5321, 4.2.1)."""


class DeliveryDeferred(Exception):
    """The server is unavailable or asks to retry. Carries the reply code alone, because its text repeats the address."""


class DeliveryRejected(Exception):
    """The server will never accept this e-mail. `reason` is its reply code."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class Undeliverable(DeliveryRejected):
    """Nobody can be reached at the address: the server does not know it, or no server accepts it."""


def deliver(email: Email, message_id: str, city: City) -> None:
    """Deliver one e-mail of a city to the configured server. Raises DeliveryDeferred; Undeliverable or DeliveryRejected where retrying is useless.

    The address is sent in ASCII, so that any server accepts a Japanese domain.

    `message_id` is the same at each attempt, so that mail servers recognise an e-mail that was delivered twice.
    """
    recipient = _recipient(email)
    envelope = _envelope(email, recipient, message_id, city)
    with _translated_errors(), smtplib.SMTP(settings().smtp_host, settings().smtp_port, timeout=_TIMEOUT) as server:
        if settings().smtp_tls:
            server.starttls(context=ssl.create_default_context())
        if settings().smtp_user:
            server.login(settings().smtp_user, settings().smtp_password)
        server.send_message(envelope, to_addrs=[recipient])


def _recipient(email: Email) -> str:
    try:
        return envelope_email(email.to)
    except UnreadableEmail:
        raise Undeliverable("the address cannot be sent to", "address") from None


def _envelope(email: Email, recipient: str, message_id: str, city: City) -> EmailMessage:
    message = EmailMessage()
    message["From"] = formataddr((city.mails_from, parseaddr(settings().mail_from)[1]))
    if city.reply_to:
        message["Reply-To"] = city.reply_to
    message["To"] = recipient
    message["Subject"] = email.subject
    message["Date"] = format_datetime(now().astimezone(TOKYO))
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(email.body)
    return message


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Raise our errors for those of the library, which quote addresses."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code = min(code for code, _text in error.recipients.values())
        if code >= _PERMANENT:
            raise Undeliverable(f"recipient refused: {code}", str(code)) from None
        raise DeliveryDeferred(f"recipient refused: {code}") from None
    except smtplib.SMTPNotSupportedError:
        raise Undeliverable("the server does not accept such an address", "address") from None
    except smtplib.SMTPSenderRefused as error:
        raise DeliveryDeferred(f"sender refused: {error.smtp_code}") from None
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryDeferred(f"sign-in at the mail server refused: {error.smtp_code}") from None
    except smtplib.SMTPDataError as error:
        if error.smtp_code >= _PERMANENT:
            raise DeliveryRejected(f"refused: {error.smtp_code}", str(error.smtp_code)) from None
        raise DeliveryDeferred(f"refused: {error.smtp_code}") from None
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryDeferred(type(error).__name__) from None
