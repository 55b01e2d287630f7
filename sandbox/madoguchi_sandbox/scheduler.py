"""Transitions that are due as time passes: sessions and vouchers expire, refunds and payouts arrive, balance comes available."""

from madoguchi_sandbox import balance, konbini, payouts, refunds, sessions
from madoguchi_sandbox.store import Store

PENDING_REFUND_SECONDS = 3 * 86400  # seconds until a pending card refund arrives


def run_due(store: Store) -> None:
    """Carry out every transition that is due at the time of the sandbox's clock; within one second, once."""
    now = store.now()
    if store.checked_at == now:
        return
    with store.transaction():
        store.checked_at = now
        for session in store.in_status("checkout.session", "open"):
            if session["expires_at"] <= now:
                sessions.mark_expired(store, session)
        for intent in store.in_status("payment_intent", "requires_action"):
            voucher = intent["next_action"].get("konbini_display_details")
            if voucher and voucher["expires_at"] < now:
                konbini.expire_voucher(store, intent)
        for refund in store.in_status("refund", "pending"):
            if refund["created"] + PENDING_REFUND_SECONDS <= now:
                refunds.finish(store, refund, "succeeded")
        for refund in store.in_status("refund", "requires_action"):
            if refund["next_action"]["display_details"]["expires_at"] <= now:
                refunds.run_out(store, refund)
        for payout in store.in_status("payout", "in_transit"):
            if payout["arrival_date"] <= now:
                payouts.arrive(store, payout)
        balance.release_due(store)
