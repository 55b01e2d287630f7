"""The cases of a layer as a file for maps and spreadsheets, with their codes in words."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from shapely import from_geojson
from sqlalchemy.orm import Session

from geo.exporting import Feature, Written, export_features
from geo.feature_source import every_feature
from geo.reference_systems import CRS84, systems
from geo.style import LayerStyle
from portal.cases.case_filter import CaseFilter, place_conditions
from portal.cases.case_layers import CaseLayer
from portal.core.tenancy import plane_of
from portal.core.text import _

_YES_NO: Mapping[bool, str] = {True: "はい", False: "いいえ"}


def export_cases(session: Session, layer: CaseLayer, case_filter: CaseFilter, path: Path, file_format: str) -> int:
    """Write the cases of a layer that pass a filter to a file of one of `geo.exporting.FORMATS`; how many places.

    Columns are called as people read them. Raises LookupError for a format that there is not.
    """
    labels = _labels(layer)
    kinds = {labels[column.name]: "number" if column.kind == "number" else "string" for column in layer.columns}
    system = systems(plane_of(session).srid)[CRS84]
    written = 0

    def features() -> Iterator[Feature]:
        nonlocal written
        for feature in every_feature(session, layer.source, place_conditions(case_filter), system):
            written += 1
            yield _in_words(layer, labels, json.loads(feature.properties)), from_geojson(feature.geometry)

    export_features(path, file_format, Written(layer.procedure, layer.kind, _style(layer, labels)), kinds, features())
    return written


def _style(layer: CaseLayer, labels: Mapping[str, str]) -> LayerStyle:
    """How the layer is drawn, with columns and values as the file has them."""
    style = LayerStyle.stored(layer.style)
    column = next((each for each in layer.columns if each.name == style.property), None)
    if column is None:
        return style
    words = {code: column.words.get(code, code) for code in (each.value or "" for each in style.classes)}
    classes = [each.model_copy(update={"value": words[each.value or ""]}) for each in style.classes]
    return style.model_copy(update={"property": labels[column.name], "classes": tuple(classes)})


def _labels(layer: CaseLayer) -> dict[str, str]:
    """What each column is called; one that another is called by already keeps its name beside it."""
    labels: dict[str, str] = {}
    for column in layer.columns:
        taken = column.label in labels.values()
        labels[column.name] = f"{column.label}({column.name})" if taken else column.label
    return labels


def _in_words(layer: CaseLayer, labels: Mapping[str, str], properties: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in layer.columns:
        value = properties.get(column.name)
        words = _(_YES_NO[value]) if isinstance(value, bool) else column.words.get(str(value), value)
        row[labels[column.name]] = words
    return row
