"""The schematic base map: complete, valid, small, in painting order, and near enough to the ground."""

import json
from importlib.resources import files

import pytest
from shapely.geometry import Point, shape

from geo import basemap

ORDER = [
    "outside", "city", "park", "civic", "bank", "river", "canal", "road-minor", "lot", "lot-line", "sidewalk", "carriageway",
    "park", "lane", "zebra", "road-minor", "road-major", "rail", "monorail", "building", "tree",
    "facility", "station", "town-label",
]  # fmt: skip


def of(kind: str) -> list[dict[str, object]]:
    return [
        feature["properties"] | {"shape": shape(feature["geometry"])}
        for feature in basemap.features()
        if feature["properties"]["kind"] == kind
    ]


def test_it_is_small() -> None:
    assert len(files("geo.basemap").joinpath("schematic.geojson").read_bytes()) < 150 * 1024


def test_features_are_in_painting_order() -> None:
    kinds = [feature["properties"]["kind"] for feature in basemap.features()]
    assert [kind for n, kind in enumerate(kinds) if n == 0 or kinds[n - 1] != kind] == ORDER


def test_every_kind_has_a_colour_and_every_feature_a_zoom() -> None:
    invented = {"street", "house", "field"}
    assert {feature["properties"]["kind"] for feature in basemap.features()} | invented == set(basemap.style())
    assert all(10 <= feature["properties"]["min_zoom"] <= 18 for feature in basemap.features())


def test_shapes_are_valid() -> None:
    invalid = [feature["properties"] for feature in basemap.features() if not shape(feature["geometry"]).is_valid]
    assert invalid == []


@pytest.mark.parametrize(
    ("city", "hall", "area_km2"),
    [
        ("tachikawa", (139.4077, 35.7137), 24.36),
        ("mitaka", (139.5595, 35.6836), 16.42),
        ("hino", (139.3951, 35.6713), 27.55),
    ],
)
def test_a_city_has_its_size_and_its_hall(city: str, hall: tuple[float, float], area_km2: float) -> None:
    (outline,) = [properties["shape"] for properties in of("city") if properties["city"] == city]
    assert outline.contains(Point(*hall))
    assert outline.area * 111.0 * 90.3 == pytest.approx(area_km2, rel=0.03)


def test_cities_do_not_overlap_and_the_outside_is_the_rest() -> None:
    outlines = [properties["shape"] for properties in of("city")]
    (outside,) = [properties["shape"] for properties in of("outside")]
    for number, outline in enumerate(outlines):
        for other in [*outlines[number + 1 :], outside]:
            assert outline.intersection(other).area < 1e-7


@pytest.mark.parametrize(
    ("name", "place"),
    [("立川駅", (139.4137, 35.6980)), ("三鷹駅", (139.5607, 35.7027)), ("日野駅", (139.3938, 35.6792))],
)
def test_stations_lie_on_their_line(name: str, place: tuple[float, float]) -> None:
    (station,) = [properties["shape"] for properties in of("station") if properties["name"] == name]
    (chuo,) = [properties["shape"] for properties in of("rail") if properties["name"] == "中央線"]
    assert station.distance(Point(*place)) < 0.001
    assert chuo.distance(station) < 0.0006


def test_named_things_of_each_city_are_there() -> None:
    names = {feature["properties"].get("name") for feature in basemap.features()}
    assert {
        "多摩川",
        "浅川",
        "玉川上水",
        "残堀川",
        "国営昭和記念公園",
        "井の頭恩賜公園",
        "多摩動物公園",
        "野川公園",
    } <= names
    assert {"甲州街道", "新奥多摩街道", "多摩モノレール", "青梅線", "南武線", "京王線", "井の頭線"} <= names


def test_the_file_is_readable_line_by_line() -> None:
    lines = files("geo.basemap").joinpath("schematic.geojson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line.rstrip(","))["type"] for line in lines[1:-1]] == ["Feature"] * len(basemap.features())


@pytest.mark.parametrize(
    ("lon", "lat", "covered"),
    [(139.4137, 35.6978, True), (139.5606, 35.7027, True), (139.44, 35.55, False), (127.679, 26.212, False)],
)
def test_it_knows_which_cities_it_shows(lon: float, lat: float, covered: bool) -> None:
    assert basemap.covers(lon, lat) is covered
