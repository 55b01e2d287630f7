"""How many statements a page sends, pinned at the true number: one more is a decision, one for each row is a fault."""

import re

import pytest
from flask import template_rendered
from sqlalchemy import select

from portal.cases.models import Case
from portal.cases.submission import submit
from portal.core.database import city_session, engine
from portal.core.tenancy import cities
from portal.identity.resident_accounts import sign_in_account
from portal.procedures import definitions
from portal.procedures.definitions import definition_of
from portal.procedures.shelf import Shelf
from portal.warming import warm
from tests.integration.statements.conftest import CITY, EMAIL, counted
from tests.kit.answers import damage
from tests.kit.browser import Browser, agreement
from tests.kit.city import begin

RESIDENTS = {
    "/": 5,  # with the catalogue of layers: what residents can look for on the map
    "/map": 3,
    "/map?need=facility": 4,
    "/map?need=facility&place=日野市役所": 6,
    "/map?need=shelter&place=日野市役所": 7,
    "/map?need=works&place=日野市役所": 8,  # and what each version of the procedure lets everybody see
    "/procedures": 3,
    "/procedures?q=ごみ": 9,
    "/procedures/dog-registration": 4,
    "/life/moving": 3,
    "/help": 2,
    "/me": 6,
    "/ogc/collections/city-roads/items": 3,
    "/ogc/collections/city-roads/items?bbox=139,35,140,36": 4,
    "/ogc/collections": 4,  # with the procedures and, of each that shows cases to everybody, its versions
}
# A list of the desk leaves a trace of who was shown it: one statement, none when nothing is in the list. One reads the saved views,
# one for whom this person stands in, one the colleagues on whose desk cases can be, one the departments that keep the layers of its map.
DESK = {
    "/desk": 10,
    "/desk?order=new": 10,
    "/desk?q=道路": 10,
    "/desk?view=late": 9,
    "/desk?bbox=139,35,140,36": 11,  # planned for the ground that is looked at
    "/desk?area=13930000_3560000_20000_0_0_20000&from=2026-11-01": 12,  # and how many are in the area
    "/desk?money=unpaid&order=money&channel=online": 9,
    "/desk?conflict=1&order=place": 10,  # with the rules of the procedures
    "/desk?layout=table": 12,  # with the columns that were chosen, and the cells
    "/desk/table/cases.utf-8.csv?view=all": 7,
    "/desk/departments": 3,
    "/desk/period": 2,
    "/desk/density?shown=139,35,140,36&zoom=14": 3,  # with the place names: whether they are still the same
    "/desk/audit": 11,
    "/desk/dashboard": 13,
    "/desk/dashboard?period=year&step=week": 13,
    "/desk/ledger": 10,
    "/desk/ledger?month=2026-10&by=code": 9,
    "/desk/ledger/open-items": 5,
    "/desk/layers/city-roads/edit": 10,
    "/desk/layers/city-roads/edit/list?q=市道": 5,
    "/desk/layers/city-roads/edit/features.json?bbox=139,35,140,36": 5,
    "/desk/layers/city-roads/comparison": 8,
    "/desk/map/cases/12/3636/1613.mvt": 2,
    "/desk/map/cases/16/58180/25819.mvt": 2,
}


def statements_of(visitor: Browser, path: str) -> list[str]:
    """The statements that a page sends once definitions and cities are cached in the process."""
    cities()
    assert visitor.get(path).status_code == 200
    with counted() as statements:
        assert visitor.get(path).status_code == 200
    return statements


@pytest.mark.parametrize(("path", "pinned"), RESIDENTS.items())
def test_pages_of_residents(resident: Browser, path: str, pinned: int) -> None:
    statements = statements_of(resident, path)
    assert len(statements) == pinned, "\n".join(statements)


@pytest.mark.parametrize(("path", "pinned"), DESK.items())
def test_pages_of_the_desk(officer: Browser, path: str, pinned: int) -> None:
    statements = statements_of(officer, path)
    assert len(statements) == pinned, "\n".join(statements)


