"""`quantities`: how many of each of several things."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, Self

from pydantic import Field, JsonValue, model_validator
from typing_extensions import override

from forms.fields.base import CelType, FieldError, ReadContext, Reading
from forms.fields.offering import OffersOptions
from forms.fields.options import Option, ids_differ, value_types
from forms.fields.reader import FormReader
from forms.text.messages import message
from forms.text.numbers import parse_integer
from forms.text.safety import one_line

_COUNT = "count"


class QuantitiesField(OffersOptions):
    """A whole number for each option, none for those that are not wanted; `min` to `max` of them together.

    The answer has `{"id": …, "count": …}` for each that is wanted, in the order of the options. Expressions see the number of all
    (`….count`), that of each (`….sofa`) and the sums of the options' numbers (`….price`, `….points`).
    """

    type: Literal["quantities"]
    min: int = Field(1, ge=0, le=10_000)
    max: int = Field(100, ge=1, le=10_000)
    each_max: int = Field(99, ge=1, le=10_000)

    @model_validator(mode="after")
    def _counts_are_possible(self) -> Self:
        if self.written_options:
            ids_differ(self.written_options)
            names = [name for name in _identifiers(self.written_options) if name in self._summed() or name == _COUNT]
            if names:
                raise ValueError(f"選択肢のID「{'、'.join(names)}」は、合計の名前と同じなので使えません。")
        if self.min > self.max:
            raise ValueError("min が max より大きいので、だれも答えられません。")
        if self.display is not None or (self.source is not None and self.source.table is None):
            raise ValueError("quantities には、display と、table のほかから取る選択肢は書けません。")
        return self

    @property
    @override
    def is_searched(self) -> bool:
        return False

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        value: list[JsonValue] = []
        errors: list[FieldError] = []
        for option in self.offered(context):
            text = one_line(form.text(option.id))
            if not text:
                continue
            count = parse_integer(text) if len(text) <= 20 else None
            if count is None or not 0 <= count <= self.each_max:
                errors.append(FieldError("quantity", option.id, {"max": self.each_max}))
            elif count:
                value.append({**self._named(option), _COUNT: count})
        if not errors and not value:
            return self.absent()
        errors = errors or self.check(value, context)
        return Reading(None if errors else value, tuple(errors))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None or value == []:
            return self.missing()
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            return [FieldError("malformed")]
        ids = [str(item.get("id")) for item in value]
        offered = [option.id for option in self.offered(context)]
        if ids != [option_id for option_id in offered if option_id in ids]:
            return [FieldError("choice_not_offered" if self.source else "choice")]
        for item in value:
            count, named = item.get(_COUNT), {name: part for name, part in item.items() if name != _COUNT}
            if type(count) is not int or not 1 <= count <= self.each_max:
                return [FieldError("quantity", item["id"], {"max": self.each_max})]
            answer: object = named if self.source else named["id"] if named.keys() == {"id"} else None
            if errors := self.option_errors(answer, context):
                return [error.under(item["id"]) for error in errors]
        total = sum(item[_COUNT] for item in value)
        if total < self.min:
            return [FieldError("quantities_min", values={"min": self.min, "now": total})]
        return [FieldError("quantities_max", values={"max": self.max, "now": total})] if total > self.max else []

    @override
    def missing(self) -> list[FieldError]:
        return [FieldError("quantities_min", values={"min": max(self.min, 1), "now": 0})] if self.required else []

    @override
    def normalized(self, value: Any, context: ReadContext) -> Any:
        """`{sofa: 2}`, as examples write it, with what the options are called."""
        if not isinstance(value, dict):
            return value
        options = {option.id: option for option in self.offered(context)}
        if not value.keys() <= options.keys():
            return value
        return [{**self._named(options[name]), _COUNT: value[name]} for name in options if value.get(name)]

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        return {option.id: str(count) for option, count in self.counted(value)}

    @override
    def show(self, value: JsonValue, language: str) -> str:
        return "\n".join(
            message("counted", language, name=option.label.for_language(language), count=count)
            for option, count in self.counted(value)
        )

    @override
    def cel_types(self) -> dict[str, CelType]:
        names: dict[str, CelType] = dict.fromkeys(_identifiers(self.written_options), "int")
        return {"": "list<string>", **names, _COUNT: "int", **self._summed()}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        counted = list(self.counted(value))
        numbers: dict[str, Any] = dict.fromkeys(_identifiers(self.written_options), 0)
        numbers |= {option.id: count for option, count in counted if option.id in numbers}
        numbers |= {name: sum(_number(option, name) * count for option, count in counted) for name in self._summed()}
        return {"": [option.id for option, _ in counted], **numbers, _COUNT: sum(count for _, count in counted)}

    def counted(self, value: object) -> Iterator[tuple[Option, int]]:
        """The options of an answer with their numbers."""
        for item in value if isinstance(value, list) else ():
            if isinstance(item, dict) and type(item.get(_COUNT)) is int:
                named = {name: part for name, part in item.items() if name != _COUNT}
                option = self.chosen(named if self.source else item.get("id"))
                if option is not None:
                    yield option, item[_COUNT]

    def _named(self, option: Option) -> dict[str, JsonValue]:
        answer = self.answer(option)
        return answer if isinstance(answer, dict) else {"id": option.id}

    def _summed(self) -> dict[str, CelType]:
        """The numbers of the options, of which expressions see the sums."""
        types = value_types(self.written_options) if self.written_options else self.option_types()
        return {name: kind for name, kind in types.items() if kind in ("int", "double")}


def _number(option: Option, name: str) -> float:
    value = option.all_values.get(name)
    return value if isinstance(value, int | float) else 0


def _identifiers(options: object) -> list[str]:
    """The ids of options that expressions can name."""
    ids = [option.id for option in options] if isinstance(options, list) else []
    return [name for name in ids if name.isidentifier() and not name[0].isdigit()]
