"""Documents that decisions issue: signed, fetched by the applicant, checked by anybody, superseded and revoked by later decisions."""

import html
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import PdfSignatureStatus, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from portal.cases.models import Case
from portal.cases.moves import MoveInputs, apply_transition
from portal.core.clock import today
from portal.core.database import city_session
from portal.core.events import Actor
from portal.core.jobs import app as job_app
from portal.documents import DecisionPaper, Document, erase_personal_data, issued_documents, signing_key, spaced
from portal.documents.issued_models import IssuedDocument
from portal.identity.resident_accounts import sign_in_account
from tests.integration.desk.acting import act
from tests.integration.desk.conftest import CITY, Office
from tests.kit.answers import unshared_occupancy
from tests.kit.browser import Browser
from tests.kit.city import begin, send
from tests.kit.letters import letters

# WeasyPrint leaves its own colour profile open until it is collected.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
EMAIL = "issued-documents@example.jp"
WAY, END = "通路を1.5メートル以上あけること。", "終わったら元に戻すこと。"
WHY = "期間の読みまちがいが見つかりました。"


@dataclass(frozen=True)
class Permitted:
    """A case that was permitted with a condition, and paid."""

    id: int
    address: str


@pytest.fixture
def permitted(office: Office) -> Permitted:
    with city_session(CITY) as session:
        case = send(
            session, begin(session, "road-occupancy", unshared_occupancy(), sign_in_account(session, EMAIL, "ja"))
        )
        staff, roles = Actor("staff", office.roads_id), ("clerk", "decider", "inspector")
        for move, inputs in (
            ("accept", MoveInputs()),
            ("skip_site_check", MoveInputs(internal_note="写真で見ました。")),
            ("approve", MoveInputs(conditions=(WAY,))),
        ):
            apply_transition(session, case.id, move, staff, roles=roles, inputs=inputs)
        assert session.query(IssuedDocument).filter_by(case_id=case.id).all() == [], "not before it is paid"
        apply_transition(session, case.id, "pay", Actor("system"), roles=("system",))
        return Permitted(case.id, f"/me/cases/{case.public_id}")


def resident(office: Office) -> Browser:
    return Browser(office.roads.client.application, CITY, "192.0.2.93").sign_in(EMAIL)


def stranger(office: Office) -> Browser:
    """Anybody who has the document in hand, on the page on which it is checked."""
    browser = Browser(office.roads.client.application, CITY, "192.0.2.94")
    browser.get("/verify")
    return browser


def documents(case_id: int) -> list[IssuedDocument]:
    with city_session(CITY) as session:
        return list(session.query(IssuedDocument).filter_by(case_id=case_id).order_by(IssuedDocument.document_id))


def make(case_id: int) -> None:
    """Make the documents of a case, as the worker does."""
    for document in documents(case_id):
        job_app.tasks["documents.make"](city=CITY, document_id=document.document_id)


def fetch(office: Office, case: Permitted) -> bytes:
    """The newest document, as the applicant fetches it."""
    browser = resident(office)
    page = browser.get(case.address).text
    [address, *_older] = [part.partition('"')[0] for part in page.split('href="')[1:] if "/issued/" in part[:200]]
    answer = browser.get(address)
    assert answer.mimetype == "application/pdf"
    return answer.data


def validated(content: bytes) -> PdfSignatureStatus:
    """What pyHanko finds of the signature, trusting the root of the city alone."""
    from asn1crypto import x509

    with city_session(CITY) as session:
        roots = [x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in signing_key(session).issuers]
    [signature] = PdfFileReader(BytesIO(content)).embedded_signatures
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    with ThreadPoolExecutor(1) as thread:  # as in `signing`
        return thread.submit(validate_pdf_signature, signature, context).result()


def test_the_applicant_fetches_a_signed_permit_and_a_stranger_checks_it(office: Office, permitted: Permitted) -> None:
    [issued] = documents(permitted.id)
    assert "作成中" in resident(office).get(permitted.address).text
    make(permitted.id)
    content = fetch(office, permitted)
    status = validated(content)
    assert status.bottom_line
    assert status.trusted
    with city_session(CITY) as session:
        case = session.get_one(Case, permitted.id)
        rows = dict(DecisionPaper.from_stored(session.get_one(Document, issued.document_id).paper).rows)
        measured = f"{case.facts['area']['area_m2']:,.2f} m²"
    assert "占用物件" in rows, "a noun, as on paper"
    assert measured in rows["占用する範囲"]
    case_page = resident(office).get(permitted.address).text
    assert "工事の場所に、この許可書の写しを掲げてください。" in case_page
    page = html.unescape(resident(office).get("/me/documents").text)
    assert f"道路占用許可書 {issued.number}" in page
    assert "道路占用許可書" in letters(CITY, "decision_approved", permitted.id)[-1].body
    checked = stranger(office).get(f"/verify/{issued.number}/{spaced(issued.check_code)}")
    assert "この書類は有効です" in checked.text
    assert "Yamada" not in checked.text
    by_file = stranger(office).post("/verify/file", {"file": (BytesIO(content), "permit.pdf")})
    assert issued.number in by_file.text


