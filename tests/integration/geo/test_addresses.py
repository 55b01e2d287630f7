"""Addresses out of the files of the state and of a city, and how exactly they are found."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from geo.address_points import points_with
from geo.gazetteer import search_places
from portal.core.errors import Invalid
from portal.core.events import SYSTEM
from portal.demo.map_layers import load_demo_layers
from portal.maps.address_import import ImportedAddresses, import_addresses

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


def found(session: Session, query: str) -> tuple[str, str, bool, bool]:
    first = search_places(session, query, city="立川市")[0]
    return first.name, first.kind, first.nearby, first.corrected


def test_blocks_of_the_state_are_found_and_say_how_exact_they_are(city: Session, tmp_path: Path) -> None:
    imported = take(city, tmp_path, BLOCKS, "cp932")
    assert imported.changes["address-points"].added == 2
    assert [(row.n, row.text, row.reason) for row in imported.refused] == [(6, "泉町甲番", "number")]
    assert imported.elsewhere == 2
    assert found(city, "曙町2-17") == ("曙町二丁目17", "block", False, False)
    assert found(city, "東京都立川市曙町二丁目17番3号") == ("曙町二丁目17", "block", True, False)
    assert found(city, "あけぼのちょう２−１７") == ("曙町二丁目17", "block", False, False)
    assert found(city, "曙町2-18") == ("曙町二丁目", "chome", True, False)
    [block, *_] = search_places(city, "曙町2-17", city="立川市")
    assert (block.lon, block.lat) == (139.4141, 35.7012), "the row that stands for the block"
    assert found(city, "泉町1156-9")[0] == "泉町1156"
    assert "立川市役所" in [place.name for place in search_places(city, "泉町1156-9", city="立川市")]


def test_a_list_of_the_city_has_houses_and_its_bad_rows_are_named(city: Session, tmp_path: Path) -> None:
    imported = take(city, tmp_path, HOUSES)
    assert [(row.n, row.reason) for row in imported.refused] == [(4, "repeated"), (5, "coordinates"), (6, "number")]
    assert imported.elsewhere == 1
    assert found(city, "曙町2の17の3") == ("曙町二丁目17-3", "house", False, False)
    assert found(city, "曙町2-17-4") == ("曙町二丁目", "chome", True, False)
    assert take(city, tmp_path, HOUSES).changes["address-points"].is_none
    moved = take(city, tmp_path, HOUSES.replace("35.70115", "35.70116"), take=False)
    assert (moved.changes["address-points"].changed, moved.changes["address-points"].same) == (1, 1)


def test_towns_of_the_register_keep_what_the_city_knows_besides(city: Session, tmp_path: Path) -> None:
    (tmp_path / "positions.csv").write_text(POSITIONS, encoding="utf-8")
    take(city, tmp_path, TOWNS, positions=tmp_path / "positions.csv")
    assert found(city, "曙町")[:2] == ("曙町", "town")
    assert found(city, "にしすなちょう") == ("西砂町", "town", False, False)
    assert found(city, "立川駅")[:2] == ("立川駅", "station")
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
    assert found(city, "柴崎新田") == ("曙町", "town", False, False)
    assert found(city, "立川市南口町2-17-3") == ("曙町", "town", True, False)


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
    assert found(city, query) == (name, kind, "-" in query, True)


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
