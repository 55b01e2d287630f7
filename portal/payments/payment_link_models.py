"""Links by which somebody else pays (代理納付), and the charges that they lead to."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class PaymentLink(CityBase):
    """An address by which somebody else may pay for certain charges (代理納付), and see nothing of their cases.

    For a choice of charges there is one at a time: the next ends the former.
    """

    __tablename__ = "payment_link"
    __table_args__ = (
        Index("uq_payment_link_choice", "choice", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    choice: Mapped[str] = mapped_column(doc="the ids of its charges, in order, with commas between")
    token_digest: Mapped[bytes] = mapped_column(unique=True, doc="SHA-256 of what the address ends in")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(doc="when it ends by itself")
    ended_at: Mapped[datetime | None] = mapped_column(doc="since when its maker, or a newer link, ended it")


class PaymentLinkLine(CityBase):
    """A charge that a link may pay, and all that it says of it beside the amount."""

    __tablename__ = "payment_link_line"
    __table_args__ = (UniqueConstraint("link_id", "charge_id"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("payment_link.id"))
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)
    title: Mapped[dict[str, Any]] = mapped_column(doc="by language, as the one who made the link saw it")
