"""A layer without a style is drawn in a default one, different from that of its neighbours."""

import pytest

from portal.maps.layers import MapLayer, default_style


@pytest.mark.parametrize("kind", ["polygon", "line", "point"])
def test_every_kind_has_something_to_draw(kind: str) -> None:
    style = default_style(kind, 0)
    assert MapLayer("a", "範囲", kind, style, 1, shown=False).colour.startswith("#")
    assert style != default_style(kind, 1)
    assert default_style(kind, 10_000)
