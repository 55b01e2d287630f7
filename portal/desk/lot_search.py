"""Lots by their number (地番), in the layers with addresses that somebody at the desk sees."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from geo.catalogue import Entry, entries
from geo.lot_numbers import lots_numbered
from portal.desk.layer_doors import sight


@dataclass(frozen=True)
class Lot:
    """A feature of a layer whose address was asked for, or begins with what was."""

    entry: Entry
    feature_id: int
    address: str


def lots(session: Session, words: str, limit: int) -> Iterator[Lot]:
    """The lots of that number, at most so many of each layer, those with exactly this number first."""
    sees = sight().sees
    for entry in entries(session):
        if entry.in_use and entry.address_property and sees(entry):
            for feature_id, address in lots_numbered(session, entry.key, entry.address_property, words, limit):
                yield Lot(entry, feature_id, address)
