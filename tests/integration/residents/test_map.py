"""The residents' map: what is near a place, what holds there, and that neither a place nor anything hidden is told where it should not be."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from sqlalchemy import select

from geo.catalogue import change_entry
from geo.layer_import import LayerMetadata, import_layer
from geo.tables import layer, layer_feature
from portal import procedures
from portal.cases.place_fit import procedures_at
from portal.core.database import city_session
from portal.core.events import SYSTEM
from portal.core.limits import Limit
from portal.maps import PublicUse, use_layer
from portal.residents import quotas
from tests.integration.geo.stalls import rectangle
from tests.integration.residents.conftest import CITY
from tests.kit.browser import Browser

HALL = (139.3951, 35.6713)
QUARTER = "神明一丁目"
EAST = {"名称": "東のいす", "名称_英字": "Bench in the East", "種別": "休む場所"}
OPEN = {"利用可能曜日": "毎日", "開始時間": "0:00", "終了時間": "24:00"}


def at(east: float, north: float = 0) -> dict[str, Any]:
    """A point so many metres from the city hall."""
    return {"type": "Point", "coordinates": rectangle(east, north, 1, 1, HALL)["coordinates"][0][0]}


def load(key: str, need: str, *features: tuple[dict[str, Any], dict[str, Any]], **entry: Any) -> None:
    """A layer of points that residents use for something."""
    listed = [{"type": "Feature", "properties": properties, "geometry": place} for properties, place in features]
    with city_session(CITY) as session:
        import_layer(
            session, LayerMetadata(key, {"ja": key}, "point"), {"type": "FeatureCollection", "features": listed}
        )
        use_layer(session, key, PublicUse(need), (), SYSTEM)
        change_entry(session, key, **({"source": "日野市の調べ"} | entry))


@pytest.fixture(scope="module", autouse=True)
def layers(open_city: str) -> None:
    """Benches for everybody, boilers for staff, safes for a department, wells taken out of use."""
    load(
        "benches", "facility",
        ({"名称": "役所前のいす"} | OPEN, at(5)),
        (EAST | {"利用可能曜日": "日", "開始時間": "1:00", "終了時間": "1:01", "ホームページ": "javascript:x"}, at(40)),
        ({"名称": "無口のいす"}, at(60)),
    )  # fmt: skip
    load("boilers", "facility", ({"名称": "秘密の釜"} | OPEN, at(1)), visible_to="staff")
    load("safes", "facility", ({"名称": "秘密の金庫"} | OPEN, at(2)), visible_to="groups", owner="road-management")
    load("wells", "facility", ({"名称": "秘密の井戸"} | OPEN, at(3)), in_use=False)


def names(page: str) -> list[str]:
    """What the list holds, in its order."""
    return re.findall(r'class="map-line".*?<a href="[^"]+">([^<]+)</a>', page, re.S)


def search(browser: Browser, **fields: str) -> str:
    """Send the form of the map; the address to which it leads, as it is read."""
    browser.get("/map")
    answer = browser.post("/map/place", fields)
    assert answer.status_code == 303
    return unquote(answer.location)


def test_the_needs_of_the_city_are_on_the_first_page_and_in_the_menu(browser: Browser) -> None:
    page = browser.get("/map").text
    for need in ("facility", "shelter", "collection", "works", "zoning", "other"):
        assert f'href="/map?need={need}"' in page
    home = browser.get("/").text
    assert home.count('href="/map"') >= 2
    assert 'href="/map?need=collection"' in home


def test_the_nearest_comes_first_with_distance_and_direction(browser: Browser) -> None:
    page = browser.get("/map?need=facility&place=日野市役所").text
    listed = names(page)
    assert listed.index("役所前のいす") < listed.index("東のいす") < listed.index("無口のいす")
    assert re.search(r"約\d+ m\(.+?\)", page)
    assert "時間の記載がありません" in page
    assert "開いています(1日中)" in page


def test_only_what_is_known_to_be_open_is_shown_as_open(browser: Browser) -> None:
    page = browser.get(f"/map?need=facility&open=1&place={QUARTER}").text
    assert "役所前のいす" in names(page)
    assert not {"東のいす", "無口のいす"} & set(names(page))
    assert "時間の記載がない" in page


def test_refuges_for_a_disaster(browser: Browser) -> None:
    every = names(browser.get(f"/map?need=shelter&place={QUARTER}").text)
    flood = names(browser.get(f"/map?need=shelter&hazard=flood&place={QUARTER}").text)
    assert 0 < len(flood) < len(every)
    none = browser.get("/map?need=shelter&hazard=tsunami").text
    assert "この災害のための避難場所は、地図にありません" in none


def test_days_of_collection_follow_from_the_zone_of_the_place(browser: Browser) -> None:
    assert "住所を選んでください" in browser.get("/map?need=collection").text
    page = browser.get(f"/map?need=collection&place={QUARTER}").text
    assert re.search(r"燃やせるごみ.*?月・木|水・土|火・金", page, re.S)
    day = re.search(r"<b class=\"nowrap\">(\d+)月(\d+)日", page)
    assert day is not None
    assert "申し込み制" in page


def test_zoning_is_told_once_the_notice_was_read_and_the_notice_stays(browser: Browser) -> None:
    address = f"/map?need=zoning&place={QUARTER}"
    before = browser.get(address).text
    assert "証明にはなりません" in before
    assert "建ぺい率" not in before
    assert "/map/layers/zoning/" not in before
    answer = browser.post("/map/notice", {"need": "zoning", "place": QUARTER})
    assert unquote(answer.location) == address
    after = browser.get(address).text
    assert "建ぺい率" in after
    assert "証明にはなりません" in after
    assert "no-print" not in after.split('<div class="note note--warning">')[1].split("</div></div>")[0]


def test_layers_that_are_not_for_everybody_are_nowhere(browser: Browser) -> None:
    with city_session(CITY) as session:
        rows = session.execute(
            select(layer.c.key, layer_feature.c.id)
            .join(layer, layer.c.id == layer_feature.c.layer_id)
            .where(layer.c.key.in_(["boilers", "safes", "wells"]))
        ).all()
    assert len(rows) == 3
    pages = [
        browser.get(path).text
        for path in (
            "/map",
            "/map?need=facility",
            f"/map?need=facility&place={QUARTER}",
            f"/map?need=facility&open=1&place={QUARTER}",
        )
    ]
    search(browser, words="秘密の")
    pages.append(browser.get("/map?search=1").text)
    for page in pages:
        assert not re.search("秘密の[釜金井]|boilers|safes|wells", page)
    for key, feature_id in rows:
        assert browser.get(f"/map/features/{key}/{feature_id}").status_code == 404
        assert browser.get(f"/map/layers/{key}/16/58144/25816.mvt").status_code == 404
        assert browser.get(f"/map/features/benches/{feature_id}").status_code == 404
        refused = browser.post("/map/apply/road-damage", {"layer": key, "feature": str(feature_id)})
        assert refused.status_code == 404


def test_a_feature_shows_every_column_its_source_and_what_can_be_applied_for(browser: Browser) -> None:
    page = browser.get(f"/map?need=facility&place={QUARTER}").text
    href = re.search(r'href="(/map/features/benches/\d+\?[^"]+)">東のいす', page)
    assert href is not None
    feature = browser.get(href[1].replace("&amp;", "&")).text
    for words in ("東のいす", "開いている曜日", "1:01", "ホームページ", "日野市の調べ", "この場所で手続きする"):
        assert words in feature
    assert 'href="javascript' not in feature
    assert "need=facility&amp;place=" in feature  # the way back to the list


def test_a_feature_is_named_as_its_reader_reads(browser: Browser) -> None:
    """A column beside the name, words that the department gave for a value, and what is there in Japanese alone, marked."""
    with city_session(CITY) as session:
        words = {"休む場所": {"en": "Place to rest"}}
        use_layer(session, "benches", PublicUse("facility", words=words), (), SYSTEM)
    listed = browser.get(f"/map?need=facility&place={QUARTER}&lang=en").text
    assert {"Bench in the East", '<span lang="ja">無口のいす</span>'} <= {
        name.strip() for name in re.findall(r'<a href="/map/features/[^"]+">(.*?)</a>', listed)
    }
    href = re.search(r'href="(/map/features/benches/\d+\?[^"]+)">Bench in the East', listed)
    assert href is not None
    english = browser.get(unescape(href[1])).text
    assert "<h1>Bench in the East</h1>" in english
    assert "Place to rest" in english
    assert "東のいす" not in english
    korean = browser.get(f"{unescape(href[1])}&lang=ko").text
    assert "<h1>Bench in the East</h1>" in korean
    assert '<span lang="ja">東のいす</span>' in browser.get(f"{unescape(href[1])}&lang=zh").text
    search(browser, words="bench in the")
    assert "Bench in the East" in browser.get("/map?search=1&lang=en").text
    browser.get("/?lang=ja")


def test_an_exact_place_stands_in_no_address_and_in_no_log(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    longitude, latitude = HALL
    with caplog.at_level("DEBUG"):
        address = search(browser, need="facility", lon=str(longitude), lat=str(latitude), origin="here")
        page = browser.get(address).text
    assert address == f"/map?need=facility&place={QUARTER}" or re.fullmatch(
        r"/map\?need=facility&place=[^&0-9]+", address
    )
    assert "いまいるところ" in page
    assert not re.search(r'href="[^"]*(139\.39|35\.67)', page.replace("maps.gsi.go.jp", ""))
    assert "139.3951" not in caplog.text
    # somebody else who opens the same address gets the quarter
    assert "いまいるところ" not in Browser(browser.client.application, CITY).get(address).text


def test_an_address_with_a_number_leads_to_its_quarter(browser: Browser) -> None:
    """The city hall has an address among the place names."""
    address = search(browser, need="facility", words="神明1-12-1")
    assert "12" not in urlsplit(address).query.replace("%", "")
    assert browser.get(address).status_code == 200


def test_words_that_may_mean_several_things_are_a_choice(browser: Browser) -> None:
    assert search(browser, need="facility", words="いす") == "/map?need=facility&search=1"
    page = browser.get("/map?need=facility&search=1").text
    assert "東のいす" in page
    assert page.index("「いす」は、どれですか") < page.index("東のいす")
    assert "いす" not in names(page)
    other = Browser(browser.client.application, CITY).get("/map?search=1").text
    assert "検索の言葉がわからなくなりました" in other


def test_what_is_not_there_is_said(browser: Browser) -> None:
    search(browser, words="八王子市明神町")
    assert "日野市の外の住所のようです" in browser.get("/map?search=1").text
    assert search(browser, need="facility", lon="135.5", lat="34.7").endswith("fault=outside")
    assert "外のようです" in browser.get("/map?fault=outside").text
    assert search(browser, words="  ").endswith("fault=empty")
    assert "という場所は見つかりません" in browser.get("/map?need=facility&place=どこにもない町").text


@pytest.mark.parametrize(
    "query",
    ["need=nothing", "lines=x", "lines=99999", "lines=９", "hazard=flood", "open=2", "place=%00", "need=facility&place=" + "あ" * 3000],
)  # fmt: skip
def test_odd_addresses_are_pages(browser: Browser, query: str) -> None:
    assert browser.get(f"/map?{query}").status_code == 200


@pytest.mark.parametrize("point", [("nan", "1"), ("", ""), ("1e400", "2"), ("139.39; DROP", "35"), ("999", "35")])
def test_odd_points_are_no_place(browser: Browser, point: tuple[str, str]) -> None:
    assert search(browser, lon=point[0], lat=point[1]).endswith("fault=empty")


@pytest.mark.parametrize("path", ["/map/features/benches/99999999999999999999", "/map/features/public.x.y/1"])
def test_odd_features_are_missing(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404


def applied(browser: Browser, procedure: str, **fields: str) -> str:
    """Begin an application on the map; the address of its first page."""
    answer = browser.post(f"/map/apply/{procedure}", fields)
    assert answer.status_code == 303, answer.text
    return answer.location


def test_a_point_of_the_map_answers_the_question_for_a_place(browser: Browser) -> None:
    address = search(browser, lon="139.3960", lat="35.6720", origin="here")
    place = address.split("place=")[1]
    assert "/map/apply/road-damage" in browser.get(address).text
    page = browser.get(applied(browser, "road-damage", place=place).rpartition("/")[0] + "/where").text
    written = re.search(r'id="spot.geometry" name="spot.geometry" value="([^"]+)"', page)
    assert written is not None
    assert json.loads(unescape(written[1]))["coordinates"] == pytest.approx([139.3960, 35.6720], abs=1e-5)
    assert "地図で選んだ場所を入れました" in page


def test_a_town_answers_nothing_but_the_drawing_opens_there(browser: Browser) -> None:
    browser.get("/map")
    page = browser.get(applied(browser, "road-damage", place=QUARTER).rpartition("/")[0] + "/where").text
    assert "地図で選んだ場所を入れました" not in page
    base = re.search(r"data-base='([^']+)'", page)
    assert base is not None
    options = json.loads(unescape(base[1]))
    assert options["zoom"] == 19
    assert options["center"] == pytest.approx([HALL[1], HALL[0]], abs=0.02)


def test_a_procedure_that_a_rule_forbids_there_is_not_offered(browser: Browser) -> None:
    """Nobody occupies a road where there is none."""
    with city_session(CITY) as session:
        offers = procedures.offers(session)
        fits = {fit.offer.key for fit in procedures_at(session, offers, HALL)}
        outside = procedures_at(session, offers, (139.7671, 35.6812))
        sea = procedures_at(session, offers, (0.0, 0.0))
    assert "road-damage" in fits
    assert not {"road-occupancy", "bulky-waste", "road-damage"} & {fit.offer.key for fit in outside}
    assert sea == []


def test_a_place_that_is_not_known_any_more_is_asked_for_again(browser: Browser) -> None:
    browser.get("/map")
    assert "もう一度場所を選んでください" in browser.post("/map/apply/road-damage", {"place": "どこか"}).text
    assert browser.post("/map/apply/no-such-procedure", {"place": QUARTER}).status_code == 404


def test_searches_are_limited(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "_MAP_SEARCHES", Limit("map-search-test", 2, timedelta(hours=1)))
    browser.get("/map")
    answers = [browser.post("/map/place", {"words": "神明"}).status_code for _ in range(3)]
    assert answers == [303, 303, 429]


@pytest.mark.parametrize("language", ["ja-easy", "en", "zh", "ko"])
def test_every_language_reads_whole_pages(browser: Browser, language: str) -> None:
    for path in (
        f"/map?need=shelter&place={QUARTER}",
        f"/map?need=collection&place={QUARTER}",
        "/map?need=facility&open=1",
    ):
        page = browser.get(f"{path}&lang={language}").text
        main = page.split("<main")[1].split("</main>")[0]
        assert "日本語だけ" not in main
        if language == "en":
            spoken = re.sub(
                r"<[^>]*lang=\"ja\"[^>]*>.*?</(span|dd|dt|a|h1|small)>|<script.*?</script>|<[^>]+>",
                " ",
                main,
                flags=re.S,
            )
            assert not re.search(r"[ぁ-んァ-ヶ]", spoken), re.findall(r"[^\n]*[ぁ-んァ-ヶ]+[^\n]*", spoken)[:3]
    browser.get("/map?lang=ja")
