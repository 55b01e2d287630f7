"""A postal code fills in prefecture, city and town of an address, with a script and without; what is not known is said."""

import re

import pytest

from tests.kit.browser import Browser


def test_a_postal_code_finds_the_address_in_any_prefecture(browser: Browser) -> None:
    browser.start("road-occupancy")
    answer = browser.post("/postal-codes", {"code": "〒１９０ー００１２"}).json
    assert answer["parts"] == {"prefecture": "東京都", "city": "立川市", "town": "曙町"}
    assert answer["note"] == "郵便番号から住所を入れました。ちがうときは、書き直してください。"
    assert browser.post("/postal-codes", {"code": "060-0001"}).json["parts"]["prefecture"] == "北海道"


@pytest.mark.parametrize("code", ["999-9999", "190", "", "x" * 200])
def test_a_postal_code_that_is_not_known_says_so(browser: Browser, code: str) -> None:
    browser.start("road-occupancy")
    answer = browser.post("/postal-codes", {"code": code})
    assert answer.json["parts"] == {}
    assert answer.json["note"].startswith("この郵便番号の住所は、わかりませんでした。")


def test_without_a_script_the_next_page_has_the_address_of_the_postal_code(browser: Browser) -> None:
    address = f"{browser.start('road-occupancy').rpartition('/')[0]}/applicant"
    parts = dict.fromkeys(("prefecture", "city", "town", "block", "building"), "")
    alone = {"address.postal_code": "190-0012"} | {f"address.{part}": text for part, text in parts.items()}
    refused = browser.post(address, alone)
    assert refused.status_code == 422
    assert re.search(r'<option value="東京都" selected>', refused.text)
    assert 'name="address.city" value="立川市"' in refused.text
    assert 'name="address.town" value="曙町"' in refused.text
    own = browser.post(address, alone | {"address.city": "八王子市"})
    assert 'name="address.city" value="八王子市"' in own.text, "what was written stays"
    assert 'name="address.town" value=""' in own.text


@pytest.mark.parametrize(
    ("written", "doubted"),
    [
        ({"prefecture": "大阪府"}, True),
        ({"prefecture": "東京都", "city": "八王子市"}, True),
        ({"prefecture": "東京都", "city": "立川市", "town": "高松町"}, True),
        ({"prefecture": "東京都", "city": "立川市", "town": "曙町二丁目"}, False),
        ({"prefecture": "東京都", "city": "立川市"}, False),
        ({}, False),
    ],
)
def test_a_postal_code_of_another_place_than_what_is_written_is_doubted(
    browser: Browser, written: dict[str, str], doubted: bool
) -> None:
    browser.start("road-occupancy")
    doubt = browser.post("/postal-codes", {"code": "190-0012", **written}).json["doubt"]
    assert ("郵便番号190-0012は、東京都立川市曙町の番号です" in doubt) is doubted


def test_a_city_is_not_doubted_for_its_district(browser: Browser) -> None:
    browser.start("road-occupancy")
    address = {"code": "190-1221", "prefecture": "東京都", "city": "瑞穂町"}
    assert browser.post("/postal-codes", address).json["doubt"] == ""


def test_the_last_look_says_whose_postal_code_is_of_elsewhere(browser: Browser) -> None:
    start = browser.start("dog-registration").rpartition("/")[0]
    address = {"postal_code": "530-0001", "prefecture": "東京都", "city": "立川市", "town": "曙町", "block": "2-17-3"}
    browser.post(f"{start}/owner", {f"address.{part}": text for part, text in address.items()})
    review = browser.get(f"{start}/review").text
    assert "郵便番号530-0001は、大阪府大阪市北区梅田の番号です" in review
