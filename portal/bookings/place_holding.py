"""Holding, taking and freeing limited places. All of it happens under the lock of the procedure's ledger, so that none is given twice."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, not_, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.bookings.models import Appointment, BookingLedger, CapacityClaim
from portal.bookings.rules import EntryTerms, Pool, Want, free, lacking
from portal.core.clock import now
from portal.core.locking import lock_row

LEDGER_WAIT = "25s"
"""How long somebody waits for those before them: when a popular course opens, longer than for any other lock."""


@dataclass(frozen=True)
class Holder:
    """Who has or wants places: a draft, or a case once it was sent."""

    draft_id: int | None = None
    case_id: int | None = None


@dataclass(frozen=True)
class Offered:
    """Places that came free and are now held for the next draft of the waiting list, until that moment."""

    draft_id: int
    until: datetime
    wants: Sequence[Want]


@dataclass(frozen=True)
class Held:
    """The outcome of wanting places: held `until` (None: for good), or nothing, because `full` have no room."""

    until: datetime | None = None
    full: Sequence[Want] = ()


def hold(
    session: Session, procedure_key: str, holder: Holder, wants: Sequence[Want], *, until: datetime | None
) -> Held:
    """Hold all these places until that moment (None: for good, they are taken), or none of them.

    What the holder had before is given up, but for places that are the same: those keep their time. Others who wait come first.
    """
    lock_ledger(session, f"procedure:{procedure_key}")
    own = list(session.scalars(select(CapacityClaim).where(_of(holder), CapacityClaim.wish == 0)))
    kept = _same(own, wants)
    if kept is not None and until is not None:
        return Held(kept.expires_at)
    full = [] if kept is not None else lacking(wants, _claimed(session, procedure_key, wants, holder))
    if full:
        _forget(session, own, but_waiting=True)
        return Held(full=full)
    _forget(session, own)
    _add(session, procedure_key, holder, wants, "taken" if until is None else "held", until)
    return Held(until)


def take(
    session: Session, procedure_key: str, draft_id: int, case_id: int, wants: Sequence[Want], *, until: datetime | None
) -> Held:
    """Make the places of a draft those of the case that was made of it; taken at once if its hold is over and there is room."""
    held = hold(session, procedure_key, Holder(draft_id=draft_id), wants, until=None)
    if not held.full:
        own = list(session.scalars(select(CapacityClaim).where(CapacityClaim.draft_id == draft_id)))
        for claim in own:
            claim.draft_id, claim.case_id = None, case_id
            claim.state, claim.expires_at = ("taken" if until is None else "held"), until
        session.flush()
    return held


def enter(session: Session, procedure_key: str, case_id: int, wishes: Sequence[tuple[Want, EntryTerms]]) -> None:
    """Enter a case for allocations with its wishes, in place of what it entered before. What is drawn already stays."""
    lock_ledger(session, f"procedure:{procedure_key}")
    entered = select(CapacityClaim).where(CapacityClaim.case_id == case_id, CapacityClaim.wish > 0)
    before = list(session.scalars(entered))
    if any(claim.state != "entered" for claim in before):
        return
    _forget(session, before)
    for want, terms in wishes:
        _add(session, procedure_key, Holder(case_id=case_id), [want], "entered", None, terms)


def settle(session: Session, case_id: int) -> None:
    """What a case held until it was paid is its own from now on."""
    for claim in session.scalars(
        select(CapacityClaim).where(CapacityClaim.case_id == case_id, CapacityClaim.state == "held")
    ):
        claim.state, claim.expires_at = "taken", None
    session.flush()


def wait(session: Session, procedure_key: str, draft_id: int, wants: Sequence[Want], *, offer_days: int) -> None:
    """Put a draft at the end of the waiting list of these places; it keeps its place if it waits for the same already."""
    lock_ledger(session, f"procedure:{procedure_key}")
    own = list(session.scalars(select(CapacityClaim).where(CapacityClaim.draft_id == draft_id)))
    if own and {want.identity for want in wants} == {claims_to_want(claim).identity for claim in own}:
        return
    _forget(session, own)
    _add(
        session, procedure_key, Holder(draft_id=draft_id), wants, "waiting", None, EntryTerms(0, offer_days=offer_days)
    )


def release(session: Session, procedure_key: str, holder: Holder) -> list[Offered]:
    """Give up the places of a holder; they are offered to those who wait."""
    lock_ledger(session, f"procedure:{procedure_key}")
    _forget(session, session.scalars(select(CapacityClaim).where(_of(holder))))
    return offer_free(session, procedure_key)


def offer_free(session: Session, procedure_key: str) -> list[Offered]:
    """Hold what is free for those who wait, in their order. Somebody for whom there is no room keeps those behind from the same places."""
    lock_ledger(session, f"procedure:{procedure_key}")
    waiting: dict[int, list[CapacityClaim]] = {}
    query = select(CapacityClaim).where(
        CapacityClaim.procedure_key == procedure_key,
        CapacityClaim.state == "waiting",
        CapacityClaim.draft_id.is_not(None),
    )
    for claim in session.scalars(query.order_by(CapacityClaim.id)):
        waiting.setdefault(claim.draft_id or 0, []).append(claim)
    offered = []
    ahead: list[Want] = []
    moment = now()
    for draft_id, claims in waiting.items():
        wants = [claims_to_want(claim) for claim in claims]
        live = live_claims(session, procedure_key, [want.pool for want in wants])
        if lacking(wants, [*live, *ahead]):
            ahead += wants
            continue
        until = moment + timedelta(days=max(claim.offer_days or 1 for claim in claims))
        for claim in claims:
            claim.state, claim.expires_at = "held", until
        session.flush()
        offered.append(Offered(draft_id, until, wants))
    return offered


def free_places(session: Session, procedure_key: str, wants: Sequence[Want], holder: Holder) -> list[int]:
    """How many places are free for each want as things stand, what the holder has itself not counted. Nothing is locked."""
    claimed = _claimed(session, procedure_key, wants, holder)
    return [free(want, claimed) for want in wants]


def line_of(session: Session, draft_id: int) -> int | None:
    """Which place a draft has on the waiting list, from 1; None for one that does not wait."""
    first = session.scalar(
        select(CapacityClaim).where(CapacityClaim.draft_id == draft_id, CapacityClaim.state == "waiting").limit(1)
    )
    if first is None:
        return None
    pool = Pool(first.rule, first.edition, first.key)
    ahead = select(CapacityClaim.draft_id).where(
        _in_pools(first.procedure_key, [pool]), CapacityClaim.state == "waiting", CapacityClaim.id < first.id
    )
    return len(set(session.scalars(ahead)) - {draft_id}) + 1


def claims_of_case(session: Session, case_id: int) -> list[CapacityClaim]:
    """The places of a case."""
    return list(
        session.scalars(select(CapacityClaim).where(CapacityClaim.case_id == case_id).order_by(CapacityClaim.id))
    )


def claimed_keys(session: Session, procedure_key: str) -> list[str]:
    """The keys of the pools of a procedure of which somebody has something."""
    query = select(CapacityClaim.key).where(CapacityClaim.procedure_key == procedure_key, _is_live(now()))
    return sorted(session.scalars(query.distinct()))


def held_keys(session: Session, procedure_key: str, but: Holder) -> set[str]:
    """The keys of the pools of which somebody else holds something for the moment: while they read the last page, or have to pay."""
    held = (CapacityClaim.procedure_key == procedure_key, CapacityClaim.state == "held", _is_live(now()))
    return set(session.scalars(select(CapacityClaim.key).where(*held, not_(func.coalesce(_of(but), False))).distinct()))


def waiting_drafts(session: Session) -> list[int]:
    """The drafts that wait for places or have been offered some."""
    waits = (CapacityClaim.offer_days.is_not(None), CapacityClaim.draft_id.is_not(None))
    drafts = session.scalars(select(CapacityClaim.draft_id).where(*waits).distinct())
    return [draft_id for draft_id in drafts if draft_id is not None]


@dataclass(frozen=True)
class Lapsed:
    """What has run out: the procedures whose places are free again or have somebody waiting, and cases that were not paid in time."""

    procedures: Sequence[str]
    cases: Sequence[int]


def lapse(session: Session) -> Lapsed:
    """Forget what drafts no longer hold, and name the cases whose time to pay is over."""
    over = and_(CapacityClaim.state == "held", CapacityClaim.expires_at <= now())
    session.execute(delete(CapacityClaim).where(over, CapacityClaim.draft_id.is_not(None)))
    cases = session.scalars(select(CapacityClaim.case_id).where(over, CapacityClaim.case_id.is_not(None)).distinct())
    waiting = select(CapacityClaim.procedure_key).where(CapacityClaim.state == "waiting").distinct()
    return Lapsed(sorted(session.scalars(waiting)), sorted(case_id for case_id in cases if case_id is not None))


def lock_ledger(session: Session, name: str) -> None:
    """Wait for everybody who takes or frees places of the same thing. The lock ends with the transaction.

    Locked before anything is recorded: the chain of events is locked from then on, and transactions that lock both in the same
    order never wait for each other in a circle.
    """
    session.execute(text(f"SET LOCAL lock_timeout = '{LEDGER_WAIT}'"))
    session.execute(insert(BookingLedger).values(name=name).on_conflict_do_nothing())
    lock_row(session, BookingLedger, BookingLedger.name == name)


def lock_ledgers(session: Session, names: Collection[str]) -> None:
    """Lock several ledgers in the order in which one application locks its own: counters by their names, then procedures."""
    for name in sorted(set(names), key=lambda name: (name.startswith("procedure:"), name)):
        lock_ledger(session, name)


def _of(holder: Holder) -> ColumnElement[bool]:
    if holder.case_id is not None:
        return CapacityClaim.case_id == holder.case_id
    return CapacityClaim.draft_id == holder.draft_id


def _in_pools(procedure_key: str, pools: Iterable[Pool]) -> ColumnElement[bool]:
    names = {(pool.rule, pool.edition, pool.key) for pool in pools}
    columns = tuple_(CapacityClaim.rule, CapacityClaim.edition, CapacityClaim.key)
    return and_(CapacityClaim.procedure_key == procedure_key, columns.in_(names))


_IS_WAITING = CapacityClaim.state == "waiting"


def _is_live(moment: datetime) -> ColumnElement[bool]:
    """Taken, offered, or held and the time not over. Cases keep their places until somebody ends them."""
    is_held = and_(
        CapacityClaim.state == "held",
        or_(CapacityClaim.case_id.is_not(None), CapacityClaim.expires_at.is_(None), CapacityClaim.expires_at > moment),
    )
    return or_(CapacityClaim.state.in_(("taken", "offered")), is_held)


def live_claims(session: Session, procedure_key: str, pools: Iterable[Pool]) -> list[Want]:
    """What is taken, or held still, of these pools."""
    return [
        claims_to_want(claim)
        for claim in session.scalars(select(CapacityClaim).where(_in_pools(procedure_key, pools), _is_live(now())))
    ]


def _claimed(session: Session, procedure_key: str, wants: Sequence[Want], holder: Holder) -> list[Want]:
    """What others have of these pools, and what those want who wait for them."""
    if not wants:
        return []
    in_pools = _in_pools(procedure_key, [want.pool for want in wants])
    query = select(CapacityClaim).where(in_pools, or_(_is_live(now()), _IS_WAITING))
    claims = session.scalars(query)
    return [
        claims_to_want(claim)
        for claim in claims
        if claim.draft_id != holder.draft_id or claim.case_id != holder.case_id
    ]


def _same(own: Sequence[CapacityClaim], wants: Sequence[Want]) -> CapacityClaim | None:
    """One of the holder's claims, if together they are exactly what is wanted and still live."""
    moment = now()
    live = [
        claim
        for claim in own
        if claim.state == "taken" or (claim.state == "held" and (claim.expires_at is None or claim.expires_at > moment))
    ]
    if not live or len(live) != len(own) or len(live) != len(wants):
        return None
    return live[0] if {claims_to_want(claim).identity for claim in live} == {want.identity for want in wants} else None


