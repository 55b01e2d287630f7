"""Tiles of cases: exact counts while the city is in view, every place once from z15 on, and the plans behind them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection

from common.status import OPEN_STATUSES
from geo import Tile
from geo.tiles import etag
from portal.cases import case_tiles
from portal.cases.case_filter import CaseFilter
from portal.cases.case_tiles import cell_statement, close_statement
from tests.integration.cases.places import add_many, add_place, create_places
from tests.integration.geo.stalls import CROSSING, point, rectangle
from tests.integration.schema import empty_schema
from tests.integration.tile_reading import plan, read, tile_of

TODAY = date(2026, 11, 24)
EVERYTHING = CaseFilter(today=TODAY, departments=frozenset({1}))
OPEN = CaseFilter(today=TODAY, departments=frozenset({1}), statuses=frozenset(OPEN_STATUSES))


AROUND = tuple(
    (CROSSING[0] + east, CROSSING[1] + north) for east, north in ((-0.001, -0.001), (0.001, -0.001), (0, 0.001))
)
BESIDE = tuple((lon + 0.01, lat) for lon, lat in AROUND)
CROSSED = tuple(
    (CROSSING[0] + east, CROSSING[1] + north)
    for east, north in ((-1e-3, -2e-3), (1e-3, 2e-3), (1e-3, -2e-3), (-1e-3, 3e-3))
)
"""A stroke that crosses itself, as hands draw."""


@pytest.fixture(autouse=True)
def statements_anew() -> Iterator[None]:
    """No statement of a test is kept for the next one."""
    yield
    close_statement.cache_clear()
    cell_statement.cache_clear()


@pytest.fixture
def maps() -> Iterator[Connection]:
    """A connection to a schema with the table of places alone; rolled back."""
    with empty_schema("places_alone") as connection:
        create_places(connection)
        yield connection


def case_tile(connection: Connection, z: int, x: int, y: int, case_filter: CaseFilter) -> bytes:
    """A tile of cases."""
    return case_tiles.case_tile(connection, Tile(z, x, y), case_filter).content


def test_cells_count_every_case_by_status(maps: Connection) -> None:
    add_many(maps, 3000)
    add_place(maps, 1, point(), status="fix", due_on=date(2026, 11, 20))
    z, x, y = tile_of(139.41, 35.71, 11)
    counts: Counter[str] = Counter()
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            for cell in read(case_tile(maps, z, x + dx, y + dy, EVERYTHING)).get("cells", []):
                counts.update({name: n for name, n in cell["properties"].items() if name != "case_id"})
    assert counts == {"n": 3001, "new": 300, "review": 300, "fix": 1, "wait": 0, "ok": 1800, "no": 600, "late": 1}


@pytest.mark.parametrize("z", [10, 12, 14])
def test_a_tile_has_at_most_sixteen_cells_that_do_not_touch(maps: Connection, z: int) -> None:
    add_many(maps, 3000)
    cells = read(case_tile(maps, *tile_of(*CROSSING, z), EVERYTHING))["cells"]
    places = {(x // 1024, y // 1024) for x, y in (cell["geometry"]["coordinates"] for cell in cells)}
    assert len(places) == len(cells) <= 16


def test_a_lone_case_is_given_by_its_id_near_its_place(maps: Connection) -> None:
    add_place(maps, 7, point())
    z, x, y = tile_of(*CROSSING, 13)
    (cell,) = read(case_tile(maps, z, x, y, EVERYTHING))["cells"]
    assert cell["properties"]["case_id"] == 7
    west, south, east, north = Tile(z, x, y).bounds()
    tile_x, tile_y = cell["geometry"]["coordinates"]
    assert abs(tile_x / 4096 - (CROSSING[0] - west) / (east - west)) < 0.06
    assert abs(tile_y / 4096 - (north - CROSSING[1]) / (north - south)) < 0.06


def test_two_cases_in_a_cell_have_no_id(maps: Connection) -> None:
    add_place(maps, 7, point())
    add_place(maps, 8, point())
    (cell,) = read(case_tile(maps, *tile_of(*CROSSING, 13), EVERYTHING))["cells"]
    assert cell["properties"]["n"] == 2
    assert "case_id" not in cell["properties"]


def test_pins_tell_what_the_desk_needs_and_no_more(maps: Connection) -> None:
    place_id = add_place(maps, 7, point(), status="review", state="site_check", due_on=date(2026, 11, 20))
    layers = read(case_tile(maps, *tile_of(*CROSSING, 17), EVERYTHING))
    (pin,) = layers["pins"]
    assert pin["id"] == place_id
    assert pin["properties"] == {
        "case_id": 7,
        "status": "review",
        "state": "site_check",
        "due": "2026-11-20",
        "late": True,
        "procedure": "road-occupancy",
        "kind": "point",
    }
    assert not layers.get("areas")


def test_an_area_over_the_edge_of_a_tile_has_its_shape_in_both_and_its_pin_in_one(maps: Connection) -> None:
    z, x, y = tile_of(*CROSSING, 18)
    _, _, east, north = Tile(z, x, y).bounds()
    add_place(maps, 7, rectangle(-8, -40, 20, 10, origin=(east, north)))
    here, there = read(case_tile(maps, z, x, y, EVERYTHING)), read(case_tile(maps, z, x + 1, y, EVERYTHING))
    assert len(here["areas"]) == len(there["areas"]) == 1
    assert len(here.get("pins", [])) + len(there.get("pins", [])) == 1


@pytest.mark.parametrize(
    ("conditions", "cases"),
    [
        ({}, {1, 2, 3, 4}),
        ({"statuses": frozenset({"new", "ok"})}, {1, 3, 4}),
        ({"statuses": frozenset(OPEN_STATUSES)}, {1, 2, 4}),
        ({"procedures": frozenset({"dog-registration"})}, {4}),
        ({"departments": frozenset({2})}, {2}),
        ({"assignee_id": 5}, {1}),
        ({"unassigned": True}, {2, 3, 4}),
        ({"late": True}, {2}),
        ({"case_ids": frozenset({1, 4})}, {1, 4}),
        ({"case_ids": frozenset()}, set()),
        ({"period": (date(2026, 12, 1), date(2026, 12, 5))}, {1}),
        ({"period": (date(2027, 1, 1), None)}, {3}),
        ({"period": (date(2026, 11, 22), date(2026, 11, 22))}, {4}),
        ({"area": AROUND}, {1, 2, 3, 4}),
        ({"area": BESIDE}, set()),
        ({"area": CROSSED}, {1, 2, 3, 4}),
    ],
)
@pytest.mark.parametrize("z", [13, 17])
def test_filters_mean_the_same_at_every_zoom(
    maps: Connection, conditions: dict[str, Any], cases: set[int], z: int
) -> None:
    add_place(maps, 1, point(), assignee_id=5, starts_on=date(2026, 12, 5), ends_on=date(2026, 12, 20))
    add_place(maps, 2, point(), status="review", department_id=2, due_on=date(2026, 11, 23))
    add_place(maps, 3, point(), status="ok", due_on=date(2026, 11, 1), starts_on=date(2026, 12, 6))
    add_place(maps, 4, point(), procedure_key="dog-registration", submitted_at=datetime(2026, 11, 22, tzinfo=UTC))
    layers = read(
        case_tile(
            maps,
            *tile_of(*CROSSING, z),
            CaseFilter(today=TODAY, **({"departments": frozenset({1, 2})} | conditions)),
        )
    )
    if z == 13:
        assert sum(cell["properties"]["n"] for cell in layers.get("cells", [])) == len(cases)
    else:
        assert {pin["properties"]["case_id"] for pin in layers.get("pins", [])} == cases


@pytest.mark.parametrize("z", [13, 17])
def test_without_a_department_nothing_is_seen(maps: Connection, z: int) -> None:
    add_place(maps, 1, point())
    assert case_tile(maps, *tile_of(*CROSSING, z), CaseFilter(today=TODAY)) == b""


def test_an_empty_tile_is_no_bytes(maps: Connection) -> None:
    assert case_tile(maps, 12, 0, 0, EVERYTHING) == b""
    assert case_tile(maps, 16, 0, 0, EVERYTHING) == b""


def test_the_entity_tag_follows_what_is_seen(maps: Connection) -> None:
    add_place(maps, 7, point())
    before = case_tile(maps, *tile_of(*CROSSING, 16), EVERYTHING)
    add_place(maps, 8, point())
    assert etag(before) != etag(case_tile(maps, *tile_of(*CROSSING, 16), EVERYTHING))


def test_open_cases_in_the_street_come_from_the_small_index(maps: Connection) -> None:
    add_many(maps, 5000)
    statement = close_statement(OPEN.shape(), 16)
    explained = plan(maps, statement, Tile(*tile_of(*CROSSING, 16)), OPEN.parameters())
    assert "ix_case_place_open_geom" in explained


def test_counts_never_touch_the_table(maps: Connection) -> None:
    add_many(maps, 5000)
    # Rows of this very transaction are not yet marked visible for all, which would speak for reading the table.
    maps.exec_driver_sql("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    filtered = CaseFilter(today=TODAY, departments=frozenset({1}), assignee_id=3)
    for case_filter, index in (
        (EVERYTHING, "Index Scan using pk_case_place_count"),
        (filtered, "Index Only Scan using ix_case_place_cell"),
    ):
        statement = cell_statement(case_filter.shape(), 12)
        explained = plan(maps, statement, Tile(*tile_of(*CROSSING, 12)), case_filter.parameters())
        assert index in explained


def crowd(maps: Connection, number: int) -> None:
    """So many cases around the crossing, some of them with an outline."""
    for case_id in range(1, number + 1):
        east, north = case_id % 20 * 2e-5, case_id // 20 * 2e-5
        shape = (
            rectangle(-2, -2, 4, 4, origin=(CROSSING[0] + east, CROSSING[1] + north)) if case_id % 5 == 0 else point()
        )
        add_place(maps, case_id, shape, status="ok" if case_id % 3 else "new")


@pytest.mark.parametrize(
    "case_filter", [EVERYTHING, replace(EVERYTHING, assignee_id=None, period=(None, date(2030, 1, 1)))]
)
@pytest.mark.parametrize("z", [15, 17, 18])
def test_a_crowded_tile_counts_every_case_and_shows_none(
    maps: Connection, monkeypatch: pytest.MonkeyPatch, z: int, case_filter: CaseFilter
) -> None:
    monkeypatch.setattr(case_tiles, "MOST", 40)
    crowd(maps, 60)
    around = [read(case_tile(maps, z, x, y, case_filter)) for x, y in neighbours(z)]
    cells = [cell["properties"] for layers in around for cell in layers.get("cells", [])]
    pins = [pin for layers in around for pin in layers.get("pins", [])]
    assert all(not layers.get("pins") for layers in around if layers.get("cells"))
    assert cells
    assert sum(cell["n"] for cell in cells) + len(pins) == 60
    assert sum(cell["new"] for cell in cells) + sum(pin["properties"]["status"] == "new" for pin in pins) == 20


@pytest.mark.parametrize("z", [15, 16, 17, 18])
def test_a_crowd_that_is_counted_is_told_in_one_statement(
    maps: Connection, monkeypatch: pytest.MonkeyPatch, z: int
) -> None:
    monkeypatch.setattr(case_tiles, "MOST", 40)
    crowd(maps, 60)
    values = {**Tile(*tile_of(*CROSSING, z)).parameters(), **EVERYTHING.parameters()}
    _snapshot, content = maps.execute(close_statement(EVERYTHING.shape(), z), values).one()
    assert read(bytes(content)).keys() == {"cells"}


def test_near_enough_every_case_of_a_crowd_is_shown(maps: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_tiles, "MOST", 40)
    crowd(maps, 60)
    pins = [pin for x, y in neighbours(19) for pin in read(case_tile(maps, 19, x, y, EVERYTHING)).get("pins", [])]
    assert {pin["properties"]["case_id"] for pin in pins} == set(range(1, 61))


def neighbours(z: int) -> list[tuple[int, int]]:
    """The tile of the crossing and those around it."""
    _z, x, y = tile_of(*CROSSING, z)
    return [(x + across, y + down) for across in (-1, 0, 1) for down in (-1, 0, 1)]
