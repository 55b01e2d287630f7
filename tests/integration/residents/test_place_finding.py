"""A place found by its name instead of drawn: candidates without a script, a strip along the road, and an address beside it."""

import html
import re
from typing import Any

import pytest

from forms import load
from tests.kit.answers import occupancy, posted
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue

DEFINITION = load(catalogue()["road-occupancy"])


def without_place() -> dict[str, Any]:
    return {name: value for name, value in occupancy(3).items() if name != "area"}


def candidates(page: str, question: str) -> list[str]:
    """What the radio buttons of a place hold."""
    return [html.unescape(each) for each in re.findall(rf'name="{question}\.found"[^>]* value="([^"]+)"', page)]


def test_a_strip_is_placed_along_the_road_without_a_script(browser: Browser) -> None:
    address = browser.start("road-occupancy")
    page = posted(DEFINITION, "place", without_place())
    looked_for = browser.post(address, page | {"find-area": "191-0016", "find-options": "area"})
    assert looked_for.status_code == 200, "looking for a place objects to nothing"
    assert "data-error-summary" not in looked_for.text
    places = candidates(looked_for.text, "area")
    assert places
    assert all("神明" in each for each in places), "191-0016 is 神明"

    chosen = page | {"find-area": "191-0016", "area.found": places[-1]}
    refused = browser.post(address, chosen)
    assert "地図で範囲を囲むか、長さと幅を入力してください。" in refused.text
    assert f'value="{html.escape(places[-1])}" checked' in refused.text, "what was chosen stays chosen"
    sized = browser.post(address, chosen | {"area.length": "１９", "area.width": "1.6", "area.side": "near"})
    name = places[-1].split(",", 2)[2]
    again = browser.get(address).text
    assert f"いまの答え：{name}" in again or sized.status_code == 303
    review = browser.get(f"{address.rpartition('/')[0]}/review").text
    assert re.search(rf"{name}付近・30\.40 m²", review)
    assert "緯度" not in review


def test_words_of_another_city_and_of_no_place_say_so(browser: Browser) -> None:
    browser.start("road-occupancy")
    assert "市の外の場所のようです" in browser.post("/map/places", {"place": "area", "words": "立川市曙町2-17"}).text
    assert "市の外の場所のようです" in browser.post("/map/places", {"place": "area", "words": "190-0012"}).text
    assert "見つかりません" in browser.post("/map/places", {"place": "area", "words": "ぬぬぬ"}).text
    assert candidates(browser.post("/map/places", {"place": "spot", "words": "日野駅"}).text, "spot")
    assert browser.post("/map/places", {"words": "日野駅"}).status_code == 404


def test_the_example_beside_the_search_is_a_place_of_the_city(browser: Browser) -> None:
    page = browser.get(browser.start("road-occupancy")).text
    shown = re.search(r"郵便番号でもさがせます。例：([^、<]+)、([^<]+)<", page)
    assert shown
    for words in shown.groups():
        assert candidates(browser.post("/map/places", {"place": "area", "words": words}).text, "area"), words


def test_an_empty_map_is_one_error_at_the_question(browser: Browser) -> None:
    address = browser.start("road-occupancy")
    refused = browser.post(address, posted(DEFINITION, "place", without_place())).text
    assert refused.count("地図で場所を示すか、住所や施設の名前でさがして選んでください。") == 2, "summary and question"
    assert 'aria-invalid="true"' not in refused
    assert not re.search(r"<details[^>]* open", refused)


def test_a_place_and_an_address_fill_in_each_other(browser: Browser) -> None:
    address = f"{browser.start('disaster-certificate').rpartition('/')[0]}/building"
    [spot, *_] = candidates(browser.post("/map/places", {"place": "site", "words": "神明一丁目"}).text, "site")
    live = browser.post(f"{address}/live", {"site.found": spot}).text
    assert 'data-place-address="building_address"' in live
    assert "地図の場所は「東京都日野市神明一丁目」です。" in live
    home = {"prefecture": "東京都", "city": "日野市", "town": "神明", "block": "2-3-4"}
    typed = {f"building_address.{part}": text for part, text in home.items()}
    offered = browser.post(f"{address}/live", typed).text
    assert [each.split(",", 2)[2] for each in candidates(offered, "site")] == ["神明二丁目"]
    assert "この手続きに書いた「建物の住所」" in offered


@pytest.mark.parametrize(
    ("town", "block", "told"),
    [("神明", "1-3-4", False), ("神明一丁目", "3-4", False), ("神明", "4-3-4", True), ("多摩平", "1-1", True)],
)
def test_the_last_look_says_that_place_and_address_are_in_different_districts(
    browser: Browser, town: str, block: str, told: bool
) -> None:
    start = browser.start("disaster-certificate").rpartition("/")[0]
    [spot, *_] = candidates(browser.post("/map/places", {"place": "site", "words": "神明一丁目"}).text, "site")
    home = {"prefecture": "東京都", "city": "日野市", "town": town, "block": block}
    typed = {f"building_address.{part}": text for part, text in home.items()}
    browser.post(f"{start}/building", typed | {"site.found": spot})
    review = browser.get(f"{start}/review").text
    assert ("地図の場所は「東京都日野市神明一丁目」で、書かれた住所と町がちがいます。" in review) is told


def test_the_map_opens_at_the_address_of_the_application(browser: Browser) -> None:
    address = browser.start("road-occupancy")
    applicant = f"{address.rpartition('/')[0]}/applicant"
    before = re.search(r'"center": \[[^\]]+\], [^}]*"zoom": 17', html.unescape(browser.get(address).text))
    browser.post(f"{applicant}/autosave", posted(DEFINITION, "applicant", without_place()))
    after = html.unescape(browser.get(address).text)
    assert before
    assert '"zoom": 19' in after
    assert "この手続きに書いた" in after
