"""The list narrowed to a place: near a spot or a case, or by a feature of a layer; the same on the map, in counts and in files."""

import html
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import psycopg

from common.status import OPEN_STATUSES
from geo import Tile
from geo.catalogue import change_entry
from geo.editing.listing import features_listed
from geo.layer_import import LayerMetadata, import_layer
from portal.cases.case_filter import CaseFilter
from portal.cases.case_list import _page_statement
from portal.cases.case_list_conditions import parameters
from portal.cases.case_list_query import CaseListQuery
from portal.cases.case_nearness import Near, ground_near
from portal.cases.case_tiles import close_statement
from portal.core.clock import today
from portal.core.database import city_session
from portal.desk.case_selection import MAX_POINTS
from tests.integration.desk.conftest import CITY, SOUTH, WEST, Office
from tests.integration.desk.test_list_and_map import EVERY_STATUS, counts_of, listed, on_map
from tests.integration.geo.stalls import rectangle
from tests.integration.tile_reading import plan, tile_of

REPORTS = f"procedure=road-damage&{EVERY_STATUS}"
SPOT = f"spot:{round(WEST * 1e5)}:{round(SOUTH * 1e5)}"
"""Where the first report lies; the next are 36 m to the east and 44 m to the north."""


def _spread(points: int) -> dict[str, object]:
    ring = [[WEST + n * 1e-7, SOUTH - 0.01 - (n % 2) * 1e-6] for n in range(points)]
    return {"type": "Polygon", "coordinates": [[*ring, [WEST, SOUTH - 0.02], ring[0]]]}


@pytest.fixture(scope="module")
def areas(office: Office) -> Iterator[dict[str, int]]:
    """The ids of the features of a layer for all staff, by their names, and of one that the citizens' office sees alone."""
    # six metres around the first report and the next to the east and to the north of both
    quarter = rectangle(-6, -6, 50, 58, (WEST, SOUTH))
    features = [
        {"type": "Feature", "properties": {"code": "7", "name": "若葉町会"}, "geometry": quarter},
        {"type": "Feature", "properties": {"code": "8", "name": "遠くの町会"}, "geometry": rectangle(900, 900, 9, 9, (WEST, SOUTH))},
        {"type": "Feature", "properties": {"code": "9", "name": "細かい町会"}, "geometry": _spread(MAX_POINTS + 2)},
    ]  # fmt: skip
    with city_session(CITY) as session:
        for key, title in (("selection-areas", "町会の区域"), ("selection-secret", "ほかの課の区域")):
            layer = import_layer(
                session,
                LayerMetadata(key, {"ja": title}, "polygon"),
                {"type": "FeatureCollection", "features": features},
            )
            assert layer is not None
        change_entry(
            session, "selection-secret", visible_to="groups", viewers=["citizens"], editors=[], owner="citizens"
        )
        ids = {}
        for key in ("selection-areas", "selection-secret"):
            number = session.scalar(text("SELECT id FROM layer WHERE key = :key"), {"key": key})
            rows = features_listed(session, number, None, limit=10)
            ids |= {f"{key}:{row.properties['name']}": row.id for row in rows}
    yield ids
    with city_session(CITY) as session:
        for key in ("selection-areas", "selection-secret"):
            change_entry(session, key, in_use=False)


def near(ids: dict[str, int], name: str, metres: int = 0, layer: str = "selection-areas") -> str:
    return f"near=feature:{layer}:{ids[f'{layer}:{name}']}:{metres}"


