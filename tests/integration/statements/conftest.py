"""日野市 with hundreds of cases, and a counter of the statements that a page sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event, text

from portal.core.database import city_session, engine, owner_engine
from portal.demo.cities import DEPARTMENTS
from portal.identity.resident_accounts import sign_in_account
from portal.identity.rights import ROLES
from tests.kit.answers import damage
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue
from tests.kit.city import begin, hire, inhabited, send

CITY = "hino"
EMAIL = "misaki@example.jp"
COPIES = 299


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent while the block runs. Taking on the city's role is not one of them, nor the list of cities, which each
    process reads again from time to time.
    """
    statements: list[str] = []

    def note(_connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        sql = " ".join(statement.split())
        if not any(part in sql for part in ("set_config('role'", "SAVEPOINT", "FROM city ORDER BY")):
            statements.append(sql)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine(), "before_cursor_execute", note)


@pytest.fixture(scope="package")
def city(app: Flask) -> Iterator[str]:
    """See above: one case really sent, the others copies of it; thirty are the resident's."""
    with inhabited([CITY], catalogue()):
        with city_session(CITY) as session:
            account = sign_in_account(session, EMAIL, "ja")
            case = send(session, begin(session, "road-damage", damage(CITY, "穴"), account))
            case_id = case.id
        _copy(case_id)
        yield CITY


def _copy(case_id: int) -> None:
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = city_{CITY}, public")
        for table, changed in (
            ("case_file", "'number', 'X-' || n, 'public_id', 'x' || n, 'draft_id', NULL, 'id', :case_id + 1000000 + n,"
             " 'account_id', CASE WHEN n < 30 THEN t.account_id END, 'submitted_at', t.submitted_at - n * interval '1 hour'"),
            ("case_place", "'case_id', :case_id + 1000000 + n, 'id', :case_id + 1000000 + n"),
        ):  # fmt: skip
            owner = "t.id" if table == "case_file" else "t.case_id"
            columns = connection.scalar(
                text(
                    "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
                    " WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
                ),
                {"table": table},
            )
            connection.execute(
                text(
                    f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {_prefixed(str(columns))}"
                    f" FROM {table} t CROSS JOIN generate_series(1, {COPIES}) n"
                    f" CROSS JOIN LATERAL jsonb_populate_record(t, jsonb_build_object({changed})) r WHERE {owner} = :case_id"
                ),
                {"case_id": case_id},
            )


def _prefixed(columns: str) -> str:
    return ", ".join(f"r.{column}" for column in columns.split(", "))


@pytest.fixture(scope="package")
def resident(app: Flask, city: str) -> Browser:
    """The one who sent thirty."""
    return Browser(app, CITY, "192.0.2.70").sign_in(EMAIL)


@pytest.fixture(scope="package")
def officer(app: Flask, city: str) -> Browser:
    """Staff with every role at every office."""
    hire(CITY, "officer@example.jp", {key: set(ROLES) for key in DEPARTMENTS})
    return Browser(app, CITY, "192.0.2.71").sign_in_at_desk("officer@example.jp")
