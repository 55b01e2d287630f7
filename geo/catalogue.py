"""The catalogue of layers: what each is, whose it is, who sees it, where it comes from; entries are made, changed, and taken out of use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geo.tables import layer, layer_setting, layer_version


@dataclass(frozen=True, slots=True)
class Entry:
    """A layer as the catalogue has it.

    `title` and `description` by language. `owner`, `viewers` and `editors` are keys of groups. `key_property` is what its features are
    known by, `tolerance_m` how far its edges may be off (None: as the city has decided), `address_property` holds the address of a
    feature. `public_use` is what the caller says of its use on the map for everybody; the `hidden_columns` are not told to everybody.
    `features`, `data_date` and `made_at` (when it came in) are those of its newest version; a layer without one has none of them.
    """

    id: int
    key: str
    kind: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    style: Mapping[str, Any]
    visible_to: str
    owner: str | None
    viewers: Sequence[str]
    editors: Sequence[str]
    source: str
    licence: str
    attribution: str
    review_on: date | None
    key_property: str | None
    tolerance_m: float | None
    address_property: str | None
    public_use: Mapping[str, Any]
    hidden_columns: Sequence[str]
    in_use: bool
    is_demo: bool
    version: int
    features: int
    data_date: date | None
    made_at: datetime | None
    columns: Mapping[str, str]

    @property
    def insiders(self) -> frozenset[str]:
        """The groups that see it in any case."""
        return frozenset([*self.viewers, *self.editors, *([self.owner] if self.owner else [])])


_NEWEST = ("features", "data_date", "made_at", "columns")


def entries(connection: Connection | Session) -> list[Entry]:
    """Every layer, those in use first, in the order of maps."""
    return [Entry(**row) for row in connection.execute(_ENTRIES_IN_ORDER).mappings()]


def entry_of(connection: Connection | Session, key: str) -> Entry | None:
    """The entry of a layer; None if there is none."""
    row = connection.execute(_ENTRIES.where(layer.c.key == key)).mappings().one_or_none()
    return None if row is None else Entry(**row)


def entry_with_id(connection: Connection | Session, layer_id: int) -> Entry:
    """The entry of a layer that there is."""
    return Entry(**connection.execute(_ENTRIES.where(layer.c.id == layer_id)).mappings().one())


def add_entry(connection: Connection | Session, key: str, kind: str, **values: Any) -> bool:
    """Add a layer without features, behind the others; False where the key is taken."""
    sort = select(func.coalesce(func.max(layer.c.sort), -1) + 1).scalar_subquery()
    query = insert(layer).values(key=key, kind=kind, version=0, sort=sort, **values)
    made = connection.execute(query.on_conflict_do_nothing(index_elements=["key"]).returning(layer.c.id))
    return made.one_or_none() is not None


def change_entry(connection: Connection | Session, key: str, **values: Any) -> None:
    """Change what the catalogue says of a layer; its features and their versions stay."""
    connection.execute(update(layer).where(layer.c.key == key).values(**values))


def city_tolerance(connection: Connection | Session) -> float:
    """How far, in metres, edges of the layers may be off that say nothing else of themselves."""
    return connection.execute(select(layer_setting.c.tolerance_m)).scalar() or 0.0


def set_city_tolerance(connection: Connection | Session, metres: float) -> None:
    """Change that."""
    query = insert(layer_setting).values(id=1, tolerance_m=metres)
    connection.execute(query.on_conflict_do_update(index_elements=["id"], set_={"tolerance_m": metres}))


def _entries() -> Any:
    newest = layer_version.c
    own = [layer.c[name] for name in Entry.__slots__ if name not in _NEWEST]
    told = (
        func.coalesce(newest.features, 0).label("features"),
        newest.data_date,
        newest.made_at,
        func.coalesce(newest["columns"], literal({}, layer_version.c["columns"].type)).label("columns"),
    )
    joined = (newest.layer_id == layer.c.id) & (newest.number == layer.c.version)
    return select(*own, *told).select_from(layer).outerjoin(layer_version, joined)


_ENTRIES = _entries()
_ENTRIES_IN_ORDER = _ENTRIES.order_by(layer.c.in_use.desc(), layer.c.sort, layer.c.id)
# Kept, as building them takes longer than reading a catalogue.
