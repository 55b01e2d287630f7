"""A city that starts without the demo, by the commands of docs/operate/first-city.md, up to pages that residents and staff use."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text

import forms
from madoguchi_sandbox import SandboxServer
from portal.app import create_app
from portal.cli import main
from portal.core import tenancy
from portal.core.config import settings
from portal.core.database import city_session, owner_engine, schema_of
from portal.payments import refunds_need_approval
from portal.payments.provider_accounts import active_account, webhook_secrets
from portal.procedures import actions
from portal.procedures.queries import draft_of, procedure
from tests.kit.browser import Browser
from tests.kit.sweep import sweep

CITY = "machida"
CATALOGUE = Path(forms.__file__).parent / "catalogue"
DAMAGE = CATALOGUE / "road-damage.yaml"
AROUND_THE_CITY_HALL = [[139.40, 35.52], [139.47, 35.52], [139.47, 35.57], [139.40, 35.57], [139.40, 35.52]]


def madoguchi(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)


def run(*arguments: str | Path, stdin: str | None = None) -> str:
    result = madoguchi(*arguments, stdin=stdin)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def created_city() -> Iterator[None]:
    """The city for all tests here; what others know of cities stays as it was."""
    run(
        *("city", "create", CITY, "--name", "町田市", "--name-kana", "まちだし", "--name-en", "Machida City"),
        *("--code", "132098", "--postal-code", "194-8520", "--address", "東京都町田市森野2-2-22"),
        *("--phone", "042-722-3111", "--center", "139.44", "35.55"),
    )
    sweep(CITY)
    yield
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema_of(CITY)} CASCADE")
        connection.exec_driver_sql(f"DELETE FROM shared.city WHERE key = '{CITY}'")
    tenancy._directory.forget()


@pytest.fixture
def city(created_city: None) -> Iterator[None]:
    """The city with nothing in it."""
    yield
    sweep(CITY)


@pytest.fixture
def furnished(city: None, tmp_path: Path) -> None:
    run("department", "add", CITY, "road-management", "--title", "道路管理課", "--place", "9階")
    ground = {"type": "Polygon", "coordinates": [AROUND_THE_CITY_HALL]}
    named = {
        "city": "町田市",
        "office": "道路管理課",
        "road_name": "市道",
        "unit_price": 4200,
        "department": "road-management",
    }
    file = tmp_path / "ground.geojson"
    feature = {"type": "Feature", "properties": named, "geometry": ground}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    for key in ("city-boundary", "city-roads", "road-offices", "road-grades"):
        run("layer", "import", CITY, key, file, "--title", "範囲", "--kind", "polygon", "--source", "町田市")


@pytest.fixture(scope="module")
def portal_app() -> Flask:
    return create_app()


@pytest.fixture
def visitor(portal_app: Flask) -> Browser:
    return Browser(portal_app, CITY)


def test_residents_find_what_was_published(furnished: None, visitor: Browser) -> None:
    assert "version 1 is published" in run("procedure", "publish", CITY, DAMAGE)
    page = visitor.get("/").text
    assert "町田市" in page
    assert "道路の損傷" in page


def test_publishing_again_changes_nothing_and_another_text_is_the_next_version(furnished: None, tmp_path: Path) -> None:
    run("procedure", "publish", CITY, DAMAGE)
    assert "this text already" in run("procedure", "publish", CITY, DAMAGE)
    changed = tmp_path / "changed.yaml"
    changed.write_text(DAMAGE.read_text(encoding="utf-8") + "# 2027年から\n", encoding="utf-8")
    assert "version 2 is published" in run("procedure", "publish", CITY, changed, "--note", "4月の改正")


def test_a_definition_that_the_city_cannot_carry_out_publishes_nothing(city: None) -> None:
    run("department", "add", CITY, "road-management", "--title", "道路管理課")
    result = madoguchi("procedure", "publish", CITY, DAMAGE)
    assert result.exit_code == 1
    assert re.search(r"road-damage\.yaml:\d+: .*「city-boundary」は、この市にありません", result.output)
    assert "nothing was changed" in result.output


def test_a_draft_in_the_browser_is_not_overwritten(furnished: None, tmp_path: Path) -> None:
    run("procedure", "publish", CITY, DAMAGE)
    with city_session(CITY) as session:
        actions.save_draft(session, procedure(session, "road-damage"), "書きかけ", None)
    changed = tmp_path / "changed.yaml"
    changed.write_text(DAMAGE.read_text(encoding="utf-8") + "# 2027年から\n", encoding="utf-8")
    result = madoguchi("procedure", "publish", CITY, changed)
    assert result.exit_code == 1
    assert "下書きがあります" in result.output
    with city_session(CITY) as session:
        draft = draft_of(session, procedure(session, "road-damage"))
        assert draft is not None
        assert draft.source == "書きかけ"


def test_the_first_administrator_signs_in_with_what_was_printed(furnished: None, visitor: Browser) -> None:
    printed = run("staff", "create", CITY, "Kimura@city.example.jp", "--name", "木村 環", "--role", "*:admin")
    password, key = re.findall(r"(?:password|authenticator key) +(\S+)", printed)
    assert _signs_in(visitor, "kimura@city.example.jp", password, key)
    assert "*:admin" in run("staff", "list", CITY)


def test_a_closed_account_opens_nothing(furnished: None, visitor: Browser) -> None:
    printed = run("staff", "create", CITY, "k@city.example.jp", "--name", "木村 環", "--role", "road-management:clerk")
    password, key = re.findall(r"(?:password|authenticator key) +(\S+)", printed)
    renewed = run("staff", "password", CITY, "k@city.example.jp").split()[1]
    assert renewed != password
    run("staff", "close", CITY, "k@city.example.jp")
    assert not _signs_in(visitor, "k@city.example.jp", renewed, key)
    assert run("staff", "list", CITY).rstrip().endswith("closed")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--role", "roads:clerk"), "there is no department 'roads'. Departments: road-management"),
        (("--role", "road-management:boss"), "there is no role 'boss'. Roles: clerk"),
    ],
)
def test_staff_of_nowhere_are_refused(furnished: None, arguments: tuple[str, ...], message: str) -> None:
    result = madoguchi("staff", "create", CITY, "a@city.example.jp", "--name", "山田", *arguments)
    assert result.exit_code == 1
    assert message in result.output
    assert run("staff", "list", CITY) == ""


def test_a_city_that_does_not_exist_is_named(city: None) -> None:
    result = madoguchi("staff", "list", "atlantis")
    assert result.exit_code == 1
    assert "There is no city atlantis. Cities: " in result.output


def test_a_layer_of_which_nothing_is_left_says_why_and_changes_nothing(city: None, tmp_path: Path) -> None:
    file = tmp_path / "sea.geojson"
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [0, 0]}}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    result = madoguchi("layer", "import", CITY, "trees", file, "--title", "街路樹", "--kind", "point")
    assert result.exit_code == 1
    assert "取り込める行がありません。日本の外にある 1行" in result.output
    assert run("layer", "list", CITY) == ""


def test_a_map_without_a_ground_says_so_and_shows_the_layers(furnished: None, visitor: Browser) -> None:
    base = _base_of(visitor)
    assert (base["url"], base["attribution"]) == (None, "下地の地図はまだありません")
    layers = {layer["key"]: layer for layer in base["layers"]}
    assert set(layers) == {"city-boundary", "city-roads", "road-offices", "road-grades"}
    assert all(layer["shown"] and layer["style"]["fill"].startswith("#") for layer in layers.values())
    tile = visitor.get(layers["road-offices"]["url"].format(z=14, x=14538, y=6459))
    assert (tile.status_code, bool(tile.data)) == (200, True)
    assert len({layer["style"]["fill"] for layer in layers.values()}) == 4


def test_what_is_for_staff_is_not_on_the_maps_of_residents(furnished: None, visitor: Browser, tmp_path: Path) -> None:
    file = tmp_path / "ground.geojson"
    run("layer", "import", CITY, "road-grades", file, "--title", "級地", "--kind", "polygon", "--for-staff")
    assert "road-grades" not in {layer["key"] for layer in _base_of(visitor)["layers"]}


def test_a_layer_keeps_its_colour_when_it_is_loaded_again(furnished: None, visitor: Browser, tmp_path: Path) -> None:
    load = (
        "layer",
        "import",
        CITY,
        "road-offices",
        tmp_path / "ground.geojson",
        "--title",
        "担当",
        "--kind",
        "polygon",
    )
    run(*load, "--colour", "#2f6fb0")
    run(*load)
    (style,) = [layer["style"] for layer in _base_of(visitor)["layers"] if layer["key"] == "road-offices"]
    assert style["fill"] == "#2f6fb0"
    assert "is not a colour" in madoguchi(*load, "--colour", "blue").output


def test_a_layer_that_lost_its_features_leaves_the_map_whole(furnished: None, visitor: Browser) -> None:
    with city_session(CITY) as session:
        session.execute(text("DELETE FROM layer_feature"))
    base = _base_of(visitor)
    assert base["center"] == [35.55, 139.44]
    tile = visitor.get(base["layers"][0]["url"].format(z=14, x=14538, y=6459))
    assert (tile.status_code, tile.data) == (200, b"")


def _base_of(visitor: Browser) -> dict[str, Any]:
    """The settings of the map that the first page gives its scripts."""
    page = html.unescape(visitor.get("/").text)
    match = re.search(r"data-base='(\{.*?\})'", page)
    assert match is not None
    return json.loads(match[1])


def test_the_city_is_joined_to_its_payment_account(city: None, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = SandboxServer("127.0.0.1", 0, None, None)
    sandbox.start(send_webhooks=False)
    monkeypatch.setenv("MADOGUCHI_STRIPE_API_BASE", sandbox.url)
    settings.cache_clear()
    try:
        output = run("city", "pay", CITY, "--api-key-file", "-", "--method", "card", stdin="sk_test_machida\n")
        assert "card; webhook events come to http://machida.localhost" in output
        with city_session(CITY) as session:
            assert active_account(session).methods == ["card"]
            assert refunds_need_approval(session, 1)
            assert webhook_secrets(session)[0].startswith("whsec_")
        refused = madoguchi("city", "pay", CITY, "--api-key-file", "-", stdin="pk_live_public")
        assert "not a secret key" in refused.output
    finally:
        settings.cache_clear()
        sandbox.stop()


def _signs_in(visitor: Browser, email: str, password: str, secret: str) -> bool:
    """Whether the staff door opens at the end of its pages; on the last one an own password takes the place of the printed one."""
    own = "自分で決めた言葉 17"
    answer = visitor.try_sign_in_at_desk(email, password, secret)
    if answer.location != "/desk/sign-in/password":
        return False
    return visitor.submit(answer.location, password=own, again=own).location == "/desk"
