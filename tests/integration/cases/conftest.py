"""A city with a department, an account and the two test procedures, in a transaction that is rolled back."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from portal import wiring
from portal.cases.drafts import save_answers, start
from portal.cases.models import Case
from portal.cases.submission import submit
from portal.core.access import StaffIdentity
from portal.core.clock import now
from portal.core.events import Actor
from portal.identity.models import Account, Department, Staff
from portal.procedures import actions as procedures
from portal.procedures import queries
from tests.integration.cases.definitions import COPIES, PERMIT, REGISTRATION


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


@pytest.fixture
def office(city_db: Session) -> Office:
    """See `Office`."""
    wiring.connect()
    roads = Department(key="road-management", title={"ja": "道路課"})
    environment = Department(key="environment", title={"ja": "環境課"})
    account = Account(email="misaki@example.jp", language="ja", created_at=now())
    clerk = Staff(email="t@example.jp", name="高橋", password_hash="-", totp_secret=b"", created_at=now())
    city_db.add_all([roads, environment, account, clerk])
    city_db.flush()
    for source, key, department in (
        (PERMIT, "test-permit", "road-management"),
        (REGISTRATION, "test-registration", "environment"),
        (COPIES, "test-copies", "environment"),
    ):
        made = procedures.create_procedure(city_db, key, department)
        procedures.save_draft(city_db, made, source, clerk.id)
        procedures.publish(city_db, made, clerk.id)
    roles = frozenset({"clerk", "decider", "cashier"})
    identity = StaffIdentity(clerk.id, clerk.name, clerk.email, {roads.id: roles, environment.id: roles})
    return Office(city_db, roads.id, identity, account)
