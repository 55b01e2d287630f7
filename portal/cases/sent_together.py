"""The other cases of a bundle, as an office sees them: by name and state, whoever's they are."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.bundle_member import WAITING
from portal.cases.models import Case, Draft
from portal.cases.queries import state_of
from portal.core.access import StaffIdentity
from portal.core.text import current_language
from portal.procedures import definition_of


@dataclass(frozen=True)
class SisterCase:
    """Another case of the bundle. `case_id` only where this member of staff may open it; one that still waits has no number."""

    title: str
    state: str
    number: str
    department_id: int | None
    case_id: int | None


def sister_cases(session: Session, case: Case, staff: StaffIdentity) -> list[SisterCase]:
    """The others in the order in which they came in, then what waits; no statement for a case that was sent alone."""
    if case.bundle_id is None:
        return []
    language = current_language()
    sisters = []
    for other in session.scalars(select(Case).where(Case.bundle_id == case.bundle_id).order_by(Case.id)):
        if other.id == case.id:
            continue
        definition = definition_of(session, other.version_id)
        sisters.append(
            SisterCase(
                definition.title.for_language(language),
                state_of(other, definition).title.for_language(language),
                other.number,
                other.department_id,
                other.id if staff.may("case.see", other.department_id) else None,
            )
        )
    which = (Draft.bundle_id == case.bundle_id, Draft.bundle_state == WAITING)
    for draft in session.scalars(select(Draft).where(*which).order_by(Draft.bundle_position)):
        title = definition_of(session, draft.version_id).title.for_language(language)
        sisters.append(SisterCase(title, "", "", None, None))
    return sisters
