"""Erasing what has been kept long enough: nothing of a person is left, the record and the chain are, and a hold keeps a case."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, text

from portal.audit.actions import check
from portal.cases import holds, retention, tracking
from portal.cases.messages import send_message
from portal.cases.models import Case, Draft
from portal.cases.moves import MoveInputs, apply_transition
from portal.cases.neighbours import NeighbourList
from portal.cases.notes import add_note
from portal.cases.ownership import cases_of_resident
from portal.cases.place_proposals import PlaceProposal
from portal.cases.queries import case_for_staff, history
from portal.cases.retention_models import DeletionRecord
from portal.core.clock import TOKYO, frozen
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.models import CityBase
from portal.files.models import FileContent, StoredFile
from portal.payments import payments_of_case
from portal.payments.models import PaymentAttempt
from portal.procedures.models import ProcedureVersion
from tests.integration.cases.definitions import rectangle
from tests.kit.office import Office

CLOSED = datetime(2026, 11, 28, 10, tzinfo=TOKYO)
LAST_DAY = datetime(2032, 3, 31, 23, 59, tzinfo=TOKYO)
NEXT_DAY = datetime(2032, 4, 1, 0, 1, tzinfo=TOKYO)
STAYS = {
    "case_file",
    "case_place_change",
    "charge",
    "document",
    "issued_document",
    "journal_posting",
    "ledger_open_item",
    "payout",
    "deletion_record",
}
"""Tables that speak of an erased case: none of them holds a person's words. That its place went stays among the changes for some minutes."""
ANSWERS: dict[str, Any] = {
    "name": {"family": "左衛門", "given": "美咲"},
    "account": "秘密1234",
    "period": {"start": "2027-01-10", "end": "2027-02-09"},
    "area": rectangle(139.41, 35.70),
}


@pytest.fixture
def case(office: Office) -> Case:
    """A permit that was corrected, written about, refused and so closed in November 2026; kept for five years."""
    with frozen(CLOSED):
        made = office.apply("test-permit", ANSWERS)
        file = StoredFile(
            public_id="file-1", case_id=made.id, field="plans", name="左衛門の図.pdf", media_type="application/pdf",
            size=1, sha256=b"-", uploaded_at=CLOSED,
        )  # fmt: skip
        office.session.add(file)
        office.session.flush()
        office.session.add(FileContent(file_id=file.id, sealed=b"-"))
        send_message(office.session, made, office.actor, "左衛門さん、図面をください。")
        apply_transition(office.session, made.id, "accept", office.actor, roles=("clerk",))
        apply_transition(
            office.session,
            made.id,
            "refuse",
            office.actor,
            roles=("decider",),
            inputs=MoveInputs(note="左衛門さんの図が違います。"),
        )
        add_note(office.session, made, office.actor, "左衛門さんに電話した。")
        told = {"case_id": made.id, "made_at": CLOSED, "made_by": office.staff.id, "content": {"text": "左衛門"}}
        office.session.add(NeighbourList(title=made.number, purpose="左衛門さんの工事", excluded=[], **told))
        office.session.add(PlaceProposal(field="area", edits=1, **told))
        office.session.flush()
    return made


def erase(office: Office, moment: datetime) -> int:
    with frozen(moment):
        return retention.erase_batch(office.session)


def test_it_is_kept_to_the_last_day_and_erased_on_the_next(office: Office, case: Case) -> None:
    assert erase(office, LAST_DAY) == 0
    assert case.applicant_name == "左衛門 美咲"
    assert erase(office, NEXT_DAY) == 1
    assert erase(office, NEXT_DAY) == 0, "a second night finds nothing more to do"
    assert case.erased_at is not None


def test_nothing_of_a_person_is_left_in_any_table(office: Office, case: Case) -> None:
    number, case_id = case.number, case.id
    assert erase(office, NEXT_DAY) == 1
    session = office.session
    session.expire_all()
    for table in CityBase.metadata.sorted_tables:
        if "case_id" in table.c:
            count = session.execute(select(table.c.case_id).where(table.c.case_id == case_id)).all()
            assert not count or table.name in STAYS, f"{table.name} still speaks of the case"
        rows = session.execute(text(f'SELECT row_to_json(one)::text FROM "{table.name}" AS one')).scalars()
        assert not any(secret in row for row in rows for secret in ("左衛門", "秘密1234")), table.name
    row = session.get_one(Case, case_id)
    assert (row.number, row.answers, row.contact_email, row.account_id) == (number, {}, None, None)
    assert session.scalar(select(Draft.id).where(Draft.case_id == case_id)) is None


