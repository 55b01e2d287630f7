"""What people looked for and did not find, counted: words alone, and none that could be a name, a number or an address of somebody."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import regex
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.core.clock import today
from portal.search.models import UnfoundQuery
from writing.folding import width
from writing.invisible import visible
from writing.words import names_a_person

_KEPT = timedelta(days=400)
_MAX_LENGTH: Final = 30
_MAX_ROWS: Final = 2000
_NOT_WORDS = regex.compile(r"[@\d〇一二三四五六七八九十]{2,}|\d|@|://|丁目|番地|様$|さん$|氏$|\0")
_SPACES = regex.compile(r"\s+")


def count_unfound(session: Session, query: str) -> None:
    """Count that nothing was found by these words; nothing is kept of what is long, or holds numbers, addresses or a person's name."""
    words = keepable(query)
    if not words or (session.scalar(select(func.count()).select_from(UnfoundQuery)) or 0) >= _MAX_ROWS:
        return
    row = insert(UnfoundQuery).values(words=words, times=1, first_on=today(), last_on=today())
    changes = {"times": UnfoundQuery.times + 1, "last_on": today()}
    session.execute(row.on_conflict_do_update(index_elements=[UnfoundQuery.words], set_=changes))


def keepable(query: str) -> str:
    """The words of a query as they may be kept; empty when they may not."""
    words = _SPACES.sub(" ", width(visible(query))).strip().casefold()
    if not 2 <= len(words) <= _MAX_LENGTH or _NOT_WORDS.search(words) or names_a_person(words):
        return ""
    return words


def unfound_queries(session: Session, count: int = 200) -> Sequence[UnfoundQuery]:
    """What was not found, the most often tried first."""
    order = (UnfoundQuery.times.desc(), UnfoundQuery.last_on.desc(), UnfoundQuery.words)
    return session.scalars(select(UnfoundQuery).order_by(*order).limit(count)).all()


def forget_unfound(session: Session, words: str) -> None:
    """Take words from the list: somebody saw to them."""
    session.execute(delete(UnfoundQuery).where(UnfoundQuery.words == words.replace("\x00", "")))


def forget_old(session: Session) -> None:
    """Forget what nobody tried for more than a year."""
    session.execute(delete(UnfoundQuery).where(UnfoundQuery.last_on < today() - _KEPT))
