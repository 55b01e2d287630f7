"""The names of the background tasks, so that code that enqueues one need not import the code that runs it."""

PROCESS_EVENT = "payments.process_event"
SEND_REFUND = "payments.send_refund"
EXPIRE_CHECKOUTS = "payments.expire_checkouts"
FORGET_CUSTOMER = "payments.forget_customer"

FORMER_NAMES = {PROCESS_EVENT: ["payments.take_notice"], EXPIRE_CHECKOUTS: ["payments.close_attempts"]}
"""Names that an older version enqueued: its jobs may still be waiting when this one starts."""
