"""The windows of the city's first page, as its administrators arrange them: every state is kept, and can come back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from forms.catalogue.windows import MAX_WINDOWS, WINDOWS, Window, shipped_windows
from portal.core.clock import now
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, Subject, record
from portal.identity import staff_name
from portal.procedures.window_models import WindowsState

_CHANGED = "ほかの職員が、窓口を先に変えました。いまの内容を確かめて、もう一度変えてください。"
_SHOWN_CHANGES = 50


@dataclass(frozen=True)
class WindowsChange:
    """Which state of the windows came of a change, and who made it when."""

    number: int
    note: str
    changed_at: datetime
    changed_by: str | None


def windows_in_force(session: Session) -> Sequence[Window]:
    """The windows of the first page, in their order."""
    return windows_of(_newest(session))


def windows_of(state: WindowsState | None) -> Sequence[Window]:
    """The windows of a state; those that come with Madoguchi where the city never changed any, or went back to them."""
    if state is None or state.windows is None:
        return shipped_windows()
    return WINDOWS.validate_python(state.windows)


def window_of(session: Session, key: str) -> Window:
    """The window of that key. Raises NotFound."""
    for window in windows_in_force(session):
        if window.key == key:
            return window
    raise NotFound


def windows_history(session: Session) -> list[WindowsChange]:
    """The last changes, the newest first; nothing where the city never changed any."""
    query = select(
        WindowsState.number, WindowsState.note, WindowsState.changed_at, staff_name(WindowsState.staff_id)
    ).order_by(WindowsState.number.desc())
    return [WindowsChange(*row) for row in session.execute(query.limit(_SHOWN_CHANGES))]


def save_window(session: Session, window: Window, *, new: bool, actor: Actor, expected_version: int) -> None:
    """Put a window in the place of the one with its key, or after the last one.

    `expected_version` is the state that its author saw, 0 for none. Raises Conflict when somebody changed it since, Invalid for a key
    that is taken or for too many windows.
    """

    def changed(windows: list[Window]) -> list[Window]:
        keys = [other.key for other in windows]
        if not new:
            if window.key not in keys:
                raise NotFound
            return [window if other.key == window.key else other for other in windows]
        if window.key in keys:
            raise Invalid(
                "キーを直してください。", {"key": "このキーの窓口は、もうあります。ほかのキーにしてください。"}
            )
        if len(windows) >= MAX_WINDOWS:
            raise Invalid(
                "窓口が多すぎます。", {"key": f"窓口は{MAX_WINDOWS}個までです。使わない窓口を外してください。"}
            )
        return [*windows, window]

    _change(
        session, changed, f"「{window.title.ja}」を{'加えました' if new else '変えました'}", actor, expected_version
    )


def move_window(session: Session, key: str, by: int, *, actor: Actor, expected_version: int) -> None:
    """Move a window some places on, or back where `by` is negative; not beyond the ends. Raises Conflict, NotFound."""

    def changed(windows: list[Window]) -> list[Window]:
        place = _place(windows, key)
        target = min(max(place + by, 0), len(windows) - 1)
        windows.insert(target, windows.pop(place))
        return windows

    _change(session, changed, "並び順を変えました", actor, expected_version)


def remove_window(session: Session, key: str, *, actor: Actor, expected_version: int) -> None:
    """Take a window from the first page. Raises Conflict for the last one, and when somebody changed them since; NotFound."""

    def changed(windows: list[Window]) -> list[Window]:
        place = _place(windows, key)
        if len(windows) == 1:
            raise Conflict("最後の窓口は外せません。先に、ほかの窓口を加えてください。")
        return windows[:place] + windows[place + 1 :]

    title = next((window.title.ja for window in windows_in_force(session) if window.key == key), key)
    _change(session, changed, f"「{title}」を外しました", actor, expected_version)


def restore_windows(session: Session, number: int, *, actor: Actor, expected_version: int) -> None:
    """Go back to an earlier state; 0 for the windows that come with Madoguchi. Raises Conflict, NotFound."""
    earlier = session.get(WindowsState, number) if number else None
    if number and earlier is None:
        raise NotFound
    if earlier is None or earlier.windows is None:
        _change(session, None, "はじめの窓口にもどしました", actor, expected_version)
    else:
        windows = list(windows_of(earlier))
        _change(session, lambda _now: windows, f"第{number}版の窓口にもどしました", actor, expected_version)


def _change(
    session: Session,
    changed: Callable[[list[Window]], list[Window]] | None,
    note: str,
    actor: Actor,
    expected_version: int,
) -> None:
    newest = _newest(session)
    number = newest.number if newest else 0
    if number != expected_version:
        raise Conflict(_CHANGED)
    windows = changed(list(windows_of(newest))) if changed is not None else None
    values = {
        "number": number + 1,
        "windows": WINDOWS.dump_python(tuple(windows), mode="json", exclude_defaults=True) if windows else None,
        "note": note,
        "staff_id": actor.id,
        "changed_at": now(),
    }
    written = insert(WindowsState).values(values).on_conflict_do_nothing().returning(WindowsState.number)
    if session.scalar(written) is None:  # two people at the same moment
        raise Conflict(_CHANGED)
    record(session, Subject("windows", number + 1), "windows.changed", actor, number=number + 1)


def _place(windows: Sequence[Window], key: str) -> int:
    for place, window in enumerate(windows):
        if window.key == key:
            return place
    raise NotFound


def _newest(session: Session) -> WindowsState | None:
    return session.scalar(select(WindowsState).order_by(WindowsState.number.desc()).limit(1))
