"""Programs read with a key what it names, and nothing else; it is shown once, counted, and opens nothing once it is revoked."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.core.clock import today
from portal.core.database import city_session
from portal.core.events import Event
from portal.core.limits import Limit
from portal.programs import ProgramKey, door
from portal.programs.models import ProgramKeyUse
from tests.integration.ogc.conftest import CITY, Town
from tests.kit.browser import Browser
from tests.kit.gdal import Gdal

KEYS = "/desk/program-keys"
ITEMS = "/desk/ogc/collections/defects/items"


def new_key(**more: object) -> dict[str, object]:
    last = (today() + timedelta(days=30)).isoformat()
    return {"name": "道路課のQGIS", "department": "road-management", "layers": ["defects"], "valid_until": last, **more}


def made(town: Town, **more: object) -> tuple[int, str]:
    """A new key: its row and itself."""
    town.roads.get(KEYS)
    page = town.roads.post(KEYS, new_key(**more))
    assert page.status_code == 200, page.text
    assert page.headers["Cache-Control"] == "no-store"
    secret = re.search(r"mdg_[\w-]{43}", page.text)
    assert secret
    with city_session(CITY) as session:
        return session.scalars(select(func.max(ProgramKey.id))).one(), secret[0]


@pytest.fixture(scope="module")
def key(town: Town) -> Iterator[tuple[int, str]]:
    """A key that opens the layer of the roads office."""
    yield made(town)


@pytest.fixture
def program(app: Flask) -> Browser:
    """A program: nobody is signed in."""
    return Browser(app, CITY)


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_a_key_opens_what_it_names_and_nothing_else(program: Browser, key: tuple[int, str]) -> None:
    _id, secret = key
    seen = program.get("/desk/ogc/collections", **bearer(secret)).get_json()
    assert [each["id"] for each in seen["collections"]] == ["defects"]
    assert program.get(ITEMS, **bearer(secret)).get_json(force=True)["numberMatched"] == 25
    assert (
        program.get("/desk/ogc/collections/defects/tiles/WebMercatorQuad/14/1/1", **bearer(secret)).status_code == 200
    )
    for other in ("pipes", "wells", "plots", "no-such-layer"):
        assert program.get(f"/desk/ogc/collections/{other}", **bearer(secret)).status_code == 404
    for path in ("/desk", "/desk/layers", KEYS, "/desk/map/layers/defects/14/1/1.mvt"):
        assert program.get(path, **bearer(secret)).status_code == 303, "a key opens the interface for programs alone"
    assert program.get("/ogc/collections/defects", **bearer(secret)).status_code == 404
    assert program.get(f"{ITEMS}?key={secret}").status_code == 401, "never in an address"
    assert program.post(ITEMS, {}, **bearer(secret)).status_code in {400, 405}


@pytest.mark.parametrize("header", ["Bearer", "Bearer mdg_wrong", "bearer \u00e9", "Bearer " + "x" * 4000])
def test_a_key_that_opens_nothing_is_refused_whoever_is_signed_in(town: Town, program: Browser, header: str) -> None:
    for browser in (program, town.roads):
        answer = browser.get("/desk/ogc", Authorization=header)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert "鍵" in answer.get_json(force=True)["detail"]
    assert town.roads.get("/desk/ogc", Authorization="Basic YTpi").status_code == 200, "a proxy's own header"


def test_a_key_of_another_city_opens_nothing(app: Flask, key: tuple[int, str]) -> None:
    assert Browser(app, "mitaka").get("/desk/ogc", **bearer(key[1])).status_code == 401


def test_the_secret_is_kept_nowhere_and_its_use_is_counted_by_the_day(
    town: Town, program: Browser, key: tuple[int, str]
) -> None:
    key_id, secret = key
    for _time in range(3):
        program.get("/desk/ogc", **bearer(secret))
    with city_session(CITY) as session:
        used = session.scalars(select(ProgramKeyUse).where(ProgramKeyUse.key_id == key_id)).one()
        assert used.requests >= 3
        row = session.get_one(ProgramKey, key_id)
        assert secret not in repr([getattr(row, column.key) for column in ProgramKey.__table__.columns])
        names = select(Event.name).where(Event.subject_kind == "program_key", Event.subject_id == key_id)
        assert session.scalars(names.order_by(Event.id)).all() == ["program_key.created", "program_key.used"]
    page = town.roads.get(KEYS).text
    assert "道路課のQGIS" in page
    assert secret not in page


def test_a_key_ends_when_it_is_revoked_and_after_its_last_day(town: Town, program: Browser) -> None:
    key_id, secret = made(town, name="一度だけ")
    assert program.get("/desk/ogc", **bearer(secret)).status_code == 200
    confirmation = town.roads.get(f"{KEYS}/{key_id}/revocation")
    assert "もとにもどせません" in confirmation.text
    assert town.roads.post(f"{KEYS}/{key_id}/revocation").status_code == 303
    assert program.get("/desk/ogc", **bearer(secret)).status_code == 401
    assert town.roads.post(f"{KEYS}/{key_id}/revocation").status_code == 409
    key_id, secret = made(town, name="一度だけ")
    with city_session(CITY) as session:
        yesterday = today() - timedelta(days=1)
        session.execute(update(ProgramKey).where(ProgramKey.id == key_id).values(valid_until=yesterday))
    assert program.get("/desk/ogc", **bearer(secret)).status_code == 401
    assert "期限が過ぎました" in town.roads.get(KEYS).text


def test_a_form_that_asks_for_too_much_or_too_little_makes_no_key(town: Town, key: tuple[int, str]) -> None:
    for more, word in (
        ({"department": "no-such"}, "部署を選んで"),
        ({"name": " "}, "名前を入力"),
        ({"name": "道路課のQGIS"}, "同じ名前"),
        ({"name": "x", "layers": []}, "1つ以上"),
        ({"name": "x", "valid_until": "来年"}, "最後の日"),
        ({"name": "x", "valid_until": "2020-01-01"}, "最後の日"),
        ({"name": "x", "valid_until": "9999-12-31"}, "最後の日"),
        ({"name": "長" * 61}, "60"),
    ):
        answer = town.roads.post(KEYS, new_key(**more))
        assert (answer.status_code, word in answer.text) == (422, True), more
    for more in ({"layers": ["wells"]}, {"layers": ["no-such"]}, {"department": "citizens"}, {"procedures": ["dog"]}):
        assert town.roads.post(KEYS, new_key(name="x", **more)).status_code == 403, more
    assert town.citizens.get(KEYS).status_code == 403, "a clerk gives no keys"
    assert town.elsewhere.get(f"{KEYS}/{key[0]}/revocation").status_code == 404


def test_gdal_reads_with_a_key_in_its_headers(served: str, key: tuple[int, str]) -> None:
    with Gdal() as gdal:
        read = gdal.read(f"OAPIF:{served}/desk/ogc", "defects", key=key[1])
        assert len(read["centres"]) == 25


def test_too_many_requests_with_a_key_are_told_when_to_come_back(
    town: Town, program: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "_REQUESTS", Limit("program-key-test", 2, timedelta(hours=1)))
    _id, secret = made(town, name="速すぎる作業")
    answers = [program.get("/desk/ogc", **bearer(secret)) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
