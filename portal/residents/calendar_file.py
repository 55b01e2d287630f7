"""Files for people's own calendars (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from portal.core.clock import now


def calendar(kind: str, entries: Iterable[str]) -> str:
    """A whole file with these lines of entries."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Madoguchi//{kind}//JA", *entries, "END:VCALENDAR"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def time_entry(uid: str, starts_at: datetime, ends_at: datetime, title: str, text: str) -> list[str]:
    """The lines of something from a time to a time."""
    return _event(uid, [f"DTSTART:{_stamp(starts_at)}", f"DTEND:{_stamp(ends_at)}"], title, text)


def day_entry(uid: str, day: date, title: str, text: str, *, reminder: timedelta) -> list[str]:
    """The lines of something on a whole day, with an alarm that long before nine in the morning of it."""
    alarm = [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(title)}",
        f"TRIGGER:-P{reminder.days - 1}DT15H",
        "END:VALARM",
    ]
    days = [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"]
    return _event(uid, days, title, text, alarm)


def _event(uid: str, times: list[str], title: str, text: str, more: Iterable[str] = ()) -> list[str]:
    about = [f"SUMMARY:{_escaped(title)}", f"DESCRIPTION:{_escaped(text)}"]
    return ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{_stamp(now())}", *times, *about, *more, "END:VEVENT"]


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets, none of them cut inside a character."""
    pieces, piece = [], ""
    for character in line:
        if len((piece + character).encode()) > 73:
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])
