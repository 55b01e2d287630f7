"""Joins the demo cities to the sandbox's payment accounts: one test key a city, as each city has an account of its own."""

import logging

from portal.core.config import settings
from portal.core.database import city_session
from portal.core.errors import Unavailable
from portal.core.tenancy import City
from portal.payments.provider import ProviderUnavailable
from portal.payments.provider_accounts import active_account, connect_account, make_provider, webhook_url

log = logging.getLogger(__name__)


def connect_sandbox(city: City) -> bool:
    """Register the city's webhook at the stand-in, unless it is; False when none is configured or it does not run."""
    if not settings().stripe_api_base:
        return False
    try:
        if _is_connected(city):
            return True
        connect_account(
            city.key,
            display_name=f"{city.name}(デモ)",
            api_key=_key(city),
            origin=city.origin,
            four_eyes=False,
        )
    except ProviderUnavailable:
        log.warning("the sandbox does not answer; %s cannot be paid online until it is connected", city.key)
        return False
    return True


def _key(city: City) -> str:
    return f"sk_test_demo_{city.key}"


def _is_connected(city: City) -> bool:
    """Whether both sides know of each other, at the address where the city answers now. Raises ProviderUnavailable."""
    with city_session(city.key) as session:
        try:
            active_account(session)
        except Unavailable:
            return False
    return make_provider(_key(city)).is_webhook_registered(webhook_url(city.origin))
