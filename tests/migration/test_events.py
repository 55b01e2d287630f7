"""A city whose events were chained by the first rule continues the same chain, without applicants' names and texts of staff."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.audit.chain import follow
from portal.core import migrate
from portal.core.database import owner_engine

SECRET = "090-1234-5678 に電話"


def test_earlier_events_are_verified_by_their_own_rule(fresh_schema: str) -> None:
    migrate.upgrade("city", fresh_schema, "0010")
    add = (
        "INSERT INTO case_event (case_id, name, actor_kind, actor_id, actor_name, at, data)"
        " VALUES (1, :name, :kind, 3, :who, now(), CAST(:data AS jsonb))"
    )
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = {fresh_schema}, public")
        connection.exec_driver_sql(
            "ALTER TABLE case_event DROP CONSTRAINT fk_case_event_case_id"
        )  # no case is needed here
        for values in (
            {"name": "case.submitted", "kind": "applicant", "who": "佐藤 美咲", "data": "{}"},
            {"name": "case.accepted", "kind": "staff", "who": "高橋", "data": "{}"},
            {
                "name": "refund.requested",
                "kind": "staff",
                "who": "高橋",
                "data": f'{{"amount": 1, "reason": "{SECRET}"}}',
            },
        ):
            connection.execute(text(add), values)
    migrate.upgrade("city", fresh_schema)
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = {fresh_schema}, public")
        events = connection.execute(
            text("SELECT name, actor_name, data::text, subject_id = history_id FROM event ORDER BY id")
        ).all()
        outcome = follow(Session(connection))
        assert outcome.fault is None
        assert outcome.events == len(events)
        assert not any("佐藤" in str(row) or SECRET in str(row) for row in events)
        assert ("case.accepted", "高橋", "{}", True) in events
        assert events[-1][0] == "chain.redacted"
        connection.exec_driver_sql("UPDATE event SET actor_id = 4 WHERE name = 'case.accepted'")
        assert "was altered" in str(follow(Session(connection)).fault)


def test_events_that_named_a_case_are_verified_by_their_own_rule_and_later_ones_too(fresh_schema: str) -> None:
    migrate.upgrade("city", fresh_schema, "0026")
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = {fresh_schema}, public")
        connection.exec_driver_sql("ALTER TABLE case_event DROP CONSTRAINT fk_case_event_case_id")
        connection.exec_driver_sql(
            "INSERT INTO case_event (case_id, subject_kind, subject_id, name, actor_kind, at, data) VALUES"
            " (1, 'case', 1, 'case.accepted', 'system', now(), '{}'), (NULL, 'staff', 7, 'staff.closed', 'system', now(), '{}')"
        )
    migrate.upgrade("city", fresh_schema)
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = {fresh_schema}, public")
        connection.exec_driver_sql(
            "INSERT INTO event (history_kind, history_id, subject_kind, subject_id, name, actor_kind, at, data)"
            " VALUES ('case', 1, 'refund', 3, 'refund.approved', 'system', now(), '{}')"
        )
        histories = connection.execute(text("SELECT history_kind, history_id FROM event ORDER BY id")).all()
        assert [tuple(row) for row in histories] == [("case", 1), ("staff", 7), ("case", 1)]
        outcome = follow(Session(connection))
        assert (outcome.events, outcome.fault) == (3, None)
        for event, column in (
            ("staff.closed", "actor_id = 4"),
            ("staff.closed", "history_id = 8"),
            ("staff.closed", "history_kind = 'layer'"),
            ("case.accepted", "history_id = 2"),
            ("case.accepted", "history_kind = 'layer'"),
        ):
            connection.exec_driver_sql("SAVEPOINT before")
            connection.execute(text(f"UPDATE event SET {column} WHERE name = :event"), {"event": event})
            assert "was altered" in str(follow(Session(connection)).fault)
            connection.exec_driver_sql("ROLLBACK TO before")
