"""What may be required of a place and the features of a layer, what may be looked up there, and what came of it.

Every rule and every look-up is answered from one measurement of the place and the layer (`geo/sql/measurements/`); here are the
decisions that follow from the measures. Lengths are metres, areas m², both of the city's plane system.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal

RuleKind = Literal[
    "inside", "intersects", "touches", "outside", "covers", "nearer", "farther", "share", "length", "count"
]
Take = Literal["largest", "nearest", "all", "distance", "share", "area", "length", "count", "touches"]

SLIVER: Final = 0.01
"""A hundredth of a square metre, or of a metre: below what anybody can draw."""

CONTACT_M: Final = 0.1
"""What is so near to each other meets: surveys and drawings never coincide to the last digit."""

_AREA: Final = 2
_UNITS: Final = {2: "m²", 1: "m"}
_MOST_FEATURES: Final = 20


@dataclass(frozen=True, slots=True)
class Selection:
    """Which features of a layer count.

    `only`: properties, and the values that each may have. `since` and `until` name properties with days (`2026-04-01…`, ISO 8601);
    a feature counts that lasts on some day from `starts_on` to `ends_on`. Both days are included; a missing one is an open end.
    """

    only: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    since: str | None = None
    until: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


ALL_FEATURES: Final = Selection()


@dataclass(frozen=True, slots=True)
class ListedAddress:
    """The address of a place, and the property in which features list towns and numbers as a notice does (`geo.address_ranges`)."""

    property: str
    address: str


@dataclass(frozen=True, slots=True)
class LayerRule:
    """A relation that must hold between the place and the features of a layer.

    inside: nothing of the place lies outside the features taken together · intersects: some part lies on one · touches: they meet within
    10 cm, and neither reaches further than that into the other · outside: no part lies on one, edges may meet · covers: a feature lies
    wholly in the place · nearer, farther: the nearest feature is at most, or more than, `within` metres away · share: of the area, or the
    length, so much per cent lies on features · length: so many metres of a line run on features; of an outline, within 10 cm of them; or
    of lines run in an area · count: so many features are within `within` metres. The last three keep between `at_least` and `at_most`.
    """

    kind: RuleKind
    layer: str
    within: float = 0
    at_least: float | None = None
    at_most: float | None = None
    selection: Selection = ALL_FEATURES

    @property
    def kept_when_moved(self) -> bool:
        """Whether `geo.adjust_place` keeps it by itself; others must be judged again at the new place."""
        return self.kind in ("inside", "intersects") and self.selection == ALL_FEATURES


@dataclass(frozen=True, slots=True)
class LayerLookup:
    """Read the features of a layer at the place; the fact is called `name`.

    largest: the value of `property` with the largest share of the place · nearest: that of the nearest feature within `within` metres ·
    all: every value at the place, the largest share first · distance: metres to the nearest feature within `within` · share: per cent ·
    area: m² · length: metres · count: features within `within` metres · touches: whether one meets the place (see `LayerRule`).
    What features list by `law` decides, and the shapes where that does not tell.
    """

    layer: str
    property: str | None
    name: str
    take: Take = "largest"
    within: float = 0
    selection: Selection = ALL_FEATURES
    law: ListedAddress | None = None


@dataclass(frozen=True, slots=True)
class LayerFinding:
    """What a layer gave: a rule's measure, or a look-up's value, and the ids of the `features` it came from (at most twenty).

    `near_boundary`: the answer would be another if the layer were drawn its tolerance aside. `by_law`: the text of the law said it, not the
    shapes. `unit` is that of a measured value: m², m, or none of a point. `title` and `public` are the layer's. Without `layer_exists`
    nothing is known. The value of a rule: inside: what lies outside (1 for a point) · intersects, outside: what lies on features ·
    touches: None · covers, count: a number of features · nearer, farther: metres, None with nothing near · share: per cent · length: m.
    """

    layer: str
    layer_exists: bool
    value: Any = None
    near_boundary: bool = False
    features: Sequence[int] = ()
    by_law: bool = False
    unit: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
    public: bool = False


@dataclass(frozen=True, slots=True)
class LayerRuleResult:
    """Whether a rule holds, by what it found. A rule about a layer that does not exist does not hold."""

    rule: LayerRule
    holds: bool
    finding: LayerFinding

    @property
    def layer_exists(self) -> bool:
        """Whether the city has the layer."""
        return self.finding.layer_exists


_OF_RULE: Final[Mapping[RuleKind, str]] = {
    **dict.fromkeys(("inside", "intersects", "outside", "share"), "ground"),
    "length": "run",
    **dict.fromkeys(("nearer", "farther"), "nearest"),
    "touches": "touches",
    "covers": "covers",
    "count": "count",
}
_OF_TAKE: Final[Mapping[Take, str]] = {
    **dict.fromkeys(("largest", "all"), "values"),
    **dict.fromkeys(("nearest", "distance"), "nearest"),
    **dict.fromkeys(("share", "area"), "ground"),
    "length": "run",
    "count": "count",
    "touches": "touches",
}


def measurement(query: LayerRule | LayerLookup) -> dict[str, Any]:
    """What is to be measured for a rule or a look-up."""
    chosen = query.selection
    return {
        "measure": _OF_RULE[query.kind] if isinstance(query, LayerRule) else _OF_TAKE[query.take],
        "layer": query.layer,
        "property": query.property if isinstance(query, LayerLookup) else None,
        "within": query.within,
        "values": {name: list(values) for name, values in chosen.only.items()} or None,
        "since": chosen.since,
        "until": chosen.until,
        "starts_on": chosen.starts_on,
        "ends_on": chosen.ends_on,
    }


def judged(rule: LayerRule, measured: Mapping[str, Any]) -> LayerRuleResult:
    """Whether a rule holds, by what was measured of it."""
    exists, of_layer = measured["layer_exists"], measured["measures"]
    if not exists:
        return LayerRuleResult(rule, False, LayerFinding(rule.layer, False))
    holds = _holds(rule, of_layer)
    near = any(_holds(rule, edge) != holds for edge in _edges(of_layer))
    if rule.kind == "touches":
        near = not holds and of_layer["near"]
    features = of_layer["features"] or ()
    finding = LayerFinding(rule.layer, True, _rule_value(rule, of_layer), near, features, **_named(measured))
    return LayerRuleResult(rule, holds, finding)


def looked_up(lookup: LayerLookup, measured: Mapping[str, Any]) -> LayerFinding:
    """The value of a look-up, by what was measured for it; None when the layer has nothing at the place."""
    if not measured["layer_exists"]:
        return LayerFinding(lookup.layer, False)
    measures = measured["measures"]
    if lookup.take in ("largest", "all"):
        return replace(_of_values(lookup, measures), **_named(measured))
    value, near = _look_up_value(lookup, measures)
    features = () if value is None else measures["features"] or ()
    return LayerFinding(lookup.layer, True, value, near, features, **_named(measured))


def by_law(lookup: LayerLookup, measured: Mapping[str, Any], value: Any, features: Sequence[int]) -> LayerFinding:
    """The value of a look-up that the text of a law says."""
    return LayerFinding(lookup.layer, True, value, False, features, by_law=True, **_named(measured))


def _named(measured: Mapping[str, Any]) -> dict[str, Any]:
    unit = _UNITS.get(measured["measures"].get("dimension"), "")
    return {"title": measured["title"], "public": measured["public"], "unit": unit}


def _of_values(lookup: LayerLookup, measures: Mapping[str, Any]) -> LayerFinding:
    entries = measures["values"] or []
    values = [entry["value"] for entry in entries]
    features = [number for entry in entries for number in entry["features"]]
    if lookup.take == "all":
        return LayerFinding(lookup.layer, True, values, measures["near_any"], features[:_MOST_FEATURES])
    first = entries[0]["features"] if entries else ()
    return LayerFinding(lookup.layer, True, values[0] if values else None, bool(measures["near_largest"]), first)


def _look_up_value(lookup: LayerLookup, measures: Mapping[str, Any]) -> tuple[Any, bool]:
    match lookup.take:
        case "nearest" | "distance":
            distance = measures["distance"]
            if distance is None or distance > lookup.within:
                return None, distance is not None
            by_property = lookup.take == "nearest"
            return (measures["value"], measures["near_other"]) if by_property else (distance, False)
        case "count":
            return measures["count"], measures["low"] != measures["high"]
        case "touches":
            return measures["touches"], measures["near"] and not measures["touches"]
    sizes = [_size(lookup.take, edge) for edge in _edges(measures)]
    return _size(lookup.take, measures), bool(sizes) and max(sizes) - min(sizes) > SLIVER


def _edges(measures: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The measures if the layer were smaller, and larger, by its tolerance; nothing where no edge is near."""
    if "tolerance" in measures:
        distance = measures["distance"]
        return [{"distance": None if distance is None else distance + way * measures["tolerance"]} for way in (-1, 1)]
    if "count" in measures:
        return [{"count": measures["low"]}, {"count": measures["high"]}]
    if measures.get("low") is None:
        return []
    total = measures["total"]
    return [
        {
            **measures,
            "inside": measures[edge],
            "outside": total - measures[edge],
            "run": measures[f"{edge}_run"],
            "meets": measures[edge] > 0,
        }
        for edge in ("low", "high")
    ]


