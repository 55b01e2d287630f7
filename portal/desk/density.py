"""How dense the cases of the list lie, in hexagons over the desk's map, and the same as a table."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from geo.style import range_colours
from portal.cases import density
from portal.cases.case_list import map_filter
from portal.core.access import allow, right
from portal.core.config import settings
from portal.core.tenancy import City, current_city
from portal.core.text import _
from portal.core.web import db
from portal.desk.case_selection import current_listing
from portal.desk.drawn_area import format_area
from portal.desk.listing import Listing, parse_box

_FEW = "#f1f1f4"
_ZOOM = 13
_HALF_SIDE = 0.075
"""Degrees from the middle of a city to the edge of what is counted when no map says what it shows."""

bp = Blueprint("desk_density", __name__, url_prefix="/desk/density")


@dataclass(frozen=True)
class Cell:
    """A hexagon as it is shown: `corners` as [lat, lon], `words` for its number of cases, and the list of them at `link`."""

    corners: list[list[float]]
    colour: str
    words: str
    locality: str
    link: str


@bp.get("")
@allow(right("case.see"))
def hexagons() -> ResponseReturnValue:
    """The hexagons in what a map shows (`shown` and `zoom`), for its script; without a script, a page with those of the city."""
    current = current_listing().placed
    box = parse_box(request.args.get("shown", "")) or _around(current_city())
    zoom = request.args.get("zoom", _ZOOM, type=int)
    few_below = settings().density_few_below
    classes = density.density_classes(db(), map_filter(db(), current), box, max(zoom, 0), few_below)
    counted = sum(each.least is not None for each in classes)
    colours = iter(range_colours(counted))
    coloured = [(each, next(colours) if each.least is not None else _FEW) for each in classes]
    context = {
        "legend": [(colour, _words(each, few_below)) for each, colour in coloured],
        "cells": [cell for each, colour in reversed(coloured) for cell in _cells(each, colour, current)],
        "listing": current,
        "whole_page": request.headers.get("HX-Request") != "true",
    }
    return render_template("desk/density.html" if context["whole_page"] else "desk/_density.html", **context)


def _cells(each: density.DensityClass, colour: str, current: Listing) -> list[Cell]:
    return [
        Cell(
            [[round(lat, 6), round(lon, 6)] for lon, lat in hexagon.ring],
            colour,
            _("{count}件", count=f"{hexagon.count:,}") if each.least is not None else _("少数"),
            hexagon.locality or _("地名のない場所"),
            "/desk?" + current.link(area=format_area(hexagon.ring), bbox=None, display=None),
        )
        for hexagon in each.hexagons
    ]


def _words(each: density.DensityClass, few_below: int) -> str:
    if each.least is None:
        return _("少数({count}件未満)", count=few_below)
    if each.most is None:
        return _("{count}件以上", count=f"{each.least:,}")
    if each.most == each.least:
        return _("{count}件", count=f"{each.least:,}")
    return _("{least}〜{most}件", least=f"{each.least:,}", most=f"{each.most:,}")


def _around(city: City) -> tuple[float, float, float, float]:
    lon, lat = city.center
    return lon - _HALF_SIDE, lat - _HALF_SIDE, lon + _HALF_SIDE, lat + _HALF_SIDE
