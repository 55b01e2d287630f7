"""Who is read with a session, whenever they become known to the process."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import literal

from portal.core import sessions
from portal.core.sessions import SessionPerson


@pytest.fixture
def nobody_known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sessions, "_people", {})
    sessions._one_session.cache_clear()
    yield
    sessions._one_session.cache_clear()


def person(column: str) -> SessionPerson:
    def known(value: Any) -> Any:
        return value

    return SessionPerson(column, lambda query: query.add_columns(literal(1).label(column)), known)


@pytest.mark.usefixtures("nobody_known")
def test_who_becomes_known_after_the_first_request_is_read_with_the_next() -> None:
    assert "clerk" not in sessions._one_session().selected_columns
    sessions.read_with_sessions({"staff_id": person("clerk")})
    assert "clerk" in sessions._one_session().selected_columns
