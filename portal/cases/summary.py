"""What a case is listed, found and reached by: everything that is derived from its answers, in one place.

Sending an application and correcting it both derive it here, so that no list, map or letter goes on saying what was corrected.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from forms import Definition, Evaluation
from portal.cases.models import Case
from portal.cases.notices import ENCRYPTION_CONTEXT
from portal.cases.parties import Parties, parties_of
from portal.cases.places import PlaceInspection
from portal.cases.rules import days_of
from portal.cases.search_index import VERSION, search_terms
from portal.core.crypto import seal
from portal.core.database import city_of
from portal.identity import account_email, department_id_named
from portal.procedures import owning_department_id

DEPARTMENT = func.coalesce(department_id_named(bindparam("assign_to")), owning_department_id(bindparam("procedure")))
"""The department of a case, of the parameters `procedure` and `assign_to`: the one that the definition names by its key, often
from the map, else the procedure's. A title is understood too, for versions published before titles were a fault."""


def responsible_department(session: Session, procedure_key: str, assign_to: str | None) -> int:
    """The id of the department that a case of this procedure belongs to now."""
    department_id: int = session.scalars(select(DEPARTMENT), {"procedure": procedure_key, "assign_to": assign_to}).one()
    return department_id


@dataclass(frozen=True)
class CaseSummary:
    """The derived columns of a case, by their names. `contact_email` is sealed; the days are those of `days_of`."""

    title: str
    applicant_name: str
    co_applicants: int
    place_label: str
    contact_email: bytes | None
    search_bigrams: list[str]
    search_version: int
    starts_on: date | None
    ends_on: date | None

    def columns(self) -> dict[str, Any]:
        """Column name → value, for an insert."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def apply_to(self, case: Case) -> None:
        """Put the values in place of the case's former ones."""
        for name, value in self.columns().items():
            setattr(case, name, value)


def summarize(
    session: Session,
    definition: Definition,
    outcome: Evaluation,
    inspection: PlaceInspection,
    *,
    account_id: int | None,
) -> CaseSummary:
    """Derive the summary from judged answers and from what the map said of their places."""
    parties = parties_of(definition, outcome.answers)
    label = _place_label(definition, outcome.answers, inspection) or parties.address
    title = definition.title.for_language("ja")
    contact = _contact(session, parties, account_id)
    starts_on, ends_on = days_of(definition, outcome.answers)
    return CaseSummary(
        title=title,
        applicant_name=parties.name,
        co_applicants=len(parties.others),
        place_label=label,
        contact_email=seal(city_of(session), contact.encode(), ENCRYPTION_CONTEXT) if contact else None,
        search_bigrams=search_terms(
            definition, outcome.answers, line=(title, *parties.all_names), place=label, contact=contact
        ),
        search_version=VERSION,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _contact(session: Session, parties: Parties, account_id: int | None) -> str | None:
    """Where to write to: the verified address of the account, else the one given in the form, that of a proxy first."""
    return account_email(session, account_id) if account_id is not None else parties.email


def _place_label(definition: Definition, answers: Mapping[str, Any], inspection: PlaceInspection) -> str:
    for path, place in definition.places_in(answers).items():
        if path in inspection.localities:
            return inspection.localities[path]
        if place.value is not None:
            return place.question.show(place.value, "ja")
    return ""
