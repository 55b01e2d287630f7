"""The pictures that a definition shows, with where it names them."""

from collections.abc import Iterator

from forms.definition.procedure import Definition, group_fields
from forms.definition.source import Path
from forms.definition.workflow import StageForm
from forms.fields import FieldType
from forms.fields.picture import Picture


def pictures_in(definition: Definition) -> Iterator[tuple[Path, Picture]]:
    """Every picture by the path of its setting, in the order of the text."""
    for number, step in enumerate(definition.steps):
        place: Path = ("steps", number)
        if step.details and step.details.picture:
            yield (*place, "details", "picture"), step.details.picture
        for position, field in enumerate(step.fields):
            yield from _of_question((*place, "fields", position), field)
    for number, stage in enumerate(definition.workflow.stages):
        if isinstance(stage.form, StageForm):
            for position, field in enumerate(stage.form.fields):
                yield from _of_question(("workflow", "stages", number, "form", "fields", position), field)


def _of_question(path: Path, field: FieldType) -> Iterator[tuple[Path, Picture]]:
    if field.picture:
        yield (*path, "picture"), field.picture
    if field.details and field.details.picture:
        yield (*path, "details", "picture"), field.details.picture
    for number, inner in enumerate(group_fields(field)):
        yield from _of_question((*path, "fields", number), inner)
