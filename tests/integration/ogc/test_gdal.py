"""GDAL reads the interface over HTTP as programs such as QGIS do (driver OAPIF): every page, the right way round, filtered by the server."""

from collections.abc import Iterator

import pytest
from pyproj import Transformer

from tests.integration.ogc.conftest import CENTRE, PLOTS
from tests.kit.gdal import Gdal


@pytest.fixture(scope="module")
def gdal() -> Iterator[Gdal]:
    with Gdal() as running:
        yield running


def test_gdal_lists_the_public_layers(gdal: Gdal, served: str) -> None:
    layers = gdal.layers(f"OAPIF:{served}/ogc")
    assert "plots" in layers
    assert not {"pipes", "defects", "wells"} & set(layers)


@pytest.mark.parametrize("page", [7, 1000])
def test_gdal_reads_every_feature_once(gdal: Gdal, served: str, page: int) -> None:
    columns = gdal.read(f"OAPIF:{served}/ogc", "plots", PAGE_SIZE=page)["columns"]
    assert sorted(int(float(number)) for number in columns["number"]) == list(range(PLOTS))
    assert columns["name"][3] == "第3区画"


@pytest.mark.parametrize("code", [6668, 6677, 3857])
def test_gdal_puts_features_where_they_are(gdal: Gdal, served: str, code: int) -> None:
    read = gdal.read(f"OAPIF:{served}/ogc", "plots", CRS=f"EPSG:{code}", max_features=1)
    assert str(code) in read["crs"]
    spot = Transformer.from_crs(code, 4326, always_xy=True).transform(*read["centres"][0])
    assert spot == pytest.approx(CENTRE, abs=2e-4)


def test_gdal_finds_what_a_condition_and_a_box_say(gdal: Gdal, served: str) -> None:
    plots = gdal.read(f"OAPIF:{served}/ogc", "plots", where="number > 20 AND open = 1")
    assert sorted(plots["columns"]["name"]) == ["第22区画", "第24区画"]
    west, south = CENTRE
    near = gdal.read(f"OAPIF:{served}/ogc", "plots", bbox=(west, south, west + 0.0003, south + 0.0001))
    assert sorted(near["columns"]["name"]) == ["第0区画", "第1区画"]
