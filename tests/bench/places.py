"""Questions about a drawn place: milliseconds until the answer, beside the bare statement that a person would write for it alone."""

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from tests.bench.ground import CITY
from tests.bench.processor import Processor

HEAD = f"{'milliseconds':<64}{'p50':>8}{'p99':>8}{'bare p50':>10}{'p99':>8}{'ratio':>7}{'CPU p50':>9}{'p99':>8}"
_ASKED = 1_000
_TRIES = 3
"""How often each place is asked about; the shortest counts, so that p99 tells of places and not of a busy machine. On one that is busy all
the time it does not help: processor time, of this process and of its backend, tells of places there too.
"""
_ZONES = 3_000
_SPOTS = "bench-zones"

_BARE_ZONE = text("""
SELECT feature.properties -> 'zone' FROM layer JOIN layer_feature AS feature ON feature.layer_id = layer.id
WHERE layer.key = 'bench-zones' AND ST_Covers(feature.geom, ST_SetSRID(ST_GeomFromGeoJSON(:geometry), 4326))
""")
_BARE_CONFLICT = text("""
SELECT place.id FROM case_place AS place, ST_SetSRID(ST_GeomFromGeoJSON(:geometry), 4326) AS drawn
WHERE ST_Intersects(place.geom, drawn) AND place.procedure_key = 'road-occupancy' AND place.state = 'approved'
    AND daterange(place.starts_on, place.ends_on, '[]') && daterange(:first, :last, '[]')
""")


def lines() -> list[str]:
    """A line for each kind of question, each asked a thousand times all over the city on one connection."""
    from geo import LayerLookup, LayerRule, OverlapQuery, query_place
    from portal.cases import CASE_PLACES
    from portal.core.database import open_city_session
    from portal.core.tenancy import city as city_of

    city = city_of(CITY)
    generator = random.Random(7)
    with open_city_session(CITY) as session:
        _add_zones(session, city.center)
        first = date.today()  # noqa: DTZ011 - any day
        days = {"first": first, "last": first + timedelta(days=30)}
        conflicts = OverlapQuery(
            first,
            first + timedelta(days=30),
            {"procedure_key": "road-occupancy", "states": ["approved"], "exclude_case": None},
        )
        spots = [_spot(generator, city.center, 0.02) for _ in range(_ASKED)]
        areas = [_area(generator, city.center) for _ in range(_ASKED)]

        def zone(shape: Mapping[str, Any]) -> object:
            lookups = [LayerLookup(_SPOTS, "zone", "zone")]
            return query_place(session, shape, srid=city.plane_srid, lookups=lookups)

        def inside(shape: Mapping[str, Any]) -> object:
            return query_place(session, shape, srid=city.plane_srid, rules=[LayerRule("inside", _SPOTS)])

        def conflict(shape: Mapping[str, Any]) -> object:
            return query_place(session, shape, srid=city.plane_srid, overlaps=[conflicts], occupancy=CASE_PLACES)

        def bare(statement: Any, **values: Any) -> Callable[[Mapping[str, Any]], object]:
            return lambda shape: session.execute(statement, {"geometry": json.dumps(shape), **values}).all()

        measured = [
            (f"Places: the zone at a point, {_ZONES:,} zones", zone, bare(_BARE_ZONE), spots),
            (f"Places: a point inside a zone, {_ZONES:,} zones", inside, bare(_BARE_ZONE), spots),
            ("Places: conflicts of an area with every case", conflict, bare(_BARE_CONFLICT, **days), areas),
        ]
        processor = Processor(session)
        result = [_line(name, work, alone, shapes, processor) for name, work, alone, shapes in measured]
        session.rollback()
    return result


def _line(
    name: str,
    work: Callable[[Mapping[str, Any]], object],
    alone: Callable[[Mapping[str, Any]], object],
    shapes: list[dict[str, Any]],
    processor: Processor,
) -> str:
    times_asking, beside = list(_times(work, shapes, processor)), list(_times(alone, shapes, processor))
    (wait, late), (bare, bare_late) = (
        _middle_and_late([wall for wall, _busy in times]) for times in (times_asking, beside)
    )
    busy, busy_late = _middle_and_late([busy for _wall, busy in times_asking])
    figures = f"{wait:>8.2f}{late:>8.2f}{bare:>10.2f}{bare_late:>8.2f}{wait / bare:>7.1f}{busy:>9.2f}{busy_late:>8.2f}"
    return f"{name:<64}{figures}"


def _middle_and_late(times: list[float]) -> tuple[float, float]:
    ordered = sorted(times)
    return ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]


def _times(
    work: Callable[[Mapping[str, Any]], object], shapes: list[dict[str, Any]], processor: Processor
) -> Iterator[tuple[float, float]]:
    """Milliseconds of waiting and of processor time for each shape, each the least of its tries."""
    for shape in shapes[:20]:  # statements are prepared, pages are in memory
        work(shape)
    for shape in shapes:
        tries = [_milliseconds(work, shape, processor) for _ in range(_TRIES)]
        yield min(wall for wall, _busy in tries), min(busy for _wall, busy in tries)


def _milliseconds(
    work: Callable[[Mapping[str, Any]], object], shape: Mapping[str, Any], processor: Processor
) -> tuple[float, float]:
    begun, busy = time.perf_counter(), processor.seconds()
    work(shape)
    return (time.perf_counter() - begun) * 1000, (processor.seconds() - busy) * 1000


def _spot(generator: random.Random, center: tuple[float, float], reach: float) -> dict[str, Any]:
    lon, lat = (middle + generator.uniform(-reach, reach) for middle in center)
    return {"type": "Point", "coordinates": [lon, lat]}


def _area(generator: random.Random, center: tuple[float, float]) -> dict[str, Any]:
    lon, lat = _spot(generator, center, 0.01)["coordinates"]
    east, north = lon + 2e-4, lat + 2e-5
    return {"type": "Polygon", "coordinates": [[[lon, lat], [east, lat], [east, north], [lon, north], [lon, lat]]]}


def _add_zones(session: Any, center: tuple[float, float]) -> None:
    """Zones of about 150 m with edges of many corners, side by side over the city."""
    layer_id = session.execute(
        text(
            "INSERT INTO layer (key, title, kind, tolerance_m)"
            """ VALUES ('bench-zones', '{"ja": "区域"}', 'polygon', 1) RETURNING id"""
        )
    ).scalar_one()
    session.execute(
        text("""
INSERT INTO layer_feature (layer_id, properties, geom)
SELECT :layer, jsonb_build_object('zone', 'zone ' || n % 12),
    ST_Segmentize(ST_MakeEnvelope(west, south, west + 0.0015, south + 0.0012, 4326), 0.00005)
FROM generate_series(0, :zones - 1) AS n
CROSS JOIN LATERAL (SELECT :lon - 0.0375 + n % 50 * 0.0015, :lat - 0.036 + n / 50 * 0.0012) AS corner(west, south)
"""),
        {"layer": layer_id, "zones": _ZONES, "lon": center[0], "lat": center[1]},
    )
    session.execute(text("ANALYZE layer_feature"))
