"""The city's own rules about money: from which sum on two people decide."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.events import Actor, Subject, record
from portal.payments.models import PaymentPolicy

EVERY_REFUND = 0
"""The limit of a city that has said nothing: a second person looks at each refund."""


def second_person_above(session: Session) -> int | None:
    """Yen above which a refund that staff request waits for a second person; None where one person is enough."""
    limit = session.execute(select(PaymentPolicy.second_person_above)).first()
    return EVERY_REFUND if limit is None else limit[0]


def refunds_need_approval(session: Session, amount: int) -> bool:
    """Whether a refund of so many yen that staff request waits for a second person."""
    limit = second_person_above(session)
    return limit is not None and amount > limit


def set_second_person_above(session: Session, limit: int | None, actor: Actor) -> None:
    """Let a second person look at refunds above `limit` yen from now on, or (None) at none. What waits already goes on waiting."""
    values = {"second_person_above": limit}
    row = insert(PaymentPolicy).values(id=1, **values)
    session.execute(row.on_conflict_do_update(index_elements=[PaymentPolicy.id], set_=values))
    record(session, Subject("payment_policy"), "payment_policy.second_person_set", actor, amount=limit)
