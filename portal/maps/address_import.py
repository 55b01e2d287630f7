"""Addresses of a city out of files with coordinates: towns and 丁目 go to its place names, house numbers to a layer of their own."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely import Point, from_wkb, set_srid
from sqlalchemy.orm import Session

from geo.address_files import AddressFile, AddressFileError, AddressPlace, RefusedRow, read_addresses
from geo.address_points import ADDRESS_POINTS
from geo.catalogue import change_entry, entry_of
from geo.place_names import PLACE_NAMES
from geo.versions import Change, Incoming, Provenance, compare, drop_intake, features_at, open_intake
from portal.core import tenancy
from portal.core.database import city_of
from portal.core.errors import Invalid
from portal.core.events import Actor
from portal.maps import catalogue
from portal.maps.imports import take_compared

_TITLES = {
    PLACE_NAMES: {"ja": "地名", "en": "Place names"},
    ADDRESS_POINTS: {"ja": "住所の位置", "en": "Addresses"},
}
_WRONG = {
    "encoding": "文字コードが読めません。UTF-8かCP932(Shift_JIS)で保存してください。",
    "columns": "住所と緯度・経度の列がありません。位置参照情報か、「住所」「緯度」「経度」の列があるCSVを指定してください。",
    "positions": "町字マスターには座標がありません。--positions で、位置参照のファイルも指定してください。",
}


@dataclass(frozen=True, slots=True)
class ImportedAddresses:
    """What an import of addresses did, or would do, by the key of the layer; and the rows that are no addresses."""

    changes: dict[str, Change]
    refused: list[RefusedRow]
    elsewhere: int


def import_addresses(
    session: Session, path: Path, actor: Actor, *, positions: Path | None = None, take: bool = True
) -> ImportedAddresses:
    """Make the towns, or the house numbers, of a file those of the city; with `take=False` only say what would change.

    Stations and facilities among the place names stay, and so do readings and former names that the file does not have. Raises Invalid
    for a file that cannot be read or has nothing for this city.
    """
    city = tenancy.city(city_of(session)).name
    try:
        content = read_addresses(path, city, positions)
    except AddressFileError as error:
        raise Invalid(_WRONG[str(error)]) from error
    if not content.places:
        raise Invalid(f"{city}の住所がありません。")
    features = {PLACE_NAMES: _towns(session, content), ADDRESS_POINTS: _points(content)}
    changes = {
        key: _import(session, key, incoming, path.name, actor, len(content.refused), take=take)
        for key, incoming in features.items()
        if incoming
    }
    return ImportedAddresses(changes, content.refused, content.elsewhere)


def _import(
    session: Session, key: str, features: list[dict[str, Any]], name: str, actor: Actor, refused: int, *, take: bool
) -> Change:
    entry = entry_of(session, key)
    if entry is None:
        catalogue.add_layer(session, key, "point", _TITLES[key], None, actor)
        change_entry(session, key, style={"label": "name"})
        entry = catalogue.get_layer(session, key)
    known_by = "address_key" if key == ADDRESS_POINTS else None
    incoming = [
        Incoming(n, each["properties"].get(known_by or ""), each["properties"], set_srid(each["geom"], 4326))
        for n, each in enumerate(features, start=1)
    ]
    intake_id = open_intake(session, incoming)
    change = compare(session, intake_id, key, known_by)
    if not take or change.is_none:
        drop_intake(session, intake_id)
    else:
        provenance = Provenance(author=actor.id if actor.kind == "staff" else None, file_name=name)
        take_compared(
            session, entry, intake_id, known_by, provenance, actor, expected_version=entry.version, refused=refused
        )
    return change


def _points(content: AddressFile) -> list[dict[str, Any]]:
    return [
        _feature(place.lon, place.lat, name=place.name, kind=place.kind, address_key=place.key)
        for place in content.places
        if place.key is not None
    ]


def _towns(session: Session, content: AddressFile) -> list[dict[str, Any]]:
    """The place names with the towns of a file in place of the former ones; empty where the file has no towns."""
    towns = [place for place in content.places if place.key is None]
    if not towns:
        return []
    kept: list[dict[str, Any]] = []
    told: dict[str, dict[str, Any]] = {}
    entry = entry_of(session, PLACE_NAMES)
    for _id, properties, wkb in features_at(session, PLACE_NAMES, entry.version) if entry else ():
        if properties.get("kind") in ("town", "chome"):
            told[properties["name"]] = {name: properties[name] for name in ("kana", "former") if properties.get(name)}
        else:
            kept.append({"properties": properties, "geom": from_wkb(bytes(wkb))})
    return kept + [
        _feature(place.lon, place.lat, name=place.name, kind=place.kind, **_read(place, told))
        for place in [*towns, *_around(towns)]
    ]


def _read(place: AddressPlace, told: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {**told.get(place.name, {}), **({"kana": place.kana} if place.kana else {})}


def _around(towns: list[AddressPlace]) -> list[AddressPlace]:
    """The towns of which the file has 丁目 alone, in the midst of these."""
    named = {place.name for place in towns}
    by_town: defaultdict[str, list[AddressPlace]] = defaultdict(list)
    for place in towns:
        if place.kind == "chome" and place.town not in named:
            by_town[place.town].append(place)
    return [
        AddressPlace(
            town,
            "town",
            town,
            sum(each.lon for each in parts) / len(parts),
            sum(each.lat for each in parts) / len(parts),
        )
        for town, parts in by_town.items()
    ]


def _feature(lon: float, lat: float, **properties: Any) -> dict[str, Any]:
    return {"properties": properties, "geom": Point(lon, lat)}
