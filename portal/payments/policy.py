"""The city's own rules about money: from which sum on two people decide, until when and how it is paid, and what goes back by itself."""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.events import Actor, Subject, record
from portal.payments.models import PaymentPolicy
from portal.payments.rules import OFFLINE_METHODS


@dataclass(frozen=True)
class DueDays:
    """Days within which a charge is paid where its definition says nothing, before which a reminder is mailed, and that a demand and the
    choice of bank transfer give."""

    pay_within: int = 14
    remind_before: int = 3
    demand_within: int = 10
    transfer_within: int = 7


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


@dataclass(frozen=True)
class ReturnRules:
    """Whether money that was paid twice, or is more than is owed, goes back by itself; otherwise it is proposed, and a person decides."""

    duplicates: bool = True
    surplus: bool = True


def offline_methods(session: Session) -> list[str]:
    """Return the ways in which the city takes money without the provider, of `rules.OFFLINE_METHODS`."""
    row = session.execute(select(PaymentPolicy.offline_methods)).first()
    return list(OFFLINE_METHODS) if row is None else [name for name in OFFLINE_METHODS if name in row[0]]


def return_rules(session: Session) -> ReturnRules:
    """Return the city's rules."""
    row = session.execute(select(PaymentPolicy.returns_duplicates, PaymentPolicy.returns_surplus)).first()
    return ReturnRules() if row is None else ReturnRules(*row)


def due_days(session: Session) -> DueDays:
    """Return the city's days."""
    columns = (
        PaymentPolicy.pay_within_days,
        PaymentPolicy.remind_days_before,
        PaymentPolicy.demand_within_days,
        PaymentPolicy.transfer_within_days,
    )
    row = session.execute(select(*columns)).first()
    return DueDays() if row is None else DueDays(*row)


def set_due_days(session: Session, actor: Actor, **days: int) -> DueDays:
    """Change some of the city's days (by the names of `DueDays`) for charges that arise and demands that are issued from now on."""
    chosen = replace(due_days(session), **days)
    values = {
        "pay_within_days": chosen.pay_within,
        "remind_days_before": chosen.remind_before,
        "demand_within_days": chosen.demand_within,
        "transfer_within_days": chosen.transfer_within,
    }
    row = insert(PaymentPolicy).values(id=1, **values)
    session.execute(row.on_conflict_do_update(index_elements=[PaymentPolicy.id], set_=values))
    record(session, Subject("payment_policy"), "payment_policy.days_set", actor, **values)
    return chosen
