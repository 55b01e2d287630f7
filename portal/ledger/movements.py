"""The transaction that each movement of money makes. All amounts given are above zero unless said otherwise.

| movement | debit | credit |
|---|---|---|
| a charge is raised (調定) | receivable | revenue |
| it is reduced or called off (減額) | revenue | receivable |
| it is waived (減免) | waived | receivable |
| money arrives (収納) | in transit, cash or bank | receivable; what does not count yet: deposit |
| money that waited counts after all | deposit | receivable |
| a refund is approved (還付) | revenue; of what was waived: waived; of money that never counted: deposit | refund payable |
| it was paid back | refund payable | in transit, payer's funds, cash or bank |
| a payer's transfer arrives at the provider | payer's funds | deposit |
| the provider uses it for the payment | deposit | payer's funds |
| what is too much goes back | refund payable | payer's funds |
| a refund of a transfer fails: the provider keeps it for its payer | payer's funds | in transit |
| the provider's fee | provider fee | in transit |
| the provider pays to the bank | bank | in transit |
| a payer disputes | disputed | in transit |
| it is lost | refund payable | disputed |
| the city decides to pay (支出) | payout expense | payout payable |
| it was transferred | payout payable | bank |
| cash counted, short by so much | cash difference | cash |
| cash brought to the bank | bank | cash |
| a card reader's operator pays to the bank | bank, its fee: provider fee | in transit; what it counts more: suspense |
| what it counted more is of a payment that was recorded later | suspense | in transit |
"""

from datetime import datetime

from portal.core.clock import local_date
from portal.ledger.rules import CARD_READER, Channel, Item, Posting, Transaction


def charge_raised(item: Item, amount: int, *, cause: str, at: datetime) -> Transaction:
    """Something is owed to the city (調定)."""
    return _transaction(
        "charge_raised", cause, at, Posting("receivable", amount, item), Posting("revenue", -amount, item)
    )


def charge_reduced(item: Item, amount: int, *, cause: str, at: datetime) -> Transaction:
    """Less is owed than was raised, or nothing (調定の減額)."""
    return _transaction(
        "charge_reduced", cause, at, Posting("revenue", amount, item), Posting("receivable", -amount, item)
    )


def charge_waived(item: Item, amount: int, *, cause: str, at: datetime, staff_id: int | None = None) -> Transaction:
    """Part of what was raised is not asked for (減免): what was asked for stays in the revenue, beside what the city did without."""
    return _transaction(
        "charge_waived",
        cause,
        at,
        Posting("waived", amount, item),
        Posting("receivable", -amount, item),
        staff_id=staff_id,
    )


def payment_received(
    item: Item, amount: int, channel: Channel, *, cause: str, at: datetime, counts: bool = True
) -> Transaction:
    """Money arrived. Unless it `counts` for the charge, the city only holds it (預り金)."""
    return _transaction(
        "payment_received",
        cause,
        at,
        _moved(channel, amount, item),
        Posting("receivable" if counts else "deposit", -amount, item, channel.method),
    )


def deposit_applied(item: Item, amount: int, *, cause: str, at: datetime, method: str = "") -> Transaction:
    """Money that the city held counts for the charge after all."""
    return _transaction(
        "deposit_applied",
        cause,
        at,
        Posting("deposit", amount, item, method),
        Posting("receivable", -amount, item, method),
    )


def refund_approved(
    item: Item, refund: Item, amount: int, *, cause: str, at: datetime, method: str = "", account: str = "revenue"
) -> Transaction:
    """Money of the charge `item` is to go back; it is owed under the key of `refund` until it is paid.

    It comes out of the revenue, of what was `waived`, or, where it never counted, of what the city held (`deposit`).
    """
    return _transaction(
        "refund_approved",
        cause,
        at,
        Posting(account, amount, item, method),
        Posting("refund_payable", -amount, refund, method),
    )


def refund_paid(refund: Item, amount: int, channel: Channel, *, cause: str, at: datetime) -> Transaction:
    """A refund reached its payer."""
    return _transaction(
        "refund_paid",
        cause,
        at,
        Posting("refund_payable", amount, refund, channel.method),
        _moved(channel, -amount, refund),
    )


def transfer_arrived(item: Item, amount: int, channel: Channel, *, cause: str, at: datetime) -> Transaction:
    """A payer's transfer arrived at the provider, which holds it for them until it is used for the payment; below zero: the bank took it back."""
    return _transaction(
        "transfer_arrived",
        cause,
        at,
        _moved(channel, amount, item),
        Posting("deposit", -amount, item, channel.method),
    )


def transfer_applied(item: Item, amount: int, channel: Channel, *, cause: str, at: datetime) -> Transaction:
    """The provider used what it held for the payer: the payment itself is booked as any other."""
    return _transaction(
        "transfer_applied",
        cause,
        at,
        Posting("deposit", amount, item, channel.method),
        _moved(channel, -amount, item),
    )


def transfer_returned(refund: Item, amount: int, channel: Channel, *, cause: str, at: datetime) -> Transaction:
    """What a payer transferred and was never used reached them again."""
    return _transaction(
        "transfer_returned",
        cause,
        at,
        Posting("refund_payable", amount, refund, channel.method),
        _moved(channel, -amount, refund),
    )


def transfer_kept(
    refund: Item, amount: int, source: Channel, funds: Channel, *, cause: str, at: datetime
) -> Transaction:
    """A refund of a transfer did not reach its payer: the provider does not give it back to the city, but keeps it for them."""
    return _transaction("transfer_kept", cause, at, _moved(funds, amount, refund), _moved(source, -amount, refund))