def test_a_process_that_keeps_no_definition_reads_all_of_a_city_in_one_statement(
    resident: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(statements_of(resident, "/procedures")) == RESIDENTS["/procedures"]
    monkeypatch.setattr(definitions, "_shelf", Shelf(16_000_000))
    with counted() as statements:
        resident.get("/procedures")
    assert len(statements) == RESIDENTS["/procedures"] + 1, "\n".join(statements)


def test_a_process_that_was_warmed_reads_no_definition(resident: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definitions, "_shelf", Shelf(16_000_000))
    shown: list[str | None] = []
    with template_rendered.connected_to(lambda _app, template, **_: shown.append(template.name)):
        warm(resident.client.application)
    assert shown == ["residents/home.html", "residents/procedures.html", "residents/procedure.html"]
    assert engine().pool.checkedin() == 0, "no two processes may speak on the same connection"
    cities()
    with counted() as statements:
        resident.get("/procedures")
    assert len(statements) == RESIDENTS["/procedures"], "\n".join(statements)


def test_a_feature_of_the_map(resident: Browser) -> None:
    page = resident.get("/map?need=shelter").text
    address = re.search(r'href="(/map/features/refuges/\d+)', page)
    assert address is not None
    statements = statements_of(resident, address[1])
    assert len(statements) == 5, "\n".join(statements)


def test_a_deep_page_of_the_desk_sends_what_the_first_one_sends(officer: Browser) -> None:
    path, lengths = "/desk", []
    while True:
        page = officer.get(path).text
        lengths.append(len(statements_of(officer, path)))
        match = re.search(r'href="(/desk\?[^"]*after=[^"]+)"', page)
        if match is None:
            break
        path = match[1].replace("&amp;", "&")
    assert len(lengths) >= 6
    assert set(lengths) == {DESK["/desk"]}


def test_my_page_holds_thirty_cases(resident: Browser) -> None:
    page = resident.get("/me").text
    assert len(set(re.findall(r'/me/cases/([\w-]+)"', page))) >= 30


def test_a_case_is_opened_at_the_desk(officer: Browser) -> None:
    with city_session(CITY) as session:
        case_id = session.scalar(select(Case.id).where(Case.number.like("日%")).order_by(Case.id))
    statements = statements_of(officer, f"/desk/cases/{case_id}")
    # one of them is the trace of who looked, at the case and at the list beside it
    # how much is on whose desk, a decision that waits, what stood before corrections, what was said against the map, dossiers and saved views are read too
    assert len(statements) == 21, "\n".join(statements)


def test_a_page_of_the_desk_asks_for_news(officer: Browser) -> None:
    with city_session(CITY) as session:
        case_id = session.scalar(select(Case.id).where(Case.number.like("日%")).order_by(Case.id))
    officer.post("/desk/news?view=mine", {"since": "1", "case": str(case_id), "writing": "0"})
    with counted() as statements:
        officer.post("/desk/news?view=mine", {"since": "1", "case": str(case_id), "writing": "0"})
    assert len(statements) == 3, "\n".join(statements)  # the session with its person, the news, and who else is there


def test_a_simple_case_is_made(city: str) -> None:
    with city_session(CITY) as session:
        draft = begin(session, "road-damage", damage(CITY, "段差"), sign_in_account(session, EMAIL, "ja"))
        definition = definition_of(session, draft.version_id)
        with counted() as statements:
            submit(session, draft, definition)
        session.rollback()
    # and one more that asks for the letter to be sent, on the same connection; one reads the office that the letter names; in a request the
    # account is known already
    assert len(statements) == 8, "\n".join(statements)


def test_a_case_is_made_by_the_button(resident: Browser) -> None:
    from tests.integration.badinput.conftest import draft_of

    address = f"/apply/d/{draft_of('road-damage', damage(CITY, '段差'))}/review"
    agreed = agreement(resident.get(address).text)
    with counted() as statements:
        answer = resident.post(address, agreed)
    assert answer.status_code == 303
    assert len(statements) == 9, "\n".join(statements)
