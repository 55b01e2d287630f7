"""Plans kept under a link, or in an account. Of the link only a digest is kept, and what was answered is sealed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedJson


class KeptPlan(CityBase):
    """The answers behind a plan, without a name. With a `token_digest` whoever has the link reads it, and the account that made the
    link, if one did, ends it; without one the account keeps the plan for itself.
    """

    __tablename__ = "kept_plan"
    __table_args__ = (CheckConstraint("token_digest IS NOT NULL OR account_id IS NOT NULL", name="owner"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    token_digest: Mapped[bytes | None] = mapped_column(unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson("kept_plan.content"), doc="the window, and the facts")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
