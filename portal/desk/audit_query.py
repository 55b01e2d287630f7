"""What the auditor's page was asked for, read from its address: person, kind, subject, department and days."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import and_, or_
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portal import payments
from portal.audit import Histories, Position, TrailQuery
from portal.cases import queries
from portal.core.access import StaffIdentity
from portal.core.clock import TOKYO
from portal.core.events import event_kinds
from portal.core.models import MAX_ID
from portal.core.text import _, date_ja
from portal.desk.audit_words import GROUPS, group_of
from portal.desk.ledger_forms import day_of
from portal.identity import Department

KEPT = ("who", "kind", "case", "payment", "procedure", "layer", "department", "from", "to")
"""Parameters that belong to the filter and travel with its links."""
_OTHERS = {"applicant": "住民", "system": "システム", "staff": "職員のだれか"}


@dataclass(frozen=True)
class Reach:
    """How far an auditor sees: everything, or what belongs to the cases of their departments."""

    departments: frozenset[int]
    whole: bool

    @classmethod
    def of(cls, staff: StaffIdentity, departments: list[Department]) -> "Reach":
        """Everything is for who audits in every department: what is of no department is nobody else's."""
        held = staff.departments("audit.see")
        return cls(held, all(each.id in held for each in departments))


@dataclass(frozen=True)
class AuditQuery:
    """The filter: as it was `given`, as the trail is read by it, and `problems` by the field that cannot be understood."""

    given: Mapping[str, str]
    trail: TrailQuery
    case_id: int | None = None
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> str:
        """The names of the filters in use, for the event that says that somebody read the trail."""
        return " ".join(self.given)

    def href(self, **changes: object) -> str:
        """The address of the page with some parameters changed; without a page mark."""
        pairs = {**self.given, **changes}
        return "/desk/audit?" + urlencode({name: value for name, value in pairs.items() if value})


def read_query(session: Session, arguments: MultiDict[str, str], reach: Reach) -> AuditQuery:
    """Read the address. A filter that leads to nothing is a problem, and never left out: who audits must know what was looked for."""
    given = {name: text for name in KEPT if (text := _clean(arguments.get(name, "")))}
    reading = _Reading(session, given, reach)
    return AuditQuery(
        given,
        replace(reading.trail(), after=Position.parse(arguments.get("after", ""))),
        reading.case_id,
        reading.problems,
    )


def filter_words(query: AuditQuery, choices: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The filter in words, for paper. `choices` are the words of what was chosen, by field and value."""
    words = []
    for name, value in query.given.items():
        day = day_of(value) if name in {"from", "to"} else None
        chosen = date_ja(day, year=True) if day else choices.get(name, {}).get(value, value)
        words.append(f"{_(FIELDS[name])}:{chosen}")
    return words


FIELDS = {
    "who": "だれが",
    "kind": "できごと",
    "case": "受付番号",
    "payment": "支払いの番号",
    "procedure": "手続き",
    "layer": "地図の層",
    "department": "案件の課",
    "from": "この日から",
    "to": "この日まで",
}
"""What each filter is called."""


def people(names: Mapping[int, str]) -> dict[str, str]:
    """Who can be chosen: everybody of one kind, or one member of staff."""
    return {key: _(words) for key, words in _OTHERS.items()} | {str(each): name for each, name in names.items()}


class _Reading:
    """Reads the filters one by one, and collects what cannot be understood."""

    def __init__(self, session: Session, given: Mapping[str, str], reach: Reach) -> None:
        self._session, self._given, self._reach = session, given, reach
        self.problems: dict[str, str] = {}
        self.case_id: int | None = None

    def trail(self) -> TrailQuery:
        """What to look for."""
        who = self._given.get("who", "")
        since, until = self._day("from"), self._day("to")
        if since and until and since > until:
            self.problems["to"] = _("「この日まで」は、「この日から」より後の日にしてください。")
        return TrailQuery(
            staff_id=self._number("who") if who not in _OTHERS else None,
            actor_kind=who if who in _OTHERS else "",
            names=self._kinds(),
            histories=self._histories(),
            since=_begin(since) if since else None,
            until=_begin(until + timedelta(days=1)) if until else None,
            where=tuple(self._conditions()),
        )

    def _kinds(self) -> frozenset[str]:
        kind = self._given.get("kind", "")
        if kind in GROUPS:
            return frozenset(name for name in event_kinds() if group_of(name) == kind)
        if kind and kind not in event_kinds():
            self.problems["kind"] = _("このできごとは、ありません。えらび直してください。")
        return frozenset([kind]) if kind else frozenset()

    def _histories(self) -> Histories | None:
        chosen = [name for name in ("case", "payment", "layer") if name in self._given]
        if len(chosen) > 1:
            self.problems[chosen[1]] = _("受付番号・支払いの番号・地図の層は、どれか1つにしてください。")
        if "case" in self._given:
            case = queries.case_with_number(self._session, self._given["case"])
            if case is None or not (self._reach.whole or case[1] in self._reach.departments):
                self.problems["case"] = _("この受付番号の案件はありません。番号の全部を入れてください。")
                return None
            self.case_id = case[0]
            return Histories("case", (case[0],))
        if "payment" in self._given and (payment := self._number("payment")) is not None:
            case_id = payments.cases_of_orders(self._session, [payment]).get(payment)
            if case_id is None:
                self.problems["payment"] = _("この番号の支払いはありません。")
                return None
            return Histories("case", (case_id,), ("payment", payment))
        if "layer" in self._given and (layer := self._number("layer")) is not None:
            return Histories("layer", (layer,))
        return None

    def _conditions(self) -> list[Any]:
        conditions = []
        department = self._number("department")
        departments = self._reach.departments if not self._reach.whole else None
        if department is not None:
            departments = frozenset([department]) & (departments or {department})
        if departments is not None:
            ids = sorted(departments)
            conditions.append(
                lambda event: and_(event.history_kind == "case", queries.department_of(event.history_id).in_(ids))
            )
        if procedure := self._given.get("procedure"):
            conditions.append(
                lambda event: or_(
                    and_(event.history_kind == "case", queries.procedure_of(event.history_id) == procedure),
                    and_(event.history_kind == "procedure", event.data["key"].astext == procedure),
                )
            )
        return conditions

    def _number(self, name: str) -> int | None:
        text = self._given.get(name, "")
        if not text:
            return None
        if text.isdecimal() and len(text) < 20 and int(text) <= MAX_ID:
            return int(text)
        self.problems[name] = _("番号を数字で入れてください。") if name == "payment" else _("えらび直してください。")
        return None

    def _day(self, name: str) -> date | None:
        text = self._given.get(name, "")
        day = day_of(text) if text else None
        if text and day is None:
            self.problems[name] = _("日を、2026-12-01のように入れてください。")
        return day


def _clean(text: str) -> str:
    return unicodedata.normalize("NFKC", text.replace("\0", ""))[:100].strip()


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO).astimezone(UTC)
