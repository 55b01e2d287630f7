"""The pages that are measured, each as a maker of requests; number n of a page asks with the n-th visit or tile."""

import math
from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from tests.bench.books import book_pages
from tests.bench.client import Ask
from tests.bench.desk import EVERY_STATUS, desk_pages
from tests.bench.ground import CITY
from tests.bench.page import Page
from tests.bench.payments import notice_page
from tests.bench.together import bundles
from tests.bench.visitors import Drafts, permits, reports, staff_visit

STEPS = 64
"""Applications under way for the pages that can be asked for again and again."""


def all_pages(supply: int, csrf: Callable[[str, str], str]) -> list[Page]:
    """Every page, with the rows that it needs. `csrf(path, token)` reads the token of a form from a page."""
    from tests.bench.sending import submit, submit_bundle

    staff = staff_visit()
    begun = permits("begun", STEPS, 5_000_000)
    report_forms = reports(supply, 5_100_000)
    permit = permits("permit", supply, 5_200_000)
    bundle = bundles("bundle", STEPS, 6_000_000)
    sent_bundles = bundles("sent", supply, 6_100_000)
    token = csrf(f"/apply/d/{begun.public_id(0)}/place", begun.token(0))
    return [
        Page("Home", lambda _n: Ask("/")),
        Page("Apply: a step with a map, shown", lambda n: _step(begun, n)),
        _step_sent(begun, token),
        submit("Submit: damaged road (point)", report_forms, token),
        submit("Submit: road permit (polygon, file, signed in)", permit, token),
        Page(
            "Bundle: a step that all five ask, shown",
            lambda n: Ask(f"/apply/d/{bundle.public_id(n % STEPS)}/who", bundle.token(n % STEPS)),
        ),
        submit_bundle("Bundle: five procedures, sent (fee, polygon)", sent_bundles, token),
        *desk_pages(staff, csrf),
        *_tiles(staff, 12),
        *_tiles(staff, 16),
        *book_pages(staff),
        notice_page(),
    ]


def _step(drafts: Drafts, n: int, form: dict[str, Any] | None = None) -> Ask:
    number = n % drafts.count
    return Ask(f"/apply/d/{drafts.public_id(number)}/place", drafts.token(number), form, 200 if form is None else 303)


def _step_sent(drafts: Drafts, token: str) -> Page:
    """The place is another one each time, so that the map is asked each time."""
    from forms import inputs_of
    from portal.cases import drafts as stored
    from portal.core.database import city_session
    from portal.procedures.queries import offer

    with city_session(CITY) as session:
        draft = stored.find(session, drafts.public_id(0), own=[drafts.public_id(0)], account_id=None)
        answers = stored.answers_of(session, draft)
        definition = offer(session, draft.procedure_key).definition
    forms = [
        inputs_of(definition, "place", answers | {"area": _moved(answers["area"], east)}) | {"csrf_token": token}
        for east in (0.0, 0.0000011)
    ]
    return Page(
        "Apply: a step with a map, sent",
        lambda n: _step(drafts, n, forms[(n // drafts.count) % 2]),
        varied=lambda: (
            {drafts.public_id(n): f"'{drafts.name}-' || :client_id" for n in range(drafts.count)}
            | {drafts.first + n: f"{drafts.first} + :client_id" for n in range(drafts.count)}
        ),
    )


def _moved(place: Any, east: float) -> Any:
    ring = [[round(lon + east, 7), lat] for lon, lat in place["geometry"]["coordinates"][0]]
    return {"geometry": {"type": "Polygon", "coordinates": [ring]}, "source": "drawn"}


def _tiles(staff: str, zoom: int) -> list[Page]:
    """Tiles where cases are, the more of a tile the more cases it holds."""
    tiles = tiles_where_cases_are(zoom, 16)
    return [
        Page(
            f"Tile z{zoom}, {label}",
            lambda n, query=query: Ask(f"/desk/map/cases/{tiles[n % len(tiles)]}.mvt?{query}", staff),
            samples=len(tiles),
        )
        for label, query in (("open cases", ""), ("every case", EVERY_STATUS))
    ]


def tiles_where_cases_are(zoom: int, number: int) -> list[str]:
    """The tiles of so many cases chosen by chance, as z/x/y."""
    from portal.core.database import city_session

    with city_session(CITY) as session:
        spots = session.execute(
            text(
                "SELECT ST_X(spot), ST_Y(spot) FROM (SELECT ST_PointOnSurface(geom) AS spot FROM case_place"
                " ORDER BY md5(id::text) LIMIT :number) AS chosen"
            ),
            {"number": number},
        ).all()
    return [_tile(zoom, lon, lat) for lon, lat in spots]


def _tile(zoom: int, lon: float, lat: float) -> str:
    across = (lon + 180) / 360
    down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return f"{zoom}/{int(across * 2**zoom)}/{int(down * 2**zoom)}"
