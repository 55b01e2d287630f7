"""Layers: import, tiles, search of place names, and the demo's layers together."""

from typing import Any

import mapbox_vector_tile
import pytest
from pyproj import Transformer
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from geo import LayerLookup, LayerRule, Tile
from geo.gazetteer import search_places
from geo.layer_import import LayerImportError, LayerMetadata, import_layer
from geo.layers import layer_tile, layer_version
from portal.demo.map_layers import CITIES, load_demo_layers
from tests.integration.geo.stalls import CROSSING, point, query_place, rectangle
from tests.integration.tile_reading import tile_of

ZONES = LayerMetadata(key="zones", title={"ja": "地区"}, kind="polygon")


def collection(*geometries: dict[str, Any], **members: Any) -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": {"n": n}, "geometry": geometry} for n, geometry in enumerate(geometries)
    ]
    return {"type": "FeatureCollection", "features": features, **members}


def test_an_import_replaces_the_features_and_makes_a_new_version(maps: Connection) -> None:
    assert import_layer(maps, ZONES, collection(rectangle(0, 0, 9, 9), rectangle(9, 0, 9, 9))) == 2
    first = layer_version(maps, "zones")
    assert import_layer(maps, ZONES, collection(rectangle(0, 0, 5, 5))) == 1
    assert layer_version(maps, "zones") == (first or 0) + 1
    assert maps.scalar(text("SELECT count(*) FROM layer_feature")) == 1


def test_a_plane_system_named_in_the_file_is_understood(maps: Connection) -> None:
    east, north = Transformer.from_crs(4326, 6677, always_xy=True).transform(*CROSSING)
    ring = [[east + x, north + y] for x, y in ((0, 0), (10, 0), (10, 10), (0, 10), (0, 0))]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::6677"}}
    import_layer(maps, ZONES, collection({"type": "Polygon", "coordinates": [ring]}, crs=crs))
    assert query_place(maps, rectangle(2, 2, 5, 5), lookups=[LayerLookup("zones", "n", "n")]).facts["n"] == 0


def test_a_failed_import_changes_nothing(maps: Connection) -> None:
    import_layer(maps, ZONES, collection(rectangle(0, 0, 9, 9)))
    version = layer_version(maps, "zones")
    with pytest.raises(LayerImportError) as caught:
        import_layer(maps, ZONES, collection(rectangle(0, 0, 5, 5), point(), {"type": "Polygon"}))
    assert [message.split(":")[0] for message in caught.value.messages] == ["Feature 2", "Feature 3"]
    assert layer_version(maps, "zones") == version


def test_layer_tiles_carry_properties_and_shed_detail_with_distance(maps: Connection) -> None:
    load_demo_layers(maps, "tachikawa")
    near = mapbox_vector_tile.decode(layer_tile(maps, "road-grades", Tile(*tile_of(*CROSSING, 17))))["road-grades"]
    assert {"road_name", "unit_price"} <= set(near["features"][0]["properties"])
    outlines = [layer_tile(maps, "city-boundary", Tile(*tile_of(139.4, 35.71, z))) for z in (4, 11)]
    assert 0 < len(outlines[0]) < len(outlines[1])
    assert layer_tile(maps, "no-such-layer", Tile(12, 3634, 1612)) == b""
    assert layer_version(maps, "no-such-layer") is None


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("曙町2-17-5", "曙町二丁目"),
        ("東京都立川市曙町２丁目", "曙町二丁目"),
        ("ｱｹﾎﾞﾉ", "曙町"),
        ("あけぼのちょう", "曙町"),
        ("立川駅", "立川駅"),
        ("市役所", "立川市役所"),
    ],
)
def test_place_names_are_found_as_people_write_them(maps: Connection, query: str, first: str) -> None:
    load_demo_layers(maps, "tachikawa")
    assert search_places(maps, query)[0].name == first


