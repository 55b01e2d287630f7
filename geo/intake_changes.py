"""What an intake would change, feature by feature: for a list and a map of it before it becomes a version."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

LIMIT = 200


@dataclass(frozen=True, slots=True)
class FeatureChange:
    """A feature that is added, changed or removed. `label` is what a person knows it by; `differs` names the properties that change, and
    `moved` says whether its shape does. `shape` is GeoJSON, of the layer where it is removed.
    """

    outcome: Literal["added", "changed", "removed"]
    label: str
    differs: Sequence[str]
    moved: bool
    shape: dict[str, Any]


def feature_changes(
    connection: Connection | Session, intake_id: int, key: str, label: str | None, limit: int = LIMIT
) -> list[FeatureChange]:
    """So many features of each outcome, in the order of the file, those that are removed by their id; `label` is the property to name them by.

    The intake must have been compared (`geo.versions.compare`).
    """
    sql = files("geo").joinpath("sql", "versions", "feature_changes.sql").read_text(encoding="utf-8")
    values = {"intake_id": intake_id, "layer": key, "label": label, "limit": limit}
    return [FeatureChange(**row) for row in connection.execute(text(sql), values).mappings()]
