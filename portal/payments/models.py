"""Charges, the orders that they are paid in, attempts to pay those, and refunds. Amounts are whole yen."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.models import CityBase
from portal.core.sealed import SealedJson
from portal.payments.rules import (
    ATTEMPT_STATUSES,
    BANK_TRANSFER,
    CHARGE_STATUSES,
    NOTE_KINDS,
    OPEN_CHARGES,
    PAYABLE,
    PAYMENT_STATUSES,
    REFUND_GROUNDS,
    REFUND_STATUSES,
    UNSETTLED_REFUNDS,
)

_UNSETTLED = "status IN ('owed', 'pending', 'review')"
_OPEN_REFUND = "status IN ({}) OR (status = 'failed' AND handled_at IS NULL)".format(
    ", ".join(f"'{status}'" for status in UNSETTLED_REFUNDS)
)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """The column holds one of these words."""
    return CheckConstraint("{} IN ({})".format(column, ", ".join(f"'{value}'" for value in values)), name=column)


class PaymentAccount(CityBase):
    """An account of the city at the payment provider. Keys are encrypted; a webhook secret being rotated stays valid beside the new one.

    A city is paid into one (`active`). Former ones stay, because what was opened there is read, refunded and expired there.
    """

    __tablename__ = "payment_account"
    __table_args__ = (Index("uq_payment_account_active", "active", unique=True, postgresql_where=text("active")),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    display_name: Mapped[str] = mapped_column(doc="the payee's name on the provider's page")
    api_key: Mapped[bytes] = mapped_column(doc="sealed")
    webhook_secret: Mapped[bytes] = mapped_column(doc="sealed")
    previous_webhook_secret: Mapped[bytes | None] = mapped_column(doc="sealed; accepted too while it is being rotated")
    methods: Mapped[list[Any]] = mapped_column(doc="payment methods offered: card, konbini, …")
    konbini_days: Mapped[int] = mapped_column(server_default="3")
    created_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None] = mapped_column(doc="since when another account is the active one")


class PaymentPolicy(CityBase):
    """The city's own rules about money, in one row; without it the defaults hold. An account that is replaced takes none of them along."""

    __tablename__ = "payment_policy"
    __table_args__ = (
        CheckConstraint("id = 1", name="one"),
        CheckConstraint("second_person_above >= 0", name="above"),
        CheckConstraint("pay_within_days > 0 AND remind_days_before >= 0 AND demand_within_days > 0", name="days"),
        CheckConstraint("transfer_within_days > 0", name="transfer_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, server_default=text("1"))
    second_person_above: Mapped[int | None] = mapped_column(
        server_default=text("0"), doc="yen above which a refund needs a second person; null: one person is enough"
    )
    pay_within_days: Mapped[int] = mapped_column(
        SmallInteger,
        server_default=text("14"),
        doc="until when a charge is paid whose definition leaves the day to the city",
    )
    remind_days_before: Mapped[int] = mapped_column(
        SmallInteger, server_default=text("3"), doc="how long before that day a reminder is mailed"
    )
    demand_within_days: Mapped[int] = mapped_column(
        SmallInteger,
        server_default=text("10"),
        doc="how long a demand (督促状) gives, from the day on which it is issued",
    )
    transfer_within_days: Mapped[int] = mapped_column(
        SmallInteger, server_default=text("7"), doc="how many days a payer has who chooses bank transfer"
    )
    offline_methods: Mapped[list[Any]] = mapped_column(
        server_default=text("""'["cash", "card_reader", "slip"]'::jsonb"""),
        doc="ways in which the city takes money without the provider: `rules.OFFLINE_METHODS`",
    )
    returns_duplicates: Mapped[bool] = mapped_column(
        server_default=text("true"), doc="what was paid twice goes back by itself; otherwise a person decides"
    )
    returns_surplus: Mapped[bool] = mapped_column(
        server_default=text("true"), doc="the same of what is more than is owed"
    )


class Charge(CityBase):
    """One line that a case owes (納付すべき料金), frozen as it was worked out.

    Its amount never changes: what is owed instead is another charge. Each charge is in exactly one living line of an order, which
    says how it is paid. `received`, `given_back` and `status` follow from that order and its refunds; `settlement.settle_charges`
    alone writes them.
    """

    __tablename__ = "charge"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("0 <= given_back AND given_back <= received", name="received"),
        CheckConstraint("0 <= waived AND waived <= amount", name="waived"),
        one_of("status", CHARGE_STATUSES),
        Index(
            "uq_charge_line",
            "case_id",
            "purpose",
            "number",
            unique=True,
            postgresql_where=text("status NOT IN ('canceled', 'refunded', 'waived')"),
        ),
        Index("ix_charge_pay_by", "pay_by", postgresql_where=text("status IN ('owed', 'pending')")),
        Index("ix_charge_unsettled", "status", "case_id", postgresql_where=text(_UNSETTLED)),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), doc="whose revenue it is")
    procedure_key: Mapped[str] = mapped_column(
        server_default="", doc="leads to the city's code in the books (款項目節)"
    )
    purpose: Mapped[str] = mapped_column(doc="when it arose: submission, approved, …")
    number: Mapped[int] = mapped_column(doc="place among the lines of its purpose, from 1")
    rule_id: Mapped[str] = mapped_column(doc="fee rule of the definition; empty for what no rule made")
    about: Mapped[str] = mapped_column(doc="what it is owed for: the application's title and number")
    title: Mapped[dict[str, Any]] = mapped_column(doc="by language")
    detail: Mapped[dict[str, Any]] = mapped_column(doc="how the amount came about, by language; may be empty")
    amount: Mapped[int]
    waived: Mapped[int] = mapped_column(
        server_default="0", doc="of the amount, yen that are not asked for any more (減免), see `Waiver`"
    )
    methods: Mapped[list[Any]] = mapped_column(
        server_default=text("'[]'::jsonb"), doc="by which it may be paid online; none: all that the city offers"
    )
    status: Mapped[str] = mapped_column(server_default="owed")
    received: Mapped[int] = mapped_column(
        server_default="0", doc="yen that arrived for it and count; the last of an order holds what was paid too much"
    )
    given_back: Mapped[int] = mapped_column(server_default="0", doc="of those, yen whose refund succeeded")
    created_at: Mapped[datetime]
    canceled_at: Mapped[datetime | None] = mapped_column(doc="since when it is not owed any more")
    pay_by: Mapped[date | None] = mapped_column(doc="納期限; null for charges of before there were due days")
    reminded_at: Mapped[datetime | None] = mapped_column(doc="when the mail before that day went out")
    overdue_told_at: Mapped[datetime | None] = mapped_column(doc="when the mail after that day went out")
    demanded_at: Mapped[datetime | None] = mapped_column(doc="since when there is a demand (督促状)")
    demand_by: Mapped[date | None] = mapped_column(doc="the day that the demand names in place of the first")

    @property
    def due(self) -> int:
        """Yen of it that are asked for: its amount without what was waived."""
        return self.amount - self.waived

    @property
    def net_received(self) -> int:
        """Yen of it that the city has: received and not refunded."""
        return self.received - self.given_back

    @property
    def is_open(self) -> bool:
        """Whether it still waits to be paid."""
        return self.status in OPEN_CHARGES


