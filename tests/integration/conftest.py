"""Tests on real PostGIS: a session in a city that is rolled back, or a city whose rows are swept away afterwards."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.instance import ready, scratch_city_alone


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hashes of passwords at the least cost: what they cost is the library's business, and every member of staff has one."""
    from portal.identity import passwords

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def database() -> None:
    """The cluster with three migrated cities."""
    ready()


@pytest.fixture
def city_db() -> Iterator[Session]:
    """A session in 立川市 whose transaction is rolled back."""
    from portal.core.database import open_city_session

    with open_city_session("tachikawa") as session:
        yield session
        session.rollback()


def sweep(city_key: str) -> None:
    """Empty every table of a city, as the owner, and start its event chain again.

    Numbers go on: the process keeps what it read of a version under its number, which must not come to mean another one.
    """
    from portal.core.database import owner_engine, schema_of

    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = {schema_of(city_key)}, public")
        tables = connection.scalars(
            text(
                "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = :schema"
                " AND tablename NOT IN ('alembic_version', 'event_chain')"
            ),
            {"schema": schema_of(city_key)},
        ).all()
        connection.exec_driver_sql(f"TRUNCATE {', '.join(tables)} CASCADE")
        connection.exec_driver_sql("UPDATE event_chain SET hash = sha256('madoguchi'::bytea)")


@pytest.fixture
def scratch_city() -> Iterator[str]:
    """The key of a city (日野市) in which a test may commit, alone among all test processes; its rows are gone afterwards."""
    with scratch_city_alone():
        yield "hino"
        sweep("hino")
