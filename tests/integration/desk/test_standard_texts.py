"""Standard texts: written by a department, chosen for a case with its values filled in, and filled in when they are sent."""

import html
from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select

from portal.cases.messages import messages_of
from portal.cases.models import Case
from portal.core.database import city_session
from portal.core.events import Event
from portal.identity import department_by_key
from portal.identity.resident_accounts import sign_in_account
from portal.standard_texts import StandardText
from tests.integration.desk.acting import act
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import unshared_occupancy
from tests.kit.browser import Browser
from tests.kit.city import begin, send
from tests.kit.jobs import forget_jobs, work
from tests.kit.letters import letters


@pytest.fixture(autouse=True)
def no_texts(office: Office) -> Iterator[None]:
    """Nothing is left for the next test."""
    yield
    with city_session(CITY) as session:
        session.execute(delete(StandardText))


@pytest.fixture
def case_id(office: Office) -> int:
    """An application that has arrived, written in English."""
    with city_session(CITY) as session:
        owner = sign_in_account(session, "texts@example.jp", "en")
        case = send(session, begin(session, "road-occupancy", unshared_occupancy(), owner))
        case.language = "en"
        return case.id


def roads_office() -> str:
    with city_session(CITY) as session:
        department = department_by_key(session, "road-management")
        assert department is not None
        return str(department.id)


def written(**changed: str) -> dict[str, str]:
    """What is typed for a text of the roads office."""
    form = {"department_id": roads_office(), "kind": "message", "procedure": "", "seen": "0", "act": "save"}
    return form | {"title": "図面の確認", "text_ja": "{applicant}様 {number}の図面を確かめています。"} | changed


def add(desk: Browser, **changed: str) -> int:
    """Write a text; its id."""
    answer = desk.post("/desk/texts/new", written(**changed))
    assert answer.status_code == 303, answer.text
    with city_session(CITY) as session:
        return session.scalars(select(StandardText.id).order_by(StandardText.id.desc())).first() or 0


def choices(desk: Browser, case_id: int, kind: str) -> str:
    page = desk.get(f"/desk/texts/cases/{case_id}?kind={kind}&into=body")
    assert page.status_code == 200
    return html.unescape(page.text)


def test_an_empty_list_says_so_and_leads_to_the_first_text(office: Office, case_id: int) -> None:
    assert "まだありません。" in office.roads.get("/desk/texts").text
    assert 'href="/desk/texts/new?kind=refusal"' in choices(office.roads, case_id, "refusal")


def test_a_text_is_written_looked_at_changed_and_removed(office: Office) -> None:
    preview = office.roads.post("/desk/texts/new", written(act="preview"))
    assert "山田 花子様 見本-1201-00001の図面を確かめています。" in preview.text
    assert "図面の確認" not in office.roads.get("/desk/texts").text
    text_id = add(office.roads)
    assert "図面の確認" in office.roads.get("/desk/texts").text
    changed = written(title="図面を確かめました", seen="1")
    assert office.roads.post(f"/desk/texts/{text_id}", changed).status_code == 303
    stale = office.second.post(f"/desk/texts/{text_id}", changed | {"title": "遅れて書いた見出し"})
    assert stale.status_code == 409
    assert "遅れて書いた見出し" in stale.text
    assert office.roads.post(f"/desk/texts/{text_id}/remove").status_code == 303
    assert office.roads.get(f"/desk/texts/{text_id}").status_code == 404
    with city_session(CITY) as session:
        names = session.scalars(
            select(Event.name)
            .where(Event.subject_kind == "standard_text", Event.subject_id == text_id)
            .order_by(Event.id)
        ).all()
    assert names == ["standard_text.added", "standard_text.changed", "standard_text.removed"]


def test_what_is_wrong_stands_at_its_field_with_what_was_typed(office: Office) -> None:
    page = office.roads.post("/desk/texts/new", written(text_en="Dear {name}, thank you."))
    assert page.status_code == 422
    assert "「name」は、差し込みの名前ではありません。使えるのは applicant、number" in page.text
    assert "Dear {name}, thank you." in page.text
    other = office.roads.post("/desk/texts/new", written(procedure="dog-registration"))
    assert other.status_code == 422
    assert "その手続きは、選んだ課のものではありません" in other.text


