"""No change of a definition, wherever it is, is left out of what a clerk reads."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, JsonValue

from forms import Change, Definition, diff
from forms.definition.fee import FeeRule
from forms.definition.step import Check, Step
from forms.definition.workflow import StageForm
from forms.diff import TOPICS, setting_name
from forms.diff.wording import same
from forms.fields import FIELD_TYPES, FieldType, GroupField, InnerGroup, OuterGroup
from forms.text.localized import LANGUAGES, Text
from tests.unit.forms.making import unhurried

Where = tuple[str | int, ...]


def text(ja: str) -> Text:
    return Text.model_construct({language: f"{ja} {language}" for language in LANGUAGES})


def made(model: type[BaseModel], **settings: Any) -> Any:
    """A part with something in every setting, whether all of it fits together or not."""
    if model is Text:
        return text("文")
    filled = {name: sample(info.annotation) for name, info in model.model_fields.items()}
    return model.model_construct(**{**filled, **settings})


def sample(annotation: Any) -> Any:
    """A value of a type, the fullest there is."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation is JsonValue:
        return {"family": "佐藤", "ages": [1, 2]}
    if origin is Annotated:
        return sample(arguments[0])
    if origin in (Union, UnionType):
        return sample(next(argument for argument in reversed(arguments) if argument is not type(None)))
    if origin is Literal:
        return arguments[0]
    if origin in (list, tuple):
        members = variants(arguments[0])
        return origin(members)
    if origin is dict:
        return {sample(arguments[0]): sample(arguments[1])}
    if issubclass(annotation, BaseModel):
        return made(annotation)
    return {str: "a_b", int: 7, float: 2.5, bool: True, date: date(2026, 4, 1)}[annotation]


def variants(annotation: Any) -> list[Any]:
    """Two values of a type that differ; of questions, one of every type."""
    inner = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    if isinstance(inner, type) and issubclass(inner, Text):
        return [text("一"), text("二")]
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return [marked(inner, number) for number in (1, 2)]
    models = set(leaves(annotation))
    if models and all(issubclass(model, FieldType) for model in models):
        return questions(next((model for model in (OuterGroup, InnerGroup) if model in models), None))
    if get_origin(inner) is dict:
        return [sample(inner), dict.fromkeys(sample(inner), "c_d")]
    if get_origin(inner) is Literal:
        return list(get_args(inner)[:2])
    return ["a_b", "c_d"] if inner is str else [sample(inner)]


def leaves(annotation: Any) -> Iterator[type]:
    """The plain types in a union."""
    if get_origin(annotation) in (Annotated, Union, UnionType):
        for argument in get_args(annotation):
            yield from leaves(argument)
    elif isinstance(annotation, type):
        yield annotation


def questions(group: type[GroupField] | None) -> list[FieldType]:
    """One of every type; `group` is what a group is at this place, if there can be one."""
    depth = "inner_" if group is InnerGroup else "leaf_" if group is None else ""
    models = {name: model for name, model in FIELD_TYPES.items() if model is not OuterGroup}
    if group is not OuterGroup:  # every type was there once
        models = {name: models[name] for name in ("text", "choice")}
    models |= {"group": group} if group else {}
    return [made(model, id=f"{depth}q_{name}", type=name, label=text(name)) for name, model in models.items()]


def marked(model: type[BaseModel], number: int) -> Any:
    """One of several parts, known by its number."""
    known = {"id": f"part_{number}", "as_": f"part_{number}", "name": f"part_{number}", "assert_": f"a == {number}"}
    return made(model, **{name: value for name, value in known.items() if name in model.model_fields})


@cache
def whole() -> Definition:
    """A definition with every setting of the grammar."""
    pages = tuple(
        made(Step, id=f"page_{number}", title=text(f"page {number}"), fields=tuple(fields))
        for number, fields in enumerate((questions(OuterGroup), [made(FIELD_TYPES["text"], id="last", type="text")]))
    )
    return made(Definition, steps=pages)  # type: ignore[no-any-return] # what was asked for


def parts(value: Any, where: Where = ()) -> Iterator[tuple[Where, BaseModel]]:
    """Every model in a tree, with the way to it."""
    if isinstance(value, Text):
        return
    if isinstance(value, BaseModel):
        yield where, value
        for name in type(value).model_fields:
            yield from parts(getattr(value, name), (*where, name))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from parts(item, (*where, number))


def replaced(tree: Any, where: Where, value: Any) -> Any:
    """The tree with another value there; what is not touched is shared."""
    if not where:
        return value
    head, *rest = where
    if isinstance(tree, BaseModel):
        settings = {name: getattr(tree, name) for name in type(tree).model_fields}
        return type(tree).model_construct(
            **{**settings, str(head): replaced(getattr(tree, str(head)), tuple(rest), value)}
        )
    items = list(tree)
    items[int(head)] = replaced(items[int(head)], tuple(rest), value)
    return type(tree)(items)


