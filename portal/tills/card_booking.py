"""Taking a card company's file into the books, by the same function as what is typed, and explaining what differed."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from portal.core.clock import local_date, now
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, record
from portal.core.locking import lock_row
from portal.core.text import _
from portal.ledger import movements, post
from portal.tills.card_matching import Match
from portal.tills.card_models import CardCompany, CardStatement, CardStatementLine
from portal.tills.card_preview import CardPreview, preview_card_statement
from portal.tills.card_settlements import MAX_REASON, SettlementInputs, settle_cards, signed, unsettled_entries
from portal.tills.card_statements import refuse_taken
from portal.tills.events import of_statement
from portal.tills.models import CardSettlement, TillEntry

_CHUNK = 1_000
_EXPLAINED = "このちがいには、もう理由が書いてあります。"


def take_card_statement(
    session: Session, statement_id: int, *, paid_on: date | None, reason: str, seen: str, actor: Actor
) -> list[CardSettlement]:
    """Book what a file says, a settlement for each day on which the company pays; return them.

    `paid_on` is the day where the file names none, `seen` the `CardPreview.seen` that was looked at. Without a `reason` each line that differs
    stays open work. Raises NotFound, Conflict when it was taken in or another outcome is right by now, Invalid (fields `paid_on`, `reason`).
    """
    statement = lock_row(session, CardStatement, CardStatement.id == statement_id)
    if statement is None:
        raise NotFound
    if statement.taken_at is not None:
        raise Conflict(_("この明細は、もう取り込んであります。"))
    lock_row(session, CardCompany, CardCompany.name == statement.company)  # one file of a company at a time
    refuse_taken(session, statement.digest)
    look, words = preview_card_statement(session, statement_id), reason.replace("\x00", "").strip()
    _check(look, paid_on, words, seen)
    settlements = {
        payment.paid_on: settle_cards(
            session,
            SettlementInputs(
                payment.entry_ids,
                statement.company,
                payment.paid_on,
                payment.gross,
                payment.fee,
                words,
                statement.id,
            ),
            actor,
        )
        for payment in look.payments(paid_on)
    }
    settled = [settlements[match.line.paid_on or paid_on].id for match in look.matches]
    _keep_lines(session, look, settled, words, actor)
    statement.taken_at, statement.content, statement.line_count = now(), {}, len(look.matches)
    session.flush()
    difference = sum(match.difference for match in look.matches)
    details = {"lines": len(look.matches), "settlements": len(settlements), "difference": difference}
    record(session, of_statement(statement.id), "till.card_statement_taken", actor, **details)
    return list(settlements.values())


def open_card_differences(session: Session, limit: int = 200) -> list[CardStatementLine]:
    """The lines that differ and that nobody has explained, and payments that are still missing; the oldest first."""
    query = select(CardStatementLine).where(_open())
    return list(session.scalars(query.order_by(CardStatementLine.id).limit(limit)))


def count_open_card_differences(session: Session) -> int:
    """How many differences with card companies are open."""
    return session.scalar(select(func.count()).select_from(CardStatementLine).where(_open())) or 0


def explain_card_difference(session: Session, line_id: int, reason: str, actor: Actor) -> None:
    """Say why a line differs, so that it is no open work any more. Raises NotFound, Conflict when somebody did, Invalid (field `reason`)."""
    line, words = (
        lock_row(session, CardStatementLine, CardStatementLine.id == line_id),
        reason.replace("\x00", "").strip(),
    )
    if line is None:
        raise NotFound
    if line.explained_at is not None:
        raise Conflict(_EXPLAINED)
    if not 0 < len(words) <= MAX_REASON:
        sentence = _("ちがいの理由を、{count}文字までで書いてください。", count=MAX_REASON)
        raise Invalid(sentence, {"reason": sentence})
    line.explanation, line.explained_by, line.explained_at = words, actor.id, now()
    session.flush()
    details = {"line_id": line.id, "amount": line.difference}
    record(session, of_statement(line.statement_id), "till.card_difference_explained", actor, **details)


def assign_card_difference(session: Session, line_id: int, entry_id: int | None, actor: Actor) -> None:
    """Let the money of a line that differs be that of a payment which was recorded later: it leaves the suspense account.

    Raises NotFound, Conflict when the line was explained, Invalid (field `entry`) for an entry of another sum, or one that is paid or taken back.
    """
    line = lock_row(session, CardStatementLine, CardStatementLine.id == line_id)
    if line is None:
        raise NotFound
    if line.explained_at is not None:
        raise Conflict(_EXPLAINED)
    entry = lock_row(session, TillEntry, TillEntry.id == entry_id)
    open_ids = {each.id for each in unsettled_entries(session)}
    if entry is None or entry.id not in open_ids or not line.difference or signed(entry) != line.difference:
        sentence = _("入金を待っている記録のうち、差額と同じ金額のものを選んでください。")
        raise Invalid(sentence, {"entry": sentence})
    entry.settlement_id, line.entry_id = line.settlement_id, entry.id
    line.explanation = _("{day}の記録に当てました。", day=local_date(entry.entered_at).isoformat())
    line.explained_by, line.explained_at = actor.id, now()
    session.flush()
    cause = f"card_statement_line:{line.id}"
    post(session, movements.card_difference_assigned(line.difference, cause=cause, at=now(), staff_id=actor.id))
    details = {"line_id": line.id, "entry_id": entry.id, "amount": line.difference}
    record(session, of_statement(line.statement_id), "till.card_difference_assigned", actor, **details)


def _check(look: CardPreview, paid_on: date | None, words: str, seen: str) -> None:
    if look.fault:
        raise Invalid(look.fault)
    if not look.matches:
        raise Conflict(_("この明細の行は、どれも前に取り込んであります。取り込むものはありません。"))
    if look.seen != seen:
        raise Conflict(_("確かめたあとで、記録が変わりました。もう一度、1行ずつ確かめてください。"))
    if look.needs_day and paid_on is None:
        sentence = _("入金された日を、今日までの日で選んでください。")
        raise Invalid(sentence, {"paid_on": sentence})
    if len(words) > MAX_REASON:
        sentence = _("ちがいの理由を、{count}文字までで書いてください。", count=MAX_REASON)
        raise Invalid(sentence, {"reason": sentence})


def _keep_lines(session: Session, look: CardPreview, settled: Sequence[int], words: str, actor: Actor) -> None:
    at, company = now(), look.statement.company
    rows = []
    for key, match, settlement_id in zip(look.keys, look.matches, settled, strict=True):
        is_explained = bool(words and match.difference)
        rows.append(
            {
                **_row(look, match, company),
                "occurrence": key[-1],
                "settlement_id": settlement_id,
                "explanation": words if is_explained else None,
                "explained_by": actor.id if is_explained else None,
                "explained_at": at if is_explained else None,
            }
        )
    for begin in range(0, len(rows), _CHUNK):
        session.execute(insert(CardStatementLine), rows[begin : begin + _CHUNK])
    missing = [
        {
            "statement_id": look.statement.id,
            "company": company,
            "slip_number": look.entries[entry.entry_id].slip_number,
            "brand": entry.brand,
            "day": entry.day,
            "gross": entry.amount,
            "fee": 0,
            "occurrence": 1,
            "outcome": "missing",
            "difference": 0,
            "entry_id": entry.entry_id,
        }
        for entry in look.missing
    ]
    if missing:
        session.execute(insert(CardStatementLine).values(missing).on_conflict_do_nothing())


def _row(look: CardPreview, match: Match, company: str) -> dict[str, object]:
    line = match.line
    return {
        "statement_id": look.statement.id,
        "company": company,
        "slip_number": line.slip_number,
        "brand": line.brand,
        "day": line.day,
        "gross": line.gross,
        "fee": line.fee,
        "outcome": match.outcome,
        "difference": match.difference,
        "entry_id": match.entry.entry_id if match.entry else None,
    }


def _open() -> ColumnElement[bool]:
    line, entry, reversal = CardStatementLine, aliased(TillEntry), aliased(TillEntry)
    still_missing = exists().where(entry.id == line.entry_id, entry.settlement_id.is_(None)) & ~exists().where(
        reversal.reverses_id == line.entry_id
    )
    differs = or_(line.difference != 0, (line.outcome == "missing") & still_missing)
    return line.explained_at.is_(None) & differs
