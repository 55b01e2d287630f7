"""Nothing starts while a payment account is not safe to use: web, worker and doctor say which, and what to do."""

from collections.abc import Iterator

import pytest
from click import ClickException
from click.testing import CliRunner

from madoguchi_sandbox import SandboxServer
from portal.cli import main, serve, worker
from portal.cli.checks.services import payment_accounts
from portal.cli.safe_accounts import refuse_unsafe_accounts
from portal.core.config import settings
from portal.core.database import city_session
from portal.payments import account_checks
from portal.payments.provider_accounts import ActiveKeys, save_account


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxServer]:
    server = SandboxServer("127.0.0.1", 0, None, None)
    server.start(send_webhooks=False)
    monkeypatch.setenv("MADOGUCHI_STRIPE_API_BASE", server.url)
    settings.cache_clear()
    yield server
    settings.cache_clear()
    server.stop()


def connect(city: str, api_key: str, signed_by: str = "whsec_1") -> None:
    with city_session(city) as session:
        save_account(session, display_name="日野市", api_key=api_key, webhook_secret=signed_by)


def test_a_safe_account_says_nothing(scratch_city: str, sandbox: SandboxServer) -> None:
    connect(scratch_city, "sk_test_hino")
    refuse_unsafe_accounts()
    assert payment_accounts().level == "ok"


@pytest.mark.parametrize(
    ("api_key", "secret", "message"),
    [
        ("sk_live_hino", "whsec_1", "hino is paid with a live key, but MADOGUCHI_STRIPE_API_BASE"),
        ("sk_test_hino", "", "hino has no webhook secret"),
    ],
)
def test_web_and_worker_refuse_what_doctor_reports(
    scratch_city: str, sandbox: SandboxServer, api_key: str, secret: str, message: str
) -> None:
    connect(scratch_city, api_key, secret)
    for command in (serve, worker):
        result = CliRunner().invoke(command)
        assert result.exit_code == 1
        assert message in result.output
        assert "Fix: " in result.output
        assert api_key not in result.output
    finding = payment_accounts()
    assert finding.level == "problem"
    assert message in finding.detail


def test_two_keys_of_one_account_are_known_at_the_provider(
    scratch_city: str, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(scratch_city, "sk_test_hino")
    both = {"hino": ActiveKeys("sk_test_hino", "w"), "mitaka": ActiveKeys("sk_test_hino", "w")}
    monkeypatch.setattr(account_checks, "_keys_of_cities", lambda: both)
    finding = payment_accounts()
    assert finding.level == "problem"
    assert "hino and mitaka have one payment account" in finding.detail
    assert "MADOGUCHI_CITIES_SHARING_ACCOUNT=hino,mitaka" in finding.fix
    with pytest.raises(ClickException, match="hino and mitaka"):
        refuse_unsafe_accounts()
    result = CliRunner().invoke(main, ["city", "pay", "hino", "--api-key-file", "-"], input="sk_test_hino")
    assert result.exit_code == 1
    assert "Nothing was changed" in result.output
    monkeypatch.setenv("MADOGUCHI_CITIES_SHARING_ACCOUNT", "hino,mitaka")
    settings.cache_clear()
    refuse_unsafe_accounts()


def test_production_does_not_start_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADOGUCHI_ENVIRONMENT", "production")
    monkeypatch.setenv("MADOGUCHI_PUBLIC_SCHEME", "https")
    settings.cache_clear()
    try:
        result = CliRunner().invoke(main, ["sandbox"])
    finally:
        settings.cache_clear()
    assert result.exit_code == 1
    assert "pays at Stripe itself" in result.output
