"""What taking a card company's file in would do, line by line, and which payments it does not have. Reads only."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import TOKYO, local_date
from portal.ledger.bank_files import UnreadableBankFile
from portal.tills.card_files import CardLine, headings_of, read_card_file, slip_key
from portal.tills.card_matching import REACH, Match, Recorded, match_lines, missing_from
from portal.tills.card_models import CardCompany, CardStatement, CardStatementLine
from portal.tills.card_settlements import signed
from portal.tills.card_statements import content_of, waiting_statement
from portal.tills.models import TillEntry, TillShift

_LONGEST_SHIFT = timedelta(days=3)
"""A till is closed every evening; one that was forgotten over a holiday is still found."""


@dataclass(frozen=True)
class CompanyPayment:
    """What the company pays on a day (None: the file does not say when): yen before its fee, the fee, and what it counts more than we do."""

    paid_on: date | None
    gross: int
    fee: int
    difference: int
    entry_ids: Sequence[int]

    @property
    def net(self) -> int:
        """Yen that come to the bank; below zero: they are taken from it."""
        return self.gross - self.fee


@dataclass(frozen=True)
class CardPreview:
    """What a file holds. `known` lines were taken in before and are left out of `matches`; `entries` are ours that it speaks of or misses,
    by id; `keys` are what the lines of `matches` are recognised by. `fault` says why it cannot be read; `headings` are what can be named."""

    statement: CardStatement
    columns: Mapping[str, str]
    headings: Sequence[str]
    fault: str = ""
    matches: Sequence[Match] = ()
    keys: Sequence["Key"] = ()
    missing: Sequence[Recorded] = ()
    known: int = 0
    entries: Mapping[int, TillEntry] = field(default_factory=dict)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many lines have each outcome, and how many payments are missing."""
        return Counter(match.outcome for match in self.matches) + Counter(missing=len(self.missing))

    def payments(self, otherwise: date | None = None) -> list[CompanyPayment]:
        """What the company pays, day by day; `otherwise` is the day of lines that name none."""
        by_day: dict[date | None, list[Match]] = {}
        for match in self.matches:
            by_day.setdefault(match.line.paid_on or otherwise, []).append(match)
        return [self._payment(day, by_day[day]) for day in sorted(by_day, key=lambda day: day or date.min)]

    @property
    def needs_day(self) -> bool:
        """Whether somebody has to say when the company paid."""
        return any(match.line.paid_on is None for match in self.matches)

    @property
    def differs(self) -> bool:
        """Whether a line is not as we have it."""
        return any(match.difference for match in self.matches)

    @property
    def seen(self) -> str:
        """What was decided on when this was looked at: another one when a line would become something else by now."""
        state = [(match.outcome, match.pays, match.line.gross, match.line.fee) for match in self.matches]
        return hashlib.sha256(repr(state).encode()).hexdigest()[:16]

    @staticmethod
    def _payment(day: date | None, matches: Sequence[Match]) -> CompanyPayment:
        return CompanyPayment(
            day,
            sum(match.line.gross for match in matches),
            sum(match.line.fee for match in matches),
            sum(match.difference for match in matches),
            [match.pays for match in matches if match.pays is not None],
        )


Key = tuple[str, str, date, int, int, int]


def preview_card_statement(session: Session, statement_id: int) -> CardPreview:
    """What a file holds and what becomes of each line. Raises NotFound once it was taken in."""
    statement = waiting_statement(session, statement_id)
    columns, content = session.get_one(CardCompany, statement.company).columns, content_of(statement)
    headings = headings_of(content)
    try:
        lines = read_card_file(content, columns or None)
    except UnreadableBankFile as error:
        return CardPreview(statement, columns, headings, str(error))
    known = _known(session, statement.company, lines)
    new = [(key, line) for key, line in keyed(lines) if key not in known]
    entries = _entries_near(session, lines)
    recorded = _recorded(session, entries)
    matches = match_lines([line for _key, line in new], recorded)
    paid = frozenset(match.pays for match in matches if match.pays is not None)
    missing = missing_from(lines, recorded, paid) if new else []
    by_id = {entry.id: entry for entry in entries}
    keys = [key for key, _line in new]
    return CardPreview(statement, columns, headings, "", matches, keys, missing, len(lines) - len(new), by_id)


def keyed(lines: Sequence[CardLine]) -> list[tuple[Key, CardLine]]:
    """The lines of a file, each with what it is recognised by in another file of the company: equal ones are counted."""
    times = Counter[tuple[str, str, date, int, int]]()
    with_keys: list[tuple[Key, CardLine]] = []
    for line in lines:
        same = (line.slip_number, line.brand, line.day, line.gross, line.fee)
        times[same] += 1
        with_keys.append(((*same, times[same]), line))
    return with_keys


def _known(session: Session, company: str, lines: Sequence[CardLine]) -> set[Key]:
    row = CardStatementLine
    query = select(row.slip_number, row.brand, row.day, row.gross, row.fee, row.occurrence).where(
        row.company == company,
        row.outcome != "missing",
        row.day.between(min(line.day for line in lines), max(line.day for line in lines)),
    )
    return {(slip, brand, day, gross, fee, times) for slip, brand, day, gross, fee, times in session.execute(query)}


def _entries_near(session: Session, lines: Sequence[CardLine]) -> list[TillEntry]:
    """Everything at card readers in the shifts around the days of the lines, and the payments that refunds among them are of."""
    first = datetime.combine(min(line.day for line in lines), time(), TOKYO) - timedelta(days=REACH) - _LONGEST_SHIFT
    last = datetime.combine(max(line.day for line in lines), time(), TOKYO) + timedelta(days=REACH + 1)
    shifts = select(TillShift.id).where(TillShift.opened_at >= first, TillShift.opened_at < last)
    of_cards = TillEntry.method == "card_reader"
    entries = list(session.scalars(select(TillEntry).where(of_cards, TillEntry.shift_id.in_(shifts))))
    refunded = {entry.order_id for entry in entries if entry.kind == "refund"}
    if refunded:
        earlier = select(TillEntry).where(of_cards, TillEntry.kind == "payment", TillEntry.order_id.in_(refunded))
        entries = list({entry.id: entry for entry in [*entries, *session.scalars(earlier)]}.values())
    return sorted(entries, key=lambda entry: entry.id)


def _recorded(session: Session, entries: Sequence[TillEntry]) -> list[Recorded]:
    """Entries with the slips that they can have: a refund has none of its own, so it has those of the payments of its order."""
    taken_back = {entry.reverses_id for entry in entries if entry.kind == "reversal"}
    rest = [entry.id for entry in entries if entry.kind == "payment" and entry.id not in taken_back]
    taken_back |= set(session.scalars(select(TillEntry.reverses_id).where(TillEntry.reverses_id.in_(rest))))
    of_order: dict[int, set[str]] = {}
    brands: dict[int, str] = {}
    for entry in entries:
        if entry.kind == "payment" and entry.slip_number:
            of_order.setdefault(entry.order_id, set()).add(slip_key(entry.slip_number))
            brands[entry.order_id] = entry.brand
    return [
        Recorded(
            entry.id,
            frozenset({slip_key(entry.slip_number)} if entry.slip_number else of_order.get(entry.order_id, ())),
            entry.brand or brands.get(entry.order_id, ""),
            local_date(entry.entered_at),
            signed(entry),
            is_settled=entry.settlement_id is not None,
            is_reversed=entry.id in taken_back,
        )
        for entry in entries
        if entry.kind != "reversal"
    ]
