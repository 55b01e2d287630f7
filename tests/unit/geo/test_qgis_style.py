"""Styles in the words of QGIS: one symbol for each colour, bounds for each range, and the zooms as scales."""

from xml.etree import ElementTree

import pytest

from geo.qgis_style import as_qml
from geo.style import LayerStyle, StyleClass

RANGES = LayerStyle(
    by="range", property="面積", classes=(StyleClass(colour="#fde79b", upper=10), StyleClass(colour="#311559"))
)


def document(kind: str, style: LayerStyle) -> ElementTree.Element:
    return ElementTree.fromstring(as_qml(kind, style))  # noqa: S314 - our own


def drawn(root: ElementTree.Element) -> list[dict[str | None, str | None]]:
    """What each symbol is drawn with."""
    return [{prop.get("k"): prop.get("v") for prop in layer.iter("prop")} for layer in root.iter("layer")]


@pytest.mark.parametrize(
    ("kind", "symbol"), [("polygon", "SimpleFill"), ("line", "SimpleLine"), ("point", "SimpleMarker")]
)
def test_a_layer_of_one_colour_is_one_symbol(kind: str, symbol: str) -> None:
    root = document(kind, LayerStyle(fill="#0072b2", stroke="#0072b2", width=3, dash=(6, 4)))
    assert [layer.get("class") for layer in root.iter("layer")] == [symbol]
    assert any(value is not None and value.startswith("0,114,178,") for value in drawn(root)[0].values())
    assert root.get("labelsEnabled") == "0"


def test_a_dashed_line_keeps_its_dashes() -> None:
    assert drawn(document("line", LayerStyle(stroke="#0072b2", dash=(6, 4))))[0]["customdash"] == "6;4"


def test_an_area_without_an_outline_has_none() -> None:
    assert drawn(document("polygon", LayerStyle(fill="#0072b2")))[0]["outline_style"] == "no"


def test_ranges_meet_and_leave_nothing_out() -> None:
    ranges = list(document("polygon", RANGES).iter("range"))
    bounds = [(float(each.get("lower", "")), float(each.get("upper", ""))) for each in ranges]
    assert bounds == [(-1e300, 10), (10, 1e300)]
    assert [each.get("label") for each in ranges] == ["〜10", "10〜"]


def test_what_is_in_no_class_has_a_colour_only_if_it_is_drawn() -> None:
    style = LayerStyle(by="category", property="種別", classes=(StyleClass(colour="#e69f00", value="残地"),))
    values = [each.get("value") for each in document("point", style).iter("category")]
    others = [
        each.get("value") for each in document("point", style.model_copy(update={"other": "#777777"})).iter("category")
    ]
    assert (values, others) == (["残地"], ["残地", ""])


def test_zooms_are_scales_and_a_name_is_a_label() -> None:
    root = document("point", LayerStyle(fill="#0072b2", min_zoom=15, max_zoom=18, label='"x<y>"'))
    assert float(root.get("minScale", "")) > 10_000 > float(root.get("maxScale", "")) > 1_000
    style = next(root.iter("text-style"))
    assert (root.get("labelsEnabled"), style.get("fieldName")) == ("1", '"x<y>"')


def test_signs_that_no_document_may_have_are_left_out() -> None:
    style = LayerStyle(by="category", property="種別", classes=(StyleClass(colour="#e69f00", value="残\x0b地"),))
    assert [each.get("value") for each in document("point", style).iter("category")] == ["残地"]
