"""Loading the demo at every start: existing records are recognised, on our side and at the sandbox."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from madoguchi_sandbox import SandboxServer
from portal.core.config import settings
from portal.core.database import city_session, owner_engine, schema_of
from portal.core.errors import Unavailable
from portal.core.tenancy import City
from portal.core.tenancy import city as city_by_key
from portal.demo import mark
from portal.demo.payments import connect_sandbox
from portal.payments.provider_accounts import active_account, webhook_secrets


@pytest.fixture
def city(scratch_city: str) -> Iterator[City]:
    yield city_by_key(scratch_city)
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"COMMENT ON SCHEMA {schema_of(scratch_city)} IS NULL")


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxServer]:
    running = SandboxServer("127.0.0.1", 0, None, None)
    running.start(send_webhooks=False)
    monkeypatch.setenv("MADOGUCHI_STRIPE_API_BASE", running.url)
    settings.cache_clear()
    yield running
    settings.cache_clear()
    running.stop()


def test_a_city_is_loaded_again_only_when_something_changed(city: City) -> None:
    assert not mark.stands(city)
    mark.put(city)
    assert mark.stands(city)
    assert not mark.stands(replace(city, host="hino.example.jp"))


def test_a_city_that_is_not_there_has_no_mark(city: City) -> None:
    mark.put(city)
    assert not mark.stands(replace(city, key="atlantis"))


def test_the_webhook_is_registered_once(city: City, sandbox: SandboxServer) -> None:
    assert connect_sandbox(city)
    first = secrets_of(city)
    assert connect_sandbox(city)
    assert secrets_of(city) == first


def test_another_address_gets_a_webhook_of_its_own(city: City, sandbox: SandboxServer) -> None:
    assert connect_sandbox(city)
    first = secrets_of(city)
    assert connect_sandbox(replace(city, host="hino.example.jp"))
    assert secrets_of(city)[1:] == first  # notices on their way may still be signed with it


def test_without_a_sandbox_nothing_is_connected(city: City) -> None:
    assert not connect_sandbox(city)
    with city_session(city.key) as session, pytest.raises(Unavailable):
        active_account(session)


def secrets_of(city: City) -> list[str]:
    with city_session(city.key) as session:
        return webhook_secrets(session)
