"""What must be true of the cities' payment accounts before web or worker start: no real money at a stand-in, a secret to know the
provider's events by, and an account of its own for each city unless it is declared that some share one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from portal.core.config import settings
from portal.core.database import city_session
from portal.core.tenancy import cities
from portal.payments.gateway import make_provider
from portal.payments.provider import InvalidApiKey
from portal.payments.provider_accounts import ActiveKeys, active_keys

LIVE_KEYS = ("sk_live_", "rk_live_")


@dataclass(frozen=True)
class AccountFault:
    """One thing that keeps the portal from starting: what is wrong, naming city and setting, and what to do. For operators, in English."""

    detail: str
    fix: str


def account_faults() -> list[AccountFault]:
    """Return what is wrong with the accounts of all cities, as their sealed keys and the settings say; the provider is not asked."""
    return faults_of(_keys_of_cities(), api_base=settings().stripe_api_base, sharing=settings().cities_sharing_account)


def account_faults_at_provider() -> list[AccountFault]:
    """Return which cities have one account under different keys, which only the provider knows.

    Raises ProviderUnavailable, ProviderRejected.
    """
    ids = _account_ids({city: keys.api_key for city, keys in _keys_of_cities().items()})
    return _shared_accounts(ids, settings().cities_sharing_account)


def account_of_another_city(city_key: str, api_key: str) -> AccountFault | None:
    """Return the fault that a key would be for a city: it opens the account of another one, and that is not declared.

    Asks the provider. Raises ProviderUnavailable, ProviderRejected, and ValueError for a key that must not be used here.
    """
    keys = {city: keys.api_key for city, keys in _keys_of_cities().items()} | {city_key: api_key}
    ids = _account_ids(keys)
    shared = {city: account for city, account in ids.items() if account == ids.get(city_key)}
    return next(iter(_shared_accounts(shared, settings().cities_sharing_account)), None)


def _account_ids(keys: Mapping[str, str]) -> dict[str, str]:
    """Return the provider's ids of the accounts that keys open, by city; a key that was revoked opens none."""
    ids = {}
    for city, key in keys.items():
        with suppress(InvalidApiKey):
            ids[city] = make_provider(key).account_id()
    return ids


def faults_of(accounts: Mapping[str, ActiveKeys], *, api_base: str, sharing: Iterable[str]) -> list[AccountFault]:
    """Return what is wrong with these accounts, by city, under an API base (empty: the provider itself)."""
    faults = []
    for city, keys in accounts.items():
        if api_base and keys.api_key.startswith(LIVE_KEYS):
            faults.append(_live_key_at_stand_in(city, api_base))
        if not keys.webhook_secret:
            faults.append(_no_webhook_secret(city))
    return faults + _shared_accounts({city: keys.api_key for city, keys in accounts.items()}, sharing)


def _live_key_at_stand_in(city: str, api_base: str) -> AccountFault:
    return AccountFault(
        f"{city} is paid with a live key, but MADOGUCHI_STRIPE_API_BASE sends payments to {api_base}",
        f"leave MADOGUCHI_STRIPE_API_BASE empty, or give {city} a test key: madoguchi city pay {city} --api-key-file FILE",
    )


def _no_webhook_secret(city: str) -> AccountFault:
    return AccountFault(
        f"the payment account of {city} has no webhook secret, so no event of the provider could be told from a forged one",
        f"run madoguchi city pay {city} --api-key-file FILE, which registers the webhook and keeps its secret",
    )


def _shared_accounts(accounts: Mapping[str, str], sharing: Iterable[str]) -> list[AccountFault]:
    """Return a fault for each account (an id or a key, which is not repeated) of several cities that are not declared to share one."""
    by_account: dict[str, list[str]] = defaultdict(list)
    for city, account in accounts.items():
        by_account[account].append(city)
    declared = set(sharing)
    return [
        AccountFault(
            f"{' and '.join(names)} have one payment account: the money of one would stand in the books of the other",
            "give each its own with madoguchi city pay, or declare that they share it: "
            f"MADOGUCHI_CITIES_SHARING_ACCOUNT={','.join(sorted(declared | set(names)))}",
        )
        for names in by_account.values()
        if len(names) > 1 and not set(names) <= declared
    ]


def _keys_of_cities() -> dict[str, ActiveKeys]:
    """Return the keys of the account into which each city is paid; a city without one is left out."""
    keys_by_city = {}
    for city in cities():
        with city_session(city.key) as session:
            keys = active_keys(session)
        if keys is not None:
            keys_by_city[city.key] = keys
    return keys_by_city
