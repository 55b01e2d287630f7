"""Erasing cases whose time is over (`retention_years`). The time runs from the 1 April after the fiscal year in which a case was
closed, as document rules of Japanese public bodies count (公文書等の管理に関する法律施行令 第8条 and the cities' own 文書管理規則).

What somebody said or handed in goes: answers and their earlier versions, files, messages, places, letters, the forms of stages,
the draft, whatever the case is found or reached by. What stays names nobody: number, procedure, dates, how it ended, the events
with their chain, and the money, whose books the city keeps by its own rule (地方自治法施行令, 財務規則).
"""

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session

from common.fiscal_years import fiscal_year, fiscal_year_end, fiscal_year_start
from portal import documents, maps, payouts
from portal.bookings import forget_cases
from portal.cases.browser_models import BrowserCase
from portal.cases.bulk_models import BulkCase
from portal.cases.bundle_models import CaseChangeOffer
from portal.cases.consent_models import CaseConsent
from portal.cases.consultation_models import CaseConsultation
from portal.cases.desk_models import CasePresence
from portal.cases.dossier_models import LocationDossier
from portal.cases.events import of_case
from portal.cases.former_decision_models import FormerDecision
from portal.cases.join_models import CaseJoin
from portal.cases.map_objection_models import MapObjection
from portal.cases.mention_models import CaseMention
from portal.cases.models import (
    Case,
    CaseDecision,
    CaseMessage,
    CaseNote,
    CasePlace,
    CaseRevision,
    CaseStageForm,
    CorrectionDraft,
    Draft,
)
from portal.cases.neighbours import NeighbourList
from portal.cases.place_proposal_models import PlaceProposal
from portal.cases.retention_models import DeletionRecord, RetentionHold
from portal.cases.survey_models import SurveyedFigure
from portal.cases.transfer_models import CaseTransfer
from portal.core.clock import TOKYO, local_date, now, today
from portal.core.database import city_session
from portal.core.events import SYSTEM, record
from portal.core.locking import lock_rows
from portal.files import count_files_by_case, delete_files_of_cases
from portal.notifications import delete_mail_of_cases
from portal.payments import erase_personal_data, has_unsettled_money
from portal.procedures import versions_by_retention

BATCH = 100
"""Cases erased in one transaction: events wait for each other in the city's chain, so a batch is short."""

ERASED = "保存期間満了"
"""What lists show in place of the place of an erased case."""

DEFAULT_YEARS = 5
"""Of versions published before every document said it."""

_log = logging.getLogger("portal.jobs")
_CONTENT = (
    BrowserCase,
    BulkCase,
    CaseChangeOffer,
    CaseConsent,
    CaseConsultation,
    CaseJoin,
    CaseMention,
    CaseMessage,
    CaseNote,
    CaseDecision,
    CasePlace,
    CasePresence,
    CaseRevision,
    CaseStageForm,
    CaseTransfer,
    CorrectionDraft,
    FormerDecision,
    LocationDossier,
    MapObjection,
    NeighbourList,
    PlaceProposal,
    SurveyedFigure,
)


def kept_until(closed_on: date, years: int) -> date:
    """The last day on which a case closed on that day is kept: 31 March, `years` after the end of its fiscal year."""
    end = fiscal_year_end(closed_on)
    return end.replace(year=end.year + years)


def closed_before(day: date, years: int) -> datetime:
    """Cases kept for so many years are over on `day` if they were closed before this moment: a 1 April in Japan."""
    return datetime.combine(fiscal_year_start(day).replace(year=fiscal_year(day) - years), time(), TOKYO)


@dataclass(frozen=True)
class Term:
    """How long the cases of some versions are kept."""

    years: int
    version_ids: tuple[int, ...]


def terms(session: Session) -> list[Term]:
    """The published versions by their `retention_years`."""
    return [Term(years, version_ids) for years, version_ids in versions_by_retention(session, DEFAULT_YEARS)]


def retention_years(session: Session, case: Case) -> int:
    """For how many years a case is kept, by the version it was made with."""
    return next((term.years for term in terms(session) if case.version_id in term.version_ids), DEFAULT_YEARS)


def over(term: Term) -> tuple[ColumnElement[bool], ...]:
    """Cases of these versions whose time is over: closed long enough, not held, with no money still on its way."""
    return (
        Case.version_id.in_(term.version_ids),
        Case.closed_at.is_not(None),
        Case.closed_at < closed_before(today(), term.years),
        Case.erased_at.is_(None),
        Case.next_due_on.is_(None),
        ~exists().where(RetentionHold.case_id == Case.id, RetentionHold.lifted_at.is_(None)),
        ~has_unsettled_money(Case.id),
        ~payouts.has_unsettled(Case.id),
    )


