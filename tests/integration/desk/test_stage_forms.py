"""The form of a stage in the browser of the desk: asked, judged, kept, shown in the drawer and to print."""

import html
import re
from collections.abc import Iterator

import pytest

from portal.cases.models import Case
from portal.core.clock import today
from portal.core.database import city_session
from portal.procedures import actions, queries
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import road
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue, in_no_declared_language
from tests.kit.city import begin, hire, send

STAGED = (
    in_no_declared_language(catalogue()["road-damage"])
    .replace(
        "  assign: {by: spot.department}\n",
        """  assign: {by: spot.department}
  stages:
    - id: site_check
      title: {ja: 現地確認, ja-easy: 見(み)に 行(い)く, en: Site check}
      after: accepted
      role: clerk
      form:
        help: {ja: 現地で確かめたことを書いてください。}
        fields:
          - {id: repair, type: yes_no, label: {ja: 直す必要がありますか}}
          - {id: cost, type: integer, label: {ja: 見込みの費用}, min: 1, max: 900, show_when: repair}
""",
    )
    .replace("moves: [accept, complete]", "moves: [accept, begin_site_check, finish_site_check, complete]")
)


def _publish(source: str) -> None:
    with city_session(CITY) as session:
        procedure = queries.procedure(session, "road-damage")
        actions.save_draft(session, procedure, source, None)
        actions.publish(session, procedure, None)


def _at_site_check(office: Office) -> int:
    answers = {
        "defect": "hole",
        "danger": False,
        "spot": {
            "geometry": {"type": "Point", "coordinates": road(3)["geometry"]["coordinates"][0][0]},
            "source": "drawn",
        },
        "found_on": str(today()),
        "wants_answer": False,
    }
    with city_session(CITY) as session:
        case_id = send(session, begin(session, "road-damage", answers)).id
    for move in ("accept", "begin_site_check"):
        version = seen_on(office.roads, f"/desk/cases/{case_id}")
        assert office.roads.post(f"/desk/cases/{case_id}/moves", {"move": move, "seen": version}).status_code == 303
    return case_id


@pytest.fixture
def staged(office: Office) -> Iterator[int]:
    """A report at its site check, of a version whose site check has a form."""
    _publish(STAGED)
    yield _at_site_check(office)
    _publish(catalogue()["road-damage"])


def seen_on(desk: Browser, address: str) -> str:
    """The version of the case that a page carries."""
    match = re.search(r'name="(?:case-)?seen" value="([^"]+)"', desk.get(address).text)
    assert match
    return match[1]


def state_of(case_id: int) -> str:
    with city_session(CITY) as session:
        return session.get_one(Case, case_id).state


def test_the_form_is_asked_judged_kept_and_shown(office: Office, staged: int) -> None:
    desk, address = office.roads, f"/desk/cases/{staged}/stage-form"
    drawer = desk.get(f"/desk/cases/{staged}").text
    assert f'href="{address}' in drawer
    page = desk.get(address).text
    assert "現地で確かめたことを書いてください。" in page
    assert "直す必要がありますか" in page
    version = seen_on(desk, address)
    direct = desk.post(f"/desk/cases/{staged}/moves", {"move": "finish_site_check", "seen": version})
    assert (direct.status_code, state_of(staged)) == (422, "site_check")
    wrong = desk.post(address, {"repair": "yes", "cost": "9999", "case-seen": version})
    assert wrong.status_code == 422
    assert 'value="9999"' in wrong.text
    assert state_of(staged) == "site_check"
    saved = desk.post(address, {"repair": "yes", "cost": "350", "case-seen": version})
    assert saved.status_code == 303
    assert state_of(staged) == "site_check_done"
    drawer = desk.get(f"/desk/cases/{staged}").text
    assert "見込みの費用" in drawer
    assert "350" in drawer
    printed = html.unescape(desk.get(f"/desk/cases/{staged}/stage-forms").text)
    assert "現地確認" in printed
    assert "見込みの費用" in printed
    history = desk.get(f"/desk/cases/{staged}?tab=history").text
    assert "段階の様式に書きました" in history


def test_a_second_press_changes_nothing_and_another_office_sees_nothing(office: Office, staged: int) -> None:
    address = f"/desk/cases/{staged}/stage-form"
    assert office.citizens.get(address).status_code == 404
    assert office.citizens.get(f"/desk/cases/{staged}/stage-forms").status_code == 404
    form = {"repair": "no", "case-seen": seen_on(office.roads, address)}
    assert office.roads.post(address, form).status_code == 303
    again = office.roads.post(address, form)
    assert again.status_code == 303, "back to the case, which is no longer at that stage"
    assert office.roads.get(address).status_code == 303
    assert state_of(staged) == "site_check_done"


@pytest.fixture
def inspected(office: Office) -> Iterator[int]:
    """The same of a version whose site check only a role does that nobody here holds."""
    _publish(STAGED.replace("role: clerk", "role: publisher"))
    yield _at_site_check(office)
    _publish(catalogue()["road-damage"])


def test_who_cannot_go_on_reads_who_can(office: Office, inspected: int) -> None:
    address = f"/desk/cases/{inspected}"
    nobody = office.roads.get(address).text
    assert "「現地確認を終える」は、「手続きの公開」の役割の職員が行いますが、この課にいません。" in nobody
    hire(CITY, "site-checker@example.jp", {"road-management": ("publisher",)})
    assert "役割の職員が行います(試験 職員)。担当を変えると、渡せます。" in office.roads.get(address).text
