"""The form in which the owner of a profile edits one item: the same question, as fields render and check it everywhere."""

from typing import Any

from forms import Definition, Step
from forms.definition.workflow import WorkflowUse
from forms.fields import FieldType, GroupField
from forms.fields.applicant import ApplicantField
from forms.text.localized import Text
from portal.profiles.models import ProfileItem
from portal.profiles.new_item import NewItem
from portal.profiles.rows import travels

QUESTION = "answer"
"""The id of its only question."""

_OF_ITS_FORM = frozenset({"show_when", "required_when", "default", "read_only", "details", "picture", "sensitive"})
"""Settings that speak of other questions of the form, or of the form itself."""


def form_of_item(kept: ProfileItem | NewItem, source: Definition) -> Definition:
    """A definition of one page with one question. Rows and applicants are asked for as the form did that gave the answer, anything else as the
    vocabulary says.
    """
    given = source.fields.get(kept.field)
    if isinstance(given, GroupField):
        question = _of_rows(given)
    elif isinstance(given, ApplicantField) and kept.type == given.type:
        question = _settings(given)
    else:
        question = {"type": kept.type}
    item = source.vocabulary.items.get(kept.item)
    title = item.label if item is not None else Text.of(kept.item)
    form = Definition(
        procedure=source.procedure,
        kind="survey",
        title=title,
        department=source.department,
        tables=source.tables,
        steps=(
            Step.model_validate(
                {"id": QUESTION, "title": title, "fields": [{**question, "id": QUESTION, "item": kept.item}]}
            ),
        ),
        workflow=WorkflowUse(preset="notification"),
    )
    form.use_vocabulary(source.vocabulary)
    return form


def _of_rows(group: GroupField) -> dict[str, Any]:
    settings = _settings(group)
    for name in ("unique", "totals", "applicants", "pages"):
        settings.pop(name, None)
    settings["min"], settings["max"] = 1, group.most
    settings["fields"] = [
        {**_settings(inner), "required": inner.required and inner.show_when is None}
        for inner in group.fields
        if travels(inner)
    ]
    return settings


def _settings(question: FieldType) -> dict[str, Any]:
    settings = question.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    for option in settings.get("options", ()):
        option.pop("show_when", None)
    return {
        name: value
        for name, value in {**settings, "id": question.id, "type": question.type}.items()
        if name not in _OF_ITS_FORM
    }
