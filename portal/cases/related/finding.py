"""Cases that have to do with one: of the same person, near its places, and probably about the same thing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from portal.cases.answers import open_answers
from portal.cases.case_nearness import Near, ground_near, near_conditions
from portal.cases.models import Case, CasePlace
from portal.cases.notices import contact_address
from portal.cases.parties import parties_of
from portal.cases.search_index import parse_search
from portal.core.database import city_of
from portal.core.sealed import SearchTerms
from portal.core.tenancy import plane_of
from portal.procedures import definition_of

METRES = 100
"""Around the places of a case: what stands there too."""
SAME_SPOT = 30
"""Metres within which two reports are probably of the same thing: what a phone in a street is off by."""
SAME_TIME = timedelta(days=30)
_SHOWN = 20


@dataclass(frozen=True)
class RelatedCase:
    """Another case as a line."""

    id: int
    number: str
    title: str
    applicant_name: str
    status: str
    state: str
    skipped_stages: list[str]
    department_id: int
    version_id: int
    submitted_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class RelatedCases:
    """The others, newest first, at most twenty of each kind; `duplicates` are open, of the same procedure, at the same spot and time."""

    duplicates: Sequence[RelatedCase]
    of_person: Sequence[RelatedCase]
    near: Sequence[RelatedCase]


def related_cases(
    session: Session, case: Case, departments: Collection[int], *, by_person: bool, by_place: bool
) -> RelatedCases:
    """Return what has to do with a case in these departments. `by_person` for who reads its answers, `by_place` for who sees its places.

    Plans: `ix_case_file_account` and the GIN index `ix_case_file_search` for the person; for places the index of `case_place`, looked
    up with a ground that is worked out first.
    """
    others = (Case.id != case.id, Case.department_id.in_(departments), Case.erased_at.is_(None))
    return RelatedCases(
        duplicates=_duplicates(session, case, others) if by_place else (),
        of_person=_of_person(session, case, others) if by_person else (),
        near=_lines(session, *others, Case.id.in_(_at(session, case, METRES))) if by_place else (),
    )


def _duplicates(session: Session, case: Case, others: Sequence[ColumnElement[bool]]) -> Sequence[RelatedCase]:
    first, last = case.submitted_at - SAME_TIME, case.submitted_at + SAME_TIME
    same = (Case.procedure_key == case.procedure_key, Case.submitted_at.between(first, last), Case.closed_at.is_(None))
    return _lines(session, *others, *same, Case.id.in_(_at(session, case, SAME_SPOT)))


def _at(session: Session, case: Case, metres: int) -> Collection[int]:
    """The cases within so many metres of the places of one."""
    ground = ground_near(session, Near(metres, plane_of(session).srid, case_id=case.id))
    query = select(CasePlace.case_id).where(*near_conditions(ground), CasePlace.case_id != case.id)
    return list(session.scalars(query.order_by(CasePlace.case_id.desc()).distinct().limit(500)))


def _of_person(session: Session, case: Case, others: Sequence[ColumnElement[bool]]) -> Sequence[RelatedCase]:
    """The cases of the same account, and those in which the same telephone number or mail address stands."""
    parties = parties_of(definition_of(session, case.version_id), open_answers(city_of(session), case.answers))
    reached = (contact_address(session, case), parties.email, parties.phone)
    terms = sorted({term for text in reached if text for term in parse_search(text).terms})
    same: list[ColumnElement[bool]] = [Case.account_id == case.account_id] if case.account_id is not None else []
    if terms:
        same.append(Case.search_bigrams.op("&&")(bindparam("reached", terms, type_=SearchTerms())))
    return _lines(session, *others, or_(*same)) if same else ()


def _lines(session: Session, *which: ColumnElement[bool]) -> Sequence[RelatedCase]:
    columns = (
        Case.id, Case.number, Case.title, Case.applicant_name, Case.status, Case.state, Case.skipped_stages,
        Case.department_id, Case.version_id, Case.submitted_at, Case.closed_at,
    )  # fmt: skip
    query: Select[*tuple[Any, ...]] = (
        select(*columns).where(*which).order_by(Case.submitted_at.desc(), Case.id.desc()).limit(_SHOWN)
    )
    return [RelatedCase(*row) for row in session.execute(query).all()]
