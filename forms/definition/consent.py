"""Consent of others (同意・連署) to an application: whom a procedure asks by e-mail, what they are shown, and what waits for them."""

from typing import Annotated, Literal

from pydantic import Field

from forms.definition.strict_model import Expression, Id, StrictModel
from forms.text.localized import Text


class ConsentRule(StrictModel):
    """People who must agree. `name` and `email` are questions: of the form or, with `each`, of the rows of that group.

    They get a link by e-mail, read `text` and the answers in `shows`, and agree or refuse within `days` days; with `signature`
    they sign with their name. `before: submission` keeps the application from the office until all have agreed;
    `before: approval` lets the office begin, but not approve.
    """

    id: Id
    title: Text
    text: Text
    each: Id | None = None
    name: Id
    email: Id
    applies_when: Expression | None = None
    shows: tuple[Id, ...] = Field(default=(), max_length=20)
    signature: bool = False
    before: Literal["submission", "approval"] = "approval"
    days: Annotated[int, Field(ge=1, le=90)] = 14
