"""The workflow of a definition: the preset it uses and how it adapts it, or its own."""

from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, model_validator

from forms.definition.address_checks import with_address_checks
from forms.definition.states import Doer, OwnMove, OwnState, Target
from forms.definition.step import Check
from forms.definition.strict_model import Expression, Id, Key, StrictModel
from forms.fields import AnyField
from forms.text.localized import Text


class Assign(StrictModel):
    """Which desk gets a new case: the text that `by` gives, often a look-up of the map."""

    by: Expression


class StageForm(StrictModel):
    """The internal form that staff fill in to complete a stage, with questions in the same language as the pages."""

    help: Text | None = None
    fields: tuple[AnyField, ...] = Field(min_length=1, max_length=30)
    checks: tuple[Check, ...] = Field(default=(), max_length=30)

    @model_validator(mode="before")
    @classmethod
    def _addresses_are_checked(cls, form: Any) -> Any:
        return with_address_checks(form) if isinstance(form, dict) else form


def _form_tag(form: object) -> str:
    return "key" if isinstance(form, str) else "form"


class Stage(StrictModel):
    """A piece of work: `after` a state, as a step of its own, or `at` a state, beside others there: a site check, opinions, a report.

    `role` does it and answers the questions of `form`, in the case's own department or in another `department` (照会);
    at a state it may be the applicant, and the case goes to the state `then` afterwards, if there is one. Cases for which `when`
    does not hold go on without it, and are decided the sooner by its `days`, open days of the standard time of the procedure.
    A name in place of a form is read, since versions were published with one, but cannot be published again: no form stands behind it.
    `announcement` and `next_step` are what the applicant reads of the state that a stage after another is, as of any state.
    """

    id: Id
    title: Text
    announcement: Text | None = None
    next_step: Text | None = None
    after: Id | None = None
    at: Id | None = None
    then: Id | None = None
    when: Expression | None = None
    days: Annotated[int, Field(ge=1, le=730)] | None = None
    role: Id
    department: Key | None = None
    form: Annotated[Annotated[Key, Tag("key")] | Annotated[StageForm, Tag("form")], Discriminator(_form_tag)] | None = (
        None
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.after is None) == (self.at is None):
            raise ValueError("after か at のどちらか1つを書いてください。")
        if self.then is not None and self.at is None:
            raise ValueError("then は、at と一緒に書きます。")
        if self.days is not None and self.when is None:
            raise ValueError("days は、when と一緒に書きます。")
        return self


class WorkflowUse(StrictModel):
    """A preset of `catalogue/workflows.yaml` with moves dropped, stages added, and own states and moves; or a whole workflow
    of the definition's own, without a preset.
    """

    preset: Id | None = None
    start: Target | None = None
    flow: tuple[Id, ...] = Field(default=(), max_length=40)
    states: tuple[OwnState, ...] = Field(default=(), max_length=40)
    moves: tuple[OwnMove, ...] = Field(default=(), max_length=80)
    assign: Assign | None = None
    stages: tuple[Stage, ...] = Field(default=(), max_length=10)
    drop: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _begins_somewhere(self) -> Self:
        if self.preset is None and not (self.states and self.moves and self.start):
            raise ValueError("preset を選ぶか、states、moves、start をすべて書いてください。")
        return self

    def conditions(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every condition on a move, on who may take it or signs it off, or on a stage, with its place in the workflow."""
        for number, stage in enumerate(self.stages):
            if stage.when is not None:
                yield ("stages", number, "when"), stage.when
        for number, move in enumerate(self.moves):
            if move.when is not None:
                yield ("moves", number, "when"), move.when
            for position, doer in enumerate(move.who or ()):
                if isinstance(doer, Doer):
                    yield ("moves", number, "who", position, "when"), doer.when
            for position, step in enumerate(move.signed_off_by or ()):
                if step.when is not None:
                    yield ("moves", number, "signed_off_by", position, "when"), step.when

    def last_days(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every expression for the day until which a state lasts, with its place in the workflow."""
        for number, state in enumerate(self.states):
            if state.deadline is not None and state.deadline.until is not None:
                yield ("states", number, "deadline", "until"), state.deadline.until

    def messages(self) -> Iterator[tuple[tuple[str | int, ...], Text]]:
        """Every text to the applicant in which expressions stand in braces, with its place in the workflow."""
        for number, move in enumerate(self.moves):
            if move.message is not None:
                yield ("moves", number, "message"), move.message
        for number, state in enumerate(self.states):
            for position, reminder in enumerate(state.deadline.remind if state.deadline else ()):
                if reminder.message is not None:
                    yield ("states", number, "deadline", "remind", position, "message"), reminder.message
