"""Each place that a published procedure asks for is a layer of its cases: what is told of them, to whom, and how it is drawn.

`geo` knows no case: it gets a source of features, and does not see which of them somebody may see.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Text, case, cast, func, literal
from sqlalchemy.orm import Session

from common.status import STATUS_WORDS, STATUSES
from forms import Definition, workflow_of
from forms.fields.occurrences import slots
from forms.fields.place import PlaceField
from geo import Clustering, Source, Tile
from geo.clusters import cluster_tile
from geo.feature_source import FeatureSource, Queryable, source_tile
from geo.tiles import read_tile
from portal.cases.answers import open_answers
from portal.cases.case_tiles import CLUSTERS_UP_TO
from portal.cases.models import Case, CasePlace
from portal.cases.sight import site_fields
from portal.cases.told_answers import ToldColumn, columns_of, raw_answers
from portal.core.access import ProgramIdentity, StaffIdentity
from portal.core.clock import TOKYO
from portal.core.database import city_of
from portal.core.text import _, current_language, pick
from portal.identity import Department, list_departments
from portal.procedures import Offer, published_procedures

COLOURS: Mapping[str, str] = {
    "new": "#0055ad",
    "review": "#006f83",
    "fix": "#ac3e00",
    "wait": "#a58000",
    "ok": "#115a36",
    "no": "#666666",
}
"""Colours of statuses on maps of other programs."""
PLACE: Any = CasePlace.__table__.c
CASE: Any = Case.__table__.c
_STATUSES: Mapping[str, str] = {str(status): word for status, word in STATUS_WORDS.items()}
_SHAPES = {"Point": "point", "LineString": "line", "Polygon": "polygon"}


@dataclass(frozen=True, slots=True)
class CaseReach:
    """Whose cases a reader sees on maps: those of `departments`, and of `answers` among them every answer that is told, else those about
    the site. `declared_only`: of the answers only those that the definition hands to programs.
    """

    departments: frozenset[int]
    answers: frozenset[int]
    declared_only: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A property of a feature: its name, what it is called, its kind, and the words of its values where they are codes."""

    name: str
    label: str
    kind: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class CaseLayer:
    """The cases of a procedure at one place that it asks for. `kind`: point | line | polygon; `style` as `geo.style` reads it."""

    key: str
    procedure: str
    title: str
    description: str
    kind: str
    style: Mapping[str, Any]
    source: FeatureSource
    columns: Sequence[Column]
    clustered: bool

    def tile(self, session: Session, tile: Tile) -> bytes:
        """A tile; far out, the cases of staff's layers as counted cells (`geo.clusters.cluster_tile`)."""
        if self.clustered and tile.z <= CLUSTERS_UP_TO:
            source = Source(CasePlace, CasePlace.id, CasePlace.geom, where=self.source.where)
            clustering = Clustering(CasePlace.cell, CasePlace.status, STATUSES, ("case_id", CasePlace.case_id))
            return read_tile(session, cluster_tile(source, clustering, tile.z), tile, {})
        return source_tile(session, self.source, self.key, tile)


def reach_of_staff(staff: StaffIdentity) -> CaseReach:
    """What this member of staff sees: places need `case.read_place` or `case.read_answers`."""
    answers = staff.departments("case.read_answers")
    return CaseReach(answers | staff.departments("case.read_place"), answers)


def reach_of_program(program: ProgramIdentity) -> CaseReach:
    """What a program with a key sees: the cases of the key's department."""
    department = frozenset({program.department_id})
    return CaseReach(department, department, declared_only=True)


def layers_of_cases(session: Session, reach: CaseReach, procedure: str | None = None) -> list[CaseLayer]:
    """The layers of cases of every procedure that has a version in force, in the city's order, or of one; none for who sees no places."""
    if not reach.departments:
        return []
    departments = list_departments(session)
    return [
        _layer(session, offer, slot, place, reach, departments)
        for offer in published_procedures(session)
        if procedure in {None, offer.key}
        for slot, place in place_slots(offer.definition)
    ]


def key_of(procedure: str, slot: str) -> str:
    """What the layer of a place is called by."""
    return f"cases.{procedure}.{slot}"


def titles_of_layers(offer: Offer) -> dict[str, str]:
    """The layers that the cases of a procedure make, by their keys, with what each is called; no statement."""
    places = dict(place_slots(offer.definition))
    title = offer.definition.title.ja
    return {
        key_of(offer.key, slot): _(
            "「{title}」の案件", title=f"{title}({place.label_in('ja')})" if len(places) > 1 else title
        )
        for slot, place in places.items()
    }


def place_slots(definition: Definition) -> Iterator[tuple[str, PlaceField]]:
    """The places that a procedure asks for, with their paths without the numbers of rows."""
    if not definition.place_fields:  # most have none, and pages go through all procedures of a city
        return
    for field in definition.fields.values():
        for slot, question in slots(field):
            if isinstance(question, PlaceField):
                yield slot, question


def at_slot(definition: Definition, slot: str) -> list[ColumnElement[bool]]:
    """The condition that a row is of that question; none where the procedure asks for one place alone."""
    if len(list(place_slots(definition))) == 1:
        return []
    if "." not in slot:
        return [PLACE.field == slot]
    return [func.regexp_replace(PLACE.field, r"\.\d+\.", ".", "g") == slot]


def joined() -> Any:
    """Places with their cases."""
    places: Any = CasePlace.__table__
    return places.join(Case.__table__, CASE.id == PLACE.case_id)


