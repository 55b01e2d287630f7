"""Several procedures that are applied for together, as one definition of what is asked.

It is read, judged and shown like any other. What follows from the answers is said by each procedure itself, from its own share of
them: the composition only has other names for the questions, and asks those that mean the same once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from pydantic import JsonValue, PrivateAttr
from typing_extensions import override

from forms.bundling.renaming import Renaming
from forms.definition.computed import Computed
from forms.definition.fee import FeeRule
from forms.definition.procedure import Definition
from forms.definition.step import Step
from forms.fields import FieldType, GroupField
from forms.fields.composite import CompositeField
from forms.fields.group import rows_of
from forms.fields.path import head_of

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Member:
    """One procedure of a composition.

    `renaming` leads from its questions to those of the composition, `steps` from its pages to the one on which each of their checks
    is shown, by step and number of the check.
    """

    definition: Definition
    renaming: Renaming
    steps: Mapping[tuple[str, int], str]

    @property
    def key(self) -> str:
        """The key of the procedure."""
        return self.definition.procedure

    def share(self, answers: Values) -> dict[str, Any]:
        """Its share of the answers of the composition: those that it asks for, in its own words."""
        own = self.renaming.back.values(answers)
        return {name: self.definition.fields[name].taken(value) for name, value in own.items()}

    def facts(self, facts: Values) -> dict[str, Any]:
        """What the map says of its places, by its own paths, and the shared facts."""
        here = self.renaming.back
        places = ((here.path(path), fact) for path, fact in facts.items() if head_of(path) in here.names)
        shared = {name: fact for name, fact in facts.items() if name in self.definition.vocabulary.facts}
        return shared | {path: fact for path, fact in places if path is not None}


class Composition(Definition):
    """What is asked for several procedures. Its conditions stand with the members, which judge."""

    steps: tuple[Step, ...]
    compute: tuple[Computed, ...] = ()
    fee: tuple[FeeRule, ...] = ()

    _members: Mapping[str, Member] = PrivateAttr(default_factory=dict)
    _subjects: Mapping[str, str] = PrivateAttr(default_factory=dict)

    def bring_together(self, members: Iterable[Member], subjects: Mapping[str, str]) -> None:
        """Say of which procedures this is made, and which pages belong to one of them alone. Call it before anything else."""
        self._members, self._subjects = {member.key: member for member in members}, dict(subjects)

    @property
    def members(self) -> Mapping[str, Member]:
        """The procedures by their keys, in the order in which they were put together."""
        return self._members

    @override
    def split(self, answers: Values) -> dict[str, dict[str, JsonValue]]:
        """See `Definition`. Rows keep their places, so that they can be put together again."""
        return {key: member.share(answers) for key, member in self._members.items()}

    @override
    def join(self, shares: Mapping[str, Values]) -> dict[str, JsonValue]:
        """See `Definition`. What two procedures know of the same question is put together."""
        joined: dict[str, Any] = {}
        for key, share in shares.items():
            joined = _together(self.fields.values(), joined, self._members[key].renaming.values(share))
        return {name: joined[name] for name in self.fields if name in joined}

    @override
    def split_by_path(self, values: Values) -> dict[str, dict[str, Any]]:
        return {key: member.renaming.back.texts(values) for key, member in self._members.items()}

    @override
    def join_by_path(self, shares: Mapping[str, Values]) -> dict[str, Any]:
        joined: dict[str, Any] = {}
        for key, share in shares.items():
            joined = {**self._members[key].renaming.texts(share), **joined}
        return joined

    @override
    def path_in(self, procedure: str, path: str) -> str | None:
        return self._members[procedure].renaming.back.path(path)

    @override
    def path_of(self, procedure: str, path: str) -> str | None:
        return self._members[procedure].renaming.path(path)

    @override
    def asked_by(self, field_id: str) -> Sequence[tuple[Definition, FieldType]]:
        own = ((made.definition, made.renaming.back.names.get(field_id)) for made in self._members.values())
        return [(definition, definition.fields[name]) for definition, name in own if name is not None]

    @override
    def subject(self, step_id: str) -> Definition | None:
        key = self._subjects.get(step_id)
        return self._members[key].definition if key is not None else None


def _together(questions: Iterable[FieldType], left: Values, right: Values) -> dict[str, Any]:
    """Two sets of answers to these questions as one: the first where both answer a question whole."""
    together = {**right, **left}
    for question in questions:
        if question.id in left and question.id in right:
            together[question.id] = _both(question, left[question.id], right[question.id])
    return together


def _both(question: FieldType, left: Any, right: Any) -> Any:
    """Two answers to one question as one: their rows beside each other, and the parts that only one of them has."""
    if isinstance(question, GroupField) and isinstance(left, list) and isinstance(right, list):
        nothing: dict[str, Any] = {}
        pairs = zip_longest(rows_of(left), rows_of(right), fillvalue=nothing)
        return [_together(question.fields, mine, yours) for mine, yours in pairs]
    if isinstance(question, CompositeField) and question.kind_of(left) == question.kind_of(right) is not None:
        return {**right, **left}
    return left
