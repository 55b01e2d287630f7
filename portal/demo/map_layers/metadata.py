"""Titles and styles of the demo layers: hazards filled at 20 %, zones quieter."""

from geo.layer_import import Kind, LayerMetadata


def _layer(key: str, ja: str, en: str, style: dict[str, object], kind: Kind = "polygon", *, sort: int) -> LayerMetadata:
    title = {"ja": ja, "en": en}
    return LayerMetadata(key, title, kind, style, sort=sort, source="模式図（デモ用に作成）", is_demo=True)


def _area(colour: str, opacity: float, label: str | None = None) -> dict[str, object]:
    style: dict[str, object] = {"fill": colour, "opacity": opacity, "stroke": colour, "width": 1}
    return style | ({"label": label} if label else {})


LAYERS = (
    _layer("flood-zones", "洪水浸水想定", "Flood zones", _area("#4a90f0", 0.2, "depth"), sort=0),
    _layer("collection-zones", "粗大ごみの収集地区", "Bulky-waste zones", _area("#197a4b", 0.12, "zone"), sort=1),
    _layer("school-districts", "通学区域", "School districts", _area("#8a6d00", 0.1, "school"), sort=2),
    _layer("city-roads", "市道の区域", "City roads", _area("#e0a58b", 0.35, "road_name"), sort=3),
    _layer("road-grades", "占用料の級地", "Road grades for fees", _area("#7b6fb8", 0.3, "road_name"), sort=4),
    _layer("road-offices", "道路の担当", "Road offices", _area("#6f8a9a", 0.1, "office"), sort=5),
    _layer("city-boundary", "市の区域", "City boundary", {"stroke": "#00118f", "width": 2, "dash": [8, 6]}, sort=6),
    _layer("place-names", "地名", "Place names", {"label": "name"}, "point", sort=7),
)
