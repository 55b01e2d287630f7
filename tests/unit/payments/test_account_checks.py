"""What keeps the portal from starting: each fault names the city, the setting and the remedy, and never a key."""

import pytest

from portal.core.config import Settings
from portal.payments.account_checks import faults_of
from portal.payments.provider_accounts import ActiveKeys

GOOD = ActiveKeys("sk_test_tachikawa", "whsec_1")
SANDBOX = "http://127.0.0.1:8025"


def test_an_account_for_each_city_is_fine() -> None:
    accounts = {"tachikawa": GOOD, "mitaka": ActiveKeys("sk_live_mitaka", "whsec_2")}
    assert faults_of(accounts, api_base="", sharing=()) == []


@pytest.mark.parametrize("key", ["sk_live_real", "rk_live_real"])
def test_a_live_key_never_meets_a_stand_in(key: str) -> None:
    [fault] = faults_of({"tachikawa": ActiveKeys(key, "whsec_1")}, api_base=SANDBOX, sharing=())
    assert "tachikawa" in fault.detail
    assert "MADOGUCHI_STRIPE_API_BASE" in fault.detail
    assert "MADOGUCHI_STRIPE_API_BASE" in fault.fix
    assert key not in fault.detail + fault.fix


def test_an_account_without_a_webhook_secret_is_connected_again() -> None:
    [fault] = faults_of({"mitaka": ActiveKeys("sk_test_mitaka", "")}, api_base=SANDBOX, sharing=())
    assert "mitaka has no webhook secret" in fault.detail
    assert "madoguchi city pay mitaka" in fault.fix


def test_two_cities_share_an_account_only_when_it_is_declared() -> None:
    accounts = {"mitaka": GOOD, "tachikawa": GOOD, "hino": ActiveKeys("sk_test_hino", "whsec_3")}
    [fault] = faults_of(accounts, api_base="", sharing=())
    assert "mitaka and tachikawa have one payment account" in fault.detail
    assert "MADOGUCHI_CITIES_SHARING_ACCOUNT=mitaka,tachikawa" in fault.fix
    assert GOOD.api_key not in fault.detail + fault.fix
    assert faults_of(accounts, api_base="", sharing=("tachikawa", "mitaka")) == []
    assert len(faults_of(accounts, api_base="", sharing=("tachikawa",))) == 1


def test_cities_are_declared_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADOGUCHI_CITIES_SHARING_ACCOUNT", "mitaka, tachikawa,")
    assert Settings().cities_sharing_account == ("mitaka", "tachikawa")


def test_production_refuses_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADOGUCHI_ENVIRONMENT", "production")
    monkeypatch.setenv("MADOGUCHI_STRIPE_API_BASE", SANDBOX)
    with pytest.raises(ValueError, match=r"MADOGUCHI_STRIPE_API_BASE.*leave it empty"):
        Settings()
