"""A draw: the order of the entries, from a seed that is published, so that anybody can work it out again; and who gets what in that order.

The order is that of HMAC-SHA256 (RFC 2104) with the seed as key and the receipt number as message, both in UTF-8, written in hexadecimal and
sorted. Where entries have points, these come first, the highest before all others, and the draw decides between equals.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from portal.bookings.commitments import commitment, reveal
from portal.bookings.models import CapacityClaim, LotteryDraw
from portal.bookings.place_holding import claims_to_want, live_claims, lock_ledger
from portal.bookings.rules import Pool, lacking
from portal.core.clock import now
from portal.core.errors import Conflict
from portal.core.text import _


def ticket(seed: str, number: str) -> str:
    """What an entry is sorted by: 64 hexadecimal digits."""
    return hmac.new(seed.encode(), number.encode(), hashlib.sha256).hexdigest()


def draw_order(seed: str, points: Mapping[str, Sequence[int]]) -> list[str]:
    """The receipt numbers, with the points that each has (none in a lottery), in the order in which they are drawn."""
    return sorted(points, key=lambda number: ([-of for of in points[number]], ticket(seed, number), number))


@dataclass(frozen=True)
class Entries:
    """The entries of one lottery that are not drawn yet."""

    procedure_key: str
    rule: str
    edition: str
    count: int


@dataclass(frozen=True)
class DrawnEntry:
    """One entry after the draw: its case, its place in the order, what it has (None: it waits) and as which wish.

    What is only `offered` waits for an answer.
    """

    case_id: int
    order: int
    key: str | None
    wish: int | None
    offered: bool = False


@dataclass(frozen=True)
class MovedUp:
    """What moved after a draw: the cases that got something or are offered it, and those whose time to answer is over."""

    cases: Sequence[int]
    lapsed: Sequence[int]


def open_lotteries(session: Session) -> list[Entries]:
    """The lotteries in which somebody has entered and nothing was drawn."""
    columns = (CapacityClaim.procedure_key, CapacityClaim.rule, CapacityClaim.edition)
    query = select(*columns, func.count(CapacityClaim.case_id.distinct())).where(CapacityClaim.state == "entered")
    return [Entries(*row) for row in session.execute(query.group_by(*columns).order_by(*columns))]


def entered_cases(session: Session, procedure_key: str, rule: str, edition: str) -> list[int]:
    """The cases that take part in a lottery."""
    query = select(CapacityClaim.case_id).where(*_of(procedure_key, rule, edition), CapacityClaim.state == "entered")
    return sorted({case_id for case_id in session.scalars(query) if case_id is not None})


def draw(
    session: Session,
    procedure_key: str,
    rule: str,
    edition: str,
    *,
    fresh_seed: str,
    numbers: Mapping[int, str],
    staff_id: int,
) -> LotteryDraw | None:
    """Draw once, by the seed that was promised (`fresh_seed` where none was).

    Entries get the first of their wishes that is still free, in the order of the draw; who gets none waits in that order.

    `numbers` are the receipt numbers of the cases. None where this lottery was drawn before. Raises Conflict where another case has
    entered since they were read.
    """
    lock_ledger(session, f"procedure:{procedure_key}")
    if drawn(session, procedure_key, rule, edition) is not None:
        return None
    query = select(CapacityClaim).where(*_of(procedure_key, rule, edition), CapacityClaim.state == "entered")
    by_number: dict[str, list[CapacityClaim]] = {}
    for claim in session.scalars(query.order_by(CapacityClaim.wish)):
        if claim.case_id is None or claim.case_id not in numbers:
            raise Conflict(_("決めているあいだに申込みが届きました。もう一度、押してください。"))
        by_number.setdefault(numbers[claim.case_id], []).append(claim)
    promised = commitment(session, procedure_key, rule, edition)
    promise = (promised.fingerprint, promised.committed_at) if promised else (None, None)
    seed = reveal(session, promised) if promised else fresh_seed
    points = {number: claims[0].points or [] for number, claims in by_number.items()}
    for order, number in enumerate(draw_order(seed, points), start=1):
        for claim in by_number[number]:
            claim.drawn = order
        _give(session, by_number[number])
    record = LotteryDraw(
        procedure_key=procedure_key,
        rule=rule,
        edition=edition,
        seed=seed,
        fingerprint=promise[0],
        committed_at=promise[1],
        by_points=any(points.values()),
        entries=len(by_number),
        staff_id=staff_id,
        drawn_at=now(),
    )
    session.add(record)
    session.flush()
    return record


def drawn(session: Session, procedure_key: str, rule: str, edition: str) -> LotteryDraw | None:
    """The draw of a lottery, if there was one."""
    return session.scalar(
        select(LotteryDraw).where(
            LotteryDraw.procedure_key == procedure_key, LotteryDraw.rule == rule, LotteryDraw.edition == edition
        )
    )


def draw_by_id(session: Session, draw_id: int) -> LotteryDraw | None:
    """A draw by its number."""
    return session.get(LotteryDraw, draw_id)


def draws(session: Session, procedure_keys: Iterable[str]) -> list[LotteryDraw]:
    """The draws of these procedures, newest first."""
    query = select(LotteryDraw).where(LotteryDraw.procedure_key.in_(list(procedure_keys)))
    return list(session.scalars(query.order_by(LotteryDraw.id.desc())))


def results(session: Session, record: LotteryDraw) -> list[DrawnEntry]:
    """How a draw stands today, in its order: withdrawn entries are gone, and others may have moved up."""
    criteria = (*_of(record.procedure_key, record.rule, record.edition), CapacityClaim.drawn.is_not(None))
    claims = session.scalars(select(CapacityClaim).where(*criteria).order_by(CapacityClaim.drawn, CapacityClaim.wish))
    entries = []
    for order, group in groupby(claims, key=lambda claim: claim.drawn or 0):
        of_entry = list(group)
        won = next((claim for claim in of_entry if claim.state in ("taken", "offered")), None)
        case_id = of_entry[0].case_id or 0
        offered = won is not None and won.state == "offered"
        entries.append(DrawnEntry(case_id, order, won.key if won else None, won.wish if won else None, offered))
    return entries


def lotteries_with_waiting(session: Session) -> list[str]:
    """The procedures in which somebody was drawn and waits, or did not answer in time."""
    waiting = or_(CapacityClaim.state == "waiting", _time_is_over())
    query = select(CapacityClaim.procedure_key).where(waiting, CapacityClaim.drawn.is_not(None))
    return sorted(session.scalars(query.distinct()))


def cases_after_draw(session: Session, procedure_key: str) -> list[int]:
    """The cases that were drawn and wait, and those to which something is offered."""
    state = CapacityClaim.state.in_(["waiting", "offered"])
    query = select(CapacityClaim.case_id).where(
        CapacityClaim.procedure_key == procedure_key, CapacityClaim.drawn.is_not(None), state
    )
    return sorted({case_id for case_id in session.scalars(query) if case_id is not None})


def move_up(session: Session, procedure_key: str, case_ids: Collection[int]) -> MovedUp:
    """Give what has come free to those who were drawn after it was gone, in their order, or offer it to them for their days.

    Who did not answer in time is out. `case_ids` are `cases_after_draw`, whose rows are locked: cases are locked before places.
    """
    lock_ledger(session, f"procedure:{procedure_key}")
    among = CapacityClaim.case_id.in_(case_ids)
    over = (CapacityClaim.procedure_key == procedure_key, among, _time_is_over())
    silent = session.scalars(delete(CapacityClaim).where(*over).returning(CapacityClaim.case_id))
    lapsed = sorted({case_id for case_id in silent if case_id is not None})
    query = select(CapacityClaim).where(
        CapacityClaim.procedure_key == procedure_key,
        among,
        CapacityClaim.state == "waiting",
        CapacityClaim.drawn.is_not(None),
    )
    claims = session.scalars(
        query.order_by(CapacityClaim.rule, CapacityClaim.edition, CapacityClaim.drawn, CapacityClaim.wish)
    )
    moved = []
    for _entry, group in groupby(claims, key=lambda claim: (claim.rule, claim.edition, claim.drawn)):
        entry = list(group)
        if _give(session, entry, offer=True) and entry[0].case_id is not None:
            moved.append(entry[0].case_id)
    return MovedUp(moved, lapsed)


def offered_claim(session: Session, case_id: int) -> CapacityClaim | None:
    """What is offered to a case after a draw, while there is still time to answer."""
    return session.scalar(
        select(CapacityClaim).where(
            CapacityClaim.case_id == case_id, CapacityClaim.state == "offered", CapacityClaim.expires_at > now()
        )
    )


def answer_offer(session: Session, procedure_key: str, case_id: int, *, accepted: bool) -> bool:
    """Take or give up what is offered to a case; who gives it up is out of the lottery. False where nothing is offered any more."""
    lock_ledger(session, f"procedure:{procedure_key}")
    claim = offered_claim(session, case_id)
    if claim is None:
        return False
    if accepted:
        claim.state, claim.expires_at = "taken", None
    else:
        session.delete(claim)
    session.flush()
    return True


def _time_is_over() -> ColumnElement[bool]:
    return and_(CapacityClaim.state == "offered", CapacityClaim.expires_at <= now())


def _give(session: Session, wishes: Sequence[CapacityClaim], *, offer: bool = False) -> bool:
    """Give an entry the first of its wishes that is free, and nothing else; otherwise it waits for all of them.

    With `offer` it is only offered where its rule gives days to answer.
    """
    for claim in wishes:
        want = claims_to_want(claim)
        pool = Pool(claim.rule, claim.edition, claim.key)
        if not lacking([want], live_claims(session, claim.procedure_key, [pool])):
            claim.state = "taken"
            if offer and claim.offer_days is not None:
                claim.state, claim.expires_at = "offered", now() + timedelta(days=claim.offer_days)
            for other in wishes:
                if other is not claim:
                    session.delete(other)
            session.flush()
            return True
    for claim in wishes:
        claim.state = "waiting"
    session.flush()
    return False


def _of(procedure_key: str, rule: str, edition: str) -> tuple[ColumnElement[bool], ...]:
    return (
        CapacityClaim.procedure_key == procedure_key,
        CapacityClaim.rule == rule,
        CapacityClaim.edition == edition,
    )
