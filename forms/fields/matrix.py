"""`matrix`: the same scale for each of several things (一人でできる, 手伝いがいる)."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator
from typing_extensions import override

from forms.fields.base import CelType, FieldError, FieldId, FieldType, ReadContext, Reading
from forms.fields.options import Option, ids_differ, value_types
from forms.fields.reader import FormReader
from forms.text.localized import Text
from forms.text.ways import ways_of


class MatrixRow(BaseModel):
    """One thing that is rated."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: FieldId
    label: Text
    help: Text | None = None


class MatrixField(FieldType):
    """One of the `scale` for each of the `rows`; all of them if the question must be answered.

    Expressions see what was chosen for each row (`….bathing`) and the sums of the scale's numbers (`….points`).
    """

    missing_code: ClassVar[str] = "choice_missing"
    type: Literal["matrix"]
    rows: list[MatrixRow] = Field(min_length=1, max_length=60)
    scale: list[Option] = Field(min_length=2, max_length=10)

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        ids_differ(self.scale)
        types = value_types(self.scale)
        ids = [row.id for row in self.rows]
        if len(set(ids)) < len(ids):
            raise ValueError("rows に、同じ id が2つあります。")
        if clash := types.keys() & set(ids):
            raise ValueError(f"rows の id「{'、'.join(sorted(clash))}」は、scale の値の名前と同じなので使えません。")
        if any(option.show_when for option in self.scale):
            raise ValueError("scale の選択肢に、show_when は書けません。")
        return self

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        texts = {row.id: form.text(row.id) for row in self.rows}
        value: dict[str, JsonValue] = {name: text for name, text in texts.items() if text}
        if not value:
            return self.absent()
        errors = self.check(value, context)
        return Reading(None if errors else value, tuple(errors))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if value is None or value == {}:
            return self.missing()
        ids = {row.id for row in self.rows}
        if not isinstance(value, dict) or not value.keys() <= ids:
            return [FieldError("malformed")]
        errors = []
        for row in self.rows:
            if row.id not in value:
                errors += [FieldError(self.missing_code, row.id)] if self.required else []
            elif self._option(value[row.id]) is None:
                errors.append(FieldError("choice", row.id))
        return errors

    @override
    def missing(self) -> list[FieldError]:
        return [FieldError(self.missing_code, row.id) for row in self.rows] if self.required else []

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        return {row.id: option.id for row, option in self._rated(value)}

    @override
    def show(self, value: JsonValue, language: str) -> str:
        return "\n".join(
            ways_of(language).labelled(row.label.for_language(language), option.label.for_language(language))
            for row, option in self._rated(value)
        )

    @override
    def cel_types(self) -> dict[str, CelType]:
        rows: dict[str, CelType] = {row.id: "string" for row in self.rows}
        return {**rows, **self._summed()}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        rated = list(self._rated(value))
        sums = {
            name: sum(option.all_values[name] for _, option in rated)  # type: ignore[misc] # only numbers are summed
            for name in self._summed()
        }
        return {**{row.id: option.id for row, option in rated}, **sums}

    def _option(self, option_id: object) -> Option | None:
        return next((option for option in self.scale if option.id == option_id), None)

    def _rated(self, value: object) -> Iterator[tuple[MatrixRow, Option]]:
        for row in self.rows if isinstance(value, dict) else ():
            option = self._option(value.get(row.id)) if isinstance(value, dict) else None
            if option is not None:
                yield row, option

    def _summed(self) -> dict[str, CelType]:
        return {name: kind for name, kind in value_types(self.scale).items() if kind in ("int", "double")}
