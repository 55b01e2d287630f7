"""The profile of an account, sealed at rest like the answers it was taken from."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedJson


class ProfileItem(CityBase):
    """One answer that a resident chose to keep, with the consent to it. It goes when the consent is withdrawn, or with the account."""

    __tablename__ = "profile_item"
    __table_args__ = (UniqueConstraint("account_id", "item", name="uq_profile_item_once"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(doc="name in the vocabulary: person.name")
    type: Mapped[str] = mapped_column(doc="type of the question that it answers")
    sensitive: Mapped[bool] = mapped_column(doc="given to a question marked as sensitive: fills in only such questions")
    content: Mapped[dict[str, Any]] = mapped_column(
        SealedJson("profile_item.content"), doc="the answer, under `answer`"
    )
    version_id: Mapped[int] = mapped_column(
        ForeignKey("procedure_version.id"), doc="version whose question gave it; with `field`, which settings it has"
    )
    field: Mapped[str]
    procedure_key: Mapped[str] = mapped_column(doc="of the application that it was taken from, with its number")
    case_number: Mapped[str]
    consented_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(doc="since when the answer is as it is: kept, or edited by its owner")
    edited: Mapped[bool] = mapped_column(
        server_default=text("false"), doc="whether its owner changed it on the profile page"
    )

    @property
    def answer(self) -> Any:
        """The answer, opened."""
        return self.content["answer"]
