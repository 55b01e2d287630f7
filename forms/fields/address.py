"""`address`: a place in Japan where mail arrives."""

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import JsonValue
from typing_extensions import override

from forms.fields.base import CelType, Problem
from forms.fields.parts import PartsField
from forms.text.places import PREFECTURES, house_number, parse_postal_code, parse_prefecture, show_postal_code
from writing.folding import ANSWER, single_spaces

_SEVEN_DIGITS = re.compile(r"[0-9]{7}")


class AddressField(PartsField):
    """Postal code, prefecture, city, town, block and number, building and room.

    The block is free text, since some places have 地番 only (泉町1156番地の9), and some have no town name.
    """

    type: Literal["address"]

    parts = ("postal_code", "prefecture", "city", "town", "block", "building")
    optional = frozenset({"postal_code", "town", "building"})

    @property
    def prefectures(self) -> tuple[str, ...]:
        """The prefectures to choose from."""
        return PREFECTURES

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
    def part_problems(self, part: str, text: str) -> list[Problem]:
        if part == "postal_code" and not _SEVEN_DIGITS.fullmatch(text):
            return [Problem("postal_code")]
        if part == "prefecture" and text not in PREFECTURES:
            return [Problem("prefecture")]
        return []

    @override
    def inputs(self, value: JsonValue) -> dict[str, str | list[str]]:
        texts = self.texts(value)
        if _SEVEN_DIGITS.fullmatch(texts.get("postal_code", "")):
            texts["postal_code"] = show_postal_code(texts["postal_code"])
        return dict(texts)

    @override
    def show(self, value: JsonValue, language: str) -> str:
        texts = self.texts(value)
        code = texts.get("postal_code")
        place = "".join(texts.get(part, "") for part in ("prefecture", "city", "town", "block"))
        lines = [f"〒{show_postal_code(code)}" if code else "", place, texts.get("building", "")]
        return " ".join(line for line in lines if line)

    @override
    def cel_types(self) -> dict[str, CelType]:
        return {"": "string", **super().cel_types()}

    @override
    def cel_values(self, value: JsonValue, facts: Mapping[str, object]) -> dict[str, object]:
        values = super().cel_values(value, facts)
        return {"": self.show(value, "ja"), **values} if values else {}
