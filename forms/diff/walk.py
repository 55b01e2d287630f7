"""The walk through two versions of a definition: every setting of every model that the grammar has, and none left out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, TypeGuard

from pydantic import BaseModel

from forms.definition.computed import Computed
from forms.definition.place_rules import LookUp
from forms.definition.procedure import Definition, questions_in
from forms.definition.routing import Routing
from forms.definition.source import dotted
from forms.definition.step import Step
from forms.definition.table import Table
from forms.definition.workflow import Assign, StageForm
from forms.diff.change import Change, ChangeKind, Topic
from forms.diff.names import language_name, noun, setting_name, title
from forms.diff.pairing import pairs, reordered
from forms.diff.prices import Prices
from forms.diff.tables import table_changes
from forms.diff.wording import Context, Setting, default_of, differing, is_plain_number, same
from forms.fields import FieldType, GroupField
from forms.fields.consent import ConsentField
from forms.fields.options import Option
from forms.text.localized import LANGUAGES, Text

#: What the parts of a procedure are about; what stands inside them is about the same, unless `_topic` knows better.
_TOPICS: Final[Mapping[str, Topic]] = {
    "fee": "money",
    "fee_total": "money",
    "payout": "money",
    "capacity": "demands",
    "assurance": "demands",
    "consents": "demands",
    "steps": "demands",
    "tables": "demands",
    "compute": "demands",
    "search_words": "texts",
    "examples": "examples",
}
#: Parts whose settings speak for themselves, so that the part is not named before them.
_SEE_THROUGH: Final = (Assign, Routing, StageForm)


@dataclass(frozen=True)
class _Place:
    """Where the walk is: the path, what a clerk calls it, and the question around it."""

    topic: Topic
    path: tuple[str, ...] = ()
    subject: str = ""
    question: str = ""

    def inside(self, *path: str, subject: str, topic: Topic | None = None) -> "_Place":
        """A place in this one."""
        whole = f"{self.subject}の{subject}" if self.subject and subject else self.subject or subject
        return replace(self, path=(*self.path, *path), subject=whole, topic=topic or self.topic)


class Walk:
    """The comparison of two versions."""

    def __init__(self, old: Definition, new: Definition) -> None:
        self._old, self._new = old, new
        self._prices = Prices((old, new))
        self._questions = {
            field.id: field
            for definition in (old, new)
            for step in definition.steps
            for question in step.fields
            for field in questions_in(question)
        }

    def changes(self) -> Iterator[Change]:
        """Every change, in the order of the document."""
        yield from self._settings(_Place("handling"), self._old, self._new)

    def _settings(self, place: _Place, old: BaseModel, new: BaseModel) -> Iterator[Change]:
        names = {**_names_by_alias(type(old)), **_names_by_alias(type(new))}
        for alias, name in names.items():
            before, after = _value(old, name, new), _value(new, name, old)
            if same(before, after):
                continue
            topic = self._topic(place, new, alias, before, after)
            owner = old if name not in type(new).model_fields else new
            subject = setting_name(type(owner), alias)
            if isinstance(before, _SEE_THROUGH) and isinstance(after, _SEE_THROUGH):
                subject = ""
            if alias == "amount" and is_plain_number(before) and is_plain_number(after):
                subject = "金額"
            inner = place.inside(alias, subject=subject, topic=topic)
            former, setting = self._setting(old, alias, place, old=True), self._setting(new, alias, place)
            changes: list[Change] = []
            if isinstance(old, Definition) and isinstance(new, Definition) and alias == "steps":
                changes = list(self._steps(place, old, new))
            elif isinstance(old, Table) and isinstance(new, Table) and alias == "rows":
                cells = [replace(cell, context=replace(cell.context, question=new.id)) for cell in (former, setting)]
                changes = list(table_changes(topic, cells[0], cells[1], old, new))
            elif _is_parts(before) and _is_parts(after):
                changes = list(self._parts(place, inner, alias, new, before, after))
            else:
                changes = list(self._values(inner, former, setting, before, after))
            yield from changes or [_changed(inner, former, setting, before, after)]

    def _values(self, place: _Place, former: Setting, setting: Setting, old: object, new: object) -> Iterator[Change]:
        """The changes between two values of a setting that are not lists of parts."""
        if isinstance(old, Text | None) and isinstance(new, Text | None):
            yield from _texts(place, setting, old, new)
        elif isinstance(old, BaseModel) and isinstance(new, BaseModel):
            yield from self._settings(place, old, new)
        elif isinstance(new, BaseModel) and old is None:
            yield _whole(place, "added", None, setting.words(new))
        elif isinstance(old, BaseModel) and new is None:
            yield _whole(place, "removed", former.words(old), None)
        elif _is_plain_list(old) and _is_plain_list(new):
            yield from _plain_list(place, former, setting, old, new)
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            for key in dict.fromkeys([*old, *new]):
                if not (key in old and key in new and same(old[key], new[key])):
                    yield self._entry(place, setting, key, old, new)

    def _entry(
        self,
        place: _Place,
        setting: Setting,
        key: str,
        before: Mapping[str, object],
        after: Mapping[str, object],
    ) -> Change:
        """A change of one of several named values: the price of an option, an answer of an example."""
        entry = replace(setting, entry=key)
        old, new = before.get(key), after.get(key)
        topic, subject = place.topic, place.subject
        if isinstance(setting.part, Option):
            if topic == "demands" and self._is_money(place, key, old, new):
                topic = "money"
            if entry.is_yen(old) or entry.is_yen(new):
                subject = f"{subject.removesuffix(setting_name(Option, 'values'))}金額"
        inner = replace(place.inside(key, subject="", topic=topic), subject=f"{subject}「{setting.key(key)}」")
        if key in before and key in after:
            return _changed(inner, entry, entry, old, new)
        if key in after:
            return _whole(inner, "added", None, entry.words(new))
        return _whole(inner, "removed", entry.words(old), None)

    def _steps(self, place: _Place, old: Definition, new: Definition) -> Iterator[Change]:
        """Pages, and their questions, which may move from one page to another."""
        inner = place.inside("steps", subject=setting_name(Definition, "steps"), topic="demands")
        yield from self._parts(place, inner, "steps", new, old.steps, new.steps)
        before = [(step, field) for step in old.steps for field in step.fields]
        after = [(step, field) for step in new.steps for field in step.fields]
        paired = pairs([field for _, field in before], [field for _, field in after])
        demands = replace(place, topic="demands")
        for old_at, new_at in paired:
            was, now = (before[old_at] if old_at is not None else None), (after[new_at] if new_at is not None else None)
            yield from self._part(demands, "fields", new, was and was[1], now and now[1], new_at)
            if was and now and was[0].id != now[0].id:
                there = demands.inside("fields", now[1].id, subject=f"{noun(type(now[1]))}「{title(now[1])}」のページ")
                yield _moved(there, [f"「{title(page)}」" for page in (was[0], now[0])], [was[0].id, now[0].id])
        for step in new.steps:
            stayed = [
                (old_at, new_at)
                for old_at, new_at in paired
                if old_at is not None and new_at is not None and before[old_at][0].id == after[new_at][0].id == step.id
            ]
            there = demands.inside("steps", step.id, "fields", subject=f"ページ「{title(step)}」の質問")
            yield from _order(there, stayed, [field for _, field in before])

    def _parts(
        self,
        place: _Place,
        inner: _Place,
        alias: str,
        owner: BaseModel,
        old: Sequence[BaseModel],
        new: Sequence[BaseModel],
    ) -> Iterator[Change]:
        paired = pairs(old, new)
        place = replace(place, topic=inner.topic)
        for old_at, new_at in paired:
            was, now = (old[old_at] if old_at is not None else None), (new[new_at] if new_at is not None else None)
            yield from self._part(place, alias, owner, was, now, new_at if new_at is not None else old_at)
        yield from _order(inner, paired, old)

    def _part(
        self,
        place: _Place,
        alias: str,
        owner: BaseModel,
        old: BaseModel | None,
        new: BaseModel | None,
        position: int | None,
    ) -> Iterator[Change]:
        """The changes of one of a list, or that it came or went."""
        part = new or old
        if isinstance(old, Step) and isinstance(new, Step):  # its questions are compared with those of every page
            old, new = (step.model_copy(update={"fields": ()}) for step in (old, new))
        if part is None or (old is not None and new is not None and same(old, new)):
            return
        called = "行の質問" if isinstance(owner, GroupField) else noun(type(part))
        if isinstance(part, Text):
            called = setting_name(type(owner), alias)
        name = part.ja if isinstance(part, Text) else title(part)
        there = place.inside(
            alias,
            self._key(part, position),
            subject=f"{called}「{name}」" if name else f"{called}{(position or 0) + 1}",
        )
        if isinstance(part, FieldType):
            there = replace(there, question=part.id)
        if place.topic == "demands" and self._is_counted(place, part):
            there = replace(there, topic="money")
        if isinstance(old, Text) and isinstance(new, Text):
            yield from _texts(replace(there, topic="texts"), self._setting(owner, alias, there), old, new)
        elif old is not None and new is not None:
            changes = list(self._settings(there, old, new))
            setting, former = self._setting(owner, alias, there), self._setting(owner, alias, there, old=True)
            yield from changes or [_changed(there, former, setting, old, new)]
        else:
            if place.topic == "demands" and isinstance(part, Option) and self._has_money(place, part):
                there = replace(there, topic="money")
            words = self._setting(owner, alias, there, old=new is None).words(part)
            yield _whole(there, "added", None, words) if old is None else _whole(there, "removed", words, None)

    def _key(self, part: BaseModel, position: int | None) -> str:
        for definition in (self._new, self._old):
            for rule_id, rule in definition.fee_rules.items():
                if rule is part:
                    return rule_id
        return str(getattr(part, "id", None) or getattr(part, "as_", None) or position)

    def _setting(self, part: BaseModel, alias: str, place: _Place, *, old: bool = False) -> Setting:
        definition = self._old if old else self._new
        return Setting(
            part,
            alias,
            Context(definition.workflow, definition.vocabulary, self._prices, self._questions, place.question),
        )

    def _topic(self, place: _Place, part: BaseModel, alias: str, old: object, new: object) -> Topic:
        if isinstance(part, Definition) and alias in _TOPICS:
            return _TOPICS[alias]
        is_text = isinstance(old, Text) or isinstance(new, Text)
        if is_text and place.topic != "examples" and not (isinstance(part, ConsentField) and alias == "text"):
            return "texts"
        return place.topic

    def _is_counted(self, place: _Place, part: BaseModel) -> bool:
        """Whether a fee counts with a part as a whole: what the map gives, a table, a named value."""
        if isinstance(part, LookUp):
            return self._prices.counts(place.question, part.as_)
        return isinstance(part, Table | Computed) and self._prices.names(part.id)

    def _has_money(self, place: _Place, option: Option) -> bool:
        return any(self._is_money(place, name, value, value) for name, value in option.values.items())

    def _is_money(self, place: _Place, name: str, old: object, new: object) -> bool:
        """Whether the value of an option is about money: every number is, and whatever a fee depends on."""
        numbers = any(isinstance(value, int | float) and not isinstance(value, bool) for value in (old, new))
        return numbers or self._prices.counts(place.question, name)


@cache
def _names_by_alias(model: type[BaseModel]) -> Mapping[str, str]:
    return {info.alias or name: name for name, info in model.model_fields.items()}


def _value(part: BaseModel, name: str, other: BaseModel) -> Any:
    """A setting's value. Of a setting that only the other's model has: what it has when nobody writes it."""
    if type(part) is type(other) or name in type(part).model_fields:
        return getattr(part, name)
    return default_of(type(other).model_fields[name])


def _is_parts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(part, BaseModel) for part in value)


def _is_plain_list(value: object) -> TypeGuard[Sequence[str]]:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _plain_list(
    place: _Place, former: Setting, setting: Setting, old: Sequence[str], new: Sequence[str]
) -> Iterator[Change]:
    """What came and what went of a list of single words; the whole list where its order changed."""
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    left = [[item for item in words if item not in gone and item not in come] for words in (old, new)]
    if setting.name == "moves" or left[0] != left[1]:
        yield _changed(place, former, setting, old, new)
        return
    if come:
        yield _whole(place, "added", None, setting.words(list(come)))
    if gone:
        yield _whole(place, "removed", former.words(list(gone)), None)


def _texts(place: _Place, setting: Setting, old: Text | None, new: Text | None) -> Iterator[Change]:
    before, after = (dict(text.root) if text else {} for text in (old, new))
    for language in LANGUAGES:
        was, now = before.get(language), after.get(language)
        if was != now:
            there = place
            if language != "ja":
                there = replace(
                    place, path=(*place.path, language), subject=f"{place.subject}({language_name(language)})"
                )
            yield _changed(there, setting, setting, was, now)


def _order(
    place: _Place, paired: Sequence[tuple[int | None, int | None]], old: Sequence[BaseModel]
) -> Iterator[Change]:
    order = reordered(paired)
    if order is None:
        return
    was, now = order
    names = ["、".join(f"「{title(old[position]) or position + 1}」" for position in positions) for positions in order]
    places = ["、".join(f"{position + 1}番目" for position in positions) for positions in (was, now)]
    yield _moved(place.inside(subject="順番"), names, places)


def _moved(place: _Place, names: Sequence[str], exact: Sequence[str]) -> Change:
    """Where something was and where it is now, with something exact in brackets where the names are the same."""
    was, now = names if names[0] != names[1] else (f"{name}({more})" for name, more in zip(names, exact, strict=True))
    return _change(place, "moved", was, now)


def _changed(place: _Place, former: Setting, setting: Setting, old: object, new: object) -> Change:
    return _change(place, "changed", *differing(setting, old, new, former))


def _whole(place: _Place, kind: ChangeKind, before: str | None, after: str | None) -> Change:
    return _change(place, kind, before, after)


def _change(place: _Place, kind: ChangeKind, before: str | None, after: str | None) -> Change:
    return Change(place.topic, dotted(place.path), kind, place.subject, before, after)
