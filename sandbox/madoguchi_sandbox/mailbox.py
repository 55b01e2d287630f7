"""The mailbox: accepts every mail by SMTP, relays none, keeps all for reading."""

import email
import email.policy
import sqlite3
from dataclasses import dataclass
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from madoguchi_sandbox.store import Store


@dataclass(frozen=True)
class Mail:
    """One mail as the pages show it; `received` is Unix time."""

    id: int
    received: int
    sender: str
    recipients: str
    subject: str
    text: str
    attachments: tuple[str, ...]


class Inbox:
    """The handler that the SMTP server calls for each mail."""

    def __init__(self, store: Store) -> None:
        """Store mails in `store`."""
        self._store = store

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's signature
        """Store the mail and accept it."""
        raw = envelope.original_content or b""
        store_message(self._store, envelope.mail_from or "", envelope.rcpt_tos, raw)
        return "250 OK"


def store_message(store: Store, sender: str, recipients: list[str], raw: bytes) -> None:
    """Store a mail as it was received."""
    subject = str(_parsed(raw).get("Subject", ""))
    store.execute(
        "INSERT INTO mail (received, sender, recipients, subject, raw) VALUES (?, ?, ?, ?, ?)",
        store.now(), sender, ", ".join(recipients), subject, raw,
    )  # fmt: skip


def list_mails(store: Store, to: str = "", limit: int = 200) -> list[Mail]:
    """Return mails newest first, those to an address that contains `to`."""
    rows = store.execute(
        "SELECT * FROM mail WHERE instr(recipients, ?) OR ? = '' ORDER BY id DESC LIMIT ?", to, to, limit
    )
    return [_mail(row) for row in rows]


def find(store: Store, mail_id: int) -> Mail | None:
    """Return one mail, or None."""
    rows = store.execute("SELECT * FROM mail WHERE id = ?", mail_id)
    return _mail(rows[0]) if rows else None


def delete_all(store: Store) -> None:
    """Delete all mails."""
    store.execute("DELETE FROM mail")


def _parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def _mail(row: sqlite3.Row) -> Mail:
    message = _parsed(row["raw"])
    body = message.get_body(("plain", "html"))
    names = tuple(part.get_filename() or part.get_content_type() for part in message.iter_attachments())
    text = str(body.get_content()) if body is not None else ""
    return Mail(row["id"], row["received"], row["sender"], row["recipients"], row["subject"], text, names)
