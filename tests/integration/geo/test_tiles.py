"""Tiles of a source: exact counts in cells, every feature once as a pin, shapes across the edge, and the index behind it."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, text

from geo import Tile
from geo.clusters import cluster_tile
from geo.tiles import etag, feature_tile, read_tile
from tests.integration.geo.stalls import CLUSTERING, CROSSING, add_stall, point, rectangle, source, stall
from tests.integration.tile_reading import plan, read, tile_of


def clusters(connection: Connection, z: int, x: int, y: int, *where: Any, **parameters: Any) -> list[dict[str, Any]]:
    """The cells of a tile."""
    statement = cluster_tile(source(*where), CLUSTERING, z)
    return read(read_tile(connection, statement, Tile(z, x, y), parameters)).get("cells", [])


def features(connection: Connection, z: int, x: int, y: int, *where: Any, **parameters: Any) -> dict[str, Any]:
    """The layers of a tile with every feature."""
    return read(read_tile(connection, feature_tile(source(*where)), Tile(z, x, y), parameters))


def test_cells_count_every_feature_by_category_and_subset(maps: Connection) -> None:
    maps.execute(
        text(
            "INSERT INTO stall (market, phase, starts_on, geom)"
            " SELECT n, (ARRAY['planned', 'open', 'over'])[1 + n % 3], date '2026-11-01' + n % 60,"
            " ST_SetSRID(ST_Point(139.36 + 0.1 * (n * 7919 % 10007) / 10007.0,"
            " 35.66 + 0.1 * (n * 10473 % 10009) / 10009.0), 4326) FROM generate_series(1, 3000) n"
        )
    )
    z, x, y = tile_of(139.41, 35.71, 11)
    total: Counter[str] = Counter()
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            for cell in clusters(maps, z, x + dx, y + dy):
                total.update({name: n for name, n in cell["properties"].items() if name != "market"})
    assert total == {"n": 3000, "planned": 1000, "open": 1000, "over": 1000, "soon": 500}


def test_a_cell_with_one_feature_says_which(maps: Connection) -> None:
    add_stall(maps, 7, point())
    (cell,) = clusters(maps, *tile_of(*CROSSING, 13))
    assert cell["properties"]["market"] == 7
    add_stall(maps, 8, point())
    (cell,) = clusters(maps, *tile_of(*CROSSING, 13))
    assert "market" not in cell["properties"]


def test_a_source_shows_only_what_its_conditions_let_pass(maps: Connection) -> None:
    for market in (1, 2, 3):
        add_stall(maps, market, point())
    up_to = stall.c.market <= bindparam("last_market")
    (cell,) = clusters(maps, *tile_of(*CROSSING, 13), up_to, last_market=2)
    assert cell["properties"]["n"] == 2
    pins = features(maps, *tile_of(*CROSSING, 17), up_to, last_market=2)["pins"]
    assert [pin["properties"]["market"] for pin in pins] == [1, 2]


def test_a_pin_has_the_properties_of_the_source_and_its_kind(maps: Connection) -> None:
    stall_id = add_stall(maps, 7, point(), phase="open", starts_on=date(2026, 12, 1))
    (pin,) = features(maps, *tile_of(*CROSSING, 17))["pins"]
    assert pin["id"] == stall_id
    assert pin["properties"] == {"market": 7, "phase": "open", "kind": "point"}


def test_an_area_over_the_edge_of_a_tile_has_its_shape_in_both_and_its_pin_in_one(maps: Connection) -> None:
    z, x, y = tile_of(*CROSSING, 18)
    _, _, east, north = Tile(z, x, y).bounds()
    add_stall(maps, 7, rectangle(-8, -40, 20, 10, origin=(east, north)))
    here, there = features(maps, z, x, y), features(maps, z, x + 1, y)
    assert len(here["areas"]) == len(there["areas"]) == 1
    assert len(here.get("pins", [])) + len(there.get("pins", [])) == 1


def test_an_empty_tile_is_no_bytes(maps: Connection) -> None:
    assert read_tile(maps, cluster_tile(source(), CLUSTERING, 12), Tile(12, 0, 0), {}) == b""
    assert read_tile(maps, feature_tile(source()), Tile(16, 0, 0), {}) == b""


def test_the_entity_tag_follows_what_is_seen(maps: Connection) -> None:
    tile = Tile(*tile_of(*CROSSING, 16))
    add_stall(maps, 7, point())
    before = read_tile(maps, feature_tile(source()), tile, {})
    add_stall(maps, 8, point())
    assert etag(before) != etag(read_tile(maps, feature_tile(source()), tile, {}))


def test_no_cell_is_finer_than_the_numbers_of_cells() -> None:
    cluster_tile(source(), CLUSTERING, 18)
    with pytest.raises(ValueError, match="no clusters above z18"):
        cluster_tile(source(), CLUSTERING, 19)


def test_each_kind_of_tile_is_answered_by_its_index(maps: Connection) -> None:
    maps.exec_driver_sql("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    tile = Tile(*tile_of(*CROSSING, 12))
    assert "Index Only Scan using ix_stall_cell" in plan(maps, cluster_tile(source(), CLUSTERING, 12), tile)
    assert "ix_stall_geom" in plan(maps, feature_tile(source()), tile)
