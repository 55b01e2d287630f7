"""Files for people's own calendars (iCalendar, RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from flask import Response
from icalendar import Alarm, Calendar, Event

from portal.core.clock import now


def calendar(kind: str, events: Iterable[Event]) -> Response:
    """The answer that saves these events as `kind`.ics."""
    file = Calendar()
    file.add("version", "2.0")
    file.add("prodid", f"-//Madoguchi//{kind}//JA")
    for event in events:
        file.add_component(event)
    answer = Response(file.to_ical(), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind}.ics"'
    return answer


def time_event(uid: str, starts_at: datetime, ends_at: datetime, title: str, text: str) -> Event:
    """Something from a time to a time."""
    return _event(uid, starts_at.astimezone(UTC), ends_at.astimezone(UTC), title, text)


def day_event(uid: str, day: date, title: str, text: str, *, reminder: timedelta) -> Event:
    """Something on a whole day, with an alarm that long before nine in the morning of it."""
    event = _event(uid, day, day + timedelta(days=1), title, text)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(hours=9) - reminder)
    event.add_component(alarm)
    return event


def _event(uid: str, starts: date, ends: date, title: str, text: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", now().astimezone(UTC))
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", title)
    event.add("description", text)
    return event
