"""Without scripts a place is shown as a picture of the server, to whoever may read the page, and to nobody else."""

from xml.etree import ElementTree

from forms import load
from portal.residents.place_pictures import geometry_at
from tests.integration.residents.conftest import CITY
from tests.kit.answers import damage
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue

SVG = "{http://www.w3.org/2000/svg}"


def _address(page: str, begin: str) -> str:
    """The address of the picture on a page."""
    return begin + page.partition(f'<noscript><img class="place-picture" src="{begin}')[2].partition('"')[0]


def test_a_place_is_a_picture_from_the_question_to_the_case(browser: Browser, other_browser: Browser) -> None:
    first = browser.start("road-damage")
    draft = first.split("/")[3]
    assert "place-picture" not in browser.get(f"/apply/d/{draft}/where").text
    review = browser.fill(first, load(catalogue()["road-damage"]), damage(CITY, "穴が1つあります"))
    for page in (f"/apply/d/{draft}/where", review):
        assert _address(browser.get(page).text, "/apply/d/") == f"/apply/d/{draft}/places/spot/picture"
    picture = browser.get(f"/apply/d/{draft}/places/spot/picture")
    assert picture.mimetype == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "private, no-cache"
    drawn = ElementTree.fromstring(picture.text)  # noqa: S314 - the portal's own answer
    assert len(drawn.findall(f"{SVG}path")) > 3
    assert drawn.findall(f"{SVG}g")
    again = browser.get(f"/apply/d/{draft}/places/spot/picture", **{"If-None-Match": picture.headers["ETag"]})
    assert again.status_code == 304
    assert browser.get(f"/apply/d/{draft}/places/nothing/picture").status_code == 404
    assert other_browser.get(f"/apply/d/{draft}/places/spot/picture").status_code == 404
    case = browser.agree(review).location.rpartition("/")[2]
    address = _address(browser.get(f"/me/cases/{case}").text, "/me/cases/")
    assert address == f"/me/cases/{case}/places/spot/picture"
    assert _address(browser.get(f"/done/{case}").text, "/me/cases/") == address
    assert browser.get(address).mimetype == "image/svg+xml"
    assert other_browser.get(address).mimetype != "image/svg+xml"


def test_places_in_rows_are_named_by_their_row() -> None:
    here, there = {"type": "Point", "coordinates": [139.4, 35.7]}, {"type": "Point", "coordinates": [139.5, 35.7]}
    answers = {"stalls": [{"spot": {"geometry": here}, "way": {"geometry": there}}, {"spot": None}]}
    assert geometry_at(answers, "stalls.0.spot") == here
    assert geometry_at(answers, "stalls.0") == {"type": "GeometryCollection", "geometries": [here, there]}
    for path in ("stalls.1", "stalls.1.spot", "stalls.2", "stalls.x", "stalls", "other.0"):
        assert geometry_at(answers, path) is None
