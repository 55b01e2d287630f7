"""Once only: what somebody signed in already told the city in an application of their own fills the next one's first boxes.

Only questions whose shared item is kept in the profile (`profile: true` in the vocabulary) are filled, and only from cases of
the same account; what was filled is marked until its page is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import Definition
from forms.catalogue.vocabulary import items
from forms.fields import FieldType
from forms.fields.base import ReadContext
from portal.cases.answers import open_answers
from portal.cases.models import Case
from portal.core.clock import today
from portal.core.database import city_of
from portal.core.tenancy import plane_of
from portal.identity import account_email
from portal.procedures import definition_of

MAX_CASES = 5
"""So many of the newest cases: one that does not ask for the address does not hide the one before it."""

EMAIL = "person.email"


@dataclass(frozen=True)
class PriorAnswer:
    """An answer to a shared item, and how it was asked for."""

    item: str
    type: str
    answer: Any
    sealed: bool

    def matches(self, asked: FieldType) -> bool:
        """Whether it may stand at another question: of the same item and kind, and nothing sealed comes to stand open."""
        return (asked.item, asked.type) == (self.item, self.type) and (asked.sensitive or not self.sealed)


def prefilled_answers(session: Session, definition: Definition, account_id: int) -> dict[str, Any]:
    """What an account's earlier applications say to the questions of this one; a proved e-mail address stands before a typed one."""
    shared = {name for name, item in items().items() if item.profile}
    wanted = [asked for asked in definition.fields.values() if asked.item in shared]
    told = _told(session, account_id) if wanted else []
    if any(asked.item == EMAIL for asked in wanted):
        address = account_email(session, account_id)
        told = [one for one in told if one.item != EMAIL] + [PriorAnswer(EMAIL, "email", address, sealed=False)]
    found: dict[str, Any] = {}
    for asked in wanted:
        answer = next((one.answer for one in told if one.matches(asked)), None)
        if answer is not None and not asked.check(answer, ReadContext(today(), plane=plane_of(session))):
            found[asked.id] = answer
    return found


def still_prefilled(
    carried: list[Any], before: Mapping[str, Any], after: Mapping[str, Any], sent: set[str]
) -> list[Any]:
    """The filled questions that are neither changed nor on a page that was `sent`."""
    return [one for one in carried if one not in sent and after.get(one) == before.get(one)]


def _told(session: Session, account_id: int) -> list[PriorAnswer]:
    """Every answer to a shared item, of the newest case first."""
    query = (
        select(Case.version_id, Case.answers)
        .where(Case.account_id == account_id)
        .order_by(Case.submitted_at.desc())
        .limit(MAX_CASES)
    )
    told: list[PriorAnswer] = []
    for version_id, stored in session.execute(query).all():
        answers = open_answers(city_of(session), stored)
        asked = definition_of(session, version_id).fields.values()
        told += [
            PriorAnswer(one.item, one.type, answers[one.id], one.sensitive)
            for one in asked
            if one.item and one.id in answers
        ]
    return told
