"""What is near a point, in metres on the ground, of the layers that are asked for, without columns that are hidden."""

import random
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, update

from geo.layer_import import LayerMetadata, import_layer
from geo.near import feature_with_shape, features_around, features_in_order, features_near, names_of
from geo.tables import layer
from tests.integration.geo.stalls import CROSSING, rectangle

SRID = 6677


def point(east: float, north: float) -> dict[str, Any]:
    """A point so many metres from the crossing."""
    return {"type": "Point", "coordinates": rectangle(east, north, 1, 1)["coordinates"][0][0]}


def add(connection: Connection, key: str, kind: Any, *features: tuple[dict[str, Any], dict[str, Any]]) -> int:
    listed = [{"type": "Feature", "properties": properties, "geometry": geometry} for properties, geometry in features]
    import_layer(connection, LayerMetadata(key, {"ja": key}, kind), {"type": "FeatureCollection", "features": listed})
    return int(connection.execute(select(layer.c.id).where(layer.c.key == key)).scalar_one())


def near(connection: Connection, *layers: int, most: int = 10) -> list[str]:
    features = features_near(connection, layers, CROSSING, srid=SRID, most=most)
    return [str(each.properties["name"]) for each in features]


def test_the_nearest_on_the_ground_comes_first_whatever_the_degrees_say(maps: Connection) -> None:
    """100 m to the east are more degrees than 110 m to the north."""
    key = add(maps, "taps", "point", ({"name": "east"}, point(100, 0)), ({"name": "north"}, point(0, 110)))
    assert near(maps, key) == ["east", "north"]
    assert near(maps, key, most=1) == ["east"]


def test_direction_distance_and_what_the_place_lies_in(maps: Connection) -> None:
    park = add(maps, "parks", "polygon", ({"name": "here"}, rectangle(-5, -5, 10, 10)))
    tap = add(maps, "taps", "point", ({"name": "south-west"}, point(-30, -30)))
    here, there = features_near(maps, [park, tap], CROSSING, srid=SRID, most=5)
    assert (here.key, here.metres, here.azimuth) == ("parks", 0, None)
    assert there.metres == pytest.approx(42.4, abs=0.1)
    assert there.azimuth == pytest.approx(225, abs=1)
    assert [each.properties["name"] for each in features_around(maps, [park, tap], CROSSING)] == ["here"]


def test_only_the_layers_that_are_asked_for_and_no_hidden_column(maps: Connection) -> None:
    shown = add(maps, "taps", "point", ({"name": "tap", "keeper": "秘密"}, point(3, 0)))
    add(maps, "pipes", "point", ({"name": "pipe"}, point(1, 0)))
    maps.execute(update(layer).where(layer.c.key == "taps").values(hidden_columns=["keeper"]))
    [tap] = features_near(maps, [shown], CROSSING, srid=SRID, most=5)
    [listed] = features_in_order(maps, [shown], most=5)
    whole = feature_with_shape(maps, shown, tap.id)
    assert whole is not None
    assert tap.properties == listed.properties == whole[0].properties == {"name": "tap"}
    assert names_of(maps, {shown: ["keeper"]}, most=5) == []
    assert names_of(maps, {shown: ["name", "keeper"]}, most=5) == [(shown, tap.id, {"name": "tap", "keeper": None})]
    assert feature_with_shape(maps, shown, 10**9) is None


def test_nothing_is_near_where_there_is_nothing(maps: Connection) -> None:
    empty = add(maps, "taps", "point", ({"name": "tap"}, point(0, 0)))
    assert features_near(maps, [empty + 1], CROSSING, srid=SRID, most=5) == []
    assert features_near(maps, [], CROSSING, srid=SRID, most=5) == []


def test_the_index_answers(maps: Connection) -> None:
    """Of four thousand points the nearest come from the index in their order."""
    random.seed(1)
    spots = [point(random.uniform(-4000, 4000), random.uniform(-4000, 4000)) for _ in range(4000)]
    key = add(maps, "taps", "point", *(({"name": str(n)}, spot) for n, spot in enumerate(spots)))
    maps.exec_driver_sql("ANALYZE layer_feature")
    statements: list[Any] = []

    def keep(_connection: Connection, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        statements.append((statement, parameters))

    event.listen(maps, "before_cursor_execute", keep)
    assert len(near(maps, key, most=20)) == 20
    event.remove(maps, "before_cursor_execute", keep)
    ((statement, parameters),) = statements
    explained = "\n".join(maps.exec_driver_sql(f"EXPLAIN (COSTS OFF) {statement}", parameters).scalars())
    assert "Order By: (geom <-> " in explained
    assert "Seq Scan on layer_feature" not in explained
