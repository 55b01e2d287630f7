"""Checking one city's chain, and keeping what came out: in the database, in the log, and in the file of anchors."""

import logging
from datetime import UTC

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit import anchors
from portal.audit.chain import Anchor, Outcome, Report, follow
from portal.audit.models import AuditCheck
from portal.core.clock import now
from portal.core.database import city_of

log = logging.getLogger("portal.audit")


def check(session: Session, report: Report | None = None) -> Outcome:
    """Follow the chain, against the anchors when there is a file of them. Keeps nothing; `report` is told how far it is."""
    path = anchors.anchor_file()
    try:
        written = anchors.read(path, city_of(session)) if path else []
    except (OSError, ValueError) as error:
        return Outcome(0, b"", f"the anchors cannot be read: {error}")
    return follow(session, written, report)


def check_and_store(session: Session, report: Report | None = None) -> Outcome:
    """`check`, with the outcome as a row and a line of the log; the end of a whole chain also goes into the file of anchors."""
    outcome = check(session, report)
    moment = now()
    session.add(AuditCheck(checked_at=moment, events=outcome.events, head=outcome.head, fault=outcome.fault))
    session.flush()
    city = city_of(session)
    fields = {"audit": "whole" if outcome.fault is None else "broken", "city": city, "events": outcome.events}
    if outcome.fault is None:
        log.info("audit chain", extra={"fields": {**fields, "head": outcome.head.hex()}})
        if (path := anchors.anchor_file()) and outcome.events:
            stamp = moment.astimezone(UTC).isoformat(timespec="seconds")
            anchors.add(path, city, Anchor(stamp, outcome.events, outcome.head))
    else:
        log.error("audit chain", extra={"fields": {**fields, "fault": outcome.fault}})
    return outcome


def last_check(session: Session) -> AuditCheck | None:
    """The newest outcome that was kept."""
    return session.scalar(select(AuditCheck).order_by(AuditCheck.id.desc()).limit(1))
