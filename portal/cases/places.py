"""What the map says of the places in an application: facts for conditions and fees, rules that hold or do not, permits in the way."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from forms import Definition
from geo import ClearOf, Conflict, LookUp, PlaceError, Rule, ask_place
from portal.cases.rules import period_of
from portal.core import tenancy
from portal.core.database import city_of
from portal.core.text import _, date_ja

Facts = dict[str, dict[str, Any]]

_RULE_WORDS = {
    "inside": "決められた範囲の中で、場所を選び直してください。",
    "intersects": "対象となる場所にかかるように、選び直してください。",
}


@dataclass
class Survey:
    """The map's answer about every place of an application, by field."""

    facts: Facts = field(default_factory=dict)
    problems: dict[str, list[str]] = field(default_factory=dict)
    passed: dict[str, list[str]] = field(default_factory=dict)
    conflicts: dict[str, list[Conflict]] = field(default_factory=dict)
    near: dict[str, str] = field(default_factory=dict)  # the name of the town or 丁目, when it was asked for


def facts_of(session: Session, definition: Definition, answers: Mapping[str, Any], only: Iterable[str]) -> Facts:
    """What fees and conditions must know of the drawn places of the fields in `only`: one statement a place.

    A shape that the map cannot read has no facts.
    """
    srid = tenancy.city(city_of(session)).plane_srid
    facts: Facts = {}
    for field_id in only:
        value = answers.get(field_id)
        if isinstance(value, dict):
            with suppress(PlaceError):
                place = definition.place_fields[field_id]
                facts[field_id] = ask_place(session, value["geometry"], look_ups=_look_ups(place), srid=srid).facts
    return facts


def _look_ups(place: Any) -> list[LookUp]:
    return [LookUp(one.layer, one.property, one.as_) for one in place.look_up]


def survey(
    session: Session,
    definition: Definition,
    answers: Mapping[str, Any],
    *,
    language: str,
    only: Iterable[str] | None = None,
    exclude_case: int | None = None,
    named: bool = False,
) -> Survey:
    """Ask the map about the drawn places (of the fields in `only`, or of all): one statement a place, see `ask_place`.

    `named`: also the name of the town where it is.
    """
    asking = _Asking(session, definition, answers, language, exclude_case, named)
    for field_id, place in definition.place_fields.items():
        value = answers.get(field_id)
        if (only is not None and field_id not in only) or not isinstance(value, dict):
            continue
        try:
            asking.about(field_id, place, value["geometry"])
        except PlaceError:
            asking.found.problems.setdefault(field_id, []).append(_("地図の形を読み取れません。かき直してください。"))
    return asking.found


@dataclass
class _Asking:
    """One survey under way."""

    session: Session
    definition: Definition
    answers: Mapping[str, Any]
    language: str
    exclude_case: int | None
    named: bool
    found: Survey = field(default_factory=Survey)

    def about(self, field_id: str, place: Any, geometry: Mapping[str, Any]) -> None:
        layers = [rule for rule in place.rules if rule.kind != "clear_of"]
        others = [rule.clear_of for rule in place.rules if rule.kind == "clear_of"]
        starts, ends = period_of(self.definition, self.answers, field_id)
        answer = ask_place(
            self.session,
            geometry,
            look_ups=_look_ups(place),
            rules=[Rule(rule.kind, getattr(rule, rule.kind)) for rule in layers],
            clear_of=[ClearOf(one.procedure, one.states, starts, ends, self.exclude_case) for one in others],
            named=self.named,
            srid=tenancy.city(city_of(self.session)).plane_srid,
        )
        self.found.facts[field_id] = answer.facts
        if answer.near:
            self.found.near[field_id] = answer.near
        for rule, outcome in zip(layers, answer.rules, strict=True):
            # A layer that the city does not have says nothing; the publishing check tells the department.
            if outcome.layer_known and not outcome.ok:
                words = rule.message.in_(self.language) if rule.message else _(_RULE_WORDS[rule.kind])
                self.found.problems.setdefault(field_id, []).append(words)
        for conflicts in answer.conflicts:
            self._others(field_id, conflicts)

    def _others(self, field_id: str, conflicts: list[Conflict]) -> None:
        if conflicts:
            self.found.conflicts.setdefault(field_id, []).extend(conflicts)
            self.found.problems.setdefault(field_id, []).extend(conflict_words(one) for one in conflicts)
        else:
            self.found.passed.setdefault(field_id, []).append(_("ほかの許可と重なっていません"))


def conflict_words(one: Conflict) -> str:
    """`別の許可(立-1118-04391、12月7日(月)〜12月11日(金))と3.23 m²重なっています。…`"""
    return _(
        "別の許可({number}、{period})と{area} m²重なっています。場所か期間を変えてください。",
        number=one.number,
        period=period_words(one.starts_on, one.ends_on),
        area=f"{one.overlap_m2:,.2f}",
    )


def period_words(starts: date | None, ends: date | None) -> str:
    """`12月7日(月)〜12月11日(金)`"""
    return f"{date_ja(starts)}〜{date_ja(ends)}" if starts or ends else _("期間の定めなし")
