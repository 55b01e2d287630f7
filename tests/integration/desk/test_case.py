"""One case at the desk: what the drawer says, what may be done and by whom, and refusals that lose nothing."""

import html
import json
import re

import pytest
from flask import Flask
from sqlalchemy import select

from portal.cases.models import Case
from portal.core.clock import today
from portal.core.database import city_session
from portal.files import StoredFile, files_of_case
from tests.integration.desk.acting import act, events_of, state_of, version_shown
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import occupancy, unshared_occupancy
from tests.kit.browser import Browser
from tests.kit.city import begin, send

HTMX = {"HX_Request": "true"}


@pytest.fixture
def fresh(office: Office) -> int:
    """A new application for a permit; each at its own place and time."""
    with city_session(CITY) as session:
        return send(session, begin(session, "road-occupancy", unshared_occupancy())).id


def test_the_drawer_says_who_where_how_large_and_what_was_checked(office: Office) -> None:
    page = office.roads.get(f"/desk/cases/{office.permit}").text
    assert office.permit_number in page
    assert "佐藤 美咲" in page
    assert 'href="tel:' in page
    assert re.search(r"[\d.]+ m²・", page)
    assert "占用料の級地" in page
    assert "「市道の区域」にかかっています" in page
    assert "ほかの許可と重なっていません" in page
    assert re.search(r"許可すると、[\d,]+円の支払いをお願いします", page)


def test_the_office_reads_the_fee_in_its_own_language(office: Office) -> None:
    with city_session(CITY) as session:
        draft = begin(session, "road-occupancy", occupancy(60, start=130))
        draft.language = "en"
        case = send(session, draft)
        case_id, lines = case.id, case.fee["lines"]
    assert [(line["id"], line["label"]["en"]) for line in lines] == [("occupation", "Road occupation fee")]
    page = office.roads.get(f"/desk/cases/{case_id}").text
    assert "<dt>道路占用料</dt>" in page
    assert "年額 " in page
    assert "Road occupation fee" not in page


def test_a_fee_kept_before_its_lines_had_ids_is_shown_as_it_was_kept(office: Office, fresh: int) -> None:
    line = {"label": "道路占用料", "amount": 1200, "explanation": "1 m² × 1,200円", "when": "approved", "state": "due"}
    with city_session(CITY) as session:
        due = {"submission": 0, "approved": 1200}
        session.get_one(Case, fresh).fee = {"lines": [line], "total": 1200, "due": due}
    page = office.roads.get(f"/desk/cases/{fresh}").text
    assert "<dt>道路占用料</dt>" in page
    assert "1 m² × 1,200円" in page
    act(office.roads, fresh, "accept")
    act(office.roads, fresh, "approve")
    assert "1,200円" in office.roads.get(f"/desk/cases/{fresh}").text


def test_two_for_the_same_ground_show_how_much_they_share(office: Office) -> None:
    with city_session(CITY) as session:
        answers = [occupancy(45, start=90), occupancy(45, start=100)]
        first, second = (send(session, begin(session, "road-occupancy", place)) for place in answers)
        ids, number = (first.id, second.id), second.number
    act(office.roads, ids[1], "accept")
    page = html.unescape(office.roads.get(f"/desk/cases/{ids[0]}").text)
    assert re.search(rf'href="/desk/cases/{ids[1]}\?">{number}</a>と <b>[\d.]+ m²</b> 重なり・\d+', page)
    assert "地図で比べる" in page
    shapes = json.loads(re.search(r"data-map-place='([^']+)'", page)[1])
    assert [feature["properties"]["role"] for feature in shapes["features"]] == ["place", "permit", "overlap"]


def test_a_script_gets_the_drawer_alone(office: Office, statements: list[str]) -> None:
    office.roads.get(f"/desk/cases/{office.permit}", **HTMX)
    statements.clear()
    drawer = office.roads.get(f"/desk/cases/{office.permit}", **HTMX).text
    assert "<html" not in drawer
    assert office.permit_number in drawer
    assert len(statements) <= 15


@pytest.mark.parametrize(
    ("tab", "text"),
    [
        ("files", "写真.png"),
        ("messages", "申請した人に書く"),
        ("history", "申請が届きました"),
        ("nonsense", "占用の目的"),
    ],
)
def test_each_tab_shows_its_own(office: Office, tab: str, text: str) -> None:
    assert text in office.roads.get(f"/desk/cases/{office.permit}?tab={tab}").text


def test_opening_a_case_takes_the_mark_of_the_unread_away(office: Office, fresh: int) -> None:
    def unread() -> bool:
        with city_session(CITY) as session:
            return session.get_one(Case, fresh).unread

    assert unread()
    office.roads.get(f"/desk/cases/{fresh}")
    assert not unread()


