"""Somebody who moves in from abroad says so and goes on, with and without a script."""

from tests.kit.browser import Browser

AT_HOME = {
    "new_address.postal_code": "191-0016",
    "new_address.prefecture": "東京都",
    "new_address.city": "日野市",
    "new_address.town": "神明",
    "new_address.block": "1-12-1",
}


def test_an_address_abroad_is_taken_and_shown_again(browser: Browser) -> None:
    from portal.core.clock import today

    address = browser.start("moving-in").rpartition("/")[0] + "/move"
    moved = {"moved_on": today().isoformat()}
    boxes_of_japan = {"old_address.city": "Berlin", "old_address.block": "Friedrichstr. 1, 10117, Germany"}
    led_on = browser.post(address, AT_HOME | moved | boxes_of_japan)
    assert led_on.status_code == 422
    assert "「海外の住所を入力する」の欄に" in led_on.text
    assert "Friedrichstr. 1, 10117, Germany" in led_on.text

    abroad = {"old_address.country": "DE", "old_address.lines": "Friedrichstr. 1\r\n10117 Berlin"}
    answer = browser.post(address, AT_HOME | moved | abroad)
    assert answer.status_code == 303
    again = browser.get(address).text
    assert '<option value="DE" selected>' in again
    assert "10117 Berlin</textarea>" in again
