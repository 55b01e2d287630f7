"""What an operator sees of the provider's webhook events, and ends of a key rotation, at the terminal."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import delete

from portal.cli import main
from portal.cli.checks.records import payment_notices
from portal.core.clock import now
from portal.core.database import city_session
from portal.payments import provider_accounts
from portal.payments.provider_models import ProviderEvent
from tests.integration.money.conftest import CITY, Hall


@pytest.fixture
def aside(hall: Hall) -> Iterator[None]:
    """A notice for each reason, and one that was acted upon."""
    with city_session(CITY) as session:
        for place, reason in enumerate(("no_object", "not_ours", "refused", "given_up", None)):
            moment = now() - timedelta(hours=9 - place)
            session.add(
                ProviderEvent(
                    event_id=f"evt_{place}", type="balance.available", object_id=None if place == 0 else f"cs_{place}",
                    created_at=moment, received_at=moment, processed_at=moment, set_aside=reason,
                )
            )  # fmt: skip
    yield
    with city_session(CITY) as session:
        session.execute(delete(ProviderEvent))


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.usefixtures("aside")
def test_notices_that_were_set_aside_are_listed_with_their_reason() -> None:
    lines = run("payment", "notices", CITY).splitlines()
    assert [line.split("\t")[1] for line in lines if "\t" in line] == ["evt_0", "evt_1", "evt_2", "evt_3"]
    assert "another system" in lines[1]
    assert "4 notices" in lines[-1]


@pytest.mark.usefixtures("aside")
def test_doctor_speaks_up_where_something_was_missed() -> None:
    finding = payment_notices()
    assert (finding.level, f"{CITY}: 2" in finding.detail) == ("advice", True)
    with city_session(CITY) as session:
        session.execute(delete(ProviderEvent).where(ProviderEvent.set_aside.in_(("refused", "given_up"))))
    finding = payment_notices()
    assert (finding.level, finding.detail.split()[0]) == ("ok", "2")


def test_the_former_webhook_secret_ends_when_the_operator_says_so(hall: Hall) -> None:
    provider_accounts.connect_account(
        CITY, display_name="日野市", api_key=hall.api_key, origin="http://hino.localhost:1"
    )
    with city_session(CITY) as session:
        assert len(provider_accounts.webhook_secrets(session)) == 2
    run("payment", "end-rotation", CITY)
    with city_session(CITY) as session:
        assert len(provider_accounts.webhook_secrets(session)) == 1
    assert CliRunner().invoke(main, ["payment", "end-rotation", "nowhere"]).exit_code == 1
