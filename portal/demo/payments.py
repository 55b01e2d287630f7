"""Joins the demo cities to the sandbox's payment accounts: one test key a city, as each city has an account of its own."""

import logging

from portal.core.config import settings
from portal.core.database import city_session
from portal.core.events import SYSTEM
from portal.core.tenancy import City
from portal.payments import ProviderUnavailable, connect_account, is_connected, set_second_person_above

log = logging.getLogger(__name__)


def connect_sandbox(city: City) -> bool:
    """Register the city's webhook at the stand-in, unless it is; False when none is configured or it does not run."""
    if not settings().stripe_api_base:
        return False
    try:
        if is_connected(city.key, api_key=_key(city), origin=city.origin):
            return True
        connect_account(
            city.key,
            display_name=f"{city.name}(デモ)",
            api_key=_key(city),
            origin=city.origin,
        )
        with city_session(city.key) as session:
            set_second_person_above(session, None, SYSTEM)
    except ProviderUnavailable:
        log.warning("the sandbox does not answer; %s cannot be paid online until it is connected", city.key)
        return False
    return True


def _key(city: City) -> str:
    return f"sk_test_demo_{city.key}"
