"""A press that was refused, or taken back: shown on the case's own page, with what was typed still there."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import request
from sqlalchemy.orm import Session

from portal.cases.decisions import Decision
from portal.cases.models import Event
from portal.cases.versions import Outdated
from portal.core.errors import Conflict, DomainError, Invalid
from portal.core.text import _

NOT_KEPT = {"csrf_token", "seen", "seen_assignee", "move"}


@dataclass(frozen=True)
class Refusal:
    """`form` is the one that was sent: the id of a move, `message`, `note`, `assignee`, `take_back` or `refund`.

    `faults` are sentences by field; `events` what happened to the case since its page was opened.
    """

    form: str
    message: str
    status: int
    faults: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    chosen: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What had been written, so that it need not be thought up again."""
        texts = (self.typed.get(name, "") for name in ("note", "body", "internal_note", "note_body"))
        return "\n\n".join(text for text in texts if text)


def attempt(session: Session, form: str, act: Callable[[], object]) -> Refusal | None:
    """Do it inside a savepoint; a refusal leaves nothing behind but its words. Missing rights are no refusal: they stay errors."""
    try:
        with session.begin_nested():
            act()
    except (Conflict, Invalid) as error:
        return _refusal(form, error)
    return None


def _refusal(form: str, error: DomainError) -> Refusal:
    typed = {name: value for name, value in request.form.items() if name not in NOT_KEPT}
    faults = dict(error.fields) if isinstance(error, Invalid) else {}
    status = 422 if isinstance(error, Invalid) else 409
    events = list(error.events) if isinstance(error, Outdated) else []
    return Refusal(form, error.message, status, faults, typed, request.form.getlist("fields"), events)


def taken_back(decision: Decision) -> Refusal:
    """The page after a decision was taken back: its form stands open again as it was sent."""
    inputs = decision.inputs
    typed = {
        "note": inputs.note,
        "internal_note": inputs.internal_note,
        "answer_by": inputs.answer_by.isoformat() if inputs.answer_by else "",
        "amount": str(inputs.refund_amount or ""),
    }
    message = _("「{title}」を取り消しました。申請した人には、何も送っていません。", title=decision.title)
    return Refusal(decision.move, message, 200, {}, typed, list(inputs.fields))