class Order(CityBase):
    """Charges that are paid together, in one go: those of one case, or a basket of several. The amount is that of its lines."""

    __tablename__ = "payment_order"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("currency = 'JPY'", name="currency"),
        one_of("status", PAYMENT_STATUSES),
        Index("ix_payment_order_needs_review", "id", postgresql_where=text("status = 'needs_review'")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, doc="unguessable; anyone who knows it may pay")
    title: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(server_default="JPY")
    status: Mapped[str] = mapped_column(server_default="open")
    method: Mapped[str | None]
    by_link: Mapped[bool] = mapped_column(
        server_default=text("false"), doc="somebody else paid it, by a `PaymentLink` (代理納付)"
    )
    review_reason: Mapped[str | None] = mapped_column(doc="why staff must decide before anything is issued")
    received: Mapped[int] = mapped_column(server_default="0", doc="yen that arrived and count")
    given_back: Mapped[int] = mapped_column(server_default="0", doc="of those, yen whose refund succeeded")
    version: Mapped[int] = mapped_column(
        server_default="1", doc="goes up with every change, so that a decision made on an older page is rejected"
    )
    next_path: Mapped[str | None] = mapped_column(doc="page to show once paid")
    replaced_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("payment_order.id"),
        doc="the order that took over its charges; money that still arrives here goes back",
    )
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None] = mapped_column(index=True)
    canceled_at: Mapped[datetime | None] = mapped_column(doc="since when nothing is owed any more")

    @property
    def net_received(self) -> int:
        """Yen of it that the city has: received and not refunded."""
        return self.received - self.given_back

    @property
    def is_payable(self) -> bool:
        """Whether it still waits to be paid."""
        return self.status in PAYABLE


