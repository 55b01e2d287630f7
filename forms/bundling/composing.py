"""Putting procedures together into one form."""

from collections.abc import Iterator, Mapping, Sequence

from forms.bundling.composition import Composition, Member
from forms.bundling.joining import Asking, Level, level_of
from forms.bundling.merging import changed_question
from forms.bundling.paging import Page, pages_of
from forms.definition.computed import Computed
from forms.definition.procedure import APPLICATION, Assurance, Definition
from forms.definition.workflow import WorkflowUse
from forms.evaluation.program import program_of
from forms.fields import FieldType, GroupField
from forms.fields.path import head_of
from forms.text.localized import Text
from forms.text.messages import messages

_SURER: tuple[Assurance, ...] = ("none", "email", "verified")


def compose(definitions: Sequence[Definition]) -> Definition:
    """The form that asks for several procedures at once, each shared question once. A single procedure is its own form.

    The order of the procedures is that of their own pages. Raises ValueError for none, for one that has no form, and for the same
    procedure twice.
    """
    if not definitions:
        raise ValueError("a composition has at least one procedure")
    if len({definition.procedure for definition in definitions}) < len(definitions):
        raise ValueError("a procedure stands once in a composition")
    if not all(definition.has_form for definition in definitions):
        raise ValueError("a procedure without a form is not part of a composition")
    first, *others = definitions
    if not others:
        return first
    level = level_of(list(_askings(definitions)), alone=False)
    pages = pages_of(definitions, level)
    fields = _explained(level.fields())
    composition = Composition(
        procedure=first.procedure,
        kind=first.kind,
        title=messages()["asked_together"],
        submission=_submission(definitions),
        department=first.department,
        assurance=max((made.assurance for made in definitions), key=_SURER.index),
        steps=tuple(page.made(fields) for page in pages),
        compute=tuple(_named_values(definitions)),
        fee=tuple(line for made in definitions for line in made.fee),
        workflow=WorkflowUse(preset="notification"),
    )
    composition.use_vocabulary(first.vocabulary)
    members = [
        Member(made, level.renaming(made.procedure), _steps_of_checks(made, level, pages)) for made in definitions
    ]
    subjects = {page.id: page.procedure for page in pages if page.procedure is not None}
    composition.bring_together(members, subjects)
    return composition


def _submission(definitions: Sequence[Definition]) -> Text:
    """What is sent, where all of the procedures call it the same; else the most general word."""
    words = [made.submission_word for made in definitions]
    return words[0] if all(word == words[0] for word in words) else Text.model_validate(APPLICATION)


def _askings(definitions: Sequence[Definition]) -> Iterator[Asking]:
    items = {question.item for made in definitions for question in made.fields.values() if question.item}
    for made in definitions:
        always = {
            question.id: question.item
            for step in made.steps
            for question in step.fields
            if not (question.show_when or step.show_when)
        }
        for step in made.steps:
            for question in step.fields:
                shared = made.vocabulary.items.get(question.item) if question.item else None
                item = shared.same_as if shared and shared.same_as in items else question.item
                begins_with = always.get(question.default) if isinstance(question.default, str) else None
                condition = question.show_when or step.show_when
                yield Asking(made.procedure, made.title, question, item, condition, begins_with)


def _explained(fields: Mapping[str, FieldType]) -> dict[str, FieldType]:
    """The questions, where rows are filled in from other answers with words that say so."""
    names = {item for question in fields.values() if question.item for item in (question.item, head_of(question.item))}
    note = messages()["rows_known"].root

    def explained(question: FieldType) -> FieldType:
        known = question.rows_from if isinstance(question, GroupField) else None
        if known is None or names.isdisjoint(known.items):
            return question
        own = question.help.root if question.help is not None else dict.fromkeys(note, "")
        words = {language: f"{note[language]} {own[language]}".strip() for language in note if language in own}
        return changed_question(question, {"help": Text.model_validate(words)})

    return {name: explained(question) for name, question in fields.items()}


def _named_values(definitions: Sequence[Definition]) -> Iterator[Computed]:
    for made in definitions:
        for value in made.compute:
            yield value.model_copy(update={"id": f"{made.procedure}.{value.id}"})


def _steps_of_checks(definition: Definition, level: Level, pages: Sequence[Page]) -> Mapping[tuple[str, int], str]:
    """The page on which each check is shown: the last of those that ask what it speaks of."""
    program, names = program_of(definition), level.names[definition.procedure]
    page_of = {joint.field_id: number for number, page in enumerate(pages) for joint in page.joints}
    steps: dict[tuple[str, int], str] = {}
    for step in definition.steps:
        here = {names[question.id] for question in step.fields}
        for number, check in enumerate(step.checks):
            spoken_of = program.questions(program.checks[step.id, number]) | set(check.marked)
            named = {names[name] for name in spoken_of} or here
            steps[step.id, number] = pages[max(page_of[name] for name in named)].id
    return steps
