"""Plans that signed-in residents keep: the same on every device, changed, removed, and gone by themselves half a year after the last change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.errors import Conflict
from portal.core.locking import lock_row
from portal.core.text import _
from portal.routing.models import KeptPlan

#: How long an account keeps a plan that is not changed any more.
ACCOUNT_LIFE: Final = timedelta(days=180)
MAX_PLANS: Final = 10


@dataclass(frozen=True)
class AccountPlan:
    """A plan that an account keeps; `number` is only of use to that account."""

    number: int
    content: Mapping[str, Any]
    expires_at: datetime


def keep_plan(session: Session, account_id: int, content: Mapping[str, Any]) -> int:
    """Keep a plan in an account; return its number. Raises Conflict where the account keeps too many."""
    count = session.scalar(select(func.count()).select_from(KeptPlan).where(*_kept_by(account_id))) or 0
    if count >= MAX_PLANS:
        raise Conflict(
            _(
                "取っておける計画は、{most}件までです。「わたしの手続き」で、いらない計画を消してください。",
                most=MAX_PLANS,
            )
        )
    moment = now()
    plan = KeptPlan(account_id=account_id, content=dict(content), created_at=moment, expires_at=moment + ACCOUNT_LIFE)
    session.add(plan)
    session.flush()
    return plan.id


def change_plan(session: Session, account_id: int, number: int, content: Mapping[str, Any]) -> bool:
    """Keep a plan as it is now; False where the account does not keep it any more."""
    plan = lock_row(session, KeptPlan, KeptPlan.id == number, *_kept_by(account_id))
    if plan is None:
        return False
    plan.content, plan.expires_at = dict(content), now() + ACCOUNT_LIFE
    session.flush()
    return True


def plans_of_account(session: Session, account_id: int) -> list[AccountPlan]:
    """The plans that an account keeps, the newest first."""
    plans = session.scalars(select(KeptPlan).where(*_kept_by(account_id)).order_by(KeptPlan.id.desc()))
    return [AccountPlan(plan.id, plan.content, plan.expires_at) for plan in plans]


def remove_plan(session: Session, account_id: int, number: int) -> None:
    """Forget a plan that an account keeps."""
    session.execute(delete(KeptPlan).where(KeptPlan.id == number, *_kept_by(account_id)))


def has_links(session: Session, account_id: int) -> bool:
    """Whether links that the account made still open a plan."""
    return bool(session.scalar(select(exists().where(*_linked_by(account_id)))))


def end_links_of_account(session: Session, account_id: int) -> None:
    """End every link that an account made, on whichever device."""
    session.execute(delete(KeptPlan).where(*_linked_by(account_id)))


def _kept_by(account_id: int) -> tuple[ColumnElement[bool], ...]:
    return KeptPlan.account_id == account_id, KeptPlan.token_digest.is_(None), KeptPlan.expires_at > now()


def _linked_by(account_id: int) -> tuple[ColumnElement[bool], ...]:
    return KeptPlan.account_id == account_id, KeptPlan.token_digest.is_not(None), KeptPlan.expires_at > now()
