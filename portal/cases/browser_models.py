"""Which browsers know a draft or a case without their person having signed in."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class BrowserDraft(CityBase):
    """A browser in which a draft was written: its key opens the draft as long as it belongs to no account."""

    __tablename__ = "browser_draft"

    browser: Mapped[bytes] = mapped_column(
        primary_key=True, doc="digest of the browser's key, see `identity.browser_draft_key`"
    )
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"), primary_key=True, index=True)


class BrowserCase(CityBase):
    """A browser that knows a case: it was sent there without signing in, or its owner has opened its correction there.

    Its key opens a case that belongs to no account; of a case with an owner it only takes what a late page typed.
    """

    __tablename__ = "browser_case"

    browser: Mapped[bytes] = mapped_column(
        primary_key=True, doc="digest of the browser's key, see `identity.browser_draft_key`"
    )
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True, index=True)
    until: Mapped[datetime] = mapped_column(index=True)
