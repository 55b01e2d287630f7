"""What must be corrected, said with the question before it: a summary stands apart from the boxes that it speaks of."""

from forms import Definition
from forms.definition.procedure import group_fields
from forms.fields import FieldType
from forms.fields.composite import CompositeField
from forms.fields.date_range import DateRangeField
from forms.fields.parts import PartsField
from forms.fields.path import FieldPath, head_of
from forms.fields.person_kana import PersonKanaField
from forms.text.messages import message
from portal.core.text import _, current_language, labelled
from portal.residents.answers import title_in_row


def with_label(definition: Definition, path: str, sentence: str, *, names_row: bool = True) -> str:
    """The sentence after the label of its question, and of the box in it where the sentence does not name that; alone where it names
    the question itself. `names_row` says in which row of a group it is.
    """
    named, within = definition.fields.get(head_of(path)), FieldPath.parse(path)
    if named is None:
        return sentence
    while (inner := _asked_in_row(named, within)) is not None:
        named, within = inner, within.in_row
    if isinstance(named, CompositeField):
        part = next((part for part in named.parts if part.id == within.rest.head), None)
        named, within = (named, within) if part is None else (part, within.rest)
    label, box = named.label_in(current_language()), _box(named, within.rest.head)
    if box.partition("(")[0] not in sentence:  # in parentheses stands a reading, or how many digits it has
        label = _("{question}({part})", question=label, part=box)
    label = title_in_row(definition, path, label) if names_row else label
    return sentence if sentence.startswith(label) else labelled(label, sentence)


def _asked_in_row(group: FieldType, path: FieldPath) -> FieldType | None:
    """The question in a row of a group to which a path leads."""
    return next((inner for inner in group_fields(group) if inner.id == path.in_row.head), None)


def _box(question: FieldType, part: str) -> str:
    """What one of several boxes of a question is called; empty for a question that is one box."""
    if not part or not isinstance(question, PartsField | DateRangeField):
        return ""
    return message(f"part_{part}_kana" if isinstance(question, PersonKanaField) else f"part_{part}", current_language())
