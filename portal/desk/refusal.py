"""A press that was refused: shown on the case's own page, with what was typed still there."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import request
from sqlalchemy.orm import Session

from portal.core.errors import Conflict, DomainError, Invalid

NOT_KEPT = {"csrf_token", "seen_state", "move"}


@dataclass(frozen=True)
class Refusal:
    """`form` is the one that was sent: the id of a move, `message`, `assignee` or `refund`. `faults` are sentences by field."""

    form: str
    message: str
    status: int
    faults: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    chosen: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What had been written to the applicant, so that it need not be thought up again."""
        return self.typed.get("note") or self.typed.get("body") or ""


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
    return Refusal(form, error.message, status, faults, typed, request.form.getlist("fields"))
