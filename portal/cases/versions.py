"""Deciding on what one has seen: a page carries the version of the case that it showed, and an old one decides nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from portal.cases.events import VIEWS, in_history
from portal.cases.models import Case, Event
from portal.core.errors import Conflict
from portal.core.models import MAX_ID
from portal.core.text import _

OUTDATED = "この案件は、先にほかの人が処理しました。いまの状態を確かめてから、もう一度決めてください。"
_TOKEN = re.compile(r"(\d{1,19})-(\d{1,19})")


@dataclass(frozen=True)
class SeenVersion:
    """The case as a page showed it: its `lock_version`, and the number of the newest event that changed it."""

    version: int
    event: int

    def __str__(self) -> str:
        return f"{self.version}-{self.event}"

    @classmethod
    def parse(cls, token: str | None) -> "SeenVersion | None":
        """What a form sent back; None for anything that no page ever held."""
        match = _TOKEN.fullmatch(token or "")
        if match is None or max(map(int, match.groups())) > MAX_ID:
            return None
        return cls(int(match[1]), int(match[2]))


class Outdated(Conflict):
    """The case has changed since the page was opened; `events` are what happened meanwhile, oldest first."""

    def __init__(self, events: Sequence[Event] = ()) -> None:
        super().__init__(_(OUTDATED))
        self.events = events


def seen_version(session: Session, case: Case) -> SeenVersion:
    """The version that a page which shows the case now must carry."""
    return SeenVersion(case.lock_version, session.scalar(select(newest_change(case.id))) or 0)


def newest_change(case_id: int) -> ScalarSelect[int | None]:
    """The number of the newest event that changed a case, for a statement."""
    query = select(func.max(Event.id)).where(in_history(case_id), Event.name.not_in(VIEWS))
    return query.scalar_subquery()


def refuse_outdated(session: Session, case: Case, seen: SeenVersion | None) -> None:
    """Raise Outdated unless the case is still as it was seen. Its row must be locked. A request without a version saw nothing."""
    if seen is None:
        raise Outdated
    if seen.version != case.lock_version:
        since = select(Event).where(in_history(case.id), Event.id > seen.event, Event.name.not_in(VIEWS))
        raise Outdated(list(session.scalars(since.order_by(Event.id))))
