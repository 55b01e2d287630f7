"""What happens by itself as time passes: open sessions expire, vouchers lapse, slow refunds arrive."""

from madoguchi_sandbox import konbini, refunds, sessions
from madoguchi_sandbox.store import Store

REFUND_TAKES = 3 * 86400  # seconds until a pending card refund arrives


def let_time_pass(store: Store) -> None:
    """Bring every object up to the sandbox's present time."""
    now = store.now()
    with store.transaction():
        for session in store.in_status("checkout.session", "open"):
            if session["expires_at"] <= now:
                sessions.close_expired(store, session)
        for intent in store.in_status("payment_intent", "requires_action"):
            if intent["next_action"]["konbini_display_details"]["expires_at"] < now:
                konbini.lapse(store, intent)
        for refund in store.in_status("refund", "pending"):
            if refund["created"] + REFUND_TAKES <= now:
                refunds.finish(store, refund, "succeeded")
