"""What was decided before a decision was corrected or revoked."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedJson


class FormerDecision(CityBase):
    """A decision that was told and that another took the place of; number 1 is the first of its case."""

    __tablename__ = "case_former_decision"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(doc="where the case stood with it")
    words: Mapped[dict[str, Any]] = mapped_column(
        SealedJson("case_former_decision.words"), doc="its `conditions`, and what was `granted` where that was a part"
    )
    decided_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime]
