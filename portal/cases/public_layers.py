"""What everybody sees of cases: the places of those whose version of the definition says so, as long as they are in one of the states
that it names, no more exactly than it says, and with no other answers than it lists.

The applicant was told so by that version, so a later one can show less of their case, and never more.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, cast, false, func, literal, or_, types
from sqlalchemy.orm import Session

from forms.definition.case_layers import PublicLayer
from forms.text.localized import Text
from geo.feature_source import FeatureSource, Queryable
from portal.cases.answers import open_answers
from portal.cases.case_layers import (
    CASE,
    PLACE,
    CaseLayer,
    Column,
    at_slot,
    day_of,
    described,
    joined,
    moment,
    place_slots,
    shape_of,
)
from portal.cases.coarseness import coarser, shown_shape
from portal.cases.told_answers import ToldColumn, columns_of, raw_answers
from portal.core.clock import today
from portal.core.database import city_of
from portal.core.tenancy import plane_of
from portal.core.text import _, current_language
from portal.procedures import Offer, definition_of, published_procedures, published_versions

_COLOUR = "#b3531d"


@dataclass(frozen=True, slots=True)
class _Promise:
    """What some versions of a definition say alike about the layer."""

    layer: PublicLayer
    versions: tuple[int, ...]


def layers_for_everybody(session: Session, procedure: str | None = None) -> list[CaseLayer]:
    """The layers of cases that everybody sees, in the city's order of procedures, or those of one procedure."""
    return [
        _public(session, offer, slot, place.public_layer, shape_of(place))
        for offer in published_procedures(session)
        if procedure in {None, offer.key}
        for slot, place in place_slots(offer.definition)
        if place.public_layer
    ]


def public_titles(offer: Offer) -> dict[str, Text]:
    """The layers of cases of a procedure that everybody sees, by their keys, with what each is called; no statement."""
    return {
        _key_of(offer.key, slot): place.public_layer.title
        for slot, place in place_slots(offer.definition)
        if place.public_layer
    }


def _key_of(procedure: str, slot: str) -> str:
    return f"public.{procedure}.{slot}"


def _public(session: Session, offer: Offer, slot: str, layer: PublicLayer, shape: str) -> CaseLayer:
    promises = _promises(session, offer, slot)
    told = columns_of(offer.definition, slot, layer.answers)
    language = current_language()
    own = [
        (Column("starts_on", _("期間の始まり"), "date", {}), Queryable("date", PLACE.starts_on)),
        (Column("ends_on", _("期間の終わり"), "date", {}), Queryable("date", PLACE.ends_on)),
    ]
    queryables = {column.name: known for column, known in own} | {
        column.name: _promised(column, promises) for column in told if not column.sealed
    }
    exact = all(promise.layer.exactness == "exact" for promise in promises) and layer.exactness == "exact"
    kind = shape if exact else "line" if layer.exactness == "street" else "polygon"
    since = moment(PLACE.starts_on)
    return CaseLayer(
        key=_key_of(offer.key, slot),
        procedure=offer.key,
        title=layer.title.for_language(language),
        description=layer.description.for_language(language) if layer.description else "",
        kind=kind,
        style=_style(kind),
        source=FeatureSource(
            table=joined(),
            id=PLACE.id,
            geom=_shape(layer, promises, plane_of(session).srid),
            document=_document(told, own),
            queryables=queryables,
            where=(PLACE.procedure_key == offer.key, *at_slot(offer.definition, slot), _shown(layer, promises)),
            since=since,
            until=moment(PLACE.ends_on + 1),
            finish=_finish(city_of(session), told, promises),
        ),
        columns=[*(column for column, _known in own), *described(told)],
        clustered=False,
    )


def _style(kind: str) -> dict[str, Any]:
    if kind == "point":
        return {"fill": _COLOUR}
    if kind == "line":
        return {"stroke": _COLOUR, "width": 4, "opacity": 0.9}
    return {"fill": _COLOUR, "opacity": 0.35, "stroke": _COLOUR, "width": 2}


def _promises(session: Session, offer: Offer, slot: str) -> list[_Promise]:
    """What each version that shows its cases says, versions that say the same together."""
    by_layer: dict[str, _Promise] = {}
    for version in published_versions(session, offer.procedure_id):
        place = dict(place_slots(definition_of(session, version.version_id))).get(slot)
        if place is None or place.public_layer is None:
            continue
        text = place.public_layer.model_dump_json()
        before = by_layer.get(text, _Promise(place.public_layer, ()))
        by_layer[text] = _Promise(before.layer, (*before.versions, version.version_id))
    return list(by_layer.values())


def _shown(now: PublicLayer, promises: Sequence[_Promise]) -> ColumnElement[bool]:
    """Cases that the layer shows today, by what their own version says and by what is said now."""
    day = today()
    return or_(
        false(),
        *(
            and_(CASE.version_id.in_(promise.versions), _lasts(promise.layer, day), _lasts(now, day))
            for promise in promises
        ),
    )


def _lasts(layer: PublicLayer, day: date) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [PLACE.state.in_(layer.states)]
    if layer.days_before is not None:
        conditions.append(or_(PLACE.starts_on.is_(None), PLACE.starts_on - layer.days_before <= day))
    after: ColumnElement[bool] = PLACE.ends_on + (layer.days_after or 0) >= day
    without: ColumnElement[bool] = PLACE.ends_on.is_(None)
    if layer.days_after is not None:
        without = and_(without, or_(CASE.closed_at.is_(None), day_of(CASE.closed_at) + layer.days_after >= day))
    return and_(*conditions, or_(after, without))


def _shape(now: PublicLayer, promises: Sequence[_Promise], srid: int) -> ColumnElement[Any]:
    if all(coarser(now, promise.layer).exactness == "exact" for promise in promises):
        exact: ColumnElement[Any] = PLACE.geom
        return exact
    shapes = [
        (CASE.version_id.in_(promise.versions), shown_shape(PLACE.geom, coarser(now, promise.layer), srid))
        for promise in promises
    ]
    return case(*shapes)


def _promised(column: ToldColumn, promises: Sequence[_Promise]) -> Queryable:
    """An answer counts where the case's own version hands it out."""
    known = column.queryable()
    versions = _versions_with(column, promises)
    return Queryable(known.kind, case((CASE.version_id.in_(sorted(versions)), known.value)))


def _versions_with(column: ToldColumn, promises: Sequence[_Promise]) -> frozenset[int]:
    return frozenset(
        version for promise in promises if column.question.id in promise.layer.answers for version in promise.versions
    )


def _document(told: Sequence[ToldColumn], own: Sequence[tuple[Column, Queryable]]) -> ColumnElement[str]:
    pairs: list[Any] = [literal("place"), PLACE.field, literal("of"), CASE.version_id]
    for column, known in own:
        pairs += [literal(column.name), known.value]
    if told:
        pairs += [literal("answers"), raw_answers(told)]
    return cast(func.json_build_object(*pairs), types.Text)


def _finish(city: str, told: Sequence[ToldColumn], promises: Sequence[_Promise]) -> Any:
    versions: Mapping[str, frozenset[int]] = {column.name: _versions_with(column, promises) for column in told}

    def finish(document: str) -> str:
        properties = json.loads(document)
        place, version = properties.pop("place"), properties.pop("of")
        answers = open_answers(city, properties.pop("answers", None) or {})
        for column in told:
            seen = version in versions[column.name]
            properties[column.name] = column.value(answers, place) if seen else None
        return json.dumps(properties, ensure_ascii=False)

    return finish
