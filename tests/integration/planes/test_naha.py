"""A city outside zone IX (那覇市, plane XV): what an answer may be at most, what it costs and what the map says are the same metres."""

from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from common.plane import Plane
from forms import read_step
from portal.app import create_app
from portal.cases.drafts import answers_of, save_answers, start
from portal.cases.models import Case, CasePlace, Draft
from portal.cases.places import inspect_places
from portal.cases.submission import submit
from portal.cli import main
from portal.core import tenancy
from portal.core.clock import today
from portal.core.database import city_session, owner_engine, schema_of
from portal.core.errors import Invalid
from portal.identity.models import Department
from portal.procedures import actions, queries
from portal.residents.conflict_options import move_aside
from tests.kit.browser import Browser

CITY = "naha"
XV = Plane.of_number(15)
CENTRE = (127.679, 26.212)
PERIOD = {"start": "2027-04-10", "end": "2027-04-20"}
SOURCE = """
procedure: stall
kind: permit
title: {ja: 出店の許可}
department: roads
assurance: none
steps:
  - id: where
    title: {ja: 場所}
    fields:
      - {id: period, type: date_range, label: {ja: 期間}}
      - id: area
        type: polygon
        label: {ja: 使う範囲}
        max_area_m2: 50
        rules: [{clear_of: {procedure: stall, states: [received, approved], during: period}}]
      - {id: cable, type: line, label: {ja: 電線}, max_length_m: 20, required: false}
fee:
  - {id: use, label: {ja: 使用料}, amount: "1000 * ceil(area.area_m2)", when: approved}
workflow: {preset: permit}
"""


@pytest.fixture(scope="module")
def city() -> Iterator[None]:
    """那覇市 with one procedure; the directory of cities is as before afterwards."""
    created = CliRunner().invoke(
        main,
        [
            *("city", "create", CITY, "--name", "那覇市", "--name-kana", "なはし", "--name-en", "Naha City"),
            *("--code", "472018", "--postal-code", "900-8585", "--address", "那覇市泉崎1-1-1"),
            *("--phone", "098-867-0111", "--center", "127.679", "26.212", "--plane", "15"),
        ],
    )
    assert created.exit_code == 0, created.output
    assert "warning" not in created.output
    with city_session(CITY) as session:
        session.add(Department(key="roads", title={"ja": "道路課"}))
        session.flush()
        stall = actions.create_procedure(session, "stall", "roads")
        actions.save_draft(session, stall, SOURCE, None)
        actions.publish(session, stall, None)
    yield
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema_of(CITY)} CASCADE")
        connection.exec_driver_sql(f"DELETE FROM shared.city WHERE key = '{CITY}'")
    tenancy._directory.forget()


@pytest.fixture
def naha(city: None) -> Iterator[Session]:
    """A session in the city, rolled back."""
    from portal.core.database import open_city_session

    with open_city_session(CITY) as session:
        yield session
        session.rollback()


@pytest.fixture(scope="module")
def app(database: None) -> Flask:
    """The whole portal."""
    return create_app()


def polygon(along: float, across: float, east: float = 0) -> dict[str, Any]:
    """A drawn rectangle of exactly those metres in plane XV, some metres east of the city's middle."""
    [corner, *_] = XV.rectangle(CENTRE, 2 * east, 0.001, 90) if east else [CENTRE]
    ring = [list(at) for at in XV.rectangle(corner, along, across, 0)]
    return {"geometry": {"type": "Polygon", "coordinates": [ring]}, "source": "drawn"}


def draft_of(session: Session, area: dict[str, Any]) -> Draft:
    offer = queries.offer(session, "stall")
    draft = start(session, offer, account_id=None, language="ja")
    save_answers(session, draft, offer.definition, {"period": PERIOD, "area": area})
    return draft


def send(session: Session, area: dict[str, Any]) -> Case:
    return submit(session, draft_of(session, area), queries.offer(session, "stall").definition)


