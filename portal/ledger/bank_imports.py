"""Taking a bank's statement into the books: looked at first, then taken in; files may overlap. Names in it go when their time is over."""

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.clock import now, today
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_row
from portal.core.text import _
from portal.ledger.bank_files import UnreadableBankFile
from portal.ledger.bank_statements import Statement, StatementLine, read_statement
from portal.ledger.statement_models import BankStatement, BankStatementLine, LedgerDifference

MAX_BYTES = 12_000_000
KEPT_UNTAKEN = timedelta(days=7)
_CHUNK = 1_000


@dataclass(frozen=True)
class StatementPreview:
    """What taking a file in would do. `fault` says why it cannot be read; then `headings` are what can be named."""

    statement: BankStatement
    lines: Sequence[StatementLine]
    new: int
    fault: str
    headings: Sequence[str]

    @property
    def known(self) -> int:
        """Lines that an earlier file brought already."""
        return len(self.lines) - self.new

    @property
    def came_in(self) -> int:
        """Yen that came in."""
        return sum(line.amount for line in self.lines if line.amount > 0)

    @property
    def went_out(self) -> int:
        """Yen that went out."""
        return -sum(line.amount for line in self.lines if line.amount < 0)


def add_statement(session: Session, content: bytes, account: str, actor: Actor) -> BankStatement:
    """Keep a file to look at; `account` is what the accountant calls the bank account, where the file does not name it.

    Raises Invalid (fields `file`, `account`).
    """
    name = account.replace("\x00", "").strip()[:60]
    if not content or len(content) > MAX_BYTES:
        sentence = _("入出金明細のファイルを選んでください。大きさは12MBまでです。")
        raise Invalid(sentence, {"file": sentence})
    statement = BankStatement(
        account=name,
        content={"file": base64.b64encode(content).decode()},
        added_by=actor.id,
        added_at=now(),
        columns={},
    )
    session.add(statement)
    session.flush()
    return statement


def preview(session: Session, statement_id: int, columns: Mapping[str, str] | None = None) -> StatementPreview:
    """What a file holds and how much of it is new; `columns` says what its headings mean. Raises NotFound once it was taken in."""
    statement = session.get(BankStatement, statement_id)
    if statement is None or statement.taken_at is not None:
        raise NotFound
    if columns:
        statement.columns = dict(columns)
    try:
        read = _read(statement)
    except UnreadableBankFile as error:
        return StatementPreview(statement, [], 0, str(error), error.headings)
    rows = _rows(statement, read)
    known = _known(session, rows)
    return StatementPreview(statement, read.lines, sum(_key(row) not in known for row in rows), "", [])


def take_statement(session: Session, statement_id: int, actor: Actor) -> int:
    """Take the lines of a file in that no earlier one brought; return how many. Raises NotFound, Conflict when it was taken before,
    Invalid for a file that cannot be read."""
    statement = lock_row(session, BankStatement, BankStatement.id == statement_id)
    if statement is None:
        raise NotFound
    if statement.taken_at is not None:
        raise Conflict(_("この入出金明細は、もう取り込んであります。"))
    try:
        read = _read(statement)
    except UnreadableBankFile as error:
        raise Invalid(str(error)) from error
    rows = _rows(statement, read)
    new = 0
    for begin in range(0, len(rows), _CHUNK):
        statement_of_rows = insert(BankStatementLine).values(rows[begin : begin + _CHUNK])
        added = statement_of_rows.on_conflict_do_nothing().returning(BankStatementLine.id)
        new += len(session.scalars(added).all())
    statement.taken_at, statement.layout, statement.line_count = now(), read.layout, len(rows)
    statement.account = rows[0]["account"] if rows else statement.account
    statement.content = {}
    session.flush()
    record(
        session,
        Subject("bank_statement", statement.id),
        "ledger.statement_imported",
        actor,
        lines=len(rows),
        new=new,
        amount=sum(line.amount for line in read.lines),
    )
    return new


def drop_statement(session: Session, statement_id: int) -> None:
    """Forget a file that was only looked at."""
    session.execute(delete(BankStatement).where(BankStatement.id == statement_id, BankStatement.taken_at.is_(None)))


def drop_untaken(session: Session) -> None:
    """Forget the files that nobody took in for a week."""
    session.execute(
        delete(BankStatement).where(BankStatement.taken_at.is_(None), BankStatement.added_at < now() - KEPT_UNTAKEN)
    )


def erase_names(session: Session, before: date) -> int:
    """Erase what lines of earlier days say in words; return of how many. A line whose difference is still open keeps it until then."""
    line, difference = BankStatementLine, LedgerDifference
    is_open = exists().where(
        difference.kind == "only_at_bank",
        difference.reference == func.concat("line:", line.id),
        difference.gone_at.is_(None),
        difference.explained_at.is_(None),
    )
    erased = (
        update(line)
        .where(line.day < before, line.description.is_not(None), ~is_open)
        .values(description=None)
        .returning(line.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.scalars(erased).all())


def taken_statements(session: Session, limit: int = 20) -> list[BankStatement]:
    """The newest files that were taken in."""
    query = select(BankStatement).where(BankStatement.taken_at.is_not(None))
    return list(session.scalars(query.order_by(BankStatement.taken_at.desc()).limit(limit)))


def bank_lines(session: Session, ids: Sequence[int]) -> dict[int, BankStatementLine]:
    """Lines of statements by their ids."""
    return {row.id: row for row in session.scalars(select(BankStatementLine).where(BankStatementLine.id.in_(ids)))}


def _read(statement: BankStatement) -> Statement:
    content = base64.b64decode(statement.content.get("file", ""))
    return read_statement(content, statement.columns or None, this_year=today().year)


def _rows(statement: BankStatement, read: Statement) -> list[dict[str, Any]]:
    times: Counter[tuple[object, ...]] = Counter()
    rows = []
    account = read.account or statement.account
    for line in read.lines:
        equal = (line.day, line.amount, line.reference)
        times[equal] += 1
        rows.append(
            {
                "statement_id": statement.id,
                "account": account,
                "day": line.day,
                "amount": line.amount,
                "reference": line.reference,
                "occurrence": times[equal],
                "description": line.description,
            }
        )
    return rows


def _key(row: Mapping[str, Any]) -> tuple[object, ...]:
    return tuple(row[name] for name in ("account", "day", "amount", "reference", "occurrence"))


def _known(session: Session, rows: Sequence[Mapping[str, Any]]) -> set[tuple[object, ...]]:
    if not rows:
        return set()
    line = BankStatementLine
    days = [row["day"] for row in rows]
    query = select(line.account, line.day, line.amount, line.reference, line.occurrence).where(
        line.account == rows[0]["account"], line.day.between(min(days), max(days))
    )
    return {tuple(row) for row in session.execute(query)}
