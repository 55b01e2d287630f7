"""Tile numbers, their boxes and their ranges of cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.pyramid import CELL_LEVEL, Tile
from geo.tiles import etag


def tiles(max_zoom: int) -> st.SearchStrategy[Tile]:
    def of(z: int) -> st.SearchStrategy[Tile]:
        side = st.integers(0, 2**z - 1)
        return st.builds(Tile, st.just(z), side, side)

    return st.integers(0, max_zoom).flatmap(of)


@pytest.mark.parametrize("address", [(-1, 0, 0), (23, 0, 0), (3, 8, 0), (3, 0, 8), (3, -1, 0)])
def test_a_tile_that_does_not_exist_is_rejected(address: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no such tile"):
        Tile(*address)


@given(tiles(CELL_LEVEL - 1))
def test_the_four_tiles_below_share_the_cells_of_the_one_above(tile: Tile) -> None:
    below = sorted(
        Tile(tile.z + 1, 2 * tile.x + right, 2 * tile.y + down).cells() for right in (0, 1) for down in (0, 1)
    )
    assert [first for first, _ in below] + [below[-1][1]] == [tile.cells()[0]] + [after for _, after in below]
    assert below[-1][1] == tile.cells()[1]


@given(tiles(22))
def test_neighbours_share_an_edge(tile: Tile) -> None:
    west, south, east, north = tile.bounds()
    assert -180 <= west < east <= 180
    assert -85.06 < south < north < 85.06
    if tile.x + 1 < 2**tile.z:
        assert Tile(tile.z, tile.x + 1, tile.y).bounds()[0] == east


def test_the_world_is_one_tile() -> None:
    assert Tile(0, 0, 0).bounds() == pytest.approx((-180, -85.0511, 180, 85.0511), abs=1e-4)
    assert Tile(0, 0, 0).cells() == (0, 4**CELL_LEVEL)


def test_entity_tags_differ_with_the_bytes() -> None:
    assert etag(b"a") == etag(b"a") != etag(b"b")
