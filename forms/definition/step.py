"""Steps: the pages of a form, their questions and what must hold between answers."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from forms.definition.address_checks import with_address_checks
from forms.definition.strict_model import Expression, Id, StrictModel
from forms.fields import AnyField
from forms.fields.details import Details
from forms.text.localized import Text


class Check(StrictModel):
    """Something that must hold between answers.

    It applies when a question that it speaks of is asked; what is not answered has the default of its type. Where nobody can say
    whether it holds (the map has nothing at the place), the application waits. A `warning` is shown, and keeps nobody from
    sending.
    `field` names the question beside which the message stands, `fields` several of the page; without them it stands at the
    head of the page.
    """

    assert_: Annotated[Expression, Field(alias="assert")]
    message: Text
    field: Id | None = None
    fields: tuple[Id, ...] = Field(default=(), max_length=20)
    level: Literal["error", "warning"] = "error"

    @model_validator(mode="after")
    def _is_marked_once(self) -> "Check":
        if self.field is not None and self.fields:
            raise ValueError("field と fields は、どちらか1つだけを書いてください。")
        return self

    @property
    def marked(self) -> tuple[str, ...]:
        """The questions at which the message stands; none: at the head of the page."""
        return (self.field,) if self.field is not None else self.fields


class Step(StrictModel):
    """One page of the form. `short` names it in the row of steps: five characters at most."""

    id: Id
    title: Text
    short: Text | None = None
    help: Text | None = None
    details: Details | None = None
    show_when: Expression | None = None
    fields: tuple[AnyField, ...] = Field(min_length=1, max_length=60)
    checks: tuple[Check, ...] = Field(default=(), max_length=30)

    @model_validator(mode="before")
    @classmethod
    def _addresses_are_checked(cls, page: Any) -> Any:
        return with_address_checks(page) if isinstance(page, dict) else page
