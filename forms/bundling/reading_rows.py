"""What the rows of a composition ask while a page is read: what the rows of each procedure do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from forms.bundling.composition import Composition
from forms.bundling.renaming import RenamedRows, Renaming
from forms.definition.procedure import group_fields
from forms.evaluation.result import Evaluation
from forms.fields import FieldType, GroupField, ReadContext
from forms.fields.base import Rows


@dataclass(frozen=True)
class _Group:
    """A group as one procedure asks it. `name` is what it is called in the composition, `renaming` the same for the questions of its rows."""

    name: str
    context: ReadContext
    group: GroupField
    renaming: Renaming

    def shown(self, rows: Rows, number: int) -> set[str]:
        """What one row asks, by the names of the composition."""
        own = RenamedRows(rows, self.renaming.back)
        return {self.renaming.names[question.id] for question in self.context.shown_in_row(self.group, own, number)}

    def inside(self, rows: Rows, number: int) -> ReadContext:
        """What the questions in one row are read against."""
        return self.context.within(self.group, RenamedRows(rows, self.renaming.back), number)


class _GroupReader:
    """The groups that stand beside each other, by their names in the composition."""

    def __init__(self, plain: ReadContext, groups: Iterable[_Group]) -> None:
        self._plain = plain
        self._groups: dict[str, list[_Group]] = {}
        for group in groups:
            self._groups.setdefault(group.name, []).append(group)

    def context(self) -> ReadContext:
        """What questions here are read against."""
        return replace(self._plain, shown_in_row=self._shown_in_row, in_row=self._in_row)

    def _shown_in_row(self, group: FieldType, rows: Rows, number: int) -> Sequence[FieldType]:
        shown = set().union(*(own.shown(rows, number) for own in self._groups.get(group.id, ())))
        return [question for question in group_fields(group) if question.id in shown]

    def _in_row(self, group: FieldType, rows: Rows, number: int) -> ReadContext:
        inner = [
            _Group(
                own.renaming.names[question.id],
                own.inside(rows, number),
                question,
                own.renaming.rows[question.id],
            )
            for own in self._groups.get(group.id, ())
            for question in own.group.inner_groups
        ]
        return _GroupReader(self._plain, inner).context()


def united_context(
    composition: Composition,
    plain: ReadContext,
    contexts: Mapping[str, ReadContext],
    outcomes: Mapping[str, Evaluation],
) -> ReadContext:
    """What a page of a composition is read against, from what each procedure reads its own against.

    A procedure in which a group does not show asks nothing in its rows; where it shows in none, its rows ask what they would.
    """
    groups: list[_Group] = []
    for name in composition.fields:
        own = {
            key: question
            for key, member in composition.members.items()
            if isinstance(
                question := member.definition.fields.get(member.renaming.back.names.get(name, "")), GroupField
            )
        }
        showing = [key for key, group in own.items() if outcomes[key].is_visible(group.id)] or list(own)
        groups += [
            _Group(name, contexts[key], own[key], composition.members[key].renaming.rows[own[key].id])
            for key in showing
        ]
    return _GroupReader(plain, groups).context()
