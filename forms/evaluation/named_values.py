"""The named values of a definition, those of its rows too, and which of them each needs to be worked out."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from forms.definition.procedure import Definition, group_fields
from forms.definition.source import Path
from forms.fields import FieldType, GroupField

_PART = re.compile(r"\.\s*([A-Za-z_]\w*)")


@dataclass(frozen=True)
class NamedValue:
    """A value with the text of its expression. `groups` are the groups in whose row it stands, the outermost first."""

    name: str
    text: str
    path: Path
    groups: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What it is called: `total`, and `faces.area` for a value of the rows of `faces`."""
        return ".".join((*self.groups[-1:], self.name))


def values_of(definition: Definition) -> Mapping[str, NamedValue]:
    """Every named value by its key."""
    values = [
        NamedValue(value.id, value.value, ("compute", number, "value"))
        for number, value in enumerate(definition.compute)
    ]
    for number, step in enumerate(definition.steps):
        for position, question in enumerate(step.fields):
            values += _in_rows(("steps", number, "fields", position), question, ())
    return {value.key: value for value in values}


def _in_rows(path: Path, question: FieldType, around: tuple[str, ...]) -> Iterator[NamedValue]:
    if not isinstance(question, GroupField):
        return
    groups = (*around, question.id)
    for number, value in enumerate(question.compute):
        yield NamedValue(value.id, value.value, (*path, "compute", number, "value"), groups)
    for number, inner in enumerate(group_fields(question)):
        yield from _in_rows((*path, "fields", number), inner, groups)


def needs_of(values: Mapping[str, NamedValue], heads: Callable[[str], Collection[str]]) -> dict[str, set[str]]:
    """By the key of each value, the keys of those it needs. `heads` gives the first parts of the names in a text.

    A value that speaks of rows needs those of their values whose names follow a dot in its text.
    """
    needs = {}
    for key, value in values.items():
        spoken = set(heads(value.text))
        near = spoken | {f"{group}.{name}" for group in value.groups for name in spoken}
        parts = set(_PART.findall(value.text))
        in_loops = {other.key for other in values.values() if spoken & set(other.groups) and other.name in parts}
        needs[key] = (near & values.keys()) | in_loops
    return needs
