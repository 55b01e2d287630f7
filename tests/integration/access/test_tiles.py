"""Tiles of cases hold the cases of this person's own offices in this city, and no text that a map does not need."""

from typing import Any

import mapbox_vector_tile
import pytest

from portal.demo.cities import demo_cities
from tests.integration.access.town import Town

ZOOMS = (8, 12, 14, 15, 17, 19)
STREET = (15, 17, 19)


def tile_at(zoom: int, lon: float, lat: float) -> tuple[int, int]:
    """The tile that contains a position."""
    from math import asinh, pi, radians, tan

    side = 2**zoom
    return int((lon + 180) / 360 * side), int((1 - asinh(tan(radians(lat))) / pi) / 2 * side)


def features(town: Town, who: str, city: str, zooms: tuple[int, ...] = ZOOMS) -> list[dict[str, Any]]:
    """Everything in the tiles around a city's centre."""
    lon, lat = next(demo.center for demo in demo_cities() if demo.key == city)
    properties = []
    for zoom in zooms:
        x, y = tile_at(zoom, lon, lat)
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                answer = town.people[who].get(f"/desk/map/cases/{zoom}/{x + dx}/{y + dy}.mvt")
                assert answer.status_code == 200
                layers = mapbox_vector_tile.decode(answer.data) if answer.data else {}
                properties += [
                    feature["properties"] | {"zoom": zoom} for layer in layers.values() for feature in layer["features"]
                ]
    return properties


def test_the_office_finds_its_cases_on_the_map(town: Town) -> None:
    shown = features(town, "officer", "hino")
    assert town.case_id in {feature.get("case_id") for feature in shown if feature["zoom"] >= 15}
    assert {feature["zoom"] for feature in shown} >= {8, 12, 14}


def test_no_tile_holds_a_case_of_another_office_or_city(town: Town) -> None:
    assert features(town, "neighbour", "hino") == []
    assert features(town, "officer there", "hino", STREET) == []
    elsewhere = features(town, "officer there", "mitaka")
    assert {feature["case_id"] for feature in elsewhere if feature["zoom"] >= 15 and "case_id" in feature} == {
        town.case_id_there
    }
    # from further away one tile reaches from one city to the other
    assert features(town, "officer", "mitaka", STREET) == []


def test_tiles_carry_no_names_and_no_answers(town: Town) -> None:
    texts = {str(value) for feature in features(town, "officer", "hino") for value in feature.values()}
    assert not [text for text in texts if "佐藤" in text or "美咲" in text or "穴" in text]


@pytest.mark.parametrize("who", ["anonymous", "owner", "resident there"])
def test_residents_get_no_tile_of_cases(town: Town, who: str) -> None:
    assert town.people[who].get("/desk/map/cases/14/14544/6453.mvt").status_code == 303


def test_a_layer_that_only_staff_may_see_is_not_served_to_residents(town: Town) -> None:
    from sqlalchemy import select, update

    from geo.tables import layer
    from portal.core.database import owner_engine

    with owner_engine().begin() as connection:
        connection.exec_driver_sql("SET LOCAL search_path = city_hino, public")
        connection.execute(update(layer).where(layer.c.key == "road-grades").values(visible_to="staff"))
        assert connection.scalar(select(layer.c.visible_to).where(layer.c.key == "road-grades")) == "staff"
    assert town.people["owner"].get("/map/layers/road-grades/12/3636/1613.mvt").status_code == 404
    assert town.people["bystander"].get("/desk/map/layers/road-grades/12/3636/1613.mvt").status_code == 200
