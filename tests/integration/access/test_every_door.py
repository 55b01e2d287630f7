"""Every route, asked by everybody: what belongs to one resident, one office or one city opens for nobody else."""

import pytest
from flask import Flask

from portal.core.access import entry_of, rights_of
from portal.identity.actions import set_roles
from portal.identity.rights import ROLES
from tests.integration.access.routes import IN, MISSING, Door, doors, outcome
from tests.integration.access.town import HERE, THERE, Town
from tests.integration.access.walk import EVERYBODY, FROM_ELSEWHERE, walk, walk_elsewhere, walk_with_foreign_visit
from tests.kit.browser import Browser


@pytest.fixture(scope="module")
def every_door(app: Flask, town: Town) -> list[Door]:
    return list(doors(app, town))


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_door_opens_for_those_it_is_declared_for_and_for_nobody_else(
    every_door: list[Door], town: Town, who: str
) -> None:
    assert walk(every_door, town, who) == {}


@pytest.mark.parametrize("who", FROM_ELSEWHERE)
def test_a_visit_to_another_city_is_nobody_here(app: Flask, every_door: list[Door], town: Town, who: str) -> None:
    assert walk_with_foreign_visit(every_door, town, who, lambda: Browser(app, HERE)) == {}


@pytest.mark.parametrize("who", FROM_ELSEWHERE)
def test_what_exists_in_this_city_does_not_exist_in_another(every_door: list[Door], town: Town, who: str) -> None:
    assert walk_elsewhere(every_door, town, who) == {}


def test_lists_hold_what_belongs_to_the_reader_alone(town: Town) -> None:
    row = f'data-case-id="{town.case_id}"'
    for who, sees in (("officer", True), ("neighbour", False), ("officer there", False)):
        for query in ("", "?order=new", "?q=佐藤", "?view=unassigned", "?procedure=road-occupancy"):
            assert (row in town.people[who].get(f"/desk{query}").text) is sees, (who, query)
    for who, sees in (("owner", True), ("stranger", False), ("resident there", False)):
        assert (f"/me/cases/{town.case}" in town.people[who].get("/me").text) is sees, who


def test_a_role_opens_its_own_doors_and_counts_from_the_next_request_on(app: Flask, town: Town) -> None:
    from sqlalchemy import select

    from portal.core.database import city_session
    from portal.identity.models import Department
    from tests.kit.city import hire

    clerk_id = hire(HERE, "roles@example.jp", {})
    visitor = Browser(app, HERE, "192.0.2.30").sign_in_at_desk("roles@example.jp")
    declared = {
        rule.rule: entry.right
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
        for entry in [entry_of(app.view_functions[rule.endpoint])]
        if entry and entry.right
    }
    assert {"/desk", "/desk/procedures"} <= declared.keys()
    with city_session(HERE) as session:
        roads = session.scalar(select(Department.id).where(Department.key == "road-management"))
    assert roads is not None
    for role in ROLES:
        with city_session(HERE) as session:
            set_roles(session, clerk_id, {roads: {role}})
        for path, right in declared.items():
            assert visitor.get(path).status_code == (200 if right in rights_of(role) else 403), (role, path)


def test_a_case_of_another_office_moves_for_nobody_but_its_own(town: Town) -> None:
    moved = town.people["neighbour"].post(f"/desk/cases/{town.case_id}/moves", {"move": "accept"})
    assert outcome(moved) == MISSING
    other_city = town.people["officer there"].post(f"/desk/cases/{town.case_id}/moves", {"move": "accept"})
    assert outcome(other_city) == MISSING
    assert outcome(town.people["officer"].get(f"/desk/cases/{town.case_id}")) == IN
    assert town.people["officer there"].city == THERE