def words(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def test_cases_within_a_feature_are_the_same_in_list_map_counts_and_files(
    office: Office, areas: dict[str, int]
) -> None:
    query = f"{REPORTS}&{near(areas, '若葉町会')}"
    cases = listed(office.roads, query)
    assert len(cases) == 4
    assert set(cases) == on_map(office.roads, query)
    for headers in ({}, {"HX_Request": "true", "HX_Target": "pane"}):
        page = office.roads.get(f"/desk?{query}", **headers).text
        assert "町会の区域 若葉町会の中" in page
        assert re.search(r'<b role="status">4件</b>', page)
    table = office.roads.get(f"/desk/case-layers/cases.road-damage.spot.csv?{query}")
    assert table.status_code == 200
    assert len(table.get_data(as_text=True).strip().splitlines()) == 5
    open_only = office.roads.get(f"/desk?procedure=road-damage&{near(areas, '若葉町会')}").text
    assert int(counts_of(open_only)["全部"]) == len(
        listed(office.roads, f"procedure=road-damage&{near(areas, '若葉町会')}")
    )
    assert 'data-count="4"' in office.roads.get(f"/desk/period?{query}").text


def test_metres_around_a_feature_a_spot_and_a_case_are_measured_in_the_plane(
    office: Office, areas: dict[str, int]
) -> None:
    assert len(listed(office.roads, f"{REPORTS}&{near(areas, '若葉町会', 40)}")) > 4
    assert len(listed(office.roads, f"{REPORTS}&near={SPOT}:20")) == 1
    assert len(listed(office.roads, f"{REPORTS}&near={SPOT}:40")) == 2, "36 m to the east, 44 m to the north"
    assert len(listed(office.roads, f"{REPORTS}&near={SPOT}:50")) == 3
    first = listed(office.roads, f"{REPORTS}&near={SPOT}:20")[0]
    around = listed(office.roads, f"{REPORTS}&near=case:{first}:40")
    assert around == listed(office.roads, f"{REPORTS}&near={SPOT}:40")
    assert "日-0101-90000の場所から 40 m以内" in office.roads.get(f"/desk?{REPORTS}&near=case:{first}:40").text


def test_a_selection_holds_together_with_every_other_condition(office: Office, areas: dict[str, int]) -> None:
    within = set(listed(office.roads, f"{REPORTS}&{near(areas, '若葉町会')}"))
    for more in ("view=mine", "view=unassigned", "q=試験", f"from={today()}", "area=13939545_3566945_80_0_0_100_-80_0"):
        both = set(listed(office.roads, f"{REPORTS}&{near(areas, '若葉町会')}&{more}"))
        assert both == within & set(listed(office.roads, f"{REPORTS}&{more}")), more
    page = office.roads.get(f"/desk?{REPORTS}&{near(areas, '若葉町会')}&area=13939545_3566945_80_0_0_100_-80_0").text
    taken_away = re.findall(r'class="filter is-selected" href="([^"]+)">[^<]*(?:囲んだ場所|若葉町会)', page)
    assert len(taken_away) == 2
    assert "near=" in taken_away[0] and "area=" not in taken_away[0]
    assert "area=" in taken_away[1] and "near=" not in taken_away[1]


@pytest.mark.parametrize(
    ("selection", "sentence"),
    [
        ("nonsense", "場所の選び方を読み取れませんでした"),
        (f"{SPOT}:0", "距離は、1 m から 5000 m までにしてください"),
        (f"{SPOT}:5001", "距離は、1 m から 5000 m までにしてください"),
        ("spot:99999999:0:10", "地図の外です"),
        ("case:999999999:100", "案件の場所は、ないか、見ることができません"),
        ("case:9999999999999999999:100", "案件の場所は、ないか、見ることができません"),
        ("feature:no-such-layer:1:0", "地図の層は、なくなったか、見ることができません"),
        ("feature:selection-areas:999999999:0", "選んだ場所はもうありません"),
        ("feature:selection-areas:9999999999999999999:0", "選んだ場所はもうありません"),
        ("feature:selection-areas:1:9000", "距離は、5000 m までにしてください"),
    ],
)
def test_what_cannot_be_selected_is_said_and_left_out(
    office: Office, areas: dict[str, int], selection: str, sentence: str
) -> None:
    page = office.roads.get(f"/desk?{REPORTS}&near={selection}")
    assert page.status_code == 200
    assert sentence in words(page.text)
    assert set(listed(office.roads, f"{REPORTS}&near={selection}")) == set(listed(office.roads, REPORTS))
    assert office.roads.get(f"/desk/map/cases/15/29072/12904.mvt?near={selection}").status_code == 200
    assert office.roads.get(f"/desk/period?near={selection}").status_code == 200


def test_a_layer_of_another_department_selects_nothing(office: Office, areas: dict[str, int]) -> None:
    secret = near(areas, "若葉町会", layer="selection-secret")
    page = office.roads.get(f"/desk?{REPORTS}&{secret}").text
    assert "地図の層は、なくなったか、見ることができません" in page
    assert "ほかの課の区域" not in page
    assert "data-ground" not in page
    assert "ほかの課の区域" not in office.roads.get("/desk/select").text
    refused = office.roads.get("/desk/select?by=layer&layer=selection-secret")
    assert "層を選んでください" in refused.text
    assert "若葉町会" not in refused.text
    assert "ほかの課の区域" in office.citizens.get("/desk/select").text


def test_a_feature_of_another_layer_is_not_taken_for_one_of_this(office: Office, areas: dict[str, int]) -> None:
    stolen = areas["selection-secret:若葉町会"]
    page = office.roads.get(f"/desk?{REPORTS}&near=feature:selection-areas:{stolen}:0").text
    assert "選んだ場所はもうありません" in page


def test_a_case_of_another_department_is_no_place_to_look_around(office: Office) -> None:
    page = office.citizens.get(f"/desk?near=case:{office.permit}:100").text
    assert "案件の場所は、ないか、見ることができません" in page
    assert office.permit_number not in page


def test_a_shape_with_too_many_points_is_refused_with_another_way(office: Office, areas: dict[str, int]) -> None:
    page = office.roads.get(f"/desk?{REPORTS}&{near(areas, '細かい町会')}").text
    assert "形が細かすぎて選べません(20,000点まで)" in page


@pytest.mark.parametrize(
    ("area", "sentence"),
    [
        ("13941580_3570020_200000_0_0_200000", "広すぎます"),
        ("13941580_3570020" + "_1_1" * 64, "角が多すぎます。64個まで"),
        ("13941580_3570020_x", "読み取れませんでした"),
    ],
)
def test_an_area_that_cannot_be_used_says_why(office: Office, area: str, sentence: str) -> None:
    assert sentence in office.roads.get(f"/desk?area={area}").text


def test_a_feature_is_chosen_by_its_name_without_the_map(office: Office, areas: dict[str, int]) -> None:
    page = office.roads.get(f"/desk/select?by=layer&layer=selection-areas&words=若葉&{REPORTS}").text
    links = [html.unescape(link) for link in re.findall(r'<li><a href="(/desk\?[^"]+)">若葉町会</a>', page)]
    assert len(links) == 1
    assert "遠くの町会" not in page
    assert len(listed(office.roads, links[0].partition("?")[2])) == 4
    nothing = office.roads.get("/desk/select?by=layer&layer=selection-areas&words=どこにもない").text
    assert "見つかりません" in nothing
    for reach in ("x", "-1", "5001"):
        wrong = office.roads.get(f"/desk/select?by=layer&layer=selection-areas&reach={reach}").text
        assert "距離は、0 から 5000 までの整数で入力してください" in wrong
        assert f'value="{reach}"' in wrong


def test_an_address_and_a_case_are_chosen_without_the_map(office: Office) -> None:
    empty = office.roads.get("/desk/select?by=address&metres=100").text
    assert "住所か地名を入力してください" in empty
    page = office.roads.get(f"/desk/select?by=address&address=神明二丁目&metres=100&{REPORTS}").text
    assert re.search(r'href="/desk\?[^"]*near=spot%3A\d+%3A\d+%3A100"', page)
    page = office.roads.get("/desk/select?by=case&number=日-0101-90000&metres=40").text
    link = re.search(r'href="/desk\?([^"]*near=case%3A\d+%3A40)"', page)
    assert link
    for number in ("日-9999-00000", ""):
        assert "見ることができません" in office.roads.get(f"/desk/select?by=case&number={number}&metres=40").text
    hidden = office.citizens.get(f"/desk/select?by=case&number={office.permit_number}&metres=40")
    assert "見ることができません" in hidden.text


def test_a_lot_is_chosen_by_its_number_in_any_writing(office: Office) -> None:
    """In layers whose entry names the property with the addresses; of a layer that somebody does not see nothing is told."""
    addresses = ("神明二丁目１２番地", "神明二丁目12番地3", "神明二丁目112番地", "多摩平一丁目12番地")
    features = [
        {"type": "Feature", "properties": {"所在地番": address}, "geometry": rectangle(30 * n, 0, 20, 20)}
        for n, address in enumerate(addresses)
    ]
    with city_session(CITY) as session:
        metadata = LayerMetadata("selection-lots", {"ja": "筆"}, "polygon")
        import_layer(session, metadata, {"type": "FeatureCollection", "features": features})
        entry = {"address_property": "所在地番", "visible_to": "groups", "owner": "road-management"}
        change_entry(session, "selection-lots", in_use=True, **entry)
    try:
        for words in ("神明二丁目12番地", "神明2-12", "日野市神明２丁目12"):
            path = f"/desk/select?by=address&address={quote(words)}&metres=5"
            lots = re.findall(r'near=feature%3Aselection-lots%3A\d+%3A5">([^<]+)</a>', office.roads.get(path).text)
            assert lots == ["神明二丁目１２番地(筆)", "神明二丁目12番地3(筆)"], words
            assert "selection-lots" not in office.citizens.get(path).text
        assert "selection-lots%3A" not in office.roads.get("/desk/select?by=address&address=神明二丁目&metres=5").text
        dossier = office.roads.post("/desk/dossiers", {"words": "神明2-12-3", "positions": ""})
        assert "神明二丁目12番地3" in office.roads.get(dossier.location).text
        of_town = office.citizens.post("/desk/dossiers", {"words": "神明2-12-3", "positions": ""})
        assert "番地3" not in office.citizens.get(of_town.location).text
    finally:
        with city_session(CITY) as session:
            change_entry(session, "selection-lots", in_use=False)


def test_a_link_brings_back_the_layers_and_says_which_are_gone(office: Office, areas: dict[str, int]) -> None:
    page = office.roads.get("/desk?layers=selection-areas,no-such-layer,selection-secret").text
    assert re.search(r'id="layer-selection-areas"[^>]*checked', page)
    assert not re.search(r'id="layer-city-roads"[^>]*checked', page)
    assert "重ねる地図の「no-such-layer」「selection-secret」は、なくなったか、見ることができません" in page
    assert not re.search(r'id="layer-[^>]*checked', office.roads.get("/desk?layers=none").text)
    assert office.roads.get("/desk?layers=%00,<x>,&at=nonsense").status_code == 200


def test_a_link_to_pass_on_has_no_words_that_were_looked_for(office: Office) -> None:
    page = office.roads.get(f"/desk?{REPORTS}&q=試験").text
    shared = re.search(r'data-shared-query="([^"]*)"', page)
    assert shared
    assert "procedure=road-damage" in shared[1]
    assert "q=" not in shared[1]
    assert "さがした言葉は" in page


@pytest.mark.parametrize("kind", ["list", "tile"])
@pytest.mark.parametrize(
    "selected",
    [
        Near(200, 6677, spot=(WEST, SOUTH)),
        Near(200, 6677, case_id=1),
        Near(0, 6677, feature=("selection-areas", 1)),
        Near(50, 6677, feature=("selection-areas", 1)),
    ],
)
def test_the_ground_is_worked_out_once_and_looked_up_in_the_index_of_places(
    office: Office, areas: dict[str, int], selected: Near, kind: str
) -> None:
    with city_session(CITY) as session:
        ground = ground_near(session, selected)
        filter_ = CaseFilter(today=today(), statuses=frozenset(OPEN_STATUSES), departments=frozenset({1}), near=ground)
        query = CaseListQuery(filter=filter_, text="", bbox=None, order="due", after=None)
        session.execute(text("SET LOCAL enable_seqscan = off"))
        if kind == "tile":
            values = filter_.parameters()
            read = plan(
                session.connection(), close_statement(filter_.shape(), 16), Tile(*tile_of(WEST, SOUTH, 16)), values
            )
        else:
            statement = _page_statement(query.shape()).params(**parameters(query))
            compiled = statement.compile(
                dialect=psycopg.dialect(), compile_kwargs={"render_postcompile": True, "literal_binds": True}
            )
            read = "\n".join(session.connection().exec_driver_sql(f"EXPLAIN (COSTS OFF) {compiled}").scalars())
    assert "ST_GeomFromText" not in read, "the ground is a value to the planner"
    # a list is read in its own order where nearly every place lies on the ground
    assert kind == "list" or re.search(r"ix_case_place_(?:open_)?geom[^\n]*\n\s+Index Cond: ", read), read
