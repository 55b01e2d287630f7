"""A draft becomes the next version of its layer: only the features that it changes are written, and none over somebody else's change."""

from collections import Counter
from collections.abc import Sequence
from importlib.resources import files

from sqlalchemy import Connection, delete, insert, literal, select, text, update
from sqlalchemy.orm import Session

from geo.editing.changes import DraftChange, draft_changes
from geo.editing.drafts import Draft, discard_draft, effective
from geo.tables import layer_feature, layer_past_feature
from geo.versions import Change, Provenance, Version, next_version, type_of_value, versions_of, write_version


class DraftConflict(Exception):
    """Somebody else changed features of the draft since its editor began with them."""


class NothingChanged(Exception):
    """The layer would be as it is."""


def publish_draft(connection: Connection | Session, draft: Draft, key: str, provenance: Provenance) -> Version:
    """Make what a draft changes the next version of the layer with that key, and forget the draft.

    Whoever publishes or imports at the same time waits, and then sees this version. Raises DraftConflict and NothingChanged; the caller
    then takes the transaction back.
    """
    number, _layer_id = next_version(connection, key)
    changes = draft_changes(connection, draft)
    if any(change.in_conflict for change in changes):
        raise DraftConflict
    if not changes and not draft.columns:
        raise NothingChanged
    _write(connection, draft, number, changes)
    counts = Counter(change.outcome for change in changes)
    former = versions_of(connection, key, limit=1)
    before = former[0].features if former else 0
    change = Change(
        counts["added"], counts["changed"], counts["removed"], same=before - counts["changed"] - counts["removed"]
    )
    columns = {**(former[0].columns if former else {}), **draft.columns}
    for edited in changes:
        for name, value in (edited.properties or {}).items():
            kind = type_of_value(value)
            if value is not None:
                columns[name] = kind if columns.get(name, kind) == kind else "mixed"
    write_version(connection, draft.layer_id, number, provenance, change, columns)
    discard_draft(connection, draft.id)
    return versions_of(connection, key, limit=1)[0]


def _write(connection: Connection | Session, draft: Draft, number: int, changes: Sequence[DraftChange]) -> None:
    ids: dict[str, list[int]] = {"added": [], "changed": [], "removed": []}
    for change in changes:
        ids[change.outcome].append(change.id)
    edited, now, past = effective(draft.id), layer_feature, layer_past_feature
    gone = now.c.id.in_([*ids["changed"], *ids["removed"]])
    kept = ("id", "layer_id", "since", "properties", "geom")
    columns = [now.c[name] for name in kept]
    connection.execute(insert(past).from_select([*kept, "until"], select(*columns, literal(number)).where(gone)))
    connection.execute(delete(now).where(now.c.id.in_(ids["removed"])))
    connection.execute(
        update(now)
        .where(now.c.id == edited.c.feature_id, now.c.id.in_(ids["changed"]))
        .values(since=number, properties=edited.c.properties, geom=edited.c.geom)
    )
    added = files("geo").joinpath("sql", "drafts", "add.sql").read_text(encoding="utf-8")
    connection.execute(text(added), {"draft_id": draft.id, "version": number, "ids": ids["added"]})
