"""E-mails to people, waiting to be sent or sent: address and text are encrypted; the job that sends one knows only its id."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase

UNDELIVERED = ("failed", "undeliverable")
"""The statuses of a mail that was given up."""


class MailMessage(CityBase):
    """One e-mail. `undeliverable`: nobody can be reached at its address. `failed`: the mail server did not accept it for days."""

    __tablename__ = "mail_message"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'sent', 'failed', 'undeliverable')", name="status"),
        Index("ix_mail_message_waiting", "id", postgresql_where=text("status = 'waiting'")),
        Index("ix_mail_message_given_up", "id", postgresql_where=text("status IN ('failed', 'undeliverable')")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[str]
    sealed: Mapped[bytes]
    status: Mapped[str] = mapped_column(server_default="waiting")
    reason: Mapped[str | None] = mapped_column(doc="why it was given up: the server's reply code, or `address`, `late`")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
