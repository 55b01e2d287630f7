"""A report that the applicant hands in after the decision: reached from the case, kept with it, and never another's."""

import io
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from forms import load
from portal import files
from portal.cases import moves
from portal.cases.models import Case, CaseStageForm
from portal.cases.orphans import purge_files
from portal.core.clock import now
from portal.core.database import city_session
from portal.core.events import Actor
from portal.files.models import StoredFile
from portal.procedures import actions as procedures
from portal.procedures import find_procedure
from tests.integration.residents.choosing import photo
from tests.integration.residents.conftest import CITY
from tests.kit.browser import Browser

KEY = "report-by-applicant"
REPORT = {
    "id": "report",
    "title": {"ja": "実績報告"},
    "at": "reporting",
    "then": "checking",
    "role": "applicant",
    "form": {
        "fields": [
            {"id": "spent", "type": "money", "label": {"ja": "使った金額"}, "min": 0, "max": 1000000},
            {"id": "receipts", "type": "photo", "label": {"ja": "領収書の写真"}, "min": 0, "max": 3, "required": False},
            {"id": "why", "type": "text", "label": {"ja": "使わなかった理由"}, "show_when": "spent == 0"},
        ]
    },
}
SOURCE = json.dumps(
    {
        "procedure": KEY,
        "kind": "notification",
        "title": {"ja": "報告の試し"},
        "department": "road-management",
        "assurance": "none",
        "steps": [
            {
                "id": "first",
                "title": {"ja": "はじめ"},
                "fields": [{"id": "purpose", "type": "text", "label": {"ja": "目的"}}],
            }
        ],
        "workflow": {
            "preset": "notification",
            "states": [
                {
                    "id": "reporting",
                    "title": {"ja": "実績の報告待ち"},
                    "kind": "with_applicant",
                    "deadline": {"days": 30},
                },
                {"id": "checking", "title": {"ja": "報告の確認"}, "kind": "open"},
            ],
            "moves": [
                {
                    "id": "decide",
                    "title": {"ja": "決定する"},
                    "from": ["accepted"],
                    "to": "reporting",
                    "who": ["clerk"],
                    "message": {"ja": "「{purpose}」を決定しました。{case.deadline}ごろまでに報告してください。"},
                },
                {"id": "complete", "from": ["checking"]},
            ],
            "stages": [REPORT],
        },
    },
    ensure_ascii=False,
)


@pytest.fixture
def decided(browser: Browser) -> str:
    """The address of a case that waits for the applicant's report."""
    with city_session(CITY) as session:
        if find_procedure(session, KEY) is None:
            made = procedures.create_procedure(session, KEY, "road-management")
            procedures.save_draft(session, made, SOURCE, None)
            procedures.publish(session, made, None)
    review = browser.fill(browser.start(KEY), load(SOURCE), {"purpose": "草刈り機"})
    sent = browser.agree(review)
    public_id = sent.location.rpartition("/")[2]
    with city_session(CITY) as session:
        case = session.scalars(select(Case).where(Case.public_id == public_id)).one()
        for move in ("accept", "decide"):
            moves.apply_transition(session, case.id, move, Actor("system"), roles=("clerk",))
    return f"/me/cases/{public_id}"


def test_the_report_is_reached_from_the_case_and_moves_it_on(
    browser: Browser, other_browser: Browser, decided: str
) -> None:
    page = browser.get(decided).text
    assert "実績の報告待ち" in page
    assert "「草刈り機」を決定しました。" in page
    assert f'href="{decided}/forms/report"' in page
    assert other_browser.get(f"{decided}/forms/report").status_code in {302, 303, 404}
    assert browser.get(f"{decided}/forms/nothing").status_code == 404

    address = f"{decided}/forms/report"
    assert "実績報告" in browser.get(address).text
    refused = browser.post(address, {"spent": "0"})
    assert refused.status_code == 422, "the reason is asked now, without a script"
    assert "使わなかった理由" in refused.text
    assert 'value="0"' in refused.text
    sent = browser.post(address, {"spent": "0", "why": "雨の年だったため"})
    assert (sent.status_code, sent.location) == (303, decided)
    after = browser.get(decided).text
    assert "報告の確認" in after
    assert f'href="{address}"' not in after
    assert browser.post(address, {"spent": "9"}).location == decided, "sent once"
    with city_session(CITY) as session:
        [kept] = session.scalars(select(CaseStageForm).where(CaseStageForm.stage == "report"))
        assert (kept.answers, kept.staff_id) == ({"spent": 0, "why": "雨の年だったため"}, None)


