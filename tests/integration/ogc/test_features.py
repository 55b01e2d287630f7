"""OGC API Features: documents as the standards have them, pages by link, the order of axes, and who sees which collection."""

import re
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from tests.integration.geo.stalls import rectangle
from tests.integration.ogc import schemas
from tests.integration.ogc.conftest import CENTRE, PLOTS, Town
from tests.kit.browser import Browser

CRS = "http://www.opengis.net/def/crs/EPSG/0/"
PLOT = "/ogc/collections/plots"


def read(browser: Browser, path: str, schema: dict[str, Any], status: int = 200, **arguments: str) -> Any:
    """A document that must be as its schema says."""
    answer = browser.get(f"{path}?{urlencode(arguments)}" if arguments else path)
    assert answer.status_code == status, answer.text
    content = answer.get_json(force=True)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(content)
    return content


def items(town: Town, **arguments: str) -> Any:
    return read(town.anybody, f"{PLOT}/items", schemas.FEATURES, **arguments)


def numbers(town: Town, **arguments: str) -> list[int]:
    return [feature["properties"]["number"] for feature in items(town, **arguments)["features"]]


def test_documents_are_as_the_standards_have_them(town: Town) -> None:
    for path, schema in {
        "/ogc": schemas.LANDING,
        "/ogc/conformance": schemas.CONFORMANCE,
        "/ogc/api": schemas.OPENAPI,
        "/ogc/collections": schemas.COLLECTIONS,
        PLOT: schemas.COLLECTION,
        f"{PLOT}/queryables": schemas.QUERYABLES,
        f"{PLOT}/items": schemas.FEATURES,
    }.items():
        document = read(town.anybody, path, schema)
        for link in document.get("links", []):
            parts = urlsplit(link["href"])
            followed = town.anybody.get(f"{parts.path}?{parts.query}", Accept=link["type"])
            assert (followed.status_code, followed.mimetype) == (200, link["type"].partition(";")[0]), link
    first = items(town, limit="1")["features"][0]
    read(town.anybody, f"{PLOT}/items/{first['id']}", schemas.FEATURE)
    plot_collection = read(town.anybody, PLOT, schemas.COLLECTION)
    west, south, east, north = plot_collection["extent"]["spatial"]["bbox"][0]
    assert west == pytest.approx(CENTRE[0], abs=1e-6)
    assert south < CENTRE[1] + 1e-6 < north
    assert east > west
    assert (plot_collection["license"], plot_collection["attribution"]) == ("CC BY 4.0", "日野市")


def test_every_parameter_that_a_path_names_is_described(town: Town) -> None:
    described = read(town.anybody, "/ogc/api", schemas.OPENAPI)
    for path, methods in described["paths"].items():
        names = {reference["$ref"].rpartition("/")[2] for reference in methods["get"]["parameters"]}
        assert names <= described["components"]["parameters"].keys()
        assert set(re.findall(r"{(\w+)}", path)) <= names


def test_pages_lead_to_each_other_and_hold_every_feature_once(town: Town) -> None:
    seen, address, turned, back = [], f"{PLOT}/items?limit=10", [], ""
    while address:
        page = read(town.anybody, address, schemas.FEATURES)
        assert page["numberMatched"] == PLOTS
        assert page["numberReturned"] == len(page["features"])
        seen += [feature["properties"]["number"] for feature in page["features"]]
        links = {link["rel"]: urlsplit(link["href"]) for link in page["links"]}
        turned.append(set(links) & {"next", "prev"})
        back = f"{links['prev'].path}?{links['prev'].query}" if "prev" in links else ""
        address = f"{links['next'].path}?{links['next'].query}" if "next" in links else ""
    assert seen == list(range(PLOTS))
    assert turned == [{"next"}, {"next", "prev"}, {"prev"}]
    before = read(town.anybody, back, schemas.FEATURES)
    assert [feature["properties"]["number"] for feature in before["features"]] == list(range(10, 20))
    assert len(numbers(town, limit="99999")) == PLOTS


def test_features_are_found_by_place_property_and_filter(town: Town) -> None:
    corner = rectangle(15, -5, 30, 20, CENTRE)["coordinates"][0]
    (west, south), (east, north) = corner[0], corner[2]
    box = f"{west},{south},{east},{north}"
    assert numbers(town, bbox=box) == [1, 2]
    assert numbers(town, bbox=f"{west},{south},0,{east},{north},9") == [1, 2]
    assert numbers(town, **{"bbox": f"{south},{west},{north},{east}", "bbox-crs": f"{CRS}6668"}) == [1, 2]
    assert numbers(town, bbox=f"179,{south},{east},{north}")[:3] == [0, 1, 2]
    assert numbers(town, number="3") == [3]
    assert numbers(town, name="第4区画", open="true") == [4]
    assert numbers(town, filter="number > 20 AND NOT open = TRUE") == [21, 23]
    assert numbers(town, filter=f"S_INTERSECTS(geometry, BBOX({box}))") == [1, 2]
    swapped = f"S_INTERSECTS(geometry, BBOX({south},{west},{north},{east}))"
    assert numbers(town, **{"filter": swapped, "filter-crs": f"{CRS}4326"}) == [1, 2]
    assert len(numbers(town, datetime="2026-04-01/..")) == PLOTS
    assert items(town, filter="number = 99")["numberMatched"] == 0


