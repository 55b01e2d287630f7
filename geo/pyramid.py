"""The pyramid of web-map tiles: which tiles there are, where they lie, which cells they hold."""

from dataclasses import dataclass
from math import atan, degrees, pi, sinh

MAX_ZOOM = 22
CELL_LEVEL = 20  # the zoom of the tiles by whose numbers features are counted, see `Clustering`
EXTENT = 4096  # units along the side of a vector tile
BUFFER = 64  # units around a tile, so that strokes are not cut at its edge


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of the web-map pyramid. Raises ValueError for one that does not exist."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not (0 <= self.z <= MAX_ZOOM and 0 <= self.x < 1 << self.z and 0 <= self.y < 1 << self.z):
            raise ValueError(f"no such tile: {self.z}/{self.x}/{self.y}")

    def cells(self) -> tuple[int, int]:
        """First cell number in the tile, and the first one after it. Only for z <= CELL_LEVEL."""
        code = sum(((self.x >> bit & 1) | (self.y >> bit & 1) << 1) << 2 * bit for bit in range(self.z))
        shift = 2 * (CELL_LEVEL - self.z)
        return code << shift, (code + 1) << shift

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        side = 1 << self.z
        west, east = (column / side * 360 - 180 for column in (self.x, self.x + 1))
        north, south = (degrees(atan(sinh(pi * (1 - 2 * row / side)))) for row in (self.y, self.y + 1))
        return west, south, east, north

    def parameters(self) -> dict[str, float]:
        """The value of every bind parameter that a statement for tiles may name; `box_…` is the tile with its buffer."""
        west, south, east, north = self.bounds()
        x_buffer, y_buffer = (east - west) * BUFFER / EXTENT, (north - south) * BUFFER / EXTENT
        first, after = self.cells() if self.z <= CELL_LEVEL else (0, 0)
        return {
            "z": self.z,
            "x": self.x,
            "y": self.y,
            "first_cell": first,
            "after_cell": after,
            "west": west,
            "south": south,
            "east": east,
            "north": north,
            "box_west": west - x_buffer,
            "box_south": south - y_buffer,
            "box_east": east + x_buffer,
            "box_north": north + y_buffer,
            "half_pixel": (east - west) / 512,
        }
