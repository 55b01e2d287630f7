"""Maps on paper: lengths in the plane system of the city, the bar, the grid, and the styles that scripts draw with too."""

import math
import re

import pytest
from shapely import box
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from common.plane import Plane
from geo import basemap
from geo.paper import PAPERS, SCALES, Mark, Sheet, draw_base, draw_marks, largest_scale
from geo.paper.furniture import grid, round_length, scale_bar
from geo.paper.labels import Labels, Lettering
from geo.paper.layers import DrawnLayer, write_name
from geo.paper.sheet import UNITS_PER_MM
from geo.paper.svg import path_data
from geo.style import LayerStyle

TACHIKAWA = (139.4137, 35.6982)


def sheet(scale: int = 1000, paper: str = "A4", *, landscape: bool = True) -> Sheet:
    return Sheet(scale, TACHIKAWA, Plane(6677), paper, landscape)


def millimetres(drawn: LineString) -> float:
    return drawn.length / UNITS_PER_MM


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("paper", PAPERS)
def test_a_hundred_metres_are_as_long_as_the_scale_says(scale: int, paper: str) -> None:
    shown = sheet(scale, paper)
    [(x, y)] = shown.plane.project([TACHIKAWA])
    for across in ((100, 0), (0, 100), (60, 80)):
        ends = shown.plane.locate([(x, y), (x + across[0], y + across[1])])
        assert millimetres(shown.place_degrees(LineString(ends))) == pytest.approx(100_000 / scale, rel=1e-6)


def test_web_mercator_would_be_a_fifth_too_long() -> None:
    shown = sheet()
    [(x, y)] = shown.plane.project([TACHIKAWA])
    (lon, lat), (east, _north) = shown.plane.locate([(x, y), (x + 100, y)])
    web = math.radians(east - lon) * 6378137
    assert web == pytest.approx(100 / math.cos(math.radians(lat)), rel=0.01)
    assert millimetres(shown.place_degrees(LineString([(lon, lat), (east, lat)]))) == pytest.approx(100, rel=0.005)


@pytest.mark.parametrize("landscape", [True, False])
@pytest.mark.parametrize("paper", PAPERS)
def test_the_map_and_what_explains_it_lie_beside_each_other_on_the_page(paper: str, landscape: bool) -> None:
    shown = sheet(paper=paper, landscape=landscape)
    (width, height), frame, beside = shown.page, shown.frame, shown.beside
    for part in (frame, beside):
        assert part.left >= 10 and part.left + part.width <= width - 10 + 1e-6
        assert part.top >= 10 and part.top + part.height <= height - 18 + 1e-6
    assert beside.left >= frame.left + frame.width or beside.top >= frame.top + frame.height


def test_the_bar_is_as_long_as_it_says() -> None:
    for scale in SCALES:
        bar = scale_bar(scale)
        (length,) = re.findall(r'<rect x="4" y="14" width="([\d.]+)" height="5" fill="none"', bar)
        last = re.findall(r">([\d.]+) (k?m)</text>", bar)
        metres = float(last[0][0]) * (1000 if last[0][1] == "km" else 1)
        assert float(length) / UNITS_PER_MM == pytest.approx(metres * 1000 / scale, rel=0.001)


def test_the_grid_stands_on_round_coordinates() -> None:
    shown = sheet(2500)
    labels = Labels(*shown.size)
    assert grid(shown, labels).startswith("<path")
    written = labels.drawing()
    values = {int(number.replace(",", "")) for number in re.findall(r">[XY]=(-?[\d,]+)<", written)}
    assert values and all(value % 100 == 0 for value in values)


@pytest.mark.parametrize(("metres", "expected"), [(48, 20), (50, 50), (120, 100), (1200, 1000), (0.7, 0.5)])
def test_lengths_are_round(metres: float, expected: float) -> None:
    assert round_length(metres) == expected


def test_ground_is_shown_as_large_as_it_fits() -> None:
    shown = sheet()
    assert largest_scale(shown, (139.413, 35.698, 139.4135, 35.6984)) == 500
    assert largest_scale(shown, (139.405, 35.693, 139.42, 35.703)) == 10000
    assert largest_scale(shown, (139.0, 35.5, 140.0, 36.0)) == 25000


