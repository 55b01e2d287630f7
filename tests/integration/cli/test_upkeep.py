"""What an operator does when rules of searching changed, or when mails did not arrive."""

from click.testing import CliRunner
from sqlalchemy import insert, select

import portal.models  # noqa: F401 - foreign keys need every table
from portal.cases.count_models import CaseDayCount, CasePlaceCount
from portal.cli import main
from portal.cli.checks.records import mails, search_terms
from portal.core.clock import now, today
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


def test_spoiled_counts_of_cases_are_named_and_corrected(scratch_city: str) -> None:
    with city_session(scratch_city) as session:
        key = {"procedure_key": "", "department_id": 1, "status": "new"}
        session.execute(
            insert(CasePlaceCount), {**key, "level": 13, "cell": 5, "n": 2, "late": 0, "case_ids": 0, "x": 0, "y": 0}
        )
        session.execute(insert(CaseDayCount), {**key, "is_open": True, "day": today(), "begins": 1, "ends": 0})
    spoiled = CliRunner().invoke(main, ["city", "counts", scratch_city])
    assert (spoiled.exit_code, spoiled.output) == (1, "1 counts of the map and 1 of days differed\n")
    assert "corrected" in madoguchi("city", "counts", scratch_city, "--correct")
    assert madoguchi("city", "counts", scratch_city) == "0 counts of the map and 0 of days differed\n"
