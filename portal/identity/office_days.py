"""The days on which a city is closed besides holidays, and the hours of its windows besides those of weekdays, in the hands of its administrators.

What was worked out before stays: a deadline that somebody was told, an appointment that somebody has. What is worked out from then on knows the change.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any, Final

from sqlalchemy.orm import Session

from common.open_days import ExtraHours, is_open_by_law
from portal.core.city_days import ClosedDay, WindowHours, clock_of, kept_closed_days, kept_window_hours
from portal.core.clock import today
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, Subject, record
from portal.core.tenancy import City, change_city, city_row
from portal.identity.city_administration import require_whole_city
from writing.folding import CODE
from writing.invisible import visible

LANGUAGES: Final = ("ja", "ja-easy", "en", "zh", "ko")
MAX_NAME: Final = 40
MOST_DAYS: Final = 60
"""Of one year."""
MOST_WINDOWS: Final = 30
_YEARS_AHEAD = 2
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_FASTER = "ほかの人が先に変えました。いまの内容を見て、もう一度変えてください。"


def checked_closed_day(city: City, day: date | None, name: Mapping[str, str]) -> ClosedDay:
    """Return a day as it is kept once it is closed. Raises Invalid, by field, with everything that is wrong."""
    wrong, kept = _checked_name(name, "休みの名前")
    if day is None:
        wrong["day"] = "休みにする日を、カレンダーから選ぶか、2026-11-13 のように入力してください。"
    elif day < today():
        wrong["day"] = "過ぎた日は、休みにできません。"
    elif day.year > today().year + _YEARS_AHEAD:
        wrong["day"] = f"{today().year + _YEARS_AHEAD}年までの日を入力してください。"
    elif not is_open_by_law(day):
        wrong["day"] = "土曜・日曜・祝日と年末年始は、もともと休みです。"
    elif any(entry.day == day for entry in city.closed_days):
        wrong["day"] = "この日は、もう休みにしてあります。"
    elif sum(entry.day.year == day.year for entry in city.closed_days) >= MOST_DAYS:
        wrong["day"] = f"市の休みは、1年に{MOST_DAYS}日までです。"
    if wrong or day is None:
        raise Invalid(next(iter(wrong.values())), wrong)
    return ClosedDay(day, kept)


def close_day(
    session: Session, by: Actor, day: date | None, name: Mapping[str, str], expected_version: int
) -> ClosedDay:
    """Close the city hall on a day. `expected_version` is the number of the city's row that the page showed.

    Raises Forbidden for who does not manage the whole city, Invalid by field, Conflict when somebody was faster.
    """
    city = _city(session, by, expected_version)
    closed = checked_closed_day(city, day, name)
    _change(session, city, closed_days=kept_closed_days([*city.closed_days, closed]))
    record(session, Subject("city"), "city.day_closed", by, day=closed.day.isoformat())
    return closed


def open_day(session: Session, by: Actor, day: date | None, expected_version: int) -> None:
    """Open the city hall again on a day that was to be closed. Raises as `close_day`, NotFound, and Invalid for a day that is over."""
    city = _city(session, by, expected_version)
    rest = [entry for entry in city.closed_days if entry.day != day]
    if day is None or len(rest) == len(city.closed_days):
        raise NotFound("この休みは、もうありません。")
    if day < today():
        raise Invalid("過ぎた休みは、取り消せません。期限は、この休みを入れて数えてあります。")
    _change(session, city, closed_days=kept_closed_days(rest))
    record(session, Subject("city"), "city.day_opened", by, day=day.isoformat())


def copy_year(session: Session, by: Actor, year: int, expected_version: int) -> list[ClosedDay]:
    """Close the city hall in the next year on the days of this one, by month and day; those that were added.

    Days that the law closes there, that are closed already and that do not exist are left out. Raises as `close_day`.
    """
    city = _city(session, by, expected_version)
    if not today().year - 1 <= year < today().year + _YEARS_AHEAD:
        raise Invalid("この年の休みは、写せません。")
    there = {entry.day for entry in city.closed_days}
    moved = ((entry, _in_year(entry.day, year + 1)) for entry in city.closed_days if entry.day.year == year)
    added = [
        ClosedDay(day, entry.name)
        for entry, day in moved
        if day is not None and day >= today() and day not in there and is_open_by_law(day)
    ]
    if added:
        _change(session, city, closed_days=kept_closed_days([*city.closed_days, *added]))
        record(session, Subject("city"), "city.days_copied", by, year=year, count=len(added))
    return added


def checked_window_hours(
    city: City, window: Mapping[str, str], weekday: str, weeks: Sequence[str], opens: str, closes: str
) -> WindowHours:
    """Return hours of a window as they are kept. Raises Invalid, by field, with everything that is wrong."""
    wrong, name = _checked_name(window, "窓口の名前")
    of_week = int(weekday) if weekday in set("0123456") else None
    if of_week is None:
        wrong["weekday"] = "曜日を選んでください。"
    begins, ends = _clock(opens), _clock(closes)
    for field, moment in (("opens", begins), ("closes", ends)):
        if moment is None:
            wrong[field] = "時刻を、17:15 のように入力してください。"
    if begins and ends and begins >= ends:
        wrong["closes"] = "終わる時刻は、始まる時刻よりあとにしてください。"
    if len(city.window_hours) >= MOST_WINDOWS:
        wrong["weekday"] = f"窓口の時間は、{MOST_WINDOWS}個までです。"
    if wrong or of_week is None or begins is None or ends is None:
        raise Invalid(next(iter(wrong.values())), wrong)
    chosen = tuple(sorted({int(week) for week in weeks if week in set("12345")}))
    return WindowHours(name, ExtraHours(of_week, chosen if len(chosen) < 5 else (), begins, ends))


def add_window_hours(session: Session, by: Actor, expected_version: int, **given: Any) -> WindowHours:
    """Open a window at hours besides those of weekdays; `given` as `checked_window_hours` takes it. Raises as `close_day`."""
    city = _city(session, by, expected_version)
    added = checked_window_hours(city, **given)
    if added in city.window_hours:
        raise Invalid("同じ時間が、もうあります。", {"weekday": "同じ時間が、もうあります。"})
    _change(session, city, window_hours=kept_window_hours([*city.window_hours, added]))
    _record_hours(session, "city.window_hours_added", by, added)
    return added


def remove_window_hours(session: Session, by: Actor, position: int | None, expected_version: int) -> None:
    """Take hours of a window away, by their position in the list of the city. Raises as `close_day`, and NotFound."""
    city = _city(session, by, expected_version)
    if position is None or not 0 <= position < len(city.window_hours):
        raise NotFound("この時間は、もうありません。")
    rest = [entry for number, entry in enumerate(city.window_hours) if number != position]
    _change(session, city, window_hours=kept_window_hours(rest))
    _record_hours(session, "city.window_hours_removed", by, city.window_hours[position])


def _city(session: Session, by: Actor, expected_version: int) -> City:
    require_whole_city(session, by)
    city = city_row(session)
    if expected_version != city.number:
        raise Conflict(_FASTER)
    return city


def _change(session: Session, city: City, **values: Any) -> None:
    if not change_city(session, city.number, values):
        raise Conflict(_FASTER)


def _record_hours(session: Session, event: str, by: Actor, entry: WindowHours) -> None:
    hours = entry.hours
    record(
        session,
        Subject("city"),
        event,
        by,
        weekday=hours.weekday,
        weeks=list(hours.weeks),
        opens=clock_of(hours.opens),
        closes=clock_of(hours.closes),
    )


def _checked_name(name: Mapping[str, str], label: str) -> tuple[dict[str, str], dict[str, str]]:
    """Faults by field, and the name as it is kept."""
    kept = {language: " ".join(visible(name.get(language, "")).split()) for language in LANGUAGES}
    wrong = {
        _field(language): f"{label}は、{MAX_NAME}文字までです。"
        for language in LANGUAGES
        if len(kept[language]) > MAX_NAME
    }
    if not kept["ja"]:
        wrong["name_ja"] = f"{label}を入力してください。"
    return wrong, {language: text for language, text in kept.items() if text}


def _field(language: str) -> str:
    return f"name_{language.replace('-', '_')}"


def _clock(text: str) -> time | None:
    match = _CLOCK.fullmatch(CODE(text).replace("：", ":").strip())
    hour, minute = (int(match[1]), int(match[2])) if match else (24, 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _in_year(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None
