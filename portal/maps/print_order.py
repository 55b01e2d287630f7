"""What a printed map shows, as plain values: which ground on which paper, which layers, and what the caller puts on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from common.plane import Plane
from common.status import Status
from geo.paper import Sheet

Position = tuple[float, float]


@dataclass(frozen=True)
class PrintedLayer:
    """A layer by its key, and how much of it is seen, from 0 to 1."""

    key: str
    opacity: float = 1


@dataclass(frozen=True)
class PrintedPlace:
    """A place on the map: its shape (GeoJSON), in the colour of a status, or of none; the number beside its pin."""

    geometry: Mapping[str, Any]
    status: Status | None = None
    late: bool = False
    number: str = ""


@dataclass(frozen=True)
class PrintedTable:
    """A table on the pages after the map."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class PrintOrder:
    """Everything that a printed map shows and says; the features of its layers are those of the moment at which it is made.

    `base`: schematic | none. `person` and `department` are who printed it. `condition` says in words which places are on it.
    """

    __pydantic_config__ = ConfigDict(strict=False, extra="forbid")

    title: str
    paper: str
    landscape: bool
    scale: int
    centre: Position
    base: str
    layers: tuple[PrintedLayer, ...] = ()
    places: tuple[PrintedPlace, ...] = ()
    tables: tuple[PrintedTable, ...] = ()
    person: str = ""
    department: str = ""
    condition: str = ""
    case_ids: tuple[int, ...] = field(default=())

    def sheet(self, plane: Plane) -> Sheet:
        """The sheet in the plane system of the city."""
        return Sheet(self.scale, self.centre, plane, self.paper, self.landscape)

    def as_stored(self) -> dict[str, Any]:
        """Return it as JSON values."""
        stored: dict[str, Any] = _ORDER.dump_python(self, mode="json")
        return stored

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> "PrintOrder":
        """Read what `as_stored` returned."""
        return _ORDER.validate_python(dict(stored))


_ORDER = TypeAdapter(PrintOrder)
