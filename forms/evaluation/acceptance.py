"""Whether applications are taken at a moment, and when they are next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from forms.definition.acceptance import AcceptanceWindow, yearly_day
from forms.text.dates import iso_date


@dataclass(frozen=True)
class Opening:
    """One time in which applications are taken: its first moment, and the first moment after it, by the city's clock.

    None where it is open to that side.
    """

    begins: datetime | None
    ends: datetime | None

    @property
    def edition(self) -> str:
        """The name of this time among those of a yearly window: its first day. Places are counted for each edition."""
        return self.begins.date().isoformat() if self.begins else ""


@dataclass(frozen=True)
class Acceptance:
    """How things stand: `current` is the opening that is on, `next` the one that follows. Both None: it is over."""

    current: Opening | None
    next: Opening | None

    @property
    def is_open(self) -> bool:
        """Whether applications are taken."""
        return self.current is not None

    @property
    def is_over(self) -> bool:
        """Whether no applications will be taken any more."""
        return self.current is None and self.next is None


#: Without any window applications are taken at any time.
ALWAYS = Acceptance(Opening(None, None), None)


def acceptance_at(windows: Sequence[AcceptanceWindow], moment: datetime) -> Acceptance:
    """How things stand at a moment, given as the city's clock shows it (without a time zone)."""
    if not windows:
        return ALWAYS
    openings = sorted(
        (opening for window in windows for opening in _openings(window, moment.year)),
        key=lambda opening: opening.begins.isoformat() if opening.begins else "",
    )
    current = next((opening for opening in openings if _covers(opening, moment)), None)
    following = next((opening for opening in openings if opening.begins and opening.begins > moment), None)
    return Acceptance(current, following)


def _covers(opening: Opening, moment: datetime) -> bool:
    return (opening.begins is None or opening.begins <= moment) and (opening.ends is None or moment < opening.ends)


def _openings(window: AcceptanceWindow, year: int) -> Iterator[Opening]:
    """The openings of a window; of a yearly one those that begin in the year before, in the year and in the next."""
    if not window.is_yearly:
        first, last = iso_date(window.from_), iso_date(window.until)
        begins = _at(first, window.opens_at) if first else None
        yield Opening(begins, _at(last, window.closes_at) if last else None)
        return
    first_day, last_day = yearly_day(window.from_ or ""), yearly_day(window.until or "")
    if first_day is None or last_day is None:
        return
    for begins_in in (year - 1, year, year + 1):
        ends_in = begins_in + (last_day < first_day)
        opens, closes = date(begins_in, *first_day), date(ends_in, *last_day)
        yield Opening(_at(opens, window.opens_at), _at(closes, window.closes_at))


def _at(day: date, clock: str) -> datetime:
    hours, minutes = (int(part) for part in clock.split(":"))
    return datetime.combine(day, time()) + timedelta(hours=hours, minutes=minutes)