class OrderLine(CityBase):
    """A charge in an order. `living`: it is paid there; a charge that another order took over leaves a line behind that is not."""

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "charge_id"),
        Index("uq_order_line_living", "charge_id", unique=True, postgresql_where=text("living")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("payment_order.id"))
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)
    living: Mapped[bool] = mapped_column(server_default=text("true"))


class PaymentAttempt(CityBase):
    """One page opened at the provider for an order, or money that came without it: at a counter, or with a slip at a bank.

    The payload of a page is stored, so it can be sent again unchanged when an answer was lost.
    """

    __tablename__ = "payment_attempt"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        one_of("status", ATTEMPT_STATUSES),
        UniqueConstraint("order_id", "number"),
        Index(
            "uq_payment_attempt_one_live",
            "order_id",
            unique=True,
            postgresql_where=text("status IN ('prepared', 'open', 'pending')"),
        ),
        Index("uq_payment_attempt_settles", "order_id", unique=True, postgresql_where=text("settles")),
        Index(
            "ix_payment_attempt_unfinished",
            "created_at",
            postgresql_where=text("status IN ('prepared', 'open', 'pending')"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("payment_order.id"))
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("payment_account.id"), doc="where it was opened; null: at the active account"
    )
    link_id: Mapped[int | None] = mapped_column(
        ForeignKey("payment_link.id"), index=True, doc="the link by which somebody else opened it"
    )
    holder: Mapped[str] = mapped_column(
        server_default="", doc="the browser in which it was opened by that link: a random mark of the visit"
    )
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(unique=True, doc="our reference at the provider, and the idempotency key")
    amount: Mapped[int] = mapped_column(doc="yen requested")
    received: Mapped[int | None] = mapped_column(doc="yen received, once it is paid")
    methods: Mapped[list[Any]]
    request: Mapped[dict[str, Any]] = mapped_column(doc="the payload that opens the page, as it is sent")
    status: Mapped[str] = mapped_column(server_default="prepared")
    checkout_id: Mapped[str | None] = mapped_column(unique=True)
    intent_id: Mapped[str | None] = mapped_column(unique=True)
    charge_id: Mapped[str | None] = mapped_column(unique=True)
    url: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    method: Mapped[str | None]
    voucher: Mapped[dict[str, Any] | None] = mapped_column(
        SealedJson("payment_attempt.voucher"),
        doc="{url, expires_at, stores} of a convenience-store slip: its page names the payer, a confirmation number can be a telephone number",
    )
    customer_id: Mapped[str | None] = mapped_column(
        unique=True, doc="whom the provider keeps a bank account for; null once it was told to forget them"
    )
    transfer_account: Mapped[dict[str, Any] | None] = mapped_column(
        SealedJson("payment_attempt.transfer_account"),
        doc="where to transfer to: {bank_name, bank_code, branch_name, branch_code, kind, number, holder, expires_at}",
    )
    unapplied: Mapped[int] = mapped_column(
        server_default="0", doc="yen that the provider holds for the payer: transferred, and not a payment yet"
    )
    payer: Mapped[dict[str, Any] | None] = mapped_column(
        SealedJson("payment_attempt.payer"),
        doc="{email, language} of somebody else who pays and wants to be told; null once told, or given up",
    )
    failure: Mapped[str | None] = mapped_column(doc="the provider's error code of the last failure")
    remitted_with: Mapped[str] = mapped_column(
        server_default="", doc="the bank's transfer to the city that a slip's money came with; others share it"
    )
    settles: Mapped[bool] = mapped_column(
        server_default=text("false"), doc="the attempt that counts for the order; money of any other is refunded"
    )
    reviewed: Mapped[list[Any]] = mapped_column(
        server_default=text("'[]'::jsonb"), doc="review reasons that staff decided on; they are not raised again"
    )
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    @property
    def received_amount(self) -> int:
        """Yen received: what the provider reported, or what was requested where no report was stored."""
        return self.amount if self.received is None else self.received

    @property
    def pay_until(self) -> datetime | None:
        """Until when the convenience-store slip can be paid, or the transfer made; None without either."""
        until = (self.voucher or self.transfer_account or {}).get("expires_at")
        return datetime.fromisoformat(until) if until else None


