"""Answers of residents of 日野市: the examples of the demo procedures, moved to this city and time."""

import io
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import text

from forms import Definition, inputs_of, load
from forms.fields.file import Files
from forms.fields.path import head_of
from portal.core.clock import today
from portal.core.database import city_session
from portal.demo.cities import demo_cities
from tests.kit.pictures import photo

_turns = count()

PERSON: dict[str, Any] = {
    "name": {"family": "佐藤", "given": "美咲"},
    "kana": {"family": "サトウ", "given": "ミサキ"},
    "address": {"postal_code": "1910016", "prefecture": "東京都", "city": "日野市", "town": "神明", "block": "1-12-1"},
    "phone": "+819012345678",
}
DOG: dict[str, Any] = PERSON | {
    "origin": "first",
    "dog_name": "ムギ",
    "dog_sex": "male",
    "breed": "柴犬",
    "dog_birthday": "2024-05-10",
    "colour": "茶",
    "vaccinated": False,
}


def road(part: int = 0) -> dict[str, Any]:
    """An area of about 12 m² on a city road; another one for each `part`."""
    return {"geometry": _geometry("city-roads", part, 2.0), "source": "drawn"}


def occupancy(part: int = 0, *, start: int = 30, days: int = 40) -> dict[str, Any]:
    """An application to occupy a road from `start` days from now."""
    first = today() + timedelta(days=start)
    return PERSON | {
        "area": road(part),
        "period": {"start": str(first), "end": str(first + timedelta(days=days))},
        "object": "scaffold",
        "purpose": "外壁の塗り替え工事のため",
        "plans": [{"id": "f", "name": "図.png", "size": 1, "media_type": "image/png"}],
        "police": True,
        "applicant_is_public_body": False,
    }


def unshared_occupancy() -> dict[str, Any]:
    """An application to occupy a road at a place and a time that no other application of the tests has."""
    turn = next(_turns)
    return occupancy(1 + turn % 20, start=400 + 50 * (turn // 20))


def damage(city: str, details: str) -> dict[str, Any]:
    """A hole in the road at the city's own centre."""
    centre = next(demo.center for demo in demo_cities() if demo.key == city)
    spot = {"type": "Point", "coordinates": list(centre)}
    return {
        "defect": "hole",
        "danger": False,
        "details": details,
        "spot": {"geometry": spot, "source": "drawn"},
        "found_on": str(today()),
        "wants_answer": False,
    }


def posted(definition: Definition, step_id: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser posts for those answers, with real files for those that the answers name."""
    form: dict[str, Any] = {}
    fields = {field.id: field for field in definition.step(step_id).fields}
    for name, typed in inputs_of(definition, step_id, answers).items():
        field = fields[head_of(name)]
        if isinstance(field, Files):
            count = len(answers[field.id])
            form[f"{field.id}.upload"] = [(io.BytesIO(photo("PNG")), f"{n}.png") for n in range(count)]
        else:
            form[name] = typed
    return form


def example_of(source: str) -> tuple[Any, dict[str, Any]]:
    """The day and the answers of a procedure's first sound example, its places moved into this city."""
    definition = load(source)
    example = next(example for example in definition.examples if not example.expect.errors)
    return example.on, moved_here(definition, example.answers, example.on)


def moved_here(definition: Definition, answers: Mapping[str, Any], on: date) -> dict[str, Any]:
    """Answers of 立川市 on a day, with their places in this city."""
    answers = dict(answers)
    for field_id, field in definition.fields.items():
        if field.type == "address" and field_id in answers and answers[field_id].get("city") == "立川市":
            answers[field_id] = answers[field_id] | {"city": "日野市"}
    for field_id, place in definition.place_fields.items():
        if field_id in answers:
            answers[field_id] = road(7) if place.type == "polygon" else {"geometry": _point(), "source": "drawn"}
    for field_id in answers:
        if field_id.endswith("collect_on"):
            answers[field_id] = str(_collection_day(on + timedelta(days=7)))
    return answers


def _collection_day(earliest: date) -> date:
    """The first day on which bulky waste is collected around `_point`."""
    query = text(
        "SELECT f.properties ->> 'weekday' FROM layer_feature f JOIN layer l ON l.id = f.layer_id"
        " WHERE l.key = 'collection-zones' AND ST_Intersects(f.geom, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))"
    )
    lon, lat = _point()["coordinates"]
    with city_session("hino") as session:
        weekday = str(session.scalar(query, {"lon": lon, "lat": lat}))
    days = (earliest + timedelta(days=count) for count in range(21))
    closed = {(12, 31), (1, 1), (1, 2), (1, 3)}
    return next(
        day for day in days if "月火水木金土日"[day.weekday()] == weekday[0] and (day.month, day.day) not in closed
    )


def _geometry(layer: str, part: int, metres: float) -> dict[str, Any]:
    """A small rectangle around a point of a layer's feature."""
    import json

    query = text(
        "SELECT ST_AsGeoJSON(ST_Transform(ST_Envelope(ST_Buffer(ST_Transform(ST_PointOnSurface(f.geom), 6677), :m)), 4326), 8)"
        " FROM layer_feature f JOIN layer l ON l.id = f.layer_id WHERE l.key = :layer ORDER BY f.id OFFSET :part LIMIT 1"
    )
    with city_session("hino") as session:
        geojson = session.scalar(query, {"layer": layer, "part": part, "m": metres})
    geometry: dict[str, Any] = json.loads(str(geojson))
    return geometry


def _point() -> dict[str, Any]:
    corners = _geometry("city-roads", 3, 1.0)["coordinates"][0]
    return {"type": "Point", "coordinates": corners[0]}
