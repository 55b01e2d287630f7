"""Joins the demo cities to the sandbox's payment accounts: one test key a city, as each city has an account of its own."""

import logging

from portal.core.config import settings
from portal.core.tenancy import City
from portal.payments.accounts import connect
from portal.payments.provider import ProviderAway

log = logging.getLogger(__name__)


def connect_sandbox(city: City) -> bool:
    """Register the city's webhook at the stand-in; False when none is configured or it does not run. Safe to repeat."""
    if not settings().stripe_api_base:
        return False
    try:
        connect(
            city.key,
            display_name=f"{city.name}(デモ)",
            api_key=f"sk_test_demo_{city.key}",
            origin=city.origin,
            four_eyes=False,
        )
    except ProviderAway:
        log.warning("the sandbox does not answer; %s cannot be paid online until it is connected", city.key)
        return False
    return True
