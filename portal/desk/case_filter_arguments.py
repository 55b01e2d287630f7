"""The filter of the desk as an address spells it: one object for the list, the tiles and the time bar, so that they never disagree."""

import re
from collections.abc import Collection, Mapping
from datetime import date

from werkzeug.datastructures import MultiDict

from common.status import CLOSED_STATUSES, OPEN_STATUSES, STATUSES
from portal.cases import CaseFilter
from portal.cases.channels import CHANNEL_WORDS
from portal.core.access import StaffIdentity
from portal.core.clock import today
from portal.desk.drawn_area import read_area
from portal.desk.forms import whole_number
from portal.payments import MONEY_STATES

_QUESTION = re.compile(r"[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39}){0,2}", re.ASCII)
_DEPUTISED = re.compile(r"for-([1-9]\d{0,17})", re.ASCII)
MAX_ANSWERS = 30
"""Of the answers by which an address filters."""
_STATUS_GROUPS = {"open": OPEN_STATUSES, "closed": CLOSED_STATUSES}


def read_case_filter(arguments: MultiDict[str, str], staff: StaffIdentity) -> CaseFilter:
    """The filter of an address.

    `view` (mine, unassigned, late, all, or `for-` and the id of a colleague for whom one stands in), `status` (several; `open` and `closed`
    stand for all of theirs), `procedure` (several), `assignee` (the id of a colleague), `money` (several of `MONEY_STATES`), `correction`
    (`late`: asked for by a day that has passed), `channel` (several),
    `answer` (`procedure:question:option`, several), `due-from` and `due-to` (until when the office is to act: the deadline of the state,
    or the standard time), `from` and `to` (days of the case, see `case_filter.first_day`), `area` (see `drawn_area`), `q` (search text:
    without a status, closed cases are searched too). What cannot be read is left out, and departments are always those that this person
    may see.
    """
    view = arguments.get("view", "all")
    statuses = named_statuses(arguments.getlist("status"))
    if not statuses:
        statuses = set(STATUSES if arguments.get("q", "").strip() else OPEN_STATUSES)
    return CaseFilter(
        today=today(),
        statuses=frozenset(statuses if len(statuses) < len(STATUSES) else ()),  # with all of them nothing to compare
        procedures=frozenset(key for key in arguments.getlist("procedure") if key.isprintable()),
        departments=staff.departments("case.see"),
        assignee_id=staff.id if view == "mine" else deputised(view),
        unassigned=view == "unassigned",
        late=view == "late",
        due=_period(_day(arguments, "due-from"), _day(arguments, "due-to")),
        period=_period(_day(arguments, "from"), _day(arguments, "to")),
        area=read_area(arguments.get("area", ""))[0],
        answers=_answers(arguments),
        colleague_id=whole_number(arguments.get("assignee", ""), digits=18),
        money=frozenset(MONEY_STATES).intersection(arguments.getlist("money")),
        answer_late=arguments.get("correction") == "late",
        channels=frozenset(CHANNEL_WORDS).intersection(arguments.getlist("channel")),
    )


def deputised(view: str) -> int | None:
    """Return whose desk a view shows to a deputy; None for any other view."""
    match = _DEPUTISED.fullmatch(view)
    return int(match[1]) if match else None


def _answers(arguments: MultiDict[str, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The answers of an address, `procedure:question:option` each, while it names that procedure alone."""
    procedures = set(arguments.getlist("procedure"))
    chosen: dict[str, set[str]] = {}
    for text in arguments.getlist("answer")[:MAX_ANSWERS]:
        procedure, _colon, rest = text.partition(":")
        question, _colon, value = rest.partition(":")
        if (
            procedures == {procedure}
            and _QUESTION.fullmatch(question)
            and 0 < len(value) <= 100
            and value.isprintable()
        ):
            chosen.setdefault(question, set()).add(value)
    return tuple((question, tuple(sorted(values))) for question, values in sorted(chosen.items()))


def named_statuses(names: Collection[str]) -> set[str]:
    """The statuses that an address names; `open` and `closed` stand for all of theirs."""
    statuses: set[str] = {name for name in names if name in STATUSES}
    for name, group in _STATUS_GROUPS.items():
        if name in names:
            statuses.update(group)
    return statuses


def _period(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """The days as given, swapped when they are the wrong way round."""
    return (last, first) if first and last and last < first else (first, last)


def _day(arguments: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(arguments.get(name, ""))
    except ValueError:
        return None
