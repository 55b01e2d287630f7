"""Payments of fees: payment pages at the provider, webhook events, refunds, reviews and the import of balance transactions.

A payment's status never comes from the browser or from an event: it is read back from the provider, and only moves forward.

This package's `__all__` is what others may use; its tables are read and written here alone. Functions that take a session work in
the caller's transaction. `connect_account`, `is_connected` and `read_provider_record` call the provider, so they take a city's key
and hold no transaction open meanwhile. Row types are for annotations and for reading attributes.
"""

from portal.payments import events, rights
from portal.payments.account_checks import (
    AccountFault,
    account_faults,
    account_faults_at_provider,
    account_of_another_city,
)
from portal.payments.awaited_money import AwaitedMoney, money_awaited
from portal.payments.awaited_slips import AwaitedSlip, awaited_slip, slip_ran_out
from portal.payments.awaited_transfers import AwaitedTransfer, awaited_transfer
from portal.payments.baskets import gather_charges
from portal.payments.case_money import MONEY_STATES, has_money, money_state
from portal.payments.case_payments import (
    Payment,
    cases_of_orders,
    payments_of_case,
    payments_of_cases,
    payments_of_order,
    payments_of_orders,
    payments_with_order,
)
from portal.payments.checkout import CheckoutOptions, start_checkout
from portal.payments.counter import (
    OfflineMoney,
    open_charges_of_order,
    pay_refund_at_counter,
    prepare_offline_order,
    refunds_for_counter,
    reverse_at_counter,
    take_at_counter,
    take_from_slip,
)
from portal.payments.disputes import dispute_of_order
from portal.payments.due_dates import (
    Reminder,
    cases_to_remind,
    demand_day,
    demand_payment,
    overdue_payments,
    refuse_demand,
    take_reminders,
)
from portal.payments.erasure import erase_personal_data
from portal.payments.failed_refunds import (
    begin_transfer,
    confirm_transfer,
    refunds_to_handle,
    retry_refund,
)
from portal.payments.gateway import webhook_url
from portal.payments.history import CaseRefund
from portal.payments.labels import STORES, failure_text, method_name
from portal.payments.later_models import Dispute, Waiver
from portal.payments.listeners import Listeners, NotConnected, connect_listeners
from portal.payments.method_settings import (
    AccountTrial,
    MethodSettings,
    change_methods,
    check_methods,
    method_settings,
    read_account,
    try_account,
)
from portal.payments.models import (
    Charge,
    Order,
    PaymentAccount,
    PaymentNote,
    PaymentPolicy,
    Refund,
)
from portal.payments.open_matters import OpenMatters, open_matters
from portal.payments.opening_books import book_former_orders
from portal.payments.paid_twice import SecondPayment, second_payments
from portal.payments.payment_links import (
    MadeLink,
    OpenLink,
    end_payment_link,
    made_links,
    make_payment_link,
    open_payment_link,
    orders_of_link,
)
from portal.payments.payment_notes import MAX_NOTE_LENGTH, Note, notes_of_order
from portal.payments.payment_requests import ChargeOwner, cancel_payment, change_payment, open_payment
from portal.payments.policy import (
    DueDays,
    due_days,
    offline_methods,
    refunds_need_approval,
    second_person_above,
    set_due_days,
    set_second_person_above,
)
from portal.payments.provider import AccountReport, CheckoutSnapshot, LineItem, ProviderRejected, ProviderUnavailable
from portal.payments.provider_accounts import (
    NoPaymentAccount,
    absent_methods,
    active_account,
    connect_account,
    end_secret_rotation,
    is_connected,
    offered_methods,
)
from portal.payments.provider_models import ProviderEvent
from portal.payments.queries import (
    ChargeRefund,
    lock_orders_of_cases,
    refunds_awaiting_account,
    refunds_by_charge,
    refunds_of_order,
)
from portal.payments.refunds import (
    approve_refund,
    payments_of_refund,
    refundable_amount,
    refundable_charges,
    reject_refund,
    request_refund,
)
from portal.payments.reports import has_unsettled_money, money_moved_between, payments_under_review
from portal.payments.reviews import Review, decide_review, read_provider_record, review_of
from portal.payments.rule_refunds import propose_refund, withdraw_proposals
from portal.payments.sealed_columns import SEALED_COLUMNS
from portal.payments.slip_numbers import order_of_slip, slip_reference
from portal.payments.standing import Standing, standings
from portal.payments.sync import sync_payment
from portal.payments.waivers import (
    ChargeWaiver,
    WaiverRequest,
    approve_waiver,
    case_of_waiver,
    reject_waiver,
    request_waiver,
    revoke_waiver,
    waivable_charges,
    waivers_by_charge,
)
from portal.payments.webhook_events import set_aside_events

