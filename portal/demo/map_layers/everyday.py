"""Made-up layers of everyday life: facilities with hours, places of refuge, days of refuse collection, zoning.

Names, hours and rules follow from the other demo layers by fixed lists, so that a city has the same ones whenever it is loaded. Columns are
those of the municipal open data standard.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shapely import STRtree, points
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from portal.demo.map_layers.in_languages import area_names, facility_names, hall_names, school_names

Feature = dict[str, Any]

_REMARK = "見本のデータです。実際の施設ではありません。"
# What is called so, its days, hours, and what else is said of it.
_KINDS = (
    ("図書館", "図書館", "火〜日", "9:30", "20:00", "祝日のつぎの平日は休み"),
    ("児童館", "子育て", "月〜土", "9:00", "17:00", ""),
    ("地区センター", "集会施設", "毎日", "9:00", "22:00", "年末年始は休み"),
    ("子育てひろば", "子育て", "平日", "10:00", "15:30", ""),
    ("休日診療所", "医療", "日祝", "9:00", "17:00", "行く前に電話してください"),
    ("スポーツセンター", "スポーツ", "火・水・木・金・土・日", "8:30", "21:30", ""),
    ("公衆トイレ", "トイレ", "毎日", "0:00", "24:00", ""),
    ("ふれあい広場", "公園", "", "", "", ""),
)
_STEP = 5
"""Every fifth 丁目 has something."""
_COLLECTION = (
    {"燃やせるごみ": "月・木", "燃やせないごみ": "第2・第4水", "プラスチック": "火", "古紙・布": "金", "びん・缶": "第1・第3水"},
    {"燃やせるごみ": "火・金", "燃やせないごみ": "第1・第3木", "プラスチック": "水", "古紙・布": "月", "びん・缶": "第2・第4木"},
    {"燃やせるごみ": "水・土", "燃やせないごみ": "第2・第4金", "プラスチック": "木", "古紙・布": "火", "びん・缶": "第1・第3金"},
)  # fmt: skip
ZONES = (
    ("第一種低層住居専用地域", "40%", "80%", "#9fd3a7"),
    ("第一種中高層住居専用地域", "60%", "200%", "#d9ea9c"),
    ("第一種住居地域", "60%", "200%", "#f6ec8f"),
    ("準住居地域", "60%", "200%", "#f7cf86"),
    ("準工業地域", "60%", "200%", "#c9a9d6"),
    ("近隣商業地域", "80%", "300%", "#f4a7a0"),
    ("商業地域", "80%", "500%", "#e2686d"),
)
"""Zones with what share of a site may be built on, the floor area against the site, and their colours on city plans."""
_NEAR_STATION, _AROUND_STATION = 0.0032, 0.0056
"""Degrees, about 300 m and 500 m: where zones of trade lie."""


def everyday_layers(layers: Mapping[str, Sequence[Feature]], city: str) -> dict[str, list[Feature]]:
    """The features of these layers by their keys, made of the place names, districts and zones of the other layers of the city, a key."""
    names = layers["place-names"]
    quarters = [each for each in names if each["properties"]["kind"] in {"chome", "town"}]
    return {
        "public-facilities": _facilities(names, quarters, city),
        "refuges": _refuges(quarters, layers["school-districts"], layers["flood-zones"], city),
        "garbage-days": _garbage(layers["collection-zones"]),
        "zoning": _zoning(names, layers["school-districts"]),
    }


def _facilities(names: Iterable[Feature], quarters: Sequence[Feature], city: str) -> list[Feature]:
    known = [each for each in names if each["properties"]["kind"] == "facility"]
    halls = [each for each in known if each["properties"]["name"].endswith("市役所")]
    features = [
        _facility(
            n, hall["geometry"], {"名称": hall["properties"]["name"]} | hall_names(city, hall["properties"]["kana"]),
            hall["properties"].get("address") or "", "役所", ("平日", "8:30", "17:15", ""),
        )
        for n, hall in enumerate(halls)
    ]  # fmt: skip
    for n, quarter in enumerate(quarters[::_STEP]):
        word, kind, *times = _KINDS[n % len(_KINDS)]
        name = quarter["properties"]["name"]
        called = {"名称": f"{name}{word}"} | facility_names(quarter["properties"], word)
        features.append(_facility(n + len(halls), quarter["geometry"], called, name, kind, times))
    return features


def _facility(
    n: int, geometry: Any, called: Mapping[str, str], address: str, kind: str, times: Sequence[str]
) -> Feature:
    days, opens, closes, remark = times
    properties = {
        "ID": f"{n + 1:03}",
        **called,
        "種別": kind,
        "所在地_連結表記": address,
        "利用可能曜日": days,
        "開始時間": opens,
        "終了時間": closes,
        "利用可能日時特記事項": remark,
        "バリアフリー情報": "車いす対応トイレ" if n % 2 == 0 else "",
        "備考": "" if kind == "役所" else _REMARK,
    }
    return _feature(properties, geometry)


def _refuges(
    quarters: Sequence[Feature], districts: Sequence[Feature], floods: Sequence[Feature], city: str
) -> list[Feature]:
    flooded = unary_union([shape(each["geometry"]) for each in floods])
    tree = STRtree(points([each["geometry"]["coordinates"] for each in quarters]))
    features = []
    for n, district in enumerate(districts):
        spot = shape(district["geometry"]).representative_point()
        is_dry = not flooded.intersects(spot)
        nearest = quarters[int(tree.nearest(spot))]["properties"]["name"]
        properties = {
            "名称": district["properties"]["school"],
            **school_names("名称", district["properties"]["school"], city),
            "所在地_連結表記": f"{nearest}付近",
            "災害種別_洪水": "1" if is_dry else "",
            "災害種別_崖崩れ、土石流及び地滑り": "1" if n % 3 else "",
            "災害種別_地震": "1",
            "災害種別_大規模な火事": "1" if n % 2 == 0 else "",
            "災害種別_内水氾濫": "1" if is_dry and n % 4 else "",
            "指定避難所との重複": "1",
            "想定収容人数": 300 + 40 * (n % 7),
            "備考": "見本のデータです。災害のときは、市の知らせにしたがってください。",
        }
        features.append(_feature(properties, mapping(spot)))
    return features


def _garbage(zones: Sequence[Feature]) -> list[Feature]:
    return [
        _feature(
            {
                "地区": zone["properties"]["zone"],
                **area_names("地区", zone["properties"]["zone"]),
                **_COLLECTION[n % len(_COLLECTION)],
                "粗大ごみ": "申し込み制",
            },
            zone["geometry"],
        )
        for n, zone in enumerate(zones)
    ]


def _zoning(names: Iterable[Feature], districts: Sequence[Feature]) -> list[Feature]:
    stations = [shape(each["geometry"]) for each in names if each["properties"]["kind"] == "station"][:4]
    trade = unary_union([station.buffer(_NEAR_STATION) for station in stations])
    around = unary_union([station.buffer(_AROUND_STATION) for station in stations]).difference(trade)
    taken = trade.union(around)
    city = unary_union([shape(district["geometry"]) for district in districts])
    features = [
        _zone(n % 5, part)
        for n, district in enumerate(districts)
        if not (part := shape(district["geometry"]).difference(taken)).is_empty
    ]
    return [*features, _zone(5, around.intersection(city)), _zone(6, trade.intersection(city))]


def _zone(n: int, area: BaseGeometry) -> Feature:
    name, coverage, floor_area, _colour = ZONES[n]
    fire = {5: "準防火地域", 6: "防火地域"}.get(n, "指定なし")
    return _feature({"用途地域": name, "建ぺい率": coverage, "容積率": floor_area, "防火地域": fire}, mapping(area))


def _feature(properties: dict[str, Any], geometry: Any) -> Feature:
    return {"type": "Feature", "properties": properties, "geometry": geometry}
