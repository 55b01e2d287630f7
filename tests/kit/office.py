"""A department with a clerk who may decide, and a resident who applies there, inside one session."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import wiring
from portal.cases.drafts import save_answers, start
from portal.cases.models import Case
from portal.cases.submission import submit
from portal.core.access import StaffIdentity
from portal.core.clock import now
from portal.core.events import Actor
from portal.identity.models import Account, Department
from portal.identity.queries import read_staff
from portal.procedures import queries
from tests.kit.city import employ, furnish


@dataclass
class Office:
    """The department's clerk who may decide, and the resident."""

    session: Session
    department_id: int
    staff: StaffIdentity
    account: Account

    @property
    def actor(self) -> Actor:
        return Actor("staff", self.staff.id, self.staff.name)

    @property
    def resident(self) -> Actor:
        return Actor("applicant", self.account.id)

    def apply(self, key: str, answers: dict[str, object], language: str = "ja") -> Case:
        """A case made as a resident makes one."""
        offer = queries.offer(self.session, key)
        draft = start(self.session, offer, account_id=self.account.id, language=language)
        save_answers(self.session, draft, offer.definition, answers)
        return submit(self.session, draft, offer.definition)


def open_office(session: Session, sources: Mapping[str, str]) -> Office:
    """Furnish the session's city with those definitions, and take on a clerk of every role for roads and environment."""
    wiring.connect()
    furnish(session, sources)
    roles = frozenset({"clerk", "decider", "cashier"})
    clerk = employ(session, "t@example.jp", {"road-management": roles, "environment": roles}, "高橋")
    account = Account(email="misaki@example.jp", language="ja", created_at=now())
    session.add(account)
    session.flush()
    identity = read_staff(session, clerk.id)
    assert identity
    roads = session.scalars(select(Department.id).where(Department.key == "road-management")).one()
    return Office(session, roads, identity, account)