HALLS = {
    "tachikawa": (
        "立川市役所",
        ["立川市泉町1156-9", "東京都立川市泉町1156番地の9", "泉町１１５６ー９", "泉町1156番地9"],
    ),
    "mitaka": ("三鷹市役所", ["三鷹市野崎一丁目1番1号", "野崎1-1-1", "東京都三鷹市野崎１−１−１", "野崎1丁目1番地1"]),
    "hino": (
        "日野市役所",
        ["日野市神明一丁目12番地の1", "神明1-12-1", "東京都日野市神明１丁目１２－１", "神明1丁目12番1号"],
    ),
}


@pytest.mark.parametrize("city", CITIES)
def test_the_city_hall_is_found_by_its_own_address(maps: Connection, city: str) -> None:
    load_demo_layers(maps, city)
    hall, writings = HALLS[city]
    for query in writings:
        first = search_places(maps, query)[0]
        assert (first.name, first.nearby) == (hall, False), query


@pytest.mark.parametrize(
    ("city", "query", "place", "nearby"),
    [
        ("tachikawa", "〒190-8666 東京都立川市泉町1156-9", "立川市役所", False),
        ("tachikawa", "あけぼのちょう2-1", "曙町二丁目", True),
        ("tachikawa", "ﾆｼｷﾁｮｳ3", "錦町三丁目", False),
        ("tachikawa", "1番町2-3", "一番町二丁目", True),
        ("tachikawa", "砂川7番", "砂川七番駅", False),
        ("tachikawa", "JR立川駅北口", "立川駅", True),
        ("mitaka", "三鷹市井ノ頭1-2", "井の頭一丁目", True),
        ("hino", "日野市大字日野7773番地", "日野", True),
        ("hino", "旭ヶ丘3丁目", "旭が丘三丁目", False),
    ],
)
def test_what_is_typed_leads_to_the_place_that_is_meant(
    maps: Connection, city: str, query: str, place: str, nearby: bool
) -> None:
    load_demo_layers(maps, city)
    first = search_places(maps, query)[0]
    assert (first.name, first.nearby) == (place, nearby)


@pytest.mark.parametrize(
    "query", ["泉町甲1128-3", "泉町イ1128", "泉町ロ-1128番地", "泉町字下河原1128", "泉町1128番甲", "泉町1128番地先"]
)
def test_a_lot_number_with_a_letter_leads_to_its_town(maps: Connection, query: str) -> None:
    load_demo_layers(maps, "tachikawa")
    first = search_places(maps, query)[0]
    assert (first.name, first.nearby) == ("泉町", True)


def test_an_unknown_number_leads_to_its_town_and_says_so(maps: Connection) -> None:
    load_demo_layers(maps, "tachikawa")
    for query in ("泉町1157-3", "曙町19丁目3", "立川市泉町9-9999-2"):
        first = search_places(maps, query)[0]
        assert first.nearby, query
        assert first.name.startswith(("泉町", "曙町"))
    assert search_places(maps, "八王子市元本郷町3-24-1") == []


@pytest.mark.parametrize(
    ("query", "in_city"),
    [
        ("八王子市曙町2-17", False),
        ("東京都八王子市曙町2丁目", False),
        ("〒192-0051 東京都八王子市緑町100", False),
        ("横浜市鶴見区緑町1-2", False),
        ("武蔵村山市緑が丘1", False),
        ("東京都西多摩郡瑞穂町富士見町1", False),
        ("東京都立川市曙町2-17", True),
        ("立川市曙町", True),
        ("東京都曙町2-17", True),
        ("曙町2-17", True),
        ("市役所", True),
    ],
)
def test_a_town_of_the_same_name_in_another_city_is_not_taken_for_ours(
    maps: Connection, query: str, in_city: bool
) -> None:
    load_demo_layers(maps, "tachikawa")
    assert bool(search_places(maps, query, city="立川市")) is in_city


def test_a_landmark_behind_a_word_that_ends_like_a_city_is_found(maps: Connection) -> None:
    load_demo_layers(maps, "tachikawa")
    [landmark] = search_places(maps, "たま市民ホールのとなりの立川駅", city="立川市")
    assert landmark.name == "立川駅"


