"""Limited places that drafts hold and cases have, and the rows that are locked by whoever takes or frees one."""

from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase


class BookingLedger(CityBase):
    """One thing of which places are taken and freed one after another: a procedure, a counter."""

    __tablename__ = "booking_ledger"

    name: Mapped[str] = mapped_column(primary_key=True, doc="`procedure:course`, `resource:counter`")


class CapacityClaim(CityBase):
    """Places of one pool that one application has or waits for. A pool is a rule of a procedure, with an edition and a key."""

    __tablename__ = "capacity_claim"
    __table_args__ = (
        CheckConstraint("state IN ('held', 'taken', 'waiting', 'entered', 'offered')", name="state"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(draft_id IS NULL) <> (case_id IS NULL)", name="holder"),
        Index("ix_capacity_claim_pool", "procedure_key", "rule", "edition", "key"),
        Index("ix_capacity_claim_expires_at", "expires_at", postgresql_where=text("expires_at IS NOT NULL")),
        Index("ix_capacity_claim_waiting", "procedure_key", "id", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    procedure_key: Mapped[str]
    rule: Mapped[str]
    edition: Mapped[str] = mapped_column(doc="first day of the window of acceptance, empty without one")
    key: Mapped[str] = mapped_column(doc="JSON list of what the rule counts by")
    first_day: Mapped[date | None] = mapped_column(doc="null: taken on every day")
    last_day: Mapped[date | None]
    amount: Mapped[int]
    size: Mapped[int] = mapped_column(doc="how many places the pool had when this was claimed")
    state: Mapped[str] = mapped_column(
        doc="held until `expires_at`, taken, waiting in the order of `drawn` and `id`, entered in a lottery, or offered after the draw "
        "to who waited, until `expires_at`"
    )
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime | None] = mapped_column(doc="null: for good")
    offer_days: Mapped[int | None] = mapped_column(
        doc="of one that waits or has entered: days to answer once a place is free"
    )
    wish: Mapped[int] = mapped_column(server_default="0", doc="of an entry in a lottery: which of its wishes, from 1")
    entry_row: Mapped[int | None] = mapped_column(
        doc="of an entry that is one row of an application (a sibling): which, from 0"
    )
    points: Mapped[list[int] | None] = mapped_column(
        ARRAY(BigInteger),
        doc="of an entry where places go by points: the highest first, each next one where those before are equal",
    )
    drawn: Mapped[int | None] = mapped_column(doc="of an entry that was drawn: its place in the order")
    created_at: Mapped[datetime]


class LotterySeed(CityBase):
    """The seed of a lottery that is not drawn yet, with the fingerprint by which it is promised in public."""

    __tablename__ = "lottery_seed"
    __table_args__ = (UniqueConstraint("procedure_key", "rule", "edition"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    procedure_key: Mapped[str]
    rule: Mapped[str]
    edition: Mapped[str]
    seed: Mapped[bytes] = mapped_column(doc="sealed")
    fingerprint: Mapped[str] = mapped_column(doc="SHA-256 of the seed, in hexadecimal")
    committed_at: Mapped[datetime]


class LotteryDraw(CityBase):
    """One allocation, done once: the seed from which anybody can work out the order again, or that of equal points."""

    __tablename__ = "lottery_draw"
    __table_args__ = (UniqueConstraint("procedure_key", "rule", "edition"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    procedure_key: Mapped[str]
    rule: Mapped[str]
    edition: Mapped[str]
    seed: Mapped[str]
    fingerprint: Mapped[str | None] = mapped_column(doc="by which the seed was promised before the draw")
    committed_at: Mapped[datetime | None] = mapped_column(doc="when it was promised")
    by_points: Mapped[bool] = mapped_column(server_default="false", doc="whether the points of the entries came first")
    entries: Mapped[int]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    drawn_at: Mapped[datetime]


class Appointment(CityBase):
    """A time at one counter (`lane`) of a resource: held by a draft, of a case, or blocked by staff. The database keeps two from overlapping."""

    __tablename__ = "appointment"
    __table_args__ = (
        ExcludeConstraint(
            ("resource", "="), ("lane", "="), ("during", "&&"), name="ex_appointment_overlap", using="gist"
        ),
        CheckConstraint("num_nonnulls(draft_id, case_id, staff_id) = 1", name="holder"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    resource: Mapped[str] = mapped_column(doc="`residents-counter`, `hall/room-a`")
    lane: Mapped[int] = mapped_column(doc="which of the counters, from 0")
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE, doc="with the time after it that is kept free")
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    field: Mapped[str] = mapped_column(doc="the question that it answers; empty where staff blocked the time")
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), doc="who blocked the time")
    expires_at: Mapped[datetime | None] = mapped_column(doc="until when a draft holds it")
    reminded_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
