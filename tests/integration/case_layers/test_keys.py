"""A key reads the cases of its department at the procedures that it names, with the answers that the definition hands out; GDAL reads so."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.access import StaffIdentity
from portal.core.clock import today
from portal.core.database import city_session
from portal.identity.models import Department, Staff
from portal.programs import Grantable, KeyGrant, create_key
from tests.integration.case_layers.conftest import CENTRE, CITY, MARKET, PLOTS, PUBLIC, STAFF, Market, number_of
from tests.kit.browser import Browser
from tests.kit.gdal import Gdal


def key_for(name: str, department: str, procedures: tuple[str, ...]) -> str:
    with city_session(CITY) as session:
        department_id = session.scalars(select(Department.id).where(Department.key == department)).one()
        maker = session.scalars(select(Staff.id).where(Staff.email == "clerk@example.jp")).one()
        staff = StaffIdentity(maker, "", "", {department_id: frozenset({"publisher"})})
        grant = KeyGrant(name, department_id, (), procedures, today() + timedelta(days=1))
        return create_key(session, staff, grant, Grantable((), procedures)).secret


@pytest.fixture(scope="module")
def secret(market: Market) -> str:
    return key_for("市のQGIS", "road-management", (MARKET,))


def test_a_key_reads_what_the_definition_hands_out(app: Flask, market: Market, secret: str) -> None:
    program = Browser(app, CITY)
    bearer = {"Authorization": f"Bearer {secret}"}
    listed = program.get("/desk/ogc/collections", **bearer).get_json()["collections"]
    assert [each["id"] for each in listed] == [STAFF, PLOTS]
    page = program.get(f"/desk/ogc/collections/{STAFF}/items", **bearer).get_json(force=True)
    first = page["features"][0]["properties"]
    assert (first["number"], first["use"], first["motto"]) == (number_of(market.waiting), "shop", "焼きそば")
    assert "period_start" not in first, "a question that the definition does not name"
    rows = program.get(f"/desk/ogc/collections/{PLOTS}/items", **bearer).get_json(force=True)["features"]
    assert sorted(row["properties"]["tables"] for row in rows) == [1, 1, 2, 2]
    assert program.get(f"/desk/ogc/collections/{STAFF}/items?period_start=2026-01-01", **bearer).status_code == 400
    assert program.get(f"/desk/ogc/collections/{PUBLIC}", **bearer).status_code == 404


def test_a_key_of_another_department_or_procedure_reads_no_case(app: Flask, market: Market) -> None:
    program = Browser(app, CITY)
    other = {"Authorization": f"Bearer {key_for('別の課', 'citizens', (MARKET,))}"}
    page = program.get(f"/desk/ogc/collections/{STAFF}/items", **other).get_json(force=True)
    assert page["numberMatched"] == 0
    none = {"Authorization": f"Bearer {key_for('別の手続き', 'road-management', ('dog-registration',))}"}
    assert program.get(f"/desk/ogc/collections/{STAFF}/items", **none).status_code == 404


def test_gdal_reads_cases_with_a_key(served: str, market: Market, secret: str) -> None:
    with Gdal() as gdal:
        everything = gdal.read(f"OAPIF:{served}/desk/ogc", STAFF, key=secret)
        assert everything["centres"][0] == pytest.approx(CENTRE, abs=1e-6)
        assert everything["columns"]["motto"] == ["焼きそば", "太鼓"]
        some = gdal.read(f"OAPIF:{served}/desk/ogc", PLOTS, key=secret, where="tables = 2")
        assert len(some["centres"]) == 2
        public = gdal.read(f"OAPIF:{served}/ogc", PUBLIC)
        assert public["columns"]["use"] == ["stage"]
