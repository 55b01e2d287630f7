"""What a definition says about the life of a case: the preset it uses and how it adapts it."""

from pydantic import Field

from forms.definition.strict import Expression, Id, Key, Part
from forms.text.localized import Text


class Assign(Part):
    """Which desk gets a new case: the text that `by` gives, often a look-up of the map."""

    by: Expression


class Stage(Part):
    """A piece of work that the office adds after a state: a site check, a second opinion.

    `role` does it; `form` is an internal form that this role fills in.
    """

    id: Id
    title: Text
    after: Id
    role: Id
    form: Key | None = None


class WorkflowUse(Part):
    """A preset of `catalogue/workflows.yaml`, with moves dropped and stages added."""

    preset: Id
    assign: Assign | None = None
    stages: tuple[Stage, ...] = Field(default=(), max_length=10)
    drop: tuple[Id, ...] = ()
