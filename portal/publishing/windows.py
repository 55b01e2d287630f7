"""The windows of the first page: which there are, in what order, and which procedures stand behind each."""

from collections import Counter
from collections.abc import Callable

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.catalogue.windows import shipped_windows
from portal import procedures
from portal.core.access import allow, right, staff_member
from portal.core.errors import Conflict, Invalid
from portal.core.events import Actor
from portal.core.text import _
from portal.core.web import db
from portal.procedures import Offer, windows
from portal.publishing.window_forms import StateForm, WindowForm, data_of

bp = Blueprint("windows", __name__, url_prefix="/desk/windows")
EDIT = right("windows.edit")


@bp.get("")
@allow(EDIT)
def index() -> str:
    """Every window with how many procedures it leads to, and former states."""
    return _index()


@bp.get("/edit")
@allow(EDIT)
def edit() -> str:
    """A new window."""
    return _page(WindowForm(formdata=None, new="1", seen=str(_seen())))


@bp.get("/edit/<key>")
@allow(EDIT)
def edit_window(key: str) -> str:
    """A window that there is."""
    window = procedures.window_of(db(), key)
    return _page(WindowForm(formdata=None, seen=str(_seen()), **data_of(window)))


@bp.post("")
@allow(EDIT)
def save() -> ResponseReturnValue:
    """Put one window on the first page, or in its place there."""
    form = WindowForm()
    _offer(form)
    if form.new.data != "1":
        procedures.window_of(db(), form.key.data)
    if not form.validate():
        return _page(form), 422
    try:
        window = form.window()
        windows.save_window(
            db(), window, new=form.new.data == "1", actor=_actor(), expected_version=_number(form.seen.data)
        )
    except Invalid as error:
        form.show(error)
        return _page(form), 422
    except Conflict as error:
        form.seen.data = str(_seen())
        return _page(form, conflict=error.message), 409
    return redirect(url_for("windows.index"), 303)


@bp.post("/move")
@allow(EDIT)
def move() -> ResponseReturnValue:
    """Move a window one place on, or back."""
    form = StateForm()
    by = -1 if form.by.data == "-1" else 1
    return _after(
        lambda: windows.move_window(db(), form.key.data, by, actor=_actor(), expected_version=_number(form.seen.data))
    )


@bp.post("/remove")
@allow(EDIT)
def remove() -> ResponseReturnValue:
    """Take a window from the first page; an earlier state can come back."""
    form = StateForm()
    return _after(
        lambda: windows.remove_window(db(), form.key.data, actor=_actor(), expected_version=_number(form.seen.data))
    )


@bp.post("/restore")
@allow(EDIT)
def restore() -> ResponseReturnValue:
    """Go back to an earlier state, or to the windows that come with Madoguchi."""
    form = StateForm()
    number = _number(form.number.data)
    return _after(
        lambda: windows.restore_windows(db(), number, actor=_actor(), expected_version=_number(form.seen.data))
    )


def _after(change: Callable[[], None]) -> ResponseReturnValue:
    try:
        change()
    except Conflict as error:
        return _index(error.message), 409
    return redirect(url_for("windows.index"), 303)


def _index(conflict: str = "") -> str:
    shown, offered = procedures.windows_in_force(db()), procedures.offers(db())
    return render_template(
        "publishing/windows.html",
        windows=[
            (window, behind, sum(_says_for_whom(offer) for offer in behind))
            for window in shown
            for behind in [[offer for offer in offered if window.holds(offer.definition)]]
        ],
        without=[offer for offer in offered if not any(window.holds(offer.definition) for window in shown)],
        history=windows.windows_history(db()),
        seen=_seen(),
        is_shipped=shown == shipped_windows(),
        conflict=conflict,
    )


def _page(form: WindowForm, conflict: str = "") -> str:
    _offer(form)
    return render_template("publishing/window.html", form=form, conflict=conflict, is_new=form.new.data == "1")


def _offer(form: WindowForm) -> None:
    """Say what may be chosen: the life events of what the city publishes, and of the windows that there are."""
    count = Counter(
        event
        for offer in procedures.offers(db())
        for event in (offer.definition.routing.life_events if offer.definition.routing else ())
    )
    events = dict.fromkeys(event for window in procedures.windows_in_force(db()) for event in window.life_events)
    form.offer(
        {event: _("{event}(手続き{n}件)", event=event, n=count[event]) for event in [*events, *count]},
        procedures.vocabulary_in_force(db()).facts,
    )


def _says_for_whom(offer: Offer) -> bool:
    return offer.definition.routing is not None and offer.definition.routing.applies_when is not None


def _seen() -> int:
    history = windows.windows_history(db())
    return history[0].number if history else 0


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _actor() -> Actor:
    return Actor("staff", staff_member().id, staff_member().name)