def others(setting: str, annotation: Any, value: Any) -> Iterator[Any]:
    """Other values for a setting: the nearest ones, which are the easiest to miss."""
    arguments = get_args(annotation)
    if type(None) in arguments:
        yield None
    if isinstance(value, list | tuple):
        kind = type(value)
        yield kind(value[1:])
        yield kind(reversed(value))
        yield kind([*value, *value[:1]])
    elif isinstance(value, Text):
        for language, words in value.root.items():
            yield Text.model_construct({**value.root, language: f"{words}。"})
            if language != "ja":
                yield Text.model_construct({key: words for key, words in value.root.items() if key != language})
    elif isinstance(value, dict):
        yield {}
        yield {f"{key}x": item for key, item in value.items()}
        for key in value:
            yield {**value, key: None}
            yield {**value, key: 1}
            yield {**value, key: True}
            yield {**value, key: 1.0}
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield value + 1
    elif isinstance(value, date):
        yield date(2026, 4, 2)
    elif setting == "id":
        yield f"{value}2"
    elif isinstance(value, str):
        yield f"{value} "
        yield f"{value}\u3000"
        yield f"{value}\u200b"
        yield f"{value}2"


@cache
def settings() -> dict[tuple[type[BaseModel], str, bool], Where]:
    """The first place of every setting, by its part, its name, and whether it is a check of the workflow."""
    places: dict[tuple[type[BaseModel], str, bool], Where] = {}
    for place, part in parts(whole()):
        for setting in type(part).model_fields:
            places.setdefault((type(part), setting, isinstance(part, Check) and "workflow" in place), (*place, setting))
    return places


def read(old: Definition, new: Definition) -> list[Change]:
    """The changes, each of which must say what was and what is."""
    changes = diff(old, new)
    for change in changes:
        assert change.before != change.after
        assert (change.before is None) == (change.kind == "added")
        assert (change.after is None) == (change.kind == "removed")
        assert change.subject
        for words in (change.subject, change.before, change.after):
            assert words is None or (words.strip() and words.isprintable())
        assert change.subject in change.text
    topics = [list(TOPICS).index(change.topic) for change in changes]
    assert topics == sorted(topics)
    return changes


def value_at(tree: Any, where: Where) -> Any:
    for step in where:
        tree = getattr(tree, step) if isinstance(step, str) else tree[step]
    return tree


def test_every_model_of_the_grammar_is_tried() -> None:
    tried = {model for model, _, _ in settings()}
    assert tried >= {*FIELD_TYPES.values(), Definition, Step, FeeRule, StageForm}
    assert len(settings()) > 250


@pytest.mark.slow
def test_a_change_of_any_setting_is_named() -> None:
    for (model, setting, _in_workflow), where in settings().items():
        value, annotation = value_at(whole(), where), model.model_fields[setting].annotation
        tried = [other for other in others(setting, annotation, value) if not same(value, other)]
        for other in tried:
            changed = replaced(whole(), where, other)
            assert read(whole(), changed), f"{where}: {value!r} → {other!r}"
            assert read(changed, whole()), f"{where}: {other!r} → {value!r}"
        assert tried or isinstance(value, BaseModel) or get_origin(annotation) is Literal, where


def test_every_setting_has_a_name_for_clerks() -> None:
    unnamed = {
        (model.__name__, setting)
        for model, setting, _ in settings()
        if setting_name(model, model.model_fields[setting].alias or setting).isascii()
        and setting_name(model, model.model_fields[setting].alias or setting) != "ID"
    }
    assert unnamed == set()


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=200) | st.floats(allow_nan=False)
WORDS = st.text(min_size=1, max_size=300).filter(str.strip)


@unhurried
@given(st.data())
def test_whatever_two_versions_hold_the_difference_is_empty_only_for_the_same(data: st.DataObject) -> None:
    definition = whole()
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from([*settings().values()]))
        try:
            value = value_at(definition, place)
        except (AttributeError, IndexError):
            continue
        if isinstance(value, list | tuple):
            other: Any = type(value)(data.draw(st.permutations(value))[: data.draw(st.integers(0, len(value)))])
        elif isinstance(value, Text):
            other = Text.model_construct(data.draw(st.dictionaries(st.sampled_from(LANGUAGES), WORDS, min_size=1)))
            other = Text.model_construct({"ja": "文", **other.root})
        elif isinstance(value, dict):
            other = data.draw(st.dictionaries(st.sampled_from(["a", "b\u200b", *value]), VALUES, max_size=3))
        elif isinstance(value, str):
            other = data.draw(st.sampled_from(["a", "b_2"]) if place[-1] == "id" else WORDS)
        elif isinstance(value, bool):
            other = data.draw(st.booleans())
        elif isinstance(value, int | float):
            other = data.draw(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
        else:
            other = value
        definition = replaced(definition, place, other)
    assert bool(read(whole(), definition)) != same(whole(), definition)
    assert read(definition, definition) == []