def claims_to_want(claim: CapacityClaim) -> Want:
    """The places of a claim, as rules count them."""
    pool = Pool(claim.rule, claim.edition, claim.key)
    return Want(pool, claim.amount, claim.size, claim.first_day, claim.last_day)


#: What is no entry of an allocation.
_AT_ONCE = EntryTerms(0)


def _add(
    session: Session,
    procedure_key: str,
    holder: Holder,
    wants: Iterable[Want],
    state: str,
    until: datetime | None,
    terms: EntryTerms = _AT_ONCE,
) -> None:
    moment = now()
    session.add_all(
        CapacityClaim(
            procedure_key=procedure_key,
            rule=want.pool.rule,
            edition=want.pool.edition,
            key=want.pool.key,
            first_day=want.first_day,
            last_day=want.last_day,
            amount=want.amount,
            size=want.size,
            state=state,
            draft_id=holder.draft_id,
            case_id=holder.case_id,
            expires_at=until,
            offer_days=terms.offer_days,
            wish=terms.number,
            entry_row=terms.row,
            points=None if terms.points is None else list(terms.points),
            created_at=moment,
        )
        for want in wants
    )
    session.flush()


def _forget(session: Session, claims: Iterable[CapacityClaim], *, but_waiting: bool = False) -> None:
    for claim in claims:
        if not (but_waiting and claim.state == "waiting"):
            session.delete(claim)
    session.flush()


