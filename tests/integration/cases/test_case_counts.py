"""Kept counts of cases: right at every moment, whoever writes, and the same tiles as counting anew."""

import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from common.status import OPEN_STATUSES
from geo import Tile
from geo.clusters import cluster_tile, clusters_of
from geo.tiles import read_tile
from portal.cases import case_counting, case_tiles, place_counts, retention
from portal.cases.assigning import assign
from portal.cases.case_filter import CaseFilter
from portal.cases.case_list_conditions import parameters
from portal.cases.case_list_query import CaseListQuery
from portal.cases.day_counts import _statement, count_days
from portal.cases.moves import MoveInputs, apply_transition, backdate
from portal.core.clock import TOKYO, frozen
from portal.core.database import city_session
from tests.integration.cases.definitions import PERMIT, rectangle
from tests.integration.cases.places import add_many, add_place, create_places
from tests.integration.geo.stalls import CROSSING, point
from tests.integration.schema import empty_schema
from tests.integration.tile_reading import read, tile_of
from tests.kit.office import Office, open_office

TODAY = date(2026, 11, 24)
EARLIEST, LATEST = date(2026, 1, 1), date(2027, 2, 20)
DEPARTMENTS = frozenset({1, 2})
ANSWERS = {
    "name": {"family": "左衛門", "given": "美咲"},
    "account": "秘密1234",
    "period": {"start": "2027-01-10", "end": "2027-02-09"},
    "area": rectangle(139.41, 35.70),
}
FILTERS = [
    CaseFilter(today=TODAY, departments=DEPARTMENTS),
    CaseFilter(today=TODAY, departments=frozenset({2})),
    CaseFilter(today=TODAY, departments=DEPARTMENTS, statuses=frozenset(OPEN_STATUSES)),
    CaseFilter(today=TODAY, departments=DEPARTMENTS, statuses=frozenset({"ok", "new"})),
    CaseFilter(today=TODAY, departments=DEPARTMENTS, procedures=frozenset({"dog-registration", "road-damage"})),
]


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session in a schema with the table of places and its counts alone; rolled back. Its day is `TODAY`."""
    monkeypatch.setattr(case_counting, "today", lambda: TODAY)
    with empty_schema("counted_places") as connection:
        create_places(connection)
        with Session(bind=connection) as session:
            yield session


def cells(places: Session, case_filter: CaseFilter, zoom: int, *, kept: bool) -> list[tuple[object, ...]]:
    """What the tiles around the crossing count, from kept counts or anew, each cell by its place in the grid."""
    shape = case_filter.shape()
    clustering = case_tiles._clustering(shape)
    anew = cluster_tile(case_tiles._source(shape), clustering, zoom)
    statement = clusters_of(place_counts.counted_rows(shape, zoom), clustering) if kept else anew
    _z, x, y = tile_of(*CROSSING, zoom)
    cells = []
    for tile in (Tile(zoom, x + across, y + down) for across in (-1, 0, 1) for down in (-1, 0, 1)):
        for cell in read(read_tile(places, statement, tile, case_filter.parameters())).get("cells", []):
            column, row = (int(value) // 1024 for value in cell["geometry"]["coordinates"])
            cells.append((tile.x, tile.y, column, row, *sorted(cell["properties"].items())))
    return sorted(cells)


def change_at_random(connection: Connection | Session, dice: random.Random) -> None:
    """Something that happens to a place."""
    where = f"id = (SELECT id FROM case_place ORDER BY abs(id - {dice.randrange(1, 3000)}) LIMIT 1)"
    connection.execute(
        text(
            dice.choice(
                [
                    f"UPDATE case_place SET status = '{dice.choice(['new', 'review', 'fix', 'ok', 'no'])}' WHERE {where}",
                    f"UPDATE case_place SET department_id = {dice.randrange(1, 4)} WHERE {where}",
                    f"UPDATE case_place SET due_on = date '2026-11-20' + {dice.randrange(9)} WHERE {where}",
                    f"UPDATE case_place SET geom = ST_Translate(geom, {dice.uniform(-0.01, 0.01)}, 0) WHERE {where}",
                    f"UPDATE case_place SET assignee_id = {dice.randrange(9)} WHERE {where}",
                    f"DELETE FROM case_place WHERE {where}",
                ]
            )
        )
    )


@pytest.mark.parametrize("zoom", [9, 11, 13, 14, 16, 17])
def test_tiles_from_counts_are_those_counted_anew(places: Session, zoom: int) -> None:
    dice = random.Random(zoom)
    add_many(places.connection(), 600)
    case_counting.fold(places, at_once=True)
    add_place(
        places.connection(), 7, point(), procedure_key="dog-registration", department_id=2, status="fix", due_on=TODAY
    )
    for _ in range(60):
        change_at_random(places, dice)
    for _folded in range(2):
        for case_filter in FILTERS:
            counted = cells(places, case_filter, zoom, kept=True)
            assert counted == cells(places, case_filter, zoom, kept=False)
            assert counted or case_filter is not FILTERS[0]
        case_counting.fold(places, at_once=True)
    assert places.scalar(text("SELECT count(*) FROM case_place_change")) == 0


def test_what_is_late_is_so_from_midnight_on_whenever_it_is_counted(
    places: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(6):
        add_place(places.connection(), day + 1, point(), due_on=TODAY - timedelta(days=3 - day))
    case_counting.fold(places, at_once=True)
    for days in (0, 1, 2, -1):
        there = CaseFilter(today=TODAY + timedelta(days=days), departments=DEPARTMENTS)
        assert cells(places, there, 12, kept=True) == cells(places, there, 12, kept=False)
    monkeypatch.setattr(case_counting, "today", lambda: TODAY + timedelta(days=2))
    places.execute(text("UPDATE case_place SET status = 'ok' WHERE case_id = 4"))
    add_place(places.connection(), 9, point(), due_on=TODAY)
    case_counting.fold(places)
    late = places.scalar(text("SELECT sum(late) FROM case_place_count WHERE level = 13 AND procedure_key = ''"))
    assert late == 5
    assert case_counting.place_differences(places) == 0


def test_changes_stay_for_some_minutes(places: Session) -> None:
    case_counting.fold(places)
    add_place(places.connection(), 7, point())
    case_counting.fold(places)
    assert places.scalar(text("SELECT count(*) FROM case_place_change")) == 1
    places.execute(text("UPDATE case_count_state SET marked_at = marked_at - interval '11 minutes'"))
    case_counting.fold(places)
    assert places.scalar(text("SELECT sum(n) FROM case_place_count WHERE level = 18 AND procedure_key = ''")) == 1


def test_counts_that_somebody_spoiled_are_corrected(places: Session) -> None:
    add_many(places.connection(), 300)
    case_counting.fold(places, at_once=True)
    places.execute(text("UPDATE case_place_count SET n = n + 1 WHERE level = 14 AND status = 'new'"))
    places.execute(text("DELETE FROM case_place_count WHERE level = 15"))
    assert case_counting.place_differences(places) > 0
    add_place(places.connection(), 7, point())
    case_counting.correct_places(places)
    assert case_counting.place_differences(places) == 0
    assert cells(places, FILTERS[0], 12, kept=True) == cells(places, FILTERS[0], 12, kept=False)


def right(session: Session) -> bool:
    """Whether the kept counts, with what has changed since, are a full count."""
    return (case_counting.place_differences(session), case_counting.day_differences(session)) == (0, 0)


def test_what_residents_and_clerks_do_and_what_is_erased_is_counted(office: Office) -> None:
    session = office.session
    before = day_counts(session)
    with frozen(datetime(2026, 11, 28, 10, tzinfo=TOKYO)):
        case = office.apply("test-permit", ANSWERS)
        assert right(session)
        assert len(day_counts(session) - before) == 2
        case_counting.fold(session, at_once=True)
        apply_transition(session, case.id, "accept", office.actor, roles=("clerk",))
        assign(session, case, office.staff.id, office.actor)
        apply_transition(
            session, case.id, "refuse", office.actor, roles=("decider",), inputs=MoveInputs(note="図が違います。")
        )
        assert right(session)
        backdate(session, case, timedelta(days=3))
        assert right(session)
    with frozen(datetime(2032, 4, 2, tzinfo=TOKYO)):
        case_counting.fold(session)
        assert retention.erase_batch(session) == 1
        assert right(session)
    case_counting.fold(session, at_once=True)
    assert right(session)


def day_counts(session: Session) -> set[tuple[object, ...]]:
    """The days on which permits begin and end, with how many."""
    query = CaseListQuery(
        filter=CaseFilter(today=TODAY, departments=frozenset(range(1000)), procedures=frozenset({"test-permit"})),
        text="",
        bbox=None,
        order="new",
        after=None,
    )
    begins, ends = count_days(session, query, earliest=TODAY, latest=TODAY + timedelta(days=400))
    return {("begins", *each) for each in begins.items()} | {("ends", *each) for each in ends.items()}


@pytest.mark.parametrize(
    "statuses", [frozenset(), frozenset(OPEN_STATUSES), frozenset({"review"}), frozenset({"ok", "no"})]
)
def test_days_from_counts_are_those_counted_anew(office: Office, statuses: frozenset[str]) -> None:
    office.apply("test-permit", ANSWERS)
    refused = office.apply("test-permit", ANSWERS | {"period": {"start": "2027-02-01", "end": "2027-03-01"}})
    office.apply("test-registration", {"name": {"family": "佐藤", "given": "美咲"}})
    case_counting.fold(office.session, at_once=True)
    apply_transition(office.session, refused.id, "accept", office.actor, roles=("clerk",))
    departments = frozenset(range(1000))
    for procedures in (frozenset(), frozenset({"test-permit"})):
        case_filter = CaseFilter(TODAY, statuses, procedures, departments)
        query = CaseListQuery(filter=case_filter, text="", bbox=None, order="new", after=None)
        kept = count_days(office.session, query, earliest=EARLIEST, latest=LATEST)
        limits = {"earliest": EARLIEST, "latest": LATEST}
        anew = office.session.execute(_statement(query.shape()), parameters(query) | limits).all()
        assert kept == ({day: n for day, n, _ in anew if n}, {day: n for day, _, n in anew if n})


def test_counts_are_right_while_many_write(scratch_city: str) -> None:
    """Eight write at once, in transactions of several changes of which some are rolled back, while others fold and compare."""
    with city_session(scratch_city) as session:
        office = open_office(session, {"test-permit": PERMIT})
        case_id = office.apply("test-permit", ANSWERS).id
    copies = copy_cases(scratch_city, case_id, 60)
    done = Event()

    def write(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(25):
            with city_session(scratch_city) as session:
                for case_id in sorted(dice.sample(copies, dice.randrange(1, 4))):
                    change_a_case(session, dice, case_id)
                if dice.random() < 0.2:
                    session.rollback()

    def look() -> int:
        seen = 0
        while not done.is_set() or not seen:
            with city_session(scratch_city) as session:
                assert right(session)
            seen += 1
        return seen

    def keep_folding() -> None:
        while not done.is_set():
            with city_session(scratch_city) as session:
                case_counting.fold(session, at_once=True)

    with ThreadPoolExecutor(11) as threads:
        others = [threads.submit(look), threads.submit(look), threads.submit(keep_folding)]
        try:
            for writer in [threads.submit(write, seed) for seed in range(8)]:
                writer.result(120)
        finally:
            done.set()
        assert all(other.result(60) is None or other.result() for other in others)
    with city_session(scratch_city) as session:
        case_counting.fold(session, at_once=True)
        assert right(session)
        total = session.scalar(text("SELECT sum(n) FROM case_place_count WHERE level = 13 AND procedure_key = ''"))
        assert total == session.scalar(text("SELECT count(*) FROM case_place"))


_COLUMNS = text(
    "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = CAST(:table AS regclass)"
    " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> 'id'"
)


def copy_cases(city: str, case_id: int, number: int) -> list[int]:
    """So many cases like one, with their places; their ids."""
    with city_session(city) as session:
        columns = {table: session.scalar(_COLUMNS, {"table": table}) for table in ("case_file", "case_place")}

        def copy(table: str, owner: str, changed: dict[str, object]) -> int:
            row = f"jsonb_populate_record((SELECT t FROM {table} t WHERE {owner} = :case_id LIMIT 1), :changed)"
            insert = f"INSERT INTO {table} ({columns[table]}) SELECT {columns[table]} FROM {row} RETURNING id"
            return int(session.scalar(text(insert), {"case_id": case_id, "changed": json.dumps(changed)}))

        ids = []
        for n in range(number):
            ids.append(copy("case_file", "id", {"number": f"日-X-{n}", "public_id": f"copy-{n}", "draft_id": None}))
            copy("case_place", "case_id", {"case_id": ids[-1]})
        return ids


_OTHER_DEPARTMENT = "department_id = (SELECT id FROM department ORDER BY id OFFSET :day % 3 LIMIT 1)"
ACTS = [
    (
        "UPDATE case_file SET status = :status, closed_at = CASE WHEN :status IN ('ok', 'no') THEN now() END WHERE id = :id",
        "UPDATE case_place SET status = :status, due_on = date '2026-11-20' + :day WHERE case_id = :id",
    ),
    (
        f"UPDATE case_file SET {_OTHER_DEPARTMENT} WHERE id = :id",
        f"UPDATE case_place SET {_OTHER_DEPARTMENT} WHERE case_id = :id",
    ),
    (
        "UPDATE case_file SET starts_on = date '2027-01-01' + :day WHERE id = :id",
        "UPDATE case_place SET geom = ST_Translate(geom, 0.0001 * (:day - 10), 0) WHERE case_id = :id",
    ),
    ("SELECT FROM case_file WHERE id = :id FOR UPDATE", "DELETE FROM case_place WHERE case_id = :id"),
    (
        "UPDATE case_file SET unread = NOT unread WHERE id = :id",
        "UPDATE case_place SET assignee_id = :day WHERE case_id = :id",
    ),
]
"""What can happen to a case and its places; the case is changed, and so locked, first."""


def change_a_case(session: Session, dice: random.Random, case_id: int) -> None:
    """Something that happens to a case and its places."""
    values = {"status": dice.choice(["new", "review", "fix", "ok", "no"]), "day": dice.randrange(20), "id": case_id}
    for statement in dice.choice(ACTS):
        session.execute(text(statement), values)
