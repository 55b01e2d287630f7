"""Lotteries and allocations by points: applications are entries until staff draw, once, after the window of acceptance; everybody is told,
and anybody can check the draw.

The seed is promised in public while applications are taken. What winners give up is offered to those behind them.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition
from forms.definition.capacity import CapacityRule
from portal import bookings
from portal.bookings import LotteryDraw, LotterySeed, Pool
from portal.cases.acceptance import acceptance_now
from portal.cases.events import of_case
from portal.cases.models import Case
from portal.cases.moves import apply_transition
from portal.cases.notices import notify
from portal.cases.pool_names import entry_name, pool_name
from portal.cases.workflows import workflow_for
from portal.core.access import StaffIdentity
from portal.core.clock import local_date
from portal.core.errors import Conflict, NotFound
from portal.core.events import SYSTEM, Actor, Subject, record
from portal.core.locking import lock_rows
from portal.core.text import _
from portal.procedures import current_version, definition_of, find_procedure, offers

_BY_RULE = ("clerk", "decider", "system")
"""Who the winners' moves are made as: the definition says so, and nobody decides about one of them."""


@dataclass(frozen=True)
class OpenLottery:
    """A lottery that waits for its draw: what it is called, how many entries, and whether its window is over."""

    procedure_key: str
    department_id: int
    rule: str
    edition: str
    title: str
    entries: int
    may_be_drawn: bool
    by_points: bool


@dataclass(frozen=True)
class ResultLine:
    """One entry as the page of a draw shows it."""

    order: int
    number: str
    ticket: str
    result: str


def open_lotteries(session: Session) -> list[OpenLottery]:
    """The lotteries of the city that are not drawn yet."""
    lotteries = []
    for entries in bookings.open_lotteries(session):
        definition, department_id = _current(session, entries.procedure_key)
        rule = _rule(definition, entries.rule)
        if rule is None:
            continue
        current = acceptance_now(definition).current
        over = not definition.acceptance or current is None or current.edition != entries.edition
        title = f"{definition.title.ja} {rule.label.ja}"
        lotteries.append(
            OpenLottery(
                entries.procedure_key,
                department_id,
                entries.rule,
                entries.edition,
                title,
                entries.count,
                may_be_drawn=over,
                by_points=bool(rule.points),
            )
        )
    return lotteries


def draw_lottery(session: Session, lottery: OpenLottery, staff: StaffIdentity) -> LotteryDraw:
    """Draw, give every entry its result, and write to everybody. Raises Conflict before the window is over, and the second time."""
    if not lottery.may_be_drawn:
        raise Conflict(_("受付期間が終わってから、決めてください。"))
    entered = bookings.entered_cases(session, lottery.procedure_key, lottery.rule, lottery.edition)
    cases = _locked(session, entered)
    drawn = bookings.draw(
        session,
        lottery.procedure_key,
        lottery.rule,
        lottery.edition,
        fresh_seed=secrets.token_hex(16),
        numbers={case_id: case.number for case_id, case in cases.items()},
        staff_id=staff.id,
    )
    if drawn is None:
        raise Conflict(_("もう決まっています。"))
    actor = Actor("staff", staff.id, staff.name)
    record(
        session,
        Subject("lottery", drawn.id),
        "lottery.drawn",
        actor,
        procedure=drawn.procedure_key,
        rule=drawn.rule,
        edition=drawn.edition or "-",
        entries=drawn.entries,
        seed=drawn.seed,
    )
    won: dict[int, list[bool]] = {}
    for entry in bookings.results(session, drawn):
        won.setdefault(entry.case_id, []).append(entry.key is not None)
    for case_id, entries in won.items():
        _announce(session, cases[case_id], lottery.rule, actor, won=any(entries), whole=all(entries))
    return drawn


def move_up(session: Session, procedure_key: str) -> None:
    """Give what winners gave up to those who were drawn behind them, and write to them. In a transaction of its own."""
    cases = _locked(session, bookings.cases_after_draw(session, procedure_key))
    moved = bookings.move_up(session, procedure_key, cases)
    for case_id in moved.lapsed:
        _leave(session, cases[case_id], SYSTEM)
    for case_id in moved.cases:
        case = cases[case_id]
        drawn = [claim for claim in bookings.claims_of_case(session, case_id) if claim.drawn is not None]
        offered = [claim.expires_at for claim in drawn if claim.state == "offered" and claim.expires_at is not None]
        if offered:
            record(session, of_case(case_id), "case.lottery_offered", SYSTEM)
            notify(session, case, "lottery_offer", until=local_date(min(offered)))
        for rule in {claim.rule for claim in drawn if claim.state == "taken"}:
            whole = all(claim.state == "taken" for claim in drawn if claim.rule == rule)
            _announce(session, case, rule, SYSTEM, won=True, whole=whole)


@dataclass(frozen=True)
class LotteryOffer:
    """What came free and is offered to an applicant who waited: what it is called, and until when they can take it.

    `id` tells it from another offer to the same case, for a sister or brother.
    """

    id: int
    name: str
    until: datetime


def lottery_offer(session: Session, case: Case, definition: Definition) -> LotteryOffer | None:
    """The offer to a case that waits for its applicant's answer."""
    if not any(rule.is_drawn for rule in definition.capacity) or case.closed_at is not None:
        return None
    claim = bookings.offered_claim(session, case.id)
    if claim is None or claim.expires_at is None:
        return None
    name = pool_name(session, definition, Pool(claim.rule, claim.edition, claim.key))
    return LotteryOffer(claim.id, entry_name(definition, claim, name), claim.expires_at)


