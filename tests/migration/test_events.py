"""A city whose events were chained by the first rule goes on in the same chain, without applicants' names and words of staff."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.audit.chain import follow
from portal.core import migrate
from portal.core.database import owner_engine

SECRET = "090-1234-5678 に電話"


def test_events_of_before_are_checked_by_their_own_rule(fresh_schema: str) -> None:
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
        kept = connection.execute(
            text("SELECT name, actor_name, data::text, subject_id = case_id FROM case_event ORDER BY id")
        ).all()
        outcome = follow(Session(connection))
        assert outcome.fault is None
        assert outcome.events == len(kept)
        assert not any("佐藤" in str(row) or SECRET in str(row) for row in kept)
        assert ("case.accepted", "高橋", "{}", True) in kept
        assert kept[-1][0] == "chain.redacted"
        connection.exec_driver_sql("UPDATE case_event SET actor_id = 4 WHERE name = 'case.accepted'")
        assert "was altered" in str(follow(Session(connection)).fault)
