"""What checking the chain of events showed, each time."""

from datetime import datetime

from sqlalchemy import Identity, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class AuditCheck(CityBase):
    """One walk along the chain. Rows are only ever added."""

    __tablename__ = "audit_check"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    checked_at: Mapped[datetime]
    events: Mapped[int] = mapped_column(doc="how many events were followed, up to the end or to the fault")
    head: Mapped[bytes] = mapped_column(LargeBinary, doc="hash of the last of them")
    fault: Mapped[str | None] = mapped_column(
        doc="what is wrong, in English for operators; none when the chain is whole"
    )
