"""What an operator does when rules of searching changed, or when mails did not arrive."""

from click.testing import CliRunner
from sqlalchemy import insert, select

import portal.models  # noqa: F401 - foreign keys need every table
from portal.cli import main
from portal.cli.checks.records import mails, search_terms
from portal.core.clock import now
from portal.core.database import city_session
from portal.notifications.models import MailMessage


def madoguchi(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def test_mails_that_did_not_arrive_are_named_without_addresses_and_queued_again(scratch_city: str) -> None:
    with city_session(scratch_city) as session:
        made = {"kind": "case_received", "sealed": b"-", "created_at": now()}
        session.execute(insert(MailMessage), [made | {"status": "undeliverable", "reason": "550"}])
        session.execute(insert(MailMessage), [made | {"status": "failed", "reason": "late"}])
    assert mails().level == "advice"
    lines = madoguchi("mail", "list", scratch_city).splitlines()
    assert [line.split("\t")[2:] for line in lines] == [
        ["case_received", "-", "undeliverable", "550"],
        ["case_received", "-", "failed", "late"],
    ]
    assert madoguchi("mail", "retry", scratch_city) == "1 mails wait to be sent\n"
    with city_session(scratch_city) as session:
        assert session.scalars(select(MailMessage.status).order_by(MailMessage.id)).all() == [
            "undeliverable",
            "waiting",
        ]


def test_search_terms_are_up_to_date(scratch_city: str) -> None:
    assert madoguchi("city", "reindex", scratch_city) == "0 cases\n"
    assert search_terms().level == "ok"