__all__ = [
    "MAX_NOTE_LENGTH",
    "MONEY_STATES",
    "SEALED_COLUMNS",
    "STORES",
    "AccountFault",
    "AccountReport",
    "AccountTrial",
    "AwaitedMoney",
    "AwaitedSlip",
    "AwaitedTransfer",
    "CaseRefund",
    "Charge",
    "ChargeOwner",
    "ChargeRefund",
    "ChargeWaiver",
    "CheckoutOptions",
    "CheckoutSnapshot",
    "Dispute",
    "DueDays",
    "LineItem",
    "Listeners",
    "MadeLink",
    "MethodSettings",
    "NoPaymentAccount",
    "NotConnected",
    "Note",
    "OfflineMoney",
    "OpenLink",
    "OpenMatters",
    "Order",
    "Payment",
    "PaymentAccount",
    "PaymentNote",
    "PaymentPolicy",
    "ProviderEvent",
    "ProviderRejected",
    "ProviderUnavailable",
    "Refund",
    "Reminder",
    "Review",
    "SecondPayment",
    "Standing",
    "Waiver",
    "WaiverRequest",
    "absent_methods",
    "account_faults",
    "account_faults_at_provider",
    "account_of_another_city",
    "active_account",
    "approve_refund",
    "approve_waiver",
    "awaited_slip",
    "awaited_transfer",
    "begin_transfer",
    "book_former_orders",
    "cancel_payment",
    "case_of_waiver",
    "cases_of_orders",
    "cases_to_remind",
    "change_methods",
    "change_payment",
    "check_methods",
    "confirm_transfer",
    "connect_account",
    "connect_listeners",
    "decide_review",
    "demand_day",
    "demand_payment",
    "dispute_of_order",
    "due_days",
    "end_payment_link",
    "end_secret_rotation",
    "erase_personal_data",
    "events",
    "failure_text",
    "gather_charges",
    "has_money",
    "has_unsettled_money",
    "is_connected",
    "lock_orders_of_cases",
    "made_links",
    "make_payment_link",
    "method_name",
    "method_settings",
    "money_awaited",
    "money_moved_between",
    "money_state",
    "notes_of_order",
    "offered_methods",
    "offline_methods",
    "open_charges_of_order",
    "open_matters",
    "open_payment",
    "open_payment_link",
    "order_of_slip",
    "orders_of_link",
    "overdue_payments",
    "pay_refund_at_counter",
    "payments_of_case",
    "payments_of_cases",
    "payments_of_order",
    "payments_of_orders",
    "payments_of_refund",
    "payments_under_review",
    "payments_with_order",
    "prepare_offline_order",
    "propose_refund",
    "read_account",
    "read_provider_record",
    "refundable_amount",
    "refundable_charges",
    "refunds_awaiting_account",
    "refunds_by_charge",
    "refunds_for_counter",
    "refunds_need_approval",
    "refunds_of_order",
    "refunds_to_handle",
    "refuse_demand",
    "reject_refund",
    "reject_waiver",
    "request_refund",
    "request_waiver",
    "retry_refund",
    "reverse_at_counter",
    "review_of",
    "revoke_waiver",
    "rights",
    "second_payments",
    "second_person_above",
    "set_aside_events",
    "set_due_days",
    "set_second_person_above",
    "slip_ran_out",
    "slip_reference",
    "standings",
    "start_checkout",
    "sync_payment",
    "take_at_counter",
    "take_from_slip",
    "take_reminders",
    "try_account",
    "waivable_charges",
    "waivers_by_charge",
    "webhook_url",
    "withdraw_proposals",
]
