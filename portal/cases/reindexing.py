"""Writes the search terms of older cases again, after a change of how they are made. A migration cannot: answers are sealed."""

import logging
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from portal.cases.answers import open_answers
from portal.cases.models import Case
from portal.cases.notices import contact_address
from portal.cases.parties import parties_of
from portal.cases.search_index import VERSION, search_terms
from portal.core.crypto import SealBroken
from portal.core.database import city_of, city_session
from portal.core.locking import lock_rows
from portal.procedures import definition_of

BATCH = 500
"""Cases of one transaction: a few seconds of work, so that nobody waits long for a case that is being written again."""

_log = logging.getLogger(__name__)


def stale() -> ColumnElement[bool]:
    """Cases whose terms another version made (index `ix_case_file_search_version`)."""
    return Case.search_version < VERSION


def count_stale(session: Session) -> int:
    """How many cases of the city are still found by the former terms alone."""
    return session.scalar(select(func.count()).select_from(Case).where(stale())) or 0


def reindex(session: Session, limit: int = BATCH) -> int:
    """Write the terms of up to `limit` stale cases again; how many. Their answers, history and version stay as they are.

    A case whose seal does not open keeps to what its line in the list says; the log names it.
    """
    query = select(Case.id).where(stale()).order_by(Case.search_version, Case.id).limit(limit)
    ids = list(session.scalars(query))
    cases = lock_rows(session, Case, Case.id.in_(ids), stale(), order_by=[Case.id.asc()])
    for case in cases:
        session.execute(
            update(Case)
            .where(Case.id == case.id)
            .values(**_derived(session, case), search_version=VERSION)
            .execution_options(synchronize_session=False)
        )
    session.expire_all()
    return len(cases)


def reindex_city(key: str) -> int:
    """Write the search terms of all stale cases of a city again; how many."""
    done = 0
    while True:
        with city_session(key) as session:
            batch = reindex(session)
        done += batch
        if batch < BATCH:
            return done


def _derived(session: Session, case: Case) -> dict[str, Any]:
    definition = definition_of(session, case.version_id)
    try:
        answers = open_answers(city_of(session), case.answers)
        contact = contact_address(session, case)
    except SealBroken:
        _log.warning("case %s of %s: a seal does not open, indexed by its line alone", case.id, city_of(session))
        line = (case.title, case.applicant_name)
        return {"search_bigrams": search_terms(definition, {}, line=line, place=case.place_label, contact=None)}
    others = [other.name for other in parties_of(definition, answers).others]
    named = (case.title, case.applicant_name, *others)
    terms = search_terms(definition, answers, line=named, place=case.place_label, contact=contact)
    return {"search_bigrams": terms, "co_applicants": len(others)}
