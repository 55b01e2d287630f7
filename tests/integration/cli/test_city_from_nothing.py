"""docs/operate/first-city.md, followed from nothing: one command, then the browser alone, up to a published procedure, a map and an application."""

import html
import io
import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from portal.core import tenancy
from portal.core.database import city_session, owner_engine, schema_of
from portal.procedures import queries
from tests.integration.cli.test_first_city import AROUND_THE_CITY_HALL, madoguchi, run
from tests.integration.desk.test_layer_imports import answers_of
from tests.integration.files.conftest import clamd, use_scanner  # noqa: F401 - a fixture
from tests.kit.browser import Browser
from tests.kit.jobs import forget_jobs, work
from tests.kit.letters import letters
from tests.kit.sweep import sweep

CITY = "fuchu"
CREATE = (
    *("city", "create", CITY, "--name", "府中市", "--name-kana", "ふちゅうし", "--name-en", "Fuchu City"),
    *("--code", "132063", "--postal-code", "183-8703", "--address", "東京都府中市宮西町2-24"),
    *("--phone", "042-364-4111", "--center", "139.4777", "35.6689"),
)
FIRST = (*("--department", "citizens", "市民課"), *("--administrator", "Kimura@city.example.jp", "木村 環"))
OWN_PASSWORD = "自分で決めた言葉 17"


@pytest.fixture(autouse=True)
def scanner(clamd: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811 - the fixture of that name
    use_scanner(monkeypatch, clamd)


@pytest.fixture
def nothing() -> Iterator[None]:
    """No such city, before and after."""
    yield
    forget_jobs(CITY)
    sweep(CITY)
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema_of(CITY)} CASCADE")
        connection.exec_driver_sql(f"DELETE FROM shared.city WHERE key = '{CITY}'")
    tenancy._directory.forget()


def test_the_guide_leads_from_nothing_to_an_application(app: Flask, nothing: None) -> None:
    printed = run(*CREATE, *FIRST)
    password, secret = re.findall(r"(?:password|authenticator key) +(\S+)", printed)
    staff, resident = Browser(app, CITY, "192.0.2.131"), Browser(app, CITY, "192.0.2.132")

    answer = staff.try_sign_in_at_desk("kimura@city.example.jp", password, secret)
    assert answer.location == "/desk/sign-in/password"
    assert staff.submit(answer.location, password=OWN_PASSWORD, again=OWN_PASSWORD).location == "/desk"
    for page in (
        "/desk",
        "/desk/city",
        "/desk/city/days",
        "/desk/departments",
        "/desk/staff",
        "/desk/layers",
        "/desk/procedures",
    ):
        assert staff.get(page).status_code == 200, page

    staff.get("/desk/new-department")
    assert staff.post("/desk/new-department", {"key": "roads", "title_ja": "道路課", "seen": "0"}).status_code == 303
    assert "道路課" in staff.get("/desk/departments").text
    _invite(staff)
    assert _draw_the_boundary(staff) == 303
    assert "city-boundary" in html.unescape(staff.get("/desk").text), "the boundary is on the map of the desk"

    staff.get("/desk/procedures")
    new = {"key": "first-step", "title": "はじめての届出", "department": "citizens", "base": ""}
    assert staff.post("/desk/procedures", new).status_code == 303
    editor = staff.get("/desk/procedures/first-step").text
    digest = re.findall(r'name="digest" value="([0-9a-f]+)"', editor)[-1]
    published = staff.post("/desk/procedures/first-step/publish", {"digest": digest, "note": "開設"})
    assert published.status_code == 303, published.text
    assert "はじめての届出" in resident.get("/").text + resident.get("/procedures").text
    resident.sign_in("aoki@example.jp")
    with city_session(CITY) as session:
        definition = queries.offer(session, "first-step").definition
    review = resident.fill(
        resident.start("first-step"),
        definition,
        {"name": {"family": "青木", "given": "さくら"}},
    )
    assert resident.agree(review).status_code == 303
    assert "青木 さくら" in staff.get("/desk").text


def test_the_command_may_be_repeated_and_keeps_who_is_there(nothing: None) -> None:
    run(*CREATE, *FIRST)
    again = run(*CREATE, *FIRST)
    assert "has an account already" in again
    assert "password  " not in again
    assert run("department", "list", CITY).count("\n") == 1
    refused = madoguchi(*CREATE, "--administrator", "not-an-address", "木村 環")
    assert refused.exit_code == 1


def test_an_administrator_without_any_department_is_refused_with_the_remedy(nothing: None) -> None:
    refused = madoguchi(*CREATE, "--administrator", "kimura@city.example.jp", "木村 環")
    assert refused.exit_code == 1
    assert "give --department KEY NAME" in refused.output


def _invite(staff: Browser) -> None:
    staff.get("/desk/staff/new")
    sent = staff.post(
        "/desk/staff/new",
        {"email": "sato@city.example.jp", "name": "佐藤 航", "role": "citizens:clerk", "how": "invite"},
    )
    assert sent.status_code == 303, sent.text
    assert [letter.to for letter in letters(CITY, "staff_invitation")] == ["sato@city.example.jp"]
    forget_jobs(CITY)  # the mail itself, for which there is no server here


def _draw_the_boundary(staff: Browser) -> int:
    ring = [[longitude + 0.04, latitude + 0.12] for longitude, latitude in AROUND_THE_CITY_HALL]
    feature = {
        "type": "Feature",
        "properties": {"city": "府中市"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    staff.get("/desk/layers")
    new = {"title": "市の区域", "key": "city-boundary", "kind": "polygon", "owner": "citizens"}
    assert staff.post("/desk/layers", new).status_code == 303
    staff.get("/desk/layers/city-boundary/imports")
    sent = staff.post("/desk/layers/city-boundary/imports", {"file": (io.BytesIO(content), "boundary.geojson")})
    work(CITY)
    address = str(sent.location)
    assert staff.post(address, answers_of(staff.get(address).text)).status_code == 303
    work(CITY)
    staff.get(address)
    return staff.post(f"{address}/taking", {"seen": "0", "note": "開設"}).status_code
