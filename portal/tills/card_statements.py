"""Files of card companies: kept to look at, with what their headings mean, which is kept for the company's next file."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.clock import local_date, now
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor
from portal.core.text import _
from portal.tills.card_files import COLUMNS
from portal.tills.card_models import CardCompany, CardStatement
from portal.tills.card_settlements import MAX_COMPANY

MAX_BYTES = 6_000_000
MAX_HEADING = 100
KEPT_UNTAKEN = timedelta(days=7)


def add_card_statement(session: Session, content: bytes, company: str, actor: Actor) -> CardStatement:
    """Keep a file of a company to look at. Raises Invalid (fields `file`, `company`), Conflict when this very file was taken in before."""
    name, faults = company.replace("\x00", "").strip(), {}
    if not content or len(content) > MAX_BYTES:
        faults["file"] = _("カード会社の明細のファイルを選んでください。大きさは6MBまでです。")
    if not name or len(name) > MAX_COMPANY:
        faults["company"] = _("カード会社の名前を、{count}文字までで書いてください。", count=MAX_COMPANY)
    if faults:
        raise Invalid(next(iter(faults.values())), faults)
    digest = hashlib.sha256(content).hexdigest()
    refuse_taken(session, digest)
    session.execute(insert(CardCompany).values(name=name, columns={}).on_conflict_do_nothing())
    statement = CardStatement(
        company=name,
        digest=digest,
        content={"file": base64.b64encode(content).decode()},
        added_by=actor.id,
        added_at=now(),
    )
    session.add(statement)
    session.flush()
    return statement


def refuse_taken(session: Session, digest: str) -> None:
    """Raise Conflict when a file with this digest was taken in."""
    query = select(CardStatement).where(CardStatement.digest == digest, CardStatement.taken_at.is_not(None))
    before = session.scalar(query)
    if before is not None and before.taken_at is not None:
        day = local_date(before.taken_at)
        raise Conflict(
            _(
                "同じファイルを、{year}年{month}月{day}日に「{company}」の明細として取り込んであります。もう一度は取り込めません。",
                year=day.year,
                month=day.month,
                day=day.day,
                company=before.company,
            )
        )


def name_columns(session: Session, statement_id: int, columns: Mapping[str, str]) -> None:
    """Say which heading of the company's files is what; an empty mapping: as usual. Raises NotFound once the file was taken in."""
    company = session.get_one(CardCompany, waiting_statement(session, statement_id).company)
    company.columns = {name: columns[name].replace("\x00", "")[:MAX_HEADING] for name in COLUMNS if columns.get(name)}


def drop_card_statement(session: Session, statement_id: int) -> None:
    """Forget a file that was only looked at."""
    session.execute(delete(CardStatement).where(CardStatement.id == statement_id, CardStatement.taken_at.is_(None)))


def drop_untaken(session: Session) -> None:
    """Forget the files that nobody took in for a week."""
    session.execute(
        delete(CardStatement).where(CardStatement.taken_at.is_(None), CardStatement.added_at < now() - KEPT_UNTAKEN)
    )


def card_companies(session: Session) -> list[str]:
    """The companies whose files were looked at before, by name."""
    return list(session.scalars(select(CardCompany.name).order_by(CardCompany.name)))


def waiting_statement(session: Session, statement_id: int) -> CardStatement:
    """A file that was not taken in yet. Raises NotFound."""
    statement = session.get(CardStatement, statement_id)
    if statement is None or statement.taken_at is not None:
        raise NotFound
    return statement


def is_card_statement_taken(session: Session, statement_id: int) -> bool:
    """Whether a file was taken in."""
    statement = session.get(CardStatement, statement_id)
    return statement is not None and statement.taken_at is not None


def content_of(statement: CardStatement) -> bytes:
    """The bytes of a file that was not taken in yet."""
    return base64.b64decode(statement.content.get("file", ""))
