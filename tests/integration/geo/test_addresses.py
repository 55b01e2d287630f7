"""Addresses out of the files of the state and of a city, and how exactly they are found."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from geo.address_points import points_with
from geo.gazetteer import is_in, search_places
from geo.near_names import name_near, town_and_number
from portal.core.errors import Invalid
from portal.core.events import SYSTEM
from portal.demo.map_layers import load_demo_layers
from portal.maps import catalogue
from portal.maps.address_import import ImportedAddresses, import_addresses
from portal.maps.imports import ImportSettings, import_file

BLOCKS = """\
"都道府県名","市区町村名","大字・丁目名","小字・通称名","街区符号・地番","座標系番号","Ｘ座標","Ｙ座標","緯度","経度","住居表示フラグ","代表フラグ","更新前履歴フラグ","更新後履歴フラグ"
"東京都","立川市","曙町二丁目","","17","9","-33150","-37900","35.7011","139.4140","1","0","0","0"
"東京都","立川市","曙町二丁目","","17","9","-33150","-37900","35.7012","139.4141","1","1","0","0"
"東京都","立川市","曙町二丁目","","18","9","-33150","-37900","35.7020","139.4150","1","1","0","3"
"東京都","立川市","泉町","","1156","9","-33150","-37900","35.7142","139.4077","0","1","0","0"
"東京都","立川市","泉町","","甲","9","-33150","-37900","35.7142","139.4077","0","1","0","0"
"東京都","八王子市","曙町二丁目","","17","9","-33150","-37900","35.6600","139.3300","1","1","0","0"
"""

HOUSES = """\
住所,緯度,経度
東京都立川市曙町２丁目１７−３,35.70115,139.41405
曙町二丁目17番地の5,35.70117,139.41407
立川市曙町2-17-5,35.8,139.5
曙町2-17-9,北緯35度,139.4
高松町,35.71,139.42
八王子市曙町2-1-1,35.66,139.33
"""

TOWNS = """\
lg_code,machiaza_id,city,oaza_cho,oaza_cho_kana,chome,chome_kana,chome_number
132021,0001001,立川市,曙町,アケボノチョウ,一丁目,１チョウメ,1
132021,0001002,立川市,曙町,アケボノチョウ,二丁目,２チョウメ,2
132021,0099000,立川市,西砂町,ニシスナチョウ,,,
"""
POSITIONS = """\
lg_code,machiaza_id,rep_lon,rep_lat
132021,0001001,139.41,35.70
132021,0001002,139.42,35.70
132021,0099000,139.37,35.72
"""


@pytest.fixture
def city(city_db: Session) -> Session:
    """A city with the place names of the demo."""
    load_demo_layers(city_db, "tachikawa")
    return city_db


def take(
    session: Session,
    folder: Path,
    content: str,
    encoding: str = "utf-8",
    *,
    positions: Path | None = None,
    take: bool = True,
) -> ImportedAddresses:
    path = folder / "addresses.csv"
    path.write_text(content, encoding=encoding)
    return import_addresses(session, path, SYSTEM, positions=positions, take=take)


def first_match(session: Session, query: str) -> tuple[str, str, bool, bool]:
    first = search_places(session, query, city="立川市")[0]
    return first.name, first.kind, first.nearby, first.corrected


def test_blocks_of_the_state_are_found_and_say_how_exact_they_are(city: Session, tmp_path: Path) -> None:
    imported = take(city, tmp_path, BLOCKS, "cp932")
    assert imported.changes["address-points"].added == 2
    assert [(row.n, row.text, row.reason) for row in imported.refused] == [(6, "泉町甲番", "number")]
    assert imported.elsewhere == 2
    assert first_match(city, "曙町2-17") == ("曙町二丁目17", "block", False, False)
    assert first_match(city, "東京都立川市曙町二丁目17番3号") == ("曙町二丁目17", "block", True, False)
    assert first_match(city, "あけぼのちょう２−１７") == ("曙町二丁目17", "block", False, False)
    assert first_match(city, "曙町2-18") == ("曙町二丁目", "chome", True, False)
    [block, *_] = search_places(city, "曙町2-17", city="立川市")
    assert (block.lon, block.lat) == (139.4141, 35.7012), "the row that stands for the block"
    assert first_match(city, "泉町1156-9")[0] == "泉町1156"
    assert "立川市役所" in [place.name for place in search_places(city, "泉町1156-9", city="立川市")]


def test_a_place_is_called_after_the_nearest_number_else_after_the_town(city: Session, tmp_path: Path) -> None:
    assert name_near(city, (139.4141, 35.7012)).startswith("曙町")
    take(city, tmp_path, BLOCKS, "cp932")
    assert name_near(city, (139.4143, 35.7013)) == "曙町二丁目17"
    assert town_and_number("曙町二丁目17") == ("曙町二丁目", "17")
    assert town_and_number("泉町1156") == ("泉町", "1156")
    assert name_near(city, (139.0, 35.0)) == "", "nothing is near"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Tachikawa station", "立川駅"),
        ("Tachikawa Sta.", "立川駅"),
        ("Akebono-cho", "曙町"),
        ("akebonocho 2-chome", "曙町二丁目"),
        ("Akebonocho 2-17, Tachikawa-shi, Tokyo", "曙町二丁目"),
        ("2-17 Akebono-chō", "曙町二丁目"),
        ("Tamagawa Josui", "玉川上水駅"),
        ("Tachikawa City Hall", "立川市役所"),
    ],
)
def test_a_place_is_found_by_its_name_in_latin_letters(city: Session, typed: str, name: str) -> None:
    assert search_places(city, typed, city="立川市")[0].name == name


@pytest.mark.parametrize("typed", ["zzz station", "a", "London", "2-17", "x" * 500])
def test_what_no_place_is_read_like_is_not_found(city: Session, typed: str) -> None:
    assert search_places(city, typed, city="立川市") == []


def test_a_postal_code_finds_its_town_in_its_own_city_alone(city: Session) -> None:
    names = {place.name for place in search_places(city, "〒１９０－００１２", city="立川市")}
    assert "曙町" in names
    assert all(name.startswith("曙町") for name in names)
    assert search_places(city, "181-0013", city="立川市") == []
    assert (is_in("190-0012", "立川市"), is_in("181-0013", "立川市")) == (True, False)


def test_a_list_of_the_city_has_houses_and_its_bad_rows_are_named(city: Session, tmp_path: Path) -> None:
    imported = take(city, tmp_path, HOUSES)
    assert [(row.n, row.reason) for row in imported.refused] == [(4, "repeated"), (5, "coordinates"), (6, "number")]
    assert imported.elsewhere == 1
    assert first_match(city, "曙町2の17の3") == ("曙町二丁目17-3", "house", False, False)
    assert first_match(city, "曙町2-17-4") == ("曙町二丁目", "chome", True, False)
    assert take(city, tmp_path, HOUSES).changes["address-points"].is_none
    moved = take(city, tmp_path, HOUSES.replace("35.70115", "35.70116"), take=False)
    assert (moved.changes["address-points"].changed, moved.changes["address-points"].same) == (1, 1)


def test_towns_of_the_register_keep_what_the_city_knows_besides(city: Session, tmp_path: Path) -> None:
    (tmp_path / "positions.csv").write_text(POSITIONS, encoding="utf-8")
    take(city, tmp_path, TOWNS, positions=tmp_path / "positions.csv")
    assert first_match(city, "曙町")[:2] == ("曙町", "town")
    assert first_match(city, "にしすなちょう") == ("西砂町", "town", False, False)
    assert first_match(city, "立川駅")[:2] == ("立川駅", "station")
    assert [place.name for place in search_places(city, "曙町")] == ["曙町", "曙町一丁目", "曙町二丁目"]
    with pytest.raises(Invalid, match="--positions"):
        take(city, tmp_path, TOWNS)


def test_a_former_name_leads_to_its_town_of_today_but_not_to_its_numbers(city: Session, tmp_path: Path) -> None:
    take(city, tmp_path, HOUSES)
    city.execute(
        text(
            "UPDATE layer_feature SET properties = properties || jsonb_build_object('former', '大字柴崎新田、南口町')"
            " WHERE properties ->> 'name' = '曙町'"
        )
    )
    city.execute(text("UPDATE layer SET version = version + 1 WHERE key = 'place-names'"))
    city.execute(
        text(
            "INSERT INTO layer_version (layer_id, number, origin, features, added, changed, removed)"
            " SELECT id, version, 'edit', 1, 0, 1, 0 FROM layer WHERE key = 'place-names'"
        )
    )
    assert first_match(city, "柴崎新田") == ("曙町", "town", False, False)
    assert first_match(city, "立川市南口町2-17-3") == ("曙町", "town", True, False)


@pytest.mark.parametrize(
    ("query", "name", "kind"),
    [
        ("芝崎町3-5", "柴崎町三丁目", "chome"),
        ("立川市富士美町1丁目", "富士見町一丁目", "chome"),
        ("しばざきちょう3", "柴崎町三丁目", "chome"),
    ],
)
def test_a_misspelt_town_finds_the_one_most_like_it_and_says_so(
    city: Session, query: str, name: str, kind: str
) -> None:
    assert first_match(city, query) == (name, kind, "-" in query, True)


@pytest.mark.parametrize("query", ["緑川町", "鏡町", "八王子市芝崎町3", "そのような町はない", "千代田区丸の内1-1"])
def test_what_is_like_nothing_or_like_several_is_not_guessed(city: Session, query: str) -> None:
    assert [place for place in search_places(city, query, city="立川市") if place.corrected] == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("名前,値\n曙町,1\n", "緯度・経度の列"),
        ("住所\n曙町2-1\n", "緯度・経度の列"),
        ("住所,緯度,経度\n", "住所がありません"),
        ("住所,緯度,経度\n八王子市曙町1-1,35.6,139.3\n", "住所がありません"),
        ("", "緯度・経度の列"),
    ],
)
def test_a_file_of_another_kind_is_refused_and_changes_nothing(
    city: Session, tmp_path: Path, content: str, message: str
) -> None:
    with pytest.raises(Invalid, match=message):
        take(city, tmp_path, content)
    assert city.scalar(text("SELECT count(*) FROM layer WHERE key = 'address-points'")) == 0


def test_house_numbers_are_looked_up_by_their_index(city: Session, tmp_path: Path) -> None:
    take(city, tmp_path, HOUSES)
    city.execute(text("SET LOCAL enable_seqscan = off"))
    query = points_with(["曙町|2-17-5"]).compile(
        dialect=postgresql.psycopg.dialect(), compile_kwargs={"render_postcompile": True, "literal_binds": True}
    )
    plan = city.connection().exec_driver_sql(f"EXPLAIN (COSTS OFF) {query}").scalars()
    assert "ix_layer_feature_address_key" in "\n".join(plan)


FACILITIES = """\
名称,所在地,備考
学習館,立川市曙町2-17-3,
集会所,東京都立川市曙町二丁目18番,
児童館,羽衣丁２−１,
隣の館,八王子市曙町2-17-3,
不明の館,無有町3-1,
空の館,,
学習館の倉庫,立川市曙町2-17-3,同じ敷地
"""


def test_a_table_without_coordinates_is_placed_by_its_addresses(city: Session, tmp_path: Path) -> None:
    take(city, tmp_path, HOUSES)
    catalogue.add_layer(city, "halls", "point", {"ja": "館"}, None, SYSTEM)
    path = tmp_path / "halls.csv"
    path.write_text(FACILITIES, encoding="cp932")
    imported = import_file(city, "halls", path, ImportSettings(), SYSTEM)
    assert (imported.result.accepted, imported.result.refused) == (4, {"address": 2, "empty": 1})
    remarks = {label: (fixes, refused) for _n, fixes, refused, label in imported.result.remarks}
    assert remarks == {
        "集会所": (["address_rough"], None),
        "児童館": (["address_corrected"], None),
        "隣の館": ([], "address"),
        "不明の館": ([], "address"),
        "空の館": ([], "empty"),
    }, "an address that is known to the house needs no remark"
    rows = city.execute(
        text(
            "SELECT properties ->> '名称', ST_X(geom), ST_Y(geom) FROM layer_feature JOIN layer ON layer.id = layer_id"
            " WHERE key = 'halls'"
        )
    )
    placed = {name: (lon, lat) for name, lon, lat in rows}
    assert placed["学習館"] == placed["学習館の倉庫"] == (139.41405, 35.70115)


def test_rows_of_a_table_that_lack_their_coordinates_are_placed_by_a_column_that_is_named(
    city: Session, tmp_path: Path
) -> None:
    take(city, tmp_path, HOUSES)
    catalogue.add_layer(city, "halls", "point", {"ja": "館"}, None, SYSTEM)
    path = tmp_path / "halls.csv"
    path.write_text("名称,場所,緯度,経度\n一,曙町2-17-3,35.71,139.42\n二,曙町2-17-3,,\n三,,,\n", encoding="utf-8")
    left_out = import_file(city, "halls", path, ImportSettings(), SYSTEM, take=False)
    assert left_out.result.refused == {"empty": 2}
    imported = import_file(city, "halls", path, ImportSettings(address="場所"), SYSTEM)
    assert (imported.result.accepted, imported.result.refused) == (2, {"empty": 1})
    with pytest.raises(Invalid, match="住所"):
        import_file(city, "halls", path, ImportSettings(address="住所"), SYSTEM)


def test_coordinates_that_are_no_numbers_are_told_where_the_address_takes_their_place(
    city: Session, tmp_path: Path
) -> None:
    take(city, tmp_path, HOUSES)
    catalogue.add_layer(city, "halls", "point", {"ja": "館"}, None, SYSTEM)
    path = tmp_path / "halls.csv"
    rows = "館,35.71,139.42,曙町2-17-3\n会所,北緯35度,139.4,曙町2-17-3\n倉庫,,,曙町2-17-3\n小屋,不明,,\n"
    path.write_text(f"名称,緯度,経度,住所\n{rows}", encoding="utf-8")
    imported = import_file(city, "halls", path, ImportSettings(address="所在地_連結表記"), SYSTEM)
    remarks = {label: (fixes, refused) for _number, fixes, refused, label in imported.result.remarks}
    assert remarks == {"会所": (["position"], None), "小屋": ([], "empty")}