class Refund(CityBase):
    """A refund (還付) of one paid attempt, in full or in part."""

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("requested_by IS NULL OR approved_by IS NULL OR requested_by <> approved_by", name="four_eyes"),
        one_of("status", REFUND_STATUSES),
        one_of("grounds", REFUND_GROUNDS),
        Index("ix_refund_plain_reason", "id", postgresql_where=text("reason IS NOT NULL")),
        Index("ix_refund_to_handle", "id", postgresql_where=text("status = 'failed' AND handled_at IS NULL")),
        Index("ix_refund_unsettled", "order_id", "id", postgresql_where=text(_OPEN_REFUND)),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("payment_order.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("payment_attempt.id"), index=True)
    amount: Mapped[int]
    reason: Mapped[str | None] = mapped_column(
        doc="from before reasons were sealed as a `PaymentNote`; emptied by `payment_notes.seal_plain_reasons`"
    )
    duplicate: Mapped[bool] = mapped_column(server_default=text("false"), doc="paid twice: refunded automatically")
    grounds: Mapped[str] = mapped_column(server_default="", doc="the rule that it follows from; empty: somebody's wish")
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reference: Mapped[str] = mapped_column(unique=True, doc="idempotency key at the provider")
    provider_id: Mapped[str | None] = mapped_column(unique=True)
    paid_by: Mapped[str | None] = mapped_column(
        doc="how money went back that the provider never had: `COUNTER_METHODS`"
    )
    status: Mapped[str] = mapped_column(server_default="requested")
    failure: Mapped[str | None]
    by_transfer: Mapped[bool] = mapped_column(
        server_default=text("false"), doc="the city transfers it to a bank account; the provider knows nothing of it"
    )
    from_funds: Mapped[bool] = mapped_column(
        server_default=text("false"), doc="sent out of what the provider holds for the payer, not out of the payment"
    )
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
    handled_at: Mapped[datetime | None] = mapped_column(doc="since when somebody took on one that failed")

    def stays_with_payer(self, attempt: "PaymentAttempt") -> bool:
        """Whether the provider, when the refund does not reach its payer, holds the money for them instead of giving it back to the city."""
        return self.from_funds or (attempt.method == BANK_TRANSFER and self.provider_id is not None)


class RefundLine(CityBase):
    """What a refund gives back of one charge. Money that never counted (paid twice, refunded in a review) goes back without lines."""

    __tablename__ = "refund_line"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"), UniqueConstraint("refund_id", "charge_id"))

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    refund_id: Mapped[int] = mapped_column(ForeignKey("refund.id"))
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)
    amount: Mapped[int]


class PaymentNote(CityBase):
    """What a member of staff wrote about a payment: why it is refunded or not, how a review ended. Encrypted."""

    __tablename__ = "payment_note"
    __table_args__ = (one_of("kind", NOTE_KINDS),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("payment_order.id"), index=True)
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refund.id"))
    kind: Mapped[str]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    body: Mapped[bytes] = mapped_column(doc="sealed")
    written_at: Mapped[datetime]
