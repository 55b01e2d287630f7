"""Which questions of several procedures are asked as one, what they are called then, and what that question is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forms.bundling.merging import can_be_one, changed_question, merged
from forms.bundling.renaming import Renaming
from forms.fields import FieldType, GroupField
from forms.fields.appointment import AppointmentField
from forms.fields.place import PlaceField
from forms.text.localized import LANGUAGES, Text
from forms.text.messages import message

Names = Mapping[str, str]
_NO_NAMES: Names = {}


@dataclass(frozen=True)
class Asking:
    """A question as one procedure asks it: for which shared item, and under which condition; None: for none, always.

    `title` is what the procedure is called, `begins_with` the shared item whose answer it has until it is answered, where its
    procedure always asks for that.
    """

    procedure: str
    title: Text
    question: FieldType
    item: str | None
    condition: str | None
    begins_with: str | None = None


@dataclass(frozen=True)
class JointQuestion:
    """A question of the composition, with those that it stands for: of each procedure at most one."""

    field_id: str
    askings: Sequence[Asking]
    inner: "Level | None" = None

    @property
    def item(self) -> str | None:
        """The shared item that it asks for."""
        return self.askings[0].item

    @property
    def procedures(self) -> frozenset[str]:
        """The procedures that ask it."""
        return frozenset(asking.procedure for asking in self.askings)

    @property
    def always_shows(self) -> bool:
        """Whether some procedure asks it without a condition."""
        return any(asking.condition is None for asking in self.askings)


@dataclass(frozen=True)
class Level:
    """The questions of a form, or those in the rows of one group. `alone`: one procedure asks all of them, and their names stay."""

    alone: bool
    joints: Sequence[JointQuestion]
    names: Mapping[str, Names] = field(default_factory=dict)

    def renaming(self, procedure: str) -> Renaming:
        """From the ids of a procedure to those of this level."""
        rows = {
            asking.question.id: joint.inner.renaming(procedure)
            for joint in self.joints
            for asking in joint.askings
            if joint.inner is not None and asking.procedure == procedure
        }
        return Renaming(self.names.get(procedure, _NO_NAMES), rows)

    def fields(self, outside: Mapping[str, Names] | None = None) -> dict[str, FieldType]:
        """What is asked, by id. `outside` are the names around, by procedure, for what speaks of other questions."""
        outer = outside or {}
        around = {procedure: {**outer.get(procedure, {}), **own} for procedure, own in self.names.items()}
        return {joint.field_id: _asked(joint, around, alone=self.alone) for joint in self.joints}


def level_of(askings: Sequence[Asking], *, alone: bool) -> Level:
    """Put the questions together that mean the same: those with the same item, as far as one answer can serve them all.

    Which those are and what they are called does not follow from the order of the procedures.
    """
    joined: list[list[Asking]] = []
    for asking in sorted(askings, key=lambda asking: asking.procedure):
        _among(joined, asking).append(asking)
    taken: set[str] = set()
    joints: list[JointQuestion] = []
    names: dict[str, dict[str, str]] = {asking.procedure: {} for asking in askings}
    for together in joined:
        first = together[0]
        field_id = first.question.id if alone else _name(first, taken)
        taken.add(field_id)
        for asking in together:
            names[asking.procedure][asking.question.id] = field_id
        in_order = sorted(together, key=askings.index)
        joints.append(JointQuestion(field_id, in_order, _level_in_rows(in_order)))
    joints.sort(key=lambda joint: askings.index(joint.askings[0]))
    return Level(alone, joints, names)


def _among(joined: list[list[Asking]], asking: Asking) -> list[Asking]:
    """The questions with which this one is asked as one; a new place for one that is asked by itself."""
    if asking.item is not None:
        for together in joined:
            if (
                together[0].item == asking.item
                and all(other.procedure != asking.procedure for other in together)
                and all(_can_be_one(other, asking) for other in together)
            ):
                return together
    joined.append([])
    return joined[-1]


def _can_be_one(left: Asking, right: Asking) -> bool:
    alike = left.begins_with is not None and left.begins_with == right.begins_with
    return can_be_one(left.question, right.question, begin_alike=alike)


def _name(asking: Asking, taken: set[str]) -> str:
    """A name that nothing else has, and that stays the same whichever other procedures are there."""
    item, own = asking.item, f"{asking.procedure.replace('-', '_')}__{asking.question.id}"
    name = item.replace(".", "_") if item is not None else own
    if name in taken:
        name = own
    number = 2
    while name in taken:
        name, number = f"{own}_{number}", number + 1
    return name


def _level_in_rows(together: Sequence[Asking]) -> Level | None:
    groups = [(asking, asking.question) for asking in together if isinstance(asking.question, GroupField)]
    if not groups:
        return None
    alone = len(groups) == 1
    askings = [
        Asking(
            asking.procedure, asking.title, inner, inner.item, inner.show_when or (None if alone else asking.condition)
        )
        for asking, group in groups
        for inner in group.fields
    ]
    return level_of(askings, alone=alone)


def _asked(joint: JointQuestion, names: Mapping[str, Names], *, alone: bool) -> FieldType:
    """The question of the composition that a joint question is."""
    first = joint.askings[0]
    questions = [asking.question for asking in joint.askings]
    question = questions[0]
    if len(questions) > 1:
        hidden = any(asking.condition is not None for asking in joint.askings)
        question = merged(questions, joint.field_id, _help(joint.askings), may_be_hidden=hidden)
    changes: dict[str, Any] = {"id": joint.field_id}
    if not alone:
        changes |= {"show_when": None if joint.always_shows else first.condition, "item": joint.item}
    changes |= _of_rows(joint, questions, names) | _other_names(question, names[first.procedure])
    return changed_question(question, changes)


def _help(askings: Sequence[Asking]) -> Text | None:
    """What helps to answer: for all alike, or which procedure says it."""
    helps = [asking.question.help for asking in askings]
    if all(text == helps[0] for text in helps):
        return helps[0]
    told_apart = [(asking.title, asking.question.help) for asking in askings if asking.question.help is not None]
    languages = set.intersection(*({*title.root} & {*text.root} for title, text in told_apart))
    together = {
        language: " ".join(
            message("help_of", language, title=title.for_language(language), help=text.for_language(language))
            for title, text in told_apart
        )
        for language in LANGUAGES
        if language in languages
    }
    return Text.model_validate(together)


def _of_rows(joint: JointQuestion, questions: Sequence[FieldType], names: Mapping[str, Names]) -> dict[str, Any]:
    """The rows of a group: its questions, and as many rows as any of the procedures takes."""
    groups = [question for question in questions if isinstance(question, GroupField)]
    if joint.inner is None:
        return {}
    changes: dict[str, Any] = {"fields": list(joint.inner.fields(names).values())}
    if len(groups) > 1:
        changes |= {
            "min": min(group.least for group in groups),
            "max": max(group.most for group in groups),
            "unique": (),
            "totals": tuple(dict.fromkeys(_totals(joint))),
            "same_as_above": any(group.same_as_above for group in groups),
            "rows_from": next((group.rows_from for group in groups if group.rows_from is not None), None),
        }
    return changes


def _totals(joint: JointQuestion) -> Iterator[str]:
    for asking in joint.askings:
        if isinstance(asking.question, GroupField) and joint.inner is not None:
            names = joint.inner.names[asking.procedure]
            yield from (names[name] for name in asking.question.totals)


def _other_names(question: FieldType, names: Names) -> dict[str, Any]:
    """What a question says of other questions, by the names that those have now."""
    if isinstance(question, AppointmentField) and question.resource_by is not None:
        return {"resource_by": names.get(question.resource_by, question.resource_by)}
    if not isinstance(question, PlaceField):
        return {}
    rules = []
    for rule in question.rules:
        if rule.period is None:
            rules.append(rule)
            continue
        during = {"during": names.get(rule.period, rule.period)}
        clear = rule.clear_of
        rules.append(rule.model_copy(update={"clear_of": clear.model_copy(update=during)} if clear else during))
    return {
        "rules": rules,
        **{
            name: layer.model_copy(update={"answers": tuple(names.get(answer, answer) for answer in layer.answers)})
            for name in ("case_layer", "public_layer")
            if (layer := getattr(question, name)) is not None
        },
    }
