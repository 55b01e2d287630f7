"""The consents of a case as they stand: read by the office, the applicant and the rules of moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition
from forms.fields.signature import polylines
from portal.cases.consent_models import CaseConsent
from portal.cases.models import Case
from portal.core.errors import Conflict
from portal.core.text import _


@dataclass(frozen=True)
class Consent:
    """One person's consent, opened. `shown` are the answers that they were shown: label and text. `drawn` is the signature that
    was drawn, as points of SVG.
    """

    id: int
    title: str
    name: str
    email: str
    status: str
    asked_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None
    answered_at: datetime | None
    signature: str
    drawn: Sequence[str]
    reason: str
    shown: Sequence[tuple[str, str]]

    @property
    def is_open(self) -> bool:
        """Whether another mail or another address may help."""
        return self.status in {"waiting", "refused", "revoked", "expired"}


def consents_of_case(session: Session, case: Case, definition: Definition) -> list[Consent]:
    """The consents that a case asks for now; no statement for a procedure that asks for none."""
    if not definition.consents:
        return []
    titles = {rule.id: rule.title.for_language("ja") for rule in definition.consents}
    return [_opened(row, titles.get(row.rule, row.rule)) for row in current_consents(session, case.id)]


def missing_consents(session: Session, case: Case, definition: Definition) -> tuple[int, int]:
    """How many of how many consents are missing."""
    if not definition.consents:
        return 0, 0
    rows = current_consents(session, case.id)
    return sum(row.status != "agreed" for row in rows), len(rows)


def refuse_without_consents(session: Session, case: Case, definition: Definition) -> None:
    """Raise Conflict while a consent is missing that the decision needs."""
    left, count = missing_consents(session, case, definition)
    if left:
        raise Conflict(_("同意がそろっていません({count}人中{given}人)。", count=count, given=count - left))


def waiting_words(session: Session, case: Case, definition: Definition) -> str:
    """「同意待ち 2人中1人」 while consents are missing; empty otherwise."""
    left, count = missing_consents(session, case, definition)
    return _("同意待ち {count}人中{given}人", count=count, given=count - left) if left else ""


def current_consents(session: Session, case_id: int) -> list[CaseConsent]:
    """The consents that were not withdrawn, in the order in which they were asked for."""
    query = select(CaseConsent).where(CaseConsent.case_id == case_id, CaseConsent.status != "withdrawn")
    return list(session.scalars(query.order_by(CaseConsent.id)))


def _opened(row: CaseConsent, title: str) -> Consent:
    content = row.content
    return Consent(
        id=row.id,
        title=title,
        name=content["name"],
        email=content["email"],
        status=row.status,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        confirmed_at=row.confirmed_at,
        answered_at=row.answered_at,
        signature=content.get("signature", {}).get("name", ""),
        drawn=polylines(content.get("signature", {}).get("strokes")),
        reason=content.get("reason", ""),
        shown=[(label, text) for label, text in content["shown"]],
    )
