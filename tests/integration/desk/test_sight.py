"""A role sees of a case what its work needs: an inspector the site, a cashier the money, and neither the rest by any other way."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from forms import load
from portal.cases.models import Case
from portal.cases.sight import site_fields
from portal.core.access import declared_rights, rights_of
from portal.core.database import city_session
from portal.files import StoredFile
from tests.integration.desk.conftest import CITY, TILE, Office
from tests.kit.answers import occupancy
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue
from tests.kit.city import begin, hire, send


@dataclass
class Viewers:
    inspector: Browser
    cashier: Browser
    reader: Browser
    case: int
    name: str
    address: str
    phone: str
    label: str


@pytest.fixture(scope="module")
def viewers(app: Flask, office: Office) -> Iterator[Viewers]:
    """An inspector and a cashier of the roads office, and an application of its own."""
    for who in ("inspector", "cashier"):
        hire(CITY, f"{who}@example.jp", {"road-management": (who,)})
    answers = occupancy()
    with city_session(CITY) as session:
        case = send(session, begin(session, "road-occupancy", answers))
        made = case.id, case.place_label
    desks = [
        Browser(app, CITY, f"192.0.2.{place}").sign_in_at_desk(f"{who}@example.jp")
        for place, who in enumerate(("inspector", "cashier"), 40)
    ]
    yield Viewers(
        desks[0],
        desks[1],
        office.roads,
        made[0],
        answers["name"]["family"],
        str(answers["address"]["town"]),
        "090-1234-5678",
        made[1],
    )


def test_an_inspector_sees_the_site_and_nobodys_address(viewers: Viewers) -> None:
    page = viewers.inspector.get(f"/desk/cases/{viewers.case}").text
    assert viewers.label in page
    assert "面積・期間" in page
    assert viewers.phone not in page
    assert "mailto:" not in page
    whole = viewers.reader.get(f"/desk/cases/{viewers.case}").text
    assert viewers.phone in whole


def test_a_cashier_sees_fee_and_name_and_neither_place_nor_answers(viewers: Viewers) -> None:
    page = viewers.cashier.get(f"/desk/cases/{viewers.case}").text
    drawer = page[page.index("<h2>") :]
    assert viewers.name in drawer
    assert "<h3>料金</h3>" in drawer
    assert viewers.phone not in drawer
    assert viewers.label not in drawer
    assert "面積・期間" not in drawer
    assert "<h3>占用" not in drawer


@pytest.mark.parametrize("tab", ["messages", "files"])
def test_a_tab_that_is_not_theirs_shows_the_content_instead(viewers: Viewers, tab: str) -> None:
    page = viewers.cashier.get(f"/desk/cases/{viewers.case}?tab={tab}").text
    assert "<h3>料金</h3>" in page
    assert f"tab={tab}" not in page


def test_files_of_the_site_open_for_an_inspector_and_for_a_cashier_none(viewers: Viewers) -> None:
    with city_session(CITY) as session:
        file = session.scalars(select(StoredFile).where(StoredFile.case_id == viewers.case)).first()
        assert file is not None
        file.scan = "clean"
        address = f"/desk/cases/{viewers.case}/files/{file.public_id}"
        assert file.field in {"plans", "schedule"}
    assert viewers.inspector.get(address).status_code == 200
    assert viewers.cashier.get(address).status_code == 404
    with city_session(CITY) as session:
        session.scalars(select(StoredFile).where(StoredFile.case_id == viewers.case)).first().field = "name"
    assert viewers.inspector.get(address).status_code == 404
    assert viewers.reader.get(address).status_code == 200


def test_neither_may_write_to_applicants(viewers: Viewers) -> None:
    for visitor in (viewers.inspector, viewers.cashier):
        assert visitor.post(f"/desk/cases/{viewers.case}/messages", {"body": "こんにちは"}).status_code == 403


def test_a_cashier_finds_by_name_and_not_by_address(viewers: Viewers) -> None:
    place = viewers.label[:3]
    link = f'data-case-id="{viewers.case}"'
    assert link in viewers.reader.get(f"/desk?procedure=road-occupancy&q={place}").text
    assert link not in viewers.cashier.get(f"/desk?procedure=road-occupancy&q={place}").text
    assert link in viewers.cashier.get(f"/desk?procedure=road-occupancy&q={viewers.name}").text
    assert viewers.label not in viewers.cashier.get("/desk").text


def test_a_cashier_finds_nobody_by_place_or_period(viewers: Viewers) -> None:
    link = f'data-case-id="{viewers.case}"'
    for query in ("bbox=130,30,145,40", "from=2020-01-01", "area=13900000_3530000_90000_0_0_90000_-90000_0"):
        assert link in viewers.reader.get(f"/desk?procedure=road-occupancy&order=new&{query}").text, query
        assert link not in viewers.cashier.get(f"/desk?procedure=road-occupancy&order=new&{query}").text, query


def test_the_map_of_a_cashier_is_empty(viewers: Viewers) -> None:
    z, x, y = TILE
    assert viewers.reader.get(f"/desk/map/cases/{z}/{x}/{y}.mvt").data
    assert viewers.inspector.get(f"/desk/map/cases/{z}/{x}/{y}.mvt").data
    assert not viewers.cashier.get(f"/desk/map/cases/{z}/{x}/{y}.mvt").data


def test_a_look_by_somebody_who_does_not_read_it_leaves_a_case_unread(viewers: Viewers) -> None:
    with city_session(CITY) as session:
        case = send(session, begin(session, "road-occupancy", occupancy()))
        assert case.unread
        case_id = case.id
    viewers.cashier.get(f"/desk/cases/{case_id}")
    with city_session(CITY) as session:
        assert session.get_one(Case, case_id).unread
    viewers.reader.get(f"/desk/cases/{case_id}")
    with city_session(CITY) as session:
        assert not session.get_one(Case, case_id).unread


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_what_concerns_the_site_is_never_about_a_person(key: str) -> None:
    definition = load(catalogue()[key])
    site_keys = site_fields(definition)
    private = {"person_name", "person_kana", "birthday", "phone", "email", "bank_account"}
    assert not [
        field for field in site_keys if definition.fields[field].type in private or definition.fields[field].sensitive
    ]
    assert {key for key, field in definition.fields.items() if field.is_place} <= site_keys


def test_roles_hold_only_rights_that_exist() -> None:
    assert {"case.read_answers", "case.read_place"} <= declared_rights().keys()
    assert "case.read_answers" not in rights_of("inspector") | rights_of("cashier")
