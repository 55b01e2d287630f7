"""Where the drawing map of an application opens that was begun on the residents' map: kept with the visit, encrypted, and nowhere else."""

from flask import session as visit

from common.geometry import Position

_STARTS = "drawing_starts"
_KEPT = 5


def keep_start(public_id: str, position: Position) -> None:
    """Let the map of an application open there; of the last few of a visit that is known."""
    visit[_STARTS] = dict([*visit.get(_STARTS, {}).items(), (public_id, list(position))][-_KEPT:])


def start_of(public_id: str) -> Position | None:
    """Where it opens; None where nothing says so."""
    start = visit.get(_STARTS, {}).get(public_id)
    return (start[0], start[1]) if start else None
