"""What a printed map of the desk shows besides its layers: cases with their list, or the place and the tables of a dossier.

Everything is read under the rights of the person who orders it, at that moment; the worker adds nothing of cases.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from common.status import STATUS_WORDS, Status
from geo.paper import Sheet
from portal.cases import places_on_ground, queries, sight_of
from portal.cases.case_list import map_filter
from portal.cases.dossiers import Dossier, dossier_of, dossiers_of_case
from portal.cases.queries import places_of
from portal.core.access import StaffIdentity
from portal.core.clock import now, today
from portal.core.errors import Invalid, NotFound
from portal.core.text import _, moment_ja
from portal.desk.case_selection import with_selection
from portal.desk.dossiers import readable_dossier
from portal.desk.listing import listing
from portal.maps.prints import PrintedPlace, PrintedTable

MAX_CASES = 300
"""Pins of cases on one sheet; with more of them nobody finds a number."""


@dataclass(frozen=True, slots=True)
class Content:
    """Places and tables of a sheet, in words which places they are, and whose."""

    places: tuple[PrintedPlace, ...] = ()
    tables: tuple[PrintedTable, ...] = ()
    condition: str = ""
    case_ids: tuple[int, ...] = ()


def offered(choice: Mapping[str, Any]) -> dict[str, str]:
    """What a choice can show besides layers, in words."""
    if "dossier" in choice:
        return {"cases": _("調書の場所を描く"), "tables": _("調書の表(地図の層と近くの案件)をつける")}
    if "case" in choice:
        return {"cases": _("案件の場所を描く"), "tables": _("いちばん新しい調書の表をつける")}
    if "filter" in choice:
        return {"cases": _("案件のピンを描く"), "tables": _("案件の一覧をつける")}
    return {}


def content_of(
    session: Session, staff: StaffIdentity, choice: Mapping[str, Any], sheet: Sheet, more: list[str]
) -> Content:
    """What is chosen of it. Raises Invalid for more cases than a sheet holds, NotFound and Forbidden for what must not be seen."""
    if not more:
        return Content()
    if "dossier" in choice:
        return _of_dossier(session, staff, choice["dossier"], more)
    if "case" in choice:
        return _of_case(session, staff, choice["case"], more)
    return _of_filter(session, staff, choice["filter"], sheet, more) if "filter" in choice else Content()


def _of_filter(session: Session, staff: StaffIdentity, query: str, sheet: Sheet, more: list[str]) -> Content:
    current = with_selection(session, listing(MultiDict(parse_qsl(query)), staff), staff).placed
    on_ground = places_on_ground(session, map_filter(session, current), sheet.outline, MAX_CASES)
    if len(on_ground) > MAX_CASES:
        sentence = _(
            "この範囲には、案件の場所が{most}より多くあります。縮尺を大きくするか、案件の一覧で条件をしぼってください。",
            most=MAX_CASES,
        )
        raise Invalid(sentence, {"scale": sentence})
    numbers = {case_id: str(n) for n, case_id in enumerate(dict.fromkeys(place.case_id for place in on_ground), 1)}
    day = today()
    places = tuple(
        PrintedPlace(place.geometry, place.status, place.is_late(day), numbers[place.case_id]) for place in on_ground
    )
    told = {place.case_id: place for place in on_ground}
    rows = tuple(
        (
            numbers[case_id],
            place.number,
            place.title,
            _(STATUS_WORDS[place.status]) + (_("(期限超過)") if place.is_late(day) else ""),
            place.place_label,
        )
        for case_id, place in told.items()
    )
    condition = _(
        "案件は、{moment}に一覧の条件に合い、この図の範囲に場所がある{count}件です。",
        moment=moment_ja(now()),
        count=len(told),
    )
    columns = (_("番号"), _("受付番号"), _("手続き"), _("状態"), _("場所"))
    table = PrintedTable(_("図の範囲の案件"), columns, rows, condition)
    return Content(
        places if "cases" in more else (),
        (table,) if "tables" in more else (),
        condition if "cases" in more else "",
        tuple(told),
    )


def _of_case(session: Session, staff: StaffIdentity, case_id: int, more: list[str]) -> Content:
    case = queries.case_for_staff(session, case_id, staff)
    sight = sight_of(staff, case)
    if not sight.place:
        raise NotFound
    late = case.closed_at is None and case.due_on < today()
    places = tuple(
        PrintedPlace(place.geometry, cast(Status, case.status), late, case.number)
        for place in places_of(session, case.id)
    )
    kept = dossiers_of_case(session, case.id)
    tables = dossier_tables(readable_dossier(kept[0], photographs=False)) if kept and "tables" in more else ()
    return Content(places if "cases" in more else (), tables, "", (case.id,))


def _of_dossier(session: Session, staff: StaffIdentity, number: int, more: list[str]) -> Content:
    staff_row = dossier_of(session, number)
    case_ids: tuple[int, ...] = ()
    if staff_row.case_id is not None:
        if not sight_of(staff, queries.case_for_staff(session, staff_row.case_id, staff)).place:
            raise NotFound
        case_ids = (staff_row.case_id,)
    shown = readable_dossier(staff_row, photographs=False)
    near = tuple(case.case_id for case in shown.cases)
    places = (PrintedPlace(shown.geometry),) if "cases" in more else ()
    tables = dossier_tables(shown) if "tables" in more else ()
    condition = _("調書は、{moment}のときの地図と案件によります。", moment=moment_ja(staff_row.made_at))
    return Content(places, tables, condition, (*case_ids, *near))


def dossier_tables(dossier: Dossier) -> tuple[PrintedTable, ...]:
    """The layers of a dossier, each as a table, and the cases near its place."""
    layers = tuple(_layer_table(layer) for layer in dossier.layers)
    rows = tuple(
        (
            near.number,
            near.title,
            _(STATUS_WORDS[cast(Status, near.status)]),
            _days(near.starts_on, near.ends_on),
            f"{near.distance_m} m",
        )
        for near in dossier.cases
    )
    columns = (_("受付番号"), _("手続き"), _("状態"), _("期間"), _("距離"))
    none = "" if rows else _("担当の課の案件は、近くにありません。")
    return (*layers, PrintedTable(_("50 m以内の案件"), columns, rows, none))


def _layer_table(layer: Mapping[str, Any]) -> PrintedTable:
    names = list(dict.fromkeys(name for feature in layer["features"] for name in feature["properties"]))
    rows = tuple(
        (_extent(feature), *(_text(feature["properties"].get(name)) for name in names)) for feature in layer["features"]
    )
    title = _("{title}(第{number}版)", title=layer["title"]["ja"], number=layer["version"])
    rest = layer["number"] - len(layer["features"])
    note = (
        _("{count}件のうち、広くかかるものから{shown}件です。", count=layer["number"], shown=len(rows))
        if rest > 0
        else ""
    )
    return PrintedTable(title, (_("かかる広さ・長さ"), *names), rows, note)


def _extent(feature: Mapping[str, Any]) -> str:
    if feature["area_m2"]:
        return f"{feature['area_m2']:,.2f} m²"
    return f"{feature['length_m']:,.1f} m" if feature["length_m"] else "—"


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _days(first: str | None, last: str | None) -> str:
    return f"{first or ''}〜{last or ''}" if first or last else "—"
