"""Facts, rules and overlaps of a drawn place."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from geo import LayerLookup, LayerRule, PlaceError
from geo.layer_import import LayerMetadata, import_layer
from tests.integration.geo.stalls import CROSSING, add_stall, overlap_query, point, query_place, rectangle

BOW_TIE = {
    "type": "Polygon",
    "coordinates": [[[139.41, 35.70], [139.42, 35.71], [139.42, 35.70], [139.41, 35.71], [139.41, 35.70]]],
}


def layer(connection: Connection, key: str, *features: tuple[dict[str, Any], dict[str, Any]]) -> None:
    listed = [{"type": "Feature", "properties": properties, "geometry": geometry} for properties, geometry in features]
    metadata = LayerMetadata(key=key, title={"ja": key}, kind="polygon")
    import_layer(connection, metadata, {"type": "FeatureCollection", "features": listed})


def test_measures_are_those_of_the_ground(maps: Connection) -> None:
    facts = query_place(maps, rectangle(0, 0, 20.4, 0.9)).facts
    assert facts["area_m2"] == pytest.approx(18.36, abs=0.01)
    assert facts["length_m"] == pytest.approx(42.6, abs=0.01)
    assert facts["lon"] == pytest.approx(CROSSING[0], abs=0.001)
    assert facts["lat"] == pytest.approx(CROSSING[1], abs=0.001)


def test_a_round_figure_stays_round(maps: Connection) -> None:
    assert query_place(maps, rectangle(3, 4, 10, 4)).facts["area_m2"] == 40.0


def test_a_line_has_length_and_no_area(maps: Connection) -> None:
    ring = rectangle(0, 0, 30, 40)["coordinates"][0]
    facts = query_place(maps, {"type": "LineString", "coordinates": [ring[0], ring[2]]}).facts
    assert (facts["area_m2"], facts["length_m"]) == (0.0, pytest.approx(50, abs=0.01))


def test_the_largest_share_decides_and_pieces_of_one_value_count_together(maps: Connection) -> None:
    layer(
        maps,
        "grades",
        ({"price": 900}, rectangle(0, 0, 4, 10)),
        ({"price": 620}, rectangle(4, 0, 3, 10)),
        ({"price": 620}, rectangle(7, 0, 3, 10)),
    )
    facts = query_place(maps, rectangle(0, 0, 10, 10), lookups=[LayerLookup("grades", "price", "unit_price")]).facts
    assert facts["unit_price"] == 620


def test_a_point_takes_the_zone_it_is_in(maps: Connection) -> None:
    layer(maps, "zones", ({"zone": "北"}, rectangle(-5, 0, 20, 20)), ({"zone": "南"}, rectangle(-5, -20, 20, 20)))
    x = rectangle(0, 5, 1, 1)["coordinates"][0][0]
    assert query_place(maps, point(*x), lookups=[LayerLookup("zones", "zone", "zone")]).facts["zone"] == "北"


def test_a_look_up_that_finds_nothing_is_absent(maps: Connection) -> None:
    layer(maps, "zones", ({"other": 1}, rectangle(0, 0, 20, 20)), ({"zone": "遠い"}, rectangle(500, 0, 20, 20)))
    lookups = [LayerLookup("zones", "zone", "zone"), LayerLookup("no-such-layer", "x", "y")]
    assert set(query_place(maps, rectangle(1, 1, 2, 2), lookups=lookups).facts) == {"area_m2", "length_m", "lon", "lat"}


def test_inside_may_cover_two_features_but_not_beyond(maps: Connection) -> None:
    layer(maps, "roads", ({}, rectangle(0, 0, 10, 10)), ({}, rectangle(10, 0, 10, 10)))
    within, beyond = rectangle(5, 2, 10, 5), rectangle(15, 2, 10, 5)
    rules = [LayerRule("inside", "roads"), LayerRule("intersects", "roads")]
    assert [result.holds for result in query_place(maps, within, rules=rules).rules] == [True, True]
    inside, intersects = query_place(maps, beyond, rules=rules).rules
    assert (inside.holds, intersects.holds) == (False, True)
    assert inside.finding.value == pytest.approx(25, abs=0.02)
    assert intersects.finding.value == pytest.approx(25, abs=0.02)


def test_points_are_in_or_out(maps: Connection) -> None:
    layer(maps, "zones", ({}, rectangle(-5, -5, 10, 10)))
    away = rectangle(50, 0, 1, 1)["coordinates"][0][0]
    assert (
        query_place(maps, point(), rules=[LayerRule("inside", "zones"), LayerRule("intersects", "zones")])
        .rules[0]
        .holds
    )
    assert not query_place(maps, point(*away), rules=[LayerRule("inside", "zones")]).rules[0].holds


def test_a_rule_about_an_unknown_layer_says_so(maps: Connection) -> None:
    (result,) = query_place(maps, point(), rules=[LayerRule("intersects", "nowhere")]).rules
    assert (result.holds, result.layer_exists) == (False, False)


def overlapping(
    connection: Connection, ends_on: date | None = date(2026, 12, 10), limit: int = 20, **parameters: Any
) -> list[int]:
    query = overlap_query(date(2026, 12, 1), ends_on, limit=limit, **parameters)
    result = query_place(connection, rectangle(0, 0, 10, 2), overlaps=[query])
    return [overlap.properties["market"] for overlap in result.overlaps[0]]


def test_overlaps_share_ground_and_days(maps: Connection) -> None:
    add_stall(maps, 1, rectangle(8, 0, 10, 2), phase="open", starts_on=date(2026, 12, 10), ends_on=date(2026, 12, 20))
    add_stall(maps, 2, rectangle(5, 0, 10, 2), phase="open", starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 1))
    add_stall(maps, 3, rectangle(5, 0, 10, 2), phase="open", starts_on=date(2026, 12, 11), ends_on=date(2026, 12, 20))
    add_stall(maps, 4, rectangle(10, 0, 10, 2), phase="open", starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 5))
    add_stall(maps, 5, rectangle(0, 0, 10, 2), phase="over", starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 5))
    add_stall(maps, 6, rectangle(0, 0, 10, 2), phase="open", goods="flowers")
    assert overlapping(maps) == [2, 1]
    assert overlapping(maps, except_market=2) == [1]
    assert overlapping(maps, ends_on=None) == [2, 3, 1]
    assert overlapping(maps, limit=1) == [2]


def test_an_overlap_has_its_area_its_days_and_both_geometries(maps: Connection) -> None:
    days = {"starts_on": date(2026, 12, 7), "ends_on": date(2026, 12, 11)}
    stall_id = add_stall(maps, 9, rectangle(8, 0, 10, 2), phase="open", **days)
    queries = [overlap_query(goods="flowers"), overlap_query(date(2026, 12, 1), None)]
    beside, (overlap,) = query_place(maps, rectangle(0, 0, 10, 2), overlaps=queries).overlaps
    assert beside == []
    assert overlap.area_m2 == pytest.approx(4.0, abs=0.01)
    assert (overlap.feature_id, overlap.properties) == (stall_id, {"market": 9})
    assert (overlap.starts_on, overlap.ends_on) == (date(2026, 12, 7), date(2026, 12, 11))
    assert overlap.shared["type"] == overlap.geometry["type"] == "Polygon"


def test_without_a_source_a_place_has_its_facts_alone(maps: Connection) -> None:
    add_stall(maps, 1, rectangle(0, 0, 10, 2), phase="open")
    result = query_place(maps, rectangle(0, 0, 10, 2), occupancy=None)
    assert result.facts["area_m2"] == 20.0
    assert result.overlaps == []


@pytest.mark.parametrize(
    "shape",
    [
        BOW_TIE,
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[139.4, 35.7], [139.5, 35.7]]]},
        {"type": "Point", "coordinates": ["東", 35]},
        {"type": "Point", "coordinates": [float("nan"), 35]},
        {"type": "Point", "coordinates": [1e300, 35]},
        {"type": "Point", "coordinates": [-0.1, 51.5]},
        {"type": "Circle", "coordinates": [139.4, 35.7]},
        {"coordinates": [139.4, 35.7]},
        {},
    ],
)
def test_a_shape_that_cannot_be_measured_leaves_the_transaction_whole(maps: Connection, shape: dict[str, Any]) -> None:
    with pytest.raises(PlaceError):
        query_place(maps, shape)
    assert maps.scalar(text("SELECT 1")) == 1


def test_all_that_is_asked_of_a_place_is_one_statement(maps: Connection) -> None:
    statements: list[str] = []
    event.listen(maps, "before_cursor_execute", lambda _c, _cur, statement, *_: statements.append(statement))
    query_place(
        maps,
        point(),
        lookups=[LayerLookup("a", "b", "c"), LayerLookup("d", "e", "f")],
        rules=[LayerRule("inside", "a"), LayerRule("intersects", "b")],
        overlaps=[overlap_query()],
        with_locality=True,
    )
    assert len(statements) == 1
