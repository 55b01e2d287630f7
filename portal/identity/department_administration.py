"""What administrators do with departments: added, changed, put in order, closed with everything that belongs to them going to another one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from forms.text.phone import parse_phone
from portal.core.clock import now
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.events import Actor, Subject, record
from portal.core.locking import lock_row, lock_rows
from portal.identity.addresses import normal_email
from portal.identity.belongings import belongings
from portal.identity.departments import list_departments
from portal.identity.models import Department
from portal.identity.staff_administration import management_scope
from writing.invisible import visible

KEY: Final = re.compile(r"(?=.{1,40}\Z)[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
"""How definitions may write `department:`."""
LANGUAGES: Final = ("ja", "ja-easy", "en", "zh", "ko")
MAX_TITLE: Final = 60
MAX_LINE: Final = 80
_GONE = "この課は、もうありません。"


@dataclass(frozen=True)
class Particulars:
    """What people read of a department. `title` by language, Japanese always; `position` is longitude and latitude of its building."""

    title: Mapping[str, str]
    phone: str | None = None
    mail: str | None = None
    hours: str | None = None
    place: str | None = None
    position: tuple[float, float] | None = None


def particulars_of(department: Department) -> Particulars:
    """Return what people read of a department now, to be changed in part."""
    position = (department.position[0], department.position[1]) if department.position else None
    named = {field.name: getattr(department, field.name) for field in fields(Particulars)}
    return Particulars(**named | {"position": position})


def save_department(
    session: Session, by: Actor, key: str, particulars: Particulars, expected_version: int | None = None
) -> Department:
    """Add a department at the end of the list, or change the one with that key.

    `expected_version` is the `number` that a page showed, 0 for a department to add; the command line, which shows nothing before, leaves it out.
    Raises Invalid by field, Forbidden beyond one's reach, Conflict when somebody was faster, or the department is closed.
    """
    lock_rows(session, Department, Department.closed_at.is_(None), order_by=[Department.id.asc()])
    department = lock_row(session, Department, Department.key == key)  # after the wait: one added meanwhile is seen
    _require_reach(session, by, department)
    if department is None and expected_version:
        raise NotFound(_GONE)
    if department is not None and expected_version not in (None, 0, department.number):
        raise Conflict("ほかの人が先に変えました。いまの内容を見て、もう一度変えてください。")
    kept, wrong = _checked(session, key, particulars)
    wrong = _wrong_key(department, key, expected_version) | wrong
    if wrong:
        raise Invalid(next(iter(wrong.values())), wrong)
    values = asdict(kept)
    values["position"] = list(values["position"]) if values["position"] else None
    if department is None:
        return _add(session, by, Department(key=key, number=1, **values))
    changed = [name for name, value in values.items() if value != getattr(department, name)]
    if changed:
        for name in changed:
            setattr(department, name, values[name])
        department.number += 1
        session.flush()
        record(session, _subject(department), "department.changed", by, key=key, changed=changed)
    return department


def faults_of_new(session: Session, key: str, particulars: Particulars) -> dict[str, str]:
    """Return what a department that is to be added could not be taken for, a sentence for each field."""
    department = session.scalar(select(Department).where(Department.key == key))
    return _wrong_key(department, key, 0) | _checked(session, key, particulars)[1]


def faults_of_change(session: Session, key: str, particulars: Particulars) -> dict[str, str]:
    """Return what could not be taken for the department of this key, a sentence for each field."""
    return _checked(session, key, particulars)[1]


def order_departments(session: Session, by: Actor, keys: Sequence[str]) -> None:
    """Put the open departments in this order. Raises Forbidden, Conflict unless these are exactly those that there are."""
    _require_whole_city(session, by)
    rows = lock_rows(session, Department, Department.closed_at.is_(None), order_by=[Department.id.asc()])
    if sorted(keys) != sorted(row.key for row in rows):
        raise Conflict("課が増えたか減ったため、並べられませんでした。いまの一覧を見て、もう一度並べてください。")
    if list(keys) == [row.key for row in list_departments(session)]:
        return
    for row in rows:
        row.sort = keys.index(row.key)
    session.flush()
    record(session, Subject("department"), "department.ordered", by, keys=list(keys))


def belongings_of(session: Session, key: str) -> dict[str, int]:
    """Return how many things of each kind a department has, those it has none of left out. Raises NotFound."""
    department = open_department(session, key)
    counts = {kind: each.count(session, department) for kind, each in belongings().items()}
    return {kind: count for kind, count in counts.items() if count}


def obstacles_to_closing(session: Session, key: str) -> list[str]:
    """Return the sentences that say why a department cannot be closed yet. Raises NotFound."""
    department = open_department(session, key)
    return [sentence for each in belongings().values() if (sentence := each.obstacle(session, department)) is not None]


def close_department(
    session: Session, by: Actor, key: str, successor_key: str, expected_version: int | None = None
) -> dict[str, int]:
    """Close a department: everything that belongs to it goes to another one, to which its key leads from then on. How many of each kind.

    Raises Forbidden for who does not manage the whole city's staff, NotFound, Invalid (field `successor`) for a successor that is not
    open, Conflict for one that changed since `expected_version`, and while something stands in the way (see `obstacles_to_closing`).
    """
    _require_whole_city(session, by)
    rows = lock_rows(session, Department, Department.key.in_([key, successor_key]), order_by=[Department.id.asc()])
    by_key = {row.key: row for row in rows if row.closed_at is None}
    former, successor = by_key.get(key), by_key.get(successor_key)
    if former is None:
        raise NotFound(_GONE)
    if expected_version not in (None, former.number):
        raise Conflict("この課は、ほかの人が先に変えました。いまの内容を見て、もう一度確かめてください。")
    if successor is None or successor is former:
        sentence = "引き継ぐ課を、いまある課から選んでください。"
        raise Invalid(sentence, {"successor": sentence})
    if obstacles := obstacles_to_closing(session, key):
        raise Conflict(" ".join(obstacles))
    moved = belongings_of(session, key)
    for each in belongings().values():
        each.move(session, former, successor, by)
    inherited = update(Department).where(Department.successor_id == former.id)
    session.execute(inherited.values({Department.successor_id: successor.id}))
    former.closed_at, former.successor_id, former.number = now(), successor.id, former.number + 1
    session.flush()
    record(session, _subject(former), "department.closed", by, key=key, successor=successor_key, moved=moved)
    return moved


def open_department(session: Session, key: str) -> Department:
    """Return the open department with exactly this key. Raises NotFound."""
    query = select(Department).where(Department.key == key, Department.closed_at.is_(None))
    department = session.scalar(query)
    if department is None:
        raise NotFound(_GONE)
    return department


def _add(session: Session, by: Actor, department: Department) -> Department:
    last = session.scalar(select(func.max(Department.sort)))
    department.sort = 0 if last is None else last + 1
    session.add(department)
    session.flush()
    record(session, _subject(department), "department.added", by, key=department.key)
    return department


def _wrong_key(department: Department | None, key: str, expected_version: int | None) -> dict[str, str]:
    """Why this key cannot be given to a department that is to be added; `department` is the one that has it."""
    if not KEY.match(key):
        return {"key": "キーは、小文字の英数字とハイフンで、40文字までで書いてください。例 road-management"}
    if department is None or (expected_version != 0 and department.closed_at is None):
        return {}
    state = "閉じた課が使っていました" if department.closed_at is not None else "もう使われています"
    return {"key": f"「{key}」というキーは、{state}。別のキーにしてください。"}


def _checked(session: Session, key: str, given: Particulars) -> tuple[Particulars, dict[str, str]]:
    """The particulars as they are kept, and by field everything that is wrong with them."""
    wrong: dict[str, str] = {}
    title = {language: line for language, text in given.title.items() if (line := _line(text))}
    for language, line in title.items():
        if len(line) > MAX_TITLE:
            wrong[f"title_{language.replace('-', '_')}"] = f"名前は、{MAX_TITLE}文字までです。"
    if "ja" not in title:
        wrong["title_ja"] = "課の名前を、日本語で入力してください。"
    elif any(row.key != key and row.title["ja"] == title["ja"] for row in list_departments(session)):
        wrong["title_ja"] = f"「{title['ja']}」という課は、もうあります。別の名前にしてください。"
    lines = {name: _line(getattr(given, name) or "") or None for name in ("phone", "mail", "hours", "place")}
    for name in ("hours", "place"):
        if len(lines[name] or "") > MAX_LINE:
            wrong[name] = f"{MAX_LINE}文字までで入力してください。"
    if lines["phone"] and parse_phone(lines["phone"]) is None:
        wrong["phone"] = "電話番号を、市外局番から入力してください。例 042-523-2111 内線 123"
    if lines["mail"]:
        try:
            lines["mail"] = normal_email(lines["mail"])
        except Invalid as refused:
            wrong["mail"] = refused.message
    if given.position is not None and not (-180 <= given.position[0] <= 180 and -90 <= given.position[1] <= 90):
        wrong["position"] = "場所は、経度、緯度の順に書いてください。例 139.4077, 35.714"
    return Particulars(title, position=given.position, **lines), wrong


def _line(text: str) -> str:
    return " ".join(visible(text).split())


def _require_reach(session: Session, by: Actor, department: Department | None) -> None:
    """Raise Forbidden unless this person manages the department; one to add, the whole city."""
    reach = management_scope(session, by)
    if not reach.everywhere and (department is None or department.id not in reach.departments):
        raise Forbidden("課を加えられるのは、すべての課の管理者です。課の内容は、その課の管理者も変えられます。")


def _require_whole_city(session: Session, by: Actor) -> None:
    if not management_scope(session, by).everywhere:
        raise Forbidden("課を並べたり閉じたりできるのは、すべての課の管理者です。")


def _subject(department: Department) -> Subject:
    return Subject("department", department.id)
