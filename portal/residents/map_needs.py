"""What residents look for on the map, in their words, and the layers in which they find it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from geo.style import LayerStyle
from portal.cases import (
    layers_for_everybody,
    public_titles,
)
from portal.cases.case_layers import CaseLayer
from portal.core.text import _, date_ja, listed
from portal.maps import NEEDS, PublicMapLayer, Told, public_layers
from portal.procedures import Offer


@dataclass(frozen=True)
class WorksLayer:
    """A layer of permitted places that everybody sees."""

    layer: CaseLayer
    need = "works"
    version = None
    data_date = None

    @property
    def key(self) -> str:
        """What it is called by."""
        return self.layer.key

    @property
    def title(self) -> str:
        """What it is called."""
        return self.layer.title

    @property
    def kind(self) -> str:
        """polygon | line | point."""
        return self.layer.kind

    @property
    def style(self) -> dict[str, Any]:
        """How it is drawn."""
        return dict(self.layer.style)

    @property
    def drawing(self) -> LayerStyle:
        """The style in words of its classes, for its legend."""
        return LayerStyle.stored(self.style)

    @property
    def tiles(self) -> str:
        """The address of its tiles."""
        return f"/ogc/collections/{self.layer.key}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}"

    @property
    def source(self) -> str:
        """Where it comes from."""
        return _("市の許可の記録(いまの内容)")

    def name_of(self, properties: Mapping[str, Any]) -> str:
        """What is there, as the application said; else what the layer is called."""
        return next((told.value for told in self.told(properties) if not told.column.endswith("_on")), self.title)

    def in_words(self, text: str) -> str:
        """A text of its legend, which is in the reader's language already."""
        return text

    def address_of(self, properties: Mapping[str, Any]) -> str:  # noqa: ARG002 - a permitted place has no address
        """None is told."""
        return ""

    def told(self, properties: Mapping[str, Any]) -> list[Told]:
        """What the definition lets everybody see."""
        values = ((column, properties.get(column.name)) for column in self.layer.columns)
        return [
            Told(column.name, column.label, _value(column.kind, column.words, value), is_ours=True)
            for column, value in values
            if value not in (None, "")
        ]


def _value(kind: str, words: Mapping[str, str], value: object) -> str:
    if kind == "date" and isinstance(value, str):
        return date_ja(date.fromisoformat(value), year=True)
    if isinstance(value, list):
        return listed(words.get(str(each), str(each)) for each in value)
    return words.get(str(value), str(value))


ShownLayer = PublicMapLayer | WorksLayer
"""A layer on the residents' map."""


def need_titles() -> dict[str, tuple[str, str, str]]:
    """Title, a line about it, and picture of each need."""
    return {
        "facility": (_("施設をさがす"), _("場所と、いま開いているか"), "building"),
        "shelter": (_("避難所・ハザードマップ"), _("災害ごとの避難場所と、浸水の想定"), "shield"),
        "collection": (_("ごみの収集日"), _("住所ごとの、次の収集日"), "bin"),
        "works": (_("工事中の道路"), _("市が許可した工事の場所と期間"), "road"),
        "zoning": (_("用途地域を調べる"), _("建てられる建物の決まり"), "layers"),
        "other": (_("そのほかの区域・施設"), _("通学区域など"), "map"),
    }


class MapNeeds:
    """The needs for which a city has something, with their layers. The layers are read when the first is asked for.

    `offers` are the procedures of the city, which say whether places of their cases are shown to everybody.
    """

    def __init__(self, session: Session, offers: Sequence[Offer]) -> None:
        self._session = session
        self.offers = offers

    @cached_property
    def catalogued(self) -> Sequence[PublicMapLayer]:
        """The layers of the catalogue."""
        return public_layers(self._session)

    @cached_property
    def works(self) -> Sequence[WorksLayer]:
        """The layers of permitted places."""
        return [WorksLayer(layer) for layer in layers_for_everybody(self._session)]

    @cached_property
    def offered(self) -> list[str]:
        """The needs with layers, in their order."""
        present = {layer.need for layer in self.catalogued} | (
            {"works"} if any(map(public_titles, self.offers)) else set()
        )
        return [need for need in NEEDS if need in present]

    def of(self, need: str) -> list[PublicMapLayer]:
        """The catalogued layers of a need."""
        return [layer for layer in self.catalogued if layer.need == need]

    def drawn(self, need: str) -> list[ShownLayer]:
        """Every layer of a need, as the map draws them."""
        return [*self.of(need), *(self.works if need == "works" else ())]

    def layer(self, key: str) -> ShownLayer | None:
        """The layer of a key, if residents may see it."""
        everything: Sequence[ShownLayer] = self.works if "." in key else self.catalogued
        return next((layer for layer in everything if layer.key == key), None)
