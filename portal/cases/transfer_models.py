"""Cases that a department handed over to another one."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class CaseTransfer(CityBase):
    """One handing over (移送), never changed: both departments keep their names of that time. The reason is the message to the applicant."""

    __tablename__ = "case_transfer"
    __table_args__ = (
        Index("ix_case_transfer_from", "from_department_id", text("transferred_at DESC"), text("id DESC")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    from_department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    to_department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    message_id: Mapped[int] = mapped_column(doc="of the message that told the applicant why, until it is erased")
    transferred_at: Mapped[datetime]
