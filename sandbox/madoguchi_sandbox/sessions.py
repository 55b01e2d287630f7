"""Checkout Sessions: one attempt to pay on the hosted page."""

from madoguchi_sandbox import account as accounts
from madoguchi_sandbox import events, intents
from madoguchi_sandbox.store import JsonObject, Store, new_id
from madoguchi_sandbox.wire import ApiError, Params, parse_integer, reject_unknown_params, retrieve

CREATE_PARAMS = (
    "mode", "line_items", "success_url", "cancel_url", "client_reference_id", "customer_email", "expires_at", "locale",
    "metadata", "payment_intent_data", "payment_method_options", "allowed_payment_method_types", "submit_type",
    "branding_settings", "currency", "custom_text", "customer",
)  # fmt: skip
MIN_AMOUNT, MAX_AMOUNT = 50, 99_999_999  # yen
LIMITS = {
    "card": (MIN_AMOUNT, MAX_AMOUNT),
    "konbini": (120, 300_000),
    "paypay": (50, 1_000_000),
    "customer_balance": (MIN_AMOUNT, MAX_AMOUNT),
}
"""The least and the greatest amount of each method, in yen."""
MIN_LIFETIME, MAX_LIFETIME = 30 * 60, 24 * 3600  # seconds until a session expires


