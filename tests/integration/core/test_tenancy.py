"""A city's transaction sees that city and nothing else; outside a city there is nothing to see."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from portal.cases.events import of_case
from portal.core.database import city_session, engine, shared_session
from portal.core.events import SYSTEM, record


def tables_of(session: Session, schema: str) -> list[str]:
    names = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = :schema"), {"schema": schema})
    return sorted(names)


def test_no_table_of_another_city_can_be_read_or_written() -> None:
    with city_session("tachikawa") as session:
        other = tables_of(session, "city_mitaka")
    assert len(other) > 20
    for table in other:
        for statement in (f"SELECT 1 FROM city_mitaka.{table}", f"DELETE FROM city_mitaka.{table}"):
            with pytest.raises(ProgrammingError, match="permission denied"), city_session("tachikawa") as session:
                session.execute(text(statement))


def test_the_login_alone_reaches_no_city() -> None:
    with engine().connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("SELECT 1 FROM city_tachikawa.case_file"))


def test_outside_a_city_only_the_list_of_cities_is_readable() -> None:
    with shared_session() as session:
        assert session.scalar(text("SELECT count(*) FROM city")) == 3
    with pytest.raises(ProgrammingError, match="permission denied"), shared_session() as session:
        session.execute(text("SELECT 1 FROM procrastinate_jobs"))


def test_a_city_cannot_read_the_queue_that_all_share(city_db: Session) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        city_db.execute(text("SELECT 1 FROM shared.procrastinate_jobs"))


def test_a_city_cannot_become_another(city_db: Session) -> None:
    city_db.execute(text("SELECT 1"))
    with pytest.raises(ProgrammingError, match="permission denied"):
        city_db.execute(text("SELECT count(*) FROM city_hino.account"))


def test_events_cannot_be_changed_by_those_who_write_them(city_db: Session) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        city_db.execute(text("UPDATE event SET name = 'x'"))


def test_an_undeclared_event_is_refused_before_it_reaches_the_database(city_db: Session) -> None:
    with pytest.raises(ValueError, match="undeclared"):
        record(city_db, of_case(1), "case.submitted", SYSTEM, applicant="佐藤")
