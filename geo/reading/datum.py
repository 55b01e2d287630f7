"""In which coordinate system a file is: what it says, whether its numbers agree, and what they look like where it says nothing."""

from dataclasses import dataclass
from typing import Any

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geo.reading.errors import FileError

JGD2011 = 6668
TOKYO = 4301
WEST, SOUTH, EAST, NORTH = 122.0, 20.0, 154.5, 46.0
"""Japan with its outlying islands, in degrees."""

Bounds = tuple[float, float, float, float]  # as the file has them: least x, least y, greatest x, greatest y


@dataclass(frozen=True, slots=True)
class Datum:
    """The coordinate system by which a file is read. `swapped`: it has latitude before longitude."""

    crs: CRS
    swapped: bool = False

    @property
    def name(self) -> str:
        """Its name in the register of EPSG, or its own."""
        return str(self.crs.name)

    @property
    def epsg(self) -> int | None:
        """Its number in the register of EPSG."""
        number = self.crs.to_epsg(min_confidence=20)
        return None if number is None else int(number)

    @property
    def is_tokyo(self) -> bool:
        """Whether it is the datum of before 2002, which lies about 400 m off and is transformed to within some metres."""
        return self.crs.geodetic_crs is not None and "Tokyo" in self.crs.geodetic_crs.name

    def transformer(self) -> Transformer:
        """To longitude and latitude (JGD2011, taken as WGS 84). Axes are always east, north: files have them so, whatever EPSG lists."""
        return Transformer.from_crs(self.crs, 4326, always_xy=True)


def detect_datum(
    declared: str | None,
    bounds: Bounds,
    *,
    chosen: int | None = None,
    plane: int | None = None,
    swapped: bool | None = None,
) -> Datum:
    """The coordinate system of a file whose coordinates lie within `bounds`.

    declared: what the file says (WKT or `EPSG:…`), None for nothing; `chosen` is the EPSG code that a person chose, which goes before it;
    `plane` the code of the city's plane system, to suggest; `swapped` what a person chose of the order of the axes, None to go by the
    numbers. Raises FileError datum_missing (with a suggestion), datum_unknown, or datum_contradicts where the numbers cannot be in that
    system.
    """
    if chosen is None and not declared:
        raise FileError("datum_missing", suggestion=_suggestion(bounds, plane))
    try:
        crs = CRS.from_user_input(chosen if chosen is not None else declared)
    except CRSError as error:
        raise FileError("datum_unknown", named=str(chosen or declared)[:80]) from error
    if swapped is None:
        swapped = crs.is_geographic and _is_japan(_swapped(bounds)) and not _is_japan(bounds)
    datum = Datum(crs, swapped)
    if not _fits(datum, _swapped(bounds) if swapped else bounds):
        raise FileError("datum_contradicts", named=datum.name, suggestion=_suggestion(bounds, plane))
    return datum


def in_japan(bounds: Any) -> Any:
    """Whether boxes in degrees (an array of four numbers, or its rows) lie in Japan; a comparison with NaN is false."""
    west, south, east, north = bounds.T
    return (west >= WEST) & (south >= SOUTH) & (east <= EAST) & (north <= NORTH)


def _fits(datum: Datum, bounds: Bounds) -> bool:
    """Whether the numbers are of that kind, and metres somewhere in Japan. Single rows that lie elsewhere do not condemn the file."""
    degrees = max(map(abs, bounds)) <= 360
    if datum.crs.is_geographic or degrees:
        return datum.crs.is_geographic and degrees
    try:
        corners = datum.transformer().transform_bounds(*bounds)
    except ProjError:
        return False
    west, south, east, north = corners
    return bool(west < EAST and east > WEST and south < NORTH and north > SOUTH)


def _suggestion(bounds: Bounds, plane: int | None) -> int | None:
    """What the numbers look like: degrees of Japan, or metres around the origin of a plane system."""
    if _is_japan(bounds) or _is_japan(_swapped(bounds)):
        return JGD2011
    if max(map(abs, bounds)) < 600_000 and min(map(abs, bounds)) > 200:
        return plane
    return None


def _is_japan(bounds: Bounds) -> bool:
    west, south, east, north = bounds
    return west >= WEST and east <= EAST and south >= SOUTH and north <= NORTH


def _swapped(bounds: Bounds) -> Bounds:
    least_x, least_y, greatest_x, greatest_y = bounds
    return least_y, least_x, greatest_y, greatest_x