def test_every_key_of_the_page_stands_in_the_list_of_keys(office: Office, fresh: int) -> None:
    page = office.roads.get(f"/desk/cases/{fresh}").text
    used = set(re.findall(r'data-shortcut="([^"]+)"', page))
    listed = {key.lower() for key in re.findall(r"<dt><kbd>([^<]+)</kbd>", page)}
    assert {"a", "r", "d", "m", "/"} <= used
    assert {key for key in used if not key.isdigit()} <= listed
    assert "2–9" in listed


def test_a_permit_goes_its_way_by_posts(office: Office, fresh: int) -> None:
    assert act(office.roads, fresh, "accept").status_code == 303
    assert act(office.roads, fresh, "skip_site_check", internal_note="写真で確かめました。").status_code == 303
    page = office.roads.get(f"/desk/cases/{fresh}").text
    assert "審査中" in page
    assert "済み)" not in page, "what was passed over is not called done"
    decided = act(office.roads, fresh, "approve")
    assert decided.status_code == 303
    assert state_of(fresh)[0] == "awaiting_payment"
    assert {"case.accepted", "case.approved", "payment.requested"} <= set(events_of(fresh))


def test_the_way_back_keeps_the_filter_and_nothing_else(office: Office, fresh: int) -> None:
    version = version_shown(office.roads, fresh)
    answer = office.roads.post(
        f"/desk/cases/{fresh}/moves?view=mine&status=new&evil=//example.com", {"move": "accept", "seen": version}
    )
    assert answer.status_code == 303
    assert answer.location.startswith(f"/desk/cases/{fresh}?")
    assert "view=mine" in answer.location
    assert "evil" not in answer.location


def test_the_second_of_two_gets_a_conflict_and_keeps_the_text(office: Office, fresh: int) -> None:
    version = version_shown(office.second, fresh)
    act(office.roads, fresh, "accept")
    form = {"move": "refuse", "seen": version, "note": "この場所では認められません。"}
    late = office.second.post(f"/desk/cases/{fresh}/moves", form)
    assert late.status_code == 409
    assert "先にほかの人が処理しました" in late.text
    assert re.search(r"その間にあったこと.*試験 職員：受け付けました", late.text, re.DOTALL)
    assert "この場所では認められません。" in late.text
    assert state_of(fresh)[0] == "accepted"


def test_a_day_that_is_not_in_the_future_opens_the_dialog_again(office: Office, fresh: int) -> None:
    act(office.roads, fresh, "accept")
    answer = act(office.roads, fresh, "request_correction", fields="purpose", note="高さを。", answer_by=str(today()))
    assert answer.status_code == 422
    dialog = answer.text[answer.text.index('id="move-request_correction"') :]
    assert "data-open-on-load" in dialog[:200]
    assert "明日よりあとの日にしてください。" in dialog
    assert re.search(r'value="purpose" checked', dialog)
    assert f'value="{today()}"' in dialog
    assert "高さを。" in dialog
    assert state_of(fresh)[0] == "accepted"


def test_a_correction_is_asked_of_what_the_applicant_was_asked(office: Office, fresh: int) -> None:
    page = office.roads.get(f"/desk/cases/{fresh}").text
    dialog = page[page.index('id="move-request_correction"') :]
    offered = re.findall(r'name="fields"[^>]*value="([a-z_]+)"', dialog[: dialog.index("</dialog>")])
    assert {"area", "plans", "schedule", "object"} <= set(offered)
    assert not {"other_object", "police_first"} & set(offered)


def test_what_cannot_be_read_is_shown_at_the_case(office: Office, fresh: int) -> None:
    answer = act(office.roads, fresh, "accept", answer_by="2月30日")
    assert answer.status_code == 422
    assert "入力してください" in answer.text
    assert state_of(fresh)[0] == "received"


def test_a_clerk_who_may_not_decide_is_neither_offered_nor_allowed_it(office: Office, fresh: int) -> None:
    act(office.clerk, fresh, "accept")
    page = office.clerk.get(f"/desk/cases/{fresh}").text
    assert 'data-opens-dialog="move-request_correction"' in page
    assert 'data-opens-dialog="move-refuse"' not in page
    assert act(office.clerk, fresh, "refuse", note="だめです。").status_code == 403
    assert state_of(fresh)[0] == "accepted"


