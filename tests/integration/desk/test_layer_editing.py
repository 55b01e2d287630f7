"""Editing a layer at the desk: drawn, divided, joined and described in a draft of one's own, and published without losing what others did."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from shapely.geometry import mapping
from sqlalchemy import select

from geo.catalogue import change_entry
from geo.editing import draft_of
from portal.core.clock import frozen, now
from portal.core.config import settings
from portal.core.database import city_session
from portal.core.events import Event
from portal.core.text import date_ja
from portal.maps.catalogue import get_layer
from portal.maps.editing import expire_drafts
from tests.integration.desk.allotments import EDIT, PAGE, content, features, lot, newest, publish, rows_of, shapes, step
from tests.integration.desk.conftest import CITY, Office
from tests.integration.geo.stalls import rectangle

pytestmark = pytest.mark.usefixtures("allotments")


def test_a_feature_is_drawn_described_and_published_with_a_reason(office: Office) -> None:
    roads, before = office.roads, newest()
    drawn = step(roads, "draw", geometry=json.dumps(lot(100)))
    assert drawn.status_code == 303
    feature = drawn.location.rpartition("=")[2]
    page = roads.get(drawn.location).text
    assert all(words in page for words in ("まだ、ほかの人には見えません", "100.0m²", "新しい"))
    columns = {"p0": "4", "p1": '=HYPERLINK("x")', "p2": "１,２００"}
    assert step(roads, "properties", feature=feature, **columns).status_code == 303
    assert "HYPERLINK" not in office.second.get(f"{EDIT}/list").text  # a draft is one's own
    assert newest() == before
    listed = roads.get(f"{EDIT}/changes").text
    assert all(words in listed for words in ("変わるもの(1件)", "加わる"))
    assert publish(roads, "現地調査").status_code == 303
    version = newest()
    assert (version.number, version.origin, version.note) == (before.number + 1, "edit", "現地調査")
    assert (version.added, version.changed, version.removed, version.author) == (1, 0, 0, office.roads_id)
    assert content(version.number)["4"] == {"number": "4", "use": '=HYPERLINK("x")', "rent": 1200}
    assert "編集" in roads.get(PAGE).text
    assert "編集中の変更はありません" in roads.get(f"{EDIT}/changes").text
    assert publish(roads).status_code == 409  # pressed twice
    with city_session(CITY) as session:
        [event] = session.scalars(
            select(Event).where(Event.name == "layer.edited", Event.data["key"].astext == "allotments")
        )
        assert event.data["version"] == version.number


def test_shapes_are_moved_divided_cut_joined_and_taken_back(office: Office) -> None:
    roads = office.roads
    first, second, third = (features(roads)[n] for n in "123")
    before = shapes(roads)
    box = before[first].bounds
    middle = (box[0] + box[2]) / 2
    line = {"type": "LineString", "coordinates": [[middle, box[1] - 0.001], [middle, box[3] + 0.001]]}
    assert step(roads, "split", feature=first, geometry=json.dumps(line)).status_code == 303
    parts = shapes(roads)
    assert len(parts) == 4
    assert parts[first].area == pytest.approx(before[first].area / 2, rel=1e-3)
    [other] = parts.keys() - before.keys()
    assert "<dd>" not in features(roads)  # the new part has no number
    assert step(roads, "merge", features=[first, other]).status_code == 303
    assert shapes(roads)[first].symmetric_difference(before[first]).area == pytest.approx(0, abs=1e-16)
    hole = before[second].centroid.buffer(0.00001, quad_segs=1)
    assert step(roads, "cut", feature=second, geometry=json.dumps(mapping(hole))).status_code == 303
    assert len(shapes(roads)[second].interiors) == 1
    assert step(roads, "part", feature=second, geometry=json.dumps(lot(200))).status_code == 303
    assert shapes(roads)[second].geom_type == "MultiPolygon"
    assert step(roads, "move", feature=third, east="2.5", north="-1").status_code == 303
    assert shapes(roads)[third].distance(before[third]) == 0
    assert not shapes(roads)[third].equals(before[third])
    assert step(roads, "remove", feature=third).status_code == 303
    assert third not in shapes(roads)
    with city_session(CITY) as session:
        draft = draft_of(session, get_layer(session, "allotments").id, office.roads_id)
        assert draft is not None
    for n in range(draft.done, 0, -1):
        assert step(roads, "undo", n=n).status_code == 303
    assert {each: shape_.wkb for each, shape_ in shapes(roads).items()} == {
        each: shape_.wkb for each, shape_ in before.items()
    }
    step(roads, "redo", n=1)
    assert len(shapes(roads)) == 4
    assert "変わるもの(2件)" in roads.get(f"{EDIT}/changes").text


def test_typed_coordinates_need_no_map(office: Office) -> None:
    roads = office.roads
    feature = features(roads)["1"]
    page = unescape(roads.get(f"{EDIT}?feature={feature}").text)
    in_plane, in_degrees = re.findall(r'<textarea[^>]*id="positions-[^>]*>\n?(.*?)</textarea>', page, re.S)
    assert in_plane.startswith("部分 1\n-")
    assert (
        step(
            roads, "positions", feature=feature, positions=in_degrees.replace("部分 1\n", ""), system="degrees"
        ).status_code
        == 303
    )
    assert "層の中身は、いまの版と同じです" in roads.get(f"{EDIT}/changes").text  # no digit is lost
    rows = in_plane.splitlines()
    wrong = step(roads, "positions", feature=feature, positions="\n".join([rows[0], "北へ5m", *rows[2:]]))
    assert (wrong.status_code, "2行目を読み取れません" in wrong.text, "北へ5m" in wrong.text) == (422, True, True)
    assert step(roads, "positions", feature=feature, positions="\n".join(rows[:-1])).status_code == 303
    assert len(shapes(roads)[feature].exterior.coords) == 4
    added = step(roads, "positions", positions=in_plane)
    assert added.status_code == 303
    assert len(shapes(roads)) == 4


BOW_TIE = {"type": "Polygon", "coordinates": [[[139.395, 35.669], [139.396, 35.67], [139.396, 35.669], [139.395, 35.67], [139.395, 35.669]]]}  # fmt: skip


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        (json.dumps(BOW_TIE), "外枠が、自分と交わるか"),
        ('{"type": "Point", "coordinates": [139.4, 35.67]}', "この層は面の層なので"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 35], [139, 35], [139, 36], [NaN, 35]]]}', "形を読み取れません"),
        (json.dumps(rectangle(0, 0, 9, 9, (130.4, 33.6))), "40kmより遠く"),
        (json.dumps({"type": "Polygon", "coordinates": [[[35.6, 139.4]] * 4]}), "緯度と経度が逆"),
        (json.dumps({"type": "Polygon", "coordinates": [[[139.4, 35.6]] * 30_000]}), "20,000点まで"),
        ("[" * 5000, "形を読み取れません"),
        ("", "形を読み取れません"),
    ],
)
def test_a_shape_that_cannot_be_taken_is_refused_in_words(office: Office, geometry: str, words: str) -> None:
    refused = step(office.roads, "draw", geometry=geometry)
    assert (refused.status_code, words in refused.text) == (422, True)
    assert "まだ何も変えていません" in refused.text


def test_a_crossing_outline_is_offered_repaired(office: Office) -> None:
    roads = office.roads
    feature = features(roads)["1"]
    refused = step(roads, "shape", feature=feature, geometry=json.dumps(BOW_TIE))
    assert re.search(r"X=-\d+\.\d、Y=-\d+\.\dのあたり", refused.text)
    [repaired] = re.findall(r'name="geometry" value="([^"]+)"', refused.text)
    assert step(roads, "shape", feature=feature, geometry=unescape(repaired)).status_code == 303
    assert shapes(roads)[feature].geom_type == "MultiPolygon"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"p2": "百円"}, "「rent」は、数で入力してください"),
        ({"p2": "1e400"}, "数が大きすぎます"),
        ({"p2": "nan"}, "数が大きすぎます"),
        ({"p1": "あ" * 2001}, "2,000文字までにしてください"),
        ({"p0": "2"}, "ほかの地物にあります"),
    ],
)
def test_values_that_do_not_fit_stay_on_the_page(office: Office, fields: dict[str, str], words: str) -> None:
    roads = office.roads
    refused = step(roads, "properties", feature=features(roads)["1"], **{"p1": "残る", **fields})
    assert (refused.status_code, words in refused.text) == (422, True)
    assert fields.get("p1", "残る")[:1] in refused.text
    assert "まだ何も変えていません" in refused.text


def test_odd_steps_are_refused(office: Office) -> None:
    roads, feature = office.roads, features(office.roads)["1"]
    statuses = [
        step(roads, "fly", feature=feature).status_code,
        step(roads, "shape", geometry="{}").status_code,
        step(roads, "merge").status_code,
        step(roads, "merge", features=[feature]).status_code,
        step(roads, "move", feature=feature, east="遠く").status_code,
        step(roads, "move", feature=feature, east="1e9").status_code,
        step(roads, "remove", feature=9_000_000_000).status_code,
        step(roads, "undo", n="x").status_code,
        step(roads, "split", feature=feature, geometry='{"type": "Point", "coordinates": [139, 35]}').status_code,
    ]
    assert statuses == [422, 422, 422, 422, 422, 422, 404, 303, 422]
    assert [
        roads.get(f"{EDIT}/features.json?bbox={box}").status_code for box in ("", "1,2,3", "a,b,c,d", "nan,1,1,1")
    ] == [422] * 4
    assert "変わるもの" not in roads.get(f"{EDIT}/changes").text


def test_a_step_that_is_sent_twice_is_one(office: Office) -> None:
    roads, token = office.roads, "once"
    for _ in range(2):
        assert step(roads, "draw", geometry=json.dumps(lot(100)), token=token).status_code == 303
    assert len(shapes(roads)) == 4


def test_scripts_get_the_parts_of_the_page(office: Office) -> None:
    roads, feature = office.roads, features(office.roads)["1"]
    script = {"HX_Request": "true"}
    taken = roads.post(f"{EDIT}/steps", {"act": "properties", "feature": feature, "p1": "使用中"}, **script)
    assert (taken.status_code, "<html" in taken.text, 'id="edit-state"' in taken.text) == (200, False, True)
    refused = roads.post(
        f"{EDIT}/steps", {"act": "shape", "feature": feature, "geometry": json.dumps(BOW_TIE)}, **script
    )
    assert (refused.status_code, 'data-fault="[139.3955, 35.6695]"' in refused.text) == (422, True)


def test_two_editors_keep_both_changes_or_choose(office: Office) -> None:
    roads, second = office.roads, office.second
    ids = features(roads)
    step(roads, "properties", feature=ids["1"], p1="貸出中")
    step(roads, "properties", feature=ids["2"], p1="貸出中")
    step(roads, "properties", feature=ids["3"], p1="貸出中")
    assert "さんも編集中です" in second.get(EDIT).text
    step(second, "properties", feature=ids["1"], p1="休園")
    step(second, "remove", feature=ids["2"])
    step(second, "properties", feature=ids["3"], p1="休園")
    assert publish(second).status_code == 303
    refused = publish(roads)
    assert (refused.status_code, "ほかの人も変えた地物(3件)" in refused.text) == (409, True)
    assert all(words in refused.text for words in ("空き", "休園", "貸出中", "消した"))
    assert "ほかの人が、この地物を変えました" in roads.get(f"{EDIT}?feature={ids['1']}").text
    for number, choice in (("1", "both"), ("2", "mine"), ("3", "theirs")):
        assert roads.post(f"{EDIT}/changes", {"feature": ids[number], "choice": choice}).status_code == 303
    assert publish(roads).status_code == 303
    rows = [(row.get("number"), row["use"]) for row in rows_of(newest().number)]
    assert sorted(rows, key=str) == [("1", "休園"), ("2", "貸出中"), ("3", "休園"), (None, "貸出中")]
    gone = roads.post(f"{EDIT}/changes", {"feature": ids["1"], "choice": "mine"})
    assert gone.status_code == 409


def test_a_draft_is_published_or_discarded_as_it_was_seen(office: Office) -> None:
    roads, feature = office.roads, features(office.roads)["1"]
    step(roads, "properties", feature=feature, p1="貸出中")
    [mark] = set(re.findall(r'name="seen"[^>]*value="([^"]*)"', roads.get(f"{EDIT}/changes").text))
    step(roads, "properties", feature=feature, p1="休園")
    late = [roads.post(f"{EDIT}/{end}", {"seen": mark}).status_code for end in ("publication", "discard")]
    assert late == [409, 409]
    wrong = roads.post(f"{EDIT}/publication", {"seen": mark, "data_date": "きのう", "note": "理由"})
    assert (wrong.status_code, "2027-04-01のように" in wrong.text, "理由" in wrong.text) == (422, True, True)
    [mark] = set(re.findall(r'name="seen"[^>]*value="([^"]*)"', roads.get(f"{EDIT}/changes").text))
    assert roads.post(f"{EDIT}/discard", {"seen": mark}).status_code == 303
    assert "編集中の変更はありません" in roads.get(f"{EDIT}/changes").text
    assert content(newest().number)["1"]["use"] == "空き"


def test_a_draft_that_nobody_goes_on_with_expires(office: Office) -> None:
    roads, feature = office.roads, features(office.roads)["1"]
    step(roads, "properties", feature=feature, p1="貸出中")
    days = settings().layer_draft_days
    assert f"続きがなければ、{date_ja(now() + timedelta(days=days))}に消えます" in roads.get(EDIT).text
    for later, kept in ((days - 1, True), (days + 1, False)):
        with frozen(now() + timedelta(days=later)), city_session(CITY) as session:
            expire_drafts(session)
        assert ("変わるもの(1件)" in roads.get(f"{EDIT}/changes").text) is kept
    assert content(newest().number)["1"]["use"] == "空き"
    with city_session(CITY) as session:
        [event] = session.scalars(select(Event).where(Event.name == "layer.draft_expired"))
        assert (event.data, event.actor_kind) == ({"key": "allotments", "steps": 1}, "system")


def test_a_property_is_added_and_one_that_procedures_need_is_missed(office: Office) -> None:
    roads = office.roads
    taken = roads.post(f"{EDIT}/columns", {"name": "use", "kind": "string"})
    assert (taken.status_code, "もうあります" in taken.text) == (422, True)
    assert roads.post(f"{EDIT}/columns", {"name": "広さ", "kind": "number"}).status_code == 303
    step(roads, "properties", feature=features(roads)["1"], p3="12.5")
    assert publish(roads).status_code == 303
    assert newest().columns["広さ"] == "number"
    assert content(newest().number)["1"]["広さ"] == 12.5


def test_only_those_who_keep_the_layer_edit_it(office: Office) -> None:
    citizens = office.citizens
    paths = (EDIT, f"{EDIT}/list", f"{EDIT}/feature", f"{EDIT}/features.json?bbox=139,35,140,36", f"{EDIT}/changes")
    assert [citizens.get(path).status_code for path in paths] == [403] * len(paths)
    assert step(citizens, "draw", geometry=json.dumps(lot(100))).status_code == 403
    assert citizens.post(f"{EDIT}/publication", {"seen": ""}).status_code == 403
    with city_session(CITY) as session:
        change_entry(session, "allotments", visible_to="groups")
    assert [citizens.get(path).status_code for path in paths] == [404] * len(paths)
    assert citizens.get(f"{PAGE}/comparison").status_code == 404
    with city_session(CITY) as session:
        change_entry(session, "allotments", editors=["citizens"])
    assert citizens.get(EDIT).status_code == 200
    with city_session(CITY) as session:
        change_entry(session, "allotments", in_use=False, visible_to="public")
    stopped = step(office.roads, "draw", geometry=json.dumps(lot(100)))
    assert (stopped.status_code, "使用をやめています" in stopped.text) == (409, True)


def test_neighbours_are_those_that_the_editor_sees(office: Office) -> None:
    roads = office.roads
    neighbours = roads.get(f"{EDIT}/neighbours.json?layer=allotments&bbox=139,35,140,36")
    assert len(neighbours.get_json()["features"]) == 3
    assert roads.get(f"{EDIT}/neighbours.json?layer=none&bbox=139,35,140,36").status_code == 404


def test_the_past_is_compared_and_a_feature_comes_back(office: Office) -> None:
    roads, ids, before = office.roads, features(office.roads), newest().number
    step(roads, "properties", feature=ids["1"], p1="休園")
    step(roads, "remove", feature=ids["2"])
    assert publish(roads, "年度末の整理").status_code == 303
    compared = roads.get(f"{PAGE}/comparison?first={before}&second={before + 1}").text
    assert all(words in compared for words in ("年度末の整理", "変わった", "なくなった"))
    assert f"/versions/{before}/{{z}}/{{x}}/{{y}}.mvt" in compared
    assert roads.get(f"{PAGE}/comparison?first=999").status_code == 404
    tiles = [
        roads.get(f"/desk/map/layers/allotments/versions/{n}/16/58144/25809.mvt") for n in (before, before + 1, 999)
    ]
    assert [tile.status_code for tile in tiles] == [200, 200, 404]
    assert len(tiles[0].data) > len(tiles[1].data)
    history = f"{PAGE}/features/{ids['2']}"
    assert f"第{before + 1}版でなくなりました" in roads.get(history).text
    assert office.citizens.post(history, {"n": before}).status_code == 403
    since = re.findall(r'name="n" value="(\d+)"', roads.get(history).text)[0]
    assert roads.post(history, {"n": since}).location == f"{EDIT}/changes"
    assert publish(roads, "もどす").status_code == 303
    assert content(newest().number)["2"] == content(before)["2"]
    assert "もう一度加わった" in roads.get(history).text
    assert [roads.get(f"{PAGE}/features/{rest}").status_code for rest in ("1", "99999999999999999999")] == [404, 404]
