"""Styles of layers: what is no style, and what a legend says."""

from itertools import pairwise
from typing import Any

import pytest
from pydantic import ValidationError

from geo.maplibre import label, paints
from geo.style import LayerStyle, range_colours
from portal.demo.map_layers.metadata import LAYERS

RED, BLUE = "#d55e00", "#0072b2"


@pytest.mark.parametrize(
    "style",
    [
        {"fill": "red"},
        {"opacity": 1.5},
        {"width": -1},
        {"by": "category", "property": "zone"},
        {"by": "category", "classes": [{"colour": RED, "value": "A"}]},
        {"by": "category", "property": "zone", "classes": [{"colour": RED}]},
        {"by": "range", "property": "depth", "classes": [{"colour": RED}, {"colour": BLUE}]},
        {
            "by": "range",
            "property": "d",
            "classes": [{"colour": RED, "upper": 2}, {"colour": RED, "upper": 1}, {"colour": RED}],
        },
        {
            "by": "range",
            "property": "d",
            "classes": [{"colour": RED, "upper": 1}, {"colour": RED, "upper": 1}, {"colour": RED}],
        },
        {"classes": [{"colour": RED, "value": "A"}]},
        {"min_zoom": 3},
        {"script": "alert(1)"},
    ],
)
def test_what_no_map_could_draw_is_refused(style: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        LayerStyle.stored(style)


def test_a_legend_says_each_range_once() -> None:
    classes = [{"colour": RED, "upper": 0.5}, {"colour": BLUE, "upper": 3, "label": "2階まで"}, {"colour": RED}]
    style = LayerStyle.stored({"by": "range", "property": "depth", "classes": classes, "other": "#7a7a7a"})
    assert [entry.text for entry in style.legend()] == ["〜0.5", "2階まで", "3〜", None]
    assert list(LayerStyle.stored({"fill": RED}).legend()) == []


def test_styles_of_the_demo_are_styles_and_come_back_the_same() -> None:
    for layer in LAYERS:
        style = LayerStyle.stored(layer.style or {})
        assert LayerStyle.stored(style.as_stored()) == style


@pytest.mark.parametrize("count", range(1, 9))
def test_ranges_go_from_light_to_dark(count: int) -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    colours = range_colours(count)
    assert len(set(colours)) == count
    assert all(lightness(a) > lightness(b) for a, b in pairwise(colours))


def test_the_same_classes_are_said_to_maplibre() -> None:
    classes = [{"colour": RED, "value": "A"}, {"colour": BLUE, "value": "B"}]
    zones = LayerStyle.stored({"stroke": RED, "by": "category", "property": "zone", "classes": classes, "dash": [8, 6]})
    [fill, line] = paints("polygon", zones)
    clear = "rgba(0,0,0,0)"
    assert fill[1]["fill-color"] == ["match", ["to-string", ["get", "zone"]], "A", RED, "B", BLUE, clear]
    assert line[1]["line-dasharray"] == [8, 6]
    ranges = [{"colour": RED, "upper": 2}, {"colour": BLUE}]
    depths = LayerStyle.stored({"by": "range", "property": "depth", "classes": ranges, "other": "#7a7a7a"})
    [(kind, paint)] = paints("point", depths)
    assert (kind, paint["circle-color"][-1]) == ("circle", "#7a7a7a")
    assert paint["circle-color"][2] == ["step", ["to-number", ["get", "depth"]], RED, 2.0000000000000004, BLUE]
    assert paints("line", LayerStyle.stored({"stroke": RED}))[0][1]["line-color"] == RED


def test_names_are_written_in_the_fonts_of_whoever_looks() -> None:
    names = label("line", LayerStyle.stored({"stroke": RED, "label": "name"}))
    assert names is not None
    assert names["layout"]["text-field"] == ["to-string", ["get", "name"]]
    assert names["layout"]["symbol-placement"] == "line"
    assert label("polygon", LayerStyle.stored({"fill": RED})) is None
