"""Every table, asked as every role that should not: another city's, the login's own, the shared one; and rows that are only ever added."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.core.database import city_session, engine, shared_session

APPEND_ONLY = {
    "audit_check",
    "event",
    "journal_posting",
    "journal_transaction",
    "provider_transaction",
    "staff_sign_in",
}


def tables_of(session: Session, schema: str) -> dict[str, str]:
    """Every table of a schema with one of its columns."""
    query = text(
        "SELECT c.relname, min(a.attname) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = CAST(:schema AS regnamespace) AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0"
        " AND NOT a.attisdropped AND a.attidentity = '' AND a.attgenerated = '' GROUP BY 1"
    )
    return {row[0]: row[1] for row in session.execute(query, {"schema": schema})}


def statements(schema: str, table: str, column: str) -> dict[str, str]:
    name = f'"{schema}"."{table}"'
    return {
        "select": f"SELECT 1 FROM {name}",
        "insert": f"INSERT INTO {name} DEFAULT VALUES",
        "update": f'UPDATE {name} SET "{column}" = "{column}"',
        "delete": f"DELETE FROM {name}",
        "truncate": f"TRUNCATE {name}",
    }


def is_allowed(session: Session, statement: str) -> bool:
    """Whether the role may do it; whatever it did is undone."""
    tried = session.begin_nested()
    try:
        session.execute(text(statement))
    except DBAPIError as error:
        return "permission denied" not in str(error) and "must be owner" not in str(error)
    finally:
        tried.rollback()
    return True


@pytest.mark.parametrize(("reader", "schema"), [("tachikawa", "city_mitaka"), ("mitaka", "city_tachikawa")])
def test_a_city_can_do_nothing_in_another(reader: str, schema: str) -> None:
    with city_session(reader) as session:
        tables = tables_of(session, schema)
        assert len(tables) > 25
        able = [
            f"{verb} {table}"
            for table, column in tables.items()
            for verb, statement in statements(schema, table, column).items()
            if is_allowed(session, statement)
        ]
        assert able == []
        # with the session's own role given up, the login reaches nothing either
        session.execute(text("RESET ROLE"))
        assert [table for table in tables if is_allowed(session, f'SELECT 1 FROM "{schema}"."{table}"')] == []


def test_no_sequence_or_function_of_another_city_answers() -> None:
    with city_session("tachikawa") as session:
        names = session.scalars(
            text("SELECT sequencename FROM pg_sequences WHERE schemaname = 'city_mitaka' ORDER BY 1")
        ).all()
        assert names
        assert [name for name in names if is_allowed(session, f"SELECT nextval('city_mitaka.{name}')")] == []
        assert not is_allowed(session, "SELECT city_mitaka.next_case_number('三', current_date)")


def test_rows_that_are_only_added_cannot_be_changed_by_the_city_itself() -> None:
    with city_session("tachikawa") as session:
        tables = tables_of(session, "city_tachikawa")
        for table in sorted(APPEND_ONLY):
            tried = statements("city_tachikawa", table, tables[table])
            assert {verb for verb, statement in tried.items() if is_allowed(session, statement)} == {"select", "insert"}


def test_a_city_can_neither_skip_its_chain_of_events_nor_rewrite_its_history_of_migrations() -> None:
    with city_session("tachikawa") as session:
        for table in ("event_chain", "alembic_version"):
            column = tables_of(session, "city_tachikawa")[table]
            tried = statements("city_tachikawa", table, column)
            assert {verb for verb, statement in tried.items() if is_allowed(session, statement)} <= {"select"}, table


def test_the_serving_role_makes_and_drops_nothing() -> None:
    with city_session("tachikawa") as session:
        for statement in (
            "CREATE TABLE own (id int)",
            "CREATE TABLE public.own (id int)",
            "CREATE TABLE shared.own (id int)",
            "DROP TABLE rate_limit",
            "ALTER TABLE event DISABLE TRIGGER ALL",
            "CREATE SCHEMA own",
        ):
            assert not is_allowed(session, statement), statement


def test_the_shared_list_of_cities_is_read_and_each_city_changes_its_own_row_alone() -> None:
    for opened, own in ((shared_session(), []), (city_session("tachikawa"), ["tachikawa"])):
        with opened as session:
            column = tables_of(session, "shared")["city"]
            tried = statements("shared", "city", column)
            assert {verb for verb, statement in tried.items() if is_allowed(session, statement)} <= {"select", "update"}
            assert session.scalars(text("UPDATE shared.city SET name = name RETURNING key")).all() == own
            # by these others know the city: its operator alone changes them
            for fixed in ("key", "host", "letter", "code", "plane_srid"):
                assert not is_allowed(session, f"UPDATE shared.city SET {fixed} = {fixed}"), fixed


def test_a_transaction_leaves_its_city_at_the_end() -> None:
    with city_session("tachikawa") as session:
        session.execute(text("SELECT 1"))
        connection = session.connection().connection.dbapi_connection
    assert connection is not None
    with engine().connect() as again:
        assert again.scalar(text("SELECT current_user = session_user"))
        assert again.scalar(text("SELECT current_setting('search_path') NOT LIKE '%city_%'"))
