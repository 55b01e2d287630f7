"""Sample cases, made the way residents make them: a draft, its files, its answers, sent, and then moved on by demo staff."""

import copy
import io
import random
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

from PIL import Image, ImageDraw
from shapely import Point
from shapely.geometry import shape
from sqlalchemy.orm import Session

from common.geometry import middle_of
from geo.near_names import name_near
from portal.cases import Case, submit
from portal.cases.assigning import assign
from portal.cases.drafts import save_answers, start
from portal.cases.moves import MoveInputs, apply_transition, backdate
from portal.core.clock import today
from portal.core.errors import DomainError
from portal.core.events import Actor
from portal.core.tenancy import City
from portal.demo.map_layers import demo_features
from portal.files import Accepted, Upload, inspect_upload, reference, store
from portal.identity import DirectoryEntry, list_staff
from portal.procedures import Offer, offer

Answers = dict[str, Any]

FAMILIES = ("佐藤", "鈴木", "山本", "中村", "小林", "加藤", "吉田", "渡辺", "井上", "松本", "清水", "森")
GIVEN = ("美咲", "健太", "陽子", "誠", "由紀", "隆", "恵", "大輔", "千夏", "翔", "直樹", "彩")
COMPANIES = (
    "多摩建装株式会社",
    "あけぼの建設株式会社",
    "武蔵野開発株式会社",
    "東部設備工業有限会社",
    "カフェ こもれび",
    "羽衣商店会",
)
CROSSINGS = {
    "tachikawa": [
        (139.4159238, 35.7002055),
        (139.4160367, 35.7002175),
        (139.4160303, 35.7002577),
        (139.4159174, 35.7002458),
    ]
}
"""Corners of works at a crossing of the base map that is drawn down to the kerb: a bit of its footway and of the roadway."""

EXAMPLE_CITY = "立川市"
"""The city of the catalogue's examples."""

OFFICE = ("clerk", "decider", "cashier", "inspector")

PLAN: tuple[tuple[str, int, tuple[tuple[str, ...], ...]], ...] = (
    ("road-damage", 9, ((), ("accept",), ("accept", "complete"))),
    (
        "road-occupancy",
        8,
        ((), ("accept",), ("accept", "request_correction"), ("accept", "skip_site_check", "approve")),
    ),
    ("moving-in", 3, ((), ("accept",))),
    ("disaster-certificate", 3, ((), ("accept",))),
    ("child-allowance", 2, ((), ("accept",))),
)
"""How many cases of which procedure, and the moves that some of them have made."""


def load_cases(session: Session, city: City) -> int:
    """Make the sample cases of one city; how many there are. The same ones each time, dated back from today."""
    chance = random.Random(city.code)  # noqa: S311 - sample data
    ground = _Ground(city, chance)
    clerk = min(list_staff(session), key=lambda member: member.id)
    total = _works_at_the_crossing(session, city, ground, clerk, chance)
    for key, count, paths in PLAN:
        chosen = offer(session, key)
        for number in range(count):
            case = _send(session, chosen, _answers(chosen, ground, chance))
            if case is None:
                continue
            _work_on(session, case, clerk, paths[number % len(paths)])
            backdate(session, case, timedelta(days=chance.randrange(0, 14)))
            if number % 3 == 1:
                assign(session, case, clerk.id, Actor("staff", clerk.id, clerk.name))
            total += 1
    return total


def _works_at_the_crossing(
    session: Session, city: City, ground: "_Ground", clerk: DirectoryEntry, chance: random.Random
) -> int:
    """A permit in the middle of the streets drawn in detail, so that drawing beside it shows what a conflict looks like."""
    if city.key not in CROSSINGS:
        return 0
    chosen = offer(session, "road-occupancy")
    answers = _answers(chosen, ground, chance)
    corners = CROSSINGS[city.key]
    ring = [list(corner) for corner in (*corners, corners[0])]
    answers["area"] = {"geometry": {"type": "Polygon", "coordinates": [ring]}, "source": "drawn"}
    answers["period"] = {"start": _in_days(14), "end": _in_days(40)}
    answers |= {"purpose": "水道管の入替え工事のため", "company": "東京都水道局", "applicant_is_public_body": True}
    case = _send(session, chosen, answers)
    if case is None:
        return 0
    _work_on(session, case, clerk, ("accept", "skip_site_check", "approve"))
    return 1


