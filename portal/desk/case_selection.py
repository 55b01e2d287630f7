"""What the desk's list is narrowed to on the map: what an address asks for, checked for this person, and said in words."""

import re
from dataclasses import dataclass, replace

from flask import request
from sqlalchemy.orm import Session

from geo.layer_features import feature_outline, name_of
from portal.cases import conflict_rules
from portal.cases.case_nearness import Near, ground_near
from portal.cases.queries import number_of_place
from portal.core.access import StaffIdentity, staff_member
from portal.core.database import plan_with_values
from portal.core.models import MAX_ID
from portal.core.tenancy import plane_of
from portal.core.text import _
from portal.core.web import db
from portal.desk.listing import Listing, listing
from portal.maps import CityLayers
from portal.procedures import published_procedures

MAX_METRES = 5000
MAX_POINTS = 20_000
"""Of the shape of a feature: each tile and each page compares cases with all of them."""
_SPOT = re.compile(r"spot:(-?\d{1,8}):(-?\d{1,7}):(\d{1,5})", re.ASCII)
_CASE = re.compile(r"case:(\d{1,19}):(\d{1,5})", re.ASCII)
_FEATURE = re.compile(r"feature:([\w.-]{1,80}):(\d{1,19}):(\d{1,5})", re.ASCII)
_PRECISION = 100_000


@dataclass(frozen=True)
class _Selection:
    """What an address asks for: something near, with its words, or the sentence that says why not."""

    near: Near | None = None
    words: str = ""
    problem: str = ""


def current_listing() -> Listing:
    """The list that the address of this request asks for, as far as this person may ask for it."""
    staff = staff_member()
    current = with_selection(db(), listing(request.args, staff), staff)
    if current.filter.area or current.filter.near or current.bbox:
        plan_with_values(db())
    return current


def with_selection(session: Session, current: Listing, staff: StaffIdentity) -> Listing:
    """The list near what its address names (`spot:lon:lat:metres`, `case:id:metres` or `feature:layer:id:metres`; positions in
    hundred-thousandths of a degree), with the rules of what conflicts where it asks for that. What cannot be used is left out, and
    `problems` says why.
    """
    if current.conflicts:
        rules = conflict_rules(published_procedures(session))
        current = replace(current, filter=replace(current.filter, conflicts=rules))
    if not current.near_text:
        return current
    selection = _read(session, current, staff)
    if selection.near is None:
        return replace(current, problems=(*current.problems, selection.problem))
    ground = ground_near(session, selection.near)
    return replace(current, filter=replace(current.filter, near=ground), near_words=selection.words).placed


def _read(session: Session, current: Listing, staff: StaffIdentity) -> _Selection:
    text = current.near_text
    spot, of_case, feature = _SPOT.fullmatch(text), _CASE.fullmatch(text), _FEATURE.fullmatch(text)
    match = spot or of_case or feature
    if match is None:
        return _Selection(problem=_("場所の選び方を読み取れませんでした。「場所で選ぶ」から、もう一度選んでください。"))
    metres = int(match[match.lastindex or 0])
    if metres > MAX_METRES or (metres < 1 and not feature):
        return _Selection(
            problem=_("距離は、1 m から {most} m までにしてください。", most=MAX_METRES)
            if not feature
            else _("距離は、{most} m までにしてください。", most=MAX_METRES)
        )
    plane = plane_of(session).srid
    if spot:
        lon, lat = int(spot[1]) / _PRECISION, int(spot[2]) / _PRECISION
        if abs(lon) > 180 or abs(lat) > 90:
            return _Selection(problem=_("選んだ地点が、地図の外です。地図で、もう一度選んでください。"))
        return _Selection(Near(metres, plane, spot=(lon, lat)), _("地図の地点から {metres} m以内", metres=metres))
    if of_case:
        return _near_case(session, current, int(of_case[1]), metres, plane)
    return _near_feature(session, staff, match[1], int(match[2]), metres, plane)


def _near_case(session: Session, current: Listing, case_id: int, metres: int, plane: int) -> _Selection:
    number = number_of_place(session, case_id, current.with_places) if case_id <= MAX_ID else None
    if number is None:
        return _Selection(problem=_("選んだ案件の場所は、ないか、見ることができません。ほかの案件を選んでください。"))
    return _Selection(
        Near(metres, plane, case_id=case_id), _("{number}の場所から {metres} m以内", number=number, metres=metres)
    )


def _near_feature(
    session: Session, staff: StaffIdentity, layer: str, feature_id: int, metres: int, plane: int
) -> _Selection:
    title = CityLayers(session, staff).titles().get(layer)
    if title is None:
        return _Selection(
            problem=_("選んだ地図の層は、なくなったか、見ることができません。ほかの層から選んでください。")
        )
    outline = feature_outline(session, layer, feature_id) if feature_id <= MAX_ID else None
    if outline is None:
        return _Selection(
            problem=_("「{title}」の中に、選んだ場所はもうありません。もう一度選んでください。", title=title)
        )
    if outline.points > MAX_POINTS:
        return _Selection(
            problem=_(
                "「{title}」のこの場所は、形が細かすぎて選べません({most}点まで)。地図で囲んで選んでください。",
                title=title,
                most=f"{MAX_POINTS:,}",
            )
        )
    name = name_of(outline.properties) or _("{number}番", number=feature_id)
    words = (
        _("{title} {name}から {metres} m以内", title=title, name=name, metres=metres)
        if metres
        else _("{title} {name}の中", title=title, name=name)
    )
    return _Selection(Near(metres, plane, feature=(layer, feature_id)), words)