def test_texts_belong_to_their_department(office: Office, case_id: int) -> None:
    text_id = add(office.roads)
    assert office.citizens.get(f"/desk/texts/{text_id}").status_code == 404
    assert office.citizens.post(f"/desk/texts/{text_id}/remove").status_code == 404
    assert office.citizens.post("/desk/texts/new", written()).status_code == 422
    assert office.citizens.get(f"/desk/texts/cases/{case_id}?kind=message&into=body").status_code == 404
    assert office.clerk.get("/desk/texts").status_code == 403
    assert "図面の確認" in choices(office.clerk, case_id, "message")


def test_a_clerk_sees_each_text_as_this_applicant_will_read_it(office: Office, case_id: int) -> None:
    add(office.roads, text_en="Dear {applicant}, we are checking {number}.")
    add(office.roads, title="損傷のお礼", procedure="road-damage", text_ja="ご連絡をありがとうございます。")
    with city_session(CITY) as session:
        number = session.get_one(Case, case_id).number
    page = choices(office.roads, case_id, "message")
    assert f"Dear 佐藤 美咲, we are checking {number}." in page
    assert "日本語の文: <code>{applicant}</code>様" in page
    assert "損傷のお礼" not in page
    with city_session(CITY) as session:
        looks = select(Event.id).where(Event.subject_id == case_id, Event.name == "case.viewed")
        assert session.scalars(looks).all()


def test_variables_are_filled_in_when_a_message_is_sent(office: Office, case_id: int) -> None:
    sent = office.roads.post(f"/desk/cases/{case_id}/messages", {"body": "{office}です。{number}を受け取りました。"})
    assert sent.status_code == 303
    with city_session(CITY) as session:
        case = session.get_one(Case, case_id)
        body = messages_of(session, case_id)[-1].body
        assert case.number in body
        assert "{" not in body
    wrong = office.roads.post(f"/desk/cases/{case_id}/messages", {"body": "{nunber}を受け取りました。"})
    assert wrong.status_code == 422
    assert "「nunber」は、差し込みの名前ではありません" in wrong.text
    assert "{nunber}を受け取りました。" in wrong.text


def test_a_request_to_correct_names_the_day_that_was_chosen_with_it(office: Office, case_id: int) -> None:
    words = "{deadline}までに図面を直してください。"
    assert act(office.roads, case_id, "request_correction", note=words, fields="plans").status_code == 303
    with city_session(CITY) as session:
        case = session.get_one(Case, case_id)
        assert case.answer_by is not None
        body = messages_of(session, case_id)[-1].body
    assert str(case.answer_by.year) in body
    assert body.endswith("までに図面を直してください。")
    assert body in letters(CITY, "correction_request", case_id)[-1].body
    late = office.roads.post(f"/desk/cases/{case_id}/messages", {"body": "{deadline}までに"})
    assert late.status_code == 422


def test_one_message_to_many_names_each(office: Office) -> None:
    with city_session(CITY) as session:
        cases = [send(session, begin(session, "road-occupancy", unshared_occupancy())) for _each in range(2)]
        ids = {case.id: case.number for case in cases}
    add(office.roads, text_ja="{number}の場所を見に行きます。")
    chosen = office.roads.post("/desk/bulk", {"case": list(ids)})
    page = office.roads.get(chosen.location)
    assert "の場所を見に行きます。" in page.text
    address = chosen.location.partition("?")[0]
    wrong = office.roads.post(f"{address}/confirm", {"act": "message", "body": "{nomber}"})
    assert wrong.status_code == 422
    told = {"act": "message", "body": "{number}の場所を見に行きます。"}
    forget_jobs(CITY)
    assert office.roads.post(f"{address}/start", told).status_code == 303
    work(CITY)
    with city_session(CITY) as session:
        for case_id, number in ids.items():
            assert [message.body for message in messages_of(session, case_id)] == [f"{number}の場所を見に行きます。"]
