"""Making, opening and ending the links to kept plans."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.routing.models import KeptPlan

#: How long a link opens its plan.
LINK_LIFE: Final = timedelta(days=30)


@dataclass(frozen=True)
class LinkedPlan:
    """A kept plan as its link opens it."""

    content: Mapping[str, Any]
    expires_at: datetime


def make_link(session: Session, content: Mapping[str, Any], account_id: int | None = None) -> tuple[int, str]:
    """Keep a plan as it is now; return its number, by which its maker ends the link, and the token that opens it.

    One that an account made it can also end later, see `end_links_of_account`.
    """
    token, moment = secrets.token_urlsafe(32), now()
    kept = KeptPlan(
        token_digest=_digest(token),
        account_id=account_id,
        content=dict(content),
        created_at=moment,
        expires_at=moment + LINK_LIFE,
    )
    session.add(kept)
    session.flush()
    return kept.id, token


def plan_of_link(session: Session, token: str) -> LinkedPlan | None:
    """The plan that a token opens; None where it has ended, or never was one of this city."""
    query = select(KeptPlan).where(KeptPlan.token_digest == _digest(token), KeptPlan.expires_at > now())
    kept = session.scalar(query)
    return LinkedPlan(kept.content, kept.expires_at) if kept is not None else None


def end_link(session: Session, number: int) -> None:
    """Forget a kept plan; its link opens nothing from then on."""
    session.execute(delete(KeptPlan).where(KeptPlan.id == number))


def delete_expired(session: Session) -> None:
    """Forget the plans whose links have ended by themselves."""
    session.execute(delete(KeptPlan).where(KeptPlan.expires_at <= now()))


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "replace")).digest()