@pytest.mark.parametrize("city", CITIES)
def test_every_place_is_found_by_every_writing_of_its_name(maps: Connection, city: str) -> None:
    load_demo_layers(maps, city)
    names = maps.scalars(text("SELECT properties ->> 'name' FROM layer_feature WHERE properties ->> 'kind' = 'chome'"))
    digits = str.maketrans("一二三四五六七八九", "123456789")
    for name in names.all():
        town, number = name[:-3], name[-3].translate(digits)
        for query in (name, f"{town}{number}丁目", f"東京都{town}{number}-5", f"{town}　{number}－１２－３"):
            assert search_places(maps, query)[0].name == name, query


def test_a_search_never_gives_more_than_ten_and_never_fails(maps: Connection) -> None:
    load_demo_layers(maps, "hino")
    assert len(search_places(maps, "町", limit=500)) == 10
    for query in ("", "   ", "%", "\x00", "'", "日野市", "𠮷野家" * 100):
        assert len(search_places(maps, query)) <= 10


def test_the_nearest_name_is_a_label_only_nearby(maps: Connection) -> None:
    load_demo_layers(maps, "tachikawa")
    assert query_place(maps, point(), with_locality=True).locality == "曙町二丁目"
    assert query_place(maps, point(140.5, 36.5), with_locality=True).locality is None
    assert query_place(maps, point()).locality is None


SITES = {"tachikawa": CROSSING, "mitaka": (139.5622, 35.6983), "hino": (139.3990, 35.6816)}


@pytest.mark.parametrize("city", CITIES)
def test_a_demo_city_answers_all_that_its_procedures_ask(city_db: Session, city: str) -> None:
    """In a real city schema, with the rights of the city's own role."""
    load_demo_layers(city_db, city)
    place = rectangle(-2, -2, 4, 4, origin=SITES[city])
    lookups = [
        LayerLookup("road-offices", "office", "office"),
        LayerLookup("road-grades", "unit_price", "unit_price"),
        LayerLookup("collection-zones", "zone", "zone"),
        LayerLookup("collection-zones", "weekday", "weekday"),
        LayerLookup("school-districts", "school", "school"),
    ]
    assert {lookup.name for lookup in lookups} <= set(
        query_place(city_db, place, lookups=lookups, occupancy=None).facts
    )
    rules = [LayerRule("inside", "city-boundary"), LayerRule("intersects", "city-roads")]
    assert all(result.holds for result in query_place(city_db, place, rules=rules, occupancy=None).rules)
    (other,) = [site for key, site in SITES.items() if key != city][:1]
    assert not query_place(city_db, rectangle(0, 0, 4, 4, origin=other), rules=rules[:1], occupancy=None).rules[0].holds


@pytest.mark.parametrize("city", CITIES)
def test_zones_cover_a_demo_city_without_gaps_or_overlaps(maps: Connection, city: str) -> None:
    load_demo_layers(maps, city)
    shares = maps.execute(
        text(
            "SELECT key, sum(ST_Area(geom)) / (SELECT sum(ST_Area(geom)) FROM layer_feature JOIN layer l"
            " ON l.id = layer_id WHERE l.key = 'city-boundary') FROM layer_feature JOIN layer ON layer.id = layer_id"
            " WHERE key IN ('collection-zones', 'school-districts', 'road-offices') GROUP BY key"
        )
    ).all()
    assert {key: round(share, 3) for key, share in shares} == {
        "collection-zones": 1.0,
        "school-districts": 1.0,
        "road-offices": 1.0,
    }


def test_loading_the_demo_twice_changes_nothing_but_the_version(maps: Connection) -> None:
    assert load_demo_layers(maps, "mitaka") == load_demo_layers(maps, "mitaka")
    assert layer_version(maps, "city-roads") == 2
    with pytest.raises(KeyError):
        load_demo_layers(maps, "fuchu")
