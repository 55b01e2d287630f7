"""Procedures applied for together (まとめて申請)."""

from datetime import datetime

from sqlalchemy import Identity
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase

OPEN_WAITING = "cases.open_waiting"
"""The job that sees to what waits in a bundle, once one of its cases has come to its end."""


class Bundle(CityBase):
    """Several applications filled in, signed and sent as one: drafts until then, a case for each procedure afterwards.

    It holds nothing that somebody said, and belongs to whoever its drafts and cases belong to.
    """

    __tablename__ = "bundle"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(doc="when the resident sent it: all of it came in at this moment")
