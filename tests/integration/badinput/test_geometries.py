"""Any geometry at every place that takes one: an answer, or a sentence, and never a break."""

import json
from typing import Any
from urllib.parse import urlencode

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from geo import LayerLookup, LayerRule, PlaceError, Selection
from geo.layer_rules import RuleKind, Take
from geo.place_query import query_place
from portal.core.database import city_session
from portal.core.tenancy import city as city_of
from tests.integration.badinput.conftest import CITY, draft_of
from tests.kit.browser import Browser

LAYERS = ("city-boundary", "city-roads", "no-such-layer")
RULES: tuple[RuleKind, ...] = (
    "inside", "intersects", "touches", "outside", "covers", "nearer", "farther", "share", "length", "count",
)  # fmt: skip
TAKES: tuple[Take, ...] = ("largest", "nearest", "all", "distance", "share", "area", "length", "count", "touches")

near = st.tuples(st.floats(139.38, 139.42), st.floats(35.65, 35.69)).map(list)
far = st.one_of(st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(list), st.sampled_from([[180, 35], [-180, 90]]))
broken = st.lists(st.one_of(st.floats(), st.integers(), st.none(), st.text(max_size=2)), max_size=4)
positions = st.one_of(near, near, near, far, broken)
runs = st.lists(positions, max_size=7)
closed = st.lists(near, min_size=3, max_size=7).map(lambda corners: [*corners, corners[0]])
nested = st.one_of(
    runs, st.lists(st.one_of(closed, closed, runs), max_size=3), st.lists(st.lists(closed, max_size=2), max_size=2)
)
wild = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["Point", "MultiPoint", "LineString", "Polygon", "MultiPolygon", "GeometryCollection", "Curve"]
        ),
        "coordinates": st.one_of(positions, nested),
    }
)
drawn = st.one_of(
    near.map(lambda position: {"type": "Point", "coordinates": position}),
    st.lists(near, min_size=2, max_size=7).map(lambda run: {"type": "LineString", "coordinates": run}),
    closed.map(lambda ring: {"type": "Polygon", "coordinates": [ring]}),
)
"""What a hand can draw: crossing itself, running back on itself, of no extent."""
geometries = st.one_of(wild, drawn)
examples = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.usefixtures("city")
@settings(examples, max_examples=60)
@given(geometry=geometries, within=st.sampled_from([0, 0.5, 20_000]), days=st.booleans())
def test_every_rule_and_look_up_answers_or_refuses_the_shape(
    geometry: dict[str, Any], within: float, days: bool
) -> None:
    chosen = Selection(only={"road_name": ["市道", 1, None]}, since="from", until="no such") if days else Selection()
    rules = [
        LayerRule(kind, layer, within=within, at_least=0.1, at_most=50, selection=chosen)
        for kind in RULES
        for layer in LAYERS
    ]
    lookups = [
        LayerLookup(layer, "road_name", f"{layer}-{take}", take, within=within, selection=chosen)
        for take in TAKES
        for layer in LAYERS
    ]
    with city_session(CITY) as session:
        try:
            told = query_place(session, geometry, rules=rules, lookups=lookups, srid=city_of(CITY).plane.srid)
        except PlaceError:
            pass
        else:
            assert len(told.rules) == len(rules)
            assert told.lookups.keys() == {lookup.name for lookup in lookups}
        assert session.connection().exec_driver_sql("SELECT 1").scalar() == 1


@examples
@given(geometry=geometries)
def test_a_question_for_a_place_takes_it_or_says_what_is_wrong(resident: Browser, geometry: dict[str, Any]) -> None:
    address = f"/apply/d/{draft_of('road-occupancy')}/place"
    posted = {"area.geometry": json.dumps(geometry), "area.source": "drawn"}
    for action in ("/live", "/autosave"):
        assert resident.post(address + action, posted).status_code == 200
    answer = resident.post(address, posted)
    assert answer.status_code in {303, 422}
    assert answer.status_code == 303 or 'href="#area' in answer.text


def _positions(geometry: dict[str, Any]) -> list[Any]:
    """The positions of a geometry in a row."""
    waiting, flat = [geometry["coordinates"]], []
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, list) and each and not any(isinstance(part, list) for part in each):
            flat.append(each)
        elif isinstance(each, list):
            waiting += each
    return flat


@examples
@given(geometry=geometries)
def test_positions_typed_at_the_desk_are_a_place_or_named(officer: Browser, geometry: dict[str, Any]) -> None:
    lines = "\n".join(", ".join(str(number) for number in reversed(each)) for each in _positions(geometry))
    for path, more in (("/desk/dossiers", {}), ("/desk/neighbours", {"metres": "20", "purpose": "工事のお知らせ"})):
        answer = officer.post(path, {"positions": lines, **more})
        assert answer.status_code in {303, 422}, path
        assert answer.status_code == 303 or "<html" in answer.text


@examples
@given(geometry=geometries)
def test_areas_boxes_and_spots_in_addresses_are_read_or_left_out(officer: Browser, geometry: dict[str, Any]) -> None:
    flat = [number for each in _positions(geometry) for number in each][:40]
    steps = "_".join(f"{number:.0f}" if isinstance(number, float | int) else str(number) for number in flat)
    for path in ("/desk", "/desk/map/cases/14/14544/6453.mvt", "/desk/density", "/desk/period"):
        query = urlencode({"area": steps, "bbox": ",".join(map(str, flat[:4])), "shown": ",".join(map(str, flat[:4]))})
        assert officer.get(f"{path}?{query}").status_code in {200, 204}, path
    at = urlencode({"at": "17/" + "/".join(map(str, flat[:2])), "layers": "city-roads"})
    assert officer.get(f"/desk/map/features?{at}").status_code in {200, 422}
    box = urlencode({"bbox": ",".join(map(str, flat[:4]))})
    assert officer.get(f"/desk/ogc/collections/city-roads/items?{box}").status_code in {200, 400}


def _wkt(geometry: dict[str, Any]) -> str:
    def spelt(each: Any) -> str:
        if isinstance(each, list) and each and not any(isinstance(part, list) for part in each):
            return " ".join(map(str, each))
        return "(" + ", ".join(map(spelt, each)) + ")" if isinstance(each, list) else str(each)

    return f"{geometry['type'].upper()}{spelt(geometry['coordinates'])}"


@examples
@given(geometry=geometries, word=st.sampled_from(["S_INTERSECTS", "S_WITHIN", "S_TOUCHES", "S_EQUALS", "S_CROSSES"]))
def test_a_filter_by_any_shape_is_answered_or_refused(officer: Browser, geometry: dict[str, Any], word: str) -> None:
    for layer in ("city-roads", "cases.road-occupancy.area"):
        query = urlencode({"filter": f"{word}(geometry, {_wkt(geometry)})", "limit": "1"}, errors="surrogatepass")
        answer = officer.get(f"/desk/ogc/collections/{layer}/items?{query}")
        assert answer.status_code in {200, 400, 404}, answer.text
