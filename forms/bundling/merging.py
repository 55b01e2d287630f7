"""Questions of several procedures that mean the same, as the one that is asked instead of them.

What an answer may be is judged by each procedure for itself; so limits that only some of them have, or that count only while one of
them asks, need not stand here. What shapes the answer must be the same.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from forms.expressions.errors import ExpressionError
from forms.expressions.language import Language, Names
from forms.fields import FieldType, GroupField
from forms.fields.composite import CompositeField
from forms.fields.file import Files
from forms.fields.options import Option
from forms.fields.place import PlaceField
from forms.text.localized import Text

#: Words around a question: the first procedure's stand for all.
_WORDING: Final = frozenset({"label", "help", "details", "row", "example", "pattern_message", "autocomplete"}) | {
    "display"
}
#: Who must answer when, and where it is asked: each procedure says so for itself.
_OF_THE_PROCEDURE: Final = frozenset({"id", "item", "required", "required_when", "show_when", "sensitive"}) | {
    "in_city",
    "in_city_message",
}
#: Of groups: their questions are merged by themselves, and how rows are compared each procedure judges.
_OF_ROWS: Final = frozenset({"fields", "min", "max", "unique", "totals", "same_as_above", "rows_from"})
_DEMANDS: Final = ("none", "optional", "required")
#: What is drawn as a line or an area, booked or offered for a place belongs to one procedure, whose rules about it are worked out by the question.
_NEVER: Final = frozenset({"appointment", "statement", "consent", "signature", "line", "polygon"})

_CONSTANTS = Language(Names({}))


def can_be_one(left: FieldType, right: FieldType, *, begin_alike: bool = False) -> bool:
    """Whether two questions can be asked as one, so that an answer to it answers both. `begin_alike`: both begin with the answer to
    one other question, which is asked as one too.
    """
    if (
        left.type != right.type
        or left.type in _NEVER
        or _is_bound_place(left)
        or not _same_default(left, right, begin_alike)
    ):
        return False
    if getattr(left, "offer", None) is not None or getattr(right, "offer", None) is not None:
        return False
    return all(
        _setting_agrees(left, name, getattr(left, name), getattr(right, name))
        for name in type(left).model_fields
        if name not in _WORDING | _OF_THE_PROCEDURE | (_OF_ROWS if isinstance(left, GroupField) else frozenset())
    )


def merged(questions: Sequence[FieldType], field_id: str, help_: Text | None, *, may_be_hidden: bool) -> FieldType:
    """The question `field_id` that is asked, with this help, instead of several which `can_be_one`; the rows of groups aside.

    `may_be_hidden`: not all of the procedures ask it always. Then limits stand here only as far as none is stricter.
    """
    first = questions[0]
    changed: dict[str, Any] = {
        name: _setting(name, [getattr(question, name) for question in questions], widest=may_be_hidden)
        for name in type(first).model_fields
        if name not in _WORDING | _OF_THE_PROCEDURE | _OF_ROWS or (name in ("min", "max") and not _is_group(first))
    }
    labels = {question.label_in("ja") for question in questions}
    changed |= {
        "id": field_id,
        "label": first.label if len(labels) == 1 else None,
        "help": help_,
        "details": next((question.details for question in questions if question.details), None),
        "required": all(question.required for question in questions),
        "required_when": None,
        "sensitive": any(question.sensitive for question in questions),
    }
    return changed_question(first, changed)


def changed_question(question: FieldType, changes: Mapping[str, Any]) -> FieldType:
    """A question with other settings, and without what was worked out of those it had."""
    changed = question.model_copy(update=dict(changes))
    for name in changed.__dict__.keys() - type(question).model_fields.keys():
        del changed.__dict__[name]
    return changed


def _is_bound_place(question: FieldType) -> bool:
    """Whether a place is told with the cases of its procedure, or its rules speak of them or of its other questions."""
    return isinstance(question, PlaceField) and bool(
        question.case_layer
        or question.public_layer
        or any(rule.clear_of is not None or rule.during is not None for rule in question.rules)
    )


def _is_group(question: FieldType) -> bool:
    return isinstance(question, GroupField)


def _same_default(left: FieldType, right: FieldType, begin_alike: bool) -> bool:
    """Whether both are answered alike where nobody answers: by nothing, by the same that speaks of no other question, or `begin_alike`."""
    if left.default != right.default or left.read_only != right.read_only:
        return False
    if begin_alike or not isinstance(left.default, str):
        return True
    try:
        _CONSTANTS.compile(left.default, "any")
    except ExpressionError:
        return False
    return True


def _setting_agrees(question: FieldType, name: str, left: Any, right: Any) -> bool:
    if left == right or name in ("default", "read_only", "abroad"):
        return True
    if _is_bound(name):
        return _are_numbers(left, right) or left is None or right is None or _may_be_left_out(question, name)
    if name == "options":
        return _same_options(left, right)
    if name == "accept" and isinstance(question, Files):
        return not set(left).isdisjoint(right)
    if isinstance(question, CompositeField):
        return name != "kinds" or not set(left).isdisjoint(right)
    return False


def _setting(name: str, values: Sequence[Any], *, widest: bool) -> Any:
    """One setting of the merged question."""
    first = values[0]
    if all(value == first for value in values):
        return first
    if _is_bound(name):
        return _bound(name, values, widest=widest)
    if name in ("accept", "kinds"):
        return type(first)(kind for kind in first if all(kind in value for value in values))
    if name == "abroad":
        return all(values)
    if all(value in _DEMANDS for value in values):
        return max(values, key=_DEMANDS.index)
    return first


def _bound(name: str, values: Sequence[Any], *, widest: bool) -> Any:
    known = [value for value in values if value is not None]
    if not all(isinstance(value, int | float) for value in known):
        return known[0] if len(set(known)) == 1 and not widest else None
    if widest and len(known) < len(values):
        return None
    choose: Callable[..., Any] = min if (name.startswith("max")) != widest else max
    return choose(known)


def _is_bound(name: str) -> bool:
    return name.split("_", maxsplit=1)[0] in ("min", "max")


def _are_numbers(*values: Any) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _may_be_left_out(question: FieldType, name: str) -> bool:
    return type(question).model_fields[name].default is None


def _same_options(left: Any, right: Any) -> bool:
    """Whether two lists of options are the same to an answer; their words may differ."""
    if not isinstance(left, list) or not isinstance(right, list):
        return False
    return {_without_words(option) for option in left} == {_without_words(option) for option in right}


def _without_words(option: Option) -> tuple[str, int | None]:
    return option.id, option.price
