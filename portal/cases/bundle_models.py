"""Procedures applied for together (まとめて申請)."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedJson

OPEN_WAITING = "cases.open_waiting"
"""The job that sees to what waits in a bundle, once one of its cases has come to its end."""

OFFER_CHANGES = "cases.offer_changes"
"""The job that offers what a correction changed to the other cases of the bundle."""


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


class CaseChangeOffer(CityBase):
    """Answers that were corrected in one case of a bundle, offered to another that gave the same; they go once that is answered."""

    __tablename__ = "case_change_offer"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'accepted', 'declined')", name="status"),
        Index(
            "uq_case_change_offer_open",
            "case_id",
            "from_case_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    from_case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), doc="the case that was corrected")
    status: Mapped[str]
    changes: Mapped[dict[str, Any]] = mapped_column(
        SealedJson("case_change_offer.changes"),
        doc="canonical answers by the questions of the case that they are offered to",
    )
    offered_at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