def forget_cases(session: Session, case_ids: Collection[int]) -> None:
    """Delete what these cases had and asked for: places and times say where somebody was."""
    for table in (CapacityClaim, Appointment):
        session.execute(delete(table).where(table.case_id.in_(case_ids)))


@dataclass(frozen=True)
class PoolState:
    """How full a pool is: its size when it was claimed last, and the places taken, held, waited for and entered in a lottery."""

    procedure_key: str
    rule: str
    edition: str
    key: str
    first_day: date | None
    last_day: date | None
    size: int
    taken: int
    held: int
    waiting: int
    entered: int


def pool_states(session: Session, procedure_keys: Collection[str], on: date) -> list[PoolState]:
    """The pools of these procedures in which anybody has, or wants, something on a day or later."""

    def places(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(CapacityClaim.amount).filter(condition), 0)

    names = (
        CapacityClaim.procedure_key,
        CapacityClaim.rule,
        CapacityClaim.edition,
        CapacityClaim.key,
        CapacityClaim.first_day,
        CapacityClaim.last_day,
    )
    query = (
        select(
            *names,
            func.max(CapacityClaim.size),
            places(CapacityClaim.state == "taken"),
            places(and_(CapacityClaim.state.in_(("held", "offered")), _is_live(now()))),
            places(_IS_WAITING),
            places(and_(CapacityClaim.state == "entered", CapacityClaim.wish == 1)),
        )
        .where(
            CapacityClaim.procedure_key.in_(list(procedure_keys)),
            or_(CapacityClaim.last_day.is_(None), CapacityClaim.last_day >= on),
        )
        .group_by(*names)
        .order_by(*names)
    )
    return [PoolState(*row) for row in session.execute(query)]