def _in_days(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


class _Ground:
    """Where things can be in the city: places on its roads, and anywhere inside it."""

    def __init__(self, city: City, chance: random.Random) -> None:
        features = demo_features(city.key)
        self._roads = [shape(feature["geometry"]) for feature in features["city-roads"]]
        self._city = shape(features["city-boundary"][0]["geometry"])
        self._chance = chance
        self._name = city.name

    def address(self, example: dict[str, Any]) -> dict[str, Any]:
        """An example's address, moved into the city if it lies in the one that the example is set in."""
        return example | ({"city": self._name} if example["city"] == EXAMPLE_CITY else {})

    def point(self) -> dict[str, Any]:
        """Somewhere inside the city."""
        west, south, east, north = self._city.bounds
        while True:
            spot = Point(self._chance.uniform(west, east), self._chance.uniform(south, north))
            if self._city.contains(spot):
                coordinates = [round(spot.x, 6), round(spot.y, 6)]
                return {"geometry": {"type": "Point", "coordinates": coordinates}, "source": "drawn"}

    def strip(self) -> dict[str, Any]:
        """A strip of some metres on a road."""
        while True:
            spot = self._chance.choice(self._roads).representative_point()
            if self._city.contains(spot.buffer(0.0005)):
                break
        x, y = round(spot.x, 6), round(spot.y, 6)
        dx, dy = self._chance.uniform(6, 18) / 90_500, self._chance.uniform(0.8, 1.6) / 110_950
        ring = [[x, y], [x + dx, y], [x + dx, y + dy], [x, y + dy], [x, y]]
        rounded = [[round(lon, 7), round(lat, 7)] for lon, lat in ring]
        return {"geometry": {"type": "Polygon", "coordinates": [rounded]}, "source": "drawn"}


def _answers(chosen: Offer, ground: _Ground, chance: random.Random) -> Answers:
    """The definition's own example with another person, place and time."""
    answers: Answers = copy.deepcopy(dict(chosen.definition.examples[0].answers))
    makers: dict[str, Callable[[], Any]] = {
        "person_name": lambda: {"family": chance.choice(FAMILIES), "given": chance.choice(GIVEN)},
        "point": ground.point,
        "polygon": ground.strip,
        "date_range": lambda: _period(chance),
    }
    for field_id, field in chosen.definition.fields.items():
        if field_id in answers and field.type in makers:
            answers[field_id] = makers[field.type]()
        if field_id in answers and field.type == "address":
            answers[field_id] = ground.address(answers[field_id])
    if "company" in answers:
        answers["company"] = chance.choice(COMPANIES)
    for field_id, day in (("visit_on", 9), ("found_on", 0), ("damaged_on", -5), ("moved_on", -2), ("vaccinated_on", 0)):
        if field_id in answers:
            answers[field_id] = (today() + timedelta(days=day)).isoformat()
    return answers


def _period(chance: random.Random) -> dict[str, str]:
    start: date = today() + timedelta(days=chance.randrange(15, 60))
    return {"start": start.isoformat(), "end": (start + timedelta(days=chance.randrange(10, 80))).isoformat()}


def _name_places(session: Session, chosen: Offer, answers: Answers) -> None:
    """Call places after what lies near, as reading a page does."""
    for field in chosen.definition.fields.values():
        value = answers.get(field.id)
        if field.is_place and isinstance(value, dict) and (name := name_near(session, middle_of(value["geometry"]))):
            value.setdefault("label", name)


def _send(session: Session, chosen: Offer, answers: Answers) -> Case | None:
    """Send one application; None where two samples would lie on each other, which the rules refuse as they should."""
    try:
        with session.begin_nested():
            draft = start(session, chosen, account_id=None, language="ja")
            for field_id, field in chosen.definition.fields.items():
                if field.type in {"photo", "file"} and field_id in answers:
                    answers[field_id] = [
                        reference(store(session, draft.id, field_id, _picture(name)))
                        for name in _names(answers[field_id])
                    ]
            _name_places(session, chosen, answers)
            save_answers(session, draft, chosen.definition, answers)
            return submit(session, draft, chosen.definition)
    except DomainError:
        return None


def _names(files: list[dict[str, Any]]) -> list[str]:
    return [str(file["name"]).rpartition(".")[0] + ".png" for file in files]


@cache
def _picture(name: str) -> Accepted:
    """A small picture that says it is a sample, judged as an upload of that name would be."""
    image = Image.new("RGB", (480, 320), "#f5f2ea")
    ImageDraw.Draw(image).text((20, 150), f"DEMO {len(name)}", fill="#1a1a1a")
    stream = io.BytesIO()
    image.save(stream, "PNG")
    stream.seek(0)
    return inspect_upload("", Upload(name, stream))


def _work_on(session: Session, case: Case, clerk: DirectoryEntry, path: tuple[str, ...]) -> None:
    actor = Actor("staff", clerk.id, clerk.name)
    for move in path:
        asks = move == "request_correction"
        inputs = MoveInputs(
            note="歩行者の通路の幅を、図面に書き足してください。" if asks else "",
            internal_note="見本の案件です。" if move.startswith("skip") else "",
            fields=("plans",) if asks else (),
        )
        apply_transition(session, case.id, move, actor, roles=OFFICE, inputs=inputs)
