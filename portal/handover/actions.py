"""Putting down, taking, revoking: a handover is used once, before it ends, or not at all."""

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.crypto import open_sealed, seal
from portal.core.database import city_of
from portal.core.errors import NotFound
from portal.core.text import _
from portal.handover.models import Handover, HandoverContent

#: How long the other city may take it.
TAKEN_WITHIN: Final = timedelta(days=30)


@dataclass(frozen=True)
class Handed:
    """What a city took: the city and the case it is from, and the content."""

    source_city: str
    procedure_key: str
    items: Sequence[str]
    content: Mapping[str, Any]


def put(
    session: Session,
    *,
    target_city: str,
    case_id: int,
    procedure_key: str,
    person: bytes,
    items: Collection[str],
    content: Mapping[str, Any],
) -> Handover:
    """Hand the content to another city, for the person with that proved address. Whoever calls this has their consent."""
    moment = now()
    handover = Handover(
        public_id=secrets.token_urlsafe(16),
        source_city=city_of(session),
        target_city=target_city,
        case_id=case_id,
        procedure_key=procedure_key,
        person=person,
        items=sorted(items),
        created_at=moment,
        expires_at=moment + TAKEN_WITHIN,
    )
    session.add(handover)
    session.flush()
    packed = json.dumps(dict(content), ensure_ascii=False).encode("utf-8", "replace")
    sealed = seal(target_city, packed, _context(handover))
    session.execute(insert(HandoverContent).values(handover_id=handover.id, content=sealed))
    return handover


def take(session: Session, public_id: str, person: bytes) -> Handed:
    """Take what was handed to this city for that person; nobody can take it again.

    Raises NotFound for another person's, one that was taken or revoked, one that ended, and one to another city.
    """
    mine = (
        Handover.public_id == public_id,
        Handover.target_city == city_of(session),
        Handover.person == person,
        Handover.used_at.is_(None),
        Handover.expires_at > now(),
    )
    handover = session.scalar(update(Handover).where(*mine).values(used_at=now()).returning(Handover))
    if handover is None:
        raise NotFound(_("引き継げる内容は、もうありません。使い終わったか、取り消されたか、期限が過ぎました。"))
    which = HandoverContent.handover_id == handover.id
    sealed = session.scalars(select(HandoverContent.content).where(which)).one()
    content = json.loads(open_sealed(handover.target_city, bytes(sealed), _context(handover)))
    session.execute(delete(HandoverContent).where(which))
    return Handed(handover.source_city, handover.procedure_key, tuple(handover.items), content)


def revoke(session: Session, case_id: int) -> bool:
    """Take back what a case of this city handed over, unless it was taken; whether there was anything to take back."""
    open_ones = delete(Handover).where(
        Handover.source_city == city_of(session), Handover.case_id == case_id, Handover.used_at.is_(None)
    )
    return bool(session.scalars(open_ones.returning(Handover.id)).all())


def settled(session: Session) -> Sequence[Handover]:
    """The handovers of this city that were taken, or that ended without."""
    query = select(Handover).where(
        Handover.source_city == city_of(session), or_(Handover.used_at.is_not(None), Handover.expires_at <= now())
    )
    return session.scalars(query.order_by(Handover.id)).all()


def forget_settled(session: Session, handover_id: int) -> tuple[int, str, datetime | None] | None:
    """Delete such a handover; its case, the other city and when it was taken. None when it is gone already."""
    row = session.execute(
        delete(Handover)
        .where(Handover.source_city == city_of(session), Handover.id == handover_id)
        .returning(Handover.case_id, Handover.target_city, Handover.used_at)
    ).one_or_none()
    return None if row is None else (row.case_id, row.target_city, row.used_at)


def _context(handover: Handover) -> bytes:
    parts = (handover.public_id, handover.source_city, handover.target_city, handover.person.hex())
    return f"handover {' '.join(parts)}".encode()
