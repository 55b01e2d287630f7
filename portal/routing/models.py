"""Plans kept under a link. Of the link only a digest is kept, and what was answered is sealed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Identity
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedJson


class KeptPlan(CityBase):
    """The answers behind a plan, without a name. It belongs to whoever has the link."""

    __tablename__ = "kept_plan"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson("kept_plan.content"), doc="the window, and the facts")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