def test_coordinates_come_in_the_order_of_axes_of_their_system(town: Town) -> None:
    for code, first in ((6668, CENTRE[1]), (4326, CENTRE[1]), (3857, 15517379.2), (6677, -36357.1)):
        answer = town.anybody.get(f"{PLOT}/items?{urlencode({'crs': f'{CRS}{code}', 'limit': '1'})}")
        assert answer.headers["Content-Crs"] == f"<{CRS}{code}>"
        ring = answer.get_json(force=True)["features"][0]["geometry"]["coordinates"][0]
        assert ring[0][0] == pytest.approx(first, abs=1e-6 if code in {6668, 4326} else 60), code
    assert town.anybody.get(f"{PLOT}/items?limit=1").headers["Content-Crs"].endswith("/OGC/1.3/CRS84>")


def test_a_reader_who_has_the_page_is_told_so(town: Town) -> None:
    first = town.anybody.get(f"{PLOT}/items?limit=3")
    again = town.anybody.get(f"{PLOT}/items?limit=3", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert town.anybody.get(f"{PLOT}/items?limit=4", If_None_Match=first.headers["ETag"]).status_code == 200
    assert first.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"bbox": "a,b"}, "bbox"),
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "nan,1,2,3"}, "bbox"),
        ({"bbox": "139,36,140,35"}, "逆"),
        ({"bbox": "35,139,36,140"}, "軸の順番"),
        ({"bbox": "1e300,1,2e300,3", "bbox-crs": f"{CRS}6677"}, "範囲"),
        ({"bbox-crs": "EPSG:4301"}, "座標系"),
        ({"crs": f"{CRS}2451"}, "座標系"),
        ({"filter-crs": "x"}, "座標系"),
        ({"datetime": "きのう"}, "datetime"),
        ({"datetime": "2026-04-01T09:00:00"}, "datetime"),
        ({"datetime": "2026-05-01/2026-04-01"}, "datetime"),
        ({"datetime": "0001-01-01T00:00:00+14:00"}, "datetime"),
        ({"limit": "0"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "٣"}, "limit"),
        ({"after": "9" * 30}, "after"),
        ({"f": "xml"}, "json"),
        ({"colour": "red"}, "colour"),
        ({"number": "三"}, "12.5"),
        ({"number": "nan"}, "12.5"),
        ({"open": "yes"}, "true"),
        ({"name": "a\0b"}, "name"),
        ({"filter": "colour = 'red'"}, "colour"),
        ({"filter": "number ="}, "CQL2"),
        ({"filter": "number = 'x'"}, "種類"),
        ({"filter": "pg_sleep(10) = 1"}, "pg_sleep"),
        ({"filter": "(" * 900 + "open" + ")" * 900}, "かっこ"),
        ({"filter": "S_INTERSECTS(geometry, POINT(35.67 139.39))"}, "軸の順番"),
        ({"filter": "open = TRUE", "filter-lang": "cql2-json"}, "cql2-text"),
    ],
)
def test_what_is_asked_wrongly_is_told_with_the_remedy(town: Town, arguments: dict[str, str], word: str) -> None:
    told = read(town.anybody, f"{PLOT}/items", schemas.PROBLEM, 400, **arguments)
    assert word in told["detail"]
    page = town.anybody.get(f"{PLOT}/items?{urlencode({'f': 'html', **arguments})}")
    assert page.status_code == 400
    assert word in page.text or arguments.get("f") == "xml"


def test_pages_for_people_say_the_same(town: Town) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml"}
    assert "区画" in town.anybody.get("/ogc", **browser).text
    for language in ("en", "zh", "ko", "ja-easy"):
        for path in ("/ogc", "/ogc/api", "/ogc/conformance", PLOT, f"{PLOT}/items"):
            assert town.anybody.get(f"{path}?f=html&lang={language}").status_code == 200
    page = town.anybody.get(f"{PLOT}/items?limit=5&number=3&lang=ja", **browser).text
    assert "第3区画" in page
    assert "<td>いいえ</td>" in page
    first = re.search(rf'href="({PLOT}/items/\d+\?f=html)"', page)
    assert first
    assert "data-map-place" in town.anybody.get(first[1]).text
    assert "CC BY 4.0" in town.anybody.get(PLOT, **browser).text
    assert "全部見る" in town.anybody.get(f"{PLOT}/items?number=99&f=html").text


SEES = {
    "anybody": ("/ogc", {"plots"}),
    "roads": ("/desk/ogc", {"plots", "pipes", "defects"}),
    "citizens": ("/desk/ogc", {"plots", "pipes"}),
}


@pytest.mark.parametrize("who", SEES)
def test_each_collection_is_there_for_those_who_may_see_it(town: Town, who: str) -> None:
    browser, (door, sees) = getattr(town, who), SEES[who]
    listed = read(browser, f"{door}/collections", schemas.COLLECTIONS)["collections"]
    assert {each["id"] for each in listed} & {"plots", "pipes", "defects", "wells"} == sees
    for key in ("plots", "pipes", "defects", "wells"):
        for part in ("", "/queryables", "/items", "/items/1"):
            path = f"{door}/collections/{key}{part}"
            readable = browser.get(path).status_code == 200 or (part == "/items/1" and key in sees)
            assert readable is (key in sees), path
            if key not in sees:
                read(browser, path, schemas.PROBLEM, 404)


def test_nobody_comes_through_the_door_of_staff_without_being_one(town: Town) -> None:
    for who in ("anybody", "elsewhere"):
        visitor = getattr(town, who).at("hino")
        assert read(visitor, "/desk/ogc/collections", schemas.PROBLEM, 401)["detail"]
        assert visitor.get("/desk/ogc", Accept="text/html").status_code == 303
    assert {each["id"] for each in read(town.roads, "/ogc/collections", schemas.COLLECTIONS)["collections"]} >= {
        "plots"
    }
    assert town.roads.get("/ogc/collections/pipes").status_code == 404
