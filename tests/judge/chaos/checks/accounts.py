"""The books: they sum to zero, say of each fee what its payer reads, and equal the provider's book."""

from collections.abc import Iterator

from sqlalchemy import func, select

from portal.ledger import CARD_READER, JournalPosting, open_differences
from portal.payments.models import Refund
from portal.payments.rules import UNSETTLED_REFUNDS
from tests.judge.chaos.checks.evidence import Evidence
from tests.kit.money import booked_balances, contradictions


def the_books_sum_to_zero(evidence: Evidence) -> Iterator[str]:
    """Every transaction, and all of them together."""
    posting = JournalPosting
    sums = select(posting.transaction_id, func.sum(posting.amount)).group_by(posting.transaction_id)
    for transaction, amount in evidence.session.execute(sums.having(func.sum(posting.amount) != 0)):
        yield f"transaction {transaction} sums to {amount}"
    if total := sum(booked_balances(evidence.session).values()):
        yield f"all postings sum to {total}"


def payers_read_what_the_books_say(evidence: Evidence) -> Iterator[str]:
    """What is owed of each charge is its receivable."""
    yield from contradictions(evidence.session, {charge.case_id for charge in evidence.charges.values()})


def the_books_owe_what_is_to_go_back(evidence: Evidence) -> Iterator[str]:
    """What is to go back is owed, a refund that failed is not any more, and no yen is unexplained."""
    refunds = evidence.session.scalars(select(Refund)).all()
    balance = booked_balances(evidence.session)
    owed = sum(each.amount for each in refunds if each.status in UNSETTLED_REFUNDS and each.status != "requested")
    if -balance["refund_payable"] != owed:
        yield f"{-balance['refund_payable']} yen are to go back by the books, {owed} by the refunds"
    if balance["suspense"]:
        yield f"{balance['suspense']} yen are in suspense"


def the_books_equal_the_providers_book(evidence: Evidence) -> Iterator[str]:
    """What is in transit is the provider's balance and the refunds under way, which the provider books when they are sent."""
    in_transit = select(func.coalesce(func.sum(JournalPosting.amount), 0)).where(
        JournalPosting.account == "in_transit", JournalPosting.provider != CARD_READER
    )
    booked = int(evidence.session.scalar(in_transit) or 0)
    balance = sum(each["net"] for each in evidence.at_provider["balance_transaction"].values())
    sent = sum(
        each["amount"]
        for each in evidence.at_provider["refund"].values()
        if each["charge"] is not None and each["status"] in {"pending", "requires_action"}
    )
    if booked != balance + sent:
        yield f"{booked:,} yen in transit, the provider has {balance:,} and {sent:,} on their way back"


def the_nightly_comparison_finds_nothing(evidence: Evidence) -> Iterator[str]:
    """The city's own reconciliation of books, provider and sums."""
    for each in open_differences(evidence.session):
        yield f"{each.kind} {each.reference}: {each.ours} here, {each.theirs} there, cases {each.case_ids}"