def count_expired(session: Session) -> int:
    """How many cases are kept longer than they should be."""
    return sum(
        session.scalar(select(func.count()).select_from(Case).where(*over(term))) or 0 for term in terms(session)
    )


def deletion_records(session: Session, since: datetime | None = None) -> Iterator[DeletionRecord]:
    """Yield the records of the cases erased at or after that moment (None: of all), oldest first."""
    query = select(DeletionRecord).order_by(DeletionRecord.erased_at, DeletionRecord.case_id)
    if since is not None:
        query = query.where(DeletionRecord.erased_at >= since)
    yield from session.scalars(query.execution_options(yield_per=500))


def erase_batch(session: Session) -> int:
    """Erase up to `BATCH` cases whose time is over; how many. Safe to repeat and to break off: a case is erased whole or not at all."""
    for term in terms(session):
        ids = list(session.scalars(select(Case.id).where(*over(term)).order_by(Case.id).limit(BATCH)))
        # A hold that was placed meanwhile is seen under the lock.
        cases = lock_rows(session, Case, Case.id.in_(ids), *over(term), order_by=[Case.id.asc()]) if ids else []
        if cases:
            _erase(session, cases, term.years)
            return len(cases)
    return 0


def erase_city(key: str) -> int:
    """Erase a city's cases whose time is over, a transaction for each batch; how many. What is left over goes the next night."""
    done = 0
    while True:
        with city_session(key) as session:
            batch = erase_batch(session)
        done += batch
        if not batch:
            _log.info("retention", extra={"fields": {"city": key, "erased": done}})
            return done


def _erase(session: Session, cases: Collection[Case], years: int) -> None:
    ids = [case.id for case in cases]
    files = count_files_by_case(session, ids)
    messages = _count_messages(session, ids)
    moment = now()
    for case in cases:
        closed = case.closed_at or moment
        closed_on = local_date(closed)
        session.add(
            DeletionRecord(
                case_id=case.id,
                number=case.number,
                procedure_key=case.procedure_key,
                version_id=case.version_id,
                department_id=case.department_id,
                state=case.state,
                submitted_on=local_date(case.submitted_at),
                closed_on=closed_on,
                retention_years=years,
                kept_until=kept_until(closed_on, years),
                erased_at=moment,
                files=files.get(case.id, 0),
                messages=messages.get(case.id, 0),
            )
        )
    _delete_content(session, ids)
    for case in cases:
        _empty(case, moment)
    session.flush()
    for case_id in ids:
        record(session, of_case(case_id), "case.erased", SYSTEM, retention_years=years)


def _count_messages(session: Session, ids: Collection[int]) -> dict[int, int]:
    query = select(CaseMessage.case_id, func.count()).where(CaseMessage.case_id.in_(ids)).group_by(CaseMessage.case_id)
    return dict(session.execute(query).all())


def _delete_content(session: Session, ids: Collection[int]) -> None:
    """Everything that hangs on the cases and that somebody said, wrote or handed in."""
    drafts = select(Draft.id).where(Draft.case_id.in_(ids))
    delete_files_of_cases(session, ids, drafts)
    session.execute(delete(Draft).where(Draft.case_id.in_(ids)))
    for table in (*_CONTENT, RetentionHold):
        session.execute(delete(table).where(table.case_id.in_(ids)))
    forget_cases(session, ids)
    delete_mail_of_cases(session, ids)
    erase_personal_data(session, ids)
    payouts.erase_personal_data(session, ids)
    documents.erase_personal_data(session, ids)
    maps.prints.erase_personal_data(session, ids)


def _empty(case: Case, moment: datetime) -> None:
    """What is left of the row: what it was, when, how it ended. Its address in links is another one, so that old links lead nowhere."""
    case.public_id = f"erased-{case.id}"
    case.draft_id = case.account_id = case.assignee_id = case.bundle_id = None
    case.applicant_name, case.co_applicants, case.place_label, case.contact_email = "", 0, ERASED, None
    case.answers, case.facts = {}, {}
    case.fee = {
        "lines": [],
        "total": case.fee.get("total"),
        "due": case.fee.get("due", {"submission": 0, "approved": 0}),
    }
    case.search_bigrams, case.conditions, case.granted, case.taken_in = [], None, None, None
    case.starts_on = case.ends_on = case.answer_by = case.wake_on = None
    case.unread, case.erased_at = False, moment
