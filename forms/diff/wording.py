"""The content of a definition in words: numbers with their units, days and codes as clerks say them, texts in quotes."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined, to_jsonable_python

from forms.catalogue.vocabulary import Vocabulary
from forms.definition.computed import Computed
from forms.definition.diagnostics import shown
from forms.definition.example import WrittenExample
from forms.definition.fee import FeeRule, FeeTotal, Reduction
from forms.definition.payout import Budget, PayoutRule
from forms.definition.place_rules import LookUp
from forms.definition.step import Step
from forms.definition.table import Table
from forms.definition.workflow import WorkflowUse
from forms.diff.names import code_word, names_questions, setting_name, title
from forms.diff.prices import Prices
from forms.diff.units import unit_of
from forms.fields import FieldType
from forms.fields.bounds import bound_in_words
from forms.fields.integer import WholeNumber
from forms.fields.options import Option
from forms.text.localized import Text
from forms.text.numbers import MAX_NUMBER

_NOTHING: Final = "なし"
_WHOLE_UP_TO: Final = 120
"""Longer texts are shown around what differs."""
_AROUND: Final = 25
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def canonical(value: object) -> str:
    """What a value is, to the last detail: two values are the same when this is. 1, 1.0 and true differ."""
    return json.dumps(to_jsonable_python(value, by_alias=True), sort_keys=True)


def is_plain_number(expression: object) -> bool:
    """Whether an expression is a number and no formula."""
    return isinstance(expression, str) and bool(_NUMBER.fullmatch(expression))


def default_of(info: FieldInfo) -> object:
    """What a setting has when nobody writes it; None where it must be written."""
    default = info.get_default(call_default_factory=True, validated_data={})
    return None if default is PydanticUndefined else default


def same(old: object, new: object) -> bool:
    """Whether two parts say the same, as `canonical` has it."""
    if old is new:
        return True
    if type(old) is not type(new):
        return canonical(old) == canonical(new)
    if isinstance(old, BaseModel):
        return all(same(getattr(old, name), getattr(new, name)) for name in type(old).model_fields)
    if isinstance(old, list | tuple) and isinstance(new, list | tuple):
        return len(old) == len(new) and all(map(same, old, new))
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(same(value, new[key]) for key, value in old.items())
    return old == new


@dataclass(frozen=True)
class Context:
    """What words depend on besides the part itself: the workflow, shared words, the fees, the questions, and the one around it."""

    workflow: WorkflowUse
    vocabulary: Vocabulary
    prices: Prices
    questions: Mapping[str, FieldType]
    question: str = ""


@dataclass(frozen=True)
class Setting:
    """A setting of one part of a definition, whose values are put into words.

    `entry` is the name of the value where a setting has several: the price of an option.
    """

    part: BaseModel
    name: str
    context: Context
    entry: str = ""

    def words(self, value: object) -> str:
        """The value in one line."""
        if isinstance(value, int | float):
            return self._number(value)
        if isinstance(value, str | Text):
            return self._text(value) if isinstance(value, str) else _quoted(value.ja)
        if isinstance(value, date):
            return _day(value)
        if isinstance(value, BaseModel):
            return summary(value, self.context) or _quoted(title(value))
        if isinstance(value, Mapping):
            return "、".join(self._named(str(key), item) for key, item in value.items()) or _NOTHING
        if isinstance(value, Sequence):
            return "、".join(_item(item, self) for item in value) or _NOTHING
        return _NOTHING if value is None else _quoted(str(value))

    def _number(self, value: float) -> str:
        if isinstance(value, bool):
            yes, no = ("必須", "任意") if self.name == "required" else ("はい", "いいえ")
            return yes if value else no
        if isinstance(self.part, WholeNumber) and abs(value) == MAX_NUMBER:
            return _NOTHING
        whole = int(value) if isinstance(value, float) and value.is_integer() and abs(value) < MAX_NUMBER else value
        return f"{whole:,}{'円' if self.is_yen(value) else unit_of(self.part, self.name)}"

    def is_yen(self, value: object) -> bool:
        """Whether a number here is an amount of money."""
        if isinstance(self.part, FeeRule | FeeTotal | Reduction | PayoutRule | Budget):
            return self.name in ("amount", "max_amount", "minimum", "maximum", "total", "second_person_above")
        question = self.context.question
        match self.part:
            case Option() | Table():
                name = self.entry
            case LookUp():
                name = self.part.as_
            case Computed():
                question, name = "", self.part.id
            case _:
                return False
        return self.context.prices.is_yen(question, name, value)

    def _named(self, key: str, value: object) -> str:
        words = replace(self, entry=key).words(value)
        return f"{self.key(key)}({words})" if isinstance(value, Mapping | list) else f"{self.key(key)} {words}"

    def key(self, key: str) -> str:
        """The name of one of several values: a question by its label, the moment of a fee in words."""
        if names_questions(self.name) and key in self.context.questions:
            return title(self.context.questions[key])
        name = "moment" if self.name == "fee" else self.name
        return code_word(self.part, name, key, self.context.workflow, self.context.vocabulary) or shown(key)

    def _text(self, text: str) -> str:
        if self.name in ("min", "max") and (bound := bound_in_words(text)):
            return bound
        if self.name in ("amount", "value") and is_plain_number(text):
            return self._number(float(text) if "." in text else int(text))
        if names_questions(self.name) and text in self.context.questions and self.name not in ("answers", "facts"):
            return _quoted(title(self.context.questions[text]))
        return code_word(self.part, self.name, text, self.context.workflow, self.context.vocabulary) or _quoted(text)


def summary(part: BaseModel, context: Context) -> str:
    """What a part says beyond its name, setting by setting; what it leaves at its default is left out."""
    settings: list[str] = []
    if isinstance(part, FieldType):
        context = replace(context, question=part.id)
    for name, info in type(part).model_fields.items():
        value = getattr(part, name)
        alias = info.alias or name
        if alias in ("id", "title", "label") or _says_its_title(part, value):
            continue
        if alias not in ("required", "type") and same(value, default_of(info)):
            continue
        words = _in_short(part, value) or Setting(part, alias, context).words(value)
        settings.append(words if alias == "required" else f"{setting_name(type(part), alias)} {words}")
    return "、".join(settings)


def _says_its_title(part: BaseModel, value: object) -> bool:
    return title(part) == (value.ja if isinstance(value, Text) else value)


def _in_short(part: BaseModel, value: object) -> str:
    """What is only counted or named in a summary: the answers of an example, the questions of a page."""
    if isinstance(part, WrittenExample) and isinstance(value, Mapping):
        return f"{len(value)}個"
    if isinstance(part, Step) and isinstance(value, tuple) and all(isinstance(field, FieldType) for field in value):
        return "、".join(_quoted(title(field)) for field in value)
    return ""


def _item(item: object, setting: Setting) -> str:
    """One of a list: a part by its name, with what it says in brackets."""
    if not isinstance(item, BaseModel) or isinstance(item, Text):
        return setting.words(item)
    more = summary(item, setting.context)
    return f"{_quoted(title(item))}({more})" if more and title(item) else more or _quoted(title(item))


def differing(setting: Setting, old: object, new: object, former: Setting | None = None) -> tuple[str, str]:
    """Two unequal values in words that differ, too: what cannot be seen or said is written so that it can.

    `former` is the setting of the old value where it is another one.
    """
    if isinstance(old, str) and isinstance(new, str) and max(len(old), len(new)) > _WHOLE_UP_TO:
        old, new = _around_difference(old, new)
    before, after = (former or setting).words(old), setting.words(new)
    if before == after:
        before, after = _made_visible(old), _made_visible(new)
    if before == after:
        before, after = canonical(old), canonical(new)
    return before, after


def _around_difference(old: str, new: str) -> tuple[str, str]:
    """The parts in which two long texts differ, with a little of what stands around them."""
    shorter = min(len(old), len(new))
    start = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    end = next((place for place in range(shorter - start) if old[-1 - place] != new[-1 - place]), shorter - start)
    first = max(0, start - _AROUND)
    last = max(0, end - _AROUND)

    def part(text: str) -> str:
        stop = len(text) - last
        return f"{'…' if first else ''}{text[first:stop]}{'…' if last else ''}"

    return part(old), part(new)


def _quoted(text: str) -> str:
    """The text in one line, in quotes."""
    line = " ".join(text.split())
    return f"「{''.join(character if character.isprintable() else '□' for character in line)}」"


def _made_visible(value: object) -> str:
    """A value with its spaces, line ends and invisible characters shown."""
    text = value if isinstance(value, str) else json.dumps(to_jsonable_python(value, by_alias=True), ensure_ascii=False)
    marks = {" ": "␣", "\u3000": "[全角の空白]", "\n": "↵", "\t": "⇥"}
    line = "".join(
        marks.get(character) or (character if character.isprintable() else f"[U+{ord(character):04X}]")
        for character in text
    )
    return f"「{line}」" if isinstance(value, str) else line


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