def moment(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """The first moment of a day in Japan."""
    return func.timezone(TOKYO.key, cast(day, DateTime()))


def day_of(at: ColumnElement[Any]) -> ColumnElement[Any]:
    """The day in Japan of a moment."""
    return func.date(func.timezone(TOKYO.key, at))


def shape_of(place: PlaceField) -> str:
    """The kind of layer that its drawn places make."""
    return _SHAPES[place.geometry_type]


def _layer(
    session: Session, offer: Offer, slot: str, place: PlaceField, reach: CaseReach, departments: Sequence[Department]
) -> CaseLayer:
    definition = offer.definition
    declared = place.case_layer.answers if place.case_layer else ()
    told = columns_of(definition, slot, declared)
    if not reach.declared_only:
        names = {column.name for column in told}
        told = [*told, *(each for each in columns_of(definition, slot, None) if each.name not in names)]
    of_site = site_fields(definition)
    states = {state.id: state.title.ja for state in workflow_of(definition).states.values()}
    own = _own_columns(departments, states)
    queryables = {column.name: known for column, known in own if known is not None} | {
        column.name: _guarded(column.queryable(), column.head in of_site, reach) for column in told if not column.sealed
    }
    where = (
        PLACE.procedure_key == offer.key,
        PLACE.department_id.in_(sorted(reach.departments)),
        *at_slot(definition, slot),
    )
    since = func.coalesce(moment(PLACE.starts_on), PLACE.submitted_at)
    until = func.coalesce(moment(PLACE.ends_on + 1), since)
    key = key_of(offer.key, slot)
    return CaseLayer(
        key=key,
        procedure=offer.key,
        title=titles_of_layers(offer)[key],
        description="",
        kind=shape_of(place),
        style=status_style(),
        source=FeatureSource(
            table=joined(),
            id=PLACE.id,
            geom=PLACE.geom,
            document=_document(told, own),
            queryables=queryables,
            where=where,
            since=since,
            until=until,
            finish=_finish(city_of(session), told, of_site, reach),
        ),
        columns=[*(column for column, _known in own), *described(told)],
        clustered=True,
    )


def status_style() -> dict[str, Any]:
    """Cases coloured by their status, with the words of the legend."""
    classes = [{"colour": COLOURS[status], "label": STATUS_WORDS[status], "value": status} for status in STATUSES]
    return {"by": "category", "property": "status", "classes": classes, "stroke": "#333333", "width": 1, "opacity": 0.5}


def described(told: Iterable[ToldColumn]) -> list[Column]:
    """The columns of answers with their words in the reader's language."""
    language = current_language()
    ends = {"start": _("(始まり)"), "end": _("(終わり)"), "": ""}
    return [
        Column(each.name, f"{each.label_in(language)}{ends[each.part]}", each.kind, each.options_in(language))
        for each in told
    ]


def _guarded(known: Queryable, of_site: bool, reach: CaseReach) -> Queryable:
    """What does not concern the site is asked for in departments alone whose answers the reader sees."""
    if of_site or reach.answers >= reach.departments:
        return known
    return Queryable(known.kind, case((PLACE.department_id.in_(sorted(reach.answers)), known.value)))


def _own_columns(departments: Sequence[Department], states: Mapping[str, str]) -> list[tuple[Column, Queryable | None]]:
    place = PLACE
    keys = {department.id: department.key for department in departments}
    titles = {department.key: pick(department.title) for department in departments}
    department = case(keys, value=place.department_id)
    return [
        (Column("number", _("番号"), "string", {}), Queryable("string", CASE.number)),
        (Column("status", _("状態"), "string", _STATUSES), Queryable("string", place.status)),
        (Column("state", _("段階"), "string", states), Queryable("string", place.state)),
        (Column("department", _("部署"), "string", titles), Queryable("string", department)),
        (Column("submitted_on", _("申請日"), "date", {}), Queryable("date", day_of(place.submitted_at))),
        (Column("due_on", _("処理の期限"), "date", {}), Queryable("date", place.due_on)),
        (Column("starts_on", _("期間の始まり"), "date", {}), Queryable("date", place.starts_on)),
        (Column("ends_on", _("期間の終わり"), "date", {}), Queryable("date", place.ends_on)),
        (Column("closed_on", _("終わった日"), "date", {}), Queryable("date", day_of(CASE.closed_at))),
        (Column("area_m2", _("面積(m²)"), "number", {}), Queryable("number", place.area_m2)),
        (Column("length_m", _("長さ(m)"), "number", {}), Queryable("number", place.length_m)),
    ]


def _document(told: Sequence[ToldColumn], own: Sequence[tuple[Column, Queryable | None]]) -> ColumnElement[str]:
    pairs: list[Any] = [literal("place"), PLACE.field, literal("of"), PLACE.department_id]
    for column, known in own:
        if known is not None:
            pairs += [literal(column.name), known.value]
    if told:
        pairs += [literal("answers"), raw_answers(told)]
    return cast(func.json_build_object(*pairs), Text)


def _finish(city: str, told: Sequence[ToldColumn], of_site: frozenset[str], reach: CaseReach) -> Any:
    def finish(document: str) -> str:
        properties = json.loads(document)
        place, department = properties.pop("place"), properties.pop("of")
        answers = open_answers(city, properties.pop("answers", None) or {})
        for column in told:
            seen = column.head in of_site or department in reach.answers
            properties[column.name] = column.value(answers, place) if seen else None
        return json.dumps(properties, ensure_ascii=False)

    return finish
