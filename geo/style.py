"""How a layer is drawn: one colour, a colour for each value of a property, or a colour for each range of its numbers; and what its legend says.

One description serves every map: those of scripts (static/js/map/layer-style.js reads it), of folium, and the legend.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
By = Literal["category", "range"]
MAX_CLASSES = 12
"""More colours than these nobody tells apart on a map."""
MIN_ZOOM, MAX_ZOOM = 11, 21

CATEGORIES: tuple[Colour, ...] = (
    *("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"),
    *("#8a6d00", "#5b5b9e", "#7a7a7a", "#a3561d", "#1f7a7a", "#b02a5b"),
)
"""Colours for values: first those that Okabe and Ito chose for people who do not see all colours (Color Universal Design, 2008)."""
_RANGES: tuple[tuple[int, int, int], ...] = (
    (253, 231, 155),
    (122, 201, 168),
    (52, 134, 157),
    (58, 75, 140),
    (49, 21, 89),
)
"""From light to dark in even steps of lightness, so that the order is seen without colour."""


class StyleClass(BaseModel):
    """Features of one colour: by category those whose property is `value`, by range those up to and with `upper` (None: all above)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    colour: Colour
    label: Annotated[str, StringConstraints(max_length=60)] = ""
    value: Annotated[str, StringConstraints(max_length=200)] | None = None
    upper: float | None = Field(default=None, allow_inf_nan=False)


class LayerStyle(BaseModel):
    """The style of a layer as it is stored. `fill` and `stroke` are the colours of areas, lines and points that no class colours.

    `opacity` is that of fills and lines, `width` (pixels) and `dash` those of lines and outlines. `label` names the property that stands
    beside points, and in areas and on lines that have room for it. `other` is the colour of features in no class; without it they are not drawn.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    fill: Colour | None = None
    stroke: Colour | None = None
    width: float = Field(default=2, ge=0, le=12)
    opacity: float = Field(default=0.2, ge=0, le=1)
    dash: tuple[float, ...] = Field(default=(), max_length=4)
    label: str | None = None
    by: By | None = None
    property: str | None = None
    classes: tuple[StyleClass, ...] = Field(default=(), max_length=MAX_CLASSES)
    other: Colour | None = None
    min_zoom: int | None = Field(default=None, ge=MIN_ZOOM, le=MAX_ZOOM)
    max_zoom: int | None = Field(default=None, ge=MIN_ZOOM, le=MAX_ZOOM)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.by is None:
            if self.classes or self.property:
                raise ValueError("classes")
            return self
        if not self.property or not self.classes:
            raise ValueError("classes")
        if self.by == "category" and any(each.value is None for each in self.classes):
            raise ValueError("value")
        if self.by == "range":
            limits = [each.upper for each in self.classes[:-1]]
            if None in limits or list(limits) != sorted(set(limits), key=lambda limit: limit or 0):
                raise ValueError("upper")
        return self

    @classmethod
    def stored(cls, style: Mapping[str, Any]) -> "LayerStyle":
        """A style as the catalogue holds it."""
        return cls.model_validate(style)

    def as_stored(self) -> dict[str, Any]:
        """The same as plain data, without what is as usual."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def class_colour(self, properties: Mapping[str, Any]) -> str | None:
        """The colour of a feature by its class; None where it is not drawn, and for a style without classes (static/js/map/layer-style.js)."""
        value = properties.get(self.property or "")
        if self.by == "category":
            chosen = next((each for each in self.classes if _is_value(each.value or "", value)), None)
        else:
            number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
            chosen = next((each for each in self.classes if number is not None and _reaches(each.upper, number)), None)
        return chosen.colour if chosen else self.other

    def legend(self) -> Iterator["LegendEntry"]:
        """The classes with their words, and what is in none; nothing for a layer of one colour."""
        lower: float | None = None
        for each in self.classes:
            words = each.label or (each.value if self.by == "category" else _range(lower, each.upper))
            yield LegendEntry(each.colour, words or "")
            lower = each.upper
        if self.by and self.other:
            yield LegendEntry(self.other, None)


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A colour and what it stands for; None for features in no class."""

    colour: str
    text: str | None


def _is_value(text: str, value: Any) -> bool:
    """Whether a property has the value of a class, as texts of scripts compare: numbers by their size, true and false in small letters."""
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, int | float):
        try:
            return float(text) == value
        except ValueError:
            return False
    return value is not None and text == str(value)


def _reaches(upper: float | None, number: float) -> bool:
    return upper is None or number <= upper


def range_colours(count: int) -> list[str]:
    """So many colours from light to dark."""
    steps = len(_RANGES) - 1
    return [_between(step * steps / max(count - 1, 1)) for step in range(count)]


def _between(position: float) -> str:
    first = min(int(position), len(_RANGES) - 2)
    share = position - first
    mixed = (round(a + (b - a) * share) for a, b in zip(_RANGES[first], _RANGES[first + 1], strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _range(lower: float | None, upper: float | None) -> str:
    if upper is None:
        return "" if lower is None else f"{lower:,g}〜"
    return f"〜{upper:,g}" if lower is None else f"{lower:,g}〜{upper:,g}"
