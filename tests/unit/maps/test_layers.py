"""A layer without a style is drawn in a default one, different from that of its neighbours."""

import pytest
from sqlalchemy.orm import Session

from geo.layers import LayerRow
from portal.maps.layers import MOST_SHOWN, CityLayers, MapLayer, default_style


@pytest.mark.parametrize("kind", ["polygon", "line", "point"])
def test_every_kind_has_something_to_draw(kind: str) -> None:
    style = default_style(kind, 0)
    assert MapLayer("a", "範囲", kind, style, 1, shown=False).colour.startswith("#")
    assert style != default_style(kind, 1)
    assert default_style(kind, 10_000)


def test_a_map_opens_with_few_layers_and_offers_all(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [f"layer-{number}" for number in range(9)]
    rows = [LayerRow(key, {"ja": key}, "line", {}, "public", 1, frozenset()) for key in keys]
    monkeypatch.setattr("portal.maps.layers.list_layers", lambda _session: rows)
    layers = CityLayers(Session()).switchable(shown=keys[1:])
    assert [layer.key for layer in layers] == keys
    assert [layer.key for layer in layers if layer.shown] == keys[1 : 1 + MOST_SHOWN]
    assert all(layer.shown for layer in CityLayers(Session()).switchable(shown=(), as_base_map=True))
