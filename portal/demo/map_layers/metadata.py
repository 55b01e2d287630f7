"""Titles, styles and uses of the demo layers: hazards filled at 20 %, zones quieter."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from geo.layer_import import Kind, LayerMetadata
from portal.demo.map_layers.everyday import ZONES
from portal.demo.map_layers.in_languages import area_words
from portal.maps import PublicUse

_WORDS: Mapping[str, Any] = YAML(typ="safe").load(files(__package__).joinpath("words.yaml").read_text("utf-8"))


def _layer(key: str, ja: str, en: str, style: dict[str, object], kind: Kind = "polygon", *, sort: int) -> LayerMetadata:
    title = {"ja": ja, "en": en} | _WORDS["titles"].get(key, {})
    return LayerMetadata(key, title, kind, style, sort=sort, source="模式図（デモ用に作成）", is_demo=True)


def _area(colour: str, opacity: float, label: str | None = None) -> dict[str, object]:
    style: dict[str, object] = {"fill": colour, "opacity": opacity, "stroke": colour, "width": 1}
    return style | ({"label": label} if label else {})


def _road(colour: str, opacity: float) -> dict[str, object]:
    """Without an outline: seen from afar a city's roads are a thin net that leaves the base map legible."""
    return {"fill": colour, "opacity": opacity, "label": "road_name"}


def _zones() -> dict[str, object]:
    classes = [{"colour": colour, "label": name, "value": name} for name, _coverage, _floor_area, colour in ZONES]
    return {
        "by": "category",
        "property": "用途地域",
        "classes": classes,
        "stroke": "#7a7a7a",
        "width": 1,
        "opacity": 0.3,
    }


LAYERS = (
    _layer("flood-zones", "洪水浸水想定", "Flood zones", _area("#4a90f0", 0.2, "depth"), sort=0),
    _layer("collection-zones", "粗大ごみの収集地区", "Bulky-waste zones", _area("#197a4b", 0.12, "zone"), sort=1),
    _layer("school-districts", "通学区域", "School districts", _area("#8a6d00", 0.1, "school"), sort=2),
    _layer("city-roads", "市道の区域", "City roads", _road("#e0a58b", 0.6), sort=3),
    _layer("road-grades", "占用料の級地", "Road grades for fees", _road("#7b6fb8", 0.3), sort=4),
    _layer("road-offices", "道路の担当", "Road offices", _area("#6f8a9a", 0.1, "office"), sort=5),
    _layer("city-boundary", "市の区域", "City boundary", {"stroke": "#00118f", "width": 2, "dash": [8, 6]}, sort=6),
    _layer("place-names", "地名", "Place names", {"label": "name"}, "point", sort=7),
    _layer("public-facilities", "公共施設", "Public facilities", {"fill": "#00118f"}, "point", sort=8),
    _layer("refuges", "指定緊急避難場所", "Emergency evacuation sites", {"fill": "#197a4b"}, "point", sort=9),
    _layer("garbage-days", "ごみの収集日", "Garbage collection days", _area("#1f7a7a", 0.1), sort=10),
    _layer("zoning", "用途地域", "Zoning (land use)", _zones(), sort=11),
)


def _use(key: str, need: str, name_column: str = "") -> PublicUse:
    words = _WORDS["values"].get(key, {}) | _WORDS["source"] | (area_words() if key == "collection-zones" else {})
    return PublicUse(
        need,
        name_column,
        _WORDS["labels"].get(key, {}),
        words=words if need or len(words) > len(_WORDS["source"]) else {},
    )


USES: Mapping[str, PublicUse] = {
    "public-facilities": _use("public-facilities", "facility"),
    "refuges": _use("refuges", "shelter"),
    "flood-zones": _use("flood-zones", "shelter", "depth"),
    "garbage-days": _use("garbage-days", "collection", "地区"),
    "zoning": _use("zoning", "zoning", "用途地域"),
    "school-districts": _use("school-districts", "other", "school"),
    **{key: _use(key, "") for key in ("collection-zones", "city-roads", "road-grades", "road-offices")},
}
"""What residents use the layers for on their map, if they do, and what their columns are called."""
OWNERS: Mapping[str, str] = {
    "flood-zones": "disaster",
    "refuges": "disaster",
    "collection-zones": "waste",
    "garbage-days": "waste",
    "school-districts": "education",
    **dict.fromkeys(("city-roads", "road-grades", "road-offices"), "road-management"),
}
"""The departments that keep them, by key; none of the demo's keeps what belongs to the whole city."""
HIDDEN: Mapping[str, tuple[str, ...]] = {"public-facilities": ("ID",), "flood-zones": ("rank",)}
"""Columns that residents do not see."""
