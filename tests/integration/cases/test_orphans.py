"""Files that nothing refers to any more go after a while; those that somebody may still hand in stay."""

import io
from datetime import timedelta

from sqlalchemy import select, update

from portal.cases import drafts
from portal.cases.models import Case, Draft
from portal.cases.orphans import ACCOUNT_KEPT, purge_accounts, purge_files
from portal.core.clock import frozen, now
from portal.files import StoredFile, Upload, attach_to_case, receive
from portal.identity.models import Account
from portal.identity.resident_accounts import sign_in_account
from portal.procedures import queries
from tests.kit.office import Office
from tests.kit.pictures import photo


def draft(office: Office) -> Draft:
    offer = queries.offer(office.session, "test-registration")
    return drafts.start(office.session, offer, account_id=office.account.id, language="ja")


def file_of(office: Office, draft_id: int, *, days: int) -> StoredFile:
    file = receive(office.session, draft_id, "photos", Upload("現場.jpg", io.BytesIO(photo())))
    file.uploaded_at = now() - timedelta(days=days)
    office.session.flush()
    return file


def remaining_files(office: Office) -> set[int]:
    return set(office.session.scalars(select(StoredFile.id)))


def test_what_an_application_was_sent_without_goes_after_a_day(office: Office) -> None:
    writing, submitted = draft(office), draft(office)
    stays = {file_of(office, writing.id, days=20).id, file_of(office, submitted.id, days=0).id}
    goes = file_of(office, submitted.id, days=2)
    submitted.case_id = 1
    office.session.flush()
    assert purge_files(office.session) == 1
    assert remaining_files(office) == stays
    assert goes.id not in remaining_files(office)


def test_what_is_added_to_a_correction_stays_until_it_is_answered(office: Office) -> None:
    case = office.apply("test-registration", {"name": {"family": "佐藤", "given": "美咲"}})
    assert case.draft_id is not None
    handed_in, added = (file_of(office, case.draft_id, days=40) for _ in range(2))
    attach_to_case(office.session, [handed_in.public_id], case.draft_id, case.id)
    status = update(Case).where(Case.id == case.id)
    office.session.execute(status.values(status="fix"))
    office.session.execute(update(Draft).values(expires_at=now() - timedelta(days=1)))
    drafts.purge_expired(office.session)  # the draft itself is long over its time
    assert purge_files(office.session) == 0
    assert remaining_files(office) == {handed_in.id, added.id}
    office.session.execute(status.values(status="review"))
    assert purge_files(office.session) == 1
    assert remaining_files(office) == {handed_in.id}


def test_an_application_past_its_time_goes_with_its_files(office: Office) -> None:
    old = draft(office)
    file_of(office, old.id, days=0)
    office.session.execute(update(Draft).values(expires_at=now() - timedelta(days=1)))
    assert drafts.purge_expired(office.session) == 1
    assert remaining_files(office) == set()


def test_an_account_goes_a_year_after_its_last_use_unless_an_application_belongs_to_it(office: Office) -> None:
    office.apply("test-registration", {"name": {"family": "佐藤", "given": "美咲"}})
    idle = sign_in_account(office.session, "idle.account@example.jp", "ja")
    moment = now()

    def accounts() -> set[int]:
        return set(office.session.scalars(select(Account.id)))

    with frozen(moment + ACCOUNT_KEPT - timedelta(days=1)):
        purge_accounts(office.session)
        assert idle in accounts()
    with frozen(moment + ACCOUNT_KEPT + timedelta(days=1)):
        office.session.execute(update(Draft).where(Draft.case_id.is_(None)).values(account_id=None))
        purge_accounts(office.session)
        assert idle not in accounts()
        assert office.account.id in accounts(), "an application of theirs is kept"
        assert sign_in_account(office.session, "idle.account@example.jp", "ja") not in {idle}, (
            "who comes back gets a new one"
        )
