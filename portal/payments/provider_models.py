"""What the payment provider told us: its events, and the movements of the account's balance."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class ProviderEvent(CityBase):
    """A webhook event. Only what points to its object is stored: the object is read from the provider, and the payer's name stays out."""

    __tablename__ = "provider_event"
    __table_args__ = (Index("ix_provider_event_waiting", "received_at", postgresql_where=text("processed_at IS NULL")),)

    event_id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    object_id: Mapped[str | None] = mapped_column(doc="null for an object without an id, such as a balance")
    intent_id: Mapped[str | None]
    customer_id: Mapped[str | None] = mapped_column(doc="for whom the provider holds a transfer")
    reference: Mapped[str | None]
    created_at: Mapped[datetime]
    received_at: Mapped[datetime]
    processed_at: Mapped[datetime | None]
    set_aside: Mapped[str | None] = mapped_column(doc="why nothing was done for it: one of `rules.SET_ASIDE_REASONS`")
    tries: Mapped[int] = mapped_column(server_default="0")


class ProviderTransaction(CityBase):
    """A balance transaction imported from the provider. Rows are only ever added; `source_id` names the charge or refund behind one."""

    __tablename__ = "provider_transaction"

    entry_id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    gross: Mapped[int]
    fee: Mapped[int]
    net: Mapped[int]
    source_id: Mapped[str | None] = mapped_column(index=True, doc="charge or refund at the provider")
    created_at: Mapped[datetime] = mapped_column(index=True)
    available_at: Mapped[datetime]
