"""A file that met no scanner is scanned as soon as there is one, in every city, however long that took."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from procrastinate.jobs import Job
from sqlalchemy import select, text, update

from portal.cli.checks.uploads import unsent_files, waiting_files
from portal.core.clock import now
from portal.core.database import city_session, owner_engine
from portal.files import StoredFile
from portal.files.jobs import scan, scan_all_waiting
from portal.files.scanner import ScannerUnavailable
from tests.integration.files.conftest import EICAR, use_scanner
from tests.integration.files.test_receiving import hand_in, paper, scanned


def came_earlier(city: str, **ago: int) -> None:
    with city_session(city) as session:
        session.execute(update(StoredFile).values(uploaded_at=now() - timedelta(**ago)))


def jobs(city: str) -> list[int]:
    """Files of a city for which a scan was asked at once; the jobs are taken away."""
    with owner_engine().begin() as connection:
        connection.exec_driver_sql("SET LOCAL search_path = shared")
        delete = text(
            "DELETE FROM procrastinate_jobs WHERE task_name = 'files.scan' AND args->>'city' = :city"
            " AND queueing_lock LIKE :key RETURNING (args->>'file_id')::int"
        )
        return list(connection.scalars(delete, {"city": city, "key": f"{city}:scan now %"}))


@pytest.fixture(autouse=True)
def no_jobs(scratch_city: str) -> Iterator[None]:
    """None that another test left, and none left."""
    jobs(scratch_city)
    yield
    jobs(scratch_city)


def states(city: str) -> list[str]:
    with city_session(city) as session:
        return list(session.scalars(select(StoredFile.scan).order_by(StoredFile.id)))


def test_what_met_no_scanner_is_scanned_when_there_is_one(
    scratch_city: str, clamd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_scanner(monkeypatch, "")
    scanned(scratch_city, paper(b"nothing bad"))
    scanned(scratch_city, paper(EICAR))
    came_earlier(scratch_city, days=20)
    scan_all_waiting()
    assert jobs(scratch_city) == []
    use_scanner(monkeypatch, clamd)
    scan_all_waiting()
    scan_all_waiting()  # a minute later, before the jobs began
    file_ids = jobs(scratch_city)
    assert len(file_ids) == 2
    for file_id in file_ids:
        scan(city=scratch_city, file_id=file_id)
    assert states(scratch_city) == ["clean", "infected"]
    scan_all_waiting()
    assert jobs(scratch_city) == []


def test_a_scanner_that_is_away_for_hours_is_asked_until_it_answers(
    scratch_city: str, clamd: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    use_scanner(monkeypatch, f"{tmp_path}/nobody.sock")
    with pytest.raises(ScannerUnavailable) as away:
        scanned(scratch_city, paper())
    tried = Job(
        id=1,
        queue="default",
        lock=None,
        queueing_lock=None,
        task_name=scan.name,
        attempts=500,
        task_kwargs={"city": scratch_city},
    )
    strategy = scan.retry_strategy
    assert strategy is not None
    decision = strategy.get_retry_decision(exception=away.value, job=tried)
    assert decision is not None
    assert decision.retry_at is not None
    assert decision.retry_at < now() + timedelta(minutes=16)
    assert strategy.get_retry_decision(exception=ValueError(), job=tried) is None  # what is broken is given up
    came_earlier(scratch_city, hours=5)
    scan_all_waiting()
    assert jobs(scratch_city) == []
    use_scanner(monkeypatch, clamd)
    scan_all_waiting()
    assert len(jobs(scratch_city)) == 1


def test_doctor_says_how_many_wait(scratch_city: str, monkeypatch: pytest.MonkeyPatch) -> None:
    use_scanner(monkeypatch, "")
    assert waiting_files().level == "ok"
    scanned(scratch_city, paper())
    assert (waiting_files().level, waiting_files().detail) == ("ok", "1 wait since a moment ago")
    scanned(scratch_city, paper())
    came_earlier(scratch_city, hours=1)
    finding = waiting_files()
    assert (finding.level, finding.detail) == ("advice", f"2 wait for the scanner ({scratch_city}: 2)")


def test_doctor_says_when_unsent_files_leave_no_room(scratch_city: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.core.config import settings

    few = settings().model_copy(update={"quota_unsent_megabytes": 2})
    monkeypatch.setattr("portal.core.config.settings", lambda: few)
    with city_session(scratch_city) as session:
        hand_in(session, "大.pdf", paper(filler=1_500_000))
    assert unsent_files().level == "ok"
    with city_session(scratch_city) as session:
        hand_in(session, "大.pdf", paper(filler=1_500_000))
    assert unsent_files().level == "advice"
    assert f"{scratch_city}: 3 MB" in unsent_files().detail
