"""The layers of the residents' map, and what is told of a feature: never a layer that residents may not see, nor a column hidden from them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from geo.catalogue import Entry, entries
from geo.style import LayerStyle
from portal.core.text import current_language, pick
from portal.maps.column_words import ADDRESSES, NAMES, READINGS, column_label, first_of
from portal.maps.hazards import tells_hazards
from portal.maps.layers import style_of
from portal.maps.public_use import NEEDS, PublicUse, use_of
from portal.maps.value_words import in_words, is_beside, is_for_readers, value_in_words


@dataclass(frozen=True)
class Told:
    """A value of a feature: the column, what it is called, and the value in words. `is_ours`: the label is in the reader's language."""

    column: str
    label: str
    value: str
    is_ours: bool

    @property
    def is_link(self) -> bool:
        """Whether the value is an address of the web."""
        return self.value.startswith(("https://", "http://"))


@dataclass(frozen=True)
class PublicMapLayer:
    """A layer of the catalogue on the residents' map."""

    entry: Entry
    use: PublicUse

    @property
    def key(self) -> str:
        """Its key in the catalogue."""
        return self.entry.key

    @property
    def kind(self) -> str:
        """polygon | line | point."""
        return self.entry.kind

    @property
    def need(self) -> str:
        """What residents look for in it."""
        return self.use.need

    @property
    def is_about_places(self) -> bool:
        """Whether it is asked what it says at a place, and not which of its features are near."""
        return self.entry.kind == "polygon" and self.use.need not in ("facility", "works")

    @property
    def tiles(self) -> str:
        """The address of its tiles, with `{z}`, `{x}` and `{y}` in it."""
        return f"/map/layers/{self.entry.key}/{{z}}/{{x}}/{{y}}.mvt"

    @property
    def version(self) -> int | None:
        """The version of its tiles."""
        return self.entry.version

    @property
    def title(self) -> str:
        """What it is called, in the reader's language."""
        return pick(self.entry.title)

    @property
    def style(self) -> dict[str, Any]:
        """How it is drawn."""
        return style_of(self.entry.kind, self.entry.style)

    @property
    def drawing(self) -> LayerStyle:
        """The style in words of its classes, for its legend."""
        return LayerStyle.stored(self.style)

    @property
    def columns(self) -> list[str]:
        """The columns that residents see."""
        return [name for name in self.entry.columns if name not in self.entry.hidden_columns]

    @property
    def name_column(self) -> str:
        """The column that names its features; "" without one."""
        return self.use.name_column or first_of(self.columns, NAMES)

    @property
    def search_columns(self) -> list[str]:
        """The column of names, and those of their readings and of names in other languages; none where features have no names."""
        name = self.name_column
        readings = first_of(self.columns, READINGS)
        others = [column for column in self.columns if column == readings or is_beside(column, name)]
        return [name, *others] if name else []

    @property
    def tells_hazards(self) -> bool:
        """Whether it says for which disasters a place of refuge is meant."""
        return tells_hazards(dict.fromkeys(self.columns))

    def name_of(self, properties: Mapping[str, Any]) -> str:
        """What a feature is called, in the reader's language as far as the layer has it (`portal.maps.value_words`); else the layer's title."""
        return value_in_words(properties, self.name_column, self.use.words) or self.title

    def in_words(self, text: str) -> str:
        """A text of the layer, such as one of its legend, in the reader's language where the layer has words for it."""
        return in_words(text, self.use.words)

    def address_of(self, properties: Mapping[str, Any]) -> str:
        """Its address; "" without one."""
        return str(properties.get(first_of(self.columns, ADDRESSES)) or "")

    def label_of(self, column: str) -> tuple[str, bool]:
        """What a column is called, and whether that is in the reader's language."""
        label = column_label(self.use.labels, column)
        return (label, True) if label else (column, False)

    def told(self, properties: Mapping[str, Any]) -> Iterator[Told]:
        """Every value of a feature that residents see, in the order of the columns."""
        for column in self.columns:
            value = properties.get(column)
            if value is None or value == "" or column == self.name_column or self._is_told_elsewhere(column):
                continue
            label, is_ours = self.label_of(column)
            yield Told(column, label, value_in_words(properties, column, self.use.words), is_ours)

    def _is_told_elsewhere(self, column: str) -> bool:
        """Names in another language stand in place of the name there; how a name is read is told to those who read it in Japanese."""
        if current_language() == "ja" and column in READINGS:
            return False
        return is_for_readers(self.entry.columns, column)

    @property
    def source(self) -> str:
        """Where it comes from, as maps attribute it."""
        return self.in_words(self.entry.attribution or self.entry.source)

    @property
    def data_date(self) -> date | None:
        """The day as of which it is right."""
        return self.entry.data_date


def public_layers(session: Session) -> list[PublicMapLayer]:
    """The layers in use that everybody may see, that have features, and that are used for something on the residents' map."""
    shown = ((entry, use_of(entry)) for entry in entries(session) if entry.in_use and entry.visible_to == "public")
    return [PublicMapLayer(entry, use) for entry, use in shown if use.need in NEEDS and entry.features]
