"""Lotteries: applications are entries until staff draw, once, after the window of acceptance; everybody is told, and anybody can check the draw."""

import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition
from forms.definition.capacity import CapacityRule
from portal import bookings
from portal.bookings import LotteryDraw, Pool
from portal.cases.acceptance import acceptance_now
from portal.cases.capacity import pool_name
from portal.cases.events import of_case
from portal.cases.models import Case
from portal.cases.moves import apply_transition
from portal.cases.notices import notify
from portal.cases.workflows import workflow_for
from portal.core.access import StaffIdentity
from portal.core.errors import Conflict, NotFound
from portal.core.events import SYSTEM, Actor, Subject, record
from portal.core.text import _
from portal.procedures import current_version, definition_of, find_procedure

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
            OpenLottery(entries.procedure_key, department_id, entries.rule, entries.edition, title, entries.count, over)
        )
    return lotteries


def draw_lottery(session: Session, lottery: OpenLottery, staff: StaffIdentity) -> LotteryDraw:
    """Draw, give every entry its result, and write to everybody. Raises Conflict before the window is over, and the second time."""
    if not lottery.may_be_drawn:
        raise Conflict(_("受付期間が終わってから、抽選してください。"))
    ids = bookings.entered_cases(session, lottery.procedure_key, lottery.rule, lottery.edition)
    cases = {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(ids)))}
    drawn = bookings.draw(
        session,
        lottery.procedure_key,
        lottery.rule,
        lottery.edition,
        seed=secrets.token_hex(16),
        numbers={case_id: case.number for case_id, case in cases.items()},
        staff_id=staff.id,
    )
    if drawn is None:
        raise Conflict(_("この抽選は、もう終わっています。"))
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
    for entry in bookings.results(session, drawn):
        _announce(session, cases[entry.case_id], lottery.rule, actor, won=entry.key is not None)
    return drawn


def move_up(session: Session, procedure_key: str) -> None:
    """Give what winners gave up to those who were drawn behind them, and write to them. In a transaction of its own."""
    for case_id in bookings.move_up(session, procedure_key):
        case = session.get_one(Case, case_id)
        for claim in bookings.claims_of_case(session, case_id):
            if claim.drawn is not None and claim.state == "taken":
                _announce(session, case, claim.rule, SYSTEM, won=True)


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
            name = pool_name(definition, Pool(drawn.rule, drawn.edition, entry.key))
            result = _("当選:{name}(第{wish}希望)", name=name, wish=entry.wish)
        else:
            waiting += 1
            result = _("補欠 {number}番", number=waiting)
        number = numbers.get(entry.case_id, "")
        lines.append(ResultLine(entry.order, number, bookings.ticket(drawn.seed, number), result))
    return lines


def _announce(session: Session, case: Case, rule_id: str, actor: Actor, *, won: bool) -> None:
    record(session, of_case(case.id), "case.lottery_drawn", actor, won=won)
    notify(session, case, "lottery_result")
    if not won:
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