def answer_lottery_offer(session: Session, case: Case, actor: Actor, offer_id: int, *, accepted: bool) -> None:
    """Take what is offered, and go on as a winner does; or give it up, so that the next may have it.

    Raises Conflict when the time to answer is over.
    """
    _locked(session, bookings.cases_after_draw(session, case.procedure_key))
    claim = bookings.offered_claim(session, case.id, offer_id)
    if claim is None or not bookings.answer_offer(session, case.procedure_key, case.id, offer_id, accepted=accepted):
        raise Conflict(_("この場所は、もう選べません。返事の期限を過ぎたか、返事が済んでいます。"))
    if accepted:
        others = (other for other in bookings.claims_of_case(session, case.id) if other.rule == claim.rule)
        whole = all(other.state == "taken" for other in others)
        _announce(session, case, claim.rule, actor, won=True, whole=whole)
    else:
        _leave(session, case, actor)
        move_up(session, case.procedure_key)


def _locked(session: Session, case_ids: Collection[int]) -> dict[int, Case]:
    """Cases by their id, locked before their places are: a withdrawal locks its case first too, and frees its place then."""
    return {case.id: case for case in lock_rows(session, Case, Case.id.in_(case_ids), order_by=[Case.id.asc()])}


def commit_to_lotteries(session: Session) -> None:
    """Promise the seeds of the lotteries for which applications are taken now."""
    for offer in offers(session):
        promise_lotteries(session, offer.key, offer.definition)


def promise_lotteries(session: Session, procedure_key: str, definition: Definition) -> None:
    """Promise the seeds of a procedure's lotteries, once, while applications for them are taken."""
    rules = [rule for rule in definition.capacity if rule.is_drawn]
    opening = acceptance_now(definition).current if rules else None
    if definition.acceptance and opening is None:
        return
    for rule in rules:
        _commit(session, procedure_key, rule.id, opening.edition if opening else "")


def promised_lotteries(session: Session, procedure_key: str, definition: Definition) -> list[LotterySeed]:
    """The promises of the lotteries of a procedure for which applications are taken now."""
    opening = acceptance_now(definition).current
    edition = opening.edition if opening else ""
    rules = [rule.id for rule in definition.capacity if rule.is_drawn]
    promises = [bookings.commitment(session, procedure_key, rule, edition) for rule in rules]
    return [promise for promise in promises if promise is not None]


def _commit(session: Session, procedure_key: str, rule: str, edition: str) -> None:
    if bookings.commitment(session, procedure_key, rule, edition) or bookings.drawn(
        session, procedure_key, rule, edition
    ):
        return
    promise = bookings.commit(session, procedure_key, rule, edition)
    if promise is not None:
        record(
            session,
            Subject("lottery"),
            "lottery.promised",
            SYSTEM,
            procedure=procedure_key,
            rule=rule,
            edition=edition or "-",
            fingerprint=promise.fingerprint,
        )


def _leave(session: Session, case: Case, actor: Actor) -> None:
    """Somebody gave up what was offered, or did not answer: the office goes on from there."""
    record(session, of_case(case.id), "case.lottery_left", actor)
    case.unread = True
    session.flush()


def result_lines(session: Session, drawn: LotteryDraw) -> list[ResultLine]:
    """How a draw stands, in its order; whoever withdrew is not in it any more."""
    definition, _department = _current(session, drawn.procedure_key)
    entries = bookings.results(session, drawn)
    of_entries = select(Case).where(Case.id.in_([entry.case_id for entry in entries]))
    numbers = {case.id: case.number for case in session.scalars(of_entries)}
    lines = []
    waiting = 0
    for entry in entries:
        if entry.key is not None:
            name = pool_name(session, definition, Pool(drawn.rule, drawn.edition, entry.key))
            given = "決定：{name}(第{wish}希望)" if drawn.by_points else "当選：{name}(第{wish}希望)"
            words = "繰り上げ：{name}(第{wish}希望・返事待ち)" if entry.offered else given
            result = _(words, name=name, wish=entry.wish)
        else:
            waiting += 1
            result = _("補欠 {number}番", number=waiting)
        number = bookings.entry_number(numbers.get(entry.case_id, ""), entry.row)
        lines.append(ResultLine(entry.order, number, bookings.ticket(drawn.seed, number), result))
    return lines


def _announce(session: Session, case: Case, rule_id: str, actor: Actor, *, won: bool, whole: bool) -> None:
    """Tell a case its result. It goes on by itself once its entries have a place, the `whole` of them."""
    record(session, of_case(case.id), "case.lottery_drawn", actor, won=won)
    notify(session, case, "lottery_result")
    if won and not whole:
        case.unread = True  # a sister or brother waits: somebody of the office settles it with the family
    if not whole:
        return
    rule = _rule(definition_of(session, case.version_id), rule_id)
    for move_id in rule.winners if rule else ():
        available = {move.id for move in workflow_for(session, case).moves_from(case.state, _BY_RULE)}
        if move_id not in available:
            case.unread = True  # somebody of the office goes on from here
            return
        apply_transition(session, case.id, move_id, actor, roles=_BY_RULE)


def _rule(definition: Definition, rule_id: str) -> CapacityRule | None:
    return next((rule for rule in definition.capacity if rule.id == rule_id), None)


def _current(session: Session, procedure_key: str) -> tuple[Definition, int]:
    procedure = find_procedure(session, procedure_key)
    version = current_version(session, procedure) if procedure else None
    if procedure is None or version is None:
        raise NotFound
    return definition_of(session, version.id), procedure.department_id
