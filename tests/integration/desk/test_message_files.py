"""Files that go with messages: from the office to the applicant and back, scanned, few, and with their message."""

import html
import io

import pytest
from sqlalchemy import select, update

from portal.cases.messages import messages_of
from portal.core.database import city_session
from portal.files.models import StoredFile
from portal.identity.resident_accounts import sign_in_account
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import unshared_occupancy
from tests.kit.browser import Browser
from tests.kit.city import begin, send
from tests.kit.pictures import photo

EMAIL = "message-files@example.jp"
WORDS = "見本をつけます。"


@pytest.fixture
def case(office: Office) -> tuple[int, str]:
    """The id of an application, and the address of its page."""
    with city_session(CITY) as session:
        owner = sign_in_account(session, EMAIL, "ja")
        case = send(session, begin(session, "road-occupancy", unshared_occupancy(), owner))
        return case.id, f"/me/cases/{case.public_id}"


def picture(name: str) -> tuple[io.BytesIO, str]:
    """A picture as a browser sends it."""
    return io.BytesIO(photo()), name


def files_of(case_id: int) -> list[StoredFile]:
    """The files that came with messages about a case."""
    with city_session(CITY) as session:
        query = select(StoredFile).where(StoredFile.case_id == case_id, StoredFile.field.like("message-%"))
        return list(session.scalars(query.order_by(StoredFile.id)))


def mark_scanned(case_id: int, scan: str) -> None:
    """The scanner has looked at the files of a case."""
    with city_session(CITY) as session:
        session.execute(update(StoredFile).where(StoredFile.case_id == case_id).values(scan=scan))


def resident(office: Office) -> Browser:
    """The applicant, signed in."""
    return Browser(office.roads.client.application, CITY, "192.0.2.94").sign_in(EMAIL)


def test_the_office_sends_a_file_that_its_applicant_gets_once_it_is_clean(
    office: Office, case: tuple[int, str]
) -> None:
    case_id, address = case
    sent = {"body": WORDS, "files": [picture("見本.jpg")]}
    assert office.roads.post(f"/desk/cases/{case_id}/messages", sent).status_code == 303
    [file] = files_of(case_id)
    applicant = resident(office)
    link = f"{address}/files/{file.public_id}"
    mark_scanned(case_id, "waiting")
    assert "ウイルス検査中" in applicant.get(address).text
    assert applicant.get(link).status_code == 409
    mark_scanned(case_id, "infected")
    assert applicant.get(link).status_code == 409
    mark_scanned(case_id, "clean")
    page = applicant.get(address).text
    assert link in page
    assert page.index(WORDS) < page.index(link)
    assert applicant.get(link).mimetype == "image/jpeg"
    stranger = Browser(office.roads.client.application, CITY, "192.0.2.95")
    assert stranger.get(link).status_code in {303, 401, 403, 404}


def test_an_applicant_sends_a_file_that_the_office_opens_once_it_is_clean(
    office: Office, case: tuple[int, str]
) -> None:
    case_id, address = case
    sent = {"body": "写真を送ります。", "files": [picture("現場.jpg"), picture("現場.jpg")]}
    assert resident(office).post(f"{address}/messages", sent).status_code == 303
    files = files_of(case_id)
    assert len({file.name for file in files}) == len(files) == 2
    link = f"/desk/cases/{case_id}/files/{files[0].public_id}"
    mark_scanned(case_id, "waiting")
    assert office.roads.get(link).status_code == 409
    mark_scanned(case_id, "clean")
    assert link in office.roads.get(f"/desk/cases/{case_id}?tab=messages").text
    assert office.roads.get(link).status_code == 200
    assert "メッセージの添付" in office.roads.get(f"/desk/cases/{case_id}?tab=files").text


def test_files_that_are_not_accepted_leave_the_words_where_they_were(office: Office, case: tuple[int, str]) -> None:
    case_id, address = case
    program = (b"MZ\x90\x00" * 40, "見本.exe")
    for chosen, told in (
        ([program], "見本.exe"),
        ([(photo(), f"{number}.jpg") for number in range(6)], "添付できるファイルは5個までです"),
    ):
        for browser, door in (
            (office.roads, f"/desk/cases/{case_id}/messages"),
            (resident(office), f"{address}/messages"),
        ):
            files = [(io.BytesIO(content), name) for content, name in chosen]
            answer = browser.post(door, {"body": WORDS, "files": files})
            assert answer.status_code == 422
            text = html.unescape(answer.text)
            assert told in text
            assert WORDS in text
    assert files_of(case_id) == []
    with city_session(CITY) as session:
        assert messages_of(session, case_id) == []
