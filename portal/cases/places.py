"""The places of an application on the map: facts for conditions and fees, rules that pass or fail, conflicts with other permits.

Results are codes and values; `place_messages` turns them into sentences.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from sqlalchemy.orm import Session

from forms import Definition
from forms.definition.place_rules import LayerRelation
from forms.fields.occurrences import Occurrence
from forms.fields.path import head_of
from forms.fields.place import CHOSEN_BY_NAME, PlaceField
from forms.text.localized import Text
from geo import PlaceError, PlaceResult, query_place
from portal.cases.occupancy import CASE_PLACES, OccupancyConflict, conflict_queries
from portal.cases.place_findings import PlaceFinding
from portal.cases.place_queries import layer_lookups, layer_rules, periods_named
from portal.cases.rules import period_of
from portal.cases.works_told import with_works
from portal.core.tenancy import plane_of

Facts = dict[str, dict[str, Any]]
RuleKind = LayerRelation | Literal["clear_of"]


@dataclass(frozen=True, slots=True)
class RuleFailure:
    """A rule about a map layer that does not hold. `rule` is its number in the question; `message` the definition's own words."""

    rule: int
    kind: RuleKind
    layer: str
    message: Text | None
    finding: PlaceFinding


@dataclass(frozen=True, slots=True)
class RulePass:
    """A rule that holds. `subject` is the layer's key, or the procedure's of which no other case is in the way."""

    rule: int
    kind: RuleKind
    subject: str
    finding: PlaceFinding | None = None


@dataclass
class PlaceInspection:
    """The results for every place of an application, by the path of its question (`site`, `faces.2.place`).

    `unreadable` are places whose shape the map cannot measure. A rule about a layer that the city does not have is neither
    passed nor failed; the publishing check tells the department. `localities` are the names of the town or 丁目, with `with_locality`.
    `layer_versions` are the versions of the map layers that a place was judged by, by their keys. `findings` are what the layers gave:
    for each look-up, and with rules for each of them. `contested` are rules that do not hold, of places whose applicant says that the map
    is wrong: they are no failures.
    """

    facts: Facts = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    rule_failures: dict[str, list[RuleFailure]] = field(default_factory=dict)
    conflicts: dict[str, list[OccupancyConflict]] = field(default_factory=dict)
    passed: dict[str, list[RulePass]] = field(default_factory=dict)
    localities: dict[str, str] = field(default_factory=dict)
    layer_versions: dict[str, dict[str, int]] = field(default_factory=dict)
    findings: dict[str, list[PlaceFinding]] = field(default_factory=dict)
    contested: dict[str, list[PlaceFinding]] = field(default_factory=dict)

    @property
    def failed_fields(self) -> list[str]:
        """The paths of the places that fail."""
        return list(dict.fromkeys([*self.unreadable, *self.rule_failures, *self.conflicts]))


def inspect_places(
    session: Session,
    definition: Definition,
    answers: Mapping[str, Any],
    *,
    only: Iterable[str] | None = None,
    exclude_case: int | None = None,
    with_locality: bool = False,
    with_rules: bool = True,
    besides: Facts | None = None,
) -> PlaceInspection:
    """Inspect the drawn places (those in `only`, paths or whole questions, or all) in one statement a place, see `geo.query_place`.

    `with_locality` adds the name of the town. Without `with_rules` only facts are returned: no rules, no conflicts.
    `besides` are facts that the application has from elsewhere, see `earlier`.
    """
    result = PlaceInspection(facts=dict(besides or {}))
    chosen = None if only is None else set(only)
    plane = plane_of(session)
    for path, drawn in definition.places_in(answers).items():
        place, value = drawn.question, drawn.value
        if not isinstance(value, dict) or not (chosen is None or path in chosen or head_of(path) in chosen):
            continue
        period = period_of(definition, answers, path)
        try:
            place_result = query_place(
                session,
                cast(Mapping[str, Any], value["geometry"]),
                srid=plane.srid,
                lookups=layer_lookups(place, str(value.get("label", "")) if value["source"] in CHOSEN_BY_NAME else ""),
                rules=layer_rules(place, periods_named(definition, answers, path)) if with_rules else (),
                overlaps=conflict_queries(place, *period, exclude_case=exclude_case) if with_rules else (),
                occupancy=CASE_PLACES,
                with_locality=with_locality,
            )
        except PlaceError:
            result.unreadable.add(path)
            continue
        result.facts[path] = place_result.facts | _listed(place, place_result)
        versions = result.layer_versions[path] = place_result.layer_versions
        result.findings[path] = [
            PlaceFinding.of_look_up(look_up, place_result.lookups[look_up.as_], versions.get(look_up.layer))
            for look_up in place.look_up
            if place_result.lookups[look_up.as_].layer_exists
        ]
        if place_result.locality:
            result.localities[path] = place_result.locality
        if with_rules:
            _judge(session, result, path, place_result, drawn)
    return result


def place_facts(session: Session, definition: Definition, answers: Mapping[str, Any], only: Iterable[str]) -> Facts:
    """Return the facts of the drawn places in `only`, for fees and conditions; a shape that cannot be read has none."""
    return inspect_places(session, definition, answers, only=only, with_rules=False).facts


def _listed(place: PlaceField, place_result: PlaceResult) -> dict[str, list[str]]:
    """Values of several features as expressions have them, in words: numbers of a property are names there."""
    listed = (look_up.as_ for look_up in place.look_up if look_up.take == "all")
    return {name: [str(value) for value in place_result.facts[name]] for name in listed if name in place_result.facts}


def _judge(
    session: Session, result: PlaceInspection, path: str, place_result: PlaceResult, drawn: Occurrence[PlaceField]
) -> None:
    place, contested = drawn.question, bool(cast(Mapping[str, Any], drawn.value).get("contest"))
    layer_results, overlaps = iter(place_result.rules), iter(place_result.overlaps)
    for number, rule in enumerate(place.rules):
        if rule.clear_of is not None:
            conflicts = with_works(session, [OccupancyConflict.of(overlap) for overlap in next(overlaps)])
            if conflicts:
                result.conflicts.setdefault(path, []).extend(conflicts)
            else:
                passed = RulePass(number, "clear_of", rule.clear_of.procedure)
                result.passed.setdefault(path, []).append(passed)
            continue
        layer_result = next(layer_results)
        if not layer_result.layer_exists:
            continue
        layer = layer_result.rule.layer
        finding = PlaceFinding.of_rule(number, rule, layer_result, place_result.layer_versions.get(layer))
        result.findings[path].append(finding)
        if layer_result.holds:
            result.passed.setdefault(path, []).append(RulePass(number, rule.kind, layer, finding))
        elif contested and rule.contestable:
            result.contested.setdefault(path, []).append(finding)
        else:
            failure = RuleFailure(number, rule.kind, layer, rule.message, finding)
            result.rule_failures.setdefault(path, []).append(failure)
