"""What others may do with payments. Importing this also registers the jobs that the actions ask for.

`open_payment`, `change_payment`, `cancel_payment`, `decide_review` and the refunds work in the caller's transaction.
`start_checkout` and `sync_payment` call the provider and therefore take a city's key and work in transactions of their own.
"""

from portal.payments import jobs
from portal.payments.checkout import CheckoutOptions, start_checkout
from portal.payments.payment_requests import cancel_payment, change_payment, open_payment
from portal.payments.provider import LineItem
from portal.payments.refunds import approve_refund, reject_refund, request_refund
from portal.payments.reviews import decide_review
from portal.payments.sync import sync_payment
from portal.payments.webhook_events import receive_event

__all__ = [
    "CheckoutOptions",
    "LineItem",
    "approve_refund",
    "cancel_payment",
    "change_payment",
    "decide_review",
    "jobs",
    "open_payment",
    "receive_event",
    "reject_refund",
    "request_refund",
    "start_checkout",
    "sync_payment",
]
