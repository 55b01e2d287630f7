"""What a reader asks for in the address of `items`: checked, and made into conditions. Raises Invalid with the argument as its field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import isfinite

from shapely import box
from sqlalchemy import ColumnElement, false, func, or_
from werkzeug.datastructures import MultiDict

from geo.cql2_filter import MAX_DEPTH, MAX_LENGTH, FilterError, condition, literal_of, with_geometry
from geo.feature_source import FeatureSource, Window, lasting
from geo.reference_systems import CRS84, OutsideSystem, ReferenceSystem
from portal.core.clock import TOKYO
from portal.core.errors import Invalid
from portal.core.models import MAX_ID
from portal.core.text import _

USUAL, MOST = 100, 1000
"""Features of a page: unless said otherwise, and at most."""
OF_PAGES = ("f", "lang")
OF_ITEMS = (
    *("limit", "after", "before", "bbox", "bbox-crs", "datetime", "crs"),
    *("filter", "filter-lang", "filter-crs"),
)
CQL2_TEXT = "cql2-text"

Arguments = MultiDict[str, str]
Systems = Mapping[str, ReferenceSystem]


@dataclass(frozen=True, slots=True)
class ItemsQuery:
    """Which features are asked for, which page of them, and in which system they are given out."""

    conditions: tuple[ColumnElement[bool], ...]
    window: Window
    system: ReferenceSystem


def items_query(arguments: Arguments, source: FeatureSource, systems: Systems) -> ItemsQuery:
    """What the address of a page of features says. An argument that is no known one must be a property of the features."""
    conditions = [
        *_bbox(arguments, source, systems),
        *_datetime(arguments, source),
        *_filter(arguments, source, systems),
        *_properties(arguments, source),
    ]
    return ItemsQuery(tuple(conditions), _window(arguments), system_of(arguments, "crs", systems))


def known_only(arguments: Arguments, *names: str) -> None:
    """Refuse arguments but the named and those of every page (OGC API Features 1.0, requirement 8)."""
    for name in arguments:
        if name not in {*OF_PAGES, *names}:
            raise unknown_argument(name)


def unknown_argument(name: str) -> Invalid:
    """An argument that the interface does not have, and that no property is called by."""
    return _wrong(
        name,
        _(
            "「{name}」という引数も項目もありません。使えるものは /api と queryables で確かめてください。",
            name=name[:80],
        ),
    )


def system_of(arguments: Arguments, name: str, systems: Systems) -> ReferenceSystem:
    """The reference system that an argument names by its URI; the default one without it."""
    uri = arguments.get(name, CRS84)
    system = systems.get(uri)
    if system is None:
        raise _wrong(
            name, _("座標系「{uri}」は使えません。コレクションの crs にあるものを指定してください。", uri=uri[:120])
        )
    return system


def _window(arguments: Arguments) -> Window:
    limit = _number(arguments, "limit", USUAL)
    after, before = _number(arguments, "after"), _number(arguments, "before")
    return Window(min(limit or USUAL, MOST), after, None if after is not None else before)


def _number(arguments: Arguments, name: str, default: int | None = None) -> int | None:
    text = arguments.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 18 and 1 <= int(text) <= MAX_ID):
        raise _wrong(name, _("{name} は、1以上の整数で指定してください。", name=name))
    return int(text)


def _bbox(arguments: Arguments, source: FeatureSource, systems: Systems) -> Iterator[ColumnElement[bool]]:
    system = system_of(arguments, "bbox-crs", systems)
    text = arguments.get("bbox")
    if text is None:
        return
    try:
        sides = [float(part) for part in text.split(",")]
    except ValueError:
        sides = []
    if len(sides) not in {4, 6} or not all(map(isfinite, sides)):
        raise _wrong("bbox", _("bbox は、139.3,35.6,139.5,35.8 のように、4つの数をカンマで区切ってください。"))
    half = len(sides) // 2
    (x1, y1), (x2, y2) = sides[:2], sides[half : half + 2]
    # a box whose west is greater than its east crosses the antimeridian (7.15.3); degrees alone go round the world
    boxes = [(x1, y1, x2, y2)]
    if x1 > x2 and system.in_degrees and not system.north_first:
        boxes = [(x1, y1, 180.0, y2), (-180.0, y1, x2, y2)]
    try:
        if any(west > east or south > north for west, south, east, north in boxes):
            raise OutsideSystem
        shapes = [system.taken_in(box(*corners)) for corners in boxes]
    except OutsideSystem as error:
        sentence = _("bbox が、座標系の範囲の外か、逆になっています。軸の順番(経度・緯度)も確かめてください。")
        raise _wrong("bbox", sentence) from error
    yield or_(false(), *(func.ST_Intersects(source.geom, shape) for shape in shapes))


def _datetime(arguments: Arguments, source: FeatureSource) -> Iterator[ColumnElement[bool]]:
    text = arguments.get("datetime")
    if text is None:
        return
    first, slash, last = text.partition("/")
    try:
        start = None if first in {"", ".."} and slash else _moment(first)
        end = _moment(first, ends=True) if not slash else None if last in {"", ".."} else _moment(last, ends=True)
        if start and end and start > end:
            raise ValueError
    except (ValueError, OverflowError) as error:
        sentence = _("datetime は、2026-04-01T09:00:00Z、2026-04-01、または「始め/終わり」で指定してください。")
        raise _wrong("datetime", sentence) from error
    yield lasting(source, start, end)


def _moment(text: str, *, ends: bool = False) -> datetime:
    """A moment, or the first or last one of a day in Japan."""
    if len(text) == len("2026-04-01"):
        day = date.fromisoformat(text)
        start = datetime.combine(day, time(), TOKYO)
        return start + timedelta(days=1, microseconds=-1) if ends else start
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)


def _filter(arguments: Arguments, source: FeatureSource, systems: Systems) -> Iterator[ColumnElement[bool]]:
    system = system_of(arguments, "filter-crs", systems)
    if arguments.get("filter-lang", CQL2_TEXT) != CQL2_TEXT:
        raise _wrong("filter-lang", _("filter-lang は、cql2-text だけが使えます。"))
    if (text := arguments.get("filter")) is None:
        return
    try:
        yield condition(text, with_geometry(source.queryables, source.geom), system)
    except FilterError as error:
        raise _wrong("filter", _fault(error)) from error


def _fault(error: FilterError) -> str:
    match error.code:
        case "size":
            return _(
                "filter が長すぎるか、入り組みすぎています。{length}文字まで、かっこは{depth}重までにしてください。",
                length=MAX_LENGTH,
                depth=MAX_DEPTH,
            )
        case "property":
            return _("filter の「{word}」という項目はありません。queryables で確かめてください。", word=error.word)
        case "operator":
            return _("filter の「{word}」は使えません。", word=error.word)
        case "types":
            return _(
                "filter で、種類のちがう値を比べているところがあります(「{word}」)。項目の種類は queryables で確かめてください。",
                word=error.word,
            )
        case "pattern":
            return _("filter の LIKE の文字が、\\ で終わっています。\\\\ と書いてください。")
        case "shape":
            return _(
                "filter の図形が正しくありません。線が交わらない図形を、filter-crs の座標系の範囲と軸の順番で書いてください。"
            )
    return _("filter を読み取れません。CQL2 Text で書いてください。例：name LIKE '%公園%' AND size > 10")


def _properties(arguments: Arguments, source: FeatureSource) -> Iterator[ColumnElement[bool]]:
    for name, text in arguments.items(multi=True):
        if name in {*OF_PAGES, *OF_ITEMS}:
            continue
        known = source.queryables.get(name)
        if known is None:
            raise unknown_argument(name)
        try:
            if "\0" in text:
                raise FilterError("types", text)
            yield known.value == literal_of(known.kind, text)
        except FilterError as error:
            kinds = {"number": "12.5", "boolean": "true", "date": "2026-04-01", "date-time": "2026-04-01T09:00:00Z"}
            example = kinds.get(known.kind, "")
            raise _wrong(
                name, _("「{name}」は、{example} のように指定してください。", name=name, example=example)
            ) from error


def _wrong(name: str, sentence: str) -> Invalid:
    return Invalid(sentence, {name: sentence})
