"""Verbs of the catalogue of layers: made, described, given an earlier version again, taken out of use and back."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from geo.catalogue import Entry, add_entry, change_entry, city_tolerance, entries, entry_of, set_city_tolerance
from geo.exporting import export_layer
from geo.style import LayerStyle
from geo.versions import Provenance, Version, VersionConflict, intake_of_version, take_intake
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.events import Actor, Subject, record
from portal.identity import Department, belongings
from portal.maps.events import of_layer
from portal.maps.layers import style_of
from portal.maps.usage import uses


@dataclass(frozen=True, slots=True)
class Description:
    """What the catalogue says of a layer. `visible_to`: public | staff | groups; departments by key."""

    title: Mapping[str, str]
    description: Mapping[str, str]
    owner: str | None
    visible_to: str
    viewers: Collection[str]
    editors: Collection[str]
    source: str
    licence: str
    attribution: str
    review_on: date | None
    key_property: str | None
    tolerance_m: float | None
    address_property: str | None


def get_layer(session: Session, key: str) -> Entry:
    """The entry of a layer. Raises NotFound."""
    entry = entry_of(session, key)
    if entry is None:
        raise NotFound
    return entry


def description_of(entry: Entry) -> Description:
    """What the catalogue says of a layer now, to be changed in part."""
    return Description(**{field.name: getattr(entry, field.name) for field in fields(Description)})


def add_layer(session: Session, key: str, kind: str, title: Mapping[str, str], owner: str | None, actor: Actor) -> None:
    """Make a layer without features, which staff see. Raises Invalid (field `key`) for a key that is taken."""
    if not add_entry(session, key, kind, title=dict(title), owner=owner, visible_to="staff"):
        sentence = "このキーの層は、もうあります。別のキーにしてください。"
        raise Invalid(sentence, {"key": sentence})
    record(session, of_layer(get_layer(session, key).id), "layer.created", actor, key=key, kind=kind)


def describe_layer(session: Session, key: str, description: Description, actor: Actor) -> None:
    """Change what the catalogue says of a layer.

    Raises Invalid for a layer that residents choose from and that they would no longer see, and for a property that its features do
    not have.
    """
    entry = get_layer(session, key)
    offered = [use for use in uses(session).get(key, ()) if use.manner == "options"]
    if description.visible_to != "public" and offered:
        titles = "、".join(dict.fromkeys(use.title for use in offered))
        sentence = f"「{titles}」が、この層を選択肢にしています。住民にも見せる層のままにしてください。"
        raise Invalid(sentence, {"visible_to": sentence})
    for field in ("key_property", "address_property"):
        name = getattr(description, field)
        if name and entry.features and name not in entry.columns:
            sentence = f"「{name}」という項目は、この層にありません。"
            raise Invalid(sentence, {field: sentence})
    values: dict[str, Any] = asdict(description)
    values |= {name: list(values[name]) for name in ("viewers", "editors")}
    before = {name: getattr(entry, name) for name in values}
    changed = [name for name, value in values.items() if value != before[name]]
    if changed:
        change_entry(session, key, **{name: values[name] for name in changed})
        data = {"key": key, "changed": changed, "visible_to": description.visible_to}
        record(session, of_layer(entry.id), "layer.described", actor, **data)


def set_tolerance(session: Session, metres: float, actor: Actor) -> None:
    """How far the edges of layers may be off that say nothing else of themselves; answers nearer to one say so."""
    if metres != city_tolerance(session):
        set_city_tolerance(session, metres)
        record(session, Subject("layer"), "layer.tolerance_set", actor, metres=metres)


def style_layer(session: Session, key: str, style: LayerStyle, actor: Actor, *, seen: str) -> None:
    """Draw a layer otherwise on every map; `seen` is the mark (`style_mark`) of the style that the person changed.

    Raises Conflict when somebody was faster, Invalid for a property that its features do not have.
    """
    entry = get_layer(session, key)
    if style_mark(entry) != seen:
        raise Conflict(
            "この層の見た目は、ほかの人が先に変えました。いまの見た目を確かめてから、もう一度変えてください。"
        )
    for field, name in (("property", style.property), ("label", style.label)):
        if name and name not in entry.columns:
            sentence = f"「{name}」という項目は、この層にありません。"
            raise Invalid(sentence, {field: sentence})
    if style.as_stored() != entry.style:
        change_entry(session, key, style=style.as_stored())
        record(session, of_layer(entry.id), "layer.styled", actor, key=key, by=style.by or "single")


def style_mark(entry: Entry) -> str:
    """What tells a style of a layer from its others."""
    return hashlib.sha256(json.dumps(entry.style, sort_keys=True).encode()).hexdigest()[:16]


def restore_version(
    session: Session, key: str, number: int, actor: Actor, *, expected_version: int, note: str = ""
) -> Version:
    """Make the features of an earlier version the newest one. `expected_version` is the newest that the person has seen.

    Raises NotFound for a version that the layer does not have, Conflict when the layer has changed since or would not change.
    """
    entry = get_layer(session, key)
    try:
        intake_id = intake_of_version(session, key, number)
    except LookupError as error:
        raise NotFound from error
    if number == entry.version:
        raise Conflict(f"第{number}版は、いまの版です。")
    by = actor.id if actor.kind == "staff" else None
    try:
        provenance = Provenance("restore", author=by, restored=number, note=note)
        version = take_intake(session, intake_id, key, provenance, expected_version=expected_version)
    except VersionConflict as error:
        raise newer_version() from error
    counts = {"added": version.added, "changed": version.changed, "removed": version.removed}
    data = {"key": key, "version": version.number, "restored": number, **counts}
    record(session, of_layer(entry.id), "layer.restored", actor, **data)
    return version


def export_version(
    session: Session, key: str, number: int, path: Path, file_format: str, actor: Actor, *, words: str = ""
) -> int:
    """Write a version of a layer to a file of one of `geo.exporting.FORMATS`, and return the number of features written.

    With `words` only those that have them in a property, as the list of features is searched.

    Raises NotFound for the layer, LookupError for a version or a format that there is not.
    """
    entry = get_layer(session, key)
    features = export_layer(session, entry, number, path, file_format, style_of(entry.kind, entry.style), words)
    data = {"key": key, "version": number, "kind": file_format, "features": features}
    record(session, of_layer(entry.id), "layer.exported", actor, **data)
    return features


def retire_layer(session: Session, key: str, actor: Actor) -> None:
    """Take a layer out of use; its versions stay, and cases that were judged by it stay as they are.

    Raises Conflict for a layer that a procedure which takes applications, or the product itself, needs.
    """
    entry = get_layer(session, key)
    if needed := uses(session).get(key):
        titles = "、".join(dict.fromkeys(use.title or "地名の検索" for use in needed))
        raise Conflict(
            f"この層は「{titles}」が使っています。手続きの定義から外して公開してから、使用をやめてください。"
        )
    if entry.in_use:
        change_entry(session, key, in_use=False)
        record(session, of_layer(entry.id), "layer.retired", actor, key=key, version=entry.version)


def reuse_layer(session: Session, key: str, actor: Actor) -> None:
    """Take a layer into use again, as it was."""
    entry = get_layer(session, key)
    if not entry.in_use:
        change_entry(session, key, in_use=True)
        record(session, of_layer(entry.id), "layer.reused", actor, key=key, version=entry.version)


def newer_version() -> Conflict:
    """What is said to somebody who was overtaken."""
    return Conflict("この層は、ほかの人が新しくしました。いまの内容を確かめてから、もう一度お試しください。")


def _layers_of(session: Session, department: Department) -> list[Entry]:
    """The layers that name a department: as the one that keeps them, or among those who see or edit them."""
    return [entry for entry in entries(session) if department.key in entry.insiders]


def _move_layers(session: Session, former: Department, successor: Department, actor: Actor) -> None:
    """Name the successor in every layer that names a department that closes."""
    for entry in _layers_of(session, former):
        description = description_of(entry)
        describe_layer(session, entry.key, _renamed(description, former.key, successor.key), actor)


def _renamed(description: Description, former: str, successor: str) -> Description:
    def named(keys: Collection[str]) -> list[str]:
        return list(dict.fromkeys(successor if key == former else key for key in keys))

    owner = successor if description.owner == former else description.owner
    return replace(description, owner=owner, viewers=named(description.viewers), editors=named(description.editors))


belongings.declare_belonging("layer", lambda session, department: len(_layers_of(session, department)), _move_layers)