def create(store: Store, account: str, params: Params, base_url: str) -> JsonObject:
    """Open a session for a one-off payment in yen."""
    reject_unknown_params(params, CREATE_PARAMS)
    if params.get("mode") != "payment":
        raise ApiError("The sandbox only knows mode `payment`.", code="parameter_invalid", param="mode")
    if not params.get("success_url"):
        raise ApiError("Missing required param: success_url.", code="parameter_missing", param="success_url")
    if len(params.get("client_reference_id", "")) > 200:
        raise ApiError(
            "Must be at most 200 characters.", code="parameter_invalid_string_blank", param="client_reference_id"
        )
    items = _line_items(params)
    amount = sum(item["amount_total"] for item in items)
    if not MIN_AMOUNT <= amount <= MAX_AMOUNT:
        code = "amount_too_small" if amount < MIN_AMOUNT else "amount_too_large"
        raise ApiError(
            f"The Checkout Session's total amount must be between ¥{MIN_AMOUNT} and ¥{MAX_AMOUNT:,}.", code=code
        )
    now = store.now()
    # The caller does not know that the operator advanced the clock: `expires_at` refers to the real time.
    expires = parse_integer(params, "expires_at", now + MAX_LIFETIME - store.clock_offset()) + store.clock_offset()
    # The clock of the caller differs and the request takes time: a minute of tolerance on both sides.
    if not now + MIN_LIFETIME - 60 <= expires <= now + MAX_LIFETIME + 60:
        raise ApiError(
            "The `expires_at` timestamp must be 30 minutes to 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    options = params.get("payment_method_options", {})
    reject_unknown_params(options, accounts.METHODS, "payment_method_options")
    customer = _customer(store, account, params)
    konbini_days = parse_integer(options.get("konbini", {}), "expires_after_days", 3)
    session_id = new_id("cs_test")
    session: JsonObject = {
        "id": session_id,
        "object": "checkout.session",
        "allowed_payment_method_types": params.get("allowed_payment_method_types"),
        "amount_subtotal": amount,
        "amount_total": amount,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "branding_settings": _branding(params.get("branding_settings", {})),
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "client_secret": None,
        "created": now,
        "currency": "jpy",
        "customer": customer,
        "customer_creation": None if customer else "if_required",
        "customer_details": None,
        "customer_email": params.get("customer_email"),
        "expires_at": expires,
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": params.get("metadata", {}),
        "mode": "payment",
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_options": options | {"konbini": {"expires_after_days": konbini_days}},
        "payment_method_types": _payment_methods(store, params, amount),
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "status": "open",
        "submit_type": params.get("submit_type"),
        "success_url": params["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{base_url.rstrip('/')}/c/pay/{session_id}",
    }
    return store.add(account, session, line_items=items, intent=params.get("payment_intent_data", {}))


def _customer(store: Store, account: str, params: Params) -> str | None:
    """Return the id of the customer who pays, if one is named. Raises the 404 of an unknown one."""
    if "customer" not in params:
        return None
    if "customer_email" in params:
        raise ApiError("You may only specify one of these parameters: customer, customer_email.", param="customer")
    return str(retrieve(store, account, "customer", params["customer"])["id"])


def _payment_methods(store: Store, params: Params, amount: int) -> list[str]:
    """Return the methods to offer: of those asked for, what the account has and the amount allows."""
    requested = params.get("allowed_payment_method_types") or list(accounts.METHODS)
    for name in requested:
        if name not in accounts.METHODS:
            raise ApiError(
                f"The payment method type provided: {name} is invalid.", param="allowed_payment_method_types"
            )
    if not _takes_transfers(params):
        requested = [name for name in requested if name != "customer_balance"]
    available = [
        name for name in accounts.methods(store) if name in requested and LIMITS[name][0] <= amount <= LIMITS[name][1]
    ]
    if not available:
        raise ApiError(
            "No valid payment method types for this Checkout Session: the account has none of those asked for, "
            f"or an amount of ¥{amount:,} is outside their limits.",
            code="amount_too_small" if amount < LIMITS["konbini"][0] else "",
        )
    return available


def _takes_transfers(params: Params) -> bool:
    """Whether the session may offer bank transfer: it names a customer, and asks for an account in Japan. Raises ApiError for another."""
    options = params.get("payment_method_options", {}).get("customer_balance")
    if options is None or "customer" not in params:
        return False
    if options != {"funding_type": "bank_transfer", "bank_transfer": {"type": "jp_bank_transfer"}}:
        raise ApiError(
            "For customer_balance in yen, payment_method_options[customer_balance] must have funding_type `bank_transfer` "
            "and bank_transfer[type] `jp_bank_transfer`.",
            code="parameter_missing",
            param="payment_method_options[customer_balance]",
        )
    return True


def _branding(settings: Params) -> JsonObject:
    reject_unknown_params(
        settings,
        ("display_name", "background_color", "button_color", "border_style", "font_family"),
        "branding_settings",
    )
    return {
        "background_color": settings.get("background_color", "#ffffff"),
        "border_style": settings.get("border_style", "rounded"),
        "button_color": settings.get("button_color", "#1a1a1a"),
        "display_name": settings.get("display_name", "テスト加盟店"),
        "font_family": settings.get("font_family", "default"),
        "icon": None,
        "logo": None,
    }


def _line_items(params: Params) -> list[JsonObject]:
    lines = params.get("line_items")
    if not isinstance(lines, list) or not lines:
        raise ApiError("Missing required param: line_items.", code="parameter_missing", param="line_items")
    items = []
    for number, line in enumerate(lines):
        where = f"line_items[{number}]"
        reject_unknown_params(line, ("price_data", "quantity", "metadata"), where)
        price = line.get("price_data", {})
        reject_unknown_params(price, ("currency", "unit_amount", "product_data"), f"{where}[price_data]")
        name = price.get("product_data", {}).get("name", "")
        if not name:
            raise ApiError(
                "Missing required param: product name.",
                code="parameter_missing",
                param=f"{where}[price_data][product_data][name]",
            )
        if price.get("currency", "").lower() != "jpy":
            raise ApiError("The sandbox only knows yen.", param=f"{where}[price_data][currency]")
        unit = parse_integer(price, "unit_amount", param=f"{where}[price_data][unit_amount]")
        quantity = parse_integer(line, "quantity", 1, param=f"{where}[quantity]")
        if unit < 0 or quantity < 1:
            raise ApiError(
                "Invalid non-negative integer",
                code="parameter_invalid_integer",
                param=f"{where}[price_data][unit_amount]",
            )
        items.append(_line_item(name, unit, quantity, price["product_data"].get("description")))
    return items


def _line_item(name: str, unit: int, quantity: int, description: str | None) -> JsonObject:
    return {
        "id": new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": unit * quantity,
        "amount_tax": 0,
        "amount_total": unit * quantity,
        "currency": "jpy",
        "description": name if description is None else f"{name} {description}",
        "price": {
            "id": new_id("price"), "object": "price", "active": False, "billing_scheme": "per_unit", "currency": "jpy",
            "livemode": False, "metadata": {}, "nickname": None, "product": new_id("prod"), "recurring": None,
            "type": "one_time", "unit_amount": unit, "unit_amount_decimal": str(unit),
        },
        "quantity": quantity,
    }  # fmt: skip


def expire(store: Store, account: str, session_id: str) -> JsonObject:
    """Expire an open session; a complete or expired one cannot be expired."""
    session = retrieve(store, account, "checkout.session", session_id)
    if session["status"] != "open":
        raise ApiError(
            f'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of `{session["status"]}`.',
        )
    return mark_expired(store, session)


def mark_expired(store: Store, session: JsonObject) -> JsonObject:
    """Mark an open session expired, with its event."""
    account = store.account_of(session["id"])
    session |= {"status": "expired", "url": None}
    store.save(session)
    if session["payment_intent"]:
        intents.cancel(store, store.get(session["payment_intent"]), reason="abandoned")
    events.emit(store, account, "checkout.session.expired", session)
    return session


def complete(store: Store, session: JsonObject, *, paid: bool) -> JsonObject:
    """Complete a session: paid at once, or with a voucher still to pay."""
    session |= {"status": "complete", "payment_status": "paid" if paid else "unpaid", "url": None}
    store.save(session)
    events.emit(store, store.account_of(session["id"]), "checkout.session.completed", session)
    return session


def complete_async_payment(store: Store, session: JsonObject, *, paid: bool) -> JsonObject:
    """Record the delayed outcome of a complete session: its voucher was paid, or expired."""
    if paid:
        session["payment_status"] = "paid"
        store.save(session)
    name = "checkout.session.async_payment_succeeded" if paid else "checkout.session.async_payment_failed"
    events.emit(store, store.account_of(session["id"]), name, session)
    return session
