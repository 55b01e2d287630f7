"""OGC API Tiles: from the landing page by links to a tile, with TileJSON and a style that paint what the tile holds."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.integration.ogc import schemas
from tests.integration.ogc.conftest import CENTRE, Town
from tests.integration.ogc.test_features import PLOT, read
from tests.integration.tile_reading import read as read_tile
from tests.integration.tile_reading import tile_of

REL = "http://www.opengis.net/def/rel/ogc/1.0/"


def linked(document: dict[str, Any], rel: str) -> str:
    parts = urlsplit(next(link["href"] for link in document["links"] if link["rel"] == rel))
    return parts.path


def test_links_lead_from_the_layer_to_its_tiles(town: Town) -> None:
    layer = read(town.anybody, PLOT, schemas.COLLECTION)
    sets = read(town.anybody, linked(layer, f"{REL}tilesets-vector"), schemas.TILE_SETS)
    tile_set = read(town.anybody, linked(sets["tilesets"][0], "self"), schemas.TILE_SET)
    tiling = read(town.anybody, linked(tile_set, f"{REL}tiling-scheme"), schemas.TILE_MATRIX_SET)
    assert tiling["tileMatrices"][14]["matrixWidth"] == 2**14
    assert tiling["tileMatrices"][18]["cellSize"] == pytest.approx(0.597164283559817)
    z, x, y = tile_of(*CENTRE, 18)
    template = linked(tile_set, "item")
    path = template.replace("{tileMatrix}", str(z)).replace("{tileRow}", str(y)).replace("{tileCol}", str(x))
    answer = town.anybody.get(path)
    (features,) = read_tile(answer.data).values()
    assert "第0区画" in {feature["properties"]["name"] for feature in features}
    again = town.anybody.get(path, If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.headers["Access-Control-Allow-Origin"]) == (304, "*")


def test_tilejson_and_the_style_lead_to_the_same_tiles(town: Town) -> None:
    layer = read(town.anybody, PLOT, schemas.COLLECTION)
    tilejson = read(town.anybody, f"{PLOT}/tiles/WebMercatorQuad/tilejson", schemas.TILEJSON)
    style = read(town.anybody, linked(layer, "stylesheet"), schemas.STYLE)
    assert style["sources"]["plots"]["tiles"] == tilejson["tiles"]
    assert {part["source-layer"] for part in style["layers"]} == {"plots"}
    assert [part["type"] for part in style["layers"]] == ["fill", "line"]
    assert tilejson["vector_layers"][0]["fields"]["number"] == "Number"
    z, x, y = tile_of(*CENTRE, 17)
    path = urlsplit(tilejson["tiles"][0]).path.format(z=z, x=x, y=y)
    assert read_tile(town.anybody.get(path).data)["plots"]
    kinds = {
        key: [part["type"] for part in read(town.anybody, f"/ogc/collections/{key}/style", schemas.STYLE)["layers"]]
        for key in ("city-roads", "place-names")
        if town.anybody.get(f"/ogc/collections/{key}").status_code == 200
    }
    assert all(kinds.values()), kinds
    assert kinds.get("place-names", ["symbol"])[-1] == "symbol"


def test_tiles_are_there_for_those_who_see_the_layer(town: Town) -> None:
    parts = (
        "style",
        "tiles",
        "tiles/WebMercatorQuad",
        "tiles/WebMercatorQuad/tilejson",
        "tiles/WebMercatorQuad/14/1/1",
    )
    for who, door, sees in (
        ("anybody", "/ogc", {"plots"}),
        ("roads", "/desk/ogc", {"plots", "pipes", "defects"}),
        ("citizens", "/desk/ogc", {"plots", "pipes"}),
    ):
        for key in ("plots", "pipes", "defects", "wells"):
            for part in parts:
                answer = getattr(town, who).get(f"{door}/collections/{key}/{part}")
                assert answer.status_code == (200 if key in sees else 404), (who, key, part)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{PLOT}/tiles/WebMercatorQuad/1/2/2", 404),
        (f"{PLOT}/tiles/WebMercatorQuad/23/0/0", 404),
        (f"{PLOT}/tiles/WebMercatorQuad/1/0/0?colour=red", 400),
        (f"{PLOT}/style?f=tilejson", 400),
        ("/ogc/tileMatrixSets?f=xml", 400),
    ],
)
def test_tiles_that_there_are_not_are_refused(town: Town, path: str, status: int) -> None:
    assert read(town.anybody, path, schemas.PROBLEM, status)["detail"]
