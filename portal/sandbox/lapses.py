"""What happens by itself as time passes: open sessions expire, vouchers lapse, slow refunds arrive."""

from portal.sandbox import konbini, refunds, sessions
from portal.sandbox.store import Store

REFUND_TAKES = 3 * 86400  # seconds until a pending card refund arrives


def let_time_pass(store: Store) -> None:
    """Bring every object up to the sandbox's present time."""
    now = store.now()
    with store.transaction():
        for session in store.all("checkout.session"):
            if session["status"] == "open" and session["expires_at"] <= now:
                sessions.close_expired(store, session)
        for intent in store.all("payment_intent"):
            if (
                intent["status"] == "requires_action"
                and intent["next_action"]["konbini_display_details"]["expires_at"] < now
            ):
                konbini.lapse(store, intent)
        for refund in store.all("refund"):
            if refund["status"] == "pending" and refund["created"] + REFUND_TAKES <= now:
                refunds.finish(store, refund, "succeeded")
