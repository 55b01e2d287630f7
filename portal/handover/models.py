"""Handovers in the schema that all cities share. Row policies (migration 0003 of `shared`) show a row to its two cities, the content to
the city that takes it.
"""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Identity, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import SharedBase


class Handover(SharedBase):
    """That somebody agreed to it: from which case, to which city, for which procedure, and which items. No answers, and no name."""

    __tablename__ = "handover"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    source_city: Mapped[str]
    target_city: Mapped[str]
    case_id: Mapped[int] = mapped_column(BigInteger, doc="of the city that hands over")
    procedure_key: Mapped[str] = mapped_column(doc="what it opens in the city that takes it")
    person: Mapped[bytes] = mapped_column(
        LargeBinary, doc="keyed digest of the proved address of whoever agreed, who alone may take it"
    )
    items: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class HandoverContent(SharedBase):
    """The answers by their items, sealed for the city that takes them; deleted when it has."""

    __tablename__ = "handover_content"

    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, doc="sealed")