def test_another_department_can_do_nothing(office: Office, fresh: int) -> None:
    office.citizens.get("/desk")
    for path, form in (
        (f"/desk/cases/{fresh}/moves", {"move": "accept"}),
        (f"/desk/cases/{fresh}/messages", {"body": "こんにちは"}),
        (f"/desk/cases/{fresh}/assignee", {"staff_id": ""}),
    ):
        assert office.citizens.post(path, form).status_code == 404
    assert state_of(fresh)[0] == "received"


def test_a_message_is_sent_and_an_empty_one_is_not(office: Office, fresh: int) -> None:
    office.roads.get(f"/desk/cases/{fresh}?tab=messages")
    assert (
        office.roads.post(f"/desk/cases/{fresh}/messages", {"body": "図面をありがとうございます。"}).status_code == 303
    )
    assert "図面をありがとうございます。" in office.roads.get(f"/desk/cases/{fresh}?tab=messages").text
    empty = office.roads.post(f"/desk/cases/{fresh}/messages", {"body": "  "})
    assert empty.status_code == 422
    assert 'aria-invalid="true"' in empty.text
    endless = office.roads.post(f"/desk/cases/{fresh}/messages", {"body": "あ" * 4001})
    assert endless.status_code == 422
    assert "あ" * 4001 in endless.text
    assert events_of(fresh).count("case.message_sent") == 1


def test_a_case_is_assigned_to_a_colleague_only(office: Office, fresh: int) -> None:
    office.roads.get(f"/desk/cases/{fresh}")
    form = {"staff_id": str(office.roads_id), "seen_assignee": ""}
    assert office.roads.post(f"/desk/cases/{fresh}/assignee", form).status_code == 303
    assert state_of(fresh)[1] == office.roads_id
    office.second.get("/desk")
    assert office.second.post(f"/desk/cases/{fresh}/assignee", {"staff_id": "", "seen_assignee": ""}).status_code == 409
    assert state_of(fresh)[1] == office.roads_id
    form = {"staff_id": "999999", "seen_assignee": str(office.roads_id)}
    stranger = office.roads.post(f"/desk/cases/{fresh}/assignee", form)
    assert stranger.status_code == 422
    assert "この課の職員から選んでください。" in stranger.text
    assert state_of(fresh)[1] == office.roads_id


def test_opening_a_file_is_kept_in_the_history(office: Office, fresh: int) -> None:
    with city_session(CITY) as session:
        (file,) = files_of_case(session, fresh)
        session.get_one(StoredFile, file.id).scan = "clean"
        public_id = file.public_id
    opened = office.roads.get(f"/desk/cases/{fresh}/files/{public_id}")
    assert (opened.status_code, opened.data[:4]) == (200, b"\x89PNG")
    assert "attachment" in opened.headers["Content-Disposition"]
    assert events_of(fresh)[-1] == "case.file_opened"
    assert office.citizens.get(f"/desk/cases/{fresh}/files/{public_id}").status_code == 404
    with city_session(CITY) as session:
        session.scalars(select(StoredFile).where(StoredFile.id == file.id)).one().scan = "waiting"
    assert office.roads.get(f"/desk/cases/{fresh}/files/{public_id}").status_code != 200


def test_what_staff_wrote_when_their_sign_in_ended_is_given_back(app: Flask, office: Office) -> None:
    leaver = Browser(app, CITY, "192.0.2.77")
    message = "現地を見てから、<もう一度>ご連絡します。"
    page = leaver.post(f"/desk/cases/{office.permit}/messages", {"body": message})
    assert page.status_code == 403
    assert 'href="/desk/sign-in" target="_blank"' in page.text
    assert "&lt;もう一度&gt;" in page.text
    note = leaver.post(f"/desk/cases/{office.permit}/messages", {"body": message}, HX_Request="true")
    assert (note.status_code, note.headers["HX-Retarget"]) == (403, "#flash")
    assert note.headers["X-CSRF-Token"]
    assert leaver.get(f"/desk/cases/{office.permit}").status_code == 303
    foreign = leaver.post(f"/desk/cases/{office.permit}/messages", {"body": message}, Origin="https://evil.example")
    assert "もう一度" not in foreign.text


def test_the_address_of_an_act_that_was_refused_leads_to_the_case_when_it_is_loaded_again(office: Office) -> None:
    for act_on in ("moves", "messages", "decision/now"):
        answer = office.roads.get(f"/desk/cases/{office.permit}/{act_on}?status=open&tab=messages")
        assert (answer.status_code, answer.location) == (303, f"/desk/cases/{office.permit}?status=open&tab=messages")
    assert office.roads.get("//desk/cases/1/moves").status_code in {404, 405, 308}
    assert office.roads.get("/sign-out").status_code == 405, "above it lies no page of its own"