def test_the_record_says_what_when_and_by_which_rule(office: Office, case: Case) -> None:
    erase(office, NEXT_DAY)
    record = office.session.get_one(DeletionRecord, case.id)
    assert (record.number, record.procedure_key, record.state) == (case.number, "test-permit", "refused")
    assert (str(record.closed_on), record.retention_years, str(record.kept_until)) == ("2026-11-28", 5, "2032-03-31")
    assert (record.files, record.messages) == (1, 2)
    assert record.erased_at == NEXT_DAY


def test_the_chain_of_events_stays_whole(office: Office, case: Case) -> None:
    before = [event.name for event in history(office.session, case.id)]
    erase(office, NEXT_DAY)
    assert check(office.session).fault is None
    assert [event.name for event in history(office.session, case.id)] == [*before, "case.erased"]


def test_nobody_finds_it_any_more(office: Office, case: Case) -> None:
    number, code = case.number, tracking.check_code(case).replace("-", "")
    erase(office, NEXT_DAY)
    assert cases_of_resident(office.session, account_id=office.account.id, browser=None) == []
    assert tracking.find(office.session, number, code) == []
    with pytest.raises(NotFound, match="保存期間"):
        case_for_staff(office.session, case.id, office.staff)


def test_a_hold_keeps_it_until_it_is_lifted_with_reasons(office: Office, case: Case) -> None:
    with pytest.raises(Invalid):
        holds.place_hold(office.session, case.id, "  ", office.actor)
    holds.place_hold(office.session, case.id, "左衛門さんとの訴訟のため", office.actor)
    with pytest.raises(Conflict):
        holds.place_hold(office.session, case.id, "もう一度", office.actor)
    assert erase(office, NEXT_DAY) == 0
    held = holds.active_hold(office.session, case.id)
    assert held is not None
    assert (held.reason, held.placed_by) == ("左衛門さんとの訴訟のため", office.staff.name)
    assert "左衛門" not in str([event.data for event in history(office.session, case.id)])
    holds.lift_hold(office.session, case.id, "訴訟が終わったため", office.actor)
    with pytest.raises(Conflict):
        holds.lift_hold(office.session, case.id, "もう一度", office.actor)
    assert erase(office, NEXT_DAY) == 1
    with pytest.raises(NotFound):
        holds.place_hold(office.session, case.id, "遅すぎる", office.actor)


def test_an_open_case_is_kept_however_old(office: Office) -> None:
    with frozen(CLOSED):
        running = office.apply("test-permit", ANSWERS)
    assert erase(office, datetime(2060, 1, 1, tzinfo=TOKYO)) == 0
    assert running.applicant_name


def test_money_on_its_way_is_waited_for(office: Office) -> None:
    with frozen(CLOSED):
        made = office.apply("test-registration", {"name": {"family": "左衛門", "given": "誠"}})
        made.closed_at = CLOSED
        office.session.flush()
    (payment,) = payments_of_case(office.session, made.id)
    assert payment.status == "open"
    assert erase(office, NEXT_DAY) == 0
    payment.order.status = "canceled"
    slip = {"url": "https://pay.example/slip", "expires_at": str(CLOSED), "stores": {}}
    attempt = PaymentAttempt(
        order_id=payment.id, number=1, reference="slip-1", amount=payment.amount, methods=["konbini"], request={},
        status="expired", voucher=slip, url="https://pay.example/page", created_at=CLOSED,
    )  # fmt: skip
    office.session.add(attempt)
    office.session.flush()
    assert erase(office, NEXT_DAY) == 1
    assert payments_of_case(office.session, made.id), "the books keep the payment"
    office.session.refresh(attempt)
    assert (attempt.voucher, attempt.url) == (None, None), "the pages that name the payer are not kept"


def test_each_version_keeps_its_own_years_and_batches_go_on(
    office: Office, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    with frozen(CLOSED):
        short = [office.apply("test-registration", {"name": {"family": "左衛門", "given": str(n)}}) for n in range(2)]
        for made in short:
            apply_transition(office.session, made.id, "withdraw", office.resident, roles=("applicant",))
    version = office.session.get_one(ProcedureVersion, short[0].version_id)
    version.document = {**version.document, "retention_years": 1}
    office.session.flush()
    over = datetime(2028, 4, 1, 9, tzinfo=TOKYO)
    with frozen(over):
        assert retention.count_expired(office.session) == 2
    assert [erase(office, over) for _ in range(3)] == [1, 1, 0]
    assert case.erased_at is None


def test_every_table_that_speaks_of_a_case_is_decided_about() -> None:
    """A new one is either emptied with the case or listed here as one that stays."""
    speaking = {table.name for table in CityBase.metadata.sorted_tables if "case_id" in table.c}
    emptied = {model.__tablename__ for model in retention._CONTENT}
    others = {"draft", "stored_file", "mail_message", "retention_hold", "appointment", "capacity_claim"}
    assert speaking == emptied | (STAYS - {"case_file"}) | others
