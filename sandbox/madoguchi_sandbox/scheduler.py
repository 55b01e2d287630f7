"""Transitions that are due as time passes: open sessions and vouchers expire, pending refunds succeed."""

from madoguchi_sandbox import konbini, refunds, sessions
from madoguchi_sandbox.store import Store

PENDING_REFUND_SECONDS = 3 * 86400  # seconds until a pending card refund arrives


def run_due(store: Store) -> None:
    """Carry out every transition that is due at the time of the sandbox's clock."""
    now = store.now()
    with store.transaction():
        for session in store.in_status("checkout.session", "open"):
            if session["expires_at"] <= now:
                sessions.mark_expired(store, session)
        for intent in store.in_status("payment_intent", "requires_action"):
            if intent["next_action"]["konbini_display_details"]["expires_at"] < now:
                konbini.expire_voucher(store, intent)
        for refund in store.in_status("refund", "pending"):
            if refund["created"] + PENDING_REFUND_SECONDS <= now:
                refunds.finish(store, refund, "succeeded")