def _size(kind: str, measures: Mapping[str, Any]) -> float:
    if kind == "share":
        return round(100 * float(measures["inside"]) / measures["total"], 2) if measures["total"] else 0.0
    if kind == "length":
        return float(measures["run"])
    return float(measures["inside"]) if measures["dimension"] == _AREA else 0.0


def _holds(rule: LayerRule, measures: Mapping[str, Any]) -> bool:
    match rule.kind:
        case "inside":
            return bool(measures["inside"] > 0 and measures["outside"] < SLIVER)
        case "intersects":
            return bool(measures["meets"])
        case "outside":
            return bool(not measures["meets"] or 0 < measures["inside"] < SLIVER)
        case "share" | "length":
            return _bounded(rule, _size(rule.kind, measures))
        case "count":
            return _bounded(rule, measures["count"])
        case "covers":
            return bool(measures["count"] > 0)
        case "touches":
            return bool(measures["touches"])
    near = measures["distance"] is not None and measures["distance"] <= rule.within
    return bool(near) == (rule.kind == "nearer")


def _bounded(rule: LayerRule, value: float) -> bool:
    return (rule.at_least is None or value >= rule.at_least) and (rule.at_most is None or value <= rule.at_most)


def _rule_value(rule: LayerRule, measures: Mapping[str, Any]) -> Any:
    match rule.kind:
        case "inside":
            return measures["outside"]
        case "intersects" | "outside":
            return measures["inside"]
        case "share" | "length":
            return _size(rule.kind, measures)
        case "touches":
            return None
    return measures["distance" if rule.kind in ("nearer", "farther") else "count"]
