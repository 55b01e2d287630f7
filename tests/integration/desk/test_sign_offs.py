"""決裁: a decision that its definition has others sign off waits for them in their order, and reaches nobody outside before the last."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.cases import jobs
from portal.cases.models import Case, CaseDecision
from portal.cases.moves import MoveInputs, apply_transition
from portal.cases.notes import notes_of
from portal.core.clock import frozen, now
from portal.core.database import city_session
from portal.core.events import Actor
from portal.procedures.models import ProcedureVersion
from tests.integration.desk.acting import (
    HOLD,
    act,
    events_of,
    left_the_office,
    minute_passes,
    state_of,
    version_shown,
)
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import unshared_occupancy
from tests.kit.browser import Browser
from tests.kit.city import begin, employ, hire, send

WORDS = "通路をあけてください。"
ROUTE = [{"role": "decider"}, {"role": "decider", "deputy": "inspector"}]


@pytest.fixture(scope="module")
def people(office: Office) -> dict[str, Browser]:
    """A drafter who is a clerk alone, two who decide, and an inspector who is the deputy of the second step."""
    hire(CITY, "signing.chief@example.jp", {"road-management": ("decider",)})
    hire(CITY, "signing.deputy@example.jp", {"road-management": ("inspector", "clerk")})
    app = office.roads.client.application
    chief = Browser(app, CITY, "192.0.2.71").sign_in_at_desk("signing.chief@example.jp")
    deputy = Browser(app, CITY, "192.0.2.72").sign_in_at_desk("signing.deputy@example.jp")
    return {"drafter": office.clerk, "head": office.roads, "chief": chief, "deputy": deputy}


@pytest.fixture
def case_id(office: Office) -> int:
    """An application whose definition has a clerk draft the permit and two others sign it off."""
    with city_session(CITY) as session:
        case = send(session, begin(session, "road-occupancy", unshared_occupancy()))
        version = session.get_one(ProcedureVersion, case.version_id)
        workflow = version.document["workflow"]
        moves = [*workflow.get("moves", []), {"id": "approve", "who": ["clerk"], "signed_off_by": ROUTE}]
        kept = {column.key: getattr(version, column.key) for column in ProcedureVersion.__table__.columns}
        changed = {
            "number": 1000 + case.id,
            "status": "replaced",
            "document": version.document | {"workflow": workflow | {"moves": moves}},
        }
        own = ProcedureVersion(**{key: value for key, value in kept.items() if key != "id"} | changed)
        session.add(own)
        session.flush()
        case.version_id = own.id
        for move, inputs in (
            ("accept", MoveInputs()),
            ("skip_site_check", MoveInputs(internal_note="写真で見ました。")),
        ):
            apply_transition(
                session, case.id, move, Actor("staff", office.roads_id), roles=("clerk", "decider"), inputs=inputs
            )
        return case.id


def number_of(case_id: int) -> str:
    """The number of the decision that waits."""
    with city_session(CITY) as session:
        return str(session.scalars(select(CaseDecision.id).where(CaseDecision.case_id == case_id)).one())


def press(desk: Browser, case_id: int, act: str = "sign", **inputs: str) -> int:
    """Sign off, or give back, what the page shows; the status."""
    form = {"decision": number_of(case_id), "seen": version_shown(desk, case_id), "act": act, **inputs}
    return desk.post(f"/desk/cases/{case_id}/decision/sign-off", form).status_code


def drawer(desk: Browser, case_id: int) -> str:
    return html.unescape(desk.get(f"/desk/cases/{case_id}").text)


def test_a_draft_reaches_nobody_before_the_last_has_signed(
    people: dict[str, Browser], case_id: int, held: None
) -> None:
    dialog = drawer(people["drafter"], case_id)
    dialog = dialog[dialog.index('id="move-approve"') :].partition("</dialog>")[0]
    assert "2段の決裁を受けます" in dialog
    assert "起案する" in dialog
    assert (
        act(people["drafter"], case_id, "approve", note=WORDS, conditions="夜は照明を付けること。").status_code == 303
    )
    page = drawer(people["head"], case_id)
    for told in ("を起案しました", WORDS, "夜は照明を付けること。", "支払いをお願いします", "決裁する"):
        assert told in page
    assert 'value="sign"' not in drawer(people["drafter"], case_id)
    assert press(people["head"], case_id) == 303
    with frozen(now() + HOLD):
        jobs.execute_overdue()
    assert left_the_office(case_id) == []
    assert press(people["head"], case_id) == 403
    assert press(people["chief"], case_id, remark="現場も見ました。") == 303
    assert left_the_office(case_id) == []
    minute_passes(case_id, people["chief"])
    assert state_of(case_id)[0] == "awaiting_payment"
    assert "fee approved" in left_the_office(case_id)
    names = events_of(case_id)
    order = [name for name in names if name.startswith("case.decision") or name == "case.approved"]
    assert order == [
        "case.decision_drafted",
        "case.decision_signed_off",
        "case.decision_signed_off",
        "case.approved",
    ]


def test_who_drafts_does_not_sign_even_with_the_role(office: Office, people: dict[str, Browser], case_id: int) -> None:
    assert act(office.second, case_id, "approve").status_code == 303
    assert press(office.second, case_id) == 403
    assert events_of(case_id).count("case.decision_signed_off") == 0


def test_who_signs_a_part_off_reads_the_fee_of_that_part_and_who_else_may_sign(
    office: Office, people: dict[str, Browser], case_id: int
) -> None:
    with city_session(CITY) as session:
        employ(session, "signing.drafts@example.jp", {"road-management": ("clerk", "decider")}, "起案 花子")
        case = session.get_one(Case, case_id)
        version = session.get_one(ProcedureVersion, case.version_id)
        workflow = version.document["workflow"]
        moves = [
            move | ({"partial": ["period"]} if move["id"] == "approve" else {})
            for move in workflow["moves"]
            if move.get("signed_off_by") or move["id"] != "approve"
        ]
        version.document = version.document | {"workflow": workflow | {"moves": moves}}
        first, whole = case.starts_on, case.fee["due"]["approved"]
    drafter = Browser(office.roads.client.application, CITY, "192.0.2.73")
    drafter.sign_in_at_desk("signing.drafts@example.jp")
    until = first + timedelta(days=9)
    part = {"granted-period-start": str(first), "granted-period-end": str(until)}
    act(drafter, case_id, "approve", partly="y", not_granted="後半は工事があります。", **part)
    page = drawer(people["head"], case_id)
    effects = page[page.index("この決定で起きること") :]
    due = re.search(r"([\d,]+)円の支払いをお願いします", effects)
    assert due is not None
    assert 0 < int(due[1].replace(",", "")) < whole
    assert "起案 花子" not in re.search(r'aria-label="決裁の経路".*?</ol>', page, re.DOTALL)[0]


def test_a_draft_is_given_back_with_a_reason_and_drafted_again(
    people: dict[str, Browser], case_id: int, held: None
) -> None:
    act(people["drafter"], case_id, "approve", note=WORDS)
    assert press(people["head"], case_id, act="return") == 422
    assert press(people["head"], case_id, act="return", remark="図面がありません。") == 303
    page = drawer(people["drafter"], case_id)
    assert "差し戻しました" in page
    assert WORDS in page
    with city_session(CITY) as session:
        assert notes_of(session, case_id)[-1].body == "図面がありません。"
    form = {"decision": number_of(case_id)}
    again = people["drafter"].post(f"/desk/cases/{case_id}/decision/take-back", form)
    assert again.status_code == 200
    assert WORDS in again.text
    assert act(people["drafter"], case_id, "approve", note=WORDS).status_code == 303
    assert left_the_office(case_id) == []


def test_a_deputy_signs_in_the_place_of_the_step_and_says_why(
    people: dict[str, Browser], case_id: int, held: None
) -> None:
    act(people["drafter"], case_id, "approve")
    assert press(people["deputy"], case_id) == 403
    assert press(people["head"], case_id) == 303
    assert "代決する" in drawer(people["deputy"], case_id)
    assert press(people["deputy"], case_id) == 422
    assert press(people["deputy"], case_id, remark="課長が出張のため。") == 303
    minute_passes(case_id, people["drafter"])
    assert state_of(case_id)[0] == "awaiting_payment"


def test_a_case_that_changed_meanwhile_is_not_signed_off_as_drafted(people: dict[str, Browser], case_id: int) -> None:
    act(people["drafter"], case_id, "approve")
    with city_session(CITY) as session:
        session.get_one(Case, case_id).advance()
    assert press(people["head"], case_id) == 409
    assert events_of(case_id).count("case.decision_signed_off") == 0
    assert press(people["head"], case_id, act="return", remark="内容が変わりました。") == 303


def test_the_list_has_what_waits_for_oneself_and_what_one_drafted(
    office: Office, people: dict[str, Browser], case_id: int
) -> None:
    with city_session(CITY) as session:
        number = session.scalars(select(Case.number).where(Case.id == case_id)).one()
    act(people["drafter"], case_id, "approve")
    mine, drafted = [
        re.split(r"<h2>あなたが起案した案件</h2>", people[who].get("/desk/sign-offs").text)
        for who in ("head", "drafter")
    ]
    assert number in mine[0]
    assert number not in mine[1]
    assert number not in drafted[0]
    assert number in drafted[1]
    assert number not in office.citizens.get("/desk/sign-offs").text
    assert press(people["head"], case_id) == 303
    assert number not in people["head"].get("/desk/sign-offs").text
    form = {"decision": number_of(case_id)}
    assert people["drafter"].post(f"/desk/cases/{case_id}/decision/take-back", form).status_code == 200
    assert number not in people["chief"].get("/desk/sign-offs").text
