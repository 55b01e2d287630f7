"""Keeps the counts of cases (`count_models`): folds changes into them, and compares them with a full count.

Who writes a case appends changes and waits for nobody. Who reads adds the changes to the counts in one statement. Only a fold takes a lock,
that of the one row of `CaseCountState`, so one runs at a time.

Changes stay for some minutes, because they also tell which tiles are no longer what they were (`tile_versions`): a round folds those that an
earlier round's snapshot has.
"""

import logging
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import BigInteger, Text, TextClause, cast, delete, func, literal_column, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from common.status import OPEN_STATUSES
from portal.cases.count_models import CaseCountState, CaseDayCount, CasePlaceCount
from portal.core.clock import now, today
from portal.core.database import city_of
from portal.core.locking import lock_row

LEVELS = range(13, 20)
"""Zooms of the cells in which places are counted: the four by four cells of tiles from z11 to z17."""
KEPT = timedelta(minutes=10)
"""For how long changes stay at least."""
BEGINNING = date.min
"""As of when late cases are counted before the first round: none is."""
_log = logging.getLogger("portal.jobs")
_FIRST = {"id": 1, "late_as_of": BEGINNING, "marked_at": datetime.min.replace(tzinfo=UTC), "folded_through": 0}
_SNAPSHOT = cast(func.pg_current_snapshot(), Text)


_NEW_PLACES = ("changed_places", "rolled_places", "rolled_added", "add_place_counts")
_NEW_DAYS = ("changed_days", "rolled_days", "rolled_added", "add_day_counts")
_COMPARED_PLACES = ("compared_places", "rolled_places", "place_differences")
_COMPARED_DAYS = ("compared_days", "rolled_days", "day_differences")


def fold(session: Session, *, at_once: bool = False) -> None:
    """Add changes to the counts, and count as late what has become so since; `at_once`: every change, however young.

    Costs what has changed, not what is counted. Safe to repeat, beside writers, readers and other folds.
    """
    _lock_state(session)
    session.execute(_statement(*_NEW_DAYS))
    state = CaseCountState
    if at_once:
        session.execute(update(state).values(mark=_SNAPSHOT))
    elif not session.scalar(select(or_(state.marked_at < now() - KEPT, state.late_as_of < today()))):
        return
    session.execute(_statement(*_NEW_PLACES), _values())
    through = cast(cast(func.pg_snapshot_xmax(literal_column("mark::pg_snapshot")), Text), BigInteger)
    session.execute(
        update(state).values(
            late_as_of=func.greatest(state.late_as_of, today()),
            folded_through=through,
            mark=_SNAPSHOT,
            marked_at=now(),
        )
    )


def place_differences(session: Session) -> int:
    """How many counts of cells are not what a full count says: none unless somebody wrote past the triggers."""
    return session.scalar(_statement(*_COMPARED_PLACES, "count_additions"), _values()) or 0


def day_differences(session: Session) -> int:
    """The same of counts of days."""
    return session.scalar(_statement(*_COMPARED_DAYS, "count_additions")) or 0


def correct_places(session: Session) -> None:
    """Make the counts of cells those of a full count, and delete counts of nothing.

    A difference is added to a count, and so is right whatever is folded or written meanwhile; nobody waits.
    """
    _lock_state(session)
    session.execute(_statement(*_COMPARED_PLACES, "add_place_counts"), _values())
    sums = (CasePlaceCount.n, CasePlaceCount.late, CasePlaceCount.case_ids, CasePlaceCount.x, CasePlaceCount.y)
    session.execute(delete(CasePlaceCount).where(*(column == 0 for column in sums)))


def correct_days(session: Session) -> None:
    """The same of counts of days."""
    _lock_state(session)
    session.execute(_statement(*_COMPARED_DAYS, "add_day_counts"))
    session.execute(delete(CaseDayCount).where(CaseDayCount.begins == 0, CaseDayCount.ends == 0))


def check(session: Session) -> None:
    """Compare with a full count, and correct; a difference is an error in the log."""
    places, days = place_differences(session), day_differences(session)
    if places or days:
        fields = {"city": city_of(session), "places": places, "days": days}
        _log.error("counts of cases differed from a full count", extra={"fields": fields})
    correct_places(session)
    correct_days(session)


def _lock_state(session: Session) -> None:
    session.execute(insert(CaseCountState).values(**_FIRST, mark=_SNAPSHOT).on_conflict_do_nothing())
    lock_row(session, CaseCountState, CaseCountState.id == 1)


def _values() -> dict[str, object]:
    return {"today": today(), "open": list(OPEN_STATUSES), "coarsest": LEVELS[0], "finest": LEVELS[-1]}


@cache
def _statement(*parts: str) -> TextClause:
    """A statement of pieces, which each have a file."""
    folder = Path(__file__).with_name("sql")
    return text("\n".join((folder / f"{part}.sql").read_text(encoding="utf-8") for part in parts))