def test_names_give_way_to_those_that_came_first() -> None:
    labels, look = Labels(400, 300), Lettering(12, "#000000")
    assert labels.write("先に", 100, 100, look)
    assert not labels.write("あとに", 110, 102, look)
    assert not labels.write("はみ出す", 398, 100, look)
    assert labels.write("<市>", 300, 200, look)
    assert "&lt;市&gt;" in labels.drawing()


def test_pins_stand_on_the_sheet_and_not_beyond_it() -> None:
    shown = sheet()
    far = Mark(Point(139.6, 35.6), "#264af4", "", "遠い")
    here = Mark(Point(*TACHIKAWA), "#264af4", "", "ここ")
    labels = Labels(*shown.size)
    drawing = draw_marks(shown, labels, [far, here]) + labels.drawing()
    assert ("ここ" in drawing, "遠い" in drawing) == (True, False)
    (x, y) = (side / 2 for side in shown.size)
    assert f"translate({x:.2f} {y:.2f})".replace(".00", "") in drawing or f"translate({x:.1f}" in drawing


def test_holes_stay_open() -> None:
    area = Point(50, 50).buffer(40).difference(Point(50, 50).buffer(20))
    assert path_data([area]).count("Z") == 2


def test_the_base_is_drawn_in_its_colours_with_streets_and_names() -> None:
    shown = sheet(2500)
    labels = Labels(*shown.size)
    drawing = draw_base(shown, labels, "tachikawa")
    style = basemap.style()
    assert all(style[kind]["fill"] in drawing for kind in ("city", "house"))
    assert style["street"]["stroke"] in drawing
    assert "立川駅" in labels.drawing()


def test_every_kind_that_is_painted_has_a_style() -> None:
    painting = basemap.painting()
    assert {rule["kind"] for rule in painting["paint"]} <= basemap.style().keys()
    assert all("label" in basemap.style()[rule["kind"]] for rule in painting["labels"])


CATEGORY = LayerStyle.stored(
    {"by": "category", "property": "kind", "classes": [{"colour": "#111111", "value": "3"}], "other": "#999999"}
)
RANGE = LayerStyle.stored(
    {"by": "range", "property": "n", "classes": [{"colour": "#111111", "upper": 5}, {"colour": "#222222"}]}
)


@pytest.mark.parametrize(
    ("style", "properties", "colour"),
    [
        (CATEGORY, {"kind": "3"}, "#111111"),
        (CATEGORY, {"kind": 3.0}, "#111111"),
        (CATEGORY, {"kind": "4"}, "#999999"),
        (CATEGORY, {}, "#999999"),
        (RANGE, {"n": 5}, "#111111"),
        (RANGE, {"n": 5.1}, "#222222"),
        (RANGE, {"n": "5"}, None),
        (RANGE, {"n": True}, None),
        (RANGE, {}, None),
    ],
)
def test_features_have_the_colours_that_scripts_give_them(
    style: LayerStyle, properties: dict[str, object], colour: str | None
) -> None:
    assert style.class_colour(properties) == colour


@pytest.mark.parametrize(
    ("kind", "shape", "spot"),
    [
        ("polygon", box(100, 100, 200, 140), (150, 120)),
        ("polygon", box(100, 100, 112, 140), None),
        ("line", LineString([(100, 100), (300, 100)]), (200, 100)),
        ("line", LineString([(100, 100), (110, 100)]), None),
    ],
)
def test_areas_and_lines_have_their_names_where_these_fit(
    kind: str, shape: BaseGeometry, spot: tuple[float, float] | None
) -> None:
    labels = Labels(400, 300)
    style = LayerStyle(stroke="#0072b2", label="名前")
    write_name(DrawnLayer("lots", kind, style), {"名前": "第三町会"}, shape, labels)
    written = [float(x) for x in re.findall(r'<text x="([\d.]+)"', labels.drawing())]
    assert bool(written) is (spot is not None)
    if spot:
        assert not labels.claim(*spot, 1, 1)
