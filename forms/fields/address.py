"""`address`: a place where mail arrives, in Japan or, where the definition says so, abroad."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, Self, TypeGuard

from pydantic import JsonValue, model_validator
from typing_extensions import override

from forms.fields.base import CelType, FieldError, ReadContext, Reading
from forms.fields.parts import PartsField
from forms.fields.reader import FormReader
from forms.fields.text_limits import text_errors
from forms.text.addresses import (
    PREFECTURES,
    house_number,
    joined_place,
    parse_postal_code,
    parse_prefecture,
    show_postal_code,
)
from forms.text.countries import countries, country_choices, country_name
from forms.text.localized import Text
from forms.text.safety import clean_lines, one_line
from writing.folding import ANSWER, single_spaces

HOME = "JP"
_ABROAD = ("country", "lines")
_MAX_LENGTH_ABROAD = 300
_SEVEN_DIGITS = re.compile(r"[0-9]{7}")


class AddressField(PartsField):
    """Postal code, prefecture, city, town, block and number, building and room.

    The block is free text, since some places have 地番 only (泉町1156番地の9), and some have no town name. Abroad there are
    a country and lines as they are written there. CEL sees `<id>.country` (`JP` in Japan) where `abroad` is set.

    `in_city` demands that it is in the city that the procedure runs in, or with false that it is not; `in_city_message` is what
    somebody reads otherwise.
    """

    type: Literal["address"]
    #: Whether a place outside Japan is taken too: `{country: DE, lines: …}`, the country as ISO 3166-1 code.
    abroad: bool = False
    in_city: bool | None = None
    in_city_message: Text | None = None

    @model_validator(mode="after")
    def _message_has_its_rule(self) -> Self:
        if self.in_city_message is not None and self.in_city is None:
            raise ValueError("in_city_message だけでは働きません。in_city も書いてください。")
        return self

    parts = ("postal_code", "prefecture", "city", "town", "block", "building")
    optional = frozenset({"postal_code", "town", "building"})

    @property
    def prefectures(self) -> tuple[str, ...]:
        """The prefectures to choose from."""
        return PREFECTURES

    @override
    def read(self, form: FormReader, context: ReadContext) -> Reading:
        country, lines = one_line(form.text("country")), clean_lines(form.text("lines"))
        if not self.abroad or not (country or lines):
            return _in_japanese(super().read(form, context), context)
        value: dict[str, JsonValue] = {
            part: text for part, text in (("country", country), ("lines", ANSWER(lines))) if text
        }
        errors = self._errors_abroad(value)
        return Reading(None if errors else value, tuple(errors))

    @override
    def check(self, value: object, context: ReadContext) -> list[FieldError]:
        if self.abroad and _is_abroad(value):
            return self._errors_abroad(value)
        errors = super().check(value, context)
        if not self.abroad:
            return errors
        elsewhere = FieldError("prefecture_or_abroad", "prefecture")
        return [elsewhere if error.code == "prefecture_missing" else error for error in errors]

    def _errors_abroad(self, value: Mapping[str, object]) -> list[FieldError]:
        if not set(value) <= set(_ABROAD):
            return [FieldError("malformed")]
        country = value.get("country")
        errors = [] if isinstance(country, str) and country in countries() else [FieldError("country", "country")]
        lines = value.get("lines")
        if lines is None:
            return [*errors, FieldError("lines_missing", "lines")]
        if not isinstance(lines, str) or not lines.strip():
            return [FieldError("malformed", "lines")]
        return errors + [error.under("lines") for error in text_errors(lines, max_length=_MAX_LENGTH_ABROAD)]

    def countries(self, language: str) -> tuple[tuple[str, str], ...]:
        """Code and name of the countries to choose from."""
        return country_choices(language)

    @override
    def tidy(self, part: str, text: str) -> str:
        if part == "postal_code":
            return parse_postal_code(text) or text
        if part == "prefecture":
            return parse_prefecture(text)
        if part in ("block", "building"):
            return house_number(text)
        return single_spaces(ANSWER(text))

    @override
    def part_errors(self, part: str, text: str) -> list[FieldError]:
        if part == "postal_code" and not _SEVEN_DIGITS.fullmatch(text):
            return [FieldError("postal_code")]
        if part == "prefecture" and text not in PREFECTURES:
            return [FieldError("prefecture")]
        return []

    @override
    def texts(self, value: object) -> dict[str, str]:
        if _is_abroad(value):
            return {part: text for part in _ABROAD if isinstance(text := value.get(part), str) and text}
        return super().texts(value)

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        texts = self.texts(value)
        if _SEVEN_DIGITS.fullmatch(texts.get("postal_code", "")):
            texts["postal_code"] = show_postal_code(texts["postal_code"])
        return dict(texts)

    @override
    def show(self, value: JsonValue, language: str) -> str:
        texts = self.texts(value)
        if "country" in texts:
            written = ", ".join(line.strip(", ") for line in texts.get("lines", "").splitlines())
            return f"{country_name(texts['country'], language)} {written}".strip()
        code = texts.get("postal_code")
        place = joined_place(*(texts.get(part, "") for part in ("prefecture", "city", "town", "block")))
        lines = [f"〒{show_postal_code(code)}" if code else "", place, texts.get("building", "")]
        return " ".join(line for line in lines if line)

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"": "string", **super().cel_types()} | ({"country": "string"} if self.abroad else {})

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        values = super().cel_values(value, facts)
        if values and self.abroad:
            values["country"] = self.texts(value).get("country", HOME)
        return {"": self.show(value, "ja"), **values} if values else {}


def _in_japanese(reading: Reading, context: ReadContext) -> Reading:
    """A reading in which the city that the procedure runs in has its own name, in whichever script it was typed."""
    value = reading.value
    if not isinstance(value, dict) or not isinstance(city := value.get("city"), str):
        return reading
    named = context.home.in_japanese(city, str(value.get("prefecture", "")))
    return replace(reading, value={**value, "city": named})


def _is_abroad(value: object) -> TypeGuard[Mapping[str, object]]:
    """Whether a value is an address abroad: it names a country, or free lines without one."""
    return isinstance(value, Mapping) and bool({"country", "lines"} & set(value))
