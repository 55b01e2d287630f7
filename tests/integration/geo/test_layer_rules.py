"""Every rule and look-up about layers, judged a second time by shapely, and what is said near an edge."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union
from sqlalchemy import Connection, event, text

from geo import LayerLookup, LayerRule, LayerRuleResult, Selection
from geo.layer_rules import CONTACT_M, SLIVER
from geo.place_query import query_place
from tests.integration.geo.ground import on_earth, set_layer, square
from tests.integration.geo.stalls import SRID


def judge(connection: Connection, place: BaseGeometry, *rules: LayerRule) -> list[LayerRuleResult]:
    return query_place(connection, on_earth(place), rules=rules, srid=SRID).rules


def look_up(connection: Connection, place: BaseGeometry, **lookup: Any) -> Any:
    lookups = [LayerLookup("ground", lookup.pop("property", None), "fact", **lookup)]
    return query_place(connection, on_earth(place), lookups=lookups, srid=SRID).lookups["fact"]


def shapes(offset: float) -> st.SearchStrategy[BaseGeometry]:
    """Points, lines and areas on a grid of a quarter metre, moved by an offset: what lies on the same line is left to the examples."""
    coordinate = st.integers(-60, 60).map(lambda quarter: quarter / 4 + offset)
    position = st.tuples(coordinate, coordinate)
    triangle = st.lists(position, min_size=3, max_size=3).map(Polygon).filter(lambda area: area.area > 1)
    box = st.builds(square, coordinate, coordinate, st.integers(1, 80).map(lambda quarter: quarter / 4))
    line = st.lists(position, min_size=2, max_size=4, unique=True).map(LineString).filter(lambda way: way.is_simple)
    holed = box.filter(lambda area: area.area > 4).map(
        lambda area: Polygon(area.exterior, [area.centroid.buffer(0.3).exterior])
    )
    return st.one_of(position.map(Point), line, triangle, box, holed)


places = shapes(0.05)
grounds = st.lists(shapes(0.11), max_size=4)


def depth(feature: BaseGeometry, place: BaseGeometry) -> BaseGeometry:
    """What the wider of two shapes still has in common with the other when it is shrunk by the contact."""
    if feature.geom_type == "Polygon":
        return feature.buffer(-CONTACT_M).intersection(place)
    return place.buffer(-CONTACT_M).intersection(feature)


def size(shared: BaseGeometry, place: BaseGeometry) -> float:
    if place.geom_type == "Polygon":
        return shared.area
    return shared.length if place.geom_type == "LineString" else float(not shared.is_empty)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=places, ground=grounds)
def test_every_rule_agrees_with_shapely(maps: Connection, place: BaseGeometry, ground: list[BaseGeometry]) -> None:
    set_layer(maps, [(feature, {"name": f"{number}"}) for number, feature in enumerate(ground)])
    rules = [
        *(LayerRule(kind, "ground") for kind in ("inside", "intersects", "outside", "covers", "touches")),
        *(LayerRule(kind, "ground", within=5.03) for kind in ("nearer", "farther")),
        LayerRule("share", "ground", at_least=33.3),
        LayerRule("length", "ground", at_least=3.03),
        LayerRule("count", "ground", within=5.03, at_most=1),
    ]
    answers = {result.rule.kind: result for result in judge(maps, place, *rules)}
    together = unary_union(ground) if ground else Polygon()
    on = size(together.intersection(place), place)
    total = size(place, place)
    distances = sorted(feature.distance(place) for feature in ground)
    lower = [feature for feature in ground if feature.geom_type != "Polygon"]
    meets = on > SLIVER or any(feature.relate_pattern(place, "T********") for feature in lower)
    expected = {
        "inside": total - on < SLIVER and on > 0,
        "covers": any(place.covers(feature) for feature in ground),
        "nearer": bool(distances) and distances[0] <= 5.03,
        "farther": not distances or distances[0] > 5.03,
        "share": 100 * on / total >= 33.3,
        "count": sum(distance <= 5.03 for distance in distances) <= 1,
        "touches": any(feature.distance(place) <= CONTACT_M and depth(feature, place).is_empty for feature in ground),
    }
    if not 0 < on <= 2 * SLIVER:
        expected |= {"outside": not meets}
        if all(feature.geom_type == "Polygon" for feature in ground):
            expected["intersects"] = meets
    # A degree of longitude and the plane draw a line of some metres to a tenth of a millimetre alike.
    assert {kind: answers[kind].holds for kind in expected} == expected  # type: ignore[index] # kinds of rules
    if answers["nearer"].finding.value is not None:
        assert answers["nearer"].finding.value == pytest.approx(distances[0], abs=0.02)
    assert answers["count"].finding.value == sum(distance <= 5.03 for distance in distances)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=places, ground=grounds)
def test_every_look_up_agrees_with_shapely(maps: Connection, place: BaseGeometry, ground: list[BaseGeometry]) -> None:
    set_layer(maps, [(feature, {"name": f"{number}"}) for number, feature in enumerate(ground)])
    lookups = [
        LayerLookup("ground", "name", "largest"),
        LayerLookup("ground", "name", "all", "all"),
        LayerLookup("ground", "name", "nearest", "nearest", within=1000),
        LayerLookup("ground", None, "distance", "distance", within=1000),
        LayerLookup("ground", None, "area", "area"),
        LayerLookup("ground", None, "count", "count", within=3.03),
    ]
    answers = query_place(maps, on_earth(place), lookups=lookups, srid=SRID).lookups
    sizes = {f"{number}": size(feature.intersection(place), place) for number, feature in enumerate(ground)}
    near = {f"{number}": feature.distance(place) for number, feature in enumerate(ground)}
    largest = max(sizes.values(), default=0)
    if largest > SLIVER:
        assert sizes[answers["largest"].value] == pytest.approx(largest, abs=0.01)
    assert {name for name, part in sizes.items() if part > SLIVER} <= set(answers["all"].value)
    if near:
        assert near[answers["nearest"].value] == pytest.approx(min(near.values()), abs=0.02)
        assert answers["distance"].value == pytest.approx(min(near.values()), abs=0.02)
    else:
        assert answers["nearest"].value is None
    assert answers["count"].value == sum(distance <= 3.03 for distance in near.values())
    if place.geom_type == "Polygon":
        together = unary_union(ground) if ground else Polygon()
        assert answers["area"].value == pytest.approx(together.intersection(place).area, abs=0.02)


def test_a_frontage_is_the_part_of_the_outline_that_runs_on_a_road(maps: Connection) -> None:
    set_layer(maps, [(Polygon([(-20, -4), (40, -4), (40, 0), (-20, 0)]), {})])
    (frontage,) = judge(maps, square(0, 0), LayerRule("length", "ground", at_least=2))
    assert (frontage.holds, frontage.finding.value) == (
        True,
        pytest.approx(10.2, abs=0.01),
    )  # and its contact on both sides


def test_only_chosen_features_and_days_count(maps: Connection) -> None:
    works = {"kind": "gas", "from": "2026-12-01", "until": "2026-12-10"}
    set_layer(maps, [(square(0, 0), works), (square(2, 2), {"kind": "water", "from": "2026-13-45"})])

    def holds(**selection: Any) -> bool:
        return judge(maps, square(1, 1), LayerRule("outside", "ground", selection=Selection(**selection)))[0].holds

    days = {"since": "from", "until": "until"}
    assert holds(only={"kind": ["power", "telephone"]})
    assert not holds(only={"kind": ["gas"]})
    assert not holds(only={"kind": ["gas"]}, starts_on=date(2026, 12, 10), ends_on=date(2026, 12, 20), **days)
    assert holds(only={"kind": ["gas"]}, starts_on=date(2026, 12, 11), ends_on=date(2026, 12, 20), **days)
    assert not holds(only={"kind": ["water"]}, starts_on=date(2026, 12, 11), since="from", until="until")


@pytest.mark.parametrize(("x", "near"), [(5, False), (9.5, True), (10.5, True), (12, False)])
def test_near_an_edge_the_answer_says_so(maps: Connection, x: float, near: bool) -> None:
    set_layer(maps, [(square(0, 0), {"zone": "商業"})], tolerance_m=1)
    spot = Point(x, 5)
    kinds = [LayerRule(kind, "ground") for kind in ("inside", "intersects", "outside")]
    assert [result.finding.near_boundary for result in judge(maps, spot, *kinds)] == [near] * 3
    assert look_up(maps, spot, property="zone").near_boundary is near
    assert look_up(maps, spot, property="zone", take="all").near_boundary is near


def test_joints_between_features_are_an_edge_for_their_values_alone(maps: Connection) -> None:
    set_layer(maps, [(square(0, 0), {"zone": "商業"}), (square(10, 0), {"zone": "住居"})], tolerance_m=1)
    spot = Point(9.5, 5)
    assert not judge(maps, spot, LayerRule("inside", "ground"))[0].finding.near_boundary
    assert look_up(maps, spot, property="zone").near_boundary
    assert not look_up(maps, Point(8, 5), property="zone").near_boundary


def test_a_size_that_might_cross_its_bound_is_near(maps: Connection) -> None:
    set_layer(maps, [(square(0, 0), {})], tolerance_m=0.5)
    half = square(5, 0)
    bounds = [LayerRule("share", "ground", at_least=percent) for percent in (48, 20)]
    assert [result.finding.near_boundary for result in judge(maps, half, *bounds)] == [True, False]
    assert [result.holds for result in judge(maps, half, *bounds)] == [True, True]
    assert look_up(maps, half, take="area").near_boundary
    (far,) = judge(maps, Point(110.3, 5), LayerRule("nearer", "ground", within=100))
    assert (far.holds, far.finding.near_boundary) == (False, True)


def test_a_city_sets_the_tolerance_of_layers_that_say_nothing(maps: Connection) -> None:
    set_layer(maps, [(square(0, 0), {})])
    maps.execute(text("UPDATE layer SET tolerance_m = NULL WHERE key = 'ground'"))
    maps.execute(text("INSERT INTO layer_setting (tolerance_m) VALUES (2)"))
    assert judge(maps, Point(8.5, 5), LayerRule("inside", "ground"))[0].finding.near_boundary


def test_findings_name_their_features(maps: Connection) -> None:
    set_layer(maps, [(square(0, 0), {"zone": "商業"}), (square(20, 0), {"zone": "住居"})])
    ids = list(
        maps.execute(text("SELECT f.id FROM layer_feature f JOIN layer l ON l.id = layer_id ORDER BY f.id")).scalars()
    )
    assert look_up(maps, Point(5, 5), property="zone").features == ids[-2:-1]
    assert look_up(maps, Point(17, 5), property="zone", take="nearest", within=50).features == ids[-1:]
    (count,) = judge(maps, Point(15, 5), LayerRule("count", "ground", within=6, at_least=2))
    assert (count.holds, sorted(count.finding.features)) == (True, ids[-2:])


def test_features_are_found_by_the_index(maps: Connection) -> None:
    set_layer(maps, [(square(x * 30, y * 30), {"zone": f"{x}"}) for x in range(-15, 15) for y in range(-15, 15)])
    maps.execute(text("ANALYZE layer_feature"))
    for rule in (LayerRule("inside", "ground"), LayerRule("count", "ground", within=20)):
        statements: list[tuple[str, object]] = []

        def keep(_connection: object, _cursor: object, statement: str, parameters: object, *_more: object) -> None:
            statements.append((statement, parameters))  # noqa: B023 - used up within the turn

        event.listen(maps, "before_cursor_execute", keep)
        judge(maps, Point(5, 5), rule)
        event.remove(maps, "before_cursor_execute", keep)
        ((statement, parameters),) = statements
        explained = "\n".join(maps.exec_driver_sql(f"EXPLAIN (COSTS OFF) {statement}", parameters).scalars())
        assert "Index Scan using ix_layer_feature_geom" in explained
        assert "Seq Scan on layer_feature" not in explained
