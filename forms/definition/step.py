"""Steps: the pages of a form, their questions and what must hold between answers."""

from typing import Annotated

from pydantic import Field

from forms.definition.strict_model import Expression, Id, StrictModel
from forms.fields import AnyField
from forms.text.localized import Text


class Check(StrictModel):
    """Something that must hold between answers.

    It applies when a question that it speaks of is asked; what is not answered has the default of its type. Where nobody can say
    whether it holds (the map has nothing at the place), the application waits.
    `field` names the question beside which the message stands; without it the message stands at the head of the page.
    """

    assert_: Annotated[Expression, Field(alias="assert")]
    message: Text
    field: Id | None = None


class Step(StrictModel):
    """One page of the form. `short` names it in the row of steps: five characters at most."""

    id: Id
    title: Text
    short: Text | None = None
    help: Text | None = None
    show_when: Expression | None = None
    fields: tuple[AnyField, ...] = Field(min_length=1, max_length=60)
    checks: tuple[Check, ...] = Field(default=(), max_length=30)
