"""How much of a city's data is not under the newest key, as it was last counted."""

from datetime import datetime

from sqlalchemy import SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class SealingCount(CityBase):
    """The newest count, in one row: counting looks at every row of a city, so the doctor reads the nightly result."""

    __tablename__ = "sealing_count"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False, default=1)
    counted_at: Mapped[datetime]
    key_id: Mapped[str] = mapped_column(doc="the key that was the newest then")
    waiting: Mapped[int] = mapped_column(
        doc="values under another key or in clear, each column up to `counting.COUNTED_UP_TO`"
    )
