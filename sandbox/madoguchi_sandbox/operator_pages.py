"""The operator's pages: payments, refunds and disputes, payouts, deliveries, and the conditions that the sandbox simulates."""

from flask import Blueprint, render_template

from madoguchi_sandbox import account, customers, deliveries, disputes, konbini, payouts, scheduler, transfers, troubles
from madoguchi_sandbox.calls import ENDPOINTS, current_store
from madoguchi_sandbox.operator import NEXT_REFUND
from madoguchi_sandbox.store import JsonObject, Store

bp = Blueprint("operator_pages", __name__)
MAX_ROWS = 50
CLOCK_STEPS = {"3600": "1時間", "86400": "1日", "259200": "3日", "604800": "1週間"}


def _current() -> Store:
    """Return the store, after everything that is due by now."""
    store = current_store()
    scheduler.run_due(store)
    return store


def _intent_of(store: Store, session: JsonObject) -> JsonObject | None:
    return store.find(session["payment_intent"]) if session["payment_intent"] else None


@bp.get("/")
def payments() -> str:
    """Show the sessions, and what their payers may still do."""
    store = _current()
    rows = [(session, _intent_of(store, session)) for session in store.list_objects("checkout.session", limit=MAX_ROWS)]
    return render_template(
        "payments.html",
        rows=rows,
        has_voucher=konbini.is_awaited,
        is_expired=konbini.is_expired,
        has_transfer=transfers.is_awaited,
        has_account=lambda intent: transfers.has_account(store, intent),
        funds_of=lambda intent: customers.funds_of(store, intent["customer"]),
    )


@bp.get("/operator/refunds")
def refunds_and_disputes() -> str:
    """Show refunds, disputes, and the charges that can be contested."""
    store = _current()
    charges = store.list_objects("charge", limit=MAX_ROWS)
    return render_template(
        "refunds.html",
        refunds=store.list_objects("refund", limit=MAX_ROWS),
        disputes=store.list_objects("dispute", limit=MAX_ROWS),
        charges=[charge for charge in charges if disputes.can_be_disputed(charge)],
        open_disputes=disputes.OPEN,
    )


@bp.get("/operator/payouts")
def payouts_of_accounts() -> str:
    """Show each account's balance, and its payouts with the transactions that they hold."""
    store = _current()
    accounts = []
    for key, name in account.merchant_names(store).items():
        made = store.list_objects("payout", key, limit=MAX_ROWS)
        held = {payout["id"]: payouts.transactions_of(store, key, payout["id"]) for payout in made}
        accounts.append((key, name, payouts.balance_of(store, key), made, held))
    return render_template("payouts.html", accounts=accounts)


@bp.get("/operator/deliveries")
def webhook_deliveries() -> str:
    """Show what was sent to webhook endpoints, and what they answered."""
    rows = _current().execute(
        "SELECT d.*, json_extract(o.body, '$.type') AS kind FROM delivery d JOIN object o ON o.id = d.event_id ORDER BY d.id DESC LIMIT ?",
        MAX_ROWS,
    )
    return render_template("deliveries.html", deliveries=rows)


@bp.get("/operator/conditions")
def conditions() -> str:
    """Show the clock, the troubles of network and API, and what the accounts can do."""
    store = _current()
    return render_template(
        "conditions.html",
        now=store.now(),
        steps=CLOCK_STEPS,
        faults=deliveries.FAULTS,
        kinds=troubles.KINDS,
        endpoints=sorted(ENDPOINTS, key=lambda name: name.partition(" ")[2]),
        chosen=store.setting("api_fault_endpoints").split("\n"),
        next_refunds=NEXT_REFUND,
        methods=account.METHODS,
        setting=store.setting,
        delay_seconds=deliveries.DELAY_SECONDS,
        silence_seconds=troubles.SILENCE_SECONDS,
    )