def test_one_flipped_byte_is_found(office: Office, permitted: Permitted) -> None:
    make(permitted.id)
    content = bytearray(fetch(office, permitted))
    place = content.index(b"endstream") - 20
    content[place] ^= 1
    assert not validated(bytes(content)).bottom_line
    answer = stranger(office).post("/verify/file", {"file": (BytesIO(bytes(content)), "permit.pdf")})
    assert "交付したあとで変えられています" in answer.text
    other = stranger(office).post("/verify/file", {"file": (BytesIO(b"%PDF-1.7 something else"), "other.pdf")})
    assert "この市が交付した書類ではありません" in other.text


def test_a_corrected_decision_supersedes_its_permit_and_a_revoked_one_revokes_it(
    office: Office, permitted: Permitted
) -> None:
    assert act(office.roads, permitted.id, "correct", note=WHY, conditions=END).status_code == 303
    former, present = documents(permitted.id)
    assert (former.status, former.superseded_by, present.status) == ("superseded", present.document_id, "valid")
    checked = stranger(office).get(f"/verify/{former.number}/{former.check_code}").text
    assert "新しい書類に差し替わりました" in checked
    assert act(office.roads, permitted.id, "revoke", note=WHY, paid="kept").status_code == 303
    assert [document.status for document in documents(permitted.id)] == ["superseded", "revoked"]
    revoked = stranger(office).get(f"/verify/{present.number}/{present.check_code}").text
    assert "取り消されました" in revoked
    assert WHY not in revoked
    assert "取り消されました(使えません)" in resident(office).get(permitted.address).text


def test_a_number_without_its_code_tells_nothing(office: Office, permitted: Permitted) -> None:
    [issued] = documents(permitted.id)
    browser = stranger(office)
    wrong = browser.post("/verify", {"number": issued.number, "code": "2222-2222-2222"})
    assert wrong.status_code == 422
    assert "この文書番号と確認コードの書類はありません" in wrong.text
    assert browser.get(f"/verify/{issued.number}/2222-2222-2222").status_code == 404
    answer = browser.post("/verify", {"number": issued.number.lower(), "code": issued.check_code.lower()})
    assert answer.location == f"/verify/{issued.number}/{spaced(issued.check_code)}"


def test_staff_issue_it_once_more_and_revoke_it_with_a_reason(office: Office, permitted: Permitted) -> None:
    [issued] = documents(permitted.id)
    files = f"/desk/cases/{permitted.id}?tab=files"
    assert issued.number in office.roads.get(files).text
    address = f"/desk/cases/{permitted.id}/issued/"
    assert office.roads.post(f"{address}{issued.document_id}", {"act": "again"}).status_code == 303
    former, present = documents(permitted.id)
    assert (former.status, present.status) == ("superseded", "valid")
    assert office.roads.post(f"{address}{issued.document_id}", {"act": "again"}).status_code == 409
    without = office.roads.post(f"{address}{present.document_id}", {"act": "revoke", "reason": " "})
    assert without.status_code == 422
    assert "理由を書いてください" in without.text
    why = "名前の字がちがっていました。"
    assert office.roads.post(f"{address}{present.document_id}", {"act": "revoke", "reason": why}).status_code == 303
    assert documents(permitted.id)[-1].status == "revoked"
    assert why in office.roads.get(files).text
    assert why not in resident(office).get(permitted.address).text


def test_a_document_past_its_last_day_has_expired(office: Office, permitted: Permitted) -> None:
    [issued] = documents(permitted.id)
    with city_session(CITY) as session:
        row = session.get_one(IssuedDocument, issued.document_id)
        row.valid_until = today() - timedelta(days=1)
    assert "有効期限が過ぎています" in stranger(office).get(f"/verify/{issued.number}/{issued.check_code}").text


def test_what_it_says_is_forgotten_with_its_case_and_whether_it_holds_is_not(
    office: Office, permitted: Permitted
) -> None:
    [issued] = documents(permitted.id)
    make(permitted.id)
    with city_session(CITY) as session:
        erase_personal_data(session, [permitted.id])
        assert issued_documents(session, [permitted.id]) == []
    assert "この書類は有効です" in stranger(office).get(f"/verify/{issued.number}/{issued.check_code}").text
