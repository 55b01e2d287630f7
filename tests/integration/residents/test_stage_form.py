"""A report that the applicant hands in after the decision: reached from the case, kept with it, and never another's."""

import json

import pytest
from sqlalchemy import select

from forms import load
from portal.cases import moves
from portal.cases.models import Case, CaseStageForm
from portal.core.database import city_session
from portal.core.events import Actor
from portal.procedures import actions as procedures
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
