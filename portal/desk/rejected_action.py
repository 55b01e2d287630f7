"""A press that was rejected, or taken back: shown on the case's own page, with what was typed still there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session
from wtforms import Field

from portal.cases import Outdated
from portal.cases.decisions import Decision
from portal.core.errors import Conflict, Invalid
from portal.core.events import Event
from portal.core.forms import Form
from portal.core.text import _


@dataclass(frozen=True)
class RejectedAction:
    """`name` is that of the form that was sent: the id of a move or of a decision on a payment, `message`, `note`, `hold`, `assignee`,
    `take_back`, `now` or `refund_approval`; `posted` is the form with what was typed, and what is wrong beside its fields.

    `faults` are sentences by field; `events` what happened to the case since its page was opened.
    """

    name: str
    message: str
    status: int
    faults: dict[str, str] = field(default_factory=dict)
    posted: Form | None = None
    events: list[Event] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What had been written, so that it need not be thought up again."""
        posted: Iterable[Field] = self.posted or ()
        texts = {posted_field.name: posted_field.data for posted_field in posted}
        written = (
            texts.get(name)
            for name in ("note", "conditions", "not_granted", "body", "internal_note", "note_body", "remark")
        )
        return "\n\n".join(text for text in written if text)


def form_of(rejected: RejectedAction | None, name: str, form_class: type[Form]) -> Form:
    """The form of this name for the page: as it was posted when it was the one rejected, else empty."""
    if rejected is not None and rejected.name == name and rejected.posted is not None:
        return rejected.posted
    return form_class(formdata=None)


def try_action(
    session: Session, name: str, act: Callable[[], object], posted: Form | None = None
) -> RejectedAction | None:
    """Do it inside a savepoint; a refusal leaves nothing behind but its words. Missing rights are no refusal: they stay errors."""
    try:
        with session.begin_nested():
            act()
    except Invalid as error:
        if posted is not None:
            posted.show(error)
        return RejectedAction(name, error.message, 422, dict(error.fields), posted)
    except Conflict as error:
        events = list(error.events) if isinstance(error, Outdated) else []
        return RejectedAction(name, error.message, 409, {}, posted, events)
    return None


def taken_back(decision: Decision, form: Form) -> RejectedAction:
    """The page after a decision was taken back: its form stands open again as it was sent."""
    message = _("「{title}」を取り消しました。申請した人には、何も送っていません。", title=decision.title)
    return RejectedAction(decision.move, message, 200, {}, form)
