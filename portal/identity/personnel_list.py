"""The personnel list (人事異動) as a CSV file: who works where from now on, read with every fault by its line, and compared with the accounts."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.orm import Session

from portal.core.errors import Invalid
from portal.core.events import Actor, Subject, record
from portal.identity.addresses import normal_email
from portal.identity.city_roles import list_city_roles, role_titles
from portal.identity.departments import list_departments
from portal.identity.staff_administration import ManagementScope, RoleSet, management_scope
from portal.identity.staff_directory import ALL_DEPARTMENTS, DirectoryEntry, list_staff
from writing.folding import ANSWER, SEARCH

NAME, EMAIL, ROLES, LEAVES, HEIR = "名前", "メールアドレス", "役割", "退職", "引き継ぐ人"
COLUMNS: Final = (NAME, EMAIL, ROLES, LEAVES, HEIR)
NEEDED: Final = (NAME, EMAIL, ROLES)
MAX_ROWS: Final = 2000
MAX_LENGTH: Final = 400_000
"""Characters of a file."""
EVERYWHERE: Final = ("*", "すべての課")
_MAX_NAME = 60
_YES = frozenset({"退職", "はい", "○", "〇", "1", "yes"})
_BETWEEN = re.compile(r"[、,;；\n]+")
_FORMULA_STARTS = ("=", "+", "-", "@")


@dataclass(frozen=True)
class PersonnelRow:
    """One line of a file that says something new. `kind` is new, changed or leaving; `heir` the address of who gets the open cases.

    `staff_id` is None for whom there is no account yet; `before` are the roles that the person has now.
    """

    line: int
    kind: str
    email: str
    name: str
    roles: RoleSet
    before: RoleSet = frozenset()
    staff_id: int | None = None
    former_name: str = ""
    heir: str = ""


@dataclass(frozen=True)
class PersonnelPlan:
    """What a file would change, and what is wrong with it by line; with one fault nothing is taken."""

    rows: Sequence[PersonnelRow]
    unchanged: int
    faults: Mapping[int, str]
    ignored: Sequence[str]
    """Columns that say nothing here."""


@dataclass
class _Reader:
    """What the lines of a file are compared with."""

    reach: ManagementScope
    own_id: int | None
    people: Mapping[str, DirectoryEntry]
    departments: Mapping[str, int | None]
    roles: Mapping[str, str]
    city_wide: Mapping[str, bool]
    lines: dict[str, int] = field(default_factory=dict)


def write_personnel(session: Session, by: Actor) -> str:
    """Return the file of everybody who works here now, to be changed and read again. Raises Forbidden for who manages nobody."""
    management_scope(session, by)
    titles, target = role_titles(session), io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for person in list_staff(session):
        if person.active:
            roles = "、".join(f"{department}:{titles[role]}" for department, role in person.titled)
            writer.writerow([_cell(person.name), person.email, _cell(roles), "", ""])
    record(session, Subject("staff"), "staff.list_exported", by)
    return target.getvalue()


def read_personnel(session: Session, by: Actor, text: str) -> PersonnelPlan:
    """Read a file. Raises Invalid for one that is no personnel list at all, Forbidden for who manages nobody."""
    reach = management_scope(session, by)
    names, lines = _table(text)
    departments: dict[str, int | None] = dict.fromkeys(map(_loose, EVERYWHERE))
    for department in list_departments(session):
        departments |= {_loose(department.key): department.id, _loose(department.title["ja"]): department.id}
    roles = {_loose(name): key for key, title in role_titles(session).items() for name in (key, title)}
    city_wide = {role.key: role.city_wide for role in list_city_roles(session)}
    people = {person.email: person for person in list_staff(session)}
    reader = _Reader(reach, by.id, people, departments, roles, city_wide)
    rows, faults, unchanged = list[PersonnelRow](), dict[int, str](), 0
    for number, line in lines:
        try:
            row = _read(reader, number, dict(zip(names, line, strict=False)))
        except Invalid as wrong:
            faults[number] = wrong.message
            continue
        rows.extend([row] if row else [])
        unchanged += row is None
    return PersonnelPlan(rows, unchanged, faults | _wrong_heirs(reader, rows), _ignored(names))


def _table(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    if len(text) > MAX_LENGTH:
        raise Invalid(f"ファイルが大きすぎます。{MAX_LENGTH // 10_000}万文字までにしてください。")
    reader = csv.reader(io.StringIO(text))
    lines = [(reader.line_num, [_text(cell) for cell in line]) for line in reader if any(map(str.strip, line))]
    names = lines[0][1] if lines else []
    if missing := [name for name in NEEDED if name not in names]:
        raise Invalid(f"1行目に、列の名前「{'」「'.join(missing)}」がありません。ひな形の1行目を使ってください。")
    if len(lines) < 2:
        raise Invalid("2行目から、職員を1人ずつ書いてください。")
    if len(lines) - 1 > MAX_ROWS:
        raise Invalid(f"{MAX_ROWS:,}行までにしてください。いまは{len(lines) - 1:,}行です。")
    return names, lines[1:]


def _read(reader: _Reader, number: int, cells: Mapping[str, str]) -> PersonnelRow | None:
    """What a line changes; None when everything is so already. Raises Invalid with the sentence of its first fault."""
    if not cells.get(EMAIL):
        raise Invalid("メールアドレスを書いてください。")
    email, name = normal_email(cells[EMAIL]), " ".join(cells.get(NAME, "").split())
    if earlier := reader.lines.get(email):
        raise Invalid(f"メールアドレス {email} は、{earlier}行目にもあります。1人を1行に書いてください。")
    reader.lines[email] = number
    person = reader.people.get(email)
    before = _held(reader, person) if person else frozenset()
    if _leaves(cells.get(LEAVES, "")):
        return _leaving(reader, number, person, before, cells.get(HEIR, ""))
    if len(name) > _MAX_NAME:
        raise Invalid(f"名前は、{_MAX_NAME}文字までです。")
    active = person is not None and person.active
    roles = before if active and not cells.get(ROLES) else _roles(reader, cells.get(ROLES, ""))
    if not active and not name:
        raise Invalid("新しい職員の名前を書いてください。")
    if not reader.reach.covers(roles ^ before if active else roles):
        raise Invalid("自分が管理する課の外の役割が含まれています。すべての課の管理者に頼んでください。")
    if person is None or not active:
        return PersonnelRow(number, "new", email, name, roles, staff_id=person.id if person else None)
    name = name or person.name
    if roles == before and name == person.name:
        return None
    if roles != before and person.id == reader.own_id:
        raise Invalid("自分の役割は変えられません。ほかの管理者に頼んでください。")
    heir = _heir(cells.get(HEIR, ""))
    return PersonnelRow(number, "changed", email, name, roles, before, person.id, person.name, heir)


def _leaving(
    reader: _Reader, number: int, person: DirectoryEntry | None, before: RoleSet, heir: str
) -> PersonnelRow | None:
    if person is None:
        raise Invalid("このメールアドレスの職員は登録されていません。")
    if not person.active:
        return None
    if person.id == reader.own_id:
        raise Invalid("自分のアカウントは閉じられません。ほかの管理者に頼んでください。")
    if not reader.reach.covers(before):
        raise Invalid("自分が管理する課の外の役割があります。すべての課の管理者に頼んでください。")
    return PersonnelRow(
        number, "leaving", person.email, person.name, frozenset(), before, person.id, person.name, _heir(heir)
    )


def _held(reader: _Reader, person: DirectoryEntry) -> RoleSet:
    return frozenset(
        (None if key == ALL_DEPARTMENTS else reader.departments[_loose(key)], role) for key, role in person.roles
    )


def _leaves(text: str) -> bool:
    if text and text not in _YES:
        raise Invalid(
            f"退職の列は、退職する人に「退職」と書き、ほかの人は空にしてください。いまは「{text[:20]}」です。"
        )
    return bool(text)


def _roles(reader: _Reader, text: str) -> RoleSet:
    """The roles of a cell, `課:役割` each."""
    roles: set[tuple[int | None, str]] = set()
    for part in filter(None, (piece.strip() for piece in _BETWEEN.split(text))):
        office, colon, title = part.replace("：", ":").rpartition(":")
        if not colon:
            raise Invalid(
                f"役割「{part[:40]}」は、「道路課:受付・審査」のように、課と役割の間にコロンを入れてください。"
            )
        if _loose(office) not in reader.departments:
            raise Invalid(
                f"「{office[:40]}」という課はありません。課の名前かキーを、課の一覧のとおりに書いてください。"
            )
        role = reader.roles.get(_loose(title))
        if role is None:
            raise Invalid(f"「{title[:40]}」という役割はありません。{'・'.join(_titles(reader))}から選んでください。")
        department = reader.departments[_loose(office)]
        if reader.city_wide.get(role) not in (None, department is None):
            where = "すべての課に" if reader.city_wide[role] else "課ごとに"
            raise Invalid(f"役割「{title}」は、{where}つけます。")
        roles.add((department, role))
    if not roles:
        raise Invalid("役割を、「道路課:受付・審査」のように書いてください。")
    return frozenset(roles)


def _titles(reader: _Reader) -> Iterable[str]:
    """The roles by their titles, without the keys."""
    return (name for name, key in reader.roles.items() if name != _loose(key))


def _heir(text: str) -> str:
    return normal_email(text) if text else ""


def _wrong_heirs(reader: _Reader, rows: Sequence[PersonnelRow]) -> dict[int, str]:
    """The lines that hand cases to nobody who works here afterwards."""
    gone = {row.email for row in rows if row.kind == "leaving"}
    staying = {email for email, person in reader.people.items() if person.active} - gone
    wrong = (row for row in rows if row.heir and (row.heir not in staying or row.heir == row.email))
    return {row.line: f"引き継ぐ人 {row.heir} は、この表のあとも働く職員から選んでください。" for row in wrong}


def _ignored(names: Sequence[str]) -> list[str]:
    return [name for name in names if name and name not in COLUMNS]


def _loose(text: str) -> str:
    return "".join(SEARCH(text).split())


def _text(cell: str) -> str:
    text = ANSWER(cell).strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text


def _cell(text: str) -> str:
    """A text so that a spreadsheet does not take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
