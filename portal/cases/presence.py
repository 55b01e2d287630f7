"""Who has a case open now, told to those who open it too. It is no record: it stands in no log and no event, and goes within minutes."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ARRAY, BigInteger, any_, cast, delete, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.cases.desk_models import CasePresence
from portal.cases.models import Case
from portal.core.access import StaffIdentity
from portal.core.clock import now
from portal.identity import staff_name

SEEN_FOR = timedelta(seconds=50)
"""How long somebody is there after their page last said so; pages say it every twenty seconds."""
_FORGOTTEN_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class Colleague:
    """Somebody else who has the case open, and whether they are writing."""

    name: str
    writing: bool


def be_present(session: Session, case_id: int, staff: StaffIdentity, *, writing: bool) -> list[Colleague]:
    """Say that somebody has a case open, and return who else has; nobody of a case that they may not see. One statement, which writes no
    row but one's own: pages that ask at once never wait for each other in a circle.
    """
    moment, departments = now(), staff.departments("case.see")
    seen = any_(cast(sorted(departments), ARRAY(BigInteger)))
    visible = (Case.id == case_id, Case.department_id == seen)
    columns = ["case_id", "staff_id", "writing", "seen_at"]
    mine = select(Case.id, literal(staff.id, BigInteger), literal(writing), literal(moment)).where(*visible)
    own = insert(CasePresence).from_select(columns, mine)
    own = own.on_conflict_do_update(
        index_elements=["case_id", "staff_id"], set_={"writing": own.excluded.writing, "seen_at": own.excluded.seen_at}
    )
    others = (
        select(staff_name(CasePresence.staff_id).label("name"), CasePresence.writing)
        .join(Case, Case.id == CasePresence.case_id)
        .where(*visible, CasePresence.staff_id != staff.id, CasePresence.seen_at > moment - SEEN_FOR)
        .order_by(CasePresence.writing.desc(), CasePresence.staff_id)
        .add_cte(own.returning(CasePresence.case_id).cte("own"))
    )
    return [Colleague(row.name, row.writing) for row in session.execute(others)]


def forget_gone(session: Session) -> None:
    """Forget who has gone. Somebody who comes back meanwhile stays: PostgreSQL reads a row again that it had to wait for."""
    session.execute(delete(CasePresence).where(CasePresence.seen_at < now() - _FORGOTTEN_AFTER))
