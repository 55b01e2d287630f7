"""What a link says of the layers of the staff map, and what becomes of it."""

import pytest

from portal.desk.map_state import layers_named, missing_layers, read_layers, stacked, write_layers
from portal.maps import MapLayer

OFFERED = [
    MapLayer(key, key, kind, {"fill": "#123456"}, 1, shown=key == "roads")
    for key, kind in (("zones", "polygon"), ("roads", "line"), ("schools", "point"), ("floods", "polygon"))
]


@pytest.mark.parametrize(
    ("text", "layers"),
    [
        ("zones,roads", {"zones": 1, "roads": 1}),  # a link of earlier days
        ("roads:0.35,zones:1", {"roads": 0.35, "zones": 1}),
        ("roads:0,zones:9,:0.5,a b,roads:0.5", {"roads": 0.1}),
        ("none", {}),
        ("", {}),
    ],
)
def test_layers_are_read_from_the_top_and_what_cannot_be_read_is_left_out(text: str, layers: dict[str, float]) -> None:
    assert list(read_layers(text).items()) == list(layers.items())
    assert read_layers(",".join(write_layers(layers))) == layers


def test_no_more_layers_are_read_than_a_map_takes() -> None:
    assert len(read_layers(",".join(f"layer-{n}" for n in range(100)))) == 30
    assert layers_named({}) is None


def test_a_map_begins_with_lines_over_points_over_areas_and_the_later_of_a_kind_on_top() -> None:
    layers = stacked(OFFERED, {})
    assert [layer.key for layer in layers] == ["roads", "schools", "floods", "zones"]
    assert [layer.key for layer in layers if layer.shown] == ["roads"]


def test_a_link_decides_what_is_on_and_what_lies_on_top() -> None:
    link = {"layers": "zones:0.5,schools,forgotten"}
    layers = stacked(OFFERED, link)
    assert [(layer.key, layer.opacity) for layer in layers if layer.shown] == [("zones", 0.5), ("schools", 1)]
    assert layers[0].key == "zones"
    assert len(layers) == len(OFFERED)
    assert missing_layers(OFFERED, link) == ["forgotten"]
    assert not any(layer.shown for layer in stacked(OFFERED, {"layers": "none"}))
