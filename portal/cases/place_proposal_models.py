"""What the office proposes for the places of a case."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedJson


class PlaceProposal(CityBase):
    """Another outline for a place of a case, notes to spots of it, or both: a draft of the office, until it goes with a request to correct."""

    __tablename__ = "place_proposal"
    __table_args__ = (
        CheckConstraint("outcome IN ('accepted', 'edited', 'kept', 'ended')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
        Index("uq_place_proposal_draft", "case_id", "field", unique=True, postgresql_where=text("sent_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(doc="path of the place")
    content: Mapped[dict[str, Any]] = mapped_column(
        SealedJson("place_proposal.content"), doc="see `place_proposals.Proposed`"
    )
    edits: Mapped[int] = mapped_column(doc="how often the draft was changed; who saw another number is told")
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(
        doc="accepted: the applicant sent it as it is · edited: another place · kept: the place as it was · ended: no answer came"
    )
