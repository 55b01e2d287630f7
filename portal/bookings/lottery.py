"""A draw: the order of the entries, from a seed that is published, so that anybody can work it out again; and who gets what in that order.

The order is that of HMAC-SHA256 (RFC 2104) with the seed as key and the receipt number as message, both in UTF-8, written in hexadecimal and
sorted. Where entries have points, these come first, the highest before all others, and the draw decides between equals. Points that an entry
has at one place only order it there.
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
from portal.bookings.matching import Wish, matched
from portal.bookings.models import CapacityClaim, LotteryDraw
from portal.bookings.place_holding import claims_to_want, live_claims, lock_ledger
from portal.core.clock import now
from portal.core.errors import Conflict
from portal.core.text import _


def ticket(seed: str, number: str) -> str:
    """What an entry is sorted by: 64 hexadecimal digits."""
    return hmac.new(seed.encode(), number.encode(), hashlib.sha256).hexdigest()


def entry_number(number: str, row: int | None) -> str:
    """By what an entry is known in a draw: the receipt number, of a row (a sibling) with its number from 1."""
    return number if row is None else f"{number}-{row + 1}"


def draw_order(seed: str, points: Mapping[str, Sequence[int]]) -> list[str]:
    """The numbers of entries, with the points that each has (none in a lottery), in the order in which they are drawn."""
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

    `row` is the row of the application that entered, if each does. What is only `offered` waits for an answer.
    """

    case_id: int
    order: int
    key: str | None
    wish: int | None
    offered: bool = False
    row: int | None = None


@dataclass(frozen=True)
class MovedUp:
    """What moved after a draw: the cases that got something or are offered it, and those whose time to answer is over."""

    cases: Sequence[int]
    lapsed: Sequence[int]


def open_lotteries(session: Session) -> list[Entries]:
    """The lotteries in which somebody has entered and nothing was drawn; every entry has a first wish."""
    columns = (CapacityClaim.procedure_key, CapacityClaim.rule, CapacityClaim.edition)
    query = select(*columns, func.count()).where(CapacityClaim.state == "entered", CapacityClaim.wish == 1)
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
    entries: dict[str, list[CapacityClaim]] = {}
    for claim in session.scalars(query.order_by(CapacityClaim.wish)):
        if claim.case_id is None or claim.case_id not in numbers:
            raise Conflict(_("決めているあいだに申込みが届きました。もう一度、押してください。"))
        entries.setdefault(entry_number(numbers[claim.case_id], claim.entry_row), []).append(claim)
    promised = commitment(session, procedure_key, rule, edition)
    promise = (promised.fingerprint, promised.committed_at) if promised else (None, None)
    seed = reveal(session, promised) if promised else fresh_seed
    _rank(seed, entries)
    _give(session, entries.values())
    record = LotteryDraw(
        procedure_key=procedure_key,
        rule=rule,
        edition=edition,
        seed=seed,
        fingerprint=promise[0],
        committed_at=promise[1],
        by_points=any(claim.points for claims in entries.values() for claim in claims),
        entries=len(entries),
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
    claims = session.scalars(select(CapacityClaim).where(*criteria).order_by(*_BY_ENTRY))
    entries = []
    for (case_id, row), group in groupby(claims, key=lambda claim: (claim.case_id or 0, claim.entry_row)):
        of_entry = list(group)
        won = next((claim for claim in of_entry if claim.state in ("taken", "offered")), None)
        order = min(claim.drawn or 0 for claim in of_entry)
        offered = won is not None and won.state == "offered"
        entries.append(DrawnEntry(case_id, order, won.key if won else None, won.wish if won else None, offered, row))
    return sorted(entries, key=lambda entry: entry.order)


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
    claims = session.scalars(query.order_by(CapacityClaim.rule, CapacityClaim.edition, *_BY_ENTRY))
    entries = [
        list(group)
        for _entry, group in groupby(
            claims, key=lambda claim: (claim.rule, claim.edition, claim.case_id, claim.entry_row)
        )
    ]
    moved = _give(session, entries, offer=True)
    return MovedUp(sorted({claim.case_id for claim in moved if claim.case_id is not None}), lapsed)


def offered_claim(session: Session, case_id: int, claim_id: int | None = None) -> CapacityClaim | None:
    """What is offered to a case after a draw, while there is still time to answer: that claim, or the first of them."""
    criteria = [CapacityClaim.case_id == case_id, CapacityClaim.state == "offered", CapacityClaim.expires_at > now()]
    if claim_id is not None:
        criteria.append(CapacityClaim.id == claim_id)
    return session.scalar(select(CapacityClaim).where(*criteria).order_by(CapacityClaim.id).limit(1))


def answer_offer(session: Session, procedure_key: str, case_id: int, claim_id: int, *, accepted: bool) -> bool:
    """Take or give up what is offered to a case; who gives it up is out of the lottery. False where it is not offered any more."""
    lock_ledger(session, f"procedure:{procedure_key}")
    claim = offered_claim(session, case_id, claim_id)
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


#: The wishes of an entry together, in their order.
_BY_ENTRY = (CapacityClaim.case_id, CapacityClaim.entry_row, CapacityClaim.wish)


def _rank(seed: str, entries: Mapping[str, Sequence[CapacityClaim]]) -> None:
    """Note in each wish its place in the order: that of its entry, or its own where points differ by what is wished for."""
    points = {number: claims[0].points or [] for number, claims in entries.items()}
    if all((claim.points or []) == points[number] for number, claims in entries.items() for claim in claims):
        for order, number in enumerate(draw_order(seed, points), start=1):
            for claim in entries[number]:
                claim.drawn = order
        return
    wishes = [(number, claim) for number, claims in entries.items() for claim in claims]
    wishes.sort(key=lambda wish: ([-of for of in wish[1].points or []], ticket(seed, wish[0]), wish[0], wish[1].wish))
    for order, (_number, claim) in enumerate(wishes, start=1):
        claim.drawn = order


def _give(session: Session, entries: Iterable[Sequence[CapacityClaim]], *, offer: bool = False) -> list[CapacityClaim]:
    """Give the entries what they get of their wishes, and nothing else; the others wait for all of theirs. Returns what was given.

    With `offer` it is only offered where its rule gives days to answer.
    """
    by_number = dict(enumerate(entries))
    wishes = {
        number: [Wish(claims_to_want(claim), claim.drawn or 0) for claim in claims]
        for number, claims in by_number.items()
    }
    procedures = {claims[0].procedure_key for claims in by_number.values()}
    pools = {wish.want.pool for of_entry in wishes.values() for wish in of_entry}
    taken = [claim for procedure_key in procedures for claim in live_claims(session, procedure_key, pools)]
    chosen = matched(wishes, taken)
    given = []
    for number, claims in by_number.items():
        for position, claim in enumerate(claims):
            if number not in chosen:
                claim.state = "waiting"
            elif position != chosen[number]:
                session.delete(claim)
            else:
                claim.state = "taken"
                if offer and claim.offer_days is not None:
                    claim.state, claim.expires_at = "offered", now() + timedelta(days=claim.offer_days)
                given.append(claim)
    session.flush()
    return given


def _of(procedure_key: str, rule: str, edition: str) -> tuple[ColumnElement[bool], ...]:
    return (
        CapacityClaim.procedure_key == procedure_key,
        CapacityClaim.rule == rule,
        CapacityClaim.edition == edition,
    )
