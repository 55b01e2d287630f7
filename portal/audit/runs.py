"""A check of the chain that an auditor asks for: the worker walks, and says how far it is in transactions of their own."""

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.audit.actions import check_and_store, last_check
from portal.audit.events import CHAIN
from portal.audit.models import UNDER_WAY, AuditRun
from portal.core.clock import now
from portal.core.database import city_session
from portal.core.events import Actor, Event, record
from portal.core.jobs import enqueue

FOLLOW_CHAIN = "audit.follow_chain"
"""The task of the worker."""
_LOCK = "audit chain"
"""Walks of a city go one after another: each reads the whole table of events."""
_LOST = timedelta(minutes=10)
"""Who has said nothing for so long says nothing any more."""


def ask(session: Session, actor: Actor) -> AuditRun:
    """Have the chain followed now. Whoever asks while a walk is under way gets that one."""
    lost = update(AuditRun).where(AuditRun.state.in_(UNDER_WAY), AuditRun.moved_at < now() - _LOST)
    session.execute(lost.values(state="lost"))
    newest = session.scalar(select(func.max(Event.id))) or 0
    values = {"state": "waiting", "last_event": newest, "moved_at": now()}
    begun = insert(AuditRun).values(values).on_conflict_do_nothing().returning(AuditRun.id)
    run_id = session.scalar(begun)
    if run_id is not None:
        enqueue(session, FOLLOW_CHAIN, lock=_LOCK, run_id=run_id)
        record(session, CHAIN, "chain.check_asked", actor)
    return session.scalars(select(AuditRun).order_by(AuditRun.id.desc()).limit(1)).one()


def last_run(session: Session) -> AuditRun | None:
    """The newest walk that was asked for."""
    return session.scalar(select(AuditRun).order_by(AuditRun.id.desc()).limit(1))


def follow_for(city: str, run_id: int) -> None:
    """Walk, and keep what came out; safe to repeat."""
    _move(city, run_id, state="walking", reached=0)
    with city_session(city) as session:
        check_and_store(session, lambda event_id: _move(city, run_id, reached=event_id))
        shown = last_check(session)
        ended = {"state": "done", "moved_at": now(), "check_id": shown.id if shown else None}
        session.execute(update(AuditRun).where(AuditRun.id == run_id).values(ended))


def _move(city: str, run_id: int, **values: object) -> None:
    with city_session(city) as session:
        under_way = (AuditRun.id == run_id, AuditRun.state.in_(UNDER_WAY))
        session.execute(update(AuditRun).where(*under_way).values(moved_at=now(), **values))
