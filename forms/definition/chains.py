"""Applications that belong together: one that follows an earlier case, and cases that one application opens."""

from typing import Annotated

from pydantic import Field, JsonValue

from forms.definition.strict_model import Expression, Id, Key, StrictModel


class BasedOn(StrictModel):
    """The earlier case that this procedure follows (着手届, 完了届, 変更, 更新): of which procedure, in which of its states.

    `move` is what the earlier case does by itself when a case of this procedure has come to its good end.
    """

    procedure: Key
    states: tuple[Id, ...] = Field(min_length=1, max_length=20)
    move: Id | None = None


class Opening(StrictModel):
    """Another procedure of which an application opens a case, at once and with its own number: with answers of this one.

    `answers` has, by the question there, the question here; `values` fixed answers.
    """

    procedure: Key
    when: Expression | None = None
    answers: Annotated[dict[Id, Id], Field(max_length=60)] = Field(default_factory=dict)
    values: Annotated[dict[Id, JsonValue], Field(max_length=60)] = Field(default_factory=dict)