def read(session: Session, **values: str) -> Any:
    definition = queries.offer(session, "stall").definition
    form = {name.replace("__", "."): [text] for name, text in values.items()}
    form |= {f"period.{part}": [day] for part, day in PERIOD.items()}
    return read_step(definition, "where", form, {}, {}, today=today(), city=tenancy.city(CITY))


def test_as_much_as_is_allowed_is_allowed_and_paid_for(naha: Session) -> None:
    case = send(naha, polygon(10, 5))
    place = naha.scalars(select(CasePlace).where(CasePlace.case_id == case.id)).one()
    assert case.facts["area"]["area_m2"] == place.area_m2 == 50.0
    assert case.fee["due"]["approved"] == 50_000


def test_more_than_allowed_is_refused_by_the_figure_that_is_shown(naha: Session) -> None:
    with pytest.raises(Invalid) as refused:
        send(naha, polygon(10, 5.01))
    assert refused.value.fields["area"] == "広さは50 m²までです。いまは50.10 m²あります。小さくしてください。"


def test_a_typed_rectangle_has_the_typed_area(naha: Session) -> None:
    reading = read(
        naha, area__lat="26.212", area__lon="127.679", area__length="10", area__width="5", area__bearing="30"
    )
    assert reading.errors == {}
    definition = queries.offer(naha, "stall").definition
    result = inspect_places(naha, definition, reading.answers)
    assert result.facts["area"]["area_m2"] == 50.0
    assert send(naha, reading.answers["area"]).fee["total"] == 50_000


def test_a_line_is_measured_alike(naha: Session) -> None:
    first, _, _, last, _ = XV.rectangle(CENTRE, 20, 0.001, 90)
    values = "\n".join(f"{at[1]:.9f}, {at[0]:.9f}" for at in (first, last))
    area = {"area__lat": "26.212", "area__lon": "127.679", "area__length": "1", "area__width": "1"}
    assert read(naha, **area, cable__coordinates=values).errors == {}


def test_what_is_moved_aside_keeps_its_size_and_is_allowed(naha: Session) -> None:
    send(naha, polygon(10, 5))
    draft = draft_of(naha, polygon(10, 5, east=2))
    definition = queries.offer(naha, "stall").definition
    answers = answers_of(naha, draft)
    assert inspect_places(naha, definition, answers).conflicts["area"]
    moved = move_aside(naha, definition, answers, "area")
    assert moved.geometry is not None
    assert XV.area(moved.geometry["coordinates"][0]) == pytest.approx(50, abs=0.005)
    case = send(naha, {"geometry": moved.geometry, "source": "drawn"})
    assert case.facts["area"]["area_m2"] == 50.0


def test_the_page_takes_it_and_shows_the_same_figure(app: Flask, city: None) -> None:
    resident = Browser(app, CITY)
    resident.get("/procedures/stall")
    page = resident.post("/apply/stall", {}).headers["Location"]
    resident.get(page)
    step = resident.get(page).headers.get("Location", page)
    resident.get(step)
    values = {"area.lat": "26.212", "area.lon": "127.679", "area.length": "10", "area.width": "5"}
    days = {f"period.{part}": day for part, day in PERIOD.items()}
    answer = resident.post(step, values | days)
    assert answer.status_code == 303, answer.text
    review = resident.get(answer.headers["Location"]).text
    assert "50,000" in review


def test_a_plane_that_does_not_fit_the_city_is_pointed_out(city: None) -> None:
    arguments = ["city", "create", CITY, "--name", "那覇市", "--name-kana", "なはし", "--name-en", "Naha City"]
    arguments += [
        "--code",
        "472018",
        "--postal-code",
        "900-8585",
        "--address",
        "那覇市泉崎1-1-1",
        "--phone",
        "098-867-0111",
    ]
    created = CliRunner().invoke(main, [*arguments, "--center", "127.679", "26.212", "--plane", "9"])
    assert created.exit_code == 0
    assert "--plane 15 fits" in created.output
    again = CliRunner().invoke(main, [*arguments, "--center", "127.679", "26.212"])
    assert "plane 15" in again.output
    assert tenancy.city(CITY).plane == XV
