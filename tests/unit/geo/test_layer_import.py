"""What an import accepts, repairs and refuses."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.layer_import import Kind, LayerImportError, read_features

SQUARE = {"type": "Polygon", "coordinates": [[[139.4, 35.7], [139.5, 35.7], [139.5, 35.8], [139.4, 35.7]]]}
BOW_TIE = {
    "type": "Polygon",
    "coordinates": [[[139.4, 35.7], [139.5, 35.8], [139.5, 35.7], [139.4, 35.8], [139.4, 35.7]]],
}


def collection(geometry: Any, **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": geometry}], **members}


def message_of(document: dict[str, Any], kind: Kind = "polygon") -> str:
    with pytest.raises(LayerImportError) as caught:
        list(read_features(document, kind))
    return caught.value.messages[0]


def test_a_ring_that_crosses_itself_is_repaired() -> None:
    ((_, repaired),) = read_features(collection(BOW_TIE), "polygon")
    assert repaired.is_valid
    assert repaired.geom_type == "MultiPolygon"


def test_heights_are_dropped() -> None:
    ((_, geom),) = read_features(collection({"type": "Point", "coordinates": [139.4, 35.7, 80]}), "point")
    assert not geom.has_z


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "not a GeoJSON FeatureCollection"),
        ({"type": "FeatureCollection", "features": {}}, "not a GeoJSON FeatureCollection"),
        ({"type": "FeatureCollection", "features": []}, "no features"),
        ({"type": "FeatureCollection", "features": ["x"]}, "not an object"),
        (collection(None), "no readable geometry"),
        (collection({"type": "Polygon", "coordinates": []}), "empty"),
        (collection({"type": "Point", "coordinates": [139.4, 35.7]}), "not a polygon"),
        (collection({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}), "outside Japan"),
        (collection(SQUARE, crs={"properties": {"name": "EPSG:nonsense"}}), "coordinate system"),
        (collection(SQUARE, crs="x"), "coordinate system"),
    ],
)
def test_the_cause_is_named(document: dict[str, Any], message: str) -> None:
    assert message in message_of(document)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["type", "coordinates"]), inner),
    max_leaves=12,
)


@given(json_values)
def test_no_geometry_breaks_the_import(geometry: Any) -> None:
    try:
        features = list(read_features(collection(geometry), "polygon"))
    except LayerImportError:
        return
    assert all(geom.is_valid for _, geom in features)
