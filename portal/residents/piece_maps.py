"""Pieces of the map to choose from (plots, pitches): where each is, and whether it is free, as they change while others choose."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import jsonify, render_template
from werkzeug.wrappers import Response

from forms import Step
from forms.fields.shown import ShownPiece, ShownPieces
from portal.cases import Piece, bookable_pieces
from portal.core.access import PUBLIC, allow
from portal.core.errors import NotFound
from portal.core.tenancy import current_city
from portal.core.text import _
from portal.core.web import db
from portal.maps import base_map_options
from portal.residents.availability import limited_choices
from portal.residents.blueprint import bp
from portal.residents.draft_application import DraftApplication, open_application
from portal.residents.place_maps import CLOSE


def shown_pieces(application: DraftApplication, step: Step) -> Mapping[str, ShownPieces]:
    """The questions of a page whose options are pieces of the map, by their names."""
    return {
        name: ShownPieces([ShownPiece(piece.option, piece.state, _words(piece)) for piece in pieces], drawn)
        for name, pieces in _pieces_of(application, step)
        for drawn in [_drawn(application, step, name, pieces)]
    }


@bp.get("/apply/d/<public_id>/<step_id>/pieces/<key>")
@allow(PUBLIC)
def pieces(public_id: str, step_id: str, key: str) -> Response:
    """Whether each piece of a question is free now, and that in words, by its id. Nothing is kept."""
    application = open_application(db(), public_id)
    for name, offered in _pieces_of(application, application.step(step_id)):
        if name == key:
            return jsonify({piece.option.id: {"state": piece.state, "words": _words(piece)} for piece in offered})
    raise NotFound


def _pieces_of(application: DraftApplication, step: Step) -> Sequence[tuple[str, list[Piece]]]:
    by_question = []
    for inquiry, question, own in limited_choices(application, step):
        offered = bookable_pieces(application.session, inquiry, own)
        if offered:
            by_question.append((question.id, offered))
    return by_question


def _words(piece: Piece) -> str:
    if piece.state == "held":
        return _("ほかの人が手続きをしています")
    if piece.state == "taken":
        return _("埋まっています(キャンセル待ちができます)") if piece.may_wait else _("埋まっています")
    return piece.rest or _("空いています")


def _drawn(application: DraftApplication, step: Step, name: str, pieces: Sequence[Piece]) -> str:
    shapes: list[dict[str, Any]] = [
        {"type": "Feature", "properties": {"id": piece.option.id}, "geometry": piece.geometry} for piece in pieces
    ]
    return render_template(
        "residents/piece_map.html",
        name=name,
        shapes={"type": "FeatureCollection", "features": shapes},
        states_url=f"{application.address(step)}/pieces/{name}",
        base=base_map_options(current_city(), zoom=CLOSE),
    )