def stored() -> dict[str, StoredFile]:
    """The files of the newest case, attached or not, by name."""
    with city_session(CITY) as session:
        case = session.scalars(select(Case).order_by(Case.id.desc())).first()
        assert case is not None and case.draft_id is not None
        rows = [*files.files_of_draft(session, case.draft_id), *files.files_of_case(session, case.id)]
        return {file.name: file for file in rows}


def test_photos_of_the_report_are_kept_one_by_one_and_go_to_the_case_with_it(
    browser: Browser, other_browser: Browser, decided: str
) -> None:
    page = f"{decided}/forms/report"

    def add(name: str, who: Browser = browser, question: str = "receipts") -> int:
        data = {"upload": (io.BytesIO(photo()), name)}
        return who.post(f"{page}/files/{question}", data, Accept="application/json").status_code

    assert add("一.jpg") == add("二.jpg") == 200
    assert add("三.jpg", question="spent") == 404
    assert add("四.jpg", other_browser) in {302, 303, 400, 403, 404}
    shown = browser.get(page).text
    assert re.findall(r"download>([^<]+)</a>", shown) == ["一.jpg", "二.jpg"]
    ids = re.findall(r'name="receipts.files" value="([^"]+)"', shown)
    assert browser.get(f"{page}/files/{ids[0]}/thumbnail").mimetype == "image/jpeg"
    assert browser.get(f"{page}/files/{ids[0]}").status_code == 200
    assert other_browser.get(f"{page}/files/{ids[0]}").status_code in {302, 303, 404}
    out = browser.post(f"{page}/files/receipts/remove", {"file": ids[0]}, Accept="application/json")
    assert out.get_json()["status"].startswith("「一.jpg」を外しました。")
    # without a script: added by the page's own button, with what was typed kept, and sent with the form
    more = {"spent": "700", "receipts.files": ids[1], "add-file": "receipts"}
    answer = browser.post(page, {**more, "receipts.upload": (io.BytesIO(photo()), "三.jpg")})
    assert (answer.status_code, ">三.jpg</a>" in answer.text, 'value="700"' in answer.text) == (200, True, True)
    with city_session(CITY) as session:
        session.execute(update(StoredFile).values(uploaded_at=now() - timedelta(days=20)))
        purge_files(session)
    assert {"二.jpg", "三.jpg"} <= stored().keys(), "what waits for a report that is due stays"
    kept = [file.public_id for name, file in stored().items() if name in {"二.jpg", "三.jpg"}]
    assert browser.post(page, {"spent": "700", "receipts.files": kept}).status_code == 303
    with city_session(CITY) as session:
        filled = session.scalars(select(CaseStageForm).where(CaseStageForm.stage == "report")).all()[-1]
        assert [file["name"] for file in filled.answers["receipts"]] == ["二.jpg", "三.jpg"]
    assert {(file.field, file.case_id is None) for file in stored().values()} == {("report/receipts", False)}
    assert "三.jpg" in browser.get(decided).text
    assert add("五.jpg") == 409
    assert browser.post(page, {"spent": "1"}).status_code == 303


def test_what_was_chosen_for_a_report_that_nobody_waits_for_any_more_is_deleted(browser: Browser, decided: str) -> None:
    data = {"upload": (io.BytesIO(photo()), "余り.jpg")}
    assert browser.post(f"{decided}/forms/report/files/receipts", data, Accept="application/json").status_code == 200
    with city_session(CITY) as session:
        case = session.scalars(select(Case).order_by(Case.id.desc())).first()
        assert case is not None
        moves.apply_transition(
            session,
            case.id,
            "skip_report",
            Actor("system"),
            roles=("clerk",),
            inputs=moves.MoveInputs(internal_note="電話で確認"),
        )
        session.execute(update(StoredFile).values(uploaded_at=now() - timedelta(days=2)))
        assert purge_files(session) >= 1
    assert "余り.jpg" not in stored()
