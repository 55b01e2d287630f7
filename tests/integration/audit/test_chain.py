"""Alterations by the owner of the tables are detected: a changed row, a removed or inserted one, a truncated end."""

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import insert, text

import portal.desk.events  # noqa: F401 - declares what is recorded here
from portal.audit import chain
from portal.audit.actions import check, last_check
from portal.audit.jobs import verify
from portal.cli import main
from portal.cli.checks.records import audit_chain
from portal.core.clock import now
from portal.core.config import settings
from portal.core.database import city_session, owner_engine
from portal.core.events import Actor, Event, Subject, record

CITY = "hino"
CLERK = Actor("staff", 7, "田中 実")
EVENTS = 9


def look(rows: int) -> None:
    with city_session(CITY) as session:
        record(session, Subject("list"), "list.viewed", CLERK, filters="q", rows=rows)


@pytest.fixture
def ids(scratch_city: str) -> list[int]:
    """A city with some events; their numbers in the order of the chain."""
    for rows in range(EVENTS):
        look(rows)
    with city_session(CITY) as session:
        return list(session.scalars(text("SELECT id FROM event ORDER BY id")))


@pytest.fixture
def anchors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file of anchors in the settings."""
    path = tmp_path / "anchors.jsonl"
    monkeypatch.setenv("MADOGUCHI_AUDIT_ANCHOR_FILE", str(path))
    settings.cache_clear()
    yield path
    monkeypatch.undo()
    settings.cache_clear()


def as_owner(*statements: str, **values: object) -> None:
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL search_path = city_{CITY}, public")
        for statement in statements:
            connection.execute(text(statement), values if ":" in statement else {})


def fault() -> str | None:
    with city_session(CITY) as session:
        return check(session).fault


def test_a_chain_that_nobody_touched_is_whole(ids: list[int]) -> None:
    with city_session(CITY) as session:
        outcome = check(session)
    assert (outcome.events, outcome.fault) == (EVENTS, None)
    result = audit_chain()
    assert result.level == "ok"


def test_a_city_without_events_is_whole(scratch_city: str) -> None:
    assert fault() is None


def test_numbers_are_not_the_order_of_the_chain(ids: list[int]) -> None:
    row = {"history_kind": "list", "subject_kind": "list", "name": "list.viewed", "actor_kind": "system", "data": {}}
    with city_session(CITY) as session:
        for number in (ids[-1] + 9, ids[-1] + 4, ids[-1] + 7):
            session.execute(insert(Event), {**row, "id": number, "at": now()})
    assert fault() is None


def test_many_at_once_leave_one_chain(scratch_city: str) -> None:
    with ThreadPoolExecutor(8) as clerks:
        list(clerks.map(look, range(80)))
    with city_session(CITY) as session:
        outcome = check(session)
    assert (outcome.events, outcome.fault) == (80, None)


@pytest.mark.parametrize(
    "change",
    [
        """data = data || '{"rows": 1000}'""",
        "actor_name = '鈴木 花'",
        "actor_name = NULL",
        "actor_id = 8",
        "actor_kind = 'system'",
        "at = at + interval '1 microsecond'",
        "name = 'export.made'",
        "subject_kind = 'export'",
        "history_kind = 'export'",
        "subject_id = 5",
        "chain_version = 1",
    ],
)
def test_a_changed_column_is_found_and_named(ids: list[int], change: str) -> None:
    as_owner(f"UPDATE event SET {change} WHERE id = :id", id=ids[4])
    assert str(fault()).startswith(f"event {ids[4]} was altered")
    result = audit_chain()
    assert result.level == "problem"
    assert f"hino: event {ids[4]} was altered" in result.detail


def test_a_change_that_takes_its_own_hash_along_breaks_the_next_link(ids: list[int]) -> None:
    as_owner(
        "UPDATE event SET actor_name = '鈴木 花' WHERE id = :id",
        "UPDATE event SET hash = sha256(prev_hash || convert_to(jsonb_build_array(3, id, history_kind, history_id, subject_kind, subject_id,"
        " name, actor_kind, actor_id, actor_name, extract(epoch FROM at)::text, data)::text, 'UTF8')) WHERE id = :id",
        id=ids[4],
    )
    assert f"missing after event {ids[4]}, or event {ids[5]}" in str(fault())


def test_a_redacted_event_must_be_named_by_another_event(ids: list[int]) -> None:
    as_owner("UPDATE event SET chain_version = 0, data = '{}' WHERE id = :id", id=ids[4])
    assert str(fault()).startswith(f"event {ids[4]} is marked as redacted")
    with city_session(CITY) as session:
        record(session, Subject("chain"), "chain.redacted", Actor("system"), ids=[ids[4]], key="rows")
    assert fault() is None


@pytest.mark.parametrize(("place", "after"), [(4, "after event"), (0, "at the beginning")])
def test_a_removed_event_is_found(ids: list[int], place: int, after: str) -> None:
    as_owner("DELETE FROM event WHERE id = :id", id=ids[place])
    message = str(fault())
    assert message.startswith(f"an event is missing {after}")
    assert f"event {ids[place + 1]} " in message
    assert audit_chain().level == "problem"


def test_the_newest_events_taken_out_are_found(ids: list[int]) -> None:
    as_owner("DELETE FROM event WHERE id >= :id", id=ids[-2])
    assert str(fault()).startswith("the newest events are missing")
    assert audit_chain().level == "problem"


def test_an_inserted_event_is_found(ids: list[int]) -> None:
    as_owner(
        "ALTER TABLE event DISABLE TRIGGER chain_event",
        "INSERT INTO event (history_kind, subject_kind, name, actor_kind, at, data, prev_hash, hash)"
        " SELECT history_kind, subject_kind, name, actor_kind, at, data, prev_hash, sha256('x') FROM event WHERE id = :id",
        "ALTER TABLE event ENABLE TRIGGER chain_event",
        id=ids[4],
    )
    message = str(fault())
    assert "was altered" in message
    as_owner(
        "UPDATE event SET hash = sha256(prev_hash || convert_to(jsonb_build_array(3, id, history_kind, history_id, subject_kind, subject_id,"
        " name, actor_kind, actor_id, actor_name, extract(epoch FROM at)::text, data)::text, 'UTF8')) WHERE id > :id",
        id=ids[-1],
    )
    assert "was put in" in str(fault())


def test_the_walk_does_not_collect_what_hangs_in_the_air(ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "_MAX_PENDING", 3)
    as_owner("DELETE FROM event WHERE id = :id", id=ids[1])
    with city_session(CITY) as session:
        outcome = check(session)
    assert outcome.events == 1
    assert str(outcome.fault).startswith(f"an event is missing after event {ids[0]}")


def cut_off(ids: list[int]) -> None:
    """Take the newest events out, and have the database say that it always ended there."""
    as_owner(
        "DELETE FROM event WHERE id >= :id",
        "UPDATE event_chain SET hash = (SELECT hash FROM event ORDER BY id DESC LIMIT 1)",
        id=ids[-2],
    )


def test_an_end_cut_off_with_the_database_s_own_is_found_by_what_was_written_down(
    ids: list[int], anchors: Path
) -> None:
    verify()
    anchor_lines = [json.loads(line) for line in anchors.read_text().splitlines()]
    city_lines = [line for line in anchor_lines if line["city"] == CITY]
    assert [line["events"] for line in city_lines] == [EVENTS]
    assert anchors.stat().st_mode & 0o077 == 0
    cut_off(ids)
    assert str(fault()).startswith(
        f"the end of the chain as written down at {city_lines[0]['at']}, after {EVENTS} events, is gone"
    )
    look(1)
    look(2)
    assert "is gone" in str(fault()), "as many events as before are not the same ones"
    assert audit_chain().level == "problem"


def test_without_what_was_written_down_such_an_end_is_not_found(ids: list[int]) -> None:
    cut_off(ids)
    assert fault() is None


def test_a_spoilt_file_of_anchors_is_a_fault(ids: list[int], anchors: Path) -> None:
    anchors.write_text('{"city": "hino", "events": "many"}\n')
    assert "line 1: not an anchor" in str(fault())


def test_the_command_says_it_keeps_it_and_fails(ids: list[int], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "portal.audit")
    done = CliRunner().invoke(main, ["audit", "verify", "--city", CITY])
    assert done.exit_code == 0
    assert f"{CITY}\t{EVENTS} events\twhole" in done.output
    as_owner("UPDATE event SET actor_name = '鈴木 花' WHERE id = :id", id=ids[0])
    done = CliRunner().invoke(main, ["audit", "verify", "--city", CITY])
    assert done.exit_code == 1
    assert f"event {ids[0]} was altered" in done.output
    with city_session(CITY) as session:
        last = last_check(session)
        assert last is not None
        assert last.fault
    levels = [
        (record.levelname, vars(record)["fields"]["audit"])
        for record in caplog.records
        if record.name == "portal.audit"
    ]
    assert levels == [("INFO", "whole"), ("ERROR", "broken")]
    assert "鈴木" not in json.dumps(
        [vars(record)["fields"] for record in caplog.records if record.name == "portal.audit"]
    )


def test_of_a_long_chain_doctor_says_what_the_night_showed(ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.cli.checks.records._FOLLOWED_HERE", 3)
    assert "not followed for two days" in audit_chain().detail
    for city in ("tachikawa", "mitaka", CITY):
        CliRunner().invoke(main, ["audit", "verify", "--city", city])
    assert asdict(audit_chain())["level"] == "ok"
    as_owner("UPDATE event SET actor_name = '鈴木 花' WHERE id = :id", id=ids[0])
    CliRunner().invoke(main, ["audit", "verify", "--city", CITY])
    assert f"event {ids[0]} was altered" in audit_chain().detail
