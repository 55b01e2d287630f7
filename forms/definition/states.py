"""States and moves that a definition writes itself: added to its preset, in place of parts of it, or a whole workflow."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from common.status import Status
from forms.definition.fee import FeeMoment
from forms.definition.strict_model import Expression, Id, StrictModel
from forms.text.localized import Text

StateKind = Literal["open", "with_applicant", "awaiting_payment", "done", "refused", "withdrawn"]
Need = Literal["note", "internal_note", "form"]
Cause = Literal["message", "refund"]


class Fork(StrictModel):
    """Two states, of which the fee decides."""

    when_fee_due: Id
    otherwise: Id


class Doer(StrictModel):
    """A role that may take a move only where a condition holds: 決裁 by amount."""

    role: Id
    when: Expression


def _target_spelling(target: object) -> str:
    return "state" if isinstance(target, str) else "fork"


def _doer_spelling(doer: object) -> str:
    return "role" if isinstance(doer, str) else "doer"


#: A state, or two of which the fee decides.
Target = Annotated[Annotated[Id, Tag("state")] | Annotated[Fork, Tag("fork")], Discriminator(_target_spelling)]
#: A role, or a role with its condition.
Who = Annotated[Annotated[Id, Tag("role")] | Annotated[Doer, Tag("doer")], Discriminator(_doer_spelling)]


class OwnState(StrictModel):
    """A state of the definition itself. Of a state that the preset has, only what is written here changes."""

    id: Id
    title: Text | None = None
    kind: StateKind | None = None
    status: Status | None = None
    short: Text | None = None
    seen_as: Id | None = None


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
