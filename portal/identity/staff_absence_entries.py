"""What administrators do with absences: who may stand in, entering one, and ending it."""

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.access import rights_of
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_rows
from portal.core.text import date_ja
from portal.identity.city_roles import list_city_roles
from portal.identity.models import Staff, StaffAbsence, StaffRole
from portal.identity.staff_absences import Absence, read_absences
from portal.identity.staff_administration import lock_manageable

LONGEST = timedelta(days=3 * 366)
"""A leave for a child lasts until its third birthday."""
_OF_CASES = "case."


def possible_deputies(session: Session, staff_id: int) -> list[tuple[int, str]]:
    """Return the colleagues who may do with cases what this person may, in each department: ids and names, ordered by name."""
    held = _rights_over_cases(session)
    needed = held[staff_id]
    people = session.execute(select(Staff.id, Staff.name).where(Staff.active).order_by(Staff.name, Staff.id))
    return [(row.id, row.name) for row in people if row.id != staff_id and needed and _covers(held[row.id], needed)]


def enter_absence(
    session: Session, by: Actor, staff_id: int, deputy_id: int, first_day: date | None, last_day: date | None
) -> None:
    """Note that somebody is away on these days, both included, and who stands in.

    Raises Forbidden beyond one's reach, Invalid by field, Conflict where the days meet another absence of one of the two.
    """
    person = lock_manageable(session, by, staff_id)
    lock_rows(session, Staff, Staff.id.in_((staff_id, deputy_id)), order_by=[Staff.id.asc()])
    wrong: dict[str, str] = {}
    if first_day is None:
        wrong["first_day"] = "はじめの日を入力してください。"
    if last_day is None:
        wrong["last_day"] = "最後の日を入力してください。"
    elif last_day < today():
        wrong["last_day"] = "最後の日は、今日からあとの日にしてください。"
    elif first_day is not None and last_day < first_day:
        wrong["last_day"] = "最後の日は、はじめの日からあとの日にしてください。"
    elif first_day is not None and last_day - first_day > LONGEST:
        wrong["last_day"] = "不在にできるのは、3年までです。長いときは、アカウントを閉じてください。"
    if deputy_id not in dict(possible_deputies(session, staff_id)):
        wrong["deputy"] = "代理は、同じ課で同じことができる職員から選んでください。"
    if wrong or first_day is None or last_day is None:
        raise Invalid(next(iter(wrong.values())), wrong)
    _refuse_overlap(session, person, deputy_id, first_day, last_day)
    session.add(StaffAbsence(staff_id=staff_id, deputy_id=deputy_id, first_day=first_day, last_day=last_day))
    session.flush()
    days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    record(session, Subject("staff", staff_id), "staff.absence_entered", by, deputy=deputy_id, **days)


def end_absence(session: Session, by: Actor, staff_id: int, absence_id: int) -> None:
    """Somebody is back, or stays after all: from today on nobody stands in. Raises Forbidden, NotFound when it has ended already."""
    lock_manageable(session, by, staff_id)
    row = session.get(StaffAbsence, absence_id, populate_existing=True)
    if row is None or row.staff_id != staff_id or row.last_day < today():
        raise NotFound("この不在は、もうありません。")
    if row.first_day < today():
        row.last_day = today() - timedelta(days=1)
    else:
        session.delete(row)
    session.flush()
    record(session, Subject("staff", staff_id), "staff.absence_ended", by, deputy=row.deputy_id)


def _refuse_overlap(session: Session, person: Staff, deputy_id: int, first_day: date, last_day: date) -> None:
    meets = StaffAbsence.first_day <= last_day, StaffAbsence.last_day >= first_day
    if own := read_absences(session, StaffAbsence.staff_id == person.id, *meets):
        raise Conflict(f"この間に、ほかの不在({_days(own[0])})があります。先に、それを取り消してください。")
    if away := read_absences(session, StaffAbsence.staff_id == deputy_id, *meets):
        raise Conflict(f"{away[0].name}さんは、この間に不在({_days(away[0])})です。ほかの人を代理にしてください。")
    if standing_in := read_absences(session, StaffAbsence.deputy_id == person.id, *meets):
        other = standing_in[0]
        raise Conflict(
            f"{person.name}さんは、この間({_days(other)})、{other.name}さんの代理です。先に、代理を変えてください。"
        )


def _days(absence: Absence) -> str:
    return f"{date_ja(absence.first_day)}〜{date_ja(absence.last_day)}"


def _rights_over_cases(session: Session) -> defaultdict[int, set[tuple[int | None, str]]]:
    """What everybody may do with cases: rights with the department, None for all of them."""
    own = {role.key: frozenset(role.rights) for role in list_city_roles(session)}
    held: defaultdict[int, set[tuple[int | None, str]]] = defaultdict(set)
    for staff_id, department, role in session.execute(
        select(StaffRole.staff_id, StaffRole.department_id, StaffRole.role)
    ):
        rights = own.get(role, rights_of(role))
        held[staff_id] |= {(department, right) for right in rights if right.startswith(_OF_CASES)}
    return held


def _covers(held: set[tuple[int | None, str]], needed: set[tuple[int | None, str]]) -> bool:
    return all((None, right) in held or (department, right) in held for department, right in needed)
