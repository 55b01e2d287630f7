"""States and moves that a definition writes itself: added to its preset, in place of parts of it, or a whole workflow."""

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from common.status import Status
from forms.definition.fee import FeeMoment
from forms.definition.strict_model import Expression, Id, StrictModel
from forms.text.localized import Text

StateKind = Literal["open", "with_applicant", "awaiting_payment", "done", "refused", "withdrawn"]
Need = Literal["note", "internal_note", "form", "request"]
Cause = Literal["message", "refund"]


class Fork(StrictModel):
    """Two states, of which the fee decides."""

    when_fee_due: Id
    otherwise: Id


class Doer(StrictModel):
    """A role that may take a move only where a condition holds: 決裁 by amount."""

    role: Id
    when: Expression


class SignOff(StrictModel):
    """One step of the route that a decision takes before it takes effect (決裁): `role` signs it off, or in their place `deputy` (代決).

    A step whose `when` does not hold for a case is left out.
    """

    role: Id
    deputy: Id | None = None
    when: Expression | None = None


def _target_tag(target: object) -> str:
    return "state" if isinstance(target, str) else "fork"


def _doer_tag(doer: object) -> str:
    return "role" if isinstance(doer, str) else "doer"


#: A state, or two of which the fee decides.
Target = Annotated[Annotated[Id, Tag("state")] | Annotated[Fork, Tag("fork")], Discriminator(_target_tag)]
#: A role, or a role with its condition.
Who = Annotated[Annotated[Id, Tag("role")] | Annotated[Doer, Tag("doer")], Discriminator(_doer_tag)]


class Reminder(StrictModel):
    """A word to the applicant some days before a deadline."""

    days_before: Annotated[int, Field(ge=0, le=366)]
    message: Text | None = None


class StateDeadline(StrictModel):
    """Until when a case should leave a state. It stands still while the case is with the applicant, and goes on afterwards.

    `move` is what the portal does by itself when the deadline has passed.
    """

    working_days: Annotated[int, Field(ge=0, le=730)] | None = None
    days: Annotated[int, Field(ge=0, le=3660)] | None = None
    months: Annotated[int, Field(ge=0, le=120)] | None = None
    until: Expression | None = None
    shown: bool = False
    move: Id | None = None
    remind: tuple[Reminder, ...] = Field(default=(), max_length=5)

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        lengths = (self.working_days, self.days, self.months, self.until)
        if sum(length is not None for length in lengths) != 1:
            raise ValueError("working_days、days、months、until のどれか1つを書いてください。")
        return self


class OwnState(StrictModel):
    """A state of the definition itself. Of a state that the preset has, only what is written here changes."""

    id: Id
    title: Text | None = None
    kind: StateKind | None = None
    status: Status | None = None
    short: Text | None = None
    announcement: Text | None = None
    next_step: Text | None = None
    seen_as: Id | None = None
    deadline: StateDeadline | None = None
    stages_needed: Literal["all", "any"] | None = None


class OwnMove(StrictModel):
    """A move of the definition itself. Of a move that the preset has, only what is written here changes."""

    id: Id
    title: Text | None = None
    from_: Annotated[tuple[Id, ...], Field(min_length=1, max_length=40)] | None = Field(default=None, alias="from")
    to: Target | None = None
    who: Annotated[tuple[Who, ...], Field(min_length=1, max_length=10)] | None = None
    when: Expression | None = None
    fee: FeeMoment | None = None
    forward: bool | None = None
    needs: tuple[Need, ...] | None = None
    causes: tuple[Cause, ...] | None = None
    conditions: bool | None = None
    corrects: bool | None = None
    partial: Annotated[tuple[Id, ...], Field(max_length=20)] | None = None
    signed_off_by: Annotated[tuple[SignOff, ...], Field(max_length=5)] | None = None
    message: Text | None = None
