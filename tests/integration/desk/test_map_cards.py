"""What the map beside the list says: of its pins, of the ground under a press, and where an open case lies."""

import html
import re
from itertools import islice

import pytest

from tests.integration.desk.conftest import SOUTH, WEST, Office
from tests.kit.browser import Browser


def words(page: str) -> str:
    """What is read of a fragment, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_pin_says_number_procedure_state_days_and_assignee_and_nobodys_name(office: Office) -> None:
    late, other = sorted(office.reports)[0], sorted(office.reports)[1]
    cards = office.roads.get(f"/desk/map/cards?case={late},{other}").text
    assert re.findall(r'data-card="(\d+)"', cards) == [str(late), str(other)]
    first, second = (words(part) for part in cards.split("</li>")[:2])
    assert re.fullmatch(r"道路の損傷の連絡 日-0101-90000 \S+ 3日超過\(\S+\) 担当 試験 職員", first)
    assert re.fullmatch(r"道路の損傷の連絡 日-0101-90001 \S+ 2日超過\(\S+\) 担当なし", second)
    assert not re.search("試験 [01]|神明|多摩平", cards), "the card names an applicant or a place"


def test_pins_of_other_offices_and_nonsense_say_nothing(office: Office) -> None:
    some = ",".join(map(str, islice(sorted(office.reports), 3)))
    assert "data-card" not in office.citizens.get(f"/desk/map/cards?case={some}").text
    for nonsense in ("", "x", "99999999999999999999", "1;DROP", "-4"):
        answer = office.roads.get(f"/desk/map/cards?case={nonsense}")
        assert (answer.status_code, "data-card" in answer.text) == (200, False)


def test_many_pins_cost_the_statements_of_one(office: Office, statements: list[str]) -> None:
    counts = []
    for number in (1, 60):
        case_ids = ",".join(map(str, islice(sorted(office.reports), number)))
        office.roads.get(f"/desk/map/cards?case={case_ids}")
        statements.clear()
        page = office.roads.get(f"/desk/map/cards?case={case_ids}").text
        assert page.count("data-card=") == number
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 4, "\n".join(statements)


def ground(desk: Browser, layers: str, at: str) -> str:
    """What the layers have there, in words."""
    answer = desk.get(f"/desk/map/features?at={at}&layers={layers}")
    assert answer.status_code == 200
    return words(answer.text)


@pytest.fixture
def on_a_road(office: Office) -> str:
    """A spot of 日野市 on one of its roads, at street level."""
    extent = re.search(r'data-extent="([\d.,-]+)"', office.roads.get(f"/desk/cases/{office.permit}").text)
    assert extent
    west, south, east, north = map(float, extent[1].split(","))
    return f"17/{(south + north) / 2:.6f}/{(west + east) / 2:.6f}"


def test_a_press_on_a_layer_tells_its_attributes_its_source_and_its_date(office: Office, on_a_road: str) -> None:
    told = ground(office.roads, "city-roads", on_a_road)
    assert re.match(r"市道の区域 (市道\S+) 幅\(m\) \d+ 路線 \1 ", told), told
    assert re.search(r"出典：模式図（デモ用に作成）・\d{4}年\d+月\d+日\S*(のデータ|に取り込み)・第1版$", told), told


def test_only_layers_that_are_on_and_seen_are_told_in_their_order(office: Office, on_a_road: str) -> None:
    both = office.roads.get(f"/desk/map/features?at={on_a_road}&layers=collection-zones,city-roads").text
    assert len(re.findall("<h2>", both)) == 2
    turned = office.roads.get(f"/desk/map/features?at={on_a_road}&layers=city-roads,collection-zones").text
    assert re.findall("<h2>([^<]+)", both) == re.findall("<h2>([^<]+)", turned)[::-1]
    nothing = "ここには、重ねている地図の内容がありません。"
    assert ground(office.roads, "no-such-layer", on_a_road) == nothing
    assert ground(office.roads, "city-roads", "17/36.5/140.5") == nothing


def test_a_spot_that_is_none_is_refused_in_words(office: Office) -> None:
    for at in ("", "x", "17/95.5/139.5", "17/35.6", "99/35.6/139.4", "17/1e9/5", "17/10.5/100.5"):
        answer = office.roads.get(f"/desk/map/features?at={at}&layers=city-roads")
        assert answer.status_code == 422, at
        assert "地図をもう一度押してください。" in answer.text


def test_layers_at_a_spot_cost_the_same_statements_for_one_and_for_many(
    office: Office, on_a_road: str, statements: list[str]
) -> None:
    counts = []
    for layers in ("city-roads", "city-roads,collection-zones,city-boundary"):
        office.roads.get(f"/desk/map/features?at={on_a_road}&layers={layers}")
        statements.clear()
        office.roads.get(f"/desk/map/features?at={on_a_road}&layers={layers}")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 6, "\n".join(statements)


def test_an_open_case_says_where_its_places_are(office: Office) -> None:
    report = sorted(office.reports)[0]
    page = office.roads.get(f"/desk/cases/{report}?tab=history").text
    extent = re.search(r'data-extent="([\d.,-]+)"', page)
    assert extent
    assert [round(float(side), 6) for side in extent[1].split(",")] == [WEST, SOUTH, WEST, SOUTH]
