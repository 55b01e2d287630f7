"""Applications that belong together: one that follows an earlier case, cases that one application opens, and what goes on in another city."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from forms.definition.strict_model import Expression, Id, Key, StrictModel


class EarlierValue(StrictModel):
    """Something that is taken from the earlier case: `of` is an expression over its answers, and `earlier.<id>` its value here.

    It is worked out when an application is begun and once more when it is sent; from then on it does not change.
    """

    id: Id
    type: Literal["bool", "int", "double", "string", "date"]
    of: Expression


class BasedOn(StrictModel):
    """The earlier case that this procedure follows (着手届, 完了届, 変更, 更新): of which procedure, in which of its states.

    `move` is what the earlier case does by itself when a case of this procedure has come to its good end. `values` are taken from it.
    """

    procedure: Key
    states: tuple[Id, ...] = Field(min_length=1, max_length=20)
    move: Id | None = None
    values: tuple[EarlierValue, ...] = Field(default=(), max_length=20)


class Opening(StrictModel):
    """Another procedure of which an application opens a case, at once and with its own number: with answers of this one.

    `answers` has, by the question there, the question here; `values` fixed answers.
    """

    procedure: Key
    when: Expression | None = None
    answers: Annotated[dict[Id, Id], Field(max_length=60)] = Field(default_factory=dict)
    values: Annotated[dict[Id, JsonValue], Field(max_length=60)] = Field(default_factory=dict)


class HandsOver(StrictModel):
    """What a case that came to its good end may hand to another city of the installation, if its applicant agrees.

    `place` is the question whose address says which city, `procedure` what it opens there. `items` are the shared items whose answers
    cross; nothing else does.
    """

    procedure: Key
    place: Id
    items: tuple[Annotated[str, Field(min_length=1, max_length=60)], ...] = Field(min_length=1, max_length=40)
