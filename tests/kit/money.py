"""What pages say of money held against the books: for each charge, the yen that are receivable are those that its payer reads as owed."""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.ledger import JournalPosting
from portal.payments import payments_of_cases, standings


def booked_balances(session: Session) -> Counter[str]:
    """The sum of all postings in each account: debits above zero."""
    query = select(JournalPosting.account, func.sum(JournalPosting.amount)).group_by(JournalPosting.account)
    return Counter({account: int(amount) for account, amount in session.execute(query)})


def contradictions(session: Session, case_ids: Collection[int]) -> list[str]:
    """Charges of these cases whose standing is not what the books say, each in words."""
    payments = [payment for of_case in payments_of_cases(session, case_ids).values() for payment in of_case]
    receivable = (
        select(JournalPosting.item, func.sum(JournalPosting.amount))
        .where(JournalPosting.account == "receivable", JournalPosting.case_id.in_(case_ids))
        .group_by(JournalPosting.item)
    )
    booked = {item: int(amount) for item, amount in session.execute(receivable)}
    faults = []
    for standing in standings(session, payments):
        charge, state = standing.charge, standing.state
        open_yen, kept = booked.get(f"charge:{charge.id}", 0), charge.received - charge.given_back
        match state:
            case "owed" | "pending":
                agrees = open_yen == charge.due > 0
            case "review":
                agrees = open_yen in (0, charge.due)
            case _:
                agrees = open_yen == 0 and (kept > 0) == (state == "paid")
        if not agrees:
            amounts = f"{charge.due} due, {charge.received} received, {charge.given_back} given back"
            faults.append(f"charge {charge.id} is {state} {standing.why}: {amounts}, {open_yen} receivable")
    return faults