def provider_fee(amount: int, *, cause: str, at: datetime, provider: str, provider_ref: str) -> Transaction:
    """The provider kept its fee; below zero: it gave one back."""
    return _transaction(
        "provider_fee",
        cause,
        at,
        Posting("provider_fee", amount, provider=provider, provider_ref=provider_ref),
        Posting("in_transit", -amount, provider=provider),
    )


def provider_payout(amount: int, *, cause: str, at: datetime, provider: str, provider_ref: str) -> Transaction:
    """The provider paid to the city's bank account; below zero: such a payment came back."""
    return _transaction(
        "provider_payout",
        cause,
        at,
        Posting("bank", amount, provider=provider, provider_ref=provider_ref),
        Posting("in_transit", -amount, provider=provider, provider_ref=provider_ref),
    )


def disputed(amount: int, *, cause: str, at: datetime, provider: str, provider_ref: str) -> Transaction:
    """The provider took money back because the payer disputes it; below zero: the city won it back."""
    item = Item(key=f"dispute:{provider_ref}")
    return _transaction(
        "disputed",
        cause,
        at,
        Posting("disputed", amount, item, provider=provider, provider_ref=provider_ref),
        Posting("in_transit", -amount, item, provider=provider, provider_ref=provider_ref),
    )


def dispute_lost(
    refund: Item, amount: int, *, cause: str, at: datetime, provider: str, provider_ref: str
) -> Transaction:
    """What the provider took back for a dispute stays with the payer, as a refund that reached them."""
    return _transaction(
        "refund_paid",
        cause,
        at,
        Posting("refund_payable", amount, refund, provider=provider),
        Posting("disputed", -amount, Item(key=f"dispute:{provider_ref}"), provider=provider, provider_ref=provider_ref),
    )


def provider_adjustment(amount: int, *, cause: str, at: datetime, provider: str, provider_ref: str) -> Transaction:
    """The provider's balance changed by `amount` (either sign) for a reason that the books do not know: an accountant must look."""
    return _transaction(
        "provider_adjustment",
        cause,
        at,
        Posting("in_transit", amount, provider=provider, provider_ref=provider_ref),
        Posting("suspense", -amount, provider=provider, provider_ref=provider_ref),
    )


def payout_decided(item: Item, amount: int, *, cause: str, at: datetime) -> Transaction:
    """The city decided to pay money out (支出負担行為)."""
    return _transaction(
        "payout_decided", cause, at, Posting("payout_expense", amount, item), Posting("payout_payable", -amount, item)
    )


def payout_paid(item: Item, amount: int, *, cause: str, at: datetime, reference: str = "") -> Transaction:
    """Such money was transferred from the city's bank account. Transfers of one file share its `reference`: the bank shows their sum."""
    return _transaction(
        "payout_paid",
        cause,
        at,
        Posting("payout_payable", amount, item),
        Posting("bank", -amount, item, "transfer", provider_ref=reference),
    )


def cash_counted(short: int, *, cause: str, at: datetime, item: Item, staff_id: int | None = None) -> Transaction:
    """A till was counted and is `short` of what the books say; below zero: there is too much."""
    return _transaction(
        "cash_counted",
        cause,
        at,
        Posting("cash_difference", short, item, "cash"),
        Posting("cash", -short, item, "cash"),
        staff_id=staff_id,
    )


def cash_banked(
    amount: int, *, cause: str, at: datetime, item: Item, reference: str, staff_id: int | None = None
) -> Transaction:
    """Cash of a till was brought to the bank; below zero: fetched there. What was brought in one go shares its `reference`."""
    return _transaction(
        "cash_banked",
        cause,
        at,
        Posting("bank", amount, item, "cash", provider_ref=reference),
        Posting("cash", -amount, item, "cash"),
        staff_id=staff_id,
    )


def cards_settled(
    gross: int, fee: int, expected: int, *, cause: str, at: datetime, reference: str, staff_id: int | None = None
) -> Transaction:
    """A card reader's operator paid `gross` without its `fee` to the bank, for entries that come to `expected` (below zero: it kept refunds)."""
    amounts = {"provider_fee": fee, "in_transit": -expected, "suspense": expected - gross}
    postings = [Posting(name, yen, method=CARD_READER, provider=CARD_READER) for name, yen in amounts.items() if yen]
    if gross != fee:
        paid = Posting("bank", gross - fee, method=CARD_READER, provider=CARD_READER, provider_ref=reference)
        postings.insert(0, paid)
    return _transaction("provider_payout", cause, at, *postings, staff_id=staff_id)


def card_difference_assigned(amount: int, *, cause: str, at: datetime, staff_id: int | None = None) -> Transaction:
    """What a card reader's operator counted more turned out to be for a payment of ours; below zero: for money given back."""
    return _transaction(
        "provider_adjustment",
        cause,
        at,
        Posting("suspense", amount, method=CARD_READER, provider=CARD_READER),
        Posting("in_transit", -amount, method=CARD_READER, provider=CARD_READER),
        staff_id=staff_id,
    )


def _moved(channel: Channel, amount: int, item: Item) -> Posting:
    return Posting(channel.account, amount, item, channel.method, channel.provider, channel.provider_ref)


def _transaction(kind: str, cause: str, at: datetime, *postings: Posting, staff_id: int | None = None) -> Transaction:
    return Transaction(
        kind=kind,
        cause=cause,
        postings=postings,
        day=local_date(at),
        occurred_at=at,
        staff_id=staff_id,
    )
