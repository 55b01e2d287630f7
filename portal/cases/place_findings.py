"""What the map said about a place, item by item, as a case keeps it: the value, the layer's version and the features it came from."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from forms.definition.place_rules import LookUp, PlaceRule
from geo import LayerFinding, LayerRuleResult


@dataclass(frozen=True, slots=True)
class PlaceFinding:
    """A rule that was judged, or a value that was looked up. `subject` is `rules.2`, or `look_up.zone` by the name in expressions.

    `relation` is the kind of the rule (inside …) or how it was looked up (largest …); `holds` is None for a value. `title` are the words
    for the layer, by language, if residents may see it (`public`). Values are those of `geo.LayerFinding`.
    """

    subject: str
    relation: str
    layer: str
    layer_version: int | None
    title: Mapping[str, str]
    public: bool
    holds: bool | None
    value: Any
    unit: str
    near_boundary: bool
    by_law: bool
    features: Sequence[int] = ()
    within: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    only: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @classmethod
    def of_rule(cls, number: int, rule: PlaceRule, result: LayerRuleResult, version: int | None) -> Self:
        """From a rule and what the map said."""
        finding = result.finding
        return cls(
            f"rules.{number}",
            rule.kind,
            finding.layer,
            version,
            finding.title,
            finding.public,
            result.holds,
            finding.value,
            finding.unit,
            finding.near_boundary,
            False,
            finding.features,
            rule.within,
            rule.at_least,
            rule.at_most,
            rule.only,
        )

    @classmethod
    def of_look_up(cls, look_up: LookUp, finding: LayerFinding, version: int | None) -> Self:
        """From a look-up and what the map said."""
        return cls(
            f"look_up.{look_up.as_}",
            look_up.take,
            finding.layer,
            version,
            finding.title,
            finding.public,
            None,
            finding.value,
            finding.unit,
            finding.near_boundary,
            finding.by_law,
            finding.features,
            look_up.within,
            only=look_up.only,
        )

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """From what a case keeps."""
        return cls(**stored)

    def as_stored(self) -> dict[str, Any]:
        """As a case keeps it."""
        return asdict(self)
