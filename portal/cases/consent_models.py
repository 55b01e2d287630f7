"""The people whose consent an application asks for, and what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedJson


class CaseConsent(CityBase):
    """One person asked for consent to one application. Of the link and the codes only digests are kept.

    `revoked`: who had agreed took it back. `withdrawn`: the application no longer asks it of this person, or what they were shown has
    changed since and they were asked again.
    """

    __tablename__ = "case_consent"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'agreed', 'refused', 'revoked', 'expired', 'withdrawn')", name="status"),
        Index("ix_case_consent_waiting", "expires_at", postgresql_where=text("status = 'waiting'")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    rule: Mapped[str] = mapped_column(doc="id of the definition's rule")
    place: Mapped[int | None] = mapped_column(SmallInteger, doc="row of the rule's group, from 0")
    status: Mapped[str] = mapped_column(server_default="waiting")
    content: Mapped[dict[str, Any]] = mapped_column(
        SealedJson("case_consent.content"), doc="name, address, what was shown; then the reason or the signature"
    )
    token_digest: Mapped[bytes] = mapped_column(unique=True)
    code_digest: Mapped[bytes | None]
    code_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    proof_digest: Mapped[bytes | None] = mapped_column(doc="of what the page got that entered the right code")
    proof_until: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(doc="when the address was proved by a code")
    answered_at: Mapped[datetime | None]
