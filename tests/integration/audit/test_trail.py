"""The trail is read along an index whatever is asked for, page by page, and looking at single events is bounded."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session

from portal.audit import Histories, Position, TrailQuery, every_event, read_trail, trail
from portal.cases import queries
from portal.core.database import owner_engine

BEGIN = datetime(2026, 4, 1, tzinfo=UTC)
MANY = 60_000
_FILL = f"""
INSERT INTO event (history_kind, history_id, subject_kind, subject_id, name, actor_kind, actor_id, actor_name, at, data)
SELECT 'case', n / 20, 'case', n / 20,
       CASE WHEN n = 7 THEN 'staff.roles_changed' WHEN mod(n, 3) = 0 THEN 'case.viewed' ELSE 'case.moved' END,
       CASE mod(n, 4) WHEN 0 THEN 'applicant' ELSE 'staff' END, mod(n, 50), 'x', '2026-04-01Z'::timestamptz + n * interval '1 minute', '{{}}'
  FROM generate_series(1, {MANY}) n
"""


@pytest.fixture(scope="module")
def trail_of_many(database: None) -> Iterator[Session]:
    """Sixty thousand events, as the owner of the tables sees them; gone when the tests are over."""
    from tests.instance import scratch_city_alone

    with scratch_city_alone(), owner_engine().connect() as connection:
        connection.exec_driver_sql("SET LOCAL search_path = city_hino, public")
        connection.exec_driver_sql("ALTER TABLE event DISABLE TRIGGER USER")
        connection.exec_driver_sql(_FILL)
        connection.exec_driver_sql("ANALYZE event")
        with Session(connection) as session:
            yield session
        connection.rollback()


def _of_department(row: Any) -> Any:
    return queries.department_of(row.history_id) == 1


ONE_CASE = Histories("case", (120,))
DAY = {"since": BEGIN + timedelta(days=2), "until": BEGIN + timedelta(days=3)}
EVERY_QUESTION = {
    "all": TrailQuery(),
    "days": TrailQuery(**DAY),
    "later page": TrailQuery(after=Position(BEGIN + timedelta(days=9), 12_960)),
    "person": TrailQuery(staff_id=7),
    "person and days": TrailQuery(staff_id=7, **DAY),
    "person and kind": TrailQuery(staff_id=7, names=frozenset({"staff.roles_changed"})),
    "rare kind": TrailQuery(names=frozenset({"staff.roles_changed"})),
    "kinds": TrailQuery(names=frozenset({"case.viewed", "staff.roles_changed"})),
    "residents": TrailQuery(actor_kind="applicant"),
    "case": TrailQuery(histories=ONE_CASE),
    "case and person": TrailQuery(histories=ONE_CASE, staff_id=7),
    "department": TrailQuery(where=(_of_department,)),
    "department, kind and days": TrailQuery(where=(_of_department,), names=frozenset({"case.viewed"}), **DAY),
}


@pytest.mark.parametrize("question", EVERY_QUESTION)
def test_no_question_reads_the_whole_table(trail_of_many: Session, question: str) -> None:
    sent: list[tuple[str, Any]] = []

    def note(_connection: Connection, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        sent.append((statement, parameters))

    connection = trail_of_many.connection()
    event.listen(connection, "before_cursor_execute", note)
    read_trail(trail_of_many, EVERY_QUESTION[question], 100)
    event.remove(connection, "before_cursor_execute", note)
    assert 1 <= len(sent) <= 2
    for statement, parameters in sent:
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {statement}", parameters).scalars())
        assert "Seq Scan on event" not in plan, plan
        assert " on event" in plan, plan


def test_pages_follow_each_other_without_gap_or_overlap(trail_of_many: Session) -> None:
    query, seen = TrailQuery(staff_id=7, names=frozenset({"case.viewed"})), []
    while True:
        page = read_trail(trail_of_many, query, 90)
        seen += [row.id for row in page.events]
        if page.next is None:
            break
        query = replace(query, after=Position.parse(str(page.next)))
    expected = text(
        "SELECT id FROM event WHERE actor_kind = 'staff' AND actor_id = 7 AND name = 'case.viewed' ORDER BY at DESC"
    )
    assert seen == list(trail_of_many.scalars(expected))
    assert len(seen) > 180


def test_looking_stops_and_goes_on_from_there(trail_of_many: Session) -> None:
    nobody = TrailQuery(where=(lambda row: row.actor_id == -1,))
    first = read_trail(trail_of_many, nobody, 100)
    assert first.events == []
    assert first.searched_to == BEGIN + timedelta(minutes=MANY - trail.LOOKED_AT + 1)
    second = read_trail(trail_of_many, replace(nobody, after=first.next), 100)
    assert second.searched_to == BEGIN + timedelta(minutes=MANY - 2 * trail.LOOKED_AT + 1)
    assert list(every_event(trail_of_many, nobody, 10)) == []


def test_a_file_takes_no_more_than_it_may(trail_of_many: Session) -> None:
    assert len(list(every_event(trail_of_many, TrailQuery(), 2_500))) == 2_500
    assert [row.name for row in every_event(trail_of_many, EVERY_QUESTION["rare kind"], 2_500)] == [
        "staff.roles_changed"
    ]


@pytest.mark.parametrize("mark", ["", "x", "12", "12-", "-5", "12-x", "9" * 40 + "-1"])
def test_a_mark_that_is_none_is_left_out(mark: str) -> None:
    assert Position.parse(mark) is None
