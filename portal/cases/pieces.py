"""The pieces of the map that can be chosen where places are limited: which are free, held by somebody else for the moment, or taken."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.orm import Session

from forms import Definition
from forms.evaluation.program import program_of
from forms.fields.offering import OffersOptions
from forms.fields.options import Option
from portal import bookings
from portal.cases.capacity import PlacesInquiry, rest_of_options
from portal.cases.feature_options import CityFeatures

MAX_PIECES = 200
"""Of more features no map of pieces is drawn: they are looked for by typing alone."""


@dataclass(frozen=True)
class Piece:
    """One feature as an option, its shape as GeoJSON, and whether this applicant can have it. `rest` says how many are left, where some are gone.

    `may_wait`: who finds it taken can wait until it comes free.
    """

    option: Option
    geometry: Mapping[str, Any]
    state: Literal["free", "held", "taken"]
    rest: str = ""
    may_wait: bool = False


def bookable_pieces(session: Session, inquiry: PlacesInquiry, question_id: str) -> list[Piece]:
    """The features that a question offers, where places are counted by it; none for other questions, and for too many features."""
    question = inquiry.definition.fields[question_id]
    if not isinstance(question, OffersOptions) or not _is_of_pieces(inquiry.definition, question):
        return []
    shapes = CityFeatures(session).shapes(question, MAX_PIECES)
    if not shapes:
        return []
    rests = rest_of_options(session, inquiry, question_id)
    held_by_others = bookings.held_keys(session, inquiry.procedure_key, inquiry.holder)
    held = {part for key in held_by_others for part in json.loads(key)}

    def piece(option: Option, geometry: Mapping[str, Any]) -> Piece:
        rest = rests.get(option.id)
        if rest is None or rest.free:
            return Piece(option, geometry, "free", rest.words if rest else "")
        return Piece(option, geometry, "held" if option.id in held else "taken", may_wait=rest.may_wait)

    return [piece(option, geometry) for option, geometry in shapes]


def _is_of_pieces(definition: Definition, question: OffersOptions) -> bool:
    counted = any(question.id in capacity.key_questions for capacity in program_of(definition).capacity)
    return counted and question.source is not None and question.source.layer is not None
